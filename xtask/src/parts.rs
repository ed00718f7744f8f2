//! What a program is made of: how many bytes of it each module has, by the linker's own account.

use crate::trouble::{Done, OrSay};
use rustc_demangle::demangle;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;

/// How many parts are shown.
const SHOWN: usize = 10;

/// Our own crate, whose modules are counted each by itself.
const OURS: &str = "xc_webrtc";

/// How deep: `xc_webrtc::sip::parser`.
const DEPTH: usize = 3;

/// In the linker's map the name of a function stands at least so far from its size.
const SYMBOL: usize = 16;

/// The texts and tables of all modules.
const DATA: &str = "texts and tables";

/// What says so tells wasm-bindgen of types, which then takes it out of the program.
const DESCRIBES: [&str; 2] = ["__wbindgen_describe", "::WasmDescribe"];

/// Functions whose names say no module.
const OTHERS: &str = "other functions";

/// The biggest parts of a program, from the map that the linker wrote beside it, for people to read.
pub fn table(map: &Path) -> Done<String> {
    let map = fs::read_to_string(map).or_say(|| format!("cannot read {}", map.display()))?;
    let parts = parts(&map);
    let whole: usize = parts.iter().map(|(_, size)| size).sum();
    let mut table = String::new();
    for (part, size) in parts.iter().take(SHOWN) {
        let _ = writeln!(table, "{size:>10} {:>8} %  {part}", 100 * size / whole.max(1));
    }
    Ok(table)
}

/// The parts of a program, the biggest first: modules of ours, crates of others, and the data.
///
/// A line of the map is an address, an offset, a size, and a name, which stands the further to the right the smaller what
/// it names: a section, what an object file has of it, a function.
fn parts(map: &str) -> Vec<(String, usize)> {
    let (mut parts, mut section) = (BTreeMap::new(), "");
    for line in map.lines() {
        let mut words = line.split_whitespace();
        let size = words.by_ref().nth(2).and_then(|size| usize::from_str_radix(size, 16).ok());
        let (Some(size), Some(name), None) = (size, words.next(), words.next()) else { continue };
        let part = match line.len() - name.len() - line.trim_end_matches(name).trim_end().len() {
            1 => {
                section = name;
                if section != "DATA" {
                    continue;
                }
                DATA.to_owned()
            }
            SYMBOL.. if section == "CODE" => {
                let function = format!("{:#}", demangle(name));
                if DESCRIBES.iter().any(|words| function.contains(words)) {
                    continue;
                }
                part(&function)
            }
            _ => continue,
        };
        *parts.entry(part).or_default() += size;
    }
    let mut parts: Vec<_> = parts.into_iter().collect();
    parts.sort_by_key(|(_, size)| Reverse(*size));
    parts
}

/// The module that a function belongs to; a method of a trait belongs to that of its type.
fn part(function: &str) -> String {
    let path = function.trim_start_matches(|c| "<&*([".contains(c)).trim_start_matches("mut ");
    let mut names = path.split("::").peekable();
    let mut modules = Vec::new();
    // What comes last is the function, and a type or anything more is no module.
    while let Some(name) = names.next().filter(|name| is_module(name) && names.peek().is_some()) {
        modules.push(name);
    }
    let depth = match modules.first() {
        Some(&OURS) => DEPTH,
        Some(_) => 1,
        None => return OTHERS.to_owned(),
    };
    modules.truncate(depth);
    modules.join("::")
}

fn is_module(name: &str) -> bool {
    name.chars().all(|c| c == '_' || c.is_ascii_digit() || c.is_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAP: &str = "    Addr      Off     Size Out     In      Symbol
       -        8      1ff TYPE
       -    335d8       50 CODE
       -    335da       10         /target/xc_library.o:(main)
       -    335da       10                 main
       -    335ea       40                 __wbindgen_describe___wbg_close
       -    3390f       20         /target/xc_library.o:(_RNvMNtCsetsJgSYdLuv_5alloc5allocNtB2_6Global10alloc_impl)
       -    3390f       20                 _RNvMNtCsetsJgSYdLuv_5alloc5allocNtB2_6Global10alloc_impl
       -    3390f       20                 _RNvMNtCsetsJgSYdLuv_5alloc5allocNtB2_6Global10alloc_impl
    1000    a3390       18 DATA
    1000    a3390       18         /target/xc_library.o:(.rodata)
    1000    a3390       18                 anything
";

    #[test]
    fn the_linkers_map_is_read_and_the_biggest_come_first() {
        let parts = parts(MAP);
        let parts: Vec<_> = parts.iter().map(|(part, size)| (part.as_str(), *size)).collect();
        assert_eq!(parts, [("alloc", 0x40), (DATA, 0x18), (OTHERS, 0x10)]);
    }

    #[test]
    fn a_function_belongs_to_the_module_that_its_name_says() {
        for (function, module) in [
            ("xc_webrtc::sip::parser::message", "xc_webrtc::sip::parser"),
            ("<xc_webrtc::sip::invite::inside::Invite>::refer", "xc_webrtc::sip::invite"),
            ("xc_webrtc::main", "xc_webrtc"),
            ("<xc_webrtc::sip::uri::Uri as core::fmt::Display>::fmt", "xc_webrtc::sip::uri"),
            ("<&mut alloc::vec::Vec<u8> as core::fmt::Write>::write_str", "alloc"),
            ("core::ptr::drop_in_place::<xc_webrtc::sip::uri::Uri>", "core"),
            ("memcpy", OTHERS),
            ("", OTHERS),
        ] {
            assert_eq!(part(function), module, "{function}");
        }
    }
}

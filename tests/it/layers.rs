//! Who may name whom, read from the sources: the arrows of `ARCHITECTURE.md`.

use std::fs;
use std::path::{Path, PathBuf};

/// The modules of the crate.
const MODULES: [&str; 7] = ["cti", "sip", "browser", "rtc", "phone", "ui", "library"];
/// What only those may name who touch the browser.
const BROWSER: [&str; 3] = ["web_sys", "js_sys", "wasm_bindgen"];

/// The part of `phone` that joins the core to the browser.
const SHELL: [&str; 2] = ["phone/driver", "phone/media"];

/// One rule: files whose path begins with one of `files`, but with none of `except`, name none of `never`.
struct Rule<'a> {
    files: &'a [&'a str],
    except: &'a [&'a str],
    never: &'a [&'a str],
}

const RULES: [Rule<'static>; 7] = [
    Rule {
        files: &["json/"],
        except: &[],
        never: &["cti", "sip", "browser", "rtc", "phone", "ui", "library"],
    },
    Rule { files: &["sip/"], except: &[], never: &["cti", "browser", "rtc", "phone", "ui", "library"] },
    Rule { files: &["cti/"], except: &[], never: &["sip", "browser", "rtc", "phone", "ui", "library"] },
    Rule { files: &["browser/"], except: &[], never: &["sip", "rtc", "phone", "ui", "library"] },
    Rule { files: &["rtc/"], except: &[], never: &["sip", "cti", "phone", "ui", "library"] },
    Rule { files: &["phone/"], except: &[], never: &["ui", "library"] },
    Rule { files: &["phone/"], except: &SHELL, never: &["browser", "rtc"] },
];

fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    collect(&root, &mut files);
    let relative = |path: &PathBuf| path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
    files.iter().map(|path| (relative(path), code_of(&fs::read_to_string(path).unwrap()))).collect()
}

fn collect(directory: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// A source without the lines that are comments.
fn code_of(source: &str) -> String {
    let code = source.lines().filter(|line| !line.trim_start().starts_with("//"));
    code.flat_map(|line| [line, "\n"]).collect()
}

/// Whether the code names a module of this crate: `crate::sip…`, or inside `crate::{…}`.
fn names_module(code: &str, module: &str) -> bool {
    code.match_indices("crate::").any(|(at, found)| {
        let path = &code[at + found.len()..];
        match path.strip_prefix('{') {
            Some(group) => group[..group.find(';').unwrap_or(group.len())]
                .split([',', '{', '}'])
                .any(|item| is_word(item.trim_start(), module)),
            None => is_word(path, module),
        }
    })
}

/// Whether the code names that crate; what Leptos hands on of it is Leptos's.
fn names_crate(code: &str, name: &str) -> bool {
    code.match_indices(name).any(|(at, _)| {
        let (before, from) = code.split_at(at);
        let inside_word = before.ends_with(|c: char| c.is_alphanumeric() || c == '_');
        is_word(from, name) && !inside_word && !before.ends_with("leptos::")
    })
}

/// Whether the text begins with that word, and the word ends there.
fn is_word(text: &str, word: &str) -> bool {
    text.strip_prefix(word).is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_'))
}

#[test]
fn every_module_names_only_those_below_it() {
    let sources = sources();
    for Rule { files, except, never } in RULES {
        let of_rule: Vec<_> = sources
            .iter()
            .filter(|(path, _)| files.iter().any(|file| path.starts_with(file)))
            .filter(|(path, _)| !except.iter().any(|file| path.starts_with(file)))
            .collect();
        assert!(!of_rule.is_empty(), "no file matches {files:?}");
        for (path, code) in of_rule {
            for module in never {
                assert!(!names_module(code, module), "{path} names crate::{module}");
            }
        }
    }
}

#[test]
fn nothing_below_names_what_everything_is_built_on_otherwise() {
    for (path, code) in sources() {
        for module in MODULES {
            let is_base = path == "time.rs" || path == "secret.rs";
            assert!(!(is_base && names_module(&code, module)), "{path} names crate::{module}");
        }
    }
}

#[test]
fn only_those_who_touch_the_browser_name_its_crates() {
    let allowed =
        ["browser/", "rtc/", "library/door", "library/own_cti", "ui/sample/xc_webrtc", "bin/xc-bench"];
    for (path, code) in sources() {
        if allowed.iter().chain(&SHELL).any(|file| path.starts_with(file)) {
            continue;
        }
        for name in BROWSER {
            assert!(!names_crate(&code, name), "{path} names {name}");
        }
    }
}

#[test]
fn only_the_user_interface_names_leptos() {
    for (path, code) in sources() {
        if !path.starts_with("ui/") {
            assert!(!names_crate(&code, "leptos"), "{path} names leptos");
        }
    }
}

#[test]
fn nobody_reads_a_clock_but_the_browser() {
    for (path, code) in sources() {
        for clock in ["std::time::Instant", "SystemTime", "Instant::now"] {
            assert!(!code.contains(clock), "{path} names {clock}");
        }
        let group = code.split("use std::time::{").nth(1).and_then(|rest| rest.split(';').next());
        let imports_clock =
            group.is_some_and(|group| group.split([',', '}']).any(|item| item.trim() == "Instant"));
        assert!(!imports_clock, "{path} imports std::time::Instant");
    }
}

#[test]
fn the_reading_of_sources_sees_what_it_should() {
    let code = code_of(
        "// crate::ui\nuse crate::{\n    sip::uri::Uri,\n    time::Instant,\n};\nlet x = web_sys::window();",
    );
    assert!(names_module(&code, "sip"));
    assert!(!names_module(&code, "ui"));
    assert!(!names_module(&code, "si"));
    assert!(names_module("use crate::phone::api;", "phone"));
    assert!(!names_module("use crate::phones::api;", "phone"));
    assert!(names_crate(&code, "web_sys"));
    assert!(names_crate("use web_sys::Window;", "web_sys"));
    assert!(!names_crate("my_web_sys::x", "web_sys"));
    assert!(!names_crate("use leptos::web_sys::Element;", "web_sys"));
}

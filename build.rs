//! Gathers the style sheets of the components, and has the linker tell what is in the programs.

use std::env;
use std::path::Path;

/// The programs for browsers.
const PROGRAMS: [&str; 3] = ["xc-phone", "xc-sample", "xc-library"];

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    if env::var("PROFILE").as_deref() == Ok("release")
        && env::var("CARGO_CFG_TARGET_ARCH").as_deref() == Ok("wasm32")
    {
        draw_maps();
    }
    #[cfg(feature = "app")]
    styles::gather();
}

/// Has the linker write a map of each release beside its program: `cargo xtask dist` reads there what is big.
fn draw_maps() {
    // `release/build/xc-webrtc-…/out`
    let out = env::var_os("OUT_DIR");
    let Some(folder) = out.as_deref().and_then(|out| Path::new(out).ancestors().nth(3)) else { return };
    for program in PROGRAMS {
        println!("cargo:rustc-link-arg-bin={program}=-Map={}/{program}.map", folder.display());
    }
}

#[cfg(feature = "app")]
mod styles {
    use std::collections::BTreeMap;
    use std::fs;
    use std::time::SystemTime;

    /// What `index.html` links to. The path is fixed by stylers, wherever cargo's own target directory is.
    const OUTPUT: &str = "target/stylers.css";

    /// Writes the scoped rules of every `style_sheet!` under `src` into one file.
    pub fn gather() {
        println!("cargo:rerun-if-changed=src/ui");
        println!("cargo:rerun-if-changed=style");
        // Made again when somebody deleted it.
        println!("cargo:rerun-if-changed={OUTPUT}");
        refuse_equal_scopes();
        stylers::build(Some(format!("./{OUTPUT}")));
        // Dated back, or cargo would take its own product for a changed input and build everything twice.
        let dated = fs::File::options()
            .write(true)
            .open(OUTPUT)
            .and_then(|file| file.set_modified(SystemTime::UNIX_EPOCH));
        if let Err(error) = dated {
            println!("cargo:warning={OUTPUT}: {error}");
        }
    }

    /// Stylers names a sheet's scope after the number of its visible characters: two sheets of the same length would
    /// style each other's elements.
    fn refuse_equal_scopes() {
        let mut seen = BTreeMap::new();
        let sheets = fs::read_dir("style").expect("the folder of the style sheets");
        for path in sheets.filter_map(|entry| entry.ok().map(|entry| entry.path())) {
            // The tokens are global and have no scope.
            if path.extension().is_none_or(|kind| kind != "css") || path.ends_with("tokens.css") {
                continue;
            }
            let text = fs::read_to_string(&path).expect("a style sheet");
            let length = text.chars().filter(|c| !c.is_whitespace()).count();
            let other = seen.insert(length, path.clone());
            assert!(other.is_none(), "{path:?} and {other:?} have the same length, and so the same scope");
        }
    }
}

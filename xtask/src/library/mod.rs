//! The library for other people's pages: `dist/lib/xc_webrtc.js`, the same as an ES module, its program and its types.

use crate::page;
use crate::process;
use crate::squeeze::{Source, Squeezed, squeezed};
use crate::trouble::{Done, OrSay, failed};
use crate::workspace::Workspace;
use std::fs;
use std::hash::{DefaultHasher, Hasher};
use std::path::Path;

/// The program behind it, and what cargo calls it.
pub const PROGRAM: &str = "xc-library";

/// What is measured by itself.
const MEASURED: &str = "xc-bench";

/// The parts of the script, each of which names only those before it, but in functions that run later.
const PARTS: [&str; 8] =
    ["log.js", "names.js", "topics.js", "program.js", "own_cti.js", "page_cti.js", "streams.js", "api.js"];

/// What a page loads.
pub const SCRIPT: &str = "xc_webrtc.js";

/// What it downloads by that.
pub const DOWNLOADED: [&str; 2] = [SCRIPT, "xc_webrtc.wasm"];

/// Its types for TypeScript.
const TYPES: &str = "xc_webrtc.d.ts";

/// Compiles the program behind it.
pub fn compile(workspace: &Workspace, release: bool) -> Done {
    println!("Building the library.");
    compile_program(workspace, PROGRAM, release)
}

fn compile_program(workspace: &Workspace, program: &str, release: bool) -> Done {
    let target = ["--target", "wasm32-unknown-unknown"];
    let mut cargo =
        workspace.cargo(["build", "--no-default-features", "--features", "library", "--bin", program]);
    cargo.args(target);
    if release {
        page::compile_small(cargo.arg("--release"));
    }
    process::run(&format!("building {program}"), &mut cargo)
}

/// Builds the program that is measured by itself, with the options of the library, as a module in `folder`.
pub fn build_measured(workspace: &Workspace, folder: &Path) -> Done {
    compile_program(workspace, MEASURED, true)?;
    let program = workspace.target.join(format!("wasm32-unknown-unknown/release/{MEASURED}.wasm"));
    let mut bindgen = workspace.command("wasm-bindgen");
    bindgen.args(["--target", "web", "--no-typescript", "--out-dir"]).arg(folder).arg(program);
    process::run("wasm-bindgen", &mut bindgen)?;
    page::optimise_code(workspace, &folder.join(format!("{MEASURED}_bg.wasm")))
}

/// Compiles the library and puts its files into `folder`.
pub fn build(workspace: &Workspace, release: bool, folder: &Path) -> Done {
    compile(workspace, release)?;
    let made = workspace.scratch("library")?;
    let profile = if release { "release" } else { "debug" };
    let program = workspace.target.join(format!("wasm32-unknown-unknown/{profile}/{PROGRAM}.wasm"));
    let mut bindgen = workspace.command("wasm-bindgen");
    bindgen.args(["--target", "no-modules", "--no-typescript", "--out-dir"]).arg(&made).arg(&program);
    process::run("wasm-bindgen", &mut bindgen)?;
    let (glue, wasm) = (made.join(format!("{PROGRAM}.js")), made.join(format!("{PROGRAM}_bg.wasm")));
    let glue = read(&glue)?;
    let glue = if release {
        let glue = shorten(&glue, &wasm)?;
        page::optimise(workspace, &wasm)?;
        glue
    } else {
        squeezed(&glue)
    };

    fs::create_dir_all(folder).or_say(|| format!("cannot make {}", folder.display()))?;
    let program = fs::read(&wasm).or_say(|| format!("cannot read {}", wasm.display()))?;
    write(folder, "xc_webrtc.wasm", &program)?;
    for kind in [Kind::Classic, Kind::Module] {
        let script = script(workspace, kind, &program, &glue)?;
        let (name, map) = (kind.file(), format!("{}.map", kind.file()));
        write(folder, name, script.text(&map).as_bytes())?;
        write(folder, &map, script.map_of(name).as_bytes())?;
    }
    write(folder, TYPES, read(&sources(workspace).join(TYPES))?.as_bytes())
}

/// What wasm-bindgen writes begins so.
const GLUE: &str = "let wasm_bindgen=";

/// And ends so.
const END_OF_GLUE: &str = "return Object.assign(__wbg_init,{initSync},exports);";

/// Gives the glue and its program short names for each other, and the glue what loads a packed one.
fn shorten(glue: &str, wasm: &Path) -> Done<String> {
    let text = squeezed(glue);
    // Its own name stays: the parts of the script use it.
    let Some(body) = text.strip_prefix(GLUE) else {
        return failed(format!("the glue does not begin with {GLUE}"));
    };
    let body = page::put_loader_in(body, END_OF_GLUE, "return Object.assign(load,exports);")?;
    Ok(format!("{GLUE}{}", page::shorten(&body, wasm)?))
}

/// How pages load it.
#[derive(Clone, Copy)]
enum Kind {
    /// `<script src="xc_webrtc.js">`
    Classic,
    /// `import xc_webrtc from "./xc_webrtc.mjs"`
    Module,
}

impl Kind {
    fn file(self) -> &'static str {
        match self {
            Kind::Classic => SCRIPT,
            Kind::Module => "xc_webrtc.mjs",
        }
    }

    /// What stands around the parts: they are the body of a function of the address of this very script. Loaded a
    /// second time, it leaves the first as it is, with all that pages have set.
    fn around(self) -> (&'static str, &'static str) {
        match self {
            Kind::Classic => (
                "(BASE=>{\"use strict\";if(globalThis.xc_webrtc?.version)return;",
                "globalThis.xc_webrtc=xc_webrtc;if(typeof Cti===\"undefined\")globalThis.Cti=ownCti;\
                 })(document.currentScript?.src||location.href);",
            ),
            Kind::Module => (
                "const made=(BASE=>{",
                "return{xc_webrtc,ownCti}})(import.meta.url);\
                 export const xc_webrtc=made.xc_webrtc,Cti=made.ownCti,ready=xc_webrtc.ready;\
                 export default xc_webrtc;",
            ),
        }
    }
}

fn script(workspace: &Workspace, kind: Kind, program: &[u8], glue: &str) -> Done<Squeezed> {
    // What has another address is another file, for a cache for ever.
    let mut hasher = DefaultHasher::new();
    hasher.write(program);
    let (before, after) = kind.around();
    let mut script = Squeezed::new();
    script.verbatim(&format!("/*! xc_webrtc {} */", env!("CARGO_PKG_VERSION")));
    script.line();
    script.verbatim(before);
    script.verbatim(&format!(
        "const VERSION={:?},WASM=\"xc_webrtc.wasm?{:x}\";",
        env!("CARGO_PKG_VERSION"),
        hasher.finish()
    ));
    script.line();
    script.verbatim(glue);
    script.line();
    for part in PARTS {
        let text = read(&sources(workspace).join(part))?;
        script.add(Source { name: format!("src/library/js/{part}"), text });
    }
    script.line();
    script.verbatim(after);
    Ok(script)
}

fn sources(workspace: &Workspace) -> std::path::PathBuf {
    workspace.root.join("src/library/js")
}

fn read(path: &Path) -> Done<String> {
    fs::read_to_string(path).or_say(|| format!("cannot read {}", path.display()))
}

fn write(folder: &Path, name: &str, bytes: &[u8]) -> Done {
    let path = folder.join(name);
    fs::write(&path, bytes).or_say(|| format!("cannot write {}", path.display()))
}

//! Files compressed beforehand, for web servers that hand them out so: `FILE.br` and `FILE.gz`.

use crate::process;
use crate::trouble::{Done, OrSay};
use crate::workspace::Workspace;
use std::fs;
use std::path::Path;

/// What gets smaller by it.
const KINDS: [&str; 9] = ["css", "html", "js", "map", "mjs", "svg", "ts", "txt", "wasm"];

/// Brotli's highest quality, and its largest window.
const QUALITY: i32 = 11;
const WINDOW_BITS: i32 = 24;

/// Compresses what is in a folder and in those inside it.
pub fn folder(workspace: &Workspace, folder: &Path) -> Done {
    let doing = || format!("cannot read {}", folder.display());
    for entry in fs::read_dir(folder).or_say(doing)? {
        let path = entry.or_say(doing)?.path();
        if path.is_dir() {
            self::folder(workspace, &path)?;
        } else if path.extension().is_some_and(|kind| KINDS.iter().any(|known| kind == *known)) {
            file(workspace, &path)?;
        }
    }
    Ok(())
}

fn file(workspace: &Workspace, path: &Path) -> Done {
    let bytes = fs::read(path).or_say(|| format!("cannot read {}", path.display()))?;
    let packed = brotli(&bytes).or_say(|| format!("cannot compress {}", path.display()))?;
    let mut name = path.as_os_str().to_owned();
    name.push(".br");
    fs::write(&name, packed).or_say(|| format!("cannot write {}", name.display()))?;
    // Without name and time in it: the same file is compressed to the same bytes.
    let mut gzip = workspace.command("gzip");
    process::run("gzip", gzip.args(["--best", "--no-name", "--keep", "--force"]).arg(path))
}

/// The bytes, compressed by brotli as small as it can.
pub fn brotli(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: QUALITY,
        lgwin: WINDOW_BITS,
        size_hint: bytes.len(),
        ..Default::default()
    };
    let mut packed = Vec::new();
    brotli::BrotliCompress(&mut &*bytes, &mut packed, &parameters)?;
    Ok(packed)
}

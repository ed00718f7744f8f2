//! `cargo xtask dist`: the files to put on a web server, and what a browser downloads of them.

use crate::page;
use crate::tools;
use crate::trouble::{Done, OrSay, failed};
use crate::workspace::Workspace;
use std::fs;
use std::path::{Path, PathBuf};

/// What a first visit should download at most, in bytes, compressed by brotli at level 11.
const GOAL: usize = 160_000;

/// What it may not exceed meanwhile: a step towards the goal is kept by lowering this, and nothing raises it.
const LIMIT: usize = 208_000;

/// What a first visit downloads.
const COUNTED: [&str; 4] = ["html", "js", "wasm", "css"];

/// Brotli's highest quality, and its largest window, as a server that compresses beforehand would use.
const QUALITY: i32 = 11;
const WINDOW_BITS: i32 = 24;

/// Builds `dist` and measures it.
pub fn dist(workspace: &Workspace) -> Done {
    tools::need_for_the_page(workspace, true, &[])?;
    page::bundle(workspace)?;
    let folder = workspace.root.join("dist");
    let mut files = Vec::new();
    collect(&folder, &mut files)?;
    files.sort();

    println!("\n{:>10} {:>10}", "bytes", "brotli 11");
    let (mut raw, mut packed) = (0, 0);
    for file in &files {
        let bytes = fs::read(file).or_say(|| format!("cannot read {}", file.display()))?;
        let size = compressed_size(&bytes).or_say(|| format!("cannot compress {}", file.display()))?;
        println!("{:>10} {size:>10}  {}", bytes.len(), file.strip_prefix(&folder).unwrap_or(file).display());
        raw += bytes.len();
        packed += size;
    }
    println!("{raw:>10} {packed:>10}  in all; the goal is {GOAL}, the limit {LIMIT}");
    if packed > LIMIT {
        return failed(format!(
            "the page is {packed} bytes to download, {} more than the limit of {LIMIT}",
            packed - LIMIT
        ));
    }
    println!("The files are in {}", folder.display());
    Ok(())
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Done {
    let doing = || format!("cannot read {}", folder.display());
    for entry in fs::read_dir(folder).or_say(doing)? {
        let path = entry.or_say(doing)?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().and_then(|ext| ext.to_str()).is_some_and(|ext| COUNTED.contains(&ext)) {
            files.push(path);
        }
    }
    Ok(())
}

fn compressed_size(bytes: &[u8]) -> std::io::Result<usize> {
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: QUALITY,
        lgwin: WINDOW_BITS,
        size_hint: bytes.len(),
        ..Default::default()
    };
    let mut packed = Vec::new();
    brotli::BrotliCompress(&mut &*bytes, &mut packed, &parameters)
}

//! `cargo xtask dist`: the files to put on a web server, and what a browser downloads of them.

use crate::compress;
use crate::library;
use crate::nginx;
use crate::page;
use crate::parts;
use crate::tools;
use crate::trouble::{Done, OrSay, failed};
use crate::workspace::Workspace;
use std::fs;
use std::path::Path;

/// What a first visit of `/` may download at most, in bytes, compressed by brotli at level 11.
const LIMIT: usize = 160_000;

/// What a page of other people should download of the library at most, compressed likewise.
const LIBRARY_GOAL: usize = 75_000;

/// What it may not exceed meanwhile: a step towards the goal is kept by lowering this.
const LIBRARY_LIMIT: usize = 117_000;

/// What counts of a page, beside its html.
const COUNTED: [&str; 3] = ["css", "js", "wasm"];

/// Builds `dist` and measures it.
pub fn dist(workspace: &Workspace) -> Done {
    tools::need_for_the_page(workspace, true, &[])?;
    let folder = workspace.root.join("dist");
    page::bundle(workspace, &folder)?;
    let library = measure_library(&folder.join("lib"))?;
    let sample = measure(&folder, "sample/index.html")? + library;
    let agent = measure(&folder, "index.html")?;
    for (what, program) in [("/", page::PHONE), ("the library", library::PROGRAM)] {
        print!(
            "\nThe biggest parts of the program of {what}, in bytes as it was linked:\n{}",
            parts::table(&page::map_of(workspace, program))?
        );
    }
    println!("\n/sample is {sample} bytes to download with the library, / is {agent}; its limit is {LIMIT}");
    for (what, size, limit) in [("/", agent, LIMIT), ("the library", library, LIBRARY_LIMIT)] {
        if size > limit {
            return failed(format!("{what} is {} bytes more than its limit, {limit}", size - limit));
        }
    }
    compress::folder(workspace, &folder)?;
    nginx::write_sample(workspace, &folder)?;
    println!("The files are in {}, with a sample configuration for nginx: nginx.conf", folder.display());
    Ok(())
}

/// Prints what a page and the files that it names are to download, and the sum.
fn measure(folder: &Path, page: &str) -> Done<usize> {
    println!("\n{:>10} {:>10}", "bytes", "brotli 11");
    let html = read(&folder.join(page))?;
    let mut sum = print(page, &html)?;
    for file in named_files(folder, &String::from_utf8_lossy(&html))? {
        sum += print(&file, &read(&folder.join(&file))?)?;
    }
    println!("{sum:>21}  in all");
    Ok(sum)
}

/// Prints what the library is to download.
fn measure_library(folder: &Path) -> Done<usize> {
    println!("\n{:>10} {:>10}", "bytes", "brotli 11");
    let mut sum = 0;
    for file in library::DOWNLOADED {
        sum += print(&format!("lib/{file}"), &read(&folder.join(file))?)?;
    }
    println!("{sum:>21}  in all; the goal is {LIBRARY_GOAL}");
    Ok(sum)
}

fn print(name: &str, bytes: &[u8]) -> Done<usize> {
    let size = compress::brotli(bytes).or_say(|| format!("cannot compress {name}"))?.len();
    println!("{:>10} {size:>10}  {name}", bytes.len());
    Ok(size)
}

/// The files of a folder that a page names, and so loads.
fn named_files(folder: &Path, html: &str) -> Done<Vec<String>> {
    let doing = || format!("cannot read {}", folder.display());
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).or_say(doing)? {
        let name = entry.or_say(doing)?.file_name().to_string_lossy().into_owned();
        let is_counted =
            Path::new(&name).extension().is_some_and(|kind| COUNTED.iter().any(|ext| kind == *ext));
        if is_counted && html.contains(&name) {
            files.push(name);
        }
    }
    files.sort();
    Ok(files)
}

fn read(path: &Path) -> Done<Vec<u8>> {
    fs::read(path).or_say(|| format!("cannot read {}", path.display()))
}

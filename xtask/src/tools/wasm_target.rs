//! The standard library for the browser's target.

use super::looks_offline;
use crate::process;
use crate::trouble::{Done, failed};
use crate::workspace::Workspace;
use std::path::Path;

/// The target of everything that runs in the browser.
const TARGET: &str = "wasm32-unknown-unknown";

/// Adds the target by rustup unless the compiler has it.
pub fn need(workspace: &Workspace) -> Done {
    let sysroot = process::output_of(workspace.command("rustc").args(["--print", "sysroot"]));
    let is_there = |root: String| Path::new(&root).join("lib/rustlib").join(TARGET).join("lib").is_dir();
    if sysroot.is_some_and(is_there) {
        return Ok(());
    }
    if workspace.which("rustup").is_none() {
        return failed(format!(
            "the compiler cannot build for {TARGET}, and rustup, which could add it, is not there; \
             install Rust from https://rustup.rs or add the target by your system's packages"
        ));
    }
    println!("Installing the target {TARGET} by rustup (some seconds).");
    let mut offline = false;
    let status = process::run_reading(
        "rustup",
        workspace.command("rustup").args(["target", "add", TARGET]),
        |line| offline |= looks_offline(line),
    )?;
    match (status.success(), offline) {
        (true, _) => Ok(()),
        (false, true) => failed(format!(
            "rustup cannot reach the network; connect and run this again ({TARGET} is needed once)"
        )),
        (false, false) => failed(format!("`rustup target add {TARGET}` failed; the messages above say why")),
    }
}

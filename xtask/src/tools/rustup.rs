//! Parts of the compiler that rustup adds: the standard library for the browser's target, built and as source.

use super::looks_offline;
use crate::process;
use crate::trouble::{Done, failed};
use crate::workspace::Workspace;
use std::path::Path;

/// The target of everything that runs in the browser.
const TARGET: &str = "wasm32-unknown-unknown";

/// The standard library's source.
const SOURCE: &str = "rust-src";

/// Adds the target by rustup unless the compiler has it.
pub fn need_target(workspace: &Workspace) -> Done {
    let folder = format!("lib/rustlib/{TARGET}/lib");
    need(workspace, &folder, &format!("the target {TARGET}"), &["target", "add", TARGET])
}

/// Adds the source of the standard library, which a release of the page is built with.
pub fn need_source(workspace: &Workspace) -> Done {
    let folder = "lib/rustlib/src/rust/library";
    need(workspace, folder, &format!("the component {SOURCE}"), &["component", "add", SOURCE])
}

/// Calls rustup unless that folder is there, within what the compiler calls its sysroot.
fn need(workspace: &Workspace, folder: &str, what: &str, arguments: &[&str]) -> Done {
    let sysroot = process::output_of(workspace.command("rustc").args(["--print", "sysroot"]));
    if sysroot.is_some_and(|root| Path::new(&root).join(folder).is_dir()) {
        return Ok(());
    }
    if workspace.which("rustup").is_none() {
        return failed(format!(
            "{what} is needed, and rustup, which could add it to the compiler, is not there; install Rust from \
             https://rustup.rs or add it by your system's packages"
        ));
    }
    println!("Installing {what} by rustup (some seconds).");
    let mut offline = false;
    let mut rustup = workspace.command("rustup");
    let status =
        process::run_reading("rustup", rustup.args(arguments), |line| offline |= looks_offline(line))?;
    match (status.success(), offline) {
        (true, _) => Ok(()),
        (false, true) => failed(format!(
            "rustup cannot reach the network; connect and run this again ({what} is needed once)"
        )),
        (false, false) => {
            failed(format!("`rustup {}` failed; the messages above say why", arguments.join(" ")))
        }
    }
}

//! What the tasks need on this machine, found or installed.

mod apt;
mod cargo_install;
mod wasm_target;

use crate::trouble::Done;
use crate::workspace::Workspace;

pub use apt::{as_root, may_install};

/// One thing that tasks need.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Tool {
    /// The standard library for wasm32-unknown-unknown.
    WasmTarget,
    /// The wasm-bindgen CLI and its test runner, in the version of the library.
    WasmBindgen,
    /// Bundles and serves the page.
    Trunk,
    /// binaryen's optimiser, for release builds.
    WasmOpt,
    /// The browser that tests drive, and its driver.
    Chromium,
    /// Makes the small Debian that Asterisk runs in.
    Debootstrap,
}

/// What a build of the page needs.
pub const FOR_THE_PAGE: [Tool; 3] = [Tool::WasmTarget, Tool::WasmBindgen, Tool::Trunk];

/// Installs whatever of these is not there yet. Packages go first: they are quick and may be refused.
pub fn need(workspace: &Workspace, tools: &[Tool]) -> Done {
    apt::need(workspace, tools)?;
    if tools.contains(&Tool::WasmTarget) {
        wasm_target::need(workspace)?;
    }
    if tools.contains(&Tool::WasmBindgen) {
        cargo_install::need_wasm_bindgen(workspace)?;
    }
    if tools.contains(&Tool::Trunk) {
        cargo_install::need_trunk(workspace)?;
    }
    Ok(())
}

/// Installs all of them.
pub fn setup(workspace: &Workspace) -> Done {
    use Tool::{Chromium, Debootstrap, Trunk, WasmBindgen, WasmOpt, WasmTarget};
    need(workspace, &[WasmTarget, WasmBindgen, Trunk, WasmOpt, Chromium, Debootstrap])?;
    crate::asterisk::install(workspace)?;
    println!("All tools are there.");
    Ok(())
}

/// Whether a tool's last words mean that it could not reach the network.
pub fn looks_offline(line: &str) -> bool {
    const SIGNS: [&str; 13] = [
        "Connection timed out",
        "Could not connect",
        "Could not resolve",
        "Couldn't resolve host",
        "Failed getting release file",
        "Failed to connect",
        "Network is unreachable",
        "Temporary failure",
        "Unable to connect",
        "Unable to fetch",
        "could not download file",
        "dns error",
        "spurious network error",
    ];
    SIGNS.iter().any(|sign| line.contains(sign))
}

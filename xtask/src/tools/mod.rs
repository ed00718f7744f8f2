//! What the tasks need on this machine, found or installed.

mod apt;
mod cargo_install;
mod npm;
mod rustup;

use crate::trouble::Done;
use crate::workspace::Workspace;

pub use apt::{as_root, firefox, may_install};
pub use npm::{need_peers, peers};

/// One thing that tasks need.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Tool {
    /// The standard library for wasm32-unknown-unknown.
    WasmTarget,
    /// The source of the standard library, which release builds of the page compile anew.
    StdSource,
    /// The wasm-bindgen CLI and its test runner, in the version of the library.
    WasmBindgen,
    /// Bundles and serves the page.
    Trunk,
    /// binaryen's optimiser, for release builds.
    WasmOpt,
    /// The browser that tests drive, and its driver.
    Chromium,
    /// The other browser that tests drive, and its driver.
    Firefox,
    /// The TURN server that a call goes through in tests.
    Coturn,
    /// Makes the small Debian that Asterisk runs in.
    Debootstrap,
    /// The SIP proxy that stands in front of Asterisk in tests.
    Kamailio,
    /// The web server that the sample configuration is for.
    Nginx,
    /// The TypeScript compiler.
    Tsc,
    /// Fetches packages of the npm registry.
    Curl,
}

/// What a build of the page needs.
const FOR_THE_PAGE: [Tool; 3] = [Tool::WasmTarget, Tool::WasmBindgen, Tool::Trunk];

/// What a release build needs besides.
const FOR_A_RELEASE: [Tool; 2] = [Tool::StdSource, Tool::WasmOpt];

/// What the tests need besides.
const OF_TESTS: [Tool; 7] =
    [Tool::Chromium, Tool::Firefox, Tool::Coturn, Tool::Debootstrap, Tool::Kamailio, Tool::Nginx, Tool::Tsc];

/// Installs what a build of the page needs, and whatever else is named.
pub fn need_for_the_page(workspace: &Workspace, release: bool, others: &[Tool]) -> Done {
    let for_a_release: &[Tool] = if release { &FOR_A_RELEASE } else { &[] };
    need(workspace, &[&FOR_THE_PAGE, for_a_release, others].concat())
}

/// Installs whatever of these is not there yet. Packages go first: they are quick and may be refused.
pub fn need(workspace: &Workspace, tools: &[Tool]) -> Done {
    apt::need(workspace, tools)?;
    if tools.contains(&Tool::WasmTarget) {
        rustup::need_target(workspace)?;
    }
    if tools.contains(&Tool::StdSource) {
        rustup::need_source(workspace)?;
    }
    if tools.contains(&Tool::WasmBindgen) {
        cargo_install::need_wasm_bindgen(workspace)?;
    }
    if tools.contains(&Tool::Trunk) {
        cargo_install::need_trunk(workspace)?;
    }
    if tools.contains(&Tool::Firefox) {
        cargo_install::need_geckodriver(workspace)?;
    }
    Ok(())
}

/// Installs all of them.
pub fn setup(workspace: &Workspace) -> Done {
    need_for_the_page(workspace, true, &OF_TESTS)?;
    crate::asterisk::install(workspace)?;
    need_peers(workspace)?;
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

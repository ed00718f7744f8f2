//! What touches the browser, in a headless Chromium with fake devices.

use super::{Tally, cargo_test};
use crate::server::Servers;
use crate::tools::{self, Tool};
use crate::trouble::Done;
use crate::turn::{self, Access};
use crate::workspace::Workspace;

/// All of `tests/web` together, on a busy machine; the runner's own limit is 180.
const LIMIT_IN_SECONDS: &str = "600";

/// Runs `tests/web` by wasm-bindgen's test runner.
pub fn run(workspace: &Workspace, rest: &[String]) -> Done<Tally> {
    tools::need(workspace, &[Tool::WasmTarget, Tool::WasmBindgen, Tool::Chromium, Tool::Coturn])?;
    let servers = Servers::new(workspace, "test-browser")?;
    let _turn = turn::start(workspace, &servers, Access::Accounts)?;
    let mut command = workspace.cargo([
        "test",
        "--package",
        "xc-webrtc",
        "--target",
        "wasm32-unknown-unknown",
        "--no-default-features",
        "--features",
        "browser",
        "--test",
        "web",
    ]);
    command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", "wasm-bindgen-test-runner");
    command.env("WASM_BINDGEN_TEST_TIMEOUT", LIMIT_IN_SECONDS);
    if let Some(driver) = workspace.which("chromedriver") {
        command.env("CHROMEDRIVER", driver);
    }
    cargo_test(command, rest)
}

//! What touches the browser, in a headless Chromium with fake devices.

use super::{Tally, cargo_test};
use crate::tools::{self, Tool};
use crate::trouble::Done;
use crate::workspace::Workspace;

/// Runs `tests/web` by wasm-bindgen's test runner.
pub fn run(workspace: &Workspace, rest: &[String]) -> Done<Tally> {
    tools::need(workspace, &[Tool::WasmTarget, Tool::WasmBindgen, Tool::Chromium])?;
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
    if let Some(driver) = workspace.which("chromedriver") {
        command.env("CHROMEDRIVER", driver);
    }
    cargo_test(command, rest)
}

//! `cargo xtask ci`: what CI checks is what one can check before a push.

use crate::bench;
use crate::dist;
use crate::process;
use crate::test::{self, Tally};
use crate::tools::{self, Tool};
use crate::trouble::Done;
use crate::workspace::Workspace;
use std::process::ExitCode;

/// Checks everything, and prints the closing line even when an early step failed: one run tells all.
pub fn ci(workspace: &Workspace) -> ExitCode {
    let mut tally = Tally::default();
    tally += step("format", || process::run("cargo fmt", &mut workspace.cargo(["fmt", "--all", "--check"])));
    tally += step("clippy", || clippy(workspace));
    tally += test::all(workspace, true);
    tally += step("dist", || dist::dist(workspace));
    tally += step("bench", || bench::bench(workspace, &bench::Options { quick: true, only: None }));
    println!("\n{tally}");
    tally.exit_code()
}

fn step(name: &str, check: impl FnOnce() -> Done) -> Tally {
    println!("\n== {name} ==");
    let outcome = check();
    process::wait_if_stopping();
    match outcome {
        Ok(()) => Tally::PASSED,
        Err(trouble) => {
            eprintln!("\nFAILED: {name}: {trouble}");
            Tally::FAILED
        }
    }
}

/// The pure core alone, all natively, and what runs in the browser.
fn clippy(workspace: &Workspace) -> Done {
    tools::need(workspace, &[Tool::WasmTarget])?;
    let wasm = ["--package", "xc-webrtc", "--target", "wasm32-unknown-unknown"];
    let variants: [Vec<&str>; 5] = [
        vec!["--package", "xc-webrtc", "--no-default-features", "--all-targets"],
        vec!["--workspace", "--all-targets"],
        [&wasm[..], &["--lib", "--bins"]].concat(),
        [&wasm[..], &["--no-default-features", "--features", "library", "--lib", "--bins"]].concat(),
        [&wasm[..], &["--no-default-features", "--features", "browser", "--test", "web"]].concat(),
    ];
    for variant in variants {
        let mut cargo = workspace.cargo(["clippy"]);
        cargo.args(&variant).args(["--", "--deny", "warnings"]);
        process::run(&format!("cargo clippy {}", variant.join(" ")), &mut cargo)?;
    }
    Ok(())
}

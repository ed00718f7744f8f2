//! What needs no browser: the pure core, what the pages reckon, the lab over real sockets, and these tasks.

use super::{Tally, cargo_test};
use crate::trouble::Done;
use crate::workspace::Workspace;

/// Runs the native tests.
pub fn run(workspace: &Workspace, rest: &[String]) -> Done<Tally> {
    let pure = ["test", "--package", "xc-webrtc", "--no-default-features"];
    let pages = ["test", "--package", "xc-webrtc", "--lib"];
    let lab = ["test", "--package", "xc-lab", "--lib", "--bins", "--test", "whole_path"];
    let tasks = ["test", "--package", "xtask"];

    let mut tally = cargo_test(workspace.cargo(pure), rest)?;
    // With the pages come the tests of the core again; they need not run twice.
    let only_pages = ["ui::".to_string()];
    tally += cargo_test(workspace.cargo(pages), if rest.is_empty() { &only_pages } else { rest })?;
    tally += cargo_test(workspace.cargo(lab), rest)?;
    tally += cargo_test(workspace.cargo(tasks), rest)?;
    Ok(tally)
}

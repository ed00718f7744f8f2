//! What needs no browser: the pure core, the lab over real sockets, and these tasks.

use super::{Tally, cargo_test};
use crate::trouble::Done;
use crate::workspace::Workspace;

/// Runs the native tests.
pub fn run(workspace: &Workspace, rest: &[String]) -> Done<Tally> {
    let commands: [&[&str]; 3] = [
        &["test", "--package", "xc-webrtc", "--no-default-features"],
        &["test", "--package", "xc-lab", "--lib", "--bins", "--test", "whole_path"],
        &["test", "--package", "xtask"],
    ];
    commands.iter().map(|arguments| cargo_test(workspace.cargo(arguments.iter().copied()), rest)).sum()
}

//! The page in a real Chromium against the lab.

use super::{Tally, cargo_test};
use crate::lab;
use crate::server::Servers;
use crate::stage::{self, Stage};
use crate::trouble::Done;
use crate::workspace::Workspace;

/// Sets the stage and runs `lab/tests/e2e`.
pub fn run(workspace: &Workspace, release: bool, rest: &[String]) -> Done<Tally> {
    stage::prepare(workspace, release)?;
    let servers = Servers::new(workspace, "e2e")?;
    let lab = lab::start(workspace, &servers, &lab::Options { for_tests: true, ..lab::Options::default() })?;
    let stage = Stage::set(workspace, &servers, lab, release)?;
    let mut command = workspace.cargo(["test", "--package", "xc-lab", "--test", "e2e"]);
    command.envs(stage.environment());
    if release {
        // How often the story of the echo call is told: the delivered page must not flake.
        command.env("XC_REPEAT", "10");
    }
    cargo_test(command, rest)
}

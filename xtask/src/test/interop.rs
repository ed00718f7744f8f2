//! The page in a real Chromium against a real Asterisk.

use super::{Tally, cargo_test};
use crate::asterisk::{self, Asterisk, Media};
use crate::lab;
use crate::server::Servers;
use crate::stage::{self, Stage};
use crate::trouble::Done;
use crate::workspace::Workspace;

/// Starts an Asterisk, sets the stage with it and runs `lab/tests/interop`.
pub fn run(workspace: &Workspace, release: bool, rest: &[String]) -> Done<Tally> {
    let installed = asterisk::install(workspace)?;
    stage::prepare(workspace, release)?;
    let servers = Servers::new(workspace, "interop")?;
    let asterisk = Asterisk::start(workspace, &servers, &installed, Media::Loopback)?;
    let url = asterisk.websocket();
    let environment = asterisk.lab_environment();
    let options =
        lab::Options { for_tests: true, asterisk: Some(&url), environment, ..lab::Options::default() };
    let lab = lab::start(workspace, &servers, &options)?;
    let stage = Stage::set(workspace, &servers, lab, release)?;
    let mut command = workspace.cargo(["test", "--package", "xc-lab", "--test", "interop"]);
    command.envs(stage.environment()).envs(asterisk.environment());
    cargo_test(command, rest)
}

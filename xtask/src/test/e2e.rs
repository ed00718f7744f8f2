//! The page in a real Chromium and a real Firefox against the lab.

use super::{Tally, cargo_test};
use crate::lab;
use crate::server::Servers;
use crate::stage::{self, DesktopStage, Stage};
use crate::tools::{self, Tool};
use crate::trouble::{Done, Trouble};
use crate::workspace::{Workspace, in_ci};

/// Sets the stages and runs `lab/tests/e2e`.
pub fn run(workspace: &Workspace, release: bool, rest: &[String]) -> Done<Tally> {
    stage::prepare(workspace, release)?;
    let without_firefox = match tools::need(workspace, &[Tool::Firefox]) {
        Ok(()) => None,
        Err(Trouble::Missing(sentence)) if !in_ci() => Some(sentence),
        Err(trouble) => return Err(trouble),
    };
    let servers = Servers::new(workspace, "e2e")?;
    let lab = lab::start(workspace, &servers, &lab::Options { for_tests: true, ..lab::Options::default() })?;
    let stage = Stage::set(workspace, &servers, lab, release)?;
    let desktop_servers = Servers::new(workspace, "e2e-desktop")?;
    let desktop = DesktopStage::set(workspace, &desktop_servers, release)?;
    let mut command = workspace.cargo(["test", "--package", "xc-lab", "--test", "e2e"]);
    command.envs(stage.environment()).envs(desktop.environment());
    if let Some(program) = tools::firefox(workspace) {
        command.env("XC_FIREFOX", program);
    }
    if release {
        // How often the story of the echo call is told: the delivered page must not flake.
        command.env("XC_REPEAT", "10");
    }
    let Some(sentence) = without_firefox else { return cargo_test(command, rest) };
    eprintln!("\nSKIPPED: the stories in Firefox, for {sentence}");
    let mut tally = cargo_test(command, &[rest, &["--skip".into(), "firefox".into()]].concat())?;
    tally += Tally::SKIPPED;
    Ok(tally)
}

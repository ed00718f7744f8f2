//! The page in a real Chromium and a real Firefox against the lab.

use super::{Tally, cargo_test};
use crate::lab;
use crate::net;
use crate::server::Servers;
use crate::stage::{self, PageAlone, SecondStage, Stage};
use crate::tools::{self, Tool};
use crate::trouble::{Done, Trouble};
use crate::turn::{self, Access};
use crate::workspace::{Workspace, in_ci};

/// Sets the stages and runs `lab/tests/e2e`.
pub fn run(workspace: &Workspace, release: bool, rest: &[String]) -> Done<Tally> {
    tools::need(workspace, &[Tool::Coturn])?;
    stage::prepare(workspace, release)?;
    let mut skipped = Vec::new();
    match tools::need(workspace, &[Tool::Firefox]) {
        Ok(()) => {}
        Err(Trouble::Missing(sentence)) if !in_ci() => skipped.push(("firefox", sentence)),
        Err(trouble) => return Err(trouble),
    }
    if net::own_addresses().is_empty() {
        let sentence = "this machine has no address but loopback, which browsers use for tests only";
        skipped.push(("desktop::", sentence.into()));
    }

    let servers = Servers::new(workspace, "e2e")?;
    let turn = turn::start(workspace, &servers, Access::SharedSecret)?;
    let lab = lab::start(workspace, &servers, &lab::Options { for_tests: true, ..lab::Options::default() })?;
    let stage = Stage::set(workspace, &servers, lab, release)?;
    let desktop_servers = Servers::new(workspace, "e2e-desktop")?;
    // A lab as people start it, which offers its media on all of this machine's addresses: for browsers with no
    // settings for tests on one machine.
    let desktop = SecondStage::set(workspace, &desktop_servers, &lab::Options::default(), release)?;
    let alone_servers = Servers::new(workspace, "e2e-without-lab")?;
    let alone = PageAlone::set(workspace, &alone_servers, release)?;
    let mut command = workspace.cargo(["test", "--package", "xc-lab", "--test", "e2e"]);
    command.envs(stage.environment()).env("XC_DESKTOP_PAGE_URL", desktop.page_url());
    command.env("XC_PAGE_WITHOUT_LAB_URL", alone.page_url()).env("XC_LAB_TO_START", &alone.lab_address);
    command.envs([("XC_TURN_URL", turn.url.as_str()), ("XC_TURN_SECRET", turn::SECRET)]);
    if let Some(program) = tools::firefox(workspace) {
        command.env("XC_FIREFOX", program);
    }
    if release {
        // How often the story of the echo call is told: the delivered page must not flake.
        command.env("XC_REPEAT", "10");
    }

    let mut arguments = rest.to_vec();
    for (stories, sentence) in &skipped {
        eprintln!("\nSKIPPED: the stories {stories}, for {sentence}");
        arguments.extend(["--skip".to_string(), (*stories).to_string()]);
    }
    let mut tally = cargo_test(command, &arguments)?;
    tally.skipped += skipped.len();
    Ok(tally)
}

//! `cargo xtask screenshot`: the pictures in `docs`, taken from the pages as they are delivered.

use std::fs;

use crate::lab;
use crate::process;
use crate::server::Servers;
use crate::stage::{self, Stage};
use crate::trouble::{Done, OrSay};
use crate::workspace::Workspace;

/// Takes all of them.
pub fn screenshot(workspace: &Workspace) -> Done {
    stage::prepare(workspace, true)?;
    let servers = Servers::new(workspace, "screenshot")?;
    let lab = lab::start(workspace, &servers, &lab::Options { for_tests: true, ..lab::Options::default() })?;
    let stage = Stage::set(workspace, &servers, lab, true)?;
    let folder = workspace.root.join("docs");
    let more = workspace.root.join("target/pictures");
    fs::create_dir_all(&more).or_say(|| format!("cannot make {}", more.display()))?;
    let mut command = workspace.cargo(["test", "--package", "xc-lab", "--test", "pictures"]);
    command.envs(stage.environment()).env("XC_PICTURES", &folder).env("XC_MORE_PICTURES", &more);
    process::run("taking the pictures", &mut command)?;
    println!("The pictures are in {}, more to look at in {}", folder.display(), more.display());
    Ok(())
}

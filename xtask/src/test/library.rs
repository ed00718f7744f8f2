//! `xc_webrtc.js` in pages of other people: a real Chromium, nginx with the sample configuration, and behind it the lab,
//! or the lab with a real Asterisk.

use super::{Tally, cargo_test};
use crate::asterisk::{self, Asterisk, Installed, Media};
use crate::compress;
use crate::lab::{self, Lab};
use crate::library;
use crate::nginx;
use crate::server::{Server, Servers};
use crate::stage;
use crate::tools::{self, Tool};
use crate::trouble::{Done, OrSay, Trouble};
use crate::workspace::{Workspace, in_ci};
use std::fs;
use std::path::Path;

/// The pages of the stories, and the one that people start from.
const PAGES: [&str; 2] = ["lab/tests/library/pages", "examples"];

/// Sets the stage and runs `lab/tests/library`.
pub fn run(workspace: &Workspace, release: bool, rest: &[String]) -> Done<Tally> {
    tools::need_for_the_page(workspace, release, &[Tool::Chromium, Tool::Nginx, Tool::Tsc])?;
    lab::build(workspace)?;
    let site = workspace.scratch("library-site")?;
    library::build(workspace, release, &site.join("lib"))?;
    for folder in PAGES {
        copy(&workspace.root.join(folder), &site)?;
    }

    // For the story of a script whose program is missing.
    copy_file(&site.join("lib/xc_webrtc.js"), &site.join("alone.js"))?;

    compress::folder(workspace, &site)?;

    let servers = Servers::new(workspace, "library")?;
    let lab = lab::start(workspace, &servers, &lab::Options { for_tests: true, ..lab::Options::default() })?;
    let (_nginx, page) = nginx::serve(workspace, &servers, &site, &lab.url)?;
    let with_asterisk = match asterisk::install(workspace) {
        Ok(installed) => Some(AsteriskSite::set(workspace, &installed, &site)?),
        Err(Trouble::Missing(sentence)) if !in_ci() => {
            eprintln!("\nSKIPPED: the stories asterisk::, for {sentence}");
            None
        }
        Err(trouble) => return Err(trouble),
    };
    let (_driver, driver) = stage::start_driver(workspace, &servers)?;
    let mut command = workspace.cargo(["test", "--package", "xc-lab", "--test", "library"]);
    command.env("XC_PAGE_URL", page).env("XC_LAB_URL", &lab.url).env("XC_CHROMEDRIVER", driver);
    command.env("XC_LIBRARY", site.join("lib"));
    let mut arguments = rest.to_vec();
    match &with_asterisk {
        Some(site) => {
            command.env("XC_ASTERISK_PAGE_URL", &site.page).envs(site.asterisk.environment());
        }
        None => arguments.extend(["--skip", "asterisk::"].map(String::from)),
    }
    let mut tally = cargo_test(command, &arguments)?;
    tally.skipped += usize::from(with_asterisk.is_none());
    Ok(tally)
}

/// The same pages with an Asterisk behind the lab. Dropping it ends all three.
struct AsteriskSite {
    page: String,
    _nginx: Server,
    _lab: Lab,
    asterisk: Asterisk,
}

impl AsteriskSite {
    fn set(workspace: &Workspace, installed: &Installed, site: &Path) -> Done<Self> {
        let servers = Servers::new(workspace, "library-asterisk")?;
        let asterisk = Asterisk::start(workspace, &servers, installed, Media::Loopback)?;
        let url = asterisk.websocket();
        let options = lab::Options {
            for_tests: true,
            asterisk: Some(&url),
            environment: asterisk.lab_environment(),
            ..lab::Options::default()
        };
        let lab = lab::start(workspace, &servers, &options)?;
        let (nginx, page) = nginx::serve(workspace, &servers, site, &lab.url)?;
        Ok(AsteriskSite { page, _nginx: nginx, _lab: lab, asterisk })
    }
}

fn copy(from: &Path, to: &Path) -> Done {
    let doing = || format!("cannot copy {} to {}", from.display(), to.display());
    for entry in fs::read_dir(from).or_say(doing)? {
        let file = entry.or_say(doing)?.path();
        if let Some(name) = file.file_name() {
            copy_file(&file, &to.join(name))?;
        }
    }
    Ok(())
}

fn copy_file(from: &Path, to: &Path) -> Done {
    fs::copy(from, to).map(|_| ()).or_say(|| format!("cannot copy {} to {}", from.display(), to.display()))
}

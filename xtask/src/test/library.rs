//! `xc_webrtc.js` in pages of other people: a real Chromium and a real Firefox, nginx with the sample configuration, and
//! behind it the lab, or the lab with a real Asterisk. A release is tested together with the pages, as `dist` has them.

use super::{Tally, cargo_test};
use crate::asterisk;
use crate::compress;
use crate::lab;
use crate::library;
use crate::nginx;
use crate::page;
use crate::server::Servers;
use crate::stage::{self, AsteriskSite};
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
    let mut skipped = Vec::new();
    match tools::need(workspace, &[Tool::Firefox]) {
        Ok(()) => {}
        Err(Trouble::Missing(sentence)) if !in_ci() => skipped.push(("firefox", sentence)),
        Err(trouble) => return Err(trouble),
    }
    let site = workspace.scratch("library-site")?;
    if release {
        // With the library.
        page::bundle(workspace, &site)?;
    } else {
        library::build(workspace, release, &site.join("lib"))?;
        skipped.push(("delivered::", "they need the pages as they are delivered: --release".into()));
    }
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
        Ok(installed) => Some(AsteriskSite::set(workspace, "library-asterisk", &installed, &site)?),
        Err(Trouble::Missing(sentence)) if !in_ci() => {
            skipped.push(("asterisk::", sentence));
            None
        }
        Err(trouble) => return Err(trouble),
    };
    let (_driver, driver) = stage::start_driver(workspace, &servers)?;
    let mut command = workspace.cargo(["test", "--package", "xc-lab", "--test", "library"]);
    command.env("XC_PAGE_URL", page).env("XC_LAB_URL", &lab.url).env("XC_CHROMEDRIVER", driver);
    command.env("XC_LIBRARY", site.join("lib"));
    if let Some(program) = tools::firefox(workspace) {
        command.env("XC_FIREFOX", program);
    }
    if let Some(site) = &with_asterisk {
        command.env("XC_ASTERISK_PAGE_URL", &site.page).envs(site.asterisk.environment());
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

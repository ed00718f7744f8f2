//! Tools that come as packages of the system.

use super::{Tool, looks_offline};
use crate::process;
use crate::trouble::{Done, failed, missing};
use crate::workspace::Workspace;
use nix::unistd::Uid;
use std::process::Command;

/// Packages of Debian and Ubuntu, and the programs that show they are there.
struct Package {
    tool: Tool,
    name: &'static str,
    programs: &'static [&'static str],
}

const PACKAGES: [Package; 5] = [
    Package { tool: Tool::WasmOpt, name: "binaryen", programs: &["wasm-opt"] },
    Package {
        tool: Tool::Chromium,
        name: "chromium",
        programs: &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"],
    },
    Package { tool: Tool::Chromium, name: "chromium-driver", programs: &["chromedriver"] },
    Package { tool: Tool::Debootstrap, name: "debootstrap", programs: &["debootstrap"] },
    // Debian has it from the start, others do not; a path stands for itself.
    Package {
        tool: Tool::Debootstrap,
        name: "debian-archive-keyring",
        programs: &["/usr/share/keyrings/debian-archive-keyring.gpg"],
    },
];

/// Installs the packages that are not there: as root, or by sudo where that asks for no password.
pub fn need(workspace: &Workspace, tools: &[Tool]) -> Done {
    let absent: Vec<&str> = PACKAGES
        .iter()
        .filter(|package| tools.contains(&package.tool))
        .filter(|package| package.programs.iter().all(|program| workspace.which(program).is_none()))
        .map(|package| package.name)
        .collect();
    if absent.is_empty() {
        return Ok(());
    }
    let names = absent.join(" ");
    if workspace.which("apt-get").is_none() {
        return missing(format!(
            "these are needed and this system has no apt-get to install them: {names}; install them by your \
             system's own packages and run this again"
        ));
    }
    if !may_install(workspace) {
        return missing(format!(
            "these packages are needed and may not be installed from here: {names}; \
             run `sudo apt-get install {names}` and then this again"
        ));
    }
    println!("Installing {names} by apt-get (1 or 2 minutes).");
    let mut offline = false;
    // The lists of a fresh machine are empty or old; what matters is whether the packages come.
    apt_get(workspace, &["update", "--quiet"], &mut offline)?;
    let install = ["install", "--yes", "--quiet", "--no-install-recommends"];
    match (apt_get(workspace, &[&install, absent.as_slice()].concat(), &mut offline)?, offline) {
        (true, _) => Ok(()),
        (false, true) => {
            failed(format!("apt-get cannot reach the network to install {names}; connect and run this again"))
        }
        (false, false) => failed(format!("`apt-get install {names}` failed; the messages above say why")),
    }
}

/// Whether packages may be installed without asking anybody.
pub fn may_install(workspace: &Workspace) -> bool {
    Uid::effective().is_root()
        || workspace.which("sudo").is_some()
            && process::output_of(workspace.command("sudo").args(["-n", "true"])).is_some()
}

/// A command with root's rights; check [`may_install`] first.
pub fn as_root(workspace: &Workspace, program: &str) -> Command {
    if Uid::effective().is_root() {
        return workspace.command(program);
    }
    let mut command = workspace.command("sudo");
    command.args(["-n", program]);
    command
}

fn apt_get(workspace: &Workspace, arguments: &[&str], offline: &mut bool) -> Done<bool> {
    // Through env, for sudo drops the environment.
    let mut command = as_root(workspace, "env");
    command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get"]).args(arguments);
    let status = process::run_reading("apt-get", &mut command, |line| *offline |= looks_offline(line))?;
    Ok(status.success())
}

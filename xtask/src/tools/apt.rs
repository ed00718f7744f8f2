//! Tools that come as packages of the system.

use super::{Tool, looks_offline};
use crate::process;
use crate::trouble::{Done, failed, missing};
use crate::workspace::Workspace;
use nix::unistd::Uid;
use std::path::PathBuf;
use std::process::Command;

/// Packages of Debian and Ubuntu, and the programs that show they are there.
struct Package {
    tool: Tool,
    name: &'static str,
    programs: &'static [&'static str],
}

const PACKAGES: [Package; 14] = [
    Package { tool: Tool::WasmOpt, name: "binaryen", programs: &["wasm-opt"] },
    Package {
        tool: Tool::Chromium,
        name: "chromium",
        programs: &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"],
    },
    Package { tool: Tool::Chromium, name: "chromium-driver", programs: &["chromedriver"] },
    Package { tool: Tool::Firefox, name: "firefox-esr", programs: &FIREFOX },
    Package { tool: Tool::Nginx, name: "nginx-light", programs: &["nginx"] },
    Package {
        tool: Tool::Nginx,
        name: "libnginx-mod-http-brotli-static",
        programs: &["/usr/lib/nginx/modules/ngx_http_brotli_static_module.so"],
    },
    Package { tool: Tool::Tsc, name: "node-typescript", programs: &["tsc"] },
    Package { tool: Tool::Coturn, name: "coturn", programs: &["turnserver"] },
    Package { tool: Tool::Curl, name: "curl", programs: &["curl"] },
    Package { tool: Tool::Kamailio, name: "kamailio", programs: &["kamailio"] },
    Package {
        tool: Tool::Kamailio,
        name: "kamailio-websocket-modules",
        programs: &["/usr/share/doc/kamailio-websocket-modules/copyright"],
    },
    Package {
        tool: Tool::Kamailio,
        name: "kamailio-outbound-modules",
        programs: &["/usr/share/doc/kamailio-outbound-modules/copyright"],
    },
    Package { tool: Tool::Debootstrap, name: "debootstrap", programs: &["debootstrap"] },
    // Debian has it from the start, others do not; a path stands for itself.
    Package {
        tool: Tool::Debootstrap,
        name: "debian-archive-keyring",
        programs: &["/usr/share/keyrings/debian-archive-keyring.gpg"],
    },
];

/// What Firefox is called: the release with long support as Debian has it, and any other.
const FIREFOX: [&str; 2] = ["firefox-esr", "firefox"];

/// Where Firefox is. Its driver looks for it under one name only.
pub fn firefox(workspace: &Workspace) -> Option<PathBuf> {
    FIREFOX.iter().find_map(|program| workspace.which(program))
}

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
    let mut words = Words::default();
    // The lists of a fresh machine are empty or old; what matters is whether the packages come.
    apt_get(workspace, &["update", "--quiet"], &mut words)?;
    let install = ["install", "--yes", "--quiet", "--no-install-recommends"];
    match (apt_get(workspace, &[&install, absent.as_slice()].concat(), &mut words)?, words) {
        (true, _) => Ok(()),
        (false, Words { offline: true, .. }) => {
            failed(format!("apt-get cannot reach the network to install {names}; connect and run this again"))
        }
        (false, Words { unknown: true, .. }) => missing(format!(
            "this system's package sources do not have all of these: {names}; \
             install them in another way and run this again"
        )),
        (false, _) => failed(format!("`apt-get install {names}` failed; the messages above say why")),
    }
}

/// What apt-get's words mean.
#[derive(Clone, Copy, Default)]
struct Words {
    offline: bool,
    /// A package is not in the lists: Ubuntu has no firefox-esr, for one.
    unknown: bool,
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

fn apt_get(workspace: &Workspace, arguments: &[&str], words: &mut Words) -> Done<bool> {
    // Through env, for sudo drops the environment.
    let mut command = as_root(workspace, "env");
    command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get"]).args(arguments);
    let status = process::run_reading("apt-get", &mut command, |line| {
        words.offline |= looks_offline(line);
        words.unknown |=
            line.contains("Unable to locate package") || line.contains("no installation candidate");
    })?;
    Ok(status.success())
}

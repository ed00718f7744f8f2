//! Tools that come from the crate registry, built once and kept in the cache.

use super::looks_offline;
use crate::process;
use crate::trouble::{Done, OrSay, failed};
use crate::workspace::Workspace;
use std::fs;

/// The first trunk whose proxy forwards the sub-protocol of a websocket (`Sec-WebSocket-Protocol: sip`).
const TRUNK: Version = Version([0, 22, 1]);

/// The release that is installed where there is none.
const GECKODRIVER: Version = Version([0, 37, 1]);

/// A release, `major.minor.patch`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Version([u32; 3]);

impl Version {
    /// Reads the last word of what `tool --version` prints. A pre-release is not a release.
    fn read(text: &str) -> Option<Self> {
        let mut parts = text.split_whitespace().last()?.split('.').map(|part| part.parse().ok());
        let version = Version([parts.next()??, parts.next()??, parts.next()??]);
        parts.next().is_none().then_some(version)
    }
}

impl std::fmt::Display for Version {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Version([major, minor, patch]) = self;
        write!(f, "{major}.{minor}.{patch}")
    }
}

/// Trunk, at least [`TRUNK`].
pub fn need_trunk(workspace: &Workspace) -> Done {
    if installed(workspace, "trunk").is_some_and(|version| version >= TRUNK) {
        return Ok(());
    }
    // It states a newer compiler than it needs. Without what makes it fast it builds in half the time,
    // and it only copies files and relays sockets here; without the default features it does not ask the
    // network for a newer version of itself at each start.
    let quick = ["--ignore-rust-version", "--no-default-features", "--features", "rustls"];
    install(workspace, "trunk", TRUNK, &quick, "about 7 minutes on two cores")
}

/// The CLI of wasm-bindgen in exactly the version that Cargo.lock has: the two share a private format.
pub fn need_wasm_bindgen(workspace: &Workspace) -> Done {
    let lock_path = workspace.root.join("Cargo.lock");
    let lock = fs::read_to_string(&lock_path).or_say(|| format!("cannot read {}", lock_path.display()))?;
    let Some(wanted) = locked_version(&lock, "wasm-bindgen") else {
        return failed("Cargo.lock does not name wasm-bindgen; is this the clone of xc-webrtc?");
    };
    let fits = |tool| installed(workspace, tool) == Some(wanted);
    if fits("wasm-bindgen") && fits("wasm-bindgen-test-runner") {
        return Ok(());
    }
    install(workspace, "wasm-bindgen-cli", wanted, &[], "about 2 minutes on two cores")
}

/// Any driver of Firefox does: it speaks to all releases that are still supported.
pub fn need_geckodriver(workspace: &Workspace) -> Done {
    if workspace.which("geckodriver").is_some() {
        return Ok(());
    }
    install(workspace, "geckodriver", GECKODRIVER, &[], "about 3 minutes on two cores")
}

fn installed(workspace: &Workspace, tool: &str) -> Option<Version> {
    Version::read(&process::output_of(workspace.command(workspace.which(tool)?).arg("--version"))?)
}

fn locked_version(lock: &str, name: &str) -> Option<Version> {
    let (_, package) = lock.split_once(&format!("name = \"{name}\"\nversion = \""))?;
    Version::read(package.split_once('"')?.0)
}

fn install(workspace: &Workspace, name: &str, version: Version, options: &[&str], time: &str) -> Done {
    println!("Installing {name} {version} into {} ({time}, once).", workspace.tools().display());
    // A build folder that stays, so that an interrupted build goes on where it was.
    let build = workspace.cache.join("install");
    let mut cargo = workspace.cargo(["install", name, "--locked", "--force", "--version"]);
    cargo.arg(version.to_string()).args(options).arg("--root").arg(workspace.tools());
    cargo.env("CARGO_TARGET_DIR", &build);
    cargo.envs([
        ("CARGO_PROFILE_RELEASE_LTO", "off"),
        ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16"),
        ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1"),
    ]);
    let mut offline = false;
    let status = process::run_reading(&format!("cargo install {name}"), &mut cargo, |line| {
        offline |= looks_offline(line);
    })?;
    match (status.success(), offline) {
        (true, _) => {
            // Some hundred megabytes that nobody needs again; if they stay, nothing is lost.
            let _ = fs::remove_dir_all(build);
            Ok(())
        }
        (false, true) => failed(format!(
            "cargo cannot reach the crate registry to install {name} {version}; connect and run this again"
        )),
        (false, false) => failed(format!("`cargo install {name}` failed; the messages above say why")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_by_number() {
        let version = Version::read("trunk 0.22.1").unwrap();
        assert_eq!(version, TRUNK);
        assert!(Version::read("trunk 0.22.10").unwrap() > TRUNK);
        assert!(Version::read("trunk 0.21.14").unwrap() < TRUNK);
    }

    #[test]
    fn a_pre_release_is_not_the_release() {
        assert_eq!(Version::read("trunk 0.22.1-beta.1"), None);
    }

    #[test]
    fn the_lock_file_names_the_version() {
        let lock = "[[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.126\"\nsource = \"…\"\n";
        assert_eq!(locked_version(lock, "wasm-bindgen"), Some(Version([0, 2, 126])));
        assert_eq!(locked_version(lock, "wasm"), None);
    }
}

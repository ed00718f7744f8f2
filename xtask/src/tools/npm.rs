//! Packages of the npm registry: other people's SIP stacks for browsers, which the phone is tried with. Fetched once,
//! as they were published.

use super::{Tool, looks_offline};
use crate::process;
use crate::trouble::{Done, OrSay, failed};
use crate::workspace::Workspace;
use std::fs;
use std::path::{Path, PathBuf};

const REGISTRY: &str = "https://registry.npmjs.org";

/// A release, and what its archive is known by (SHA-512, as the registry's `integrity` has it in another notation).
struct Package {
    name: &'static str,
    version: &'static str,
    sha512: &'static str,
}

/// SIP.js, and JsSIP with what it is made of.
const PEERS: [Package; 6] = [
    Package {
        name: "sip.js",
        version: "0.21.2",
        sha512: "b52a9370882b39dd8884ffeb77bd0969b96f029f9f49f2d2c4ee2118d63a2e459163548aca04ceeceb49115fc141bf28231b4c471d0b13b9d417631aa866c5cc",
    },
    Package {
        name: "jssip",
        version: "3.13.8",
        sha512: "12bc44772d77bd74798b31a8e367e95ce53ae14982d9517b4a1838a181bb476373645d054cf7988a47df9082106bdc3eff5d58bd39607b31b59d26b27166173c",
    },
    Package {
        name: "debug",
        version: "4.4.3",
        sha512: "446c305a7c10be455f6af295b76d8518bc3ec5849dcc04709b4aeee83853540dee994e6165cdbc57790ee2cb6062bcab4e52e9baf808f468a28e5b408cd6dca8",
    },
    Package {
        name: "ms",
        version: "2.1.3",
        sha512: "e85973b9b4cb646dc9d9afcd542025784863ceae68c601f268253dc985ef70bb2fa1568726afece715c8ebf5d73fab73ed1f7100eb479d23bfb57b45dd645394",
    },
    Package {
        name: "events",
        version: "3.3.0",
        sha512: "990c3ed9f9106c02f343b574318d08a9d9d734e793b4fe2bd2537dcfb0006b009782a79aedb0e28b6d0062b201ac577f1f1d0cd8e733e92d75d4268591471bd1",
    },
    Package {
        name: "sdp-transform",
        version: "2.15.0",
        sha512: "2ab387f3673f5be1984342c7aadaf771a469337213825ab796319421bf0b4e48bb07269c259f73fa98921a2c190ec4728506d804e04982bda4e97e016578b72b",
    },
];

/// Names and versions of the stacks.
pub fn peers() -> impl Iterator<Item = (&'static str, &'static str)> {
    PEERS.iter().take(2).map(|package| (package.name, package.version))
}

/// The folder with all of them, each under its name.
pub fn need_peers(workspace: &Workspace) -> Done<PathBuf> {
    let folder = workspace.cache.join("npm");
    for package in &PEERS {
        let place = folder.join(format!("{}-{}", package.name, package.version));
        if !place.join("package.json").is_file() {
            fetch(workspace, package, &place)?;
        }
    }
    // By the names that scripts import them by.
    let named = workspace.scratch("npm")?;
    for package in &PEERS {
        let link = named.join(package.name);
        let place = folder.join(format!("{}-{}", package.name, package.version));
        if fs::read_link(&link).ok().as_deref() != Some(&*place) {
            drop(fs::remove_file(&link));
            std::os::unix::fs::symlink(&place, &link).or_say(|| format!("cannot make {}", link.display()))?;
        }
    }
    Ok(named)
}

fn fetch(workspace: &Workspace, package: &Package, place: &Path) -> Done {
    let Package { name, version, sha512 } = package;
    super::need(workspace, &[Tool::Curl])?;
    println!("Fetching {name} {version} from the npm registry.");
    let part = workspace.scratch("npm-part")?;
    let archive = part.join(format!("{name}.tgz"));
    let url = format!("{REGISTRY}/{name}/-/{name}-{version}.tgz");
    let mut curl = workspace.command("curl");
    curl.args(["--fail", "--silent", "--show-error", "--location", "--retry", "3", "--output"]).arg(&archive);
    let mut offline = false;
    if !process::run_reading("curl", curl.arg(&url), |line| offline |= looks_offline(line))?.success() {
        let why = if offline { "connect and run this again" } else { "the message above says why" };
        return failed(format!("{url} cannot be fetched: {why}"));
    }
    let sum = process::output_of(workspace.command("sha512sum").arg(&archive)).unwrap_or_default();
    if sum.split_whitespace().next() != Some(sha512) {
        return failed(format!("{url} is not what it was when this project chose it: another SHA-512 sum"));
    }
    process::run("tar", workspace.command("tar").arg("-xzf").arg(&archive).arg("-C").arg(&part))?;
    // The folder inside is called `package`, whatever the package is.
    if let Some(parent) = place.parent() {
        fs::create_dir_all(parent).or_say(|| format!("cannot make {}", parent.display()))?;
    }
    process::run("mv", workspace.command("mv").arg(part.join("package")).arg(place))?;
    fs::remove_file(&archive).or_say(|| format!("cannot remove {}", archive.display()))
}

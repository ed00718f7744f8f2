//! An Asterisk on this machine: the system's own, or one in a small Debian of its own.

use crate::process;
use crate::server::UNTIL_INPUT_ENDS;
use crate::tools::{self, Tool, as_root, looks_offline, may_install};
use crate::trouble::{Done, OrSay, failed, missing};
use crate::workspace::Workspace;
use nix::unistd::{Gid, Uid};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The oldest release with everything that the tests rely on.
const OLDEST: u32 = 20;

/// Debian's stable releases have no Asterisk, unstable has.
const SUITE: &str = "sid";
const MIRROR: &str = "http://deb.debian.org/debian";

/// Where instances lie inside the tree; belongs to the person who runs the tests.
const INSTANCES: &str = "srv/xc";

/// Gives the tree a /proc that goes away with this process, and goes on inside.
const INTO_TREE: &str = r#"mount -t proc proc "$1/proc" && shift && exec chroot "$@""#;

/// An Asterisk that can be started.
pub enum Installed {
    /// Installed by the system's packages: the program.
    System(PathBuf),
    /// In a tree made by debootstrap: its root.
    Tree(PathBuf),
}

/// Finds one, or makes the tree, which takes two minutes and 350 MB once.
pub fn install(workspace: &Workspace) -> Done<Installed> {
    if let Some(program) = workspace.which("asterisk")
        && process::output_of(workspace.command(&program).arg("-V")).as_deref().and_then(release)
            >= Some(OLDEST)
    {
        return Ok(Installed::System(program));
    }
    if !may_install(workspace) {
        return missing(format!(
            "an Asterisk is needed; run this as root, or let sudo work without a password, or install \
             Asterisk {OLDEST} or newer by your system's packages"
        ));
    }
    let tree = workspace.cache.join("asterisk");
    if !tree.join("usr/sbin/asterisk").is_file() {
        make_tree(workspace, &tree)?;
    }
    prepare_instances(workspace, &tree)?;
    Ok(Installed::Tree(tree))
}

impl Installed {
    /// The folder that instances have their folders in.
    pub fn instances(&self, workspace: &Workspace) -> PathBuf {
        match self {
            Installed::System(_) => workspace.root.join("target/asterisk"),
            Installed::Tree(tree) => tree.join(INSTANCES),
        }
    }

    /// A path as this Asterisk sees it.
    pub fn seen_from_inside(&self, path: &Path) -> PathBuf {
        match self {
            Installed::System(_) => path.to_path_buf(),
            Installed::Tree(tree) => Path::new("/").join(path.strip_prefix(tree).unwrap_or(path)),
        }
    }

    /// The command that runs the instance whose folder this is.
    pub fn command(&self, workspace: &Workspace, folder: &Path) -> Command {
        let settings = self.seen_from_inside(folder).join("etc/asterisk.conf");
        let mut command = match self {
            Installed::System(program) => workspace.command(program),
            Installed::Tree(tree) => {
                let mut command = as_root(workspace, "unshare");
                command.args(["--mount", "sh", "-c", INTO_TREE, "sh"]).arg(tree).arg(owner("--userspec="));
                // Once more inside, for nobody but root may send a signal to what sudo started.
                command.arg(tree).args(["sh", "-c", UNTIL_INPUT_ENDS, "sh", "/usr/sbin/asterisk"]);
                command
            }
        };
        // In the foreground, and talkative enough to be waited for.
        command.arg("-f").arg("-vvv").arg("-C").arg(settings);
        command
    }
}

/// From `Asterisk 22.10.1~dfsg+…`.
fn release(version: &str) -> Option<u32> {
    let (_, number) = version.split_once("Asterisk ")?;
    number.split('.').next()?.parse().ok()
}

fn make_tree(workspace: &Workspace, tree: &Path) -> Done {
    tools::need(workspace, &[Tool::Debootstrap])?;
    println!("Installing Asterisk into {} by debootstrap (about 2 minutes, 350 MB, once).", tree.display());
    // Beside its place until it is whole.
    let part = tree.with_extension("part");
    let remove = || process::run("rm", as_root(workspace, "rm").arg("-rf").arg(&part));
    remove()?;
    fs::create_dir_all(&workspace.cache).or_say(|| format!("cannot make {}", workspace.cache.display()))?;

    let mut command = as_root(workspace, "debootstrap");
    command.args(["--variant=minbase", "--include=asterisk,ca-certificates", SUITE]).arg(&part);
    command.arg(mirror()).arg("/usr/share/debootstrap/scripts/sid");
    let mut offline = false;
    let status = process::run_reading("debootstrap", &mut command, |line| offline |= looks_offline(line))?;
    if !status.success() {
        let why = match offline {
            true => "the Debian mirror cannot be reached; connect and run this again",
            false => "the messages above say why",
        };
        return failed(format!("debootstrap could not install Asterisk: {why}"));
    }
    let downloads = [part.join("var/cache/apt/archives"), part.join("var/lib/apt/lists")];
    process::run("rm", as_root(workspace, "rm").arg("-rf").args(downloads))?;
    process::run("mv", as_root(workspace, "mv").arg(&part).arg(tree))
}

/// Asterisk runs with the rights of the person who runs the tests, so its folders are theirs.
fn prepare_instances(workspace: &Workspace, tree: &Path) -> Done {
    let folder = tree.join(INSTANCES);
    if folder.is_dir() {
        return Ok(());
    }
    process::run("mkdir", as_root(workspace, "mkdir").arg("-p").arg(&folder))?;
    process::run("chown", as_root(workspace, "chown").arg(owner("")).arg(&folder))
}

fn owner(prefix: &str) -> String {
    format!("{prefix}{}:{}", Uid::effective(), Gid::effective())
}

/// The Debian mirror that the machine's own apt uses.
fn mirror() -> String {
    let folder =
        fs::read_dir("/etc/apt/sources.list.d").into_iter().flatten().flatten().map(|entry| entry.path());
    let files = std::iter::once(PathBuf::from("/etc/apt/sources.list")).chain(folder);
    let texts = files.filter_map(|path| fs::read_to_string(path).ok());
    texts.filter_map(|text| mirror_in(&text)).next().unwrap_or_else(|| MIRROR.into())
}

/// The first Debian mirror in a list of sources, `deb URI …` or `URIs: URI`.
fn mirror_in(sources: &str) -> Option<String> {
    let entries = sources.lines().filter(|line| line.starts_with("deb ") || line.starts_with("URIs:"));
    let mut words = entries.flat_map(str::split_whitespace);
    words
        .find(|word| word.starts_with("http") && word.trim_end_matches('/').ends_with("/debian"))
        .map(String::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mirror_is_read_from_both_forms_of_sources() {
        let list = "# deb http://old.example.org/debian\ndeb [arch=amd64] http://mirror.example.org/debian/ bookworm main\n";
        assert_eq!(mirror_in(list), Some("http://mirror.example.org/debian/".into()));
        let deb822 =
            "Types: deb\n# http://snapshot.example.org/debian\nURIs: http://mirror.example.org/debian\n";
        assert_eq!(mirror_in(deb822), Some("http://mirror.example.org/debian".into()));
        assert_eq!(mirror_in("deb https://deb.example.com/node_20.x nodistro main\n"), None);
    }

    #[test]
    fn the_release_is_its_first_number() {
        assert_eq!(release("Asterisk 22.10.1+dfsg+~cs6.17.60671434-1"), Some(22));
        assert_eq!(release("asterisk: not found"), None);
    }
}

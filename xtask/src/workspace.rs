//! Where things lie, and commands that start from there.

use crate::trouble::{Done, OrSay, failed};
use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What cargo sets for the program it runs. A cargo inside would take it for its own settings, and build
/// scripts that watch such a variable would run again at each call.
const SET_BY_CARGO: [&str; 8] = [
    "CARGO_BIN_NAME",
    "CARGO_CRATE_NAME",
    "CARGO_MANIFEST_",
    "CARGO_PKG_",
    "CARGO_PRIMARY_PACKAGE",
    "CARGO_RUSTC_CURRENT_DIR",
    "OUT_DIR",
    "RUSTC_BOOTSTRAP",
];

/// How a task tells the tasks that it starts where the clone is.
const ROOT: &str = "XC_ROOT";

/// The clone and the folders that its tasks use.
pub struct Workspace {
    /// The clone.
    pub root: PathBuf,
    /// Where cargo builds: `CARGO_TARGET_DIR`, else the folder that this very program was built into.
    pub target: PathBuf,
    /// What outlives the clone: tools, the Asterisk tree. `XC_CACHE`, else `~/.cache/xc-webrtc`.
    pub cache: PathBuf,
}

impl Workspace {
    /// Finds the clone from what a task told that started this one, or cargo. What was compiled in may be another
    /// clone: they can share what is built.
    pub fn find() -> Done<Self> {
        let manifest = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        let told = env::var_os(ROOT).map(PathBuf::from);
        let Some(root) = told.or_else(|| Path::new(&manifest).parent().map(Path::to_path_buf)) else {
            return failed(
                "cannot tell where the clone is; start this task as `cargo xtask …` inside the clone",
            );
        };
        let target = match env::var_os("CARGO_TARGET_DIR") {
            Some(folder) => root.join(folder),
            // target/debug/xtask
            None => match env::current_exe().ok().as_deref().and_then(Path::parent).and_then(Path::parent) {
                Some(folder) => folder.to_path_buf(),
                None => root.join("target"),
            },
        };
        let cache = match (env::var_os("XC_CACHE"), env::var_os("HOME")) {
            (Some(folder), _) => root.join(folder),
            (None, Some(home)) => Path::new(&home).join(".cache/xc-webrtc"),
            (None, None) => return failed("HOME is not set; name a folder for downloaded tools in XC_CACHE"),
        };
        Ok(Workspace { root, target, cache })
    }

    /// A command in the clone, with our tools first on its PATH.
    pub fn command(&self, program: impl AsRef<Path>) -> Command {
        let mut command = Command::new(program.as_ref());
        command.current_dir(&self.root).env("PATH", self.path()).env(ROOT, &self.root);
        for (name, _) in env::vars_os() {
            if name.to_str().is_some_and(|name| SET_BY_CARGO.iter().any(|prefix| name.starts_with(prefix))) {
                command.env_remove(name);
            }
        }
        command
    }

    /// Cargo in the clone, building into the same folder as everything else.
    pub fn cargo<'a>(&self, arguments: impl IntoIterator<Item = &'a str>) -> Command {
        let mut command = self.command(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command.args(arguments).env("CARGO_TARGET_DIR", &self.target);
        command
    }

    /// Where tools are installed by `cargo install --root`.
    pub fn tools(&self) -> PathBuf {
        self.cache.join("tools")
    }

    /// A folder for files that tasks make beside the builds: certificates, settings, logs. Made if absent.
    pub fn scratch(&self, name: &str) -> Done<PathBuf> {
        let folder = self.root.join("target").join(name);
        fs::create_dir_all(&folder).or_say(|| format!("cannot make the folder {}", folder.display()))?;
        Ok(folder)
    }

    /// The first program of that name on the PATH, our own tools first.
    pub fn which(&self, program: &str) -> Option<PathBuf> {
        env::split_paths(&self.path()).map(|folder| folder.join(program)).find(|file| file.is_file())
    }

    /// Debian keeps debootstrap and chroot in sbin, which a plain user's PATH leaves out.
    fn path(&self) -> OsString {
        let inherited = env::var_os("PATH").unwrap_or_default();
        let folders = [self.tools().join("bin")]
            .into_iter()
            .chain(env::split_paths(&inherited))
            .chain(["/usr/sbin".into(), "/sbin".into()]);
        env::join_paths(folders).unwrap_or(inherited)
    }
}

/// Whether this is a CI run, where nothing may be skipped.
pub fn in_ci() -> bool {
    env::var("CI").is_ok_and(|value| !matches!(value.as_str(), "" | "0" | "false"))
}

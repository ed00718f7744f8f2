//! Folders that live as long as the task.

use crate::process::lock;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// Those that are there now, for the case that a signal ends the task.
static FOLDERS: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// A folder that is removed, with all in it, when this is dropped or a signal ends the task.
pub struct ShortLived(PathBuf);

impl ShortLived {
    /// The folder need not be there yet.
    pub fn new(path: PathBuf) -> Self {
        lock(&FOLDERS).push(path.clone());
        ShortLived(path)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for ShortLived {
    fn drop(&mut self) {
        // Held until it is removed: a signal's thread must not end the program halfway.
        let mut folders = lock(&FOLDERS);
        remove(&self.0);
        folders.retain(|path| *path != self.0);
    }
}

/// Removes all of them. Whoever writes into them must have ended.
pub fn remove_all() {
    lock(&FOLDERS).iter().for_each(|path| remove(path));
}

fn remove(path: &Path) {
    if path.exists()
        && let Err(error) = std::fs::remove_dir_all(path)
    {
        eprintln!("cannot remove {}: {error}", path.display());
    }
}

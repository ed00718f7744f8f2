//! Where the servers are that `cargo xtask test` started for these stories.

use std::env;
use std::path::{Path, PathBuf};

use super::browser::Site;

/// The value of an environment variable that xtask sets.
pub fn setting(name: &str) -> String {
    let suite = env!("CARGO_CRATE_NAME");
    env::var(name).unwrap_or_else(|_| panic!("{name} is not set: run it by `cargo xtask test {suite}`"))
}

/// The address of a page, without a slash at its end.
pub fn page(site: Site) -> String {
    let name = match site {
        Site::Main => "XC_PAGE_URL",
        Site::Desktop => "XC_DESKTOP_PAGE_URL",
        Site::WithoutManager => "XC_PAGE_WITHOUT_MANAGER_URL",
        Site::BehindKamailio => "XC_PAGE_BEHIND_KAMAILIO_URL",
        Site::WithoutLab => "XC_PAGE_WITHOUT_LAB_URL",
    };
    setting(name).trim_end_matches('/').to_owned()
}

/// A folder for what the stories leave: pictures of failures, sound files.
pub fn folder() -> PathBuf {
    // Beside `target/tmp`, so in `target` whatever that is called here.
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("e2e");
    std::fs::create_dir_all(&folder)
        .unwrap_or_else(|cause| panic!("cannot make {}: {cause}", folder.display()));
    folder
}

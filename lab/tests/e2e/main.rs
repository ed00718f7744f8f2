//! The page as a person uses it: a real Chromium and a real Firefox, the lab as the server, the page served over TLS.
//!
//! Run by `cargo xtask test e2e`, which starts all that and says where it is.
#![allow(clippy::panic, clippy::unwrap_used, reason = "a failed story panics with what was seen")]

mod audio;
mod background;
mod calls;
mod commands;
mod desktop;
mod dialling;
mod door;
mod fail_over;
mod faults;
mod firefox;
mod hearing_each_other;
mod killed;
mod log_in;
mod looks;
mod recovery;
mod reload;
mod ringing;
mod sample;
#[path = "../support/mod.rs"]
mod support;
mod tabs;
mod three_people;
mod tones;
mod turn;
mod video;

use std::sync::LazyLock;

use support::people::People;

/// The lab's people. Their passwords are their logins.
static LAB: LazyLock<People> = LazyLock::new(people_of_the_lab);

/// The same in the lab of stories with [`support::browser::Site::Desktop`].
static DESKTOP_LAB: LazyLock<People> = LazyLock::new(people_of_the_lab);

fn people_of_the_lab() -> People {
    People::everybody(str::to_owned)
}

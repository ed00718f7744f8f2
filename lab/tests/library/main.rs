//! `xc_webrtc.js` through the script tag, as integrators load it: a real Chromium, the lab, nginx with a strict CSP.
//!
//! Run by `cargo xtask test library`, which starts all that and says where it is.
#![allow(clippy::panic, clippy::unwrap_used, reason = "a failed story panics with what was seen")]

#[path = "../interop/ami.rs"]
#[allow(dead_code, reason = "these stories use a part of it")]
mod ami;
mod asterisk;
mod cti;
mod defects_calls;
mod defects_life_cycle;
mod delivered;
mod developers;
mod devices;
#[path = "../e2e/door.rs"]
#[allow(dead_code, reason = "these stories use a part of it")]
mod door;
mod firefox;
mod first_call;
mod integrator;
mod loading;
mod names;
mod nginx;
mod own_cti;
mod people;
mod plain;
mod starting;
#[path = "../support/mod.rs"]
mod support;
mod types;

use std::sync::LazyLock;

use support::people::People;

/// The lab's people. Their passwords are their logins.
static LAB: LazyLock<People> = LazyLock::new(|| People::everybody(str::to_owned));

//! The page as a person uses it, with a real Asterisk as the telephony server, alone and behind a real
//! Kamailio. The lab does what XUC does.
//!
//! Run by `cargo xtask test interop`, which starts all that and says where it is.
#![allow(clippy::panic, clippy::unwrap_used, reason = "a failed story panics with what was seen")]

mod agent;
mod ami;
mod calls;
mod commands;
mod connected_line;
mod cti;
mod forking;
mod glare;
mod hold;
mod kamailio;
mod message_waiting;
mod peers;
mod phone_events;
mod recovery;
mod registration;
mod relay;
mod reload;
mod session_timers;
mod starting_again;
#[path = "../support/mod.rs"]
mod support;
mod three_people;
mod tones;
mod transfers;
mod user_agent;
mod video;

use std::sync::LazyLock;

use support::people::People;
use support::settings::setting;

/// The accounts that xtask gave the Asterisk.
static ASTERISK: LazyLock<People> = LazyLock::new(|| People::everybody(|_| setting("XC_ASTERISK_PASSWORD")));

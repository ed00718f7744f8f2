//! The page as a person uses it, with a real Asterisk as the telephony server. The lab does what XUC does.
//!
//! Run by `cargo xtask test interop`, which starts all that and says where it is.
#![allow(clippy::panic, clippy::unwrap_used, reason = "a failed story panics with what was seen")]

mod ami;
mod calls;
mod cti;
mod phone_events;
mod registration;
#[path = "../support/mod.rs"]
mod support;
mod transfers;
mod user_agent;

use std::sync::LazyLock;

use support::people::{People, Person};

/// The accounts that xtask gave the Asterisk.
static ASTERISK: LazyLock<People> = LazyLock::new(|| {
    let all =
        [("alice", "1001", "Alice Martin"), ("bob", "1002", "Bob Keller"), ("carol", "1003", "Carol Silva")];
    People::new(all.map(|(login, number, name)| Person {
        login: login.into(),
        password: support::settings::setting("XC_ASTERISK_PASSWORD"),
        number: number.into(),
        name: name.into(),
    }))
});

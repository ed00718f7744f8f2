//! `xc_webrtc.js` through the script tag, as integrators load it: a real Chromium, the lab, nginx with a strict CSP.
//!
//! Run by `cargo xtask test library`, which starts all that and says where it is.
#![allow(clippy::panic, clippy::unwrap_used, reason = "a failed story panics with what was seen")]

mod first_call;
mod integrator;
#[path = "../support/mod.rs"]
mod support;

use std::sync::LazyLock;

use support::people::{People, Person};

/// The lab's people. Their passwords are their logins.
static LAB: LazyLock<People> = LazyLock::new(people_of_the_lab);

fn people_of_the_lab() -> People {
    let all = [
        ("alice", "1001", "Alice Martin"),
        ("bob", "1002", "Bob Keller"),
        ("carol", "1003", "Carol Silva"),
        ("dave", "1004", "Dave Novak"),
        ("erin", "1005", "Erin Walsh"),
        ("frank", "1006", "Frank Okafor"),
        ("grace", "1007", "Grace Lindqvist"),
        ("heidi", "1008", "Heidi Brandt"),
        ("ivan", "1009", "Ivan Petrov"),
    ];
    People::new(all.map(|(login, number, name)| Person {
        login: login.into(),
        password: login.into(),
        number: number.into(),
        name: name.into(),
    }))
}

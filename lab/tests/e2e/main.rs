//! The page as a person uses it: a real Chromium and a real Firefox, the lab as the server, the page served over TLS.
//!
//! Run by `cargo xtask test e2e`, which starts all that and says where it is.
#![allow(clippy::panic, clippy::unwrap_used, reason = "a failed story panics with what was seen")]

mod audio;
mod calls;
mod commands;
mod desktop;
mod dialling;
mod door;
mod faults;
mod firefox;
mod log_in;
mod looks;
mod sample;
#[path = "../support/mod.rs"]
mod support;
mod three_people;
mod tones;
mod turn;
mod video;

use std::sync::LazyLock;

use support::people::{People, Person};

/// The lab's people. Their passwords are their logins.
static LAB: LazyLock<People> = LazyLock::new(people_of_the_lab);

/// The same in the lab of stories with [`support::browser::Network::Desktop`].
static DESKTOP_LAB: LazyLock<People> = LazyLock::new(people_of_the_lab);

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

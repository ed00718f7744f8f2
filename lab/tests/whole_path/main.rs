//! The lab on a free port, reached by real sockets as a phone would: the stories, one file each.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a panic is how a test fails")]

mod any_input;
mod between_people;
mod cti_control;
mod digits;
mod faults;
mod forwards;
mod hold;
mod hostile;
mod ice;
mod logging_in;
mod lost_sockets;
mod manager;
mod patience;
mod registration;
mod relay;
mod services;
mod support;
mod transfer;
mod user_agent;
mod whole_phone;

use xc_lab::{Config, Lab};

/// A lab of one's own.
async fn lab() -> Lab {
    Lab::start(Config::for_tests()).await.unwrap()
}

//! What stories in real browsers stand on.
//!
//! ```text
//! stage     one story: its browsers, and a picture of each when it fails
//! browser   a Chromium or Firefox with a known tone as its microphone
//! page      acting and looking by roles and visible names
//! hearing   which tone comes out of the loudspeaker, or that none does
//! seeing    which pictures are shown
//! phone     a person at the phone: logged in, ready, calling
//! patience  waiting for what no page tells
//! sample    a developer at the sample page
//! two       two people who can see each other
//! three     a person at the phone with two others
//! people    who can be at the phone, lent to one story at a time
//! settings  where `cargo xtask test` started the servers
//! tone      sound files for microphones
//! ```
#![allow(dead_code, reason = "each test program uses its own part of it")]

pub mod browser;
pub mod hearing;
pub mod page;
pub mod patience;
pub mod people;
pub mod phone;
pub mod sample;
pub mod seeing;
pub mod settings;
pub mod stage;
pub mod three;
pub mod tone;
pub mod two;

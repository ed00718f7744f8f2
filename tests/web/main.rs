//! The phone's dealings with a real browser: media, sockets, timers, and that all of it is given back.
//!
//! Run by `cargo xtask test browser` in a headless Chromium with fake devices (`webdriver.json`).

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failing test is told by panicking")]

mod support;

mod clock;
mod conference;
mod devices;
mod devices_in_calls;
mod dtmf;
mod gathering;
mod hold;
mod http;
mod negotiation;
mod party;
mod peer;
mod promises;
mod released;
mod ringer;
mod sink;
mod small_things;
mod socket;
mod streams;
mod tone;
mod turn;
mod video;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

//! The phone's dealings with a real browser: media, sockets, timers, and that all of it is given back.
//!
//! Run by `cargo xtask test browser` in a headless Chromium with fake devices (`webdriver.json`).

#![cfg(target_arch = "wasm32")]

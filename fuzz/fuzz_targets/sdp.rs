//! Session descriptions. What is checked: `tests/it/fuzzed/sdp.rs`, which the ordinary tests run over the corpus.
#![no_main]

#[path = "../../tests/it/fuzzed/sdp.rs"]
mod sdp;

libfuzzer_sys::fuzz_target!(|data: &[u8]| sdp::check(data));

//! CTI messages, and the JSON below them. What is checked: `tests/it/fuzzed/cti.rs`, which the ordinary tests run over the corpus.
#![no_main]

#[path = "../../tests/it/fuzzed/cti.rs"]
mod cti;

libfuzzer_sys::fuzz_target!(|data: &[u8]| cti::check(data));

//! SIP messages, and all that is read of them. What is checked: `tests/it/fuzzed/parser.rs`, which the ordinary tests run over the corpus.
#![no_main]

#[path = "../../tests/it/fuzzed/parser.rs"]
mod parser;

libfuzzer_sys::fuzz_target!(|data: &[u8]| parser::check(data));

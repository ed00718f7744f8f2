//! Whole conversations with the user agent. What is checked: `tests/it/fuzzed/conversation.rs`, which the ordinary tests run over the corpus.
#![no_main]

#[path = "../../tests/it/fuzzed/conversation.rs"]
mod conversation;

libfuzzer_sys::fuzz_target!(|data: &[u8]| conversation::check(data));

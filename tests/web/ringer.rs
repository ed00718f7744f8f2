//! Ringing on the real audio output.

use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{AudioContext, AudioContextState};
use xc_webrtc::rtc::audio_output::AudioOutput;
use xc_webrtc::rtc::ringer::Ringer;
use xc_webrtc::rtc::tone::Tone;

use crate::support::{eventually, last_made, lent};

fn output() -> AudioContext {
    last_made("AudioContext").unchecked_into()
}

#[wasm_bindgen_test]
async fn a_ringer_rings_until_it_is_stopped_and_then_rests() {
    let ringer = Ringer::new(AudioOutput::default());
    assert!(!ringer.is_heard());
    ringer.start(Tone::Ring);
    eventually("it rings", || ringer.is_heard()).await;
    assert_eq!(ringer.playing(), Some(Tone::Ring));
    ringer.start(Tone::Ringback);
    assert_eq!(ringer.playing(), Some(Tone::Ringback));
    ringer.stop();
    assert_eq!(ringer.playing(), None);
    eventually("the output rests", || output().state() == AudioContextState::Suspended).await;
    ringer.start(Tone::Ring);
    eventually("it rings again", || ringer.is_heard()).await;
}

#[wasm_bindgen_test]
async fn a_chirp_ends_by_itself_and_never_cuts_a_ring_short() {
    let ringer = Ringer::new(AudioOutput::default());
    ringer.chirp();
    assert_eq!(ringer.playing(), Some(Tone::Chirp));
    eventually("the chirp ends", || ringer.playing().is_none()).await;
    ringer.start(Tone::Ring);
    ringer.chirp();
    assert_eq!(ringer.playing(), Some(Tone::Ring));
}

#[wasm_bindgen_test]
async fn keys_are_heard_beside_a_ring_and_end_by_themselves() {
    let ringer = Ringer::new(AudioOutput::default());
    ringer.start(Tone::Waiting);
    ringer.keys("42");
    assert!(ringer.plays_keys());
    eventually("the keys end", || !ringer.plays_keys()).await;
    assert_eq!(ringer.playing(), Some(Tone::Waiting));
    ringer.keys("");
    assert!(!ringer.plays_keys());
    ringer.stop();
    eventually("the output rests", || output().state() == AudioContextState::Suspended).await;
    ringer.keys("7");
    eventually("a key is heard", || ringer.is_heard()).await;
    eventually("the output rests again", || output().state() == AudioContextState::Suspended).await;
}

#[wasm_bindgen_test]
async fn a_dropped_ringer_gives_the_audio_output_back() {
    let before = lent();
    let ringer = Ringer::new(AudioOutput::default());
    ringer.start(Tone::Ring);
    let output = output();
    eventually("it rings", || ringer.is_heard()).await;
    drop(ringer);
    eventually("the output is closed", || output.state() == AudioContextState::Closed).await;
    assert_eq!(lent(), before);
}

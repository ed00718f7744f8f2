//! The sounds that the phone makes, looked at as samples.

use wasm_bindgen_test::wasm_bindgen_test;
use xc_webrtc::rtc::tone::{SAMPLE_RATE, Tone};

/// The loudest sample of that stretch, in seconds.
fn peak(samples: &[f32], from: f32, to: f32) -> f32 {
    let at = |seconds: f32| (seconds * SAMPLE_RATE as f32) as usize;
    samples[at(from)..at(to)].iter().fold(0.0, |peak, sample| sample.abs().max(peak))
}

#[wasm_bindgen_test]
fn ring_and_ringback_sound_for_a_second_and_a_half_and_rest_for_three_and_a_half() {
    for tone in [Tone::Ring, Tone::Ringback] {
        let samples = tone.samples();
        assert_eq!(samples.len(), 5 * SAMPLE_RATE as usize);
        assert!(peak(&samples, 1.3, 1.5) > 0.1);
        assert_eq!(peak(&samples, 1.5, 5.0), 0.0);
    }
}

#[wasm_bindgen_test]
fn no_tone_is_clipped_or_clicks() {
    for tone in [Tone::Ring, Tone::Ringback, Tone::Chirp] {
        let samples = tone.samples();
        assert!(peak(&samples, 0.0, 0.3) < 1.0);
        assert_eq!(samples[0], 0.0);
        let steepest = samples.windows(2).map(|pair| (pair[1] - pair[0]).abs()).fold(0.0, f32::max);
        assert!(steepest < 0.25, "{tone:?} jumps by {steepest}");
    }
}

#[wasm_bindgen_test]
fn ringback_is_440_hertz() {
    let samples = Tone::Ringback.samples();
    let second = &samples[..SAMPLE_RATE as usize];
    let periods = second.windows(2).filter(|pair| pair[0] < 0.0 && pair[1] >= 0.0).count();
    assert!((439..=440).contains(&periods), "{periods} periods in a second");
}

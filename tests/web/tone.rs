//! The sounds that the phone makes, looked at as samples.

use wasm_bindgen_test::wasm_bindgen_test;
use xc_webrtc::rtc::tone::{self, SAMPLE_RATE, Tone};

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

#[wasm_bindgen_test]
fn somebody_who_waits_is_heard_softly_and_seldom() {
    let samples = Tone::Waiting.samples();
    assert_eq!(samples.len(), 10 * SAMPLE_RATE as usize);
    assert!((0.04..0.1).contains(&peak(&samples, 0.0, 0.3)));
    assert_eq!(peak(&samples, 0.3, 10.0), 0.0);
}

/// How strong that pitch is in the samples: 1 for a sine of full loudness that is nothing else.
fn strength(samples: &[f32], pitch: f32) -> f32 {
    let (mut sine, mut cosine) = (0.0, 0.0);
    for (n, sample) in samples.iter().enumerate() {
        let angle = n as f32 * pitch / SAMPLE_RATE as f32 * std::f32::consts::TAU;
        sine += sample * angle.sin();
        cosine += sample * angle.cos();
    }
    sine.hypot(cosine) * 2.0 / samples.len() as f32
}

#[wasm_bindgen_test]
fn every_key_has_its_two_pitches_and_follows_the_one_before() {
    let rows = [("123A", 697.0), ("456B", 770.0), ("789C", 852.0), ("*0#D", 941.0)];
    for (keys, row) in rows {
        let samples = tone::keys(keys);
        assert_eq!(samples.len(), (0.6 * SAMPLE_RATE as f32) as usize);
        for (n, column) in [1209.0, 1336.0, 1477.0, 1633.0].into_iter().enumerate() {
            let at = n * samples.len() / 4;
            let key = &samples[at..at + SAMPLE_RATE as usize / 10];
            assert!(strength(key, row) > 0.04 && strength(key, column) > 0.04, "{keys} {n}");
            assert!(strength(key, 1000.0) < 0.015, "{keys} {n}");
        }
    }
    assert_eq!(tone::keys(",,1").len(), (0.45 * SAMPLE_RATE as f32) as usize);
    assert!(tone::keys(&"1".repeat(1000)).len() < 3 * SAMPLE_RATE as usize);
    assert!(tone::keys("é").iter().all(|sample| *sample == 0.0));
}

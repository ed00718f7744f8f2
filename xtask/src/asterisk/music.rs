//! What a call on hold hears, as Asterisk reads it from a file.

use std::f64::consts::TAU;

/// Samples in a second; a file that ends in `.sln` has no other rate.
const RATE: u32 = 8_000;

/// In Hz, as in the lab.
const TONE: u32 = 400;

/// Softer than a voice.
const AMPLITUDE: f64 = 0.2;

/// Ten seconds of a tone, raw samples of 16 bits. A whole number of waves, so that it can begin again without a click.
pub fn tone() -> Vec<u8> {
    let sample = |at: u32| {
        let phase = f64::from(at) * f64::from(TONE) / f64::from(RATE);
        AMPLITUDE * (TAU * phase).sin() * f64::from(i16::MAX)
    };
    (0..10 * RATE).flat_map(|at| (sample(at).round() as i16).to_le_bytes()).collect()
}

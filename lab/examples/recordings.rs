//! Makes `data/*.opus-frames`, what the lab plays: Opus frames of 20 ms and 80 bytes, one after the other.
//!
//! Run it as `cargo run -p xc-lab --example recordings`. The lab itself has no codec: it sends these frames as they are,
//! and plays the endless ones round and round, which a listener does not notice because each round ends where it began.

use std::error::Error;
use std::f64::consts::TAU;
use std::fs;

use ropus::{Application, Bitrate, Channels, Encoder};

const SAMPLES_PER_SECOND: usize = 48_000;
const SAMPLES_PER_FRAME: usize = 960;
const BITS_PER_SECOND: u32 = 32_000;

/// Half of full scale: loud enough to measure, far from clipping.
const AMPLITUDE: f64 = 0.5;

/// The keys in the order of their RFC 4733 events, and the two frequencies of each (ITU-T Q.23).
const KEYS: &[u8; 16] = b"0123456789*#ABCD";
const PAD: [&[u8; 4]; 4] = [b"123A", b"456B", b"789C", b"*0#D"];
const ROWS: [f64; 4] = [697.0, 770.0, 852.0, 941.0];
const COLUMNS: [f64; 4] = [1209.0, 1336.0, 1477.0, 1633.0];

fn main() -> Result<(), Box<dyn Error>> {
    save("tone-1khz", &encode(&sound(50, |at| AMPLITUDE * sine(1000.0, at)))?)?;
    // Twice, and the first round left out: the second begins in the state in which it ends.
    let music = sound(2 * 400, music);
    save("music", &encode(&music)?[400 * 80..])?;
    // One second of the French ringing tone, then the pause.
    let ringing = sound(2 * 250, |at| if at % 5.0 < 1.5 { 0.3 * sine(440.0, at) } else { 0.0 });
    save("ringing", &encode(&ringing)?[250 * 80..])?;
    let mut keys = Vec::new();
    for key in KEYS {
        let (low, high) = frequencies(*key);
        let press = |at: f64| if at < 0.14 { 0.25 * (sine(low, at) + sine(high, at)) } else { 0.0 };
        keys.extend(encode(&sound(12, press))?);
    }
    save("keys", &keys)
}

fn sine(frequency: f64, at: f64) -> f64 {
    // The whole periods are left out first: a large phase is not exact.
    (TAU * (frequency * at).fract()).sin()
}

/// Eight seconds of a plucked tune over a ground of 400 Hz, which is the loudest all the time so that a test finds it.
fn music(at: f64) -> f64 {
    const TUNE: [f64; 16] = [
        800.0, 1000.0, 1200.0, 1600.0, 1200.0, 1000.0, 900.0, 1000.0, 800.0, 667.0, 600.0, 667.0, 800.0,
        900.0, 1000.0, 600.0,
    ];
    let at = at % 8.0;
    let (note, since) = ((at / 0.5) as usize % TUNE.len(), at % 0.5);
    let plucked = (-6.0 * since).exp() * (since * 200.0).min(1.0);
    0.25 * sine(400.0, at) + 0.12 * plucked * sine(TUNE[note], at)
}

fn frequencies(key: u8) -> (f64, f64) {
    let found = PAD.iter().zip(ROWS).find_map(|(keys, row)| {
        let column = keys.iter().position(|known| *known == key)?;
        Some((row, COLUMNS[column]))
    });
    found.expect("every key is on the pad")
}

fn sound(frames: usize, sample: impl Fn(f64) -> f64) -> Vec<f32> {
    let at = |index| sample(index as f64 / SAMPLES_PER_SECOND as f64) as f32;
    (0..frames * SAMPLES_PER_FRAME).map(at).collect()
}

fn encode(samples: &[f32]) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut encoder = Encoder::builder(SAMPLES_PER_SECOND as u32, Channels::Mono, Application::Audio)
        .bitrate(Bitrate::Bits(BITS_PER_SECOND))
        .vbr(false)
        .build()?;
    let mut frames = Vec::new();
    for samples in samples.chunks_exact(SAMPLES_PER_FRAME) {
        let mut frame = [0; 200];
        let length = encoder.encode_float(samples, &mut frame)?;
        frames.extend_from_slice(&frame[..length]);
    }
    Ok(frames)
}

fn save(name: &str, frames: &[u8]) -> Result<(), Box<dyn Error>> {
    let path = format!("{}/data/{name}.opus-frames", env!("CARGO_MANIFEST_DIR"));
    fs::write(&path, frames)?;
    println!("{path}: {} bytes", frames.len());
    Ok(())
}

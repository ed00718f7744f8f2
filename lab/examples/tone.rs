//! Makes `data/tone-1khz.opus-frames`: one second of a 1 kHz tone as Opus frames of 20 ms and 80 bytes.
//!
//! Run it as `cargo run -p xc-lab --example tone`. The lab itself has no codec: it sends these frames round and
//! round, which a listener cannot tell from an endless tone because 20 ms hold exactly 20 periods.

use std::f32::consts::TAU;
use std::fs;

use ropus::{Application, Bitrate, Channels, Encoder};

const SAMPLES_PER_FRAME: usize = 960;
const SAMPLES_PER_PERIOD: f32 = 48.0;
const FRAMES: usize = 50;
const BITS_PER_SECOND: u32 = 32_000;
/// Half of full scale: loud enough to measure, far from clipping.
const AMPLITUDE: f32 = 0.5;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let period: Vec<f32> = (0..SAMPLES_PER_FRAME)
        .map(|sample| AMPLITUDE * (TAU * sample as f32 / SAMPLES_PER_PERIOD).sin())
        .collect();
    let mut encoder = Encoder::builder(48_000, Channels::Mono, Application::Audio)
        .bitrate(Bitrate::Bits(BITS_PER_SECOND))
        .vbr(false)
        .build()?;
    let mut frames = Vec::new();
    for _ in 0..FRAMES {
        let mut frame = [0; 200];
        let length = encoder.encode_float(&period, &mut frame)?;
        frames.extend_from_slice(&frame[..length]);
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/data/tone-1khz.opus-frames");
    fs::write(path, &frames)?;
    println!("{path}: {} bytes", frames.len());
    Ok(())
}

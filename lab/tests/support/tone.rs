//! Sound files that Chromium plays into its fake microphone.

use std::f64::consts::TAU;
use std::fs;
use std::path::PathBuf;

use super::settings;

/// Samples in a second.
const RATE: u32 = 48_000;

/// Well below clipping, well above any noise.
const AMPLITUDE: f64 = 0.5;

/// A file with one second of that tone (Hz), mono PCM. A whole number of hertz makes a loop of it without a click.
pub fn file(frequency: u32) -> PathBuf {
    let path = settings::folder().join(format!("tone-{frequency}.wav"));
    if !path.exists() {
        // Written aside and renamed: another story may want the same file at this moment.
        let draft = path.with_extension(format!("{:?}", std::thread::current().id()));
        let written = fs::write(&draft, wav(frequency)).and_then(|()| fs::rename(&draft, &path));
        written.unwrap_or_else(|cause| panic!("cannot write {}: {cause}", path.display()));
    }
    path
}

fn wav(frequency: u32) -> Vec<u8> {
    const BYTES_PER_SAMPLE: u16 = 2;
    let length = RATE * u32::from(BYTES_PER_SAMPLE);
    let mut file = Vec::with_capacity(44 + length as usize);
    file.extend(b"RIFF");
    file.extend((36 + length).to_le_bytes());
    file.extend(b"WAVEfmt ");
    file.extend(16u32.to_le_bytes());
    file.extend(1u16.to_le_bytes()); // PCM
    file.extend(1u16.to_le_bytes()); // one channel
    file.extend(RATE.to_le_bytes());
    file.extend(length.to_le_bytes()); // bytes in a second
    file.extend(BYTES_PER_SAMPLE.to_le_bytes());
    file.extend((8 * BYTES_PER_SAMPLE).to_le_bytes());
    file.extend(b"data");
    file.extend(length.to_le_bytes());
    for sample in 0..RATE {
        let phase = f64::from(sample) * f64::from(frequency) / f64::from(RATE);
        let value = AMPLITUDE * (TAU * phase).sin() * f64::from(i16::MAX);
        file.extend((value.round() as i16).to_le_bytes());
    }
    file
}

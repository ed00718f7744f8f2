//! A steady 1 kHz tone in Opus, without a codec: frames made beforehand by `examples/tone.rs`.

use str0m::media::{Frequency, MediaTime};
use tokio::time::Duration;

/// How much sound one frame holds.
pub const FRAME_TIME: Duration = Duration::from_millis(20);

const FRAMES: &[u8] = include_bytes!("../../data/tone-1khz.opus-frames");
/// The frames were made with a constant bit rate of 32 kb/s.
const FRAME_BYTES: usize = 80;
/// The first frames hold the beginning of the tone; the decoder has settled after these.
const WARM_UP: usize = 25;
const SAMPLES_PER_FRAME: u64 = 960;

/// Where one listener is in the tone.
#[derive(Debug, Default)]
pub struct Tone {
    sent: u64,
}

impl Tone {
    /// The next frame and its moment on the RTP clock.
    pub fn next_frame(&mut self) -> (MediaTime, &'static [u8]) {
        let time = MediaTime::new(self.sent * SAMPLES_PER_FRAME, Frequency::FORTY_EIGHT_KHZ);
        let frame = frame(self.sent);
        self.sent += 1;
        (time, frame)
    }
}

/// Frame `number` of an endless tone: the beginning once, then the rest of the second round and round.
fn frame(number: u64) -> &'static [u8] {
    let total = FRAMES.len() / FRAME_BYTES;
    let steady = (total - WARM_UP) as u64;
    let index = match number.checked_sub(WARM_UP as u64) {
        None => number as usize,
        Some(beyond) => WARM_UP + (beyond % steady) as usize,
    };
    &FRAMES[index * FRAME_BYTES..(index + 1) * FRAME_BYTES]
}

#[cfg(test)]
mod tests {
    use std::f64::consts::TAU;

    use ropus::{Channels, DecodeMode, Decoder};

    use super::*;

    /// The share of the energy in `samples` that is at `hertz`.
    fn share_at(samples: &[i16], hertz: f64) -> f64 {
        let (mut sine, mut cosine, mut energy) = (0.0, 0.0, 0.0);
        for (index, &sample) in samples.iter().enumerate() {
            let (sample, phase) = (f64::from(sample), TAU * hertz * index as f64 / 48_000.0);
            sine += sample * phase.sin();
            cosine += sample * phase.cos();
            energy += sample * sample;
        }
        2.0 * (sine * sine + cosine * cosine) / (samples.len() as f64 * energy)
    }

    #[test]
    fn three_seconds_of_it_are_a_pure_tone_of_1_khz_at_half_scale() {
        let mut decoder = Decoder::new(48_000, Channels::Mono).unwrap();
        let mut tone = Tone::default();
        let mut heard = Vec::new();
        for _ in 0..150 {
            let mut samples = [0; 960];
            decoder.decode(tone.next_frame().1, &mut samples, DecodeMode::Normal).unwrap();
            heard.extend_from_slice(&samples);
        }
        for tenth in heard[4800..].chunks_exact(4800) {
            assert!(share_at(tenth, 1000.0) > 0.999, "{}", share_at(tenth, 1000.0));
            let mean_square = tenth.iter().map(|&sample| f64::from(sample).powi(2)).sum::<f64>() / 4800.0;
            let level = mean_square.sqrt() / 32_768.0;
            assert!((0.33..0.38).contains(&level), "{level}");
        }
    }

    #[test]
    fn its_clock_goes_on_by_960_samples_a_frame() {
        let mut tone = Tone::default();
        let times: Vec<u64> = (0..3).map(|_| tone.next_frame().0.numer()).collect();
        assert_eq!(times, [0, 960, 1920]);
    }
}

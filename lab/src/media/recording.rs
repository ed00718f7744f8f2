//! Sounds that the lab plays, in Opus, without a codec: frames made beforehand by `examples/recordings.rs`.

use std::collections::VecDeque;

use tokio::time::Duration;

/// How much sound one frame holds.
pub const FRAME_TIME: Duration = Duration::from_millis(20);
/// How far one frame moves the RTP clock.
pub const SAMPLES_PER_FRAME: u64 = 960;

/// The frames were made with a constant bit rate of 32 kb/s.
const FRAME_BYTES: usize = 80;

/// A steady tone of 1 kHz. The first half of its second holds the beginning; then the decoder has settled.
pub const TONE: Recording =
    Recording { frames: include_bytes!("../../data/tone-1khz.opus-frames"), repeated_from: 25 };
/// What someone hears who is on hold: a tune over a ground of 400 Hz.
pub const MUSIC: Recording =
    Recording { frames: include_bytes!("../../data/music.opus-frames"), repeated_from: 0 };
/// What someone hears while it rings at the other end: 440 Hz for a second and a half, out of five.
pub const RINGING: Recording =
    Recording { frames: include_bytes!("../../data/ringing.opus-frames"), repeated_from: 0 };

/// The sounds of the sixteen keys of a telephone, in the order of their RFC 4733 events.
const KEYS: &[u8] = include_bytes!("../../data/keys.opus-frames");
const KEY_FRAMES: usize = 12;

/// A sound without an end.
#[derive(Clone, Copy, Debug)]
pub struct Recording {
    frames: &'static [u8],
    /// What stands before this frame is played once.
    repeated_from: usize,
}

impl Recording {
    fn frame(&self, number: usize) -> &'static [u8] {
        let total = self.frames.len() / FRAME_BYTES;
        let index = match number.checked_sub(self.repeated_from) {
            None => number,
            Some(beyond) => self.repeated_from + beyond % (total - self.repeated_from),
        };
        &self.frames[index * FRAME_BYTES..(index + 1) * FRAME_BYTES]
    }
}

/// Where one listener is in a sound.
#[derive(Debug)]
pub enum Player {
    /// In one without an end.
    Endless(Recording, usize),
    /// In the sounds of some keys: the frames that are left.
    Keys(VecDeque<&'static [u8]>),
}

impl Player {
    /// Begins a recording.
    pub const fn endless(recording: Recording) -> Self {
        Self::Endless(recording, 0)
    }

    /// Begins the sounds of keys, given by their RFC 4733 events; what is no key has none.
    pub fn keys(events: impl Iterator<Item = u8>) -> Self {
        let length = KEY_FRAMES * FRAME_BYTES;
        let sound = |event: u8| KEYS.get(usize::from(event) * length..(usize::from(event) + 1) * length);
        Self::Keys(events.filter_map(sound).flat_map(|sound| sound.chunks_exact(FRAME_BYTES)).collect())
    }

    /// The next frame; `None` when there is no more.
    pub fn next_frame(&mut self) -> Option<&'static [u8]> {
        match self {
            Self::Endless(recording, number) => {
                let frame = recording.frame(*number);
                *number += 1;
                Some(frame)
            }
            Self::Keys(frames) => frames.pop_front(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::f64::consts::TAU;

    use ropus::{Channels, DecodeMode, Decoder};

    use super::*;

    /// The samples of the first frames, `-1.0` to `1.0`.
    fn play(mut player: Player, frames: usize) -> Vec<f64> {
        let mut decoder = Decoder::new(48_000, Channels::Mono).unwrap();
        let mut heard = Vec::new();
        for frame in std::iter::from_fn(|| player.next_frame()).take(frames) {
            let mut samples = [0i16; 960];
            decoder.decode(frame, &mut samples, DecodeMode::Normal).unwrap();
            heard.extend(samples.map(|sample| f64::from(sample) / 32_768.0));
        }
        heard
    }

    /// How much of the power of `samples` is at `frequency`: 1.0 for a pure tone.
    fn share_at(samples: &[f64], frequency: f64) -> f64 {
        let (mut sine, mut cosine, mut energy) = (0.0, 0.0, 0.0);
        for (index, sample) in samples.iter().enumerate() {
            let phase = TAU * frequency * index as f64 / 48_000.0;
            sine += sample * phase.sin();
            cosine += sample * phase.cos();
            energy += sample * sample;
        }
        2.0 * (sine * sine + cosine * cosine) / (samples.len() as f64 * energy)
    }

    fn level(samples: &[f64]) -> f64 {
        (samples.iter().map(|sample| sample * sample).sum::<f64>() / samples.len() as f64).sqrt()
    }

    #[test]
    fn three_seconds_of_the_tone_are_pure_1_khz_at_half_scale() {
        for tenth in play(Player::endless(TONE), 150)[4800..].chunks_exact(4800) {
            assert!(share_at(tenth, 1000.0) > 0.999, "{}", share_at(tenth, 1000.0));
            assert!((0.33..0.38).contains(&level(tenth)), "{}", level(tenth));
        }
    }

    #[test]
    fn the_ground_of_the_music_is_its_loudest_tone_all_the_time() {
        // Two rounds: the seam is heard as little as any other place.
        for fifth in play(Player::endless(MUSIC), 800)[9600..].chunks_exact(9600) {
            assert!(share_at(fifth, 400.0) > 0.6, "{}", share_at(fifth, 400.0));
        }
    }

    #[test]
    fn it_rings_and_pauses() {
        let heard = play(Player::endless(RINGING), 250);
        assert!(share_at(&heard[9600..60_000], 440.0) > 0.99);
        assert!(level(&heard[100_000..]) < 0.01);
    }

    #[test]
    fn a_key_has_its_two_tones() {
        let heard = play(Player::keys([5, 99, 11].into_iter()), usize::MAX);
        assert_eq!(heard.len(), 2 * KEY_FRAMES * 960);
        let (five, pound) = heard.split_at(KEY_FRAMES * 960);
        for (key, tones) in [(five, [770.0, 1336.0]), (pound, [941.0, 1477.0])] {
            let pressed = &key[960..6240];
            for tone in tones {
                assert!((0.4..0.6).contains(&share_at(pressed, tone)), "{tone}: {}", share_at(pressed, tone));
            }
        }
    }
}

//! The sounds of a telephone, computed.

/// Samples per second of all tones: enough for what they are made of, and small.
pub const SAMPLE_RATE: u32 = 16_000;

/// Every edge is softened for so long (in seconds), so that it does not click.
const FADE: f32 = 0.012;

/// A sound that the phone makes itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Somebody calls: a soft trill in the French cadence, 1.5 s on and 3.5 s off.
    Ring,
    /// The other side rings: 440 Hz, 1.5 s on and 3.5 s off (ITU-T E.180 supplement 2, France).
    Ringback,
    /// A short sign that the sound works.
    Chirp,
}

/// One note: when it begins, how long it sounds (seconds), its pitch (Hz) and its loudness (0 to 1).
struct Note {
    at: f32,
    lasts: f32,
    pitch: f32,
    loudness: f32,
}

impl Tone {
    /// Whether it goes on until it is stopped.
    pub const fn repeats(self) -> bool {
        match self {
            Self::Ring | Self::Ringback => true,
            Self::Chirp => false,
        }
    }

    /// One period of it: samples between -1 and 1, [`SAMPLE_RATE`] of them per second.
    pub fn samples(self) -> Vec<f32> {
        let mut samples = vec![0.0; (self.period() * SAMPLE_RATE as f32) as usize];
        for note in self.notes() {
            note.add_to(&mut samples);
        }
        samples
    }

    /// In seconds, the silence at its end included.
    const fn period(self) -> f32 {
        match self {
            Self::Ring | Self::Ringback => 5.0,
            Self::Chirp => 0.3,
        }
    }

    fn notes(self) -> Vec<Note> {
        match self {
            // Two notes a third apart, in turns: heard through a door, and friendlier than one.
            Self::Ring => (0..15)
                .map(|n| Note {
                    at: n as f32 * 0.1,
                    lasts: 0.1,
                    pitch: if n % 2 == 0 { 659.26 } else { 830.61 },
                    loudness: 0.5,
                })
                .collect(),
            Self::Ringback => vec![Note { at: 0.0, lasts: 1.5, pitch: 440.0, loudness: 0.15 }],
            Self::Chirp => vec![
                Note { at: 0.0, lasts: 0.09, pitch: 659.26, loudness: 0.25 },
                Note { at: 0.09, lasts: 0.16, pitch: 987.77, loudness: 0.25 },
            ],
        }
    }
}

impl Note {
    fn add_to(&self, samples: &mut [f32]) {
        let rate = SAMPLE_RATE as f32;
        let first = (self.at * rate) as usize;
        let count = (self.lasts * rate) as usize;
        for (n, sample) in samples.iter_mut().skip(first).take(count).enumerate() {
            let time = n as f32 / rate;
            let edge = (time.min(self.lasts - time) / FADE).clamp(0.0, 1.0);
            *sample += self.loudness * edge * sine(self.pitch * time);
        }
    }
}

/// The sine of that many turns, to within 0.002: Bhaskara's formula. The exact one is 6 KB of the download.
fn sine(turns: f32) -> f32 {
    let turn = turns.fract();
    let (half, sign) = if turn < 0.5 { (turn * 2.0, 1.0) } else { (turn * 2.0 - 1.0, -1.0) };
    let arc = half * (1.0 - half);
    sign * 16.0 * arc / (5.0 - 4.0 * arc)
}

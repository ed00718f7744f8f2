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
    /// Somebody calls during a talk: a soft 440 Hz, 0.3 s on and 9.7 s off (ITU-T E.180 supplement 2, France).
    Waiting,
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
            Self::Ring | Self::Ringback | Self::Waiting => true,
            Self::Chirp => false,
        }
    }

    /// One period of it: samples between -1 and 1, [`SAMPLE_RATE`] of them per second.
    pub fn samples(self) -> Vec<f32> {
        sum(&self.notes(), self.period())
    }

    /// In seconds, the silence at its end included.
    const fn period(self) -> f32 {
        match self {
            Self::Ring | Self::Ringback => 5.0,
            Self::Waiting => 10.0,
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
            Self::Waiting => vec![Note { at: 0.0, lasts: 0.3, pitch: 440.0, loudness: 0.06 }],
            Self::Chirp => vec![
                Note { at: 0.0, lasts: 0.09, pitch: 659.26, loudness: 0.25 },
                Note { at: 0.09, lasts: 0.16, pitch: 987.77, loudness: 0.25 },
            ],
        }
    }
}

/// The sound of keys, short and soft, one after the other: of each the two pitches of its row and its column
/// (ITU-T Q.23). What is no key is a pause. The person knows what was pressed, so of many the first tell enough.
pub fn keys(keys: &str) -> Vec<f32> {
    const ROWS: [f32; 4] = [697.0, 770.0, 852.0, 941.0];
    const COLUMNS: [f32; 4] = [1209.0, 1336.0, 1477.0, 1633.0];
    const EACH: f32 = 0.15;
    let keys = keys.get(..16).unwrap_or(keys);
    let mut notes = Vec::new();
    for (n, key) in keys.chars().enumerate() {
        if let Some(place) = "123A456B789C*0#D".find(key) {
            for pitch in [ROWS[place / 4], COLUMNS[place % 4]] {
                notes.push(Note { at: n as f32 * EACH, lasts: 0.1, pitch, loudness: 0.06 });
            }
        }
    }
    sum(&notes, keys.len() as f32 * EACH)
}

/// All notes together, in so many seconds.
fn sum(notes: &[Note], seconds: f32) -> Vec<f32> {
    let mut samples = vec![0.0; (seconds * SAMPLE_RATE as f32) as usize];
    for note in notes {
        note.add_to(&mut samples);
    }
    samples
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

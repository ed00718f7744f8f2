//! How well a call is heard: what the browser counts of its speech, one sample a second, and what follows of it.
//!
//! Counters become seconds, seconds an estimated opinion ([`mos`]) and, when it stays bad, a warning. Whether anything
//! is heard at all is watched beside it, by the calls themselves.

mod mos;

pub use mos::{mos, rating};

use std::time::Duration;

use crate::time::Instant;

/// What the browser has counted of a call's speech up to one moment (W3C WebRTC Statistics).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sample {
    /// When.
    pub at: Instant,
    /// Packets that came.
    pub received: u64,
    /// Packets that were missed.
    pub lost: u64,
    /// Packets that went.
    pub sent: u64,
    /// Bytes of speech that came.
    pub bytes_received: u64,
    /// Bytes of speech that went.
    pub bytes_sent: u64,
    /// The energy of what was heard, in billionths; `None` where the browser does not tell.
    pub heard: Option<u64>,
    /// The energy of what the microphone gave, likewise.
    pub spoken: Option<u64>,
    /// How unevenly packets come, in milliseconds.
    pub jitter: u64,
    /// To the other side and back, in milliseconds; `None` until it was measured.
    pub round_trip: Option<u64>,
    /// What the other side misses of us, of a thousand packets.
    pub lost_there: u64,
    /// The name of the codec.
    pub codec: String,
}

/// One second of a call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Second {
    /// The estimated mean opinion score in hundredths, 100 to 450; `None` while nothing comes, as on hold.
    pub mos: Option<u32>,
    /// Packets missed of a thousand, on the worse of the two ways.
    pub lost: u32,
    /// Milliseconds.
    pub jitter: u32,
    /// Milliseconds; 0 until it was measured.
    pub round_trip: u32,
    /// Thousands of bits that came.
    pub kbits_in: u32,
    /// Thousands of bits that went.
    pub kbits_out: u32,
}

/// Longer calls keep their last two hours.
const MOST_SECONDS: usize = 7200;
/// Of so many seconds that were judged last.
const JUDGED: usize = 5;
/// So many bad ones are a warning.
const TOO_MANY: usize = 3;
/// Worse is bad: many are dissatisfied (ITU-T G.109, R below 60).
const BAD: u32 = 310;
/// The warning goes when all are at least this good (R of 70).
const GOOD_AGAIN: u32 = 360;

/// The quality of one call, from its first sample on.
#[derive(Clone, Debug, Default)]
pub struct Meter {
    last: Option<Sample>,
    seconds: Vec<Second>,
    poor: bool,
}

impl Meter {
    /// Takes the next sample; the same once more changes nothing.
    pub fn take(&mut self, sample: &Sample) {
        let last = self.last.replace(sample.clone());
        let Some(last) = last else { return };
        let time = sample.at.saturating_since(last.at);
        if time.is_zero() {
            return;
        }
        if self.seconds.len() == MOST_SECONDS {
            self.seconds.remove(0);
        }
        self.seconds.push(second(&last, sample, time));
        let judged = self.seconds.iter().rev().filter_map(|second| second.mos).take(JUDGED);
        self.poor = if self.poor {
            !judged.clone().all(|mos| mos >= GOOD_AGAIN)
        } else {
            judged.filter(|mos| *mos < BAD).count() >= TOO_MANY
        };
    }

    /// It is so bad that words get lost, and was for some seconds.
    pub fn is_poor(&self) -> bool {
        self.poor
    }

    /// All seconds, oldest first.
    pub fn seconds(&self) -> &[Second] {
        &self.seconds
    }

    /// The codec that comes; empty until one does.
    pub fn codec(&self) -> &str {
        self.last.as_ref().map_or("", |sample| &sample.codec)
    }

    /// A table for a spreadsheet (RFC 4180): a line for each second.
    pub fn to_csv(&self) -> String {
        let mut csv =
            "second,mos_hundredths,lost_per_mille,jitter_ms,round_trip_ms,kbits_in,kbits_out\r\n".to_owned();
        for (number, second) in self.seconds.iter().enumerate() {
            let Second { mos, lost, jitter, round_trip, kbits_in, kbits_out } = *second;
            let fields = [number as u32 + 1, mos.unwrap_or(0), lost, jitter, round_trip, kbits_in, kbits_out];
            for (at, field) in fields.into_iter().enumerate() {
                csv.push_str(if at == 0 { "" } else { "," });
                csv.push_str(&field.to_string());
            }
            csv.push_str("\r\n");
        }
        csv
    }
}

fn second(last: &Sample, sample: &Sample, time: Duration) -> Second {
    // A counter begins anew when the other side's stream does.
    let came = sample.received.saturating_sub(last.received);
    let missed = sample.lost.saturating_sub(last.lost);
    let kbits = |bytes: u64| (bytes * 8 / (time.as_millis() as u64).max(1)) as u32;
    let lost = ((missed * 1000) / (came + missed).max(1)).max(sample.lost_there) as u32;
    let (jitter, round_trip) = (sample.jitter as u32, sample.round_trip.unwrap_or(0) as u32);
    // One way; the buffer that evens the jitter out; the frame that is filled before it is sent.
    let delay = round_trip / 2 + 2 * jitter + FRAME;
    let score = mos(rating(delay as f32, lost as f32 / 10.0));
    Second {
        mos: (came > 0).then_some((score * 100.0) as u32),
        lost,
        jitter,
        round_trip,
        kbits_in: kbits(sample.bytes_received.saturating_sub(last.bytes_received)),
        kbits_out: kbits(sample.bytes_sent.saturating_sub(last.bytes_sent)),
    }
}

/// What browsers put into a packet of speech, in milliseconds.
const FRAME: u32 = 20;

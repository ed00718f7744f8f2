//! Digits in the media: RTP telephone events (RFC 4733).

use std::collections::VecDeque;

use str0m::format::{Codec, CodecConfig, FormatParams};
use str0m::media::{Frequency, MediaTime, TelephoneEvent};
use tokio::time::{Duration, Instant};

/// The keys in the order of their events (RFC 4733 §3.2).
const KEYS: &[u8; 16] = b"0123456789*#ABCD";
/// The payload types that Chromium has for telephone events beside Opus, and that all browsers have.
const PAYLOAD_TYPES: [(u8, Frequency); 2] = [(110, Frequency::FORTY_EIGHT_KHZ), (126, Frequency::EIGHT_KHZ)];
/// The volume of a digit whose sender did not say one: 10 dB below the most.
const VOLUME: u8 = 10;
/// How long a digit is whose sender did not say.
const LENGTH: Duration = Duration::from_millis(100);
const SHORTEST: Duration = Duration::from_millis(40);
const LONGEST: Duration = Duration::from_secs(6);
/// What stands between two digits; a little more than the shortest that is understood everywhere.
const PAUSE: Duration = Duration::from_millis(60);
/// More digits than anyone types ahead; those beyond are lost.
const MOST_WAITING: usize = 64;

/// Adds telephone events to what is negotiated.
pub fn add_telephone_events(codecs: &mut CodecConfig) {
    for (payload_type, rate) in PAYLOAD_TYPES {
        let format = FormatParams { telephone_event_max: Some(16), ..FormatParams::default() };
        codecs.add_config(payload_type.into(), None, Codec::Tele, rate, None, format);
    }
}

/// The key of an event.
pub fn key(event: u8) -> Option<char> {
    KEYS.get(usize::from(event)).copied().map(char::from)
}

/// The event of a key; letters in either case.
pub fn event(key: char) -> Option<u8> {
    let key = u8::try_from(key).ok()?.to_ascii_uppercase();
    KEYS.iter().position(|known| *known == key).and_then(|index| u8::try_from(index).ok())
}

/// What a digit looks like whose length nobody said.
pub fn digit(key: char) -> Option<TelephoneEvent> {
    Some(TelephoneEvent { event: event(key)?, end: true, volume: VOLUME, duration: LENGTH })
}

/// Digits as they come: the last report of each is sent three times (RFC 4733 §2.5.1.4).
#[derive(Debug, Default)]
pub struct Listener {
    last: Option<MediaTime>,
}

impl Listener {
    /// Whether this report ends a digit that was not ended before.
    pub fn ends(&mut self, report: TelephoneEvent, began: MediaTime) -> bool {
        let news = report.end && self.last != Some(began);
        if news {
            self.last = Some(began);
        }
        news
    }
}

/// Digits on their way to a phone: one after the other, however fast they were typed.
#[derive(Debug, Default)]
pub struct Dialler {
    waiting: VecDeque<TelephoneEvent>,
    /// When the last one and its pause are over.
    free_at: Option<Instant>,
}

impl Dialler {
    /// Queues a digit.
    pub fn push(&mut self, digit: TelephoneEvent) {
        if self.waiting.len() < MOST_WAITING {
            let duration = digit.duration.clamp(SHORTEST, LONGEST);
            self.waiting.push_back(TelephoneEvent { duration, ..digit });
        }
    }

    /// The digit to send now.
    pub fn next(&mut self, now: Instant) -> Option<TelephoneEvent> {
        if self.free_at.is_some_and(|free_at| now < free_at) {
            return None;
        }
        let digit = self.waiting.pop_front()?;
        self.free_at = Some(now + digit.duration + PAUSE);
        Some(digit)
    }

    /// When [`next`](Self::next) has one.
    pub fn deadline(&self) -> Option<Instant> {
        self.free_at.filter(|_| !self.waiting.is_empty())
    }

    /// Forgets what waits.
    pub fn clear(&mut self) {
        self.waiting.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_events_belong_together() {
        for (number, name) in ('0'..='9').chain(['*', '#', 'A', 'B', 'C', 'D']).enumerate() {
            assert_eq!((event(name), key(number as u8)), (Some(number as u8), Some(name)));
        }
        assert_eq!((event('d'), event('E'), event('é'), key(16)), (Some(15), None, None, None));
    }

    #[test]
    fn a_digit_that_is_ended_three_times_is_one() {
        let mut listener = Listener::default();
        let at = |samples| MediaTime::new(samples, Frequency::FORTY_EIGHT_KHZ);
        let (going, over) = (TelephoneEvent { end: false, ..digit('5').unwrap() }, digit('5').unwrap());
        let reports = [(going, 0), (over, 0), (over, 0), (over, 0), (going, 9600), (over, 9600)];
        let heard = reports.map(|(report, samples)| listener.ends(report, at(samples)));
        assert_eq!(heard, [false, true, false, false, false, true]);
    }

    #[test]
    fn digits_typed_at_once_leave_one_after_the_other() {
        let (mut dialler, start) = (Dialler::default(), Instant::now());
        dialler.push(digit('1').unwrap());
        dialler.push(TelephoneEvent { duration: Duration::ZERO, ..digit('2').unwrap() });
        assert_eq!(dialler.next(start).unwrap().event, 1);
        assert_eq!((dialler.next(start), dialler.deadline()), (None, Some(start + LENGTH + PAUSE)));
        let second = dialler.next(start + LENGTH + PAUSE).unwrap();
        assert_eq!((second.event, second.duration), (2, SHORTEST));
        assert_eq!(dialler.deadline(), None);
    }
}

//! Timer values on a transport that loses nothing (RFC 3261 §17, table 4).
//!
//! A websocket neither loses nor repeats messages, so the timers that repeat requests and final responses (A, E, G) never
//! run, and those that wait for repeated messages (D, I, J, K) are zero: the transaction ends at once.

use std::time::Duration;

use crate::time::Instant;

/// The estimate of the round trip from which the others are made (RFC 3261 §17.1.1.1).
pub(crate) const T1: Duration = Duration::from_millis(500);
/// The longest interval between two copies of a 2xx (RFC 3261 §13.3.1.4).
pub(crate) const T2: Duration = Duration::from_secs(4);
/// 64·T1: how long a transaction waits for the other side. Timers B, F, H, L and M all have this value.
pub(crate) const PATIENCE: Duration = Duration::from_secs(32);

/// When a 2xx to an INVITE, or a reliable provisional response, is sent again, and until when (RFC 3261 §13.3.1.4).
///
/// It is sent end to end, so it is repeated even over a reliable transport: a hop behind the proxy may lose it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Repetition {
    next: Instant,
    interval: Duration,
    longest: Duration,
    end: Instant,
}

/// What a [`Repetition`] wants at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Due {
    /// Nothing yet.
    Nothing,
    /// Send the response again.
    Again,
    /// The ACK will not come any more.
    GiveUp,
}

impl Repetition {
    /// Starts with the first copy sent at `now`.
    pub(crate) fn new(now: Instant) -> Self {
        Self { next: now + T1, interval: T1, longest: T2, end: now + PATIENCE }
    }

    /// The same for a reliable provisional response, whose intervals double without end (RFC 3262 §3).
    pub(crate) fn of_provisional(now: Instant) -> Self {
        Self { longest: PATIENCE, ..Self::new(now) }
    }

    /// The next moment at which something is due.
    pub(crate) fn at(&self) -> Instant {
        self.next.min(self.end)
    }

    /// What is due at `now`. The interval doubles, of a 2xx up to T2; copies missed meanwhile are not made up for.
    pub(crate) fn due(&mut self, now: Instant) -> Due {
        if now >= self.end {
            return Due::GiveUp;
        }
        if now < self.next {
            return Due::Nothing;
        }
        self.interval = (self.interval * 2).min(self.longest);
        self.next = now + self.interval;
        Due::Again
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_2xx_is_repeated_at_doubling_intervals_up_to_t2_and_given_up_after_64_t1() {
        let start = Instant::default();
        let mut repetition = Repetition::new(start);
        let mut copies = Vec::new();
        loop {
            let now = repetition.at();
            match repetition.due(now) {
                Due::Again => copies.push(now.saturating_since(start).as_millis()),
                Due::GiveUp => break assert_eq!(now, start + PATIENCE),
                Due::Nothing => panic!("asked at the moment that was named"),
            }
        }
        assert_eq!(copies, [500, 1500, 3500, 7500, 11500, 15500, 19500, 23500, 27500, 31500]);
    }
}

//! When to try again.
//!
//! Exponential back-off with full jitter: fifty phones behind one address that lost the same server must not come
//! back together, because its edge proxy takes 20 such requests a minute from one address (xuc-cti §2.8).

use std::time::Duration;

use crate::time::Instant;

/// No attempt comes sooner after a failure.
const SHORTEST: Duration = Duration::from_secs(1);

/// The first attempt after a loss is spread over this; each failure doubles it.
const FIRST: Duration = Duration::from_secs(5);

/// No wait is drawn longer.
const LONGEST: Duration = Duration::from_secs(60);

/// Attempts in any minute. Each is two requests, and the SIP websocket needs its share of the twenty.
const PER_MINUTE: usize = 5;

/// Draws the moments of attempts.
#[derive(Debug)]
pub(crate) struct Backoff {
    random: u64,
    failures: u32,
    /// The last attempts, oldest first, `PER_MINUTE` at most.
    attempts: Vec<Instant>,
}

impl Backoff {
    pub(crate) fn new(seed: u64) -> Self {
        Self { random: seed, failures: 0, attempts: Vec::new() }
    }

    /// Notes an attempt.
    pub(crate) fn attempted(&mut self, now: Instant) {
        if self.attempts.len() == PER_MINUTE {
            self.attempts.remove(0);
        }
        self.attempts.push(now);
    }

    /// The link held: the next loss is a new one.
    pub(crate) fn reset(&mut self) {
        self.failures = 0;
    }

    /// When to try again after a failure.
    pub(crate) fn next(&mut self, now: Instant) -> Instant {
        let widest = FIRST.saturating_mul(1 << self.failures.min(5)).min(LONGEST);
        self.failures = self.failures.saturating_add(1);
        self.draw(widest, now)
    }

    /// When to try again now that something got better: soon, but not at the same moment as everybody else.
    pub(crate) fn soon(&mut self, now: Instant) -> Instant {
        self.failures = 0;
        self.draw(FIRST, now)
    }

    /// A moment between `SHORTEST` and `widest` from now, later when this minute's attempts are used up.
    fn draw(&mut self, widest: Duration, now: Instant) -> Instant {
        let spread = widest.saturating_sub(SHORTEST).as_secs() * 1000;
        let drawn = now + SHORTEST + Duration::from_millis(self.random() % (spread + 1));
        match self.attempts.first() {
            Some(oldest) if self.attempts.len() == PER_MINUTE => drawn.max(*oldest + Duration::from_secs(60)),
            Some(_) | None => drawn,
        }
    }

    /// SplitMix64: evenly spread is all that is asked of it.
    fn random(&mut self) -> u64 {
        self.random = self.random.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.random;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wait(backoff: &mut Backoff) -> Duration {
        backoff.next(Instant::default()).since_origin()
    }

    #[test]
    fn waits_are_drawn_from_a_span_that_doubles_up_to_a_minute() {
        for seed in 0..200 {
            let mut backoff = Backoff::new(seed);
            for widest in [5, 10, 20, 40, 60, 60, 60] {
                let wait = wait(&mut backoff);
                assert!(wait >= SHORTEST && wait <= Duration::from_secs(widest), "{wait:?} of {widest} s");
            }
        }
    }

    #[test]
    fn phones_that_lost_the_same_server_come_back_apart() {
        let mut waits: Vec<_> = (0..50).map(|seed| wait(&mut Backoff::new(seed))).collect();
        waits.sort();
        let spread = waits[49].saturating_sub(waits[0]);
        assert!(spread > Duration::from_secs(3), "{spread:?}");
        waits.dedup();
        assert!(waits.len() > 45);
    }

    #[test]
    fn a_link_that_held_starts_over() {
        let mut backoff = Backoff::new(7);
        for _ in 0..10 {
            wait(&mut backoff);
        }
        backoff.reset();
        assert!(wait(&mut backoff) <= FIRST);
    }

    #[test]
    fn no_minute_sees_more_attempts_than_its_share() {
        let mut backoff = Backoff::new(7);
        let mut now = Instant::default();
        let mut attempts = vec![];
        for _ in 0..100 {
            backoff.attempted(now);
            attempts.push(now);
            now = backoff.soon(now);
        }
        for window in attempts.windows(PER_MINUTE + 1) {
            assert!(window[PER_MINUTE].saturating_since(window[0]) >= Duration::from_secs(60));
        }
    }
}

//! The heartbeat of one websocket (xuc-cti §3.4).

use std::time::Duration;

use crate::time::Instant;

/// From one ping to the next, and from the opening to the first.
const PERIOD: Duration = Duration::from_secs(5);

/// This many pings without a sign of life, and the next tick gives up.
const TOLERATED: u8 = 3;

/// Pings sent and signs of life seen; a silent server is found out 15 to 20 s after its last frame.
#[derive(Debug)]
pub(super) struct Heartbeat {
    next: Instant,
    missed: u8,
}

/// What a tick asks for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Beat {
    /// It is not time yet.
    Rest,
    /// Send a ping.
    Ping,
    /// The server is dead.
    Dead,
}

impl Heartbeat {
    /// Begins when the websocket opens.
    pub(super) fn new(now: Instant) -> Self {
        Self { next: now + PERIOD, missed: 0 }
    }

    /// When the next tick is due.
    pub(super) fn due(&self) -> Instant {
        self.next
    }

    /// Any frame is a sign of life, whatever is in it.
    pub(super) fn heard(&mut self) {
        self.missed = 0;
    }

    /// The next ping is due at once, and the last one that may stay without a sign of life.
    pub(super) fn hurry(&mut self, now: Instant) {
        if self.missed < TOLERATED - 1 {
            self.missed = TOLERATED - 1;
            self.next = now;
        }
    }

    /// One tick at most, however late: a machine that slept owes no pings.
    pub(super) fn tick(&mut self, now: Instant) -> Beat {
        if now < self.next {
            return Beat::Rest;
        }
        if self.missed >= TOLERATED {
            return Beat::Dead;
        }
        self.missed += 1;
        self.next = now + PERIOD;
        Beat::Ping
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_silent_server_is_dead_at_the_fourth_tick() {
        let start = Instant::default();
        let mut heart = Heartbeat::new(start);
        assert_eq!(heart.tick(start + PERIOD / 2), Beat::Rest);
        for ping in 1..=3 {
            assert_eq!(heart.tick(start + PERIOD * ping), Beat::Ping);
        }
        assert_eq!(heart.tick(start + PERIOD * 4), Beat::Dead);
    }

    #[test]
    fn any_frame_is_a_sign_of_life() {
        let mut now = Instant::default();
        let mut heart = Heartbeat::new(now);
        for _ in 0..100 {
            now += PERIOD;
            assert_eq!(heart.tick(now), Beat::Ping);
            heart.heard();
        }
    }

    #[test]
    fn in_doubt_one_ping_without_an_answer_is_enough() {
        let start = Instant::default();
        let mut heart = Heartbeat::new(start);
        for at in [1, 2] {
            heart.hurry(start + Duration::from_secs(at));
        }
        assert_eq!(heart.tick(start + Duration::from_secs(2)), Beat::Ping);
        heart.hurry(start + Duration::from_secs(3));
        assert_eq!(heart.tick(start + Duration::from_secs(5)), Beat::Rest);
        assert_eq!(heart.tick(start + Duration::from_secs(7)), Beat::Dead);
    }

    #[test]
    fn a_machine_that_slept_sends_one_ping() {
        let now = Instant::default() + Duration::from_secs(3600);
        let mut heart = Heartbeat::new(Instant::default());
        assert_eq!(heart.tick(now), Beat::Ping);
        assert_eq!(heart.tick(now), Beat::Rest);
    }
}

//! The RTP clock of what a leg sends: it goes on without a jump, whoever the media come from.
//!
//! A phone takes a frame from before the last one as too late and drops it, and every source has a clock of its own.

use str0m::media::{Frequency, MediaTime};
use tokio::time::Instant;

/// The clock of one medium.
#[derive(Debug, Default)]
pub struct Timeline {
    /// What has to be added to the source's clock; `None`: the next frame is from a new source.
    shift: Option<u64>,
    /// The last frame on this clock, and when it was sent.
    last: Option<(MediaTime, Instant)>,
}

impl Timeline {
    /// From now on the frames are from another source.
    pub fn change_source(&mut self) {
        self.shift = None;
    }

    /// Where a frame of the source stands on this clock.
    pub fn place(&mut self, time: MediaTime, now: Instant) -> MediaTime {
        let shift = match self.shift {
            Some(shift) => shift,
            None => self.at(time.frequency(), now).numer().wrapping_sub(time.numer()),
        };
        self.shift = Some(shift);
        let placed = MediaTime::new(time.numer().wrapping_add(shift), time.frequency());
        // A source that sends out of order moves nothing back.
        if self.last.is_none_or(|(last, _)| last < placed) {
            self.last = Some((placed, now));
        }
        placed
    }

    /// Where the next of frames of that length stands that have no clock of their own.
    pub fn next(&mut self, length: u64, rate: Frequency, now: Instant) -> MediaTime {
        let time = match (self.shift, self.last) {
            (Some(_), Some((last, _))) => MediaTime::new(last.rebase(rate).numer() + length, rate),
            _ => self.at(rate, now),
        };
        self.shift = Some(0);
        self.last = Some((time, now));
        time
    }

    /// Where this moment stands on this clock.
    pub fn at(&self, rate: Frequency, now: Instant) -> MediaTime {
        match self.last {
            None => MediaTime::new(0, rate),
            Some((last, then)) => last.rebase(rate) + MediaTime::from(now.duration_since(then)).rebase(rate),
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::Duration;

    use super::*;

    const RATE: Frequency = Frequency::FORTY_EIGHT_KHZ;

    #[test]
    fn a_new_source_goes_on_where_the_old_one_was() {
        let (mut timeline, start) = (Timeline::default(), Instant::now());
        let mut place = |samples, ms| {
            timeline.place(MediaTime::new(samples, RATE), start + Duration::from_millis(ms)).numer()
        };
        assert_eq!((place(5_000_000, 0), place(5_000_960, 20)), (0, 960));
        // It is the same source still, though late.
        assert_eq!(place(5_001_920, 400), 1920);
        timeline.change_source();
        let mut place = |samples, ms| {
            timeline.place(MediaTime::new(samples, RATE), start + Duration::from_millis(ms)).numer()
        };
        assert_eq!((place(7, 500), place(967, 520)), (1920 + 4800, 1920 + 4800 + 960));
    }

    #[test]
    fn a_moment_between_frames_has_its_place() {
        let (mut timeline, start) = (Timeline::default(), Instant::now());
        timeline.place(MediaTime::new(90, RATE), start);
        assert_eq!(timeline.at(RATE, start + Duration::from_millis(10)).numer(), 480);
    }
}

//! Moments handed in by the caller.
//!
//! The core never asks what time it is: whoever drives it says so with every input, and a test can
//! let an hour pass in no time at all.

use std::ops::{Add, AddAssign, Sub};
use std::time::Duration;

/// A moment on the caller's monotonic clock, counted from an origin that only the caller knows.
///
/// Nanoseconds in one number, for moments go with every input: five centuries are enough.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(u64);

impl Instant {
    /// The moment `since_origin` after the clock's origin.
    pub const fn from_origin(since_origin: Duration) -> Self {
        Self(nanoseconds(since_origin))
    }

    /// How long after the clock's origin this moment is.
    pub const fn since_origin(self) -> Duration {
        Duration::from_nanos(self.0)
    }

    /// How long ago `earlier` was at this moment; zero when it is not earlier.
    pub const fn saturating_since(self, earlier: Self) -> Duration {
        Duration::from_nanos(self.0.saturating_sub(earlier.0))
    }
}

const fn nanoseconds(duration: Duration) -> u64 {
    duration.as_secs().saturating_mul(1_000_000_000).saturating_add(duration.subsec_nanos() as u64)
}

impl Add<Duration> for Instant {
    type Output = Self;

    fn add(self, later: Duration) -> Self {
        Self(self.0.saturating_add(nanoseconds(later)))
    }
}

impl AddAssign<Duration> for Instant {
    fn add_assign(&mut self, later: Duration) {
        *self = *self + later;
    }
}

impl Sub<Duration> for Instant {
    type Output = Self;

    fn sub(self, earlier: Duration) -> Self {
        Self(self.0.saturating_sub(nanoseconds(earlier)))
    }
}

/// A moment at which a state machine wants to be called again, and what for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Deadline {
    /// When.
    pub at: Instant,
    what: What,
}

/// The words are for those who follow a test; a release does not carry them.
#[cfg(debug_assertions)]
type What = &'static str;
#[cfg(not(debug_assertions))]
type What = ();

impl Deadline {
    /// A deadline. `what`: what for, in words: "registration refresh".
    #[cfg_attr(not(debug_assertions), expect(unused_variables, reason = "not carried"))]
    pub const fn new(at: Instant, what: &'static str) -> Self {
        #[cfg(not(debug_assertions))]
        let what = ();
        Self { at, what }
    }

    /// What for; nothing in a release.
    pub const fn what(&self) -> &'static str {
        #[cfg(debug_assertions)]
        return self.what;
        #[cfg(not(debug_assertions))]
        ""
    }

    /// The sooner of two deadlines, either of which may be absent.
    pub fn soonest(one: Option<Self>, other: Option<Self>) -> Option<Self> {
        match (one, other) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        }
    }
}

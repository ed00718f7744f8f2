//! What time it is, and a call back at a later moment.

mod timekeeper;

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use self::timekeeper::{Callback, Ticket, Timekeeper};
use super::window;
use crate::time::Instant;

/// The moment it is, counted from 1970 as the computer's clock was when the page was loaded: what one page has seen, the
/// next one in its tab can date. Never goes back.
pub fn now() -> Instant {
    let milliseconds =
        window().performance().map_or_else(js_sys::Date::now, |clock| clock.time_origin() + clock.now());
    // A tenth of a microsecond is finer than any browser tells.
    Instant::from_origin(Duration::from_nanos((milliseconds * 1e4) as u64 * 100))
}

/// Milliseconds since 1970 by the computer's clock, for showing; it may jump.
pub fn wall_clock_ms() -> f64 {
    js_sys::Date::now()
}

/// A time of day by the computer's clock and time zone, for showing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeOfDay {
    /// 0 to 23.
    pub hours: u32,
    /// 0 to 59.
    pub minutes: u32,
    /// 0 to 59.
    pub seconds: u32,
    /// 0 to 999.
    pub milliseconds: u32,
}

/// The time of day it is.
pub fn time_of_day() -> TimeOfDay {
    let now = js_sys::Date::new_0();
    TimeOfDay {
        hours: now.get_hours(),
        minutes: now.get_minutes(),
        seconds: now.get_seconds(),
        milliseconds: now.get_milliseconds(),
    }
}

/// One call back at one moment, which can be moved.
///
/// It is kept by a worker: a browser wakes the timers of a page in the background only once a minute, which is too
/// late for a registration of 60 s. Nothing is called after it is dropped.
pub struct Alarm {
    keeper: Rc<Timekeeper>,
    callback: Callback,
    armed: Cell<Option<(Ticket, Instant)>>,
}

impl Alarm {
    /// An alarm that calls `callback` whenever the moment given to [`Alarm::set`] has come, never before.
    pub fn new(callback: impl FnMut() + 'static) -> Self {
        Self {
            keeper: Timekeeper::shared(),
            callback: Rc::new(RefCell::new(callback)),
            armed: Cell::new(None),
        }
    }

    /// Calls back once at that moment, or not at all; replaces what was set before. A moment that is past comes at
    /// once, but never before this returns.
    pub fn set(&self, at: Option<Instant>) {
        if let Some((ticket, before)) = self.armed.get() {
            if Some(before) == at && self.keeper.has(ticket) {
                return;
            }
            self.keeper.cancel(ticket);
        }
        self.armed.set(at.map(|at| (self.keeper.arm(at, self.callback.clone()), at)));
    }
}

impl Drop for Alarm {
    fn drop(&mut self) {
        self.set(None);
    }
}

//! A log that components share, drawn once per frame however fast it grows.

use super::log::Log;
use crate::browser::clock;
use crate::ui::format;
use crate::ui::shapes::*;
use crate::ui::state::move_on;

/// A handle on a log; cheap to copy.
#[derive(Clone, Copy)]
pub struct Pane {
    log: StoredValue<Log>,
    /// What is typed as its filter.
    filter: RwSignal<String>,
    /// Moves on when the drawn lines are out of date.
    version: RwSignal<u32>,
    /// The next frame will move it on.
    due: StoredValue<bool>,
}

impl Pane {
    /// An empty one.
    pub fn new() -> Self {
        Self {
            log: StoredValue::new(Log::default()),
            filter: RwSignal::new(String::new()),
            version: RwSignal::new(0),
            due: StoredValue::new(false),
        }
    }

    /// Adds a line with the present time of day.
    pub fn push(self, group: &'static str, kind: &str, data: &str) {
        let time = format::precise_time(clock::time_of_day());
        self.log.update_value(|log| log.push(time, group, kind, data));
        self.refresh();
    }

    /// Has only those lines shown that hold every word of the filter.
    pub fn set_filter(self, filter: String) {
        self.log.update_value(|log| log.filter(&filter));
        self.filter.set(filter);
        self.refresh();
    }

    /// What is typed as its filter, followed.
    pub fn filter(self) -> String {
        self.filter.get()
    }

    /// Forgets all lines.
    pub fn clear(self) {
        self.log.update_value(Log::clear);
        self.refresh();
    }

    /// Reads the log and follows it, at the pace of the screen.
    pub fn with<T>(self, read: impl FnOnce(&Log) -> T) -> T {
        self.version.track();
        self.log.with_value(read)
    }

    /// Reads the log as it is now.
    pub fn with_now<T>(self, read: impl FnOnce(&Log) -> T) -> T {
        self.log.with_value(read)
    }

    fn refresh(self) {
        if !self.due.get_value() {
            self.due.set_value(true);
            next_frame(move || {
                self.due.set_value(false);
                move_on(self.version);
            });
        }
    }
}

//! A log that components share, drawn once per frame however fast it grows.

use super::log::Log;
use super::pace::{Frame, Pace};
use crate::browser::clock;
use crate::ui::format;
use crate::ui::shapes::*;
use crate::ui::state::move_on;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::Element;

/// A handle on a log; cheap to copy.
#[derive(Clone, Copy)]
pub struct Pane {
    log: StoredValue<Log>,
    /// What is typed as its filter.
    filter: RwSignal<String>,
    /// Moves on when the drawn lines are out of date.
    version: RwSignal<u32>,
    pace: StoredValue<Pace>,
}

impl Pane {
    /// An empty one. Those of different turns are not drawn together while many lines come.
    pub fn new(turn: u8) -> Self {
        Self {
            log: StoredValue::new(Log::default()),
            filter: RwSignal::new(String::new()),
            version: RwSignal::new(0),
            pace: StoredValue::new(Pace::new(turn)),
        }
    }

    /// Adds a line with the present time of day.
    pub fn push(self, group: &'static str, kind: &str, data: &str) {
        let time = format::precise_time(clock::time_of_day());
        self.log.update_value(|log| log.push(time, group, kind, data));
        self.refresh(1);
    }

    /// Has only those lines shown that hold every word of the filter.
    pub fn set_filter(self, filter: String) {
        self.log.update_value(|log| log.filter(&filter));
        self.filter.set(filter);
        self.refresh(0);
    }

    /// What is typed as its filter, followed.
    pub fn filter(self) -> String {
        self.filter.get()
    }

    /// Forgets all lines.
    pub fn clear(self) {
        self.log.update_value(Log::clear);
        self.refresh(0);
    }

    /// Reads the log and follows it, at the pace of the screen.
    pub fn with<T>(self, read: impl FnOnce(&Log) -> T) -> T {
        self.version.track();
        self.log.with_value(read)
    }

    /// The ids of the lines to be drawn, newest first, followed.
    pub fn drawn(self) -> Vec<u64> {
        let most = self.most();
        self.with(|log| log.matching().take(most).collect())
    }

    /// How many lines are drawn at most, now.
    pub fn most(self) -> usize {
        self.pace.with_value(Pace::drawn)
    }

    /// It was scrolled: whether anything else than the newest line is in sight.
    pub fn scrolled(self, event: &Event) {
        let top = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let away = top.is_some_and(|element| element.scroll_top() != 0);
        self.pace.update_value(|pace| pace.scroll(away));
    }

    /// Reads the log as it is now.
    pub fn with_now<T>(self, read: impl FnOnce(&Log) -> T) -> T {
        self.log.with_value(read)
    }

    fn refresh(self, lines: usize) {
        let mut asks = false;
        self.pace.update_value(|pace| asks = pace.ask(lines));
        if asks {
            next_frame(move || self.draw());
        }
    }

    fn draw(self) {
        let mut frame = Frame { draws: true, again: false };
        self.pace.update_value(|pace| frame = pace.frame());
        if frame.again {
            next_frame(move || self.draw());
        }
        if frame.draws {
            move_on(self.version);
        }
    }
}

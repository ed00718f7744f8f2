//! Calls over a reload of the page, and the phone in one of several tabs: what is kept or handed over of the calls, and
//! what the next page does with it.

use crate::json::Value;
use crate::time::Instant;

use super::super::api::Session;
use super::Core;

impl Core {
    /// What the tab is to keep of the calls that there are; empty: nothing. No secret is in it.
    pub fn kept_calls(&mut self) -> String {
        let own_number = self.user.as_ref().and_then(|user| user.number.as_deref()).unwrap_or_default();
        let kept = self.calls.kept(self.signalling.user_agent().as_deref(), own_number);
        if kept.is_empty() { String::new() } else { Value::Array(kept).to_string() }
    }

    /// Begins to take back the calls that the page before had, once the line is registered again.
    pub fn take_back(&mut self, kept: &str, now: Instant) {
        if let Ok(Value::Array(kept)) = kept.parse() {
            self.calls.take_back(&kept, now);
        }
        self.settle(now);
    }

    /// Who is logged in, or about to be, and where; `None`: nobody.
    pub fn person(&self) -> Option<String> {
        let user = self.user.as_ref().filter(|_| !matches!(self.session, Session::LoggedOut { .. }))?;
        Some([&user.login, "@", &self.server.as_ref()?.typed].concat())
    }

    /// Another tab may be the phone: the line is not used before [`Self::begin_here`].
    pub fn stand_by(&mut self) {
        self.stands_by = true;
    }

    /// This tab is the phone, with these calls of the one before.
    pub fn begin_here(&mut self, kept: &str, now: Instant) {
        self.stands_by = false;
        if self.settings.auto_init && self.line.is_some() {
            // A line that cannot be used was told by an event and stands on the screen.
            let _ = self.init(now);
        }
        self.take_back(kept, now);
    }

    /// Another tab is the phone, with the calls of this one, which are told.
    pub fn give_away(&mut self, now: Instant) -> String {
        self.leave_page(now);
        let kept = self.kept_calls();
        self.stands_by = true;
        self.calls.drop_all();
        self.stop_signalling(now);
        self.settle(now);
        kept
    }

    /// The page goes away, for good or to be loaded again: nobody can say which.
    pub fn leave_page(&mut self, now: Instant) {
        if let Ok((calls, user_agent)) = self.at_work() {
            calls.leave_page(user_agent, now);
        }
        self.settle(now);
    }
}

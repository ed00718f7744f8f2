//! The calls of this tab that are over: in memory only, for whoever is logged in.

use super::format;
use crate::browser::clock::TimeOfDay;
use crate::phone::api::{Session, View};
use crate::phone::call::{Call, CallKey, CallState, Direction, Outcome, Party};

/// Older ones are forgotten.
const KEPT: usize = 50;

/// A call that is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Past {
    pub key: CallKey,
    pub party: Party,
    /// The number that calls them again.
    pub again: String,
    pub direction: Direction,
    pub outcome: Outcome,
    /// How long it was; empty when nobody talked.
    pub lasted: String,
    /// The time of day at which it ended.
    pub at: String,
}

impl Past {
    /// The call as the list keeps it, if it is over.
    fn of(call: &Call, now: TimeOfDay) -> Option<Self> {
        match &call.state {
            CallState::Ended { outcome, lasted } => Some(Self {
                key: call.key,
                party: call.party.clone(),
                again: call.again().to_owned(),
                direction: call.direction,
                outcome: outcome.clone(),
                lasted: lasted.map(format::duration).unwrap_or_default(),
                at: format::time(now),
            }),
            CallState::Preparing
            | CallState::Calling
            | CallState::Ringing { .. }
            | CallState::Offered
            | CallState::Answering
            | CallState::Connected { .. } => None,
        }
    }

    /// Whether somebody called and got no answer.
    pub fn was_missed(&self) -> bool {
        self.direction == Direction::Incoming && self.outcome == Outcome::Missed
    }
}

/// Writes down the calls that have ended since, newest first. Who logs in next does not see them.
pub fn remember(past: &mut Vec<Past>, view: &View, now: TimeOfDay) {
    if matches!(view.session, Session::LoggedOut { .. }) {
        past.clear();
    }
    for call in &view.calls {
        if past.iter().all(|known| known.key != call.key)
            && let Some(call) = Past::of(call, now)
        {
            past.insert(0, call);
        }
    }
    past.truncate(KEPT);
}

#[cfg(test)]
mod tests {
    use crate::phone::inbox::Inbox;
    use std::time::Duration;

    use super::*;
    use crate::phone::api::{CtiLink, Registration};

    fn call(key: u32, ended: bool) -> Call {
        let lasted = Some(Duration::from_secs(72));
        let over = CallState::Ended { outcome: Outcome::HungUp { by_us: true }, lasted };
        let party = Party { number: "1002".into(), name: None };
        let state = if ended { over } else { CallState::Calling };
        Call::new(CallKey(key), String::new(), Direction::Outgoing, party, state)
    }

    fn view(session: Session, calls: Vec<Call>) -> View {
        View {
            session,
            user: None,
            registration: Registration::Stopped,
            microphone: None,
            camera: None,
            phone_status: None,
            line_known: false,
            calls,
            inbox: Inbox::default(),
        }
    }

    fn logged_in(calls: Vec<Call>) -> View {
        view(Session::LoggedIn { cti: CtiLink::Up }, calls)
    }

    fn at(minutes: u32) -> TimeOfDay {
        TimeOfDay { hours: 9, minutes, seconds: 0, milliseconds: 0 }
    }

    #[test]
    fn a_call_is_written_down_once_and_when_it_is_over() {
        let mut past = Vec::new();
        remember(&mut past, &logged_in(vec![call(1, false)]), at(57));
        assert_eq!(past, []);
        remember(&mut past, &logged_in(vec![call(1, true)]), at(58));
        remember(&mut past, &logged_in(vec![call(1, true), call(2, true)]), at(59));
        let shown: Vec<_> =
            past.iter().map(|past| (past.key.0, past.at.as_str(), past.lasted.as_str())).collect();
        assert_eq!(shown, [(2, "09:59", "01:12"), (1, "09:58", "01:12")]);
    }

    #[test]
    fn whoever_logs_in_next_sees_none_of_it() {
        let mut past = Vec::new();
        remember(&mut past, &logged_in(vec![call(1, true)]), at(58));
        remember(&mut past, &view(Session::LoggedOut { problem: None }, Vec::new()), at(59));
        assert_eq!(past, []);
    }

    #[test]
    fn the_list_is_bounded() {
        let mut past = Vec::new();
        for key in 0..100 {
            remember(&mut past, &logged_in(vec![call(key, true)]), at(58));
        }
        assert_eq!(past.len(), KEPT);
        assert_eq!(past[0].key, CallKey(99));
    }
}

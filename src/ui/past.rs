//! The calls of this tab that are over: in memory only, for whoever is logged in.

use leptos::prelude::*;

use super::format;
use super::state::Ui;
use crate::browser::clock;
use crate::phone::call::{Call, CallKey, CallState, Direction, Outcome, Party};

/// Older ones are forgotten.
const KEPT: usize = 50;

/// A call that is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Past {
    pub key: CallKey,
    pub party: Party,
    pub direction: Direction,
    pub outcome: Outcome,
    /// How long it was; empty when nobody talked.
    pub lasted: String,
    /// The time of day at which it ended.
    pub at: String,
}

impl Past {
    /// The call as the list keeps it, if it is over.
    fn of(call: &Call, now: &str) -> Option<Self> {
        match &call.state {
            CallState::Ended { outcome, lasted } => Some(Self {
                key: call.key,
                party: call.party.clone(),
                direction: call.direction,
                outcome: outcome.clone(),
                lasted: lasted.map(format::duration).unwrap_or_default(),
                at: now.to_owned(),
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

/// Writes calls down as they end. Who logs in next does not see them.
pub fn follow(ui: Ui) {
    Effect::new(move |_| {
        let calls = ui.calls.get();
        let now = format::time(clock::time_of_day());
        ui.past.update(|past| remember(past, &calls, &now));
    });
    Effect::new(move |_| {
        if !ui.logged_in.get() {
            ui.past.set(Vec::new());
        }
    });
}

/// Adds the calls that have ended since, newest first.
fn remember(past: &mut Vec<Past>, calls: &[Call], now: &str) {
    let mut ended: Vec<Past> = calls
        .iter()
        .filter(|call| past.iter().all(|known| known.key != call.key))
        .filter_map(|call| Past::of(call, now))
        .collect();
    ended.sort_by_key(|call| call.key);
    for call in ended {
        past.insert(0, call);
    }
    past.truncate(KEPT);
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn call(key: u32, ended: bool) -> Call {
        let lasted = Some(Duration::from_secs(72));
        let over = CallState::Ended { outcome: Outcome::HungUp { by_us: true }, lasted };
        Call {
            key: CallKey(key),
            sip_call_id: String::new(),
            direction: Direction::Outgoing,
            party: Party { number: "1002".into(), name: None },
            queue: None,
            attached: Vec::new(),
            state: if ended { over } else { CallState::Calling },
            muted: false,
        }
    }

    #[test]
    fn a_call_is_written_down_once_and_when_it_is_over() {
        let mut past = Vec::new();
        remember(&mut past, &[call(1, false)], "09:57");
        assert_eq!(past, []);
        remember(&mut past, &[call(1, true)], "09:58");
        remember(&mut past, &[call(2, true), call(1, true)], "09:59");
        let shown: Vec<_> =
            past.iter().map(|past| (past.key.0, past.at.as_str(), past.lasted.as_str())).collect();
        assert_eq!(shown, [(2, "09:59", "01:12"), (1, "09:58", "01:12")]);
    }

    #[test]
    fn the_list_is_bounded() {
        let mut past = Vec::new();
        for key in 0..100 {
            remember(&mut past, &[call(key, true)], "09:58");
        }
        assert_eq!(past.len(), KEPT);
        assert_eq!(past[0].key, CallKey(99));
    }
}

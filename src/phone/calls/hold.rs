//! Hold and resume, and the rule that of two calls one at most is active.

use std::time::Duration;

use crate::time::Instant;

use super::super::api::Refusal;
use super::super::call::{CallKey, Hold};
use super::{Calls, Queued, Record};

/// What waits for the hold of another call waits no longer than this: the other side may be slow to answer.
const PATIENCE: Duration = Duration::from_secs(5);

impl Calls {
    /// Puts that call on hold, or resumes it. Without a name: the whole conference; the only call; of an active and a
    /// held one the active one, which is what a person hears. Two held or two active ones: they have to say which.
    pub(in crate::phone) fn toggle_hold(
        &mut self,
        named: Option<CallKey>,
        now: Instant,
    ) -> Result<(), Refusal> {
        if named.is_none() && self.is_conference() {
            self.toggle_conference();
            return Ok(());
        }
        let key = self.meant(named, |call| call.state.is_connected())?;
        let on = self.get(key).is_some_and(|record| !record.is_to_be_held());
        self.set_hold(key, on, now)
    }

    /// Puts that call on hold or resumes it; in a conference, the whole of it.
    pub(in crate::phone) fn set_hold(&mut self, key: CallKey, on: bool, now: Instant) -> Result<(), Refusal> {
        self.named(key, |call| call.state.is_connected())?;
        if self.is_member(key) {
            self.hold_conference(on);
        } else if on {
            self.hold(key);
        } else {
            self.resume(key, now);
        }
        Ok(())
    }

    /// Wants a call held.
    pub(super) fn hold(&mut self, key: CallKey) {
        if let Some(record) = self.get_mut(key) {
            record.wanted.hold = true;
            record.queued = record.queued.take().filter(|(queued, _)| matches!(queued, Queued::Describe(_)));
        }
    }

    /// Wants a call resumed, after the other one is on hold.
    pub(super) fn resume(&mut self, key: CallKey, now: Instant) {
        if self.get(key).is_some_and(Record::is_to_be_held) {
            self.queue(key, Queued::Resume, now);
        }
    }

    /// Does something with a call after the others are on hold.
    pub(super) fn queue(&mut self, key: CallKey, queued: Queued, now: Instant) {
        let others = self.others_connected(key);
        let turned_to = !others.is_empty();
        for other in others {
            self.hold(other);
        }
        // Whoever they turned to before, and who has not answered yet, waits on hold for them to come back.
        self.records.iter_mut().for_each(|record| record.turned_to = false);
        if let Some(record) = self.get_mut(key) {
            record.turned_to = turned_to;
            record.queued = Some((queued, now + PATIENCE));
        }
    }

    /// A call was answered at last, and the person talks to somebody else meanwhile: it waits on hold for them to turn
    /// to it.
    pub(super) fn hold_if_late(&mut self, key: CallKey) {
        let others = self.others_connected(key);
        let talks = others.iter().any(|other| self.get(*other).is_some_and(|record| !record.is_to_be_held()));
        if talks && self.get(key).is_some_and(|record| !record.turned_to) {
            self.hold(key);
        }
    }

    pub(super) fn others_connected(&self, key: CallKey) -> Vec<CallKey> {
        self.keys_of(&|call| call.key != key && call.state.is_connected())
    }

    /// Does what waited for the hold of the other call, when that is settled in whatever way.
    pub(super) fn dequeue(&mut self, key: CallKey, now: Instant) {
        let holding = self.records.iter().any(|other| other.call.key != key && other.is_being_held());
        let Some(record) = self.get_mut(key) else { return };
        match record.queued.take_if(|(_, until)| !holding || *until <= now) {
            Some((Queued::Describe(purpose), _)) => self.describe(key, purpose),
            Some((Queued::Resume, _)) => record.wanted.hold = false,
            None => {}
        }
    }
}

impl Record {
    /// Whether it is on hold, or will be when all that is wanted is done.
    pub(super) fn is_to_be_held(&self) -> bool {
        self.wanted.hold && !matches!(self.queued, Some((Queued::Resume, _)))
    }

    /// Whether the other side is being asked to wait.
    pub(super) fn is_being_held(&self) -> bool {
        self.call.state.is_connected() && self.wanted.hold && !self.agreed.hold
    }

    /// Shows on the card what is agreed on and what is under way.
    pub(super) fn show(&mut self) {
        self.call.hold = match (self.agreed.hold, self.is_to_be_held()) {
            (false, false) => Hold::Active,
            (false, true) => Hold::Holding,
            (true, true) => Hold::Held,
            (true, false) => Hold::Resuming,
        };
        self.show_video();
    }
}

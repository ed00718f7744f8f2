//! The conference of two calls, mixed here: resumed, put on hold and left as one.

use super::super::api::Refusal;
use super::super::call::{Call, CallKey};
use super::super::event::CallEvent;
use super::{Calls, Effect};

/// None, or one that is being begun or is going on.
#[derive(Debug, Default)]
pub(super) struct Conference {
    /// Two or none.
    members: Vec<CallKey>,
    /// They hear each other.
    mixed: bool,
}

impl Conference {
    /// Begun, not going on yet.
    pub(super) fn of(members: Vec<CallKey>) -> Self {
        Self { members, mixed: false }
    }
}

impl Calls {
    /// Joins the two calls that there are; puts the conference on hold or resumes it when there is one.
    pub(in crate::phone) fn conference(&mut self) -> Result<(), Refusal> {
        if self.is_conference() {
            self.toggle_conference();
            return Ok(());
        }
        let members = self.keys_of(&|call| call.state.is_connected());
        if members.len() != 2 {
            return Err(Refusal::NotTwoCalls);
        }
        if self.transfer.is_some() {
            return Err(Refusal::TransferInProgress);
        }
        self.conference = Conference::of(members);
        self.hold_conference(false);
        Ok(())
    }

    /// Goes on with who is there of a conference, and who has taken the place of another.
    pub(super) fn join(&mut self, mut members: Vec<CallKey>, key: CallKey) {
        members.retain(|member| *member != key);
        members.push(key);
        if members.len() == 2 {
            self.conference = Conference::of(members);
        }
    }

    pub(super) fn is_conference(&self) -> bool {
        !self.conference.members.is_empty()
    }

    /// The calls of the conference when none is named, else the one meant that `fits`.
    pub(super) fn heard(
        &self,
        named: Option<CallKey>,
        fits: fn(&Call) -> bool,
    ) -> Result<Vec<CallKey>, Refusal> {
        if named.is_none() && self.is_conference() {
            return Ok(self.conference.members.clone());
        }
        self.meant(named, fits).map(|key| vec![key])
    }

    pub(super) fn is_member(&self, key: CallKey) -> bool {
        self.conference.members.contains(&key)
    }

    /// Holds all when one at least is active, else resumes all.
    pub(super) fn toggle_conference(&mut self) {
        let all_held =
            self.records.iter().filter(|it| self.is_member(it.call.key)).all(|it| it.is_to_be_held());
        self.hold_conference(!all_held);
    }

    pub(super) fn hold_conference(&mut self, on: bool) {
        for key in self.conference.members.clone() {
            if let Some(record) = self.get_mut(key) {
                record.wanted.hold = on;
                record.queued = None;
            }
        }
    }

    /// Begins the conference when both calls are active; gives it up when one of them cannot be resumed.
    pub(super) fn mix(&mut self) {
        if !self.is_conference() || self.conference.mixed {
            return;
        }
        let members = || self.records.iter().filter(|record| self.is_member(record.call.key));
        if members().any(|record| record.wanted.hold) {
            self.conference = Conference::default();
        } else if members().all(|record| !record.agreed.hold) {
            self.conference.mixed = true;
            let members = self.conference.members.clone();
            self.effects.push(Effect::Conference(members.clone()));
            for key in members {
                self.tell_membership(key, true);
            }
        }
    }

    /// A call is over: so is its conference, and the other one goes on by itself.
    pub(super) fn leave_conference(&mut self, key: CallKey) {
        if !self.is_member(key) {
            return;
        }
        let Conference { members, mixed } = std::mem::take(&mut self.conference);
        if mixed {
            self.effects.push(Effect::Conference(Vec::new()));
            for member in members {
                self.tell_membership(member, false);
            }
        }
    }

    fn tell_membership(&mut self, key: CallKey, joined: bool) {
        if let Some(record) = self.get_mut(key) {
            record.call.in_conference = joined;
        }
        self.publish(key, if joined { CallEvent::ConferenceStarted } else { CallEvent::ConferenceEnded });
    }
}

//! What a person asks of calls.

use crate::sip::uri::Uri;
use crate::sip::user_agent::UserAgent;
use crate::time::Instant;

use super::super::api::Refusal;
use super::super::call::{CallKey, CallState, Direction, Outcome, Party};
use super::super::effect::{Flow, MediaCommand};
use super::{Calls, Effect, Purpose, Queued};

impl Calls {
    /// Begins a call: the active one is put on hold, the media is asked for an offer, and the INVITE leaves when it is
    /// there.
    pub(in crate::phone) fn dial(
        &mut self,
        sip_call_id: String,
        target: Uri,
        number: String,
        video: bool,
        now: Instant,
    ) -> Result<(), Refusal> {
        if self.is_full() {
            return Err(Refusal::TooManyCalls);
        }
        let party = Party { number, name: None };
        let record = self.add(sip_call_id, Direction::Outgoing, party, CallState::Preparing);
        record.wanted.video = video.then_some(Flow::SendReceive);
        let key = record.call.key;
        self.queue(key, Queued::Describe(Purpose::Invite { target: Box::new(target) }), now);
        Ok(())
    }

    /// Answers that call, or the first one that rings, after the active one is on hold. Without video, what is offered
    /// of it is refused.
    pub(in crate::phone) fn answer(
        &mut self,
        named: Option<CallKey>,
        video: bool,
        now: Instant,
    ) -> Result<(), Refusal> {
        let key = self.ringing(named)?;
        if let Some(record) = self.get_mut(key) {
            record.call.state = CallState::Answering;
            record.wanted.video = Some(Flow::SendReceive).filter(|_| video && record.call.video.offered);
            record.call.video.offered = false;
        }
        self.queue(key, Queued::Describe(Purpose::Accept), now);
        Ok(())
    }

    /// Refuses that call, or the first one that rings.
    pub(in crate::phone) fn reject(
        &mut self,
        named: Option<CallKey>,
        user_agent: &mut UserAgent,
        now: Instant,
    ) -> Result<(), Refusal> {
        let key = self.ringing(named)?;
        self.leave(key, user_agent, now);
        self.end(key, Outcome::Rejected, None, now);
        Ok(())
    }

    fn ringing(&self, named: Option<CallKey>) -> Result<CallKey, Refusal> {
        match named {
            Some(key) => self.named(key, |call| call.state.can_be_answered()),
            None => {
                let first = self.iter().find(|call| call.state.can_be_answered());
                first.map(|call| call.key).ok_or(Refusal::NoSuchCall)
            }
        }
    }

    /// Ends that call whatever its state; else the conference, the only call, or the one that is not on hold.
    pub(in crate::phone) fn hang_up(
        &mut self,
        named: Option<CallKey>,
        user_agent: &mut UserAgent,
        now: Instant,
    ) -> Result<(), Refusal> {
        if named.is_none() && self.is_conference() {
            self.hang_up_all(user_agent, now);
            return Ok(());
        }
        let key = self.meant(named, |call| call.state.is_live())?;
        let outcome = match self.get(key).map(|record| (&record.call.state, record.call.direction)) {
            Some((CallState::Connected { .. }, _)) => Outcome::HungUp { by_us: true },
            Some((_, Direction::Incoming)) => Outcome::Rejected,
            Some((_, Direction::Outgoing)) | None => Outcome::Cancelled,
        };
        self.leave(key, user_agent, now);
        self.end(key, outcome, None, now);
        Ok(())
    }

    /// Ends all calls.
    pub(in crate::phone) fn hang_up_all(&mut self, user_agent: &mut UserAgent, now: Instant) {
        for key in self.keys() {
            // Those that are over already are not.
            let _ = self.hang_up(Some(key), user_agent, now);
        }
    }

    /// Takes an ended call's card away.
    pub(in crate::phone) fn dismiss(&mut self, key: CallKey) -> Result<(), Refusal> {
        self.named(key, |call| !call.state.is_live())?;
        self.records.retain(|record| record.call.key != key);
        Ok(())
    }

    /// Switches the microphone of that call; else of the conference, of the only call, or of the one that is not on
    /// hold. Before it is opened, too.
    pub(in crate::phone) fn set_microphone(
        &mut self,
        named: Option<CallKey>,
        on: bool,
    ) -> Result<(), Refusal> {
        for key in self.heard(named, |call| call.state.is_live())? {
            if let Some(record) = self.get_mut(key) {
                record.call.muted = !on;
            }
            self.effects.push(Effect::Media(key, MediaCommand::Microphone { on }));
        }
        Ok(())
    }

    /// Switches the microphone the other way.
    pub(in crate::phone) fn toggle_microphone(&mut self, named: Option<CallKey>) -> Result<(), Refusal> {
        let keys = self.heard(named, |call| call.state.is_live())?;
        let muted = self.iter().any(|call| keys.contains(&call.key) && call.muted);
        self.set_microphone(named, muted)
    }

    /// Has the user agent end a call its own way: BYE, CANCEL or a refusal.
    pub(super) fn leave(&mut self, key: CallKey, user_agent: &mut UserAgent, now: Instant) {
        if let Some(session) = self.get(key).and_then(|record| record.session) {
            // A session that the user agent does not know any more has ended by itself a moment ago.
            let _ = user_agent.hang_up(session, now);
        }
    }
}

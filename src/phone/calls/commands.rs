//! What a person asks of calls.

use crate::sip::uri::Uri;
use crate::sip::user_agent::UserAgent;
use crate::time::Instant;

use super::super::api::Refusal;
use super::super::call::{Call, CallKey, CallState, Direction, Outcome, Party};
use super::super::effect::MediaCommand;
use super::{Calls, Effect, Purpose};

impl Calls {
    /// Begins a call: the media is asked for an offer, and the INVITE leaves when it is there.
    pub(in crate::phone) fn dial(
        &mut self,
        sip_call_id: String,
        target: Uri,
        number: String,
    ) -> Result<CallKey, Refusal> {
        if self.any_live() {
            return Err(Refusal::TooManyCalls);
        }
        let party = Party { number, name: None };
        let key =
            self.add(|key| Call::new(key, sip_call_id, Direction::Outgoing, party, CallState::Preparing));
        self.describe(key, Purpose::Invite { target: Box::new(target) });
        Ok(key)
    }

    /// Answers that call, or the first one that rings.
    pub(in crate::phone) fn answer(&mut self, named: Option<CallKey>) -> Result<(), Refusal> {
        let key = self.choose(named, CallState::can_be_answered)?;
        if let Some(record) = self.get_mut(key) {
            record.call.state = CallState::Answering;
        }
        self.describe(key, Purpose::Accept);
        Ok(())
    }

    /// Refuses that call, or the first one that rings.
    pub(in crate::phone) fn reject(
        &mut self,
        named: Option<CallKey>,
        user_agent: &mut UserAgent,
        now: Instant,
    ) -> Result<(), Refusal> {
        let key = self.choose(named, CallState::can_be_answered)?;
        self.leave(key, user_agent, now);
        self.end(key, Outcome::Rejected, None, now);
        Ok(())
    }

    /// Ends that call, or the one there is, whatever its state.
    pub(in crate::phone) fn hang_up(
        &mut self,
        named: Option<CallKey>,
        user_agent: &mut UserAgent,
        now: Instant,
    ) -> Result<(), Refusal> {
        let key = self.choose(named, CallState::is_live)?;
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
        while self.hang_up(None, user_agent, now).is_ok() {}
    }

    /// Takes an ended call's card away.
    pub(in crate::phone) fn dismiss(&mut self, key: CallKey) -> Result<(), Refusal> {
        self.choose(Some(key), |state| !state.is_live())?;
        self.records.retain(|record| record.call.key != key);
        Ok(())
    }

    /// Whether the microphone of that call, or of the one there is, is off.
    pub(in crate::phone) fn is_muted(&self, named: Option<CallKey>) -> bool {
        self.iter().any(|call| call.muted && call.state.is_live() && named.is_none_or(|key| key == call.key))
    }

    /// Switches the microphone of that call, or of the one there is; before it is opened, too.
    pub(in crate::phone) fn set_microphone(
        &mut self,
        named: Option<CallKey>,
        on: bool,
    ) -> Result<(), Refusal> {
        let key = self.choose(named, CallState::is_live)?;
        if let Some(record) = self.get_mut(key) {
            record.call.muted = !on;
        }
        self.effects.push_back(Effect::Media(key, MediaCommand::Microphone { on }));
        Ok(())
    }

    /// Has the user agent end a call its own way: BYE, CANCEL or a refusal.
    fn leave(&mut self, key: CallKey, user_agent: &mut UserAgent, now: Instant) {
        if let Some(session) = self.get(key).and_then(|record| record.session) {
            // A session that the user agent does not know any more has ended by itself a moment ago.
            let _ = user_agent.hang_up(session, now);
        }
    }
}

//! What the user agent says of calls.

use crate::sip::event::{Ended, Incoming, SessionEvent, SessionId};
use crate::sip::status::StatusCode;
use crate::sip::uri::NameAddr;
use crate::sip::user_agent::UserAgent;
use crate::time::Instant;

use super::super::call::{Call, CallKey, CallState, Direction, Party};
use super::super::effect::MediaCommand;
use super::super::event::CallEvent;
use super::super::outcome;
use super::{Calls, Effect, Purpose};

impl Calls {
    /// Takes an event of a session. Sessions that a person has left are not known any more and say nothing.
    pub(in crate::phone) fn on_session(
        &mut self,
        id: SessionId,
        event: SessionEvent,
        user_agent: &mut UserAgent,
        now: Instant,
    ) {
        if let SessionEvent::Incoming(incoming) = event {
            self.on_incoming(id, *incoming, user_agent, now);
            return;
        }
        let Some(key) = self.key_of(id) else { return };
        match event {
            SessionEvent::Incoming(_) => {}
            SessionEvent::Progress { answer, identity, .. } => {
                self.learn(key, identity.as_ref());
                self.on_progress(key, answer);
            }
            SessionEvent::Accepted { answer, offer, identity } => {
                self.learn(key, identity.as_ref());
                if let Some(answer) = answer {
                    self.accept(key, answer);
                }
                if offer.is_some() {
                    self.reply(key, offer);
                }
                self.connected(key, now);
            }
            SessionEvent::Confirmed { answer } => {
                if let Some(answer) = answer {
                    self.accept(key, answer);
                }
                self.connected(key, now);
            }
            SessionEvent::Offer { offer, identity } => {
                self.learn(key, identity.as_ref());
                self.reply(key, offer);
            }
            SessionEvent::Answer { answer } => self.accept(key, answer),
            // We make no offers of our own inside a call, so none is refused.
            SessionEvent::OfferRefused { .. } => {}
            SessionEvent::Identity(identity) => self.learn(key, Some(&identity)),
            SessionEvent::Ended(ended) => self.on_ended(key, &ended, now),
        }
    }

    fn on_incoming(&mut self, id: SessionId, incoming: Incoming, user_agent: &mut UserAgent, now: Instant) {
        if self.any_live() {
            let _ = user_agent.refuse(id, StatusCode::BUSY_HERE, now);
            return;
        }
        let Incoming { call_id, from, identity, offer, .. } = incoming;
        // `caller` is the user part of From, as pages expect; the card shows what a trusted server says.
        let caller = party_of(&from).number;
        let party = party_of(identity.as_ref().unwrap_or(&from));
        let party = Party { name: party.name.or_else(|| party_of(&from).name), ..party };
        let key = self.add(|key| Call::new(key, call_id, Direction::Incoming, party, CallState::Offered));
        if let Some(record) = self.get_mut(key) {
            record.session = Some(id);
            record.offer = offer;
        }
        let _ = user_agent.ring(id, now);
        self.publish(key, CallEvent::Setup { caller });
    }

    fn on_progress(&mut self, key: CallKey, answer: Option<String>) {
        let Some(record) = self.get_mut(key) else { return };
        let heard = matches!(record.call.state, CallState::Ringing { early_media: true });
        record.call.state = CallState::Ringing { early_media: heard || answer.is_some() };
        let callee = record.call.party.number.clone();
        if let Some(answer) = answer {
            self.accept(key, answer);
        }
        self.publish(key, CallEvent::Ringing { callee });
    }

    fn on_ended(&mut self, key: CallKey, ended: &Ended, now: Instant) {
        let Some(record) = self.get(key) else { return };
        let outcome = outcome::of_ended(ended, record.call.direction, record.call.state.is_connected());
        self.end(key, outcome, ended.reason.clone().filter(|reason| !reason.is_empty()), now);
    }

    /// Both sides can talk. Told once, however often the protocol confirms it.
    fn connected(&mut self, key: CallKey, now: Instant) {
        let Some(record) = self.get_mut(key) else { return };
        if record.call.state.is_connected() {
            return;
        }
        record.call.state = CallState::Connected { since: now };
        let party = record.call.party.number.clone();
        self.publish(key, CallEvent::Connected { party });
    }

    fn accept(&mut self, key: CallKey, answer: String) {
        self.effects.push_back(Effect::Media(key, MediaCommand::Accept { answer }));
    }

    fn reply(&mut self, key: CallKey, offer: Option<String>) {
        if let Some(record) = self.get_mut(key) {
            record.offer = offer;
        }
        self.describe(key, Purpose::Reply);
    }

    /// Keeps what a trusted server says of who is there. The number stays what was dialled, for events and redial.
    fn learn(&mut self, key: CallKey, identity: Option<&NameAddr>) {
        if let (Some(record), Some(identity)) = (self.get_mut(key), identity)
            && let Some(name) = party_of(identity).name
        {
            record.call.party.name = Some(name);
        }
    }

    fn key_of(&self, id: SessionId) -> Option<CallKey> {
        self.records.iter().find(|record| record.session == Some(id)).map(|record| record.call.key)
    }
}

/// Number and name of an address.
fn party_of(address: &NameAddr) -> Party {
    let name = address.display_name.as_deref().map(str::trim).filter(|name| !name.is_empty());
    Party { number: address.uri.user_text(), name: name.map(str::to_owned) }
}

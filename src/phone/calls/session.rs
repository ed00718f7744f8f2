//! What the user agent says of calls.

use crate::sip::event::{Ended, EndedCause, SessionEvent, SessionId};
use crate::sip::status::StatusCode;
use crate::sip::uri::NameAddr;
use crate::sip::user_agent::UserAgent;
use crate::time::Instant;

use super::super::call::{CallKey, CallState, Outcome, Party};
use super::super::event::CallEvent;
use super::super::outcome;
use super::Calls;
use super::negotiation::has_video;

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
                if let Some(answer) = answer {
                    self.first_answer(key, answer);
                }
                self.connected(key, now);
                // The event names who was called, the card who has taken it.
                self.learn(key, identity.as_ref());
                if offer.is_some() {
                    self.asked(key, offer, user_agent, now);
                }
            }
            SessionEvent::Confirmed { answer } => {
                if let Some(answer) = answer {
                    self.first_answer(key, answer);
                }
                self.connected(key, now);
            }
            SessionEvent::Offer { offer, identity } => {
                self.learn(key, identity.as_ref());
                self.asked(key, offer, user_agent, now);
            }
            SessionEvent::OfferWithdrawn => self.offer_withdrawn(key),
            SessionEvent::Answer { answer } => self.answered(key, answer, now),
            SessionEvent::OfferRefused { status, reason, retry_in } => {
                if status == StatusCode::FLOW_FAILED && self.come_anew(key, user_agent, now) {
                    return;
                }
                let reason = if reason.is_empty() { status.reason_phrase().to_owned() } else { reason };
                self.change_refused(key, &reason, retry_in, now);
            }
            SessionEvent::InfoAnswered { status } => self.on_info_answered(key, status),
            SessionEvent::Referral(referral) => self.on_referral(key, referral, user_agent, now),
            SessionEvent::Identity(identity) => self.learn(key, Some(&identity)),
            SessionEvent::Ended(ended) => self.on_ended(key, &ended, now),
        }
    }

    fn on_progress(&mut self, key: CallKey, answer: Option<String>) {
        let Some(record) = self.get_mut(key) else { return };
        let heard = matches!(record.call.state, CallState::Ringing { early_media: true });
        record.call.state = CallState::Ringing { early_media: heard || answer.is_some() };
        let callee = record.call.party.number.clone();
        if let Some(answer) = answer {
            self.accept(key, answer);
        }
        self.publish_first(key, CallEvent::Ringing { callee });
    }

    fn on_ended(&mut self, key: CallKey, ended: &Ended, now: Instant) {
        if ended.cause == EndedCause::TransportLost && self.set_out_again(key, now) {
            return;
        }
        let Some(record) = self.get(key) else { return };
        let outcome = match ended.cause {
            EndedCause::RemoteBye if self.is_handed_over(key) => Outcome::Transferred,
            // The server did what it was asked.
            EndedCause::RemoteBye if self.is_cancelled_consultation(key) => Outcome::HungUp { by_us: true },
            _ => outcome::of_ended(ended, record.call.direction, record.call.state.is_connected()),
        };
        let told = ended.reason.clone().filter(|reason| !reason.is_empty());
        self.end(key, outcome.clone(), told.filter(|_| outcome != Outcome::EndedMeanwhile), now);
    }

    /// Both sides can talk. Told once, however often the protocol confirms it.
    fn connected(&mut self, key: CallKey, now: Instant) {
        let Some(record) = self.get_mut(key) else { return };
        if record.call.state.is_connected() {
            return;
        }
        let since = record.left().map_or(now, |left| left.since);
        record.agree();
        record.left = None;
        record.call.state = CallState::Connected { since };
        let held = record.call.held_by_peer;
        let party = record.call.party.number.clone();
        self.publish_first(key, CallEvent::Connected { party });
        if let Some(record) = self.get_mut(key) {
            record.call.returning = false;
        }
        if held {
            self.publish(key, CallEvent::RemoteHold);
        }
        self.hold_if_late(key);
        self.rejoin();
    }

    /// The answer to the offer that began the call.
    fn first_answer(&mut self, key: CallKey, answer: String) {
        self.hear(key, &answer);
        if let Some(record) = self.get_mut(key) {
            record.lose_video_unless(has_video(&answer));
        }
        self.accept(key, answer);
    }

    /// Keeps what a trusted server says of who is there. Until somebody answers, the number stays what was dialled; after
    /// that it is another one when somebody else took the call, or has it now.
    fn learn(&mut self, key: CallKey, identity: Option<&NameAddr>) {
        let (Some(record), Some(identity)) = (self.get_mut(key), identity) else { return };
        let (call, party) = (&mut record.call, party_of(identity));
        if call.state.is_connected() && !party.number.is_empty() && party.number != call.party.number {
            call.party = party;
        } else if party.name.is_some() {
            call.party.name = party.name;
        }
    }

    pub(super) fn key_of(&self, id: SessionId) -> Option<CallKey> {
        self.records.iter().find(|record| record.session == Some(id)).map(|record| record.call.key)
    }
}

/// Number and name of an address. Signs that steer a text instead of being seen in it could make it another's.
pub(in crate::phone) fn party_of(address: &NameAddr) -> Party {
    let mut name = address.display_name.clone().unwrap_or_default();
    name.retain(|sign| {
        !sign.is_control() && !matches!(sign, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
    });
    let name = Some(name.trim()).filter(|name| !name.is_empty()).map(str::to_owned);
    Party { number: address.uri.user_text(), name }
}

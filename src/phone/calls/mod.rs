//! The policy of calls: what a command, an event of the user agent or a word of the media means for a call.
//!
//! One call at a time; another one that comes is told that we are busy. A call that ended keeps its card until it is
//! dismissed or the next call begins. When a person hangs up, the call is over for them at once: what the protocol
//! still has to say to the other side, the user agent says by itself.

mod commands;
mod media;
mod session;

use std::collections::VecDeque;

use crate::cti::message::IceServer;
use crate::sip::event::SessionId;
use crate::sip::uri::Uri;
use crate::time::Instant;

use super::api::Refusal;
use super::call::{Call, CallKey, CallState, Direction, MicrophoneProblem, Outcome};
use super::effect::{MediaCommand, Plan, Ring};
use super::event::{CallEvent, Event};
use super::outcome;

/// What the policy wants done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// Tell the media of a call.
    Media(CallKey, MediaCommand),
    /// Tell those who listen.
    Publish(Event),
}

/// All calls.
#[derive(Default)]
pub(super) struct Calls {
    /// Oldest first; a handful at most.
    records: Vec<Record>,
    last_key: u32,
    ice: Vec<IceServer>,
    microphone: Option<MicrophoneProblem>,
    effects: VecDeque<Effect>,
}

/// A call and what joins it to the user agent and to its media.
struct Record {
    call: Call,
    /// `None` before the INVITE was sent, and after the call ended.
    session: Option<SessionId>,
    /// The offer that waits for our answer.
    offer: Option<String>,
    /// What the session description that the media is making now is for.
    describing: Option<Purpose>,
}

/// What a session description of ours is for.
enum Purpose {
    /// The offer in our INVITE.
    Invite { target: Box<Uri> },
    /// Our side of the 200 to an INVITE.
    Accept,
    /// Our side of the 200 to a re-INVITE, or of the ACK to a 200 that had the offer.
    Reply,
}

impl Calls {
    /// The calls, oldest first.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Call> {
        self.records.iter().map(|record| &record.call)
    }

    /// Whether a call is going on in any way.
    pub(super) fn any_live(&self) -> bool {
        self.iter().any(|call| call.state.is_live())
    }

    /// The call with this SIP Call-ID, to add to what is known of its other side.
    pub(super) fn by_sip_call_id(&mut self, sip_call_id: &str) -> Option<&mut Call> {
        self.records.iter_mut().map(|record| &mut record.call).find(|call| call.sip_call_id == sip_call_id)
    }

    /// Why the microphone could not be opened the last time; `None` when it could.
    pub(super) fn microphone(&self) -> Option<&MicrophoneProblem> {
        self.microphone.as_ref()
    }

    /// The servers that help calls begun from now on to find a path.
    pub(super) fn set_ice(&mut self, ice: Vec<IceServer>) {
        self.ice = ice;
    }

    /// What is to be done next.
    pub(super) fn poll(&mut self) -> Option<Effect> {
        self.effects.pop_front()
    }

    /// What is to be heard now.
    pub(super) fn ring(&self) -> Ring {
        self.iter().fold(Ring::Silent, |ring, call| match call.state {
            CallState::Offered => Ring::Incoming,
            CallState::Ringing { early_media: false } if ring == Ring::Silent => Ring::Ringback,
            CallState::Ringing { .. }
            | CallState::Preparing
            | CallState::Calling
            | CallState::Answering
            | CallState::Connected { .. }
            | CallState::Ended { .. } => ring,
        })
    }

    fn get(&self, key: CallKey) -> Option<&Record> {
        self.records.iter().find(|record| record.call.key == key)
    }

    fn get_mut(&mut self, key: CallKey) -> Option<&mut Record> {
        self.records.iter_mut().find(|record| record.call.key == key)
    }

    /// Adds a call; the cards of ended ones make room for it.
    fn add(&mut self, call: impl FnOnce(CallKey) -> Call) -> CallKey {
        self.records.retain(|record| record.call.state.is_live());
        self.last_key += 1;
        let key = CallKey(self.last_key);
        let record = Record { call: call(key), session: None, offer: None, describing: None };
        self.records.push(record);
        key
    }

    /// The call named, or the first one that `fits`.
    fn choose(&self, named: Option<CallKey>, fits: impl Fn(&CallState) -> bool) -> Result<CallKey, Refusal> {
        match named {
            Some(key) => {
                let record = self.get(key).ok_or(Refusal::NoSuchCall)?;
                if fits(&record.call.state) { Ok(key) } else { Err(Refusal::WrongState) }
            }
            None => {
                self.iter().find(|call| fits(&call.state)).map(|call| call.key).ok_or(Refusal::NoSuchCall)
            }
        }
    }

    /// Has the media describe our side: an answer where there is an offer, an offer otherwise.
    fn describe(&mut self, key: CallKey, purpose: Purpose) {
        let ice = self.ice.clone();
        let Some(record) = self.get_mut(key) else { return };
        record.describing = Some(purpose);
        let command = match record.offer.clone() {
            Some(offer) => MediaCommand::Answer { offer, ice, plan: Plan::TALK },
            None => MediaCommand::Offer { ice, plan: Plan::TALK },
        };
        self.effects.push_back(Effect::Media(key, command));
    }

    /// Ends a call for the person: state, media, event. `None` as `reason`: the outcome's own words.
    fn end(&mut self, key: CallKey, outcome: Outcome, reason: Option<String>, now: Instant) {
        let Some(record) = self.get_mut(key) else { return };
        let announced = match record.call.direction {
            Direction::Incoming => true,
            Direction::Outgoing => record.session.is_some(),
        };
        let lasted = match record.call.state {
            CallState::Connected { since } => Some(now.saturating_since(since)),
            CallState::Ended { .. } => return,
            CallState::Preparing
            | CallState::Calling
            | CallState::Ringing { .. }
            | CallState::Offered
            | CallState::Answering => None,
        };
        let reason = reason.unwrap_or_else(|| outcome::reason(&outcome));
        record.call.state = CallState::Ended { outcome, lasted };
        record.session = None;
        record.describing = None;
        record.offer = None;
        let sip_call_id = record.call.sip_call_id.clone();
        self.effects.push_back(Effect::Media(key, MediaCommand::Close));
        if announced {
            self.publish(key, CallEvent::Terminated { reason });
        } else {
            // Nothing was sent and nobody was told of a call: it failed to begin.
            let event = Event::DialFailed { reason, sip_call_id: Some(sip_call_id) };
            self.effects.push_back(Effect::Publish(event));
        }
    }

    fn publish(&mut self, key: CallKey, kind: CallEvent) {
        if let Some(record) = self.get(key) {
            let Call { sip_call_id, direction, .. } = &record.call;
            let event =
                Event::Call { call: key, sip_call_id: sip_call_id.clone(), direction: *direction, kind };
            self.effects.push_back(Effect::Publish(event));
        }
    }
}

//! A call that comes: it rings, answers itself, takes the place of another, or hears that we are busy.

use crate::sip::event::{Incoming, SessionId};
use crate::sip::sdp::Description;
use crate::sip::status::StatusCode;
use crate::sip::user_agent::UserAgent;
use crate::time::Instant;

use super::super::call::{CallKey, CallState, Direction, Outcome, Party};
use super::super::effect::MediaCommand;
use super::super::event::CallEvent;
use super::session::party_of;
use super::{Calls, Effect, Purpose, Queued};

impl Calls {
    /// An INVITE that begins a call.
    pub(super) fn on_incoming(
        &mut self,
        id: SessionId,
        incoming: Incoming,
        user_agent: &mut UserAgent,
        now: Instant,
    ) {
        let replaced = incoming.replaces.map(|session| self.key_of(session));
        let is_consultation = incoming.headers.asks_auto_answer() && self.expects_call_of_server();
        let refusal = match replaced {
            // The person has hung up meanwhile what it would take the place of (RFC 3891 §3).
            Some(None) => Some(StatusCode::DECLINE),
            None if self.is_full() && !is_consultation => Some(StatusCode::BUSY_HERE),
            Some(Some(_)) | None => None,
        };
        if let Some(status) = refusal {
            let _ = user_agent.refuse(id, status, now);
            return;
        }
        let replaced = replaced.flatten();
        let Incoming { call_id, from, identity, offer, headers, .. } = incoming;
        // `caller` is the user part of From, as pages expect; the card shows what a trusted server says.
        let caller = party_of(&from).number;
        let party = party_of(identity.as_ref().unwrap_or(&from));
        let party = Party { name: party.name.or_else(|| party_of(&from).name), ..party };
        // Who takes a place finds all there as it was.
        let place = replaced.and_then(|replaced| self.get(replaced));
        let (held, muted) = place.map_or((false, false), |it| (it.is_to_be_held(), it.call.muted));
        let at_once = replaced.is_some() || headers.asks_auto_answer();
        let state = if at_once { CallState::Answering } else { CallState::Offered };
        let record = self.add(call_id, Direction::Incoming, party, state);
        let key = record.call.key;
        record.session = Some(id);
        // What comes along the way of the INVITE needs the flow by which it came, whichever there is when we answer.
        record.recovery.heard_by(user_agent.flow());
        record.call.forwarded_by = headers.diverted_by().as_ref().map(party_of);
        record.call.video.offered = offer.as_deref().is_some_and(|sdp| Description::parse(sdp).has_video());
        record.offer = offer;
        record.replaces = replaced;
        record.turned_to = replaced.is_some();
        record.wanted.hold = held;
        record.call.muted = muted;
        record.auto_answer = at_once.then(|| caller.clone());
        self.publish(key, CallEvent::Setup { caller });
        if muted {
            self.effects.push(Effect::Media(key, MediaCommand::Microphone { on: false }));
        }
        if replaced.is_some() {
            self.describe(key, Purpose::Accept);
        } else if at_once {
            self.consult(key);
            self.queue(key, Queued::Describe(Purpose::Accept), now);
        } else {
            // It is alerting until it is answered or ends: the caller may always be told so.
            let _ = user_agent.ring(id, now);
            let ice = self.ice_servers();
            self.effects.push(Effect::Media(key, MediaCommand::Prepare { ice }));
        }
    }

    /// Our 200 is out.
    pub(super) fn on_accepted_by_us(&mut self, key: CallKey, user_agent: &mut UserAgent, now: Instant) {
        let Some(record) = self.get_mut(key) else { return };
        let (caller, replaced) = (record.auto_answer.take(), record.replaces.take());
        if let Some(caller) = caller {
            self.publish(key, CallEvent::AutoAnswered { caller });
        }
        if let Some(replaced) = replaced {
            if let Some(session) = self.get(replaced).and_then(|record| record.session) {
                // A session that the user agent does not know any more has ended by itself a moment ago.
                let _ = user_agent.make_way(session, now);
            }
            if !self.get(replaced).is_some_and(|record| record.call.state.is_live())
                && let Some(record) = self.get_mut(key)
            {
                // Its place has ended meanwhile: it is a call like any other.
                record.turned_to = false;
            }
            let joined = self.is_member(replaced);
            let others = self.others_connected(replaced);
            self.end(replaced, Outcome::Transferred, None, now);
            if joined {
                self.join(others, key);
            }
        }
    }
}

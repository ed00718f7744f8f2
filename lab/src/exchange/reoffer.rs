//! The lab changes an established session (RFC 3261 §14.1): what one phone does is passed on to the other.
//!
//! What each phone should have follows from the other end ([`Exchange::wish`]); where it has something else, it gets a
//! re-INVITE, one at a time, until nothing differs. So a hold that crosses a resume, or a phone that comes back after a
//! while, needs no case of its own.

use tokio::time::Instant;
use xc_webrtc::sip::header::Name;
use xc_webrtc::sip::message::{Request, Response};
use xc_webrtc::sip::method::Method;
use xc_webrtc::sip::status::StatusCode;

use super::Exchange;
use super::call::CallId;
use super::cancel::ack_refusal;
use super::change::{Change, wait_after_crossing};
use super::dialog;
use super::invite::{ALLOW, branch, identity};
use super::leg::{Leg, Link, PATIENCE, State};
use crate::media::{LegId, Wish};
use crate::random;

impl Exchange {
    /// Sees to it that both phones of a call have what they should. The phone that spoke last comes second: what the
    /// other one takes decides what it can have.
    pub(super) fn settle(&mut self, id: CallId) {
        let Some(call) = self.calls.get(&id) else { return };
        for side in [call.leader.other(), call.leader] {
            let leg = self.calls.get(&id).and_then(|call| call.end(side).legs.first().copied());
            if let Some(leg) = leg
                && !self.settle_phone(leg)
            {
                return;
            }
        }
    }

    /// Whether a phone has what it should; if it has not and nothing is under way, it is asked.
    fn settle_phone(&mut self, id: LegId) -> bool {
        let wish = self.wish(id);
        let Some(leg) = self.legs.get(&id) else { return true };
        let terms = leg.terms;
        let agreed = wish == Wish { held: terms.held, video: terms.video } || terms.refused == Some(wish);
        let idle = match &leg.state {
            State::Talking { change: Change::None, .. } => matches!(leg.link, Link::Up(_)),
            State::Talking { .. } => false,
            // Not established yet, or not any more.
            _ => return true,
        };
        if idle && !agreed {
            self.prepare_offer(id, wish, None);
        } else if idle {
            self.show_other(id);
        }
        idle && agreed
    }

    /// Has the media make an offer; our re-INVITE follows.
    pub(super) fn prepare_offer(&mut self, id: LegId, wish: Wish, crossed: Option<Box<Request>>) {
        if let Some(leg) = self.legs.get(&id) {
            leg.media.reoffer(wish);
        }
        self.set_change(id, Change::Preparing { wish, crossed });
    }

    /// The media has made our offer.
    pub(super) fn send_reinvite(&mut self, id: LegId, offer: String) {
        let branch = self.names.branch();
        let other = self.identity_of_other(id);
        let Some(leg) = self.legs.get_mut(&id) else { return };
        let socket = leg.socket();
        let State::Talking { change, .. } = &mut leg.state else { return };
        let Change::Preparing { wish, crossed } = std::mem::take(change) else { return };
        let Some(socket) = socket else {
            // It is asked again when it is back.
            return leg.media.roll_back();
        };
        let mut invite = leg.dialog.request(Method::Invite, &branch);
        invite.headers.push(Name::CONTACT, dialog::contact(leg.dialog.local.user()).to_string());
        invite.headers.push(Name::ALLOW, ALLOW);
        if let Some(other) = other {
            invite.headers.push(Name::P_ASSERTED_IDENTITY, other.as_str());
            leg.shown = other;
        }
        invite.headers.push(Name::CONTENT_TYPE, "application/sdp");
        invite.body = offer;
        self.sip.send(socket, invite.to_string());
        let until = Instant::now() + PATIENCE;
        self.set_change(id, Change::Offered { invite: Box::new(invite), wish, until });
        if let Some(crossed) = crossed {
            self.refuse_change(socket, &crossed, StatusCode::REQUEST_PENDING);
        }
    }

    /// Tells a phone who is at the other end now, when that is somebody else (RFC 3325, RFC 3311).
    fn show_other(&mut self, id: LegId) {
        let (Some(other), branch) = (self.identity_of_other(id), self.names.branch()) else { return };
        let Some(leg) = self.legs.get_mut(&id) else { return };
        let Some(socket) = leg.socket().filter(|_| leg.takes_update && leg.shown != other) else { return };
        let mut update = leg.dialog.request(Method::Update, &branch);
        update.headers.push(Name::CONTACT, dialog::contact(leg.dialog.local.user()).to_string());
        update.headers.push(Name::P_ASSERTED_IDENTITY, other.as_str());
        leg.shown = other;
        self.send(socket, &update);
    }

    /// Who is at the other end of a phone's call, as it is told.
    pub(super) fn identity_of_other(&self, id: LegId) -> Option<String> {
        let leg = self.legs.get(&id)?;
        let call = self.calls.get(&leg.call?)?;
        Some(identity(call.end(leg.side.other())).to_string())
    }

    /// The leg whose re-INVITE of ours a response belongs to.
    pub(super) fn leg_reinvited(&self, response_branch: &str) -> Option<LegId> {
        let reinvited = |leg: &&Leg| match &leg.state {
            State::Talking { change: Change::Offered { invite, .. }, .. } => {
                branch(invite).as_deref() == Some(response_branch)
            }
            _ => false,
        };
        self.legs.values().find(reinvited).map(|leg| leg.id)
    }

    /// A final response to our re-INVITE.
    pub(super) fn reinvite_answered(&mut self, id: LegId, response: &Response) {
        let ack_branch = self.names.branch();
        let Some(leg) = self.legs.get_mut(&id) else { return };
        let socket = leg.socket();
        let State::Talking { change, acknowledged } = &mut leg.state else { return };
        let Change::Offered { invite, wish, .. } = std::mem::take(change) else { return };
        let status = response.status;
        let ack = if status.is_success() {
            let number = invite.headers.cseq().map_or(0, |cseq| cseq.number);
            leg.dialog.retarget(&response.headers);
            leg.media.accept(&response.body);
            leg.terms.granted(wish, &response.body);
            leg.dialog.ack(number, &ack_branch)
        } else {
            leg.media.roll_back();
            if status == StatusCode::REQUEST_PENDING {
                let wait = wait_after_crossing(acknowledged.is_some(), random::seed()[0]);
                *change = Change::Crossed { until: Instant::now() + wait };
            } else {
                leg.terms.denied(wish);
            }
            ack_refusal(&invite, response)
        };
        if let Some(socket) = socket {
            self.send(socket, &ack);
        }
        match status {
            StatusCode::CALL_OR_TRANSACTION_DOES_NOT_EXIST | StatusCode::REQUEST_TIMEOUT => {
                self.phone_is_lost(id)
            }
            _ => self.terms_changed(id),
        }
    }

    /// A phone does not know its dialog any more, or does not answer in it.
    pub(super) fn phone_is_lost(&mut self, id: LegId) {
        match self.legs.get(&id).and_then(|leg| leg.call) {
            Some(call) => self.end_call(call, StatusCode::REQUEST_TIMEOUT, None),
            None => self.say_goodbye(id),
        }
    }
}

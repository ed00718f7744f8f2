//! What called phones answer, and what becomes of the call then (RFC 3261 §13.2.2, §16.7).

use tokio::time::{Duration, Instant};
use xc_webrtc::cti::message::EventType;
use xc_webrtc::sip::message::Response;
use xc_webrtc::sip::method::Method;
use xc_webrtc::sip::status::StatusCode;

use super::Exchange;
use super::call::{CallId, Side, Stage};
use super::cancel::ack_refusal;
use super::leg::{Leg, NO_ANSWER_TIME, RINGING_TIME, State};
use crate::media::{LegId, MediaKind, Wish};

/// The Reason for phones that rang in vain because another one was faster (RFC 3326 §2).
const ELSEWHERE: &str = "SIP;cause=200;text=\"Call completed elsewhere\"";

impl Exchange {
    /// A response to one of our requests. Only those to INVITE change anything.
    pub(super) fn response(&mut self, response: &Response) {
        let headers = &response.headers;
        let (Ok(via), Ok(cseq)) = (headers.top_via(), headers.cseq()) else { return };
        if cseq.method != Method::Invite {
            return;
        }
        if let Some(id) = self.leg_reinvited(via.branch()) {
            if response.status.is_final() {
                self.reinvite_answered(id, response);
            }
            return;
        }
        let known = |leg: &&Leg| leg.invite_branch.as_deref() == Some(via.branch());
        let Some(id) = self.legs.values().find(known).map(|leg| leg.id) else { return };
        let status = response.status;
        if status.is_provisional() {
            self.provisional(id, response);
        } else if status.is_success() {
            self.accepted(id, response, cseq.number);
        } else {
            self.refused(id, response);
        }
    }

    fn provisional(&mut self, id: LegId, response: &Response) {
        let patience = self.ringing_time(id);
        let Some(leg) = self.legs.get_mut(&id) else { return };
        let rings = response.status != StatusCode::TRYING;
        match &mut leg.state {
            State::Asking { heard, until, .. } => {
                *heard = true;
                *until = Instant::now() + patience;
                let (call, side) = (leg.call, leg.side);
                if let (true, Some(call)) = (rings, call) {
                    self.phone_rings(call, side);
                }
            }
            State::GivenUp { cancelled: false, .. } => self.send_cancel(id),
            State::GivenUp { .. }
            | State::Asked { .. }
            | State::Answered { .. }
            | State::Preparing { .. }
            | State::Talking { .. }
            | State::Leaving => {}
        }
    }

    /// How long a phone may ring: not for long where somebody else is to be asked then.
    fn ringing_time(&self, id: LegId) -> Duration {
        let called = self.legs.get(&id).filter(|leg| leg.side == Side::Callee);
        let services = called.and_then(|leg| self.services.get(&leg.account.login));
        match services {
            Some(services) if services.no_answer.enabled => NO_ANSWER_TIME,
            Some(_) | None => RINGING_TIME,
        }
    }

    fn phone_rings(&mut self, call: CallId, side: Side) {
        if side == Side::Callee {
            self.tell(call, side, EventType::Ringing);
            self.ring_caller(call);
            self.notify_referrer(call, StatusCode::RINGING);
        }
    }

    fn accepted(&mut self, id: LegId, response: &Response, number: u32) {
        let branch = self.names.branch();
        let Some(leg) = self.legs.get_mut(&id) else { return };
        let given_up = match &leg.state {
            State::Asking { .. } => false,
            State::GivenUp { .. } => true,
            // The same 200 again: our ACK was lost.
            State::Talking { acknowledged: Some(known), .. } if *known == number => {
                let ack = leg.dialog.ack(number, &branch);
                if let Some(socket) = leg.socket() {
                    self.send(socket, &ack);
                }
                return;
            }
            State::Asked { .. }
            | State::Answered { .. }
            | State::Preparing { .. }
            | State::Talking { .. }
            | State::Leaving => return,
        };
        leg.dialog.learn(response);
        leg.takes_update = response.headers.allow().any(|method| method == Method::Update);
        leg.state = State::established(Some(number));
        let offered = leg.call.and_then(|call| self.calls.get(&call)).map(|call| &call.kinds);
        let video = offered.is_some_and(|kinds| kinds.contains(&MediaKind::Video));
        leg.terms.granted(Wish { held: false, video }, &response.body);
        let (call, side, socket) = (leg.call, leg.side, leg.socket());
        let ack = leg.dialog.ack(number, &branch);
        leg.media.accept(&response.body);
        if let Some(socket) = socket {
            self.send(socket, &ack);
        }
        match call {
            Some(call) if !given_up => {
                self.give_up_others(call, side, id);
                self.phone_answered(call, side);
            }
            Some(_) | None => self.say_goodbye(id),
        }
    }

    /// One phone was faster: the others stop ringing.
    fn give_up_others(&mut self, call: CallId, side: Side, winner: LegId) {
        let Some(end) = self.calls.get_mut(&call).map(|call| call.end_mut(side)) else { return };
        let legs = std::mem::replace(&mut end.legs, vec![winner]);
        for leg in legs.into_iter().filter(|leg| *leg != winner) {
            self.give_up(leg, Some(ELSEWHERE));
        }
    }

    fn phone_answered(&mut self, call: CallId, side: Side) {
        match side {
            Side::Callee => self.callee_ready(call),
            Side::Caller => {
                if let Some(summoned) = self.calls.get_mut(&call) {
                    summoned.stage = Stage::Ringing;
                }
                self.place(call);
            }
        }
    }

    fn refused(&mut self, id: LegId, response: &Response) {
        let Some(leg) = self.legs.get(&id) else { return };
        let (State::Asking { invite, .. } | State::GivenUp { invite, .. }) = &leg.state else { return };
        let ack = ack_refusal(invite, response);
        if let Some(socket) = leg.socket() {
            self.send(socket, &ack);
        }
        self.phone_failed(id, response.status);
    }

    /// One phone will not take the call.
    pub(super) fn phone_failed(&mut self, id: LegId, status: StatusCode) {
        if let Some(leg) = self.legs.remove(&id)
            && let Some(call) = leg.call
        {
            self.phone_is_out(call, leg.side, id, status);
        }
    }

    /// One phone has not answered in time (RFC 3261 §17.1.1.2 Timer B, §16.8 Timer C).
    pub(super) fn phone_is_silent(&mut self, id: LegId) {
        let Some(Leg { call, side, state: State::Asking { heard, .. }, .. }) = self.legs.get(&id) else {
            return;
        };
        let (call, side, heard) = (*call, *side, *heard);
        if heard {
            self.give_up(id, None);
        } else {
            self.legs.remove(&id);
        }
        if let Some(call) = call {
            self.phone_is_out(call, side, id, StatusCode::REQUEST_TIMEOUT);
        }
    }

    fn phone_is_out(&mut self, call: CallId, side: Side, id: LegId, status: StatusCode) {
        let Some(end) = self.calls.get_mut(&call).map(|call| call.end_mut(side)) else { return };
        end.legs.retain(|other| *other != id);
        end.refusals.push(status);
        let best = end.best_refusal();
        // RFC 3261 §16.7, step 5: a 6xx speaks for all phones.
        if end.legs.is_empty() || status.code() >= 600 {
            match side {
                Side::Caller => self.call_failed(call, best),
                Side::Callee => self.not_taken(call, best),
            }
        }
    }
}

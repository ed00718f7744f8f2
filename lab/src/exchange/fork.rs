//! The called side: INVITE to every phone of an account, and what they answer (RFC 3261 §13.2, §16.7).

use std::sync::Arc;

use tokio::time::{Duration, Instant};
use xc_webrtc::cti::message::EventType;
use xc_webrtc::sip::header::Name;
use xc_webrtc::sip::message::{Request, Response};
use xc_webrtc::sip::method::Method;
use xc_webrtc::sip::status::StatusCode;
use xc_webrtc::sip::uri::NameAddr;

use super::Exchange;
use super::call::{CallId, Side, Stage};
use super::dialog::{self, Dialog};
use super::invite::{ALLOW, identity};
use super::leg::{Leg, Link, NO_ANSWER_TIME, PATIENCE, RINGING_TIME, State};
use super::registrar::Binding;
use super::socket::SocketId;
use super::terms::{Hears, Terms};
use crate::account::Account;
use crate::media::{LegId, MediaKind, Wish};

/// The Reason for phones that rang in vain because another one was faster (RFC 3326 §2).
const ELSEWHERE: &str = "SIP;cause=200;text=\"Call completed elsewhere\"";
impl Exchange {
    /// Rings every phone of the account at that end of a call; false when there is none. `extra` header fields go
    /// with the INVITE. A consultation rings only the phone that has the call it is for.
    pub(super) fn ring_phones(&mut self, id: CallId, side: Side, extra: &[(Name, String)]) -> bool {
        let Some(call) = self.calls.get(&id) else { return false };
        let Some(account) = call.end(side).account.clone() else { return false };
        let consulting =
            call.consults_for.filter(|_| side == Side::Caller).map(|first| self.sockets_of(first, &account));
        let bindings: Vec<Binding> = self
            .registrar
            .of(&account.login)
            .filter(|binding| self.sip.is_open(binding.socket))
            .filter(|binding| consulting.as_ref().is_none_or(|sockets| sockets.contains(&binding.socket)))
            .cloned()
            .collect();
        for binding in &bindings {
            self.prepare(id, side, &account, binding, extra);
        }
        !bindings.is_empty()
    }

    /// The websockets of the phones that somebody has in a call.
    fn sockets_of(&self, call: CallId, account: &Account) -> Vec<SocketId> {
        let theirs = |leg: &&Leg| leg.call == Some(call) && leg.account.login == account.login;
        self.legs.values().filter(theirs).filter_map(Leg::socket).collect()
    }

    /// A leg to one phone; its INVITE leaves when the media has made an offer.
    fn prepare(
        &mut self,
        call: CallId,
        side: Side,
        account: &Arc<Account>,
        binding: &Binding,
        extra: &[(Name, String)],
    ) {
        let id = LegId(self.next_id());
        let (tag, branch) = (self.names.tag(), self.names.branch());
        let Some(known) = self.calls.get_mut(&call) else { return };
        let other = known.end(side.other());
        let from = identity(other);
        let number = other.number.clone();
        let end = known.end_mut(side);
        end.legs.push(id);
        let remote = NameAddr::new(binding.contact.clone());
        let mut dialog = Dialog::to_phone(
            end.call_id.clone(),
            from.clone().with_tag(&tag),
            remote,
            binding.contact.clone(),
        );
        let mut invite = dialog.request(Method::Invite, &branch);
        invite.headers.push(Name::CONTACT, dialog::contact(&number).to_string());
        invite.headers.push(Name::P_ASSERTED_IDENTITY, from.to_string());
        invite.headers.push(Name::ALLOW, ALLOW);
        for (name, value) in extra {
            invite.headers.push(name.clone(), value.as_str());
        }
        let media = self.media.open(id);
        media.offer(known.kinds.clone());
        let leg = Leg {
            id,
            call: Some(call),
            side,
            account: account.clone(),
            link: Link::Up(binding.socket),
            dialog,
            invite_branch: Some(branch),
            state: State::Preparing { invite: Box::new(invite) },
            media,
            media_connected: false,
            terms: Terms::default(),
            hears: Hears::default(),
            takes_update: false,
            shown: from.to_string(),
            digits: String::new(),
        };
        self.legs.insert(id, leg);
    }

    /// The media of a leg has made an offer: the INVITE leaves.
    pub(super) fn send_invite(&mut self, id: LegId, offer: String) {
        let Some(leg) = self.legs.get_mut(&id) else { return };
        let (State::Preparing { invite }, Some(socket)) = (&leg.state, leg.socket()) else { return };
        let mut invite = invite.clone();
        invite.headers.push(Name::CONTENT_TYPE, "application/sdp");
        invite.body = offer;
        self.sip.send(socket, invite.to_string());
        leg.state = State::Asking { invite, heard: false, until: Instant::now() + PATIENCE };
    }

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

    /// A phone that was asked is not wanted any more.
    pub(super) fn give_up(&mut self, id: LegId, reason: Option<&str>) {
        let Some(leg) = self.legs.get_mut(&id) else { return };
        leg.call = None;
        let State::Asking { invite, heard, .. } = &leg.state else {
            self.legs.remove(&id);
            return;
        };
        let heard = *heard;
        leg.state = State::GivenUp {
            invite: invite.clone(),
            cancelled: false,
            reason: reason.map(str::to_owned),
            until: Instant::now() + PATIENCE,
        };
        if heard {
            self.send_cancel(id);
        }
    }

    fn send_cancel(&mut self, id: LegId) {
        let Some(leg) = self.legs.get_mut(&id) else { return };
        let socket = leg.socket();
        let State::GivenUp { invite, cancelled, reason, .. } = &mut leg.state else { return };
        *cancelled = true;
        let mut cancel = same_transaction(invite, Method::Cancel);
        if let Some(reason) = reason {
            cancel.headers.push(Name::REASON, reason.clone());
        }
        if let Some(socket) = socket {
            self.send(socket, &cancel);
        }
    }
}

/// The ACK to a refusal is part of the INVITE's transaction (RFC 3261 §17.1.1.3).
pub(super) fn ack_refusal(invite: &Request, response: &Response) -> Request {
    let mut ack = same_transaction(invite, Method::Ack);
    if let Some(to) = response.headers.get(&Name::TO) {
        ack.headers.set(Name::TO, to);
    }
    ack
}

/// A request with the Request-URI, Via, From, To, Call-ID and number of the INVITE: ACK to a refusal, or CANCEL
/// (RFC 3261 §9.1).
fn same_transaction(invite: &Request, method: Method) -> Request {
    let mut request = Request::new(method.clone(), invite.uri.clone());
    for name in [Name::VIA, Name::MAX_FORWARDS, Name::ROUTE, Name::FROM, Name::TO, Name::CALL_ID] {
        for value in invite.headers.all(&name) {
            request.headers.push(name.clone(), value);
        }
    }
    if let Ok(mut cseq) = invite.headers.cseq() {
        cseq.method = method;
        request.headers.push(Name::CSEQ, cseq.to_string());
    }
    request
}

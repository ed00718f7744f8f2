//! Requests from the phones, and their responses to ours: sorted by what they belong to.

use std::fmt::Display;
use std::sync::Arc;

use tokio::time::Instant;
use xc_webrtc::sip::header::{HeaderError, Name};
use xc_webrtc::sip::message::{Message, Request, Response};
use xc_webrtc::sip::method::Method;
use xc_webrtc::sip::parser;
use xc_webrtc::sip::status::StatusCode;

use super::Exchange;
use super::change::Change;
use super::invite::{ALLOW, SUPPORTED};
use super::leg::{Leg, Link, State};
use super::socket::{Outbox, SocketId};
use crate::account::Account;
use crate::media::LegId;

impl Exchange {
    /// A SIP websocket was opened, with or without a token.
    pub fn sip_opened(&mut self, account: Option<Arc<Account>>, outbox: Outbox) -> SocketId {
        let id = SocketId(self.next_id());
        self.sip.insert(id, account, outbox);
        id
    }

    /// A SIP websocket was opened that goes to the Asterisk behind the lab: it can be cut, no more.
    pub fn relay_opened(&mut self, account: Option<Arc<Account>>, outbox: Outbox) -> SocketId {
        self.sip_opened(account, outbox)
    }

    /// It is gone.
    pub fn relay_closed(&mut self, socket: SocketId) {
        self.sip.remove(socket);
    }

    /// A SIP websocket is gone: what was reached by it is not reached any more.
    pub fn sip_closed(&mut self, socket: SocketId) {
        self.sip.remove(socket);
        self.registrar.socket_closed(socket);
        let legs = self.legs.values().filter(|leg| leg.socket() == Some(socket));
        for leg in legs.map(|leg| leg.id).collect::<Vec<_>>() {
            self.link_lost(leg);
        }
        self.tell_statuses();
    }

    /// A frame came by a SIP websocket.
    pub fn sip_received(&mut self, socket: SocketId, text: &str) {
        let login = self.sip.account(socket).map(|account| account.login.as_str());
        if self.faults.silent_sip.meets(login) {
            return;
        }
        if parser::is_keep_alive(text) {
            // RFC 5626 §3.5.1: the answer to a keep-alive is one line end.
            return self.sip.send(socket, "\r\n".into());
        }
        // RFC 3261 §18.3 has no answer for what cannot be read.
        let Ok(parsed) = parser::parse(text) else { return };
        match parsed.message {
            Message::Request(request) => self.request(socket, &request, parsed.refusal),
            Message::Response(response) => self.response(&response),
        }
    }

    pub(super) fn send(&self, socket: SocketId, message: &impl Display) {
        self.sip.send(socket, message.to_string());
    }

    /// Answers a request that no dialog belongs to.
    pub(super) fn refuse(&mut self, socket: SocketId, request: &Request, status: StatusCode) {
        let tag = self.names.tag();
        let mut response = request.reply(status, Some(&tag));
        if status == StatusCode::METHOD_NOT_ALLOWED {
            response.headers.push(Name::ALLOW, ALLOW);
        }
        self.send(socket, &response);
    }

    /// `refusal`: what the parser says of a request that cannot be processed.
    fn request(&mut self, socket: SocketId, request: &Request, refusal: Option<StatusCode>) {
        if let Err(error) = request.check() {
            return self.complain(socket, request, &error);
        }
        if let Some(status) = refusal {
            if request.method != Method::Ack {
                self.refuse(socket, request, status);
            }
            return;
        }
        match &request.method {
            Method::Ack => return self.ack(request),
            Method::Cancel => return self.cancel(socket, request),
            _ => {}
        }
        if let Some(response) = self.objection(request) {
            return self.send(socket, &response);
        }
        let inside = request.headers.to().is_ok_and(|to| to.tag().is_some());
        match (&request.method, inside) {
            (_, true) => self.inside_dialog(socket, request),
            (Method::Register, false) => self.register(socket, request),
            (Method::Invite, false) => self.invite(socket, request),
            (Method::Options, false) => self.options(socket, request),
            (_, false) => self.refuse(socket, request, StatusCode::CALL_OR_TRANSACTION_DOES_NOT_EXIST),
        }
    }

    /// 400, where there is enough of the request for a response to be known by.
    fn complain(&self, socket: SocketId, request: &Request, error: &HeaderError) {
        let headers = &request.headers;
        let known = headers.top_via().is_ok() && headers.call_id().is_ok() && headers.cseq().is_ok();
        if known && request.method != Method::Ack {
            let mut response = request.reply(StatusCode::BAD_REQUEST, None);
            response.reason = error.to_string();
            self.send(socket, &response);
        }
    }

    /// What is wrong with a request whatever it is about (RFC 3261 §8.2.1, §8.2.2.3, §16.3).
    fn objection(&mut self, request: &Request) -> Option<Response> {
        let served = matches!(
            request.method,
            Method::Invite
                | Method::Update
                | Method::Bye
                | Method::Options
                | Method::Info
                | Method::Refer
                | Method::Register
        );
        let required: Vec<&str> = request
            .headers
            .items(&Name::REQUIRE)
            .filter(|tag| !tag.eq_ignore_ascii_case(SUPPORTED))
            .collect();
        let (status, header) = if !served {
            (StatusCode::METHOD_NOT_ALLOWED, Some((Name::ALLOW, ALLOW.to_owned())))
        } else if request.headers.max_forwards() == Some(0) {
            (StatusCode::TOO_MANY_HOPS, None)
        } else if !required.is_empty() {
            (StatusCode::BAD_EXTENSION, Some((Name::UNSUPPORTED, required.join(", "))))
        } else {
            return None;
        };
        let tag = self.names.tag();
        let mut response = request.reply(status, Some(&tag));
        if let Some((name, value)) = header {
            response.headers.push(name, value);
        }
        Some(response)
    }

    fn options(&mut self, socket: SocketId, request: &Request) {
        let tag = self.names.tag();
        let mut response = request.reply(StatusCode::OK, Some(&tag));
        response.headers.push(Name::ALLOW, ALLOW);
        response.headers.push(Name::ACCEPT, "application/sdp");
        self.send(socket, &response);
    }

    /// The leg whose dialog a request belongs to.
    pub(super) fn leg_of(&self, request: &Request) -> Option<LegId> {
        let (call_id, from) = (request.headers.call_id().ok()?, request.headers.from().ok()?);
        let to = request.headers.to().ok()?;
        self.legs.values().find(|leg| leg.dialog.matches(call_id, &from, &to)).map(|leg| leg.id)
    }

    fn inside_dialog(&mut self, socket: SocketId, request: &Request) {
        let number = request.headers.cseq().map_or(0, |cseq| cseq.number);
        let Some(leg) = self.leg_of(request).and_then(|leg| self.legs.get_mut(&leg)) else {
            return self.refuse(socket, request, StatusCode::CALL_OR_TRANSACTION_DOES_NOT_EXIST);
        };
        if !leg.dialog.in_order(number) {
            return self.refuse(socket, request, StatusCode::SERVER_INTERNAL_ERROR);
        }
        // The phone may have come back by another websocket.
        leg.link = Link::Up(socket);
        let id = leg.id;
        match request.method {
            Method::Bye => self.bye(socket, request, id),
            Method::Invite | Method::Update => self.change_asked(socket, request, id),
            Method::Options => self.options(socket, request),
            Method::Info => self.info(socket, request, id),
            Method::Refer => self.refer(socket, request, id),
            _ => self.refuse(socket, request, StatusCode::METHOD_NOT_ALLOWED),
        }
    }

    fn bye(&mut self, socket: SocketId, request: &Request, leg: LegId) {
        self.send(socket, &request.reply(StatusCode::OK, None));
        let Some(leg) = self.legs.remove(&leg) else { return };
        // RFC 3261 §15.1.2: what still waits for a final answer gets 487.
        if let State::Asked { invite, .. } = &leg.state {
            let tag = leg.dialog.local.tag();
            self.send(socket, &invite.reply(StatusCode::REQUEST_TERMINATED, tag));
        }
        match leg.call {
            Some(call) => self.end_call(call, StatusCode::REQUEST_TERMINATED, None),
            None => self.referrer_left(leg.id),
        }
    }

    /// The websocket of a leg is gone. An established call waits for the phone to come back.
    fn link_lost(&mut self, id: LegId) {
        let Some(leg) = self.legs.get_mut(&id) else { return };
        leg.link = Link::Lost { since: Instant::now() };
        match &mut leg.state {
            State::Answered { .. } | State::Leaving => {}
            State::Talking { change, .. } => {
                *change = Change::None;
                leg.media.roll_back();
            }
            State::Asked { .. } => {
                let call = leg.call;
                self.legs.remove(&id);
                if let Some(call) = call {
                    self.end_call(call, StatusCode::REQUEST_TERMINATED, None);
                }
            }
            State::Preparing { .. } | State::Asking { .. } | State::GivenUp { .. } => {
                self.phone_failed(id, StatusCode::TEMPORARILY_UNAVAILABLE);
            }
        }
    }

    /// A phone has registered: calls that it lost the websocket of go on by this one.
    pub(super) fn link_found(&mut self, socket: SocketId, login: &str) {
        let found = |leg: &Leg| {
            leg.account.login == login
                && self
                    .registrar
                    .of(login)
                    .any(|binding| binding.socket == socket && binding.contact.equivalent(&leg.dialog.target))
        };
        let legs: Vec<LegId> = self.legs.values().filter(|leg| found(leg)).map(|leg| leg.id).collect();
        for id in legs {
            let Some(leg) = self.legs.get_mut(&id) else { continue };
            leg.link = Link::Up(socket);
            let (leaving, call) = (matches!(leg.state, State::Leaving), leg.call);
            match call {
                _ if leaving => self.say_goodbye(id),
                Some(call) => self.settle(call),
                None => {}
            }
        }
    }
}

//! What becomes of a message from the other side (RFC 3261 §8.1.3, §8.2, §9.2, §12.2.2).

use super::UserAgent;
use crate::sip::endpoint::{self, Answer, sdp_of};
use crate::sip::event::{Incoming, SessionEvent, SessionId};
use crate::sip::header::{HeaderError, Name};
use crate::sip::invite::{Alerting, identity_of};
use crate::sip::message::{Message, Request, Response};
use crate::sip::method::Method;
use crate::sip::parser::{self, Diagnostic};
use crate::sip::session_timer;
use crate::sip::status::StatusCode;
use crate::sip::transaction::{NoTransaction, Owner};
use crate::sip::uri::Scheme;
use crate::time::Instant;

/// More calls than this cannot ring at once; a further caller hears busy.
const MOST_ALERTING: usize = 16;

impl UserAgent {
    pub(super) fn received(&mut self, text: &str, now: Instant) {
        let parsed = match parser::parse(text) {
            Ok(parsed) => parsed,
            Err(error) => return self.dropped(&error.to_string()),
        };
        for diagnostic in parsed.diagnostics {
            self.endpoint.outbox.diagnostic(diagnostic);
        }
        match parsed.message {
            Message::Request(request) => {
                if let Some(status) = parsed.refusal {
                    self.refuse_unread(&request, status);
                } else if let Err(error) = self.request(request, now) {
                    self.dropped(&error.to_string());
                }
            }
            Message::Response(response) => self.response(&response, now),
        }
    }

    pub(super) fn dropped(&mut self, why: &str) {
        self.endpoint.outbox.diagnostic(Diagnostic { text: format!("dropped: {why}") });
    }

    fn response(&mut self, response: &Response, now: Instant) {
        // RFC 3261 §8.1.3.3: a response that has more hops to go is not for us.
        if response.headers.items(&Name::VIA).nth(1).is_some() {
            return self.dropped("a response with more than one Via");
        }
        let endpoint = &mut self.endpoint;
        let heard = match endpoint.transactions.receive(response, now, &mut endpoint.outbox) {
            Ok(Some(heard)) => heard,
            Ok(None) => return,
            Err(NoTransaction) => return self.dropped("a response to nothing that is outstanding"),
        };
        endpoint.informed(response);
        match heard.owner {
            Owner::Registration => {
                self.registration.heard(heard, response, endpoint, now);
                self.look_for_mail(response, now);
            }
            Owner::Subscription(id) => {
                self.subscription_heard(id, heard, response, now);
            }
            Owner::Message(id) => self.message_heard(id, heard, response, now),
            Owner::Session(id) => {
                let mut heard = Some(heard);
                self.step(id, now, &mut |session, context| {
                    if let Some(heard) = heard.take() {
                        session.heard(heard, response, context);
                    }
                });
                // The session ended before its INVITE did: we gave up, and the callee took the call meanwhile.
                if let Some(heard) = heard
                    && response.status.is_success()
                {
                    self.endpoint.disown(&heard, response, now);
                }
            }
            Owner::Farewell(id) => endpoint.farewell_heard(id, heard, response, now),
            // Whatever it says: it is a sign of life.
            Owner::KeepAlive => endpoint.answered(now),
            Owner::Nobody => {}
        }
    }

    /// Answers a request that cannot be processed, with as much as there is of what a response has to repeat.
    fn refuse_unread(&mut self, request: &Request, status: StatusCode) {
        // An ACK is never answered; and without a Via nobody would know the answer.
        if request.method == Method::Ack || request.headers.get(&Name::VIA).is_none() {
            return self.dropped("a request that cannot be answered");
        }
        // RFC 4475 §3.1.2.18: a method of the future may count otherwise.
        if matches!(request.method, Method::Other(_)) && status == StatusCode::BAD_REQUEST {
            return self.refuse_method(request);
        }
        self.reply(request, status, &[]);
    }

    /// RFC 3261 §8.2.1, §21.5.2: 405 for a method that is not carried out, 501 for one that nobody knows.
    fn refuse_method(&mut self, request: &Request) {
        let status = match request.method {
            Method::Other(_) => StatusCode::NOT_IMPLEMENTED,
            _ => StatusCode::METHOD_NOT_ALLOWED,
        };
        self.reply(request, status, &[(Name::ALLOW, endpoint::ALLOW.to_owned())]);
    }

    fn request(&mut self, request: Request, now: Instant) -> Result<(), HeaderError> {
        match request.method {
            Method::Ack => self.ack(&request, now),
            Method::Cancel => self.cancel(&request, now),
            _ => return self.examine(request, now),
        }
        Ok(())
    }

    /// Answers a request that goes no further.
    pub(super) fn reply(&mut self, request: &Request, status: StatusCode, headers: &[(Name, String)]) {
        let tag = self.endpoint.tokens.tag();
        self.endpoint.reply(request, Answer::new(status).tagged(&tag).with(headers));
    }

    /// The checks before a request is looked at more closely, in the order of RFC 3261 §8.2.
    fn examine(&mut self, request: Request, now: Instant) -> Result<(), HeaderError> {
        let endpoint = &mut self.endpoint;
        if endpoint.transactions.absorb_repeated(&request, &mut endpoint.outbox) {
            return Ok(());
        }
        match request.method {
            Method::Invite
            | Method::Bye
            | Method::Options
            | Method::Update
            | Method::Prack
            | Method::Info
            | Method::Notify
            | Method::Message => {}
            _ => {
                self.refuse_method(&request);
                return Ok(());
            }
        }
        // RFC 3261 §8.2.2.1.
        if matches!(request.uri.scheme, Scheme::Other(_)) {
            self.reply(&request, StatusCode::UNSUPPORTED_URI_SCHEME, &[]);
            return Ok(());
        }
        // RFC 3261 §8.2.2.3.
        let unknown = |item: &&str| {
            !endpoint::SUPPORTED.split(',').any(|known| item.eq_ignore_ascii_case(known.trim()))
        };
        let mut required = String::new();
        for item in request.headers.items(&Name::REQUIRE).filter(unknown) {
            required.push_str(if required.is_empty() { "" } else { ", " });
            required.push_str(item);
        }
        if !required.is_empty() {
            self.reply(&request, StatusCode::BAD_EXTENSION, &[(Name::UNSUPPORTED, required)]);
            return Ok(());
        }
        if matches!(request.method, Method::Invite | Method::Update)
            && session_timer::is_too_short(&request.headers)
        {
            let least = [(Name::MIN_SE, session_timer::SHORTEST.to_string())];
            self.reply(&request, StatusCode::SESSION_INTERVAL_TOO_SMALL, &least);
            return Ok(());
        }
        if request.headers.tag(&Name::TO).is_some() {
            self.inside(&request, now);
            return Ok(());
        }
        match request.method {
            Method::Invite => return self.invited(request, now),
            Method::Options => self.tell_capabilities(&request),
            Method::Notify => self.notified(&request, now),
            Method::Message => self.message_came(&request),
            // The others only have a meaning inside a dialog.
            _ => self.reply(&request, StatusCode::CALL_OR_TRANSACTION_DOES_NOT_EXIST, &[]),
        }
        Ok(())
    }

    /// The answer to OPTIONS (RFC 3261 §11.2).
    fn tell_capabilities(&mut self, request: &Request) {
        self.reply(request, StatusCode::OK, &[(Name::ACCEPT, endpoint::ACCEPT.to_owned())]);
    }

    /// An INVITE that begins a session.
    fn invited(&mut self, request: Request, now: Instant) -> Result<(), HeaderError> {
        if self.endpoint.transactions.is_merged(&request) {
            self.reply(&request, StatusCode::LOOP_DETECTED, &[]);
            return Ok(());
        }
        if self.sessions.iter().filter(|(_, session)| session.is_alerting()).count() >= MOST_ALERTING {
            self.reply(&request, StatusCode::BUSY_HERE, &[]);
            return Ok(());
        }
        if !endpoint::takes_sdp(&request.headers) {
            self.reply(&request, StatusCode::NOT_ACCEPTABLE, &[]);
            return Ok(());
        }
        let Ok(offer) = sdp_of(&request.headers, &request.body) else {
            self.endpoint.refuse_body(&request);
            return Ok(());
        };
        let replaces = match self.replaced(&request) {
            Ok(replaces) => replaces,
            Err(status) => {
                self.reply(&request, status, &[]);
                return Ok(());
            }
        };
        let incoming = Incoming {
            replaces,
            call_id: request.headers.call_id()?.to_owned(),
            from: request.headers.from()?,
            to: request.headers.to()?,
            identity: identity_of(&request.headers),
            offer,
            headers: request.headers.clone(),
        };
        let Some(invite) = self.endpoint.open(&request) else { return Ok(()) };
        let id = self.fresh_session();
        let offered = incoming.offer.is_some();
        let session = Alerting::begin(invite, &request, offered, &mut self.context(id, now))?;
        self.sessions.push((id, session));
        self.endpoint.tell(id, SessionEvent::Incoming(Box::new(incoming)));
        Ok(())
    }

    /// The session whose place an INVITE takes, or why it does not (RFC 3891 §3).
    fn replaced(&self, invite: &Request) -> Result<Option<SessionId>, StatusCode> {
        let Some(replaces) = invite.headers.replaces().map_err(|_| StatusCode::BAD_REQUEST)? else {
            return Ok(None);
        };
        for (id, session) in &self.sessions {
            if let Some(replaced) = session.replaced_by(&replaces) {
                return replaced.map(|()| Some(*id));
            }
        }
        let ended = self.endpoint.farewells.has_named_by(&replaces);
        Err(if ended { StatusCode::DECLINE } else { StatusCode::CALL_OR_TRANSACTION_DOES_NOT_EXIST })
    }

    /// A request inside a dialog (RFC 3261 §12.2.2).
    fn inside(&mut self, request: &Request, now: Instant) {
        let number = request.headers.cseq_number().unwrap_or_default();
        let found = self
            .sessions
            .iter_mut()
            .find_map(|(id, session)| session.dialog_of(&request.headers).map(|dialog| (*id, dialog)));
        let Some((id, dialog)) = found else {
            if request.method == Method::Notify {
                return self.notified(request, now);
            }
            let known = self.endpoint.farewell_request(request, now) && request.method == Method::Bye;
            let status = if known { StatusCode::OK } else { StatusCode::CALL_OR_TRANSACTION_DOES_NOT_EXIST };
            return self.reply(request, status, &[]);
        };
        if !dialog.admit(number) {
            self.reply(request, StatusCode::SERVER_INTERNAL_ERROR, &[]);
        } else if request.method == Method::Options {
            self.tell_capabilities(request);
        } else if request.method == Method::Message {
            self.message_came(request);
        } else {
            self.step(id, now, &mut |session, context| session.request(request, context));
        }
    }

    fn ack(&mut self, ack: &Request, now: Instant) {
        if self.endpoint.transactions.absorb_ack(ack) {
            return;
        }
        let found = self
            .sessions
            .iter_mut()
            .find_map(|(id, session)| session.dialog_of(&ack.headers).is_some().then_some(*id));
        match found {
            Some(id) => self.step(id, now, &mut |session, context| session.ack(ack, context)),
            None => {
                self.endpoint.farewell_request(ack, now);
            }
        }
    }

    /// RFC 3261 §9.2: 200 when the INVITE is known, whether or not there is anything left to cancel.
    fn cancel(&mut self, cancel: &Request, now: Instant) {
        let Some(invite) = self.endpoint.transactions.cancelled_by(cancel) else {
            return self.reply(cancel, StatusCode::CALL_OR_TRANSACTION_DOES_NOT_EXIST, &[]);
        };
        self.reply(cancel, StatusCode::OK, &[]);
        let found = self.sessions.iter().find(|(_, session)| session.pending() == Some(invite));
        if let Some(id) = found.map(|(id, _)| *id) {
            self.step(id, now, &mut |session, context| session.cancelled(&cancel.headers, context));
        }
    }
}

//! Answers to what was received (RFC 3261 §8.2.6): what each says of us, and within a transaction or without.

use super::super::header::{Name, Refresher};
use super::super::message::{Request, Response};
use super::super::method::Method;
use super::super::session_timer;
use super::super::status::StatusCode;
use super::super::transaction::ServerId;
use super::{ALLOW, Endpoint, SDP, SUPPORTED};
use crate::time::Instant;

impl Endpoint {
    /// Answers a received request whose transaction is open.
    pub(in super::super) fn respond(
        &mut self,
        id: ServerId,
        answer: Answer<'_>,
        now: Instant,
    ) -> Option<String> {
        let request = self.transactions.received_request(id)?;
        let response = self.build(request, answer);
        let text = response.to_string();
        self.transactions.respond(id, &response, now, &mut self.outbox);
        Some(text)
    }

    /// Answers a received request at once, without a transaction: it is over with the answer (RFC 3261 §17.2.2, timer J
    /// is zero). An INVITE may be refused in this way too (§8.2.7): its ACK matches nothing then and is dropped.
    pub(in super::super) fn reply(&mut self, request: &Request, answer: Answer<'_>) {
        let response = self.build(request, answer);
        self.outbox.send(response.to_string());
    }

    /// Answers with a status alone.
    pub(in super::super) fn reply_status(&mut self, request: &Request, status: StatusCode) {
        self.reply(request, Answer::new(status));
    }

    fn build(&self, request: &Request, answer: Answer<'_>) -> Response {
        let mut response = request.reply(answer.status, answer.to_tag);
        let headers = &mut response.headers;
        if makes_dialog(&request.method, answer.status) {
            for route in request.headers.all(&Name::RECORD_ROUTE) {
                headers.push(Name::RECORD_ROUTE, route);
            }
            headers.push(Name::CONTACT, self.contact_value());
        }
        if answer.status.is_success() && request.method != Method::Bye && request.method != Method::Cancel {
            headers.push(Name::ALLOW, ALLOW);
            headers.push(Name::SUPPORTED, SUPPORTED);
            if matches!(request.method, Method::Invite | Method::Update)
                && let Some(granted) = session_timer::granted(&request.headers)
            {
                headers.push(Name::SESSION_EXPIRES, granted.value());
                // RFC 4028 §9: who has to refresh has to know that it has to.
                if granted.refresher == Some(Refresher::Uac) {
                    headers.push(Name::REQUIRE, session_timer::OPTION);
                }
            }
        }
        for (name, value) in answer.headers {
            headers.push(name.clone(), value.as_str());
        }
        headers.push(Name::USER_AGENT, self.config.user_agent.as_str());
        if let Some(sdp) = answer.sdp {
            headers.push(Name::CONTENT_TYPE, SDP);
            response.body = sdp.to_owned();
        }
        response
    }

    /// 500 with a Retry-After of up to ten seconds: ask again when this is settled (RFC 3261 §14.2).
    pub(in super::super) fn reply_later(&mut self, request: &Request) {
        let seconds = self.tokens.number() % 11;
        let headers = [(Name::RETRY_AFTER, seconds.to_string())];
        self.reply(request, Answer::new(StatusCode::SERVER_INTERNAL_ERROR).with(&headers));
    }

    /// 415: the body is not a session description (RFC 3261 §8.2.3).
    pub(in super::super) fn refuse_body(&mut self, request: &Request) {
        let headers = [(Name::ACCEPT, SDP.to_owned())];
        let tag = self.tokens.tag();
        self.reply(request, Answer::new(StatusCode::UNSUPPORTED_MEDIA_TYPE).tagged(&tag).with(&headers));
    }

    /// Opens a transaction for a request that cannot be answered at once; when too many are open, the request is
    /// refused with 503.
    pub(in super::super) fn open(&mut self, request: &Request) -> Option<ServerId> {
        let id = self.transactions.open(request);
        if id.is_none() {
            let tag = self.tokens.tag();
            self.reply(request, Answer::new(StatusCode::SERVICE_UNAVAILABLE).tagged(&tag));
        }
        id
    }
}

/// Whether a response makes or refreshes a dialog, and so says where we are (RFC 3261 §12.1.1).
fn makes_dialog(method: &Method, status: StatusCode) -> bool {
    match method {
        Method::Invite => status.is_success() || (status.is_provisional() && status != StatusCode::TRYING),
        Method::Update => status.is_success(),
        _ => false,
    }
}

/// What a response says beyond what it repeats of its request.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Answer<'a> {
    status: StatusCode,
    to_tag: Option<&'a str>,
    sdp: Option<&'a str>,
    headers: &'a [(Name, String)],
}

impl<'a> Answer<'a> {
    /// A status alone.
    pub(in super::super) fn new(status: StatusCode) -> Self {
        Self { status, to_tag: None, sdp: None, headers: &[] }
    }

    /// With our tag in To.
    pub(in super::super) fn tagged(self, tag: &'a str) -> Self {
        Self { to_tag: Some(tag), ..self }
    }

    /// With a session description.
    pub(in super::super) fn with_sdp(self, sdp: &'a str) -> Self {
        Self { sdp: Some(sdp), ..self }
    }

    /// With further header fields.
    pub(in super::super) fn with(self, headers: &'a [(Name, String)]) -> Self {
        Self { headers, ..self }
    }
}

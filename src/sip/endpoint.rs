//! What every part of the user agent sends with: our addresses, credentials, transactions and the way out.

use super::authentication::{Authenticator, Unmet};
use super::event::{SessionEvent, SessionId};
use super::farewell::Farewells;
use super::header::{CSeq, Headers, Name, Via};
use super::message::{Request, Response};
use super::method::Method;
use super::outbox::Outbox;
use super::status::StatusCode;
use super::token::Tokens;
use super::transaction::{ClientId, Heard, Owner, ServerId, Transactions};
use super::uri::{NameAddr, Uri};
use super::user_agent::{Config, Transport};
use crate::time::{Deadline, Instant};

/// The methods that are carried out (RFC 3261 §20.5).
pub(super) const ALLOW: &str = "INVITE, ACK, CANCEL, BYE, OPTIONS, UPDATE, INFO, NOTIFY";
/// The only extension (RFC 3891).
pub(super) const SUPPORTED: &str = "replaces";
/// The only body that is understood.
pub(super) const SDP: &str = "application/sdp";

/// The sending half of the user agent.
#[derive(Debug)]
pub(super) struct Endpoint {
    pub(super) config: Config,
    pub(super) tokens: Tokens,
    pub(super) outbox: Outbox,
    pub(super) transactions: Transactions,
    pub(super) farewells: Farewells,
    authenticator: Authenticator,
    /// Stands in Via: a browser does not know its own address (RFC 7118 §5.2).
    host: String,
    contact: Uri,
}

impl Endpoint {
    pub(super) fn new(config: Config, seed: [u8; 32]) -> Self {
        let mut tokens = Tokens::new(seed);
        let host = tokens.invalid_host();
        let mut contact = Uri::sip(None, &host);
        contact.user.clone_from(&config.aor.user);
        contact.params.set("transport", "ws");
        let authenticator = Authenticator::new(config.username.clone(), config.password.clone());
        Self {
            config,
            tokens,
            outbox: Outbox::default(),
            transactions: Transactions::default(),
            farewells: Farewells::default(),
            authenticator,
            host,
            contact,
        }
    }

    /// Whether nothing is under way.
    pub(super) fn is_idle(&self) -> bool {
        self.transactions.is_empty() && self.farewells.is_empty()
    }

    /// When something here wants to be asked again.
    pub(super) fn deadline(&self) -> Option<Deadline> {
        Deadline::soonest(self.transactions.deadline(), self.farewells.deadline())
    }

    /// Where requests reach us; the same URI for as long as the user agent lives.
    pub(super) fn contact(&self) -> &Uri {
        &self.contact
    }

    /// Our address with a display name, for From.
    pub(super) fn local(&self) -> NameAddr {
        NameAddr { display_name: self.config.display_name.clone(), ..NameAddr::new(self.config.aor.clone()) }
    }

    /// Tells what happened to a session.
    pub(super) fn tell(&mut self, id: SessionId, event: SessionEvent) {
        self.outbox.session(id, event);
    }

    /// Sends a request that begins its transaction.
    pub(super) fn send(&mut self, request: Request, owner: Owner, now: Instant) -> ClientId {
        self.send_try(request, owner, 0, now)
    }

    fn send_try(&mut self, mut request: Request, owner: Owner, tries: u8, now: Instant) -> ClientId {
        self.authenticator.authorize(&mut request, &mut self.tokens);
        self.stamp(&mut request);
        self.transactions.send(request, owner, tries, now, &mut self.outbox)
    }

    /// Sends the ACK to a 2xx.
    pub(super) fn acknowledge(&mut self, invite: ClientId, to_tag: &str, mut ack: Request) {
        self.stamp(&mut ack);
        self.transactions.acknowledge(invite, to_tag, &ack, &mut self.outbox);
    }

    /// Sends a request again with credentials for the challenge that `response` brought (RFC 3261 §22.2, §22.3).
    ///
    /// `number`: its new CSeq number.
    pub(super) fn retry(
        &mut self,
        heard: Heard,
        response: &Response,
        number: u32,
        now: Instant,
    ) -> Result<ClientId, Unmet> {
        let Heard { mut request, owner, tries, .. } = heard;
        self.authenticator.challenged(&request, response, tries)?;
        request.headers.remove(&Name::VIA);
        request.headers.set(Name::CSEQ, CSeq::value(number, &request.method));
        Ok(self.send_try(request, owner, tries + 1, now))
    }

    /// Adds what every request of ours has.
    fn stamp(&mut self, request: &mut Request) {
        let transport = match self.config.transport {
            Transport::Ws => "WS",
            Transport::Wss => "WSS",
        };
        let via = Via::new(transport, &self.host, &self.tokens.branch());
        request.headers.push_front(Name::VIA, via.to_string());
        // Where the answers to what they begin come to (RFC 3261 §8.1.1.8, RFC 3515 §2.2).
        if matches!(request.method, Method::Invite | Method::Refer) {
            request.headers.set(Name::CONTACT, self.contact_value());
        }
        if request.method == Method::Invite {
            request.headers.set(Name::ALLOW, ALLOW);
            request.headers.set(Name::SUPPORTED, SUPPORTED);
        }
        request.headers.set(Name::USER_AGENT, self.config.user_agent.as_str());
    }

    fn contact_value(&self) -> String {
        self.contact.in_brackets()
    }

    /// Answers a received request whose transaction is open.
    pub(super) fn respond(&mut self, id: ServerId, answer: Answer<'_>, now: Instant) -> Option<String> {
        let request = self.transactions.received_request(id)?;
        let response = self.build(request, answer);
        let text = response.to_string();
        self.transactions.respond(id, &response, now, &mut self.outbox);
        Some(text)
    }

    /// Answers a received request at once, without a transaction: it is over with the answer (RFC 3261 §17.2.2, timer J
    /// is zero). An INVITE may be refused in this way too (§8.2.7): its ACK matches nothing then and is dropped.
    pub(super) fn reply(&mut self, request: &Request, answer: Answer<'_>) {
        let response = self.build(request, answer);
        self.outbox.send(response.to_string());
    }

    /// Answers with a status alone.
    pub(super) fn reply_status(&mut self, request: &Request, status: StatusCode) {
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
    pub(super) fn reply_later(&mut self, request: &Request) {
        let seconds = self.tokens.number() % 11;
        let headers = [(Name::RETRY_AFTER, seconds.to_string())];
        self.reply(request, Answer::new(StatusCode::SERVER_INTERNAL_ERROR).with(&headers));
    }

    /// 415: the body is not a session description (RFC 3261 §8.2.3).
    pub(super) fn refuse_body(&mut self, request: &Request) {
        let headers = [(Name::ACCEPT, SDP.to_owned())];
        let tag = self.tokens.tag();
        self.reply(request, Answer::new(StatusCode::UNSUPPORTED_MEDIA_TYPE).tagged(&tag).with(&headers));
    }

    /// Opens a transaction for a request that cannot be answered at once; when too many are open, the request is
    /// refused with 503.
    pub(super) fn open(&mut self, request: &Request) -> Option<ServerId> {
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
pub(super) struct Answer<'a> {
    status: StatusCode,
    to_tag: Option<&'a str>,
    sdp: Option<&'a str>,
    headers: &'a [(Name, String)],
}

impl<'a> Answer<'a> {
    /// A status alone.
    pub(super) fn new(status: StatusCode) -> Self {
        Self { status, to_tag: None, sdp: None, headers: &[] }
    }

    /// With our tag in To.
    pub(super) fn tagged(self, tag: &'a str) -> Self {
        Self { to_tag: Some(tag), ..self }
    }

    /// With a session description.
    pub(super) fn with_sdp(self, sdp: &'a str) -> Self {
        Self { sdp: Some(sdp), ..self }
    }

    /// With further header fields.
    pub(super) fn with(self, headers: &'a [(Name, String)]) -> Self {
        Self { headers, ..self }
    }
}

/// Puts a session description on a request.
pub(super) fn attach_sdp(request: &mut Request, sdp: &str) {
    request.headers.set(Name::CONTENT_TYPE, SDP);
    request.body = sdp.to_owned();
}

/// The session description of a message; an empty body is none.
pub(super) fn sdp_of(headers: &Headers, body: &str) -> Result<Option<String>, UnknownBody> {
    if body.trim().is_empty() {
        return Ok(None);
    }
    let media_type = headers.content_type().unwrap_or(SDP);
    if media_type.eq_ignore_ascii_case(SDP) { Ok(Some(body.to_owned())) } else { Err(UnknownBody) }
}

/// The session description of a message, if its body is one.
pub(super) fn description_of(headers: &Headers, body: &str) -> Option<String> {
    sdp_of(headers, body).ok().flatten()
}

/// The body is not a session description.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct UnknownBody;

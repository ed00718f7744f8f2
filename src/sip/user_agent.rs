//! The user agent: the only door to `sip` for those who drive it.

use std::fmt;
use std::time::Duration;

use super::endpoint::{Answer, Endpoint, sdp_of};
use super::event::{Incoming, Input, Output, SessionEvent, SessionId};
use super::header::{HeaderError, Name};
use super::invite::{Alerting, Calling, Commanded, Context, Session, identity_of};
use super::message::{self, Message, Request, Response};
use super::method::Method;
use super::parser::{self, Diagnostic};
use super::registration::Registration;
use super::status::StatusCode;
use super::transaction::{Owner, Unmatched};
use super::uri::{Uri, UriError};
use crate::secret::Secret;
use crate::time::{Deadline, Instant};

/// More calls than this cannot ring at once; a further caller hears busy.
const MOST_ALERTING: usize = 16;

/// Who the user agent is and whom it talks to.
#[derive(Clone, Debug)]
pub struct Config {
    /// Our address of record: `sip:alice@example.org`.
    pub aor: Uri,
    /// The name in From.
    pub display_name: Option<String>,
    /// The Request-URI of REGISTER: `sip:example.org`.
    pub registrar: Uri,
    /// The user name for challenges.
    pub username: String,
    /// Its password.
    pub password: Secret,
    /// The User-Agent header field.
    pub user_agent: String,
    /// What the Via names (RFC 7118 §5.2).
    pub transport: Transport,
    /// How long a registration should last; rounded down to seconds.
    pub expires: Duration,
}

/// How the messages travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// A websocket.
    Ws,
    /// A websocket over TLS.
    Wss,
}

/// A call to make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invite {
    /// Its Call-ID: from [`UserAgent::fresh_call_id`], never used before.
    pub call_id: String,
    /// Whom to call: from [`UserAgent::resolve`].
    pub target: Uri,
    /// Our session description; `None`: the other side has to offer.
    pub offer: Option<String>,
    /// Further header fields.
    pub headers: Vec<(Name, String)>,
}

/// Why a command was not carried out. Nothing was sent, nothing changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommandError {
    /// There is no such session, or it is over.
    UnknownSession,
    /// The session is not in a state for this.
    WrongState,
    /// The transport is closed.
    NotConnected,
    /// The status code is not of the class that this needs.
    WrongStatus,
}

impl fmt::Display for CommandError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::UnknownSession => "no such session",
            Self::WrongState => "the session is not in a state for this",
            Self::NotConnected => "the transport is closed",
            Self::WrongStatus => "a status code of another class is needed",
        })
    }
}

impl std::error::Error for CommandError {}

/// A SIP user agent for one account over one websocket (RFC 3261 over RFC 7118). It does no I/O and reads no clock.
///
/// There are four kinds of methods: questions; [`handle`](Self::handle) and [`handle_timeout`](Self::handle_timeout),
/// which take what happened outside; commands; and [`poll`](Self::poll). After each call of one of the others, call
/// `poll` until it answers [`Output::Wait`], and `handle_timeout` when that moment has come.
#[derive(Debug)]
pub struct UserAgent {
    endpoint: Endpoint,
    registration: Registration,
    /// In the order of their ids.
    sessions: Vec<(SessionId, Session)>,
    next_session: u64,
}

impl UserAgent {
    /// A user agent that has not done anything yet. `seed`: 32 random bytes, never used before; all tags, branches and
    /// Call-IDs are made of it.
    pub fn new(config: Config, seed: [u8; 32]) -> Self {
        let mut endpoint = Endpoint::new(config, seed);
        let registration = Registration::new(&mut endpoint);
        Self { endpoint, registration, sessions: Vec::new(), next_session: 0 }
    }

    /// Whether the registrar holds our contact, as far as is known.
    pub fn is_registered(&self) -> bool {
        self.registration.is_held()
    }

    /// Whether nothing is under way: no transaction, no session, no dialog that is being ended.
    pub fn is_idle(&self) -> bool {
        self.sessions.is_empty() && self.endpoint.is_idle()
    }

    /// Whom a dialled text means: a `sip:` or `sips:` URI as it stands, anything else as a user of our domain.
    pub fn resolve(&self, dialled: &str) -> Result<Uri, UriError> {
        let dialled = dialled.trim();
        if dialled.is_empty() {
            return Err(UriError { problem: "empty", text: String::new() });
        }
        let scheme = dialled.split(':').next().unwrap_or_default();
        if scheme.eq_ignore_ascii_case("sip") || scheme.eq_ignore_ascii_case("sips") {
            return dialled.parse();
        }
        Ok(Uri::sip(Some(dialled), &self.endpoint.config.aor.host))
    }

    /// A Call-ID for [`Invite`].
    pub fn fresh_call_id(&mut self) -> String {
        self.endpoint.tokens.call_id()
    }

    /// Takes what happened outside.
    pub fn handle(&mut self, input: Input, now: Instant) {
        match input {
            Input::Opened => self.opened(now),
            Input::Closed { reason } => self.closed(reason, now),
            Input::Received(text) if parser::is_keep_alive(&text) => {}
            Input::Received(text) => self.received(&text, now),
        }
    }

    /// Does what is due at `now`.
    pub fn handle_timeout(&mut self, now: Instant) {
        for unanswered in self.endpoint.transactions.expire(now) {
            match unanswered.owner {
                Owner::Registration => self.registration.unanswered(unanswered.id, &mut self.endpoint, now),
                Owner::Session(id) => {
                    self.step(id, now, &mut |session, context| session.unanswered(unanswered.id, context));
                }
                Owner::Farewell(id) => self.endpoint.farewell_unanswered(id),
                Owner::Nobody => {}
            }
        }
        self.registration.timeout(&mut self.endpoint, now);
        self.endpoint.farewells_timeout(now);
        let due = |(id, session): &(SessionId, Session)| {
            session.deadline().is_some_and(|deadline| deadline.at <= now).then_some(*id)
        };
        for id in self.sessions.iter().filter_map(due).collect::<Vec<_>>() {
            self.step(id, now, &mut Session::timeout);
        }
    }

    /// The next thing to do; [`Output::Wait`] when there is none.
    pub fn poll(&mut self) -> Output {
        self.endpoint.outbox.next().unwrap_or_else(|| Output::Wait(self.deadline()))
    }

    fn deadline(&self) -> Option<Deadline> {
        let sessions = self.sessions.iter().filter_map(|(_, session)| session.deadline()).min();
        let others = Deadline::soonest(self.registration.deadline(), self.endpoint.deadline());
        Deadline::soonest(sessions, others)
    }

    /// Registers, now or when the transport opens, and keeps registered until [`unregister`](Self::unregister).
    pub fn register(&mut self, now: Instant) {
        self.registration.register(&mut self.endpoint, now);
    }

    /// Takes the registration away; ends with the event `Unregistered`, cause `Asked`, unless there was none.
    pub fn unregister(&mut self, now: Instant) {
        self.registration.unregister(&mut self.endpoint, now);
    }

    /// Calls. While the transport is closed the session ends at once, with cause `TransportLost`.
    pub fn invite(&mut self, invite: Invite, now: Instant) -> SessionId {
        let id = self.fresh_session();
        let session = Calling::begin(invite, &mut self.context(id, now));
        self.keep(id, session);
        id
    }

    /// Lets the caller know that it rings here: 180.
    pub fn ring(&mut self, id: SessionId, now: Instant) -> Result<(), CommandError> {
        self.progress(id, StatusCode::RINGING, now)
    }

    /// Sends the caller a provisional response, repeated every minute until the call is answered or refused.
    pub fn progress(&mut self, id: SessionId, status: StatusCode, now: Instant) -> Result<(), CommandError> {
        self.command(id, now, &mut |session, context| session.progress(status, context))
    }

    /// Takes the call: 200 with our answer, or with our offer when the INVITE had none.
    pub fn accept(&mut self, id: SessionId, sdp: &str, now: Instant) -> Result<(), CommandError> {
        self.command(id, now, &mut |session, context| session.accept(sdp, context))
    }

    /// Refuses the call with a status of 300 or more.
    pub fn refuse(&mut self, id: SessionId, status: StatusCode, now: Instant) -> Result<(), CommandError> {
        self.command(id, now, &mut |session, context| session.refuse(status, context))
    }

    /// Answers the other side's offer: in a 2xx to its re-INVITE or UPDATE, or in the ACK to its 2xx. When it asked for
    /// an offer of ours, `sdp` is that offer.
    pub fn answer_offer(&mut self, id: SessionId, sdp: &str, now: Instant) -> Result<(), CommandError> {
        self.command(id, now, &mut |session, context| session.answer_offer(sdp, context))
    }

    /// Refuses the other side's offer with a status of 300 or more; the session goes on as it was. An offer in a 2xx
    /// cannot be refused: the session ends.
    pub fn refuse_offer(
        &mut self,
        id: SessionId,
        status: StatusCode,
        now: Instant,
    ) -> Result<(), CommandError> {
        self.command(id, now, &mut |session, context| session.refuse_offer(status, context))
    }

    /// Offers a change of the session by re-INVITE; ends in `Answer` or `OfferRefused`.
    pub fn reoffer(&mut self, id: SessionId, sdp: &str, now: Instant) -> Result<(), CommandError> {
        self.command(id, now, &mut |session, context| session.reoffer(sdp, context))
    }

    /// Ends the session: BYE, CANCEL or refusal (603), whichever its state asks for. Works while the transport is closed:
    /// the BYE is sent when it is back.
    pub fn hang_up(&mut self, id: SessionId, now: Instant) -> Result<(), CommandError> {
        self.command(id, now, &mut Session::hang_up)
    }

    fn fresh_session(&mut self) -> SessionId {
        self.next_session += 1;
        SessionId(self.next_session)
    }

    fn take(&mut self, id: SessionId) -> Option<Session> {
        let at = self.sessions.iter().position(|(other, _)| *other == id)?;
        Some(self.sessions.remove(at).1)
    }

    fn keep(&mut self, id: SessionId, session: Option<Session>) {
        if let Some(session) = session {
            let at = self.sessions.partition_point(|(other, _)| *other < id);
            self.sessions.insert(at, (id, session));
        }
    }

    fn context(&mut self, id: SessionId, now: Instant) -> Context<'_> {
        Context { id, endpoint: &mut self.endpoint, now }
    }

    /// Hands a session to `step`, which gives back what becomes of it.
    fn step(
        &mut self,
        id: SessionId,
        now: Instant,
        step: &mut dyn FnMut(Session, &mut Context<'_>) -> Option<Session>,
    ) {
        if let Some(session) = self.take(id) {
            let session = step(session, &mut self.context(id, now));
            self.keep(id, session);
        }
    }

    fn command(
        &mut self,
        id: SessionId,
        now: Instant,
        command: &mut dyn FnMut(Session, &mut Context<'_>) -> Commanded,
    ) -> Result<(), CommandError> {
        let session = self.take(id).ok_or(CommandError::UnknownSession)?;
        let (session, result) = command(session, &mut self.context(id, now));
        self.keep(id, session);
        result
    }

    fn opened(&mut self, now: Instant) {
        self.endpoint.outbox.set_open(true);
        self.registration.opened(&mut self.endpoint, now);
        self.endpoint.farewells_opened(now);
    }

    fn closed(&mut self, reason: String, now: Instant) {
        self.endpoint.outbox.set_open(false);
        self.endpoint.transactions.transport_lost();
        self.endpoint.farewells_closed(now);
        self.registration.transport_lost(reason, &mut self.endpoint);
        for id in self.sessions.iter().map(|(id, _)| *id).collect::<Vec<_>>() {
            self.step(id, now, &mut |session, context| session.transport_lost(context));
        }
    }

    fn received(&mut self, text: &str, now: Instant) {
        let parsed = match parser::parse(text) {
            Ok(parsed) => parsed,
            Err(error) => return self.dropped(&error.to_string()),
        };
        for diagnostic in parsed.diagnostics {
            self.endpoint.outbox.diagnostic(diagnostic);
        }
        let done = match parsed.message {
            Message::Request(request) => self.request(request, now),
            Message::Response(response) => self.response(&response, now),
        };
        if let Err(error) = done {
            self.dropped(&error.to_string());
        }
    }

    fn dropped(&mut self, why: &str) {
        self.endpoint.outbox.diagnostic(Diagnostic { text: format!("dropped: {why}") });
    }

    fn response(&mut self, response: &Response, now: Instant) -> Result<(), HeaderError> {
        // RFC 3261 §8.1.3.3: a response that has more hops to go is not for us.
        if response.headers.items(&Name::VIA).nth(1).is_some() {
            self.dropped("a response with more than one Via");
            return Ok(());
        }
        let endpoint = &mut self.endpoint;
        let heard = match endpoint.transactions.receive(response, now, &mut endpoint.outbox) {
            Ok(Some(heard)) => heard,
            Ok(None) => return Ok(()),
            Err(Unmatched::Header(error)) => return Err(error),
            Err(Unmatched::NoTransaction) => {
                self.dropped("a response to nothing that is outstanding");
                return Ok(());
            }
        };
        match heard.owner {
            Owner::Registration => self.registration.heard(heard, response, endpoint, now),
            Owner::Session(id) => match self.take(id) {
                Some(session) => {
                    let session = session.heard(heard, response, &mut self.context(id, now));
                    self.keep(id, session);
                }
                // The session ended before its INVITE did: we gave up, and the callee took the call meanwhile.
                None if response.status.is_success() => self.endpoint.disown(&heard, response, now),
                None => {}
            },
            Owner::Farewell(id) => endpoint.farewell_heard(id, heard, response, now),
            Owner::Nobody => {}
        }
        Ok(())
    }

    fn request(&mut self, request: Request, now: Instant) -> Result<(), HeaderError> {
        if let Err(error) = request.check() {
            // An ACK is never answered; and without what a response has to repeat there can be none.
            if request.method != Method::Ack && message::check(&request.headers).is_ok() {
                self.reply(&request, StatusCode::BAD_REQUEST, &[]);
            }
            return Err(error);
        }
        match request.method {
            Method::Ack => self.ack(&request, now),
            Method::Cancel => self.cancel(&request, now),
            _ => self.examine(request, now),
        }
    }

    /// Answers a request that goes no further.
    fn reply(&mut self, request: &Request, status: StatusCode, headers: &[(Name, String)]) {
        let tag = self.endpoint.tokens.tag();
        self.endpoint.reply(request, Answer::new(status).tagged(&tag).with(headers));
    }

    /// The checks before a request is looked at more closely, in the order of RFC 3261 §8.2.
    fn examine(&mut self, request: Request, now: Instant) -> Result<(), HeaderError> {
        let endpoint = &mut self.endpoint;
        if endpoint.transactions.absorb_repeated(&request, &mut endpoint.outbox)? {
            return Ok(());
        }
        match request.method {
            Method::Invite | Method::Bye | Method::Options | Method::Update => {}
            _ => {
                let allow = [(Name::ALLOW, super::endpoint::ALLOW.to_owned())];
                self.reply(&request, StatusCode::METHOD_NOT_ALLOWED, &allow);
                return Ok(());
            }
        }
        // RFC 3261 §8.2.2.3: no extension is supported.
        let required = request.headers.items(&Name::REQUIRE).collect::<Vec<_>>().join(", ");
        if !required.is_empty() {
            self.reply(&request, StatusCode::BAD_EXTENSION, &[(Name::UNSUPPORTED, required)]);
            return Ok(());
        }
        if request.headers.to()?.tag().is_some() {
            return self.inside(&request, now);
        }
        match request.method {
            Method::Invite => self.invited(request, now),
            Method::Options => {
                let accept = [(Name::ACCEPT, super::endpoint::SDP.to_owned())];
                self.reply(&request, StatusCode::OK, &accept);
                Ok(())
            }
            // BYE and UPDATE only have a meaning inside a dialog.
            _ => {
                self.reply(&request, StatusCode::CALL_OR_TRANSACTION_DOES_NOT_EXIST, &[]);
                Ok(())
            }
        }
    }

    /// An INVITE that begins a session.
    fn invited(&mut self, request: Request, now: Instant) -> Result<(), HeaderError> {
        if self.endpoint.transactions.is_merged(&request)? {
            self.reply(&request, StatusCode::LOOP_DETECTED, &[]);
            return Ok(());
        }
        if self.sessions.iter().filter(|(_, session)| session.is_alerting()).count() >= MOST_ALERTING {
            self.reply(&request, StatusCode::BUSY_HERE, &[]);
            return Ok(());
        }
        let Ok(offer) = sdp_of(&request.headers, &request.body) else {
            self.endpoint.refuse_body(&request);
            return Ok(());
        };
        let incoming = Incoming {
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
        self.keep(id, Some(session));
        self.endpoint.tell(id, SessionEvent::Incoming(Box::new(incoming)));
        Ok(())
    }

    /// A request inside a dialog (RFC 3261 §12.2.2).
    fn inside(&mut self, request: &Request, now: Instant) -> Result<(), HeaderError> {
        let number = request.headers.cseq()?.number;
        let found = self
            .sessions
            .iter_mut()
            .find_map(|(id, session)| session.dialog_of(&request.headers).map(|dialog| (*id, dialog)));
        let Some((id, dialog)) = found else {
            let known = self.endpoint.farewell_request(request, now) && request.method == Method::Bye;
            let status = if known { StatusCode::OK } else { StatusCode::CALL_OR_TRANSACTION_DOES_NOT_EXIST };
            self.reply(request, status, &[]);
            return Ok(());
        };
        if !dialog.admit(number) {
            self.reply(request, StatusCode::SERVER_INTERNAL_ERROR, &[]);
            return Ok(());
        }
        if request.method == Method::Options {
            self.reply(request, StatusCode::OK, &[(Name::ACCEPT, super::endpoint::SDP.to_owned())]);
            return Ok(());
        }
        self.step(id, now, &mut |session, context| session.request(request, context));
        Ok(())
    }

    fn ack(&mut self, ack: &Request, now: Instant) -> Result<(), HeaderError> {
        if self.endpoint.transactions.absorb_ack(ack)? {
            return Ok(());
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
        Ok(())
    }

    /// RFC 3261 §9.2: 200 when the INVITE is known, whether or not there is anything left to cancel.
    fn cancel(&mut self, cancel: &Request, now: Instant) -> Result<(), HeaderError> {
        let Some(invite) = self.endpoint.transactions.cancelled_by(cancel)? else {
            self.reply(cancel, StatusCode::CALL_OR_TRANSACTION_DOES_NOT_EXIST, &[]);
            return Ok(());
        };
        self.reply(cancel, StatusCode::OK, &[]);
        let found = self.sessions.iter().find(|(_, session)| session.pending() == Some(invite));
        if let Some(id) = found.map(|(id, _)| *id) {
            self.step(id, now, &mut |session, context| session.cancelled(&cancel.headers, context));
        }
        Ok(())
    }
}

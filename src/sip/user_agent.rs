//! The user agent: the only door to `sip` for those who drive it.

mod config;
mod reception;

pub use self::config::{CommandError, Config, Invite, Transport};

use super::endpoint::Endpoint;
use super::event::{Input, Output, SessionId};
use super::header::ReferTo;
use super::invite::{Calling, Commanded, Context, Session};
use super::parser;
use super::registration::Registration;
use super::status::StatusCode;
use super::transaction::Owner;
use super::uri::{Uri, UriError};
use crate::time::{Deadline, Instant};

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
                    self.step(id, now, &mut |session, context| session.unanswered(&unanswered, context));
                }
                Owner::Farewell(id) => self.endpoint.farewell_unanswered(id),
                Owner::Nobody => {}
            }
        }
        self.registration.timeout(&mut self.endpoint, now);
        self.endpoint.farewells_timeout(now);
        for id in self.ids() {
            self.step(id, now, &mut Session::timeout);
        }
    }

    /// The next thing to do; [`Output::Wait`] when there is none.
    pub fn poll(&mut self) -> Output {
        self.endpoint.outbox.next().unwrap_or_else(|| Output::Wait(self.deadline()))
    }

    fn deadline(&self) -> Option<Deadline> {
        let mut soonest = Deadline::soonest(self.registration.deadline(), self.endpoint.deadline());
        for (_, session) in &self.sessions {
            soonest = Deadline::soonest(soonest, session.deadline());
        }
        soonest
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
        if let Some(session) = Calling::begin(invite, &mut self.context(id, now)) {
            self.sessions.push((id, session));
        }
        id
    }

    /// Lets the caller know that it rings here: 180.
    pub fn ring(&mut self, id: SessionId, now: Instant) -> Result<(), CommandError> {
        self.progress(id, StatusCode::RINGING, now)
    }

    /// Sends the caller a provisional response, repeated every minute until the call is answered or refused.
    pub fn progress(&mut self, id: SessionId, status: StatusCode, now: Instant) -> Result<(), CommandError> {
        self.command(id, now, &mut |session, context| session.alerting()?.progress(status, context))
    }

    /// Takes the call: 200 with our answer, or with our offer when the INVITE had none.
    pub fn accept(&mut self, id: SessionId, sdp: &str, now: Instant) -> Result<(), CommandError> {
        self.command(id, now, &mut |session, context| session.accept(sdp, context))
    }

    /// Refuses the call with a status of 300 or more.
    pub fn refuse(&mut self, id: SessionId, status: StatusCode, now: Instant) -> Result<(), CommandError> {
        self.command(id, now, &mut |session, context| session.alerting()?.refuse(status, context))
    }

    /// Answers the other side's offer: in a 2xx to its re-INVITE or UPDATE, or in the ACK to its 2xx. When it asked for
    /// an offer of ours, `sdp` is that offer.
    pub fn answer_offer(&mut self, id: SessionId, sdp: &str, now: Instant) -> Result<(), CommandError> {
        self.command(id, now, &mut |session, context| session.established()?.answer_offer(sdp, context))
    }

    /// Refuses the other side's offer with a status of 300 or more; the session goes on as it was. An offer in a 2xx
    /// cannot be refused: the session ends.
    pub fn refuse_offer(
        &mut self,
        id: SessionId,
        status: StatusCode,
        now: Instant,
    ) -> Result<(), CommandError> {
        self.command(id, now, &mut |session, context| session.established()?.refuse_offer(status, context))
    }

    /// Offers a change of the session by re-INVITE; ends in `Answer` or `OfferRefused`.
    pub fn reoffer(&mut self, id: SessionId, sdp: &str, now: Instant) -> Result<(), CommandError> {
        self.command(id, now, &mut |session, context| session.established()?.reoffer(sdp, context))
    }

    /// Tells the other side something inside the session (RFC 6086), tones for example, one at a time; ends in
    /// `InfoAnswered`.
    pub fn info(
        &mut self,
        id: SessionId,
        content_type: &str,
        body: &str,
        now: Instant,
    ) -> Result<(), CommandError> {
        self.command(id, now, &mut |session, context| {
            session.established()?.info(content_type, body, context)
        })
    }

    /// Has the other side of the session call that address (RFC 3515); ends in `Referral`.
    pub fn refer(&mut self, id: SessionId, target: Uri, now: Instant) -> Result<(), CommandError> {
        let to = ReferTo { target, replaces: None };
        self.command(id, now, &mut |session, context| session.established()?.refer(&to, context))
    }

    /// Has the other side of the session call the other side of `other` and take our place there (RFC 3891); ends in
    /// `Referral`.
    pub fn refer_to_session(
        &mut self,
        id: SessionId,
        other: SessionId,
        now: Instant,
    ) -> Result<(), CommandError> {
        let (_, session) =
            self.sessions.iter().find(|(id, _)| *id == other).ok_or(CommandError::UnknownSession)?;
        let to = session.established_dialog().ok_or(CommandError::WrongState)?.refer_to();
        self.command(id, now, &mut |session, context| session.established()?.refer(&to, context))
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

    fn ids(&self) -> Vec<SessionId> {
        self.sessions.iter().map(|(id, _)| *id).collect()
    }

    fn context(&mut self, id: SessionId, now: Instant) -> Context<'_> {
        Context { id, endpoint: &mut self.endpoint, now, over: false }
    }

    /// Has a session, if it is still there, do something.
    fn step(&mut self, id: SessionId, now: Instant, step: &mut dyn FnMut(&mut Session, &mut Context<'_>)) {
        let _ = self.command(id, now, &mut |session, context| {
            step(session, context);
            Ok(())
        });
    }

    fn command(
        &mut self,
        id: SessionId,
        now: Instant,
        command: &mut dyn FnMut(&mut Session, &mut Context<'_>) -> Commanded,
    ) -> Commanded {
        let at =
            self.sessions.iter().position(|(other, _)| *other == id).ok_or(CommandError::UnknownSession)?;
        let mut context = Context { id, endpoint: &mut self.endpoint, now, over: false };
        let result = command(&mut self.sessions[at].1, &mut context);
        if context.over {
            self.sessions.remove(at);
        }
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
        for id in self.ids() {
            self.step(id, now, &mut |session, context| session.transport_lost(context));
        }
    }
}

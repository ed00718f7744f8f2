//! The user agent: the only door to `sip` for those who drive it.

mod config;
mod outside;
mod reception;
mod sessions;

pub use self::config::{CommandError, Config, Invite, Transport};
pub use super::subscription::Package;

use std::time::Duration;

use super::endpoint::Endpoint;
use super::event::{Event, Input, MessageId, Output, SessionId};
use super::invite::Session;
use super::parser;
use super::registration::Registration;
use super::subscription::Subscription;
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
    subscriptions: Vec<Subscription>,
    /// Over this transport the server was asked for voice mail already.
    asked_for_mail: bool,
    /// Messages of ours that are not answered yet.
    messages: Vec<MessageId>,
    /// How often the transport was opened.
    flow: u32,
}

impl UserAgent {
    /// A user agent that has not done anything yet. `seed`: 32 random bytes, never used before; all tags, branches and
    /// Call-IDs are made of it.
    pub fn new(config: Config, seed: [u8; 32]) -> Self {
        let mut endpoint = Endpoint::new(config, seed);
        let registration = Registration::new(&mut endpoint);
        Self {
            endpoint,
            registration,
            sessions: Vec::new(),
            next_session: 0,
            subscriptions: Vec::new(),
            asked_for_mail: false,
            messages: Vec::new(),
            flow: 0,
        }
    }

    /// Whether the registrar holds our contact, as far as is known.
    pub fn is_registered(&self) -> bool {
        self.registration.is_held()
    }

    /// Whether nothing is under way: no transaction, no session, no dialog that is being ended.
    pub fn is_idle(&self) -> bool {
        self.sessions.is_empty() && self.endpoint.is_idle()
    }

    /// Whom a dialled text means: a `sip:` or `sips:` URI as it stands, anything else as a user of our domain; of a `tel:`
    /// URI its number (RFC 3261 §19.1.6), without what is there for the eye.
    pub fn resolve(&self, dialled: &str) -> Result<Uri, UriError> {
        let dialled = dialled.trim();
        if dialled.is_empty() {
            return Err(UriError { problem: "empty", text: String::new() });
        }
        let scheme = dialled.split(':').next().unwrap_or_default();
        if scheme.eq_ignore_ascii_case("sip") || scheme.eq_ignore_ascii_case("sips") {
            return dialled.parse();
        }
        if scheme.eq_ignore_ascii_case("tel") {
            let number = dialled.parse::<Uri>()?.user_text();
            let number: String = number.chars().filter(|c| !matches!(c, '-' | '.' | '(' | ')')).collect();
            let mut uri = Uri::sip(Some(&number), &self.endpoint.config.aor.host);
            uri.params.set("user", "phone");
            return Ok(uri);
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
            Input::Received(text) => {
                self.endpoint.signed(now);
                if parser::is_keep_alive(&text) {
                    self.endpoint.line_ends(&text, now);
                } else {
                    self.received(&text, now);
                }
            }
        }
    }

    /// Does what is due at `now`.
    pub fn handle_timeout(&mut self, now: Instant) {
        if self.endpoint.transactions.is_flow_in_doubt(now) {
            self.doubt(now);
        }
        let mut flow = self.endpoint.keep_alive_timeout(now);
        for unanswered in self.endpoint.transactions.expire(now) {
            match unanswered.owner {
                Owner::Registration => self.registration.unanswered(unanswered.id, &mut self.endpoint, now),
                Owner::Session(id) => {
                    self.step(id, now, &mut |session, context| session.unanswered(&unanswered, context));
                }
                Owner::Farewell(id) => self.endpoint.farewell_unanswered(id),
                Owner::Subscription(id) => {
                    if let Some(at) = self.subscription(id) {
                        self.subscriptions[at].unanswered(unanswered.id, now);
                    }
                }
                Owner::Message(id) => self.message_answered(id, None),
                Owner::KeepAlive => flow = flow.and(self.endpoint.probe_unanswered(now)),
                Owner::Nobody => {}
            }
        }
        if flow.is_err() {
            self.registration.flow_failed(&mut self.endpoint, now);
        }
        self.registration.timeout(&mut self.endpoint, now);
        self.endpoint.farewells_timeout(now);
        for subscription in &mut self.subscriptions {
            subscription.timeout(&mut self.endpoint, now);
        }
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
        for subscription in &self.subscriptions {
            soonest = Deadline::soonest(soonest, subscription.deadline());
        }
        soonest
    }

    /// Registers, now or when the transport opens, and keeps registered until [`unregister`](Self::unregister).
    pub fn register(&mut self, now: Instant) {
        self.registration.register(&mut self.endpoint, now);
    }

    /// Takes the registration and all subscriptions away; ends with the event `Unregistered`, cause `Asked`, unless there was none.
    pub fn unregister(&mut self, now: Instant) {
        for mut subscription in std::mem::take(&mut self.subscriptions) {
            subscription.end(&mut self.endpoint, now);
        }
        self.registration.unregister(&mut self.endpoint, now);
    }

    /// Asks the server for a sign of life now instead of at the next time. Does nothing while there is no registration, or
    /// where the server never gave one. See [`doubt`](Self::doubt) for one that every server gives.
    pub fn probe(&mut self, now: Instant) {
        self.endpoint.probe_now(now);
    }

    /// Has the server prove within seconds that the flow still carries something, by a refresh of the registration: there
    /// is reason to believe that it does not. Ends in `Unregistered`, cause `TimedOut`, when it does not.
    pub fn doubt(&mut self, now: Instant) {
        self.registration.doubt(&mut self.endpoint, now);
    }

    /// Which flow this is (RFC 5626 §2): another number for each time that the transport was opened.
    pub fn flow(&self) -> u32 {
        self.flow
    }

    /// Whether we are registered over this flow and nothing speaks against it.
    pub fn is_sound(&self) -> bool {
        self.registration.is_settled()
    }

    /// How long the server took for the last sign of life that it was asked for.
    pub fn round_trip(&self) -> Option<Duration> {
        self.endpoint.keep_alive.round_trip
    }

    fn ids(&self) -> Vec<SessionId> {
        self.sessions.iter().map(|(id, _)| *id).collect()
    }

    fn opened(&mut self, now: Instant) {
        self.endpoint.outbox.set_open(true);
        self.flow += 1;
        self.registration.opened(&mut self.endpoint, now);
        self.endpoint.farewells_opened(now);
        for subscription in &mut self.subscriptions {
            subscription.opened(&mut self.endpoint, now);
        }
    }

    fn closed(&mut self, reason: String, now: Instant) {
        self.endpoint.outbox.set_open(false);
        let cancels = self.endpoint.transactions.transport_lost();
        self.endpoint.farewells.keep_cancels(cancels, now);
        self.endpoint.farewells_closed(now);
        self.asked_for_mail = false;
        for subscription in &mut self.subscriptions {
            subscription.transport_lost();
        }
        for id in std::mem::take(&mut self.messages) {
            self.endpoint.outbox.event(Event::MessageAnswered { id, status: None });
        }
        self.registration.transport_lost(reason, &mut self.endpoint);
        for id in self.ids() {
            self.step(id, now, &mut |session, context| session.transport_lost(context));
        }
    }
}

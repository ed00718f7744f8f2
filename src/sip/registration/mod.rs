//! The registration of one contact (RFC 3261 §10): asked for, refreshed, retried, taken away.

mod answered;
mod grant;
mod pace;
mod request;

use std::time::Duration;

use super::endpoint::{Endpoint, Reach};
use super::event::{RegistrationEvent, Unregistered, UnregisteredCause};
use super::transaction::{ClientId, Owner};
use super::uri::Uri;
use crate::time::{Deadline, Instant};

/// A refresh is never sooner than this, whatever the registrar grants.
const SOONEST_REFRESH: Duration = Duration::from_secs(5);
/// A refresh that is asked for because the flow is in doubt is answered by then, or the flow has failed.
const SIGN_WITHIN: Duration = Duration::from_secs(5);
/// A registrar that wants longer registrations than a day is not taken at its word.
const LONGEST_EXPIRES: u32 = 86_400;
/// Redirections in a row that are followed.
const MOST_REDIRECTIONS: u8 = 4;

/// The registration of one contact.
///
/// ```text
///            Opened                    200                half of the time granted
/// Off ──> AwaitingTransport ──> Asking ───> Held ──> Asking …
///  ^                             │  ^
///  │ answer                refused  └──time──┐
///  └── Leaving <── unregister    └────────> Waiting
/// ```
#[derive(Debug)]
pub(super) struct Registration {
    state: State,
    call_id: String,
    from_tag: String,
    cseq: u32,
    /// What we ask for, in seconds; raised by 423.
    expires: u32,
    /// Refusals since the last success.
    refusals: usize,
    /// Where a redirection has sent us, until a refusal.
    redirected: Option<Uri>,
    /// Redirections since the last other answer.
    redirections: u8,
    /// The first hop does not do outbound: it is not asked for it any more (RFC 5626 §4.2.1).
    plain: bool,
    /// The flow is in doubt: the request that is out is to be answered by then.
    sign_by: Option<Instant>,
}

#[derive(Debug)]
enum State {
    /// Not wanted.
    Off,
    /// Wanted; there is nothing to send over.
    AwaitingTransport,
    /// Wanted; refused before, tried again later.
    Waiting { until: Instant },
    /// REGISTER is out.
    Asking {
        request: ClientId,
        /// The registrar still holds our contact: this is a refresh.
        held: bool,
        /// Nobody wants it any more: to be taken away as soon as it is there.
        unwanted: bool,
    },
    /// The registrar holds our contact.
    Held { refresh: Instant },
    /// REGISTER with expiry zero is out.
    Leaving {
        request: ClientId,
        /// Wanted again meanwhile.
        again: bool,
    },
}

impl Registration {
    pub(super) fn new(endpoint: &mut Endpoint) -> Self {
        let expires = u32::try_from(endpoint.config.expires.as_secs()).unwrap_or(LONGEST_EXPIRES);
        Self {
            state: State::Off,
            // RFC 3261 §10.2: the same for all registrations.
            call_id: endpoint.tokens.call_id(),
            from_tag: endpoint.tokens.tag(),
            cseq: 0,
            expires: expires.min(LONGEST_EXPIRES),
            refusals: 0,
            redirected: None,
            redirections: 0,
            plain: false,
            sign_by: None,
        }
    }

    /// Whether the registrar holds our contact, as far as we know.
    pub(super) fn is_held(&self) -> bool {
        match self.state {
            State::Held { .. } | State::Asking { held: true, .. } => true,
            State::Off
            | State::AwaitingTransport
            | State::Waiting { .. }
            | State::Asking { held: false, .. }
            | State::Leaving { .. } => false,
        }
    }

    /// Whether the registrar holds our contact, and nothing is asked that it has not answered.
    pub(super) fn is_settled(&self) -> bool {
        matches!(self.state, State::Held { .. })
    }

    /// The flow may be dead: asks for a refresh, which every registrar answers, and waits for the answer only shortly.
    pub(super) fn doubt(&mut self, endpoint: &mut Endpoint, now: Instant) {
        if self.is_settled() {
            self.register(endpoint, now);
        }
        if matches!(self.state, State::Asking { .. }) {
            self.sign_by.get_or_insert(now + SIGN_WITHIN);
        }
    }

    /// Asks for it, or for a refresh, now; does nothing while a request is out.
    pub(super) fn register(&mut self, endpoint: &mut Endpoint, now: Instant) {
        match &mut self.state {
            State::Off | State::AwaitingTransport | State::Waiting { .. } => self.ask(false, endpoint, now),
            State::Held { .. } => self.ask(true, endpoint, now),
            State::Asking { unwanted, .. } => *unwanted = false,
            State::Leaving { again, .. } => *again = true,
        }
    }

    /// Takes it away.
    pub(super) fn unregister(&mut self, endpoint: &mut Endpoint, now: Instant) {
        match &mut self.state {
            State::Off => {}
            State::AwaitingTransport | State::Waiting { .. } => self.ended(endpoint),
            State::Held { .. } => self.leave(endpoint, now),
            State::Asking { unwanted, .. } => *unwanted = true,
            State::Leaving { again, .. } => *again = false,
        }
    }

    fn ask(&mut self, held: bool, endpoint: &mut Endpoint, now: Instant) {
        self.sign_by = None;
        self.state = if endpoint.outbox.is_open() {
            let request = self.request(self.expires, endpoint);
            let request = endpoint.send(request, Owner::Registration, now);
            State::Asking { request, held, unwanted: false }
        } else {
            State::AwaitingTransport
        };
    }

    fn leave(&mut self, endpoint: &mut Endpoint, now: Instant) {
        let request = self.request(0, endpoint);
        let request = endpoint.send(request, Owner::Registration, now);
        self.state = State::Leaving { request, again: false };
    }

    fn ended(&mut self, endpoint: &mut Endpoint) {
        self.state = State::Off;
        self.refusals = 0;
        tell_unregistered(UnregisteredCause::Asked, None, endpoint);
    }

    fn wait(&mut self, cause: UnregisteredCause, delay: Duration, endpoint: &mut Endpoint, now: Instant) {
        self.refusals += 1;
        self.redirected = None;
        self.redirections = 0;
        self.state = State::Waiting { until: now + delay };
        tell_unregistered(cause, Some(delay), endpoint);
    }

    /// No answer: not at once again, for who drives us is to open another transport first.
    fn silent(&mut self, endpoint: &mut Endpoint, now: Instant) {
        let delay = pace::delay(self.refusals.max(1), false, None);
        self.wait(UnregisteredCause::TimedOut, delay, endpoint, now);
    }

    /// The transport is open and carries nothing any more.
    pub(super) fn flow_failed(&mut self, endpoint: &mut Endpoint, now: Instant) {
        match self.state {
            State::Asking { request, .. } => self.unanswered(request, endpoint, now),
            State::Held { .. } => {
                self.silent(endpoint, now);
            }
            State::Off | State::AwaitingTransport | State::Waiting { .. } | State::Leaving { .. } => {}
        }
    }

    /// The transport is open.
    pub(super) fn opened(&mut self, endpoint: &mut Endpoint, now: Instant) {
        match self.state {
            State::AwaitingTransport => self.ask(false, endpoint, now),
            State::Off
            | State::Waiting { .. }
            | State::Asking { .. }
            | State::Held { .. }
            | State::Leaving { .. } => {}
        }
    }

    /// The transport is gone, or could not be opened. The registrar forgets our contact with it (RFC 5626 §6), or by
    /// itself soon.
    pub(super) fn transport_lost(&mut self, reason: String, endpoint: &mut Endpoint) {
        match self.state {
            State::Off => {}
            State::Asking { unwanted: true, .. } | State::Leaving { again: false, .. } => {
                self.ended(endpoint)
            }
            State::AwaitingTransport
            | State::Waiting { .. }
            | State::Asking { unwanted: false, .. }
            | State::Held { .. }
            | State::Leaving { again: true, .. } => {
                self.state = State::AwaitingTransport;
                tell_unregistered(UnregisteredCause::TransportLost { reason }, None, endpoint);
            }
        }
    }

    /// When it wants to be asked again.
    pub(super) fn deadline(&self) -> Option<Deadline> {
        match self.state {
            State::Held { refresh: at } => Some(Deadline::new(at, "registration refresh")),
            State::Waiting { until: at } => Some(Deadline::new(at, "registration retry")),
            State::Asking { .. } => self.sign_by.map(|at| Deadline::new(at, "sign of life")),
            State::Off | State::AwaitingTransport | State::Leaving { .. } => None,
        }
    }

    /// Does what is due.
    pub(super) fn timeout(&mut self, endpoint: &mut Endpoint, now: Instant) {
        match self.state {
            State::Held { refresh } if refresh <= now => self.ask(true, endpoint, now),
            State::Waiting { until } if until <= now => self.ask(false, endpoint, now),
            State::Asking { request, .. } if self.sign_by.is_some_and(|at| at <= now) => {
                // The page slept through it: the answer may lie there unread.
                let late = self.sign_by.take().is_some_and(|at| at + SIGN_WITHIN < now);
                if late {
                    self.sign_by = Some(now + SIGN_WITHIN);
                } else {
                    self.unanswered(request, endpoint, now);
                }
            }
            State::Held { .. }
            | State::Waiting { .. }
            | State::Off
            | State::AwaitingTransport
            | State::Asking { .. }
            | State::Leaving { .. } => {}
        }
    }
}

fn tell_unregistered(cause: UnregisteredCause, retry_in: Option<Duration>, endpoint: &mut Endpoint) {
    endpoint.reach = Reach::default();
    endpoint.let_go();
    let unregistered = Unregistered { cause, retry_in };
    endpoint.outbox.registration(RegistrationEvent::Unregistered(unregistered));
}

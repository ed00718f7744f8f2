//! The registration of one contact (RFC 3261 §10): asked for, refreshed, retried, taken away.

use std::time::Duration;

use super::authentication::{Unmet, is_challenge};
use super::endpoint::Endpoint;
use super::event::{RegistrationEvent, Unregistered, UnregisteredCause};
use super::header::{CSeq, Headers, Name};
use super::message::{Request, Response};
use super::method::Method;
use super::status::StatusCode;
use super::transaction::{ClientId, Heard, Owner};
use super::uri::{NameAddr, Uri};
use crate::time::{Deadline, Instant};

/// Seconds before each attempt after a refusal; the last one for all further ones. As XiVO's own phone waits.
const RETRY: [u64; 4] = [0, 20, 40, 60];
/// The same when trying again will hardly help: a wrong password, an account that is not allowed.
const RETRY_PERMANENT: [u64; 4] = [0, 60, 120, 300];
/// A refresh is never sooner than this, whatever the registrar grants.
const SOONEST_REFRESH: Duration = Duration::from_secs(5);
/// A registrar that wants longer registrations than a day, or longer waits than an hour, is not taken at its word.
const LONGEST_EXPIRES: u32 = 86_400;
const LONGEST_WAIT: Duration = Duration::from_secs(3600);

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

    fn request(&mut self, expires: u32, endpoint: &Endpoint) -> Request {
        let local = endpoint.local();
        let number = self.next_cseq();
        let mut request = Request::new(Method::Register, endpoint.config.registrar.clone());
        let headers = &mut request.headers;
        headers.push(Name::MAX_FORWARDS, "70");
        headers.push(Name::FROM, local.clone().with_tag(&self.from_tag).to_string());
        headers.push(Name::TO, local.to_string());
        headers.push(Name::CALL_ID, self.call_id.as_str());
        headers.push(Name::CSEQ, CSeq::value(number, &Method::Register));
        let expires = expires.to_string();
        headers.push(Name::CONTACT, endpoint.contact().in_brackets() + ";expires=" + &expires);
        headers.push(Name::EXPIRES, expires);
        request
    }

    fn next_cseq(&mut self) -> u32 {
        self.cseq = self.cseq.wrapping_add(1);
        self.cseq
    }

    /// A response to a REGISTER.
    pub(super) fn heard(&mut self, heard: Heard, response: &Response, endpoint: &mut Endpoint, now: Instant) {
        if response.status.is_provisional() {
            return;
        }
        match self.state {
            State::Asking { request, held, unwanted } if request == heard.id => {
                if unwanted && !response.status.is_success() {
                    return if held { self.leave(endpoint, now) } else { self.ended(endpoint) };
                }
                if is_challenge(response.status) {
                    return self.challenged(heard, response, held, endpoint, now);
                }
                if response.status.is_success() {
                    return self.granted(&response.headers, held, unwanted, endpoint, now);
                }
                self.refused(response, held, endpoint, now);
            }
            State::Leaving { request, again } if request == heard.id => {
                if is_challenge(response.status) {
                    let number = self.next_cseq();
                    if let Ok(request) = endpoint.retry(heard, response, number, now) {
                        self.state = State::Leaving { request, again };
                        return;
                    }
                }
                self.left(again, endpoint, now);
            }
            State::Off
            | State::AwaitingTransport
            | State::Waiting { .. }
            | State::Asking { .. }
            | State::Held { .. }
            | State::Leaving { .. } => {}
        }
    }

    fn left(&mut self, again: bool, endpoint: &mut Endpoint, now: Instant) {
        self.ended(endpoint);
        if again {
            self.ask(false, endpoint, now);
        }
    }

    fn challenged(
        &mut self,
        heard: Heard,
        response: &Response,
        held: bool,
        endpoint: &mut Endpoint,
        now: Instant,
    ) {
        let number = self.next_cseq();
        match endpoint.retry(heard, response, number, now) {
            Ok(request) => self.state = State::Asking { request, held, unwanted: false },
            Err(Unmet::WrongCredentials) => {
                self.wait(UnregisteredCause::WrongCredentials, true, Duration::ZERO, endpoint, now);
            }
            Err(Unmet::NoKnownScheme) => self.refused(response, held, endpoint, now),
        }
    }

    fn granted(
        &mut self,
        headers: &Headers,
        held: bool,
        unwanted: bool,
        endpoint: &mut Endpoint,
        now: Instant,
    ) {
        self.refusals = 0;
        if unwanted {
            return self.leave(endpoint, now);
        }
        let granted = granted(headers, endpoint.contact()).unwrap_or(self.expires).min(LONGEST_EXPIRES);
        let expires = Duration::from_secs(granted.into());
        // Half of the time leaves room for a request that gets no answer (Timer F).
        self.state = State::Held { refresh: now + (expires / 2).max(SOONEST_REFRESH) };
        if !held {
            endpoint.outbox.registration(RegistrationEvent::Registered { expires });
        }
    }

    fn refused(&mut self, response: &Response, held: bool, endpoint: &mut Endpoint, now: Instant) {
        let status = response.status;
        if status == StatusCode::INTERVAL_TOO_BRIEF
            && let Some(least) = response.headers.min_expires()
            && self.expires < least
            && least <= LONGEST_EXPIRES
        {
            // RFC 3261 §10.2.8. It grows each time, so this comes to an end.
            self.expires = least;
            return self.ask(held, endpoint, now);
        }
        let permanent = status == StatusCode::FORBIDDEN
            || status == StatusCode::NOT_FOUND
            || status == StatusCode::UNAUTHORIZED
            || status == StatusCode::PROXY_AUTHENTICATION_REQUIRED;
        let at_least = response.headers.retry_after().map_or(Duration::ZERO, |after| after.delay);
        let cause = UnregisteredCause::Refused { status, reason: response.reason.clone() };
        self.wait(cause, permanent, at_least, endpoint, now);
    }

    fn wait(
        &mut self,
        cause: UnregisteredCause,
        permanent: bool,
        at_least: Duration,
        endpoint: &mut Endpoint,
        now: Instant,
    ) {
        let delays = if permanent { RETRY_PERMANENT } else { RETRY };
        let seconds = delays[self.refusals.min(delays.len() - 1)];
        self.refusals += 1;
        let delay = Duration::from_secs(seconds).max(at_least.min(LONGEST_WAIT));
        self.state = State::Waiting { until: now + delay };
        tell_unregistered(cause, Some(delay), endpoint);
    }

    /// A REGISTER got no answer.
    pub(super) fn unanswered(&mut self, id: ClientId, endpoint: &mut Endpoint, now: Instant) {
        match self.state {
            State::Asking { request, unwanted: true, .. } if request == id => self.ended(endpoint),
            State::Asking { request, .. } if request == id => {
                self.wait(UnregisteredCause::TimedOut, false, Duration::ZERO, endpoint, now);
            }
            State::Leaving { request, again } if request == id => self.left(again, endpoint, now),
            State::Off
            | State::AwaitingTransport
            | State::Waiting { .. }
            | State::Asking { .. }
            | State::Held { .. }
            | State::Leaving { .. } => {}
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
            State::Off | State::AwaitingTransport | State::Asking { .. } | State::Leaving { .. } => None,
        }
    }

    /// Does what is due.
    pub(super) fn timeout(&mut self, endpoint: &mut Endpoint, now: Instant) {
        match self.state {
            State::Held { refresh } if refresh <= now => self.ask(true, endpoint, now),
            State::Waiting { until } if until <= now => self.ask(false, endpoint, now),
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
    let unregistered = Unregistered { cause, retry_in };
    endpoint.outbox.registration(RegistrationEvent::Unregistered(unregistered));
}

/// How long the registrar holds our contact (RFC 3261 §10.2.4), in seconds.
///
/// Ours is known by its host, which nobody else has. Asterisk gives the contact back with the address it sees; a
/// parameter of its own still names our host then.
fn granted(headers: &Headers, ours: &Uri) -> Option<u32> {
    let contacts = headers.contacts().ok()?;
    let is_ours = |contact: &&NameAddr| {
        let Uri { host, params, .. } = &contact.uri;
        let rewritten = params.get("x-ast-orig-host").unwrap_or_default();
        host.eq_ignore_ascii_case(&ours.host) || rewritten.starts_with(&ours.host)
    };
    let listed = contacts.list();
    let only = if let [only] = listed { Some(only) } else { None };
    let contact = listed.iter().find(is_ours).or(only);
    contact.and_then(NameAddr::expires).or_else(|| headers.expires())
}

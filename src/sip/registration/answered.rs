//! What becomes of a registration by the answer to a REGISTER, or by none (RFC 3261 §10.2.8, §10.3).

use std::time::Duration;

use super::super::authentication::{Unmet, is_challenge};
use super::super::endpoint::Endpoint;
use super::super::event::{RegistrationEvent, UnregisteredCause};
use super::super::header::Headers;
use super::super::message::Response;
use super::super::transaction::{ClientId, Heard};
use super::super::uri::Scheme;
use super::{LONGEST_EXPIRES, MOST_REDIRECTIONS, Registration, SOONEST_REFRESH, State, grant, pace};
use crate::time::Instant;

impl Registration {
    /// A response to a REGISTER.
    pub(in super::super) fn heard(
        &mut self,
        heard: Heard,
        response: &Response,
        endpoint: &mut Endpoint,
        now: Instant,
    ) {
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
                self.wait(
                    UnregisteredCause::WrongCredentials,
                    pace::delay(self.refusals, true, None),
                    endpoint,
                    now,
                );
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
        self.redirections = 0;
        if unwanted {
            return self.leave(endpoint, now);
        }
        let granted = grant::expires(headers, endpoint).unwrap_or(self.expires).min(LONGEST_EXPIRES);
        let expires = Duration::from_secs(granted.into());
        endpoint.reach = grant::reach(headers, endpoint);
        endpoint.keep_alive(headers.flow_timer(), now);
        // Half of the time leaves room for a request that gets no answer (Timer F).
        self.state = State::Held { refresh: now + (expires / 2).max(SOONEST_REFRESH) };
        if !held {
            endpoint.outbox.registration(RegistrationEvent::Registered { expires });
        }
    }

    fn refused(&mut self, response: &Response, held: bool, endpoint: &mut Endpoint, now: Instant) {
        let status = response.status;
        if self.can_ask_otherwise(response) {
            return self.ask(held, endpoint, now);
        }
        let delay = pace::delay(self.refusals, pace::is_permanent(status), Some(response));
        let cause = UnregisteredCause::Refused { status, reason: response.reason.clone() };
        self.wait(cause, delay, endpoint, now);
    }

    /// Whether a refusal says how to ask at once so that it fares better. Each way is taken so often at most that this
    /// comes to an end.
    fn can_ask_otherwise(&mut self, response: &Response) -> bool {
        let headers = &response.headers;
        match response.status.code() {
            // RFC 3261 §8.1.3.4: another registrar, by the way that we have.
            300..=302 if self.redirections < MOST_REDIRECTIONS => {
                self.redirections += 1;
                let contacts = headers.contacts().ok();
                let first = contacts.as_ref().and_then(|contacts| contacts.first());
                let uri = first.map(|contact| &contact.uri);
                self.redirected = uri.filter(|uri| matches!(uri.scheme, Scheme::Sip | Scheme::Sips)).cloned();
                self.redirected.is_some()
            }
            // RFC 3261 §10.2.8: longer. It grows each time.
            423 => match headers.min_expires() {
                Some(least) if (self.expires + 1..=LONGEST_EXPIRES).contains(&least) => {
                    self.expires = least;
                    true
                }
                _ => false,
            },
            // RFC 5626 §4.2.1: First Hop Lacks Outbound Support.
            439 => !std::mem::replace(&mut self.plain, true),
            _ => false,
        }
    }

    /// A REGISTER got no answer.
    pub(in super::super) fn unanswered(&mut self, id: ClientId, endpoint: &mut Endpoint, now: Instant) {
        match self.state {
            State::Asking { request, unwanted: true, .. } if request == id => self.ended(endpoint),
            State::Asking { request, .. } if request == id => {
                self.silent(endpoint, now);
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
}

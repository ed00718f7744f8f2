//! The client side of one transaction other than INVITE over a reliable transport.
//!
//! RFC 3261 §17.1.2. Timer E never runs and timer K is zero: a websocket does not lose messages.

use super::super::message::{Request, Response};
use super::Expiry;
use super::timer::PATIENCE;
use crate::time::{Deadline, Instant};

/// The request sent, until it is answered.
///
/// Trying and Proceeding differ only in the interval of repetition, and nothing is repeated here; Completed lasts no time.
#[derive(Debug)]
pub(super) struct Client {
    request: Request,
    state: State,
}

#[derive(Debug)]
enum State {
    /// No final response yet.
    Trying { timer_f: Instant },
    /// Over; accepts everything and does nothing.
    Terminated,
}

impl Client {
    /// The request was sent at `now`.
    pub(super) fn new(request: Request, now: Instant) -> Self {
        Self { request, state: State::Trying { timer_f: now + PATIENCE } }
    }

    /// The request.
    pub(super) fn request(&self) -> &Request {
        &self.request
    }

    /// Takes a response that matches; `true`: it is news to the owner.
    pub(super) fn receive(&mut self, response: &Response) -> bool {
        match self.state {
            State::Trying { .. } => {
                if response.status.is_final() {
                    self.state = State::Terminated;
                }
                true
            }
            State::Terminated => false,
        }
    }

    /// When it wants to be asked again.
    pub(super) fn deadline(&self) -> Option<Deadline> {
        match self.state {
            State::Trying { timer_f: at } => Some(Deadline::new(at, "answer to a request (timer F)")),
            State::Terminated => None,
        }
    }

    /// The deadline has come.
    pub(super) fn expire(&mut self) -> Expiry {
        match std::mem::replace(&mut self.state, State::Terminated) {
            State::Trying { .. } => Expiry::Unanswered,
            State::Terminated => Expiry::Done,
        }
    }

    /// Whether it is over.
    pub(super) fn is_terminated(&self) -> bool {
        match self.state {
            State::Terminated => true,
            State::Trying { .. } => false,
        }
    }
}

//! The client side of one INVITE transaction over a reliable transport.
//!
//! RFC 3261 §17.1.1 with the Accepted state of RFC 6026 §7.2. Timer A never runs and timer D is zero: a websocket does
//! not lose messages.

use super::super::header::Name;
use super::super::message::{Request, Response};
use super::super::method::Method;
use super::Expiry;
use super::matching::derived;
use super::timer::PATIENCE;

use crate::time::{Deadline, Instant};

/// More branches of a forked call than this are not answered any more.
const MOST_FORKS: usize = 16;

/// What is needed of an INVITE that was accepted.
const NEEDED: [Name; 7] = [
    Name::FROM,
    Name::TO,
    Name::CALL_ID,
    Name::CSEQ,
    Name::ROUTE,
    Name::AUTHORIZATION,
    Name::PROXY_AUTHORIZATION,
];

/// The INVITE sent and what has come back.
///
/// ```text
/// Calling ──1xx──> Proceeding ──2xx──> Accepted ──timer M──> Terminated
///    │ └─────────────────┼────300–699, timer B, unanswered CANCEL─────┘
///    └───────2xx─────────┴──────────────┘
/// ```
#[derive(Debug)]
pub(super) struct ClientInvite {
    request: Request,
    state: State,
    /// Nobody waits for the outcome any more.
    abandoned: bool,
}

#[derive(Debug)]
enum State {
    /// Nothing has come back. `cancel`: the caller has given up for that reason, the CANCEL waits for a provisional
    /// response.
    Calling { timer_b: Instant, cancel: Option<&'static str> },
    /// A provisional response came. No timer runs, unless the other side has to end it: `give_up`.
    Proceeding { give_up: Option<Instant> },
    /// A 2xx came; repeated ones and those of other branches are expected until timer M.
    Accepted { timer_m: Instant, forks: Vec<Fork> },
    /// Over; accepts everything and does nothing.
    Terminated,
}

/// One callee that answered with 2xx.
#[derive(Debug)]
struct Fork {
    tag: String,
    /// What every further copy of the 2xx is answered with (RFC 3261 §13.2.2.4); `None` while the answer is being made.
    ack: Option<String>,
}

/// What a response leads to.
#[derive(Debug, Default)]
pub(super) struct Reaction {
    /// The message to send: an ACK.
    pub(super) send: Option<String>,
    /// The CANCEL that waited for this response.
    pub(super) cancel: Option<Request>,
    /// The response is news to the owner.
    pub(super) tell: bool,
}

impl ClientInvite {
    /// The INVITE was sent at `now`.
    pub(super) fn new(request: Request, now: Instant) -> Self {
        Self { request, state: State::Calling { timer_b: now + PATIENCE, cancel: None }, abandoned: false }
    }

    /// The INVITE.
    pub(super) fn request(&self) -> &Request {
        &self.request
    }

    /// Takes a response that matches.
    pub(super) fn receive(&mut self, response: &Response, to_tag: &str, now: Instant) -> Reaction {
        match &mut self.state {
            State::Calling { .. } | State::Proceeding { .. } if response.status.is_provisional() => {
                Reaction { cancel: self.provisional(now), tell: true, ..Reaction::default() }
            }
            State::Calling { .. } | State::Proceeding { .. } if response.status.is_success() => {
                let forks = vec![Fork { tag: to_tag.to_owned(), ack: None }];
                self.state = State::Accepted { timer_m: now + PATIENCE, forks };
                Reaction { tell: true, ..Reaction::default() }
            }
            State::Calling { .. } | State::Proceeding { .. } => {
                // Timer D is zero: a repeated final response cannot come, so there is no Completed state.
                self.state = State::Terminated;
                let ack = ack_of_refusal(&self.request, response).to_string();
                Reaction { send: Some(ack), tell: true, ..Reaction::default() }
            }
            State::Accepted { forks, .. } if response.status.is_success() => {
                match forks.iter().find(|fork| fork.tag == to_tag) {
                    Some(fork) => Reaction { send: fork.ack.clone(), ..Reaction::default() },
                    None if forks.len() < MOST_FORKS => {
                        forks.push(Fork { tag: to_tag.to_owned(), ack: None });
                        Reaction { tell: true, ..Reaction::default() }
                    }
                    None => Reaction::default(),
                }
            }
            State::Accepted { .. } | State::Terminated => Reaction::default(),
        }
    }

    fn provisional(&mut self, now: Instant) -> Option<Request> {
        let State::Calling { cancel, .. } = self.state else { return None };
        self.state = State::Proceeding { give_up: self.abandoned.then(|| now + PATIENCE) };
        self.cancel(cancel?, now)
    }

    /// Gives the call up, for a reason or none (RFC 3326); returns the CANCEL when it can be sent now.
    ///
    /// Before any provisional response it must wait (RFC 3261 §9.1): the next hop might not know the INVITE yet.
    pub(super) fn cancel(&mut self, reason: &'static str, now: Instant) -> Option<Request> {
        match &mut self.state {
            State::Calling { cancel, .. } => {
                *cancel = Some(reason);
                None
            }
            State::Proceeding { give_up: give_up @ None } => {
                *give_up = Some(now + PATIENCE);
                Some(self.make_cancel(reason))
            }
            State::Proceeding { give_up: Some(_) } | State::Accepted { .. } | State::Terminated => None,
        }
    }

    fn make_cancel(&self, reason: &'static str) -> Request {
        let mut cancel = derived(&self.request, Method::Cancel);
        if !reason.is_empty() {
            cancel.headers.push(Name::REASON, reason);
        }
        cancel
    }

    /// The CANCEL for the next transport of an INVITE that begins a call: this one is gone, and with it the answer. By then
    /// the next hop knows the INVITE or never will.
    pub(super) fn cancel_lost(&self) -> Option<Request> {
        match self.state {
            _ if self.request.headers.tag(&Name::TO).is_some() => None,
            State::Calling { cancel, .. } => Some(self.make_cancel(cancel.unwrap_or_default())),
            State::Proceeding { .. } => Some(self.make_cancel("")),
            State::Accepted { .. } | State::Terminated => None,
        }
    }

    /// Nobody waits for the outcome any more: the other side has its time to end the transaction, no longer.
    pub(super) fn abandon(&mut self, now: Instant) {
        self.abandoned = true;
        if let State::Proceeding { give_up } = &mut self.state {
            give_up.get_or_insert(now + PATIENCE);
        }
    }

    /// Keeps the ACK that was sent to the callee with this tag, for further copies of its 2xx.
    pub(super) fn acknowledged(&mut self, to_tag: &str, sent: String) {
        if let State::Accepted { forks, .. } = &mut self.state
            && let Some(fork) = forks.iter_mut().find(|fork| fork.tag == to_tag)
        {
            fork.ack = Some(sent);
        }
    }

    /// The owner has been told of what came. An accepted INVITE is kept for half a minute, for the dialogs and the ACKs of
    /// other callees who accept it too: all else in it is of no more use.
    pub(super) fn told(&mut self) {
        if self.is_accepted() {
            self.request.body = String::new();
            self.request.headers.keep(&NEEDED);
        }
    }

    /// When it wants to be asked again.
    pub(super) fn deadline(&self) -> Option<Deadline> {
        match self.state {
            State::Calling { timer_b: at, .. } => Some(Deadline::new(at, "INVITE answer (timer B)")),
            State::Proceeding { give_up } => give_up.map(|at| Deadline::new(at, "end of a cancelled INVITE")),
            State::Accepted { timer_m: at, .. } => Some(Deadline::new(at, "repeated 2xx (timer M)")),
            State::Terminated => None,
        }
    }

    /// The deadline has come.
    pub(super) fn expire(&mut self) -> Expiry {
        match std::mem::replace(&mut self.state, State::Terminated) {
            State::Calling { .. } | State::Proceeding { .. } => Expiry::Unanswered,
            State::Accepted { .. } | State::Terminated => Expiry::Done,
        }
    }

    /// Whether a 2xx has come.
    pub(super) fn is_accepted(&self) -> bool {
        match self.state {
            State::Accepted { .. } => true,
            State::Calling { .. } | State::Proceeding { .. } | State::Terminated => false,
        }
    }

    /// Whether it is over.
    pub(super) fn is_terminated(&self) -> bool {
        match self.state {
            State::Terminated => true,
            State::Calling { .. } | State::Proceeding { .. } | State::Accepted { .. } => false,
        }
    }
}

/// The ACK to a final response other than 2xx, which belongs to the transaction (RFC 3261 §17.1.1.3).
fn ack_of_refusal(invite: &Request, response: &Response) -> Request {
    let mut ack = derived(invite, Method::Ack);
    if let Some(to) = response.headers.get(&Name::TO) {
        ack.headers.set(Name::TO, to);
    }
    ack
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sip::header::Headers;
    use crate::sip::status::StatusCode;

    #[test]
    fn an_accepted_invite_is_kept_without_what_is_of_no_more_use() {
        let uri = "sip:1002@example.org".parse().expect("a URI");
        let mut invite = Request { body: "v=0".to_owned(), ..Request::new(Method::Invite, uri) };
        invite.headers.push(Name::USER_AGENT, "ours");
        invite.headers.push(Name::CSEQ, "1 INVITE");
        let mut client = ClientInvite::new(invite, Instant::default());
        let mut told = |status| {
            let response =
                Response { status, reason: String::new(), headers: Headers::default(), body: String::new() };
            client.receive(&response, "theirs", Instant::default());
            client.told();
            (client.request().body.clone(), client.request().headers.len())
        };
        // It may have to be sent again, with a digest.
        assert_eq!(told(StatusCode::RINGING), ("v=0".to_owned(), 2));
        assert_eq!(told(StatusCode::OK), (String::new(), 1));
    }
}

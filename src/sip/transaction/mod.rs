//! The table of live transactions (RFC 3261 §17): which message belongs to which, and when each gives up.
//!
//! One file per state machine, one for what we send and one for what we receive; this one keeps the time. It is bounded:
//! requests of our own are started by commands, those of the other side are refused when [`MOST_RECEIVED`] are open.

mod client;
mod client_invite;
mod live;
mod matching;
mod receiving;
mod sending;
mod server;
mod server_invite;
pub(crate) mod timer;

use self::live::{Received, Sent};
use super::event::{MessageId, SessionId, SubscriptionId};
use super::farewell::FarewellId;
use super::message::Request;
use super::method::Method;
use crate::time::{Deadline, Instant};

/// Received requests that may be open at once; a hostile peer gets 503 beyond that.
pub(super) const MOST_RECEIVED: usize = 64;

/// A request sent by us.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ClientId(u64);

/// A request received.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ServerId(u64);

/// Who is told what becomes of a request sent by us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Owner {
    /// The registration.
    Registration,
    /// A session; it may have ended meanwhile.
    Session(SessionId),
    /// A dialog that is being ended.
    Farewell(FarewellId),
    /// A subscription; it may have ended meanwhile.
    Subscription(SubscriptionId),
    /// A message.
    Message(MessageId),
    /// The probes of the flow.
    KeepAlive,
    /// Nobody: the answer to a CANCEL changes nothing.
    Nobody,
}

/// A response to a request sent by us, for its owner.
#[derive(Debug)]
pub(super) struct Heard {
    /// The transaction; it is over when the response is final, unless it is a 2xx to an INVITE.
    pub(super) id: ClientId,
    /// Who is to be told.
    pub(super) owner: Owner,
    /// The request.
    pub(super) request: Request,
    /// How many times the request had been sent before, with other or no credentials.
    pub(super) tries: u8,
}

/// Whether a deadline ended a transaction without an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expiry {
    Unanswered,
    Done,
}

/// A request sent by us that got no answer in time.
#[derive(Debug)]
pub(super) struct Unanswered {
    /// The transaction, which is over.
    pub(super) id: ClientId,
    /// Who is to be told.
    pub(super) owner: Owner,
    /// What was asked.
    pub(super) method: Method,
}

/// All live transactions.
#[derive(Debug, Default)]
pub(super) struct Transactions {
    next: u64,
    // Short lists: looking through them costs less than a map.
    sent: Vec<Sent>,
    received: Vec<Received>,
}

impl Transactions {
    fn fresh(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    /// The transport is gone: what was not answered will not be. Accepted INVITEs stay, for copies of the 2xx that come
    /// over the next connection. Gives the CANCELs of the others, which the other side may go on working on.
    pub(super) fn transport_lost(&mut self) -> Vec<Request> {
        let mut cancels = Vec::new();
        for sent in &mut self.sent {
            if !sent.is_accepted() {
                cancels.extend(sent.cancel_lost());
                sent.expire();
            }
        }
        for received in &mut self.received {
            if received.is_unanswered() {
                received.expire();
            }
        }
        self.tidy();
        cancels
    }

    /// Takes those out of the table that are over.
    fn tidy(&mut self) {
        self.sent.retain(|sent| !sent.is_terminated());
        self.received.retain(|received| !received.is_terminated());
    }

    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.sent.is_empty() && self.received.is_empty()
    }

    /// The soonest deadline of all.
    pub(super) fn deadline(&self) -> Option<Deadline> {
        let mut soonest = None;
        for sent in &self.sent {
            soonest = Deadline::soonest(soonest, sent.deadline());
        }
        for received in &self.received {
            soonest = Deadline::soonest(soonest, received.deadline());
        }
        soonest
    }

    /// Whether something was sent by now to which nothing has come back; told once.
    pub(super) fn is_flow_in_doubt(&mut self, now: Instant) -> bool {
        let mut in_doubt = false;
        for sent in &mut self.sent {
            in_doubt |= sent.doubt.take_if(|at| *at <= now).is_some();
        }
        in_doubt
    }

    /// Ends what is due; returns the requests that got no answer.
    pub(super) fn expire(&mut self, now: Instant) -> Vec<Unanswered> {
        let is_due = |deadline: Option<Deadline>| deadline.is_some_and(|deadline| deadline.at <= now);
        for received in &mut self.received {
            if is_due(received.deadline()) {
                received.expire();
            }
        }
        let mut unanswered = Vec::new();
        for sent in &mut self.sent {
            if is_due(sent.end()) && sent.expire() == Expiry::Unanswered {
                let method = sent.request().method.clone();
                unanswered.push(Unanswered { id: sent.id, owner: sent.owner, method });
            }
        }
        self.tidy();
        unanswered
    }
}

/// A response answers nothing that is outstanding.
#[derive(Debug)]
pub(super) struct NoTransaction;

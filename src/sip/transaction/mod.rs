//! The table of live transactions (RFC 3261 §17): which message belongs to which, and when each gives up.
//!
//! One file per state machine; this one matches and keeps the time. It is bounded: requests of our own are started by
//! commands, those of the other side are refused when [`MOST_RECEIVED`] are open.

mod client;
mod client_invite;
mod live;
mod matching;
mod server;
mod server_invite;
pub(crate) mod timer;

use self::client::Client;
use self::client_invite::{ClientInvite, Reaction};
use self::live::{ClientMachine, Received, Sent, ServerMachine};
use self::matching::{merge_identity, server_key};
use self::server::Server;
use self::server_invite::ServerInvite;
use super::event::SessionId;
use super::farewell::FarewellId;
use super::header::Name;
use super::message::{Request, Response};
use super::method::Method;
use super::outbox::Outbox;
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

    /// Sends a request that carries its Via.
    pub(super) fn send(
        &mut self,
        request: Request,
        owner: Owner,
        tries: u8,
        now: Instant,
        outbox: &mut Outbox,
    ) -> ClientId {
        outbox.send(request.to_string());
        let id = ClientId(self.fresh());
        let branch = request.headers.top_via().map(|via| via.branch().to_owned()).unwrap_or_default();
        let machine = match request.method {
            Method::Invite => ClientMachine::Invite(ClientInvite::new(request, now)),
            _ => ClientMachine::Other(Client::new(request, now)),
        };
        self.sent.push(Sent { id, owner, tries, branch, machine });
        id
    }

    /// Takes a response; returns it with its owner when it is news.
    ///
    /// A response matches by the branch of its top Via and the method in CSeq (RFC 3261 §17.1.3).
    pub(super) fn receive(
        &mut self,
        response: &Response,
        now: Instant,
        outbox: &mut Outbox,
    ) -> Result<Option<Heard>, NoTransaction> {
        let (Ok(via), Ok(cseq)) = (response.headers.top_via(), response.headers.cseq()) else {
            return Err(NoTransaction);
        };
        let branch = via.branch();
        let to_tag = response.headers.tag(&Name::TO).unwrap_or_default();
        let sent = self
            .sent
            .iter_mut()
            .find(|sent| sent.branch == branch && sent.request().method == cseq.method)
            .ok_or(NoTransaction)?;
        let reaction = match &mut sent.machine {
            ClientMachine::Invite(invite) => invite.receive(response, &to_tag, now),
            ClientMachine::Other(other) => Reaction { tell: other.receive(response), ..Reaction::default() },
        };
        let heard = reaction.tell.then(|| Heard {
            id: sent.id,
            owner: sent.owner,
            request: sent.request().clone(),
            tries: sent.tries,
        });
        self.tidy();
        if let Some(text) = reaction.send {
            outbox.send(text);
        }
        if let Some(cancel) = reaction.cancel {
            self.send(cancel, Owner::Nobody, 0, now, outbox);
        }
        Ok(heard)
    }

    fn invite(&mut self, id: ClientId) -> Option<&mut ClientInvite> {
        match &mut self.sent.iter_mut().find(|sent| sent.id == id)?.machine {
            ClientMachine::Invite(invite) => Some(invite),
            ClientMachine::Other(_) => None,
        }
    }

    /// Gives an INVITE up: sends CANCEL, now or after the first provisional response (RFC 3261 §9.1).
    pub(super) fn cancel(&mut self, id: ClientId, now: Instant, outbox: &mut Outbox) {
        if let Some(invite) = self.invite(id)
            && let Some(cancel) = invite.cancel(now)
        {
            self.send(cancel, Owner::Nobody, 0, now, outbox);
        }
    }

    /// Nobody waits for the outcome of an INVITE any more.
    pub(super) fn abandon(&mut self, id: ClientId, now: Instant) {
        if let Some(invite) = self.invite(id) {
            invite.abandon(now);
        }
    }

    /// Sends the ACK to a 2xx, and keeps it for further copies of that 2xx.
    pub(super) fn acknowledge(&mut self, id: ClientId, to_tag: &str, ack: &Request, outbox: &mut Outbox) {
        let text = ack.to_string();
        outbox.send(text.clone());
        if let Some(invite) = self.invite(id) {
            invite.acknowledged(to_tag, text);
        }
    }

    /// A request sent by us, while its transaction lives.
    pub(super) fn sent_request(&self, id: ClientId) -> Option<&Request> {
        self.sent.iter().find(|sent| sent.id == id).map(Sent::request)
    }

    /// Whether this very request came before (RFC 3261 §17.2.3); it has been dealt with then.
    pub(super) fn absorb_repeated(&self, request: &Request, outbox: &mut Outbox) -> bool {
        let key = server_key(request);
        let Some(received) = self.received.iter().find(|it| it.matches(&key, &request.method)) else {
            return false;
        };
        if let ServerMachine::Invite(invite) = &received.machine
            && let Some(text) = invite.repeated()
        {
            outbox.send(text.to_owned());
        }
        true
    }

    /// Whether the same request came over another path and is being answered there (RFC 3261 §8.2.2.2).
    pub(super) fn is_merged(&self, request: &Request) -> bool {
        let identity = merge_identity(request);
        self.received.iter().any(|it| merge_identity(&it.request) == identity)
    }

    /// Opens a transaction for a request; `None`: too many are open.
    pub(super) fn open(&mut self, request: &Request) -> Option<ServerId> {
        if self.received.len() >= MOST_RECEIVED {
            return None;
        }
        let machine = match request.method {
            Method::Invite => ServerMachine::Invite(ServerInvite::Proceeding { last: None }),
            _ => ServerMachine::Other(Server::Trying),
        };
        let key = server_key(request);
        let id = ServerId(self.fresh());
        // The body is the session's; only the header is needed to answer.
        let request = Request { body: String::new(), ..request.clone() };
        self.received.push(Received { id, key, request, machine });
        Some(id)
    }

    /// The INVITE that a CANCEL means: the same branch, another method (RFC 3261 §9.2).
    pub(super) fn cancelled_by(&self, cancel: &Request) -> Option<ServerId> {
        let key = server_key(cancel);
        self.received.iter().find(|it| it.matches(&key, &Method::Invite)).map(|it| it.id)
    }

    /// Takes an ACK; `true`: it was for a refusal and goes no further.
    pub(super) fn absorb_ack(&mut self, ack: &Request) -> bool {
        let key = server_key(ack);
        let Some(received) = self.received.iter_mut().find(|it| it.matches(&key, &Method::Invite)) else {
            return false;
        };
        let absorbed = match &mut received.machine {
            ServerMachine::Invite(invite) => invite.acknowledged(),
            ServerMachine::Other(_) => false,
        };
        self.tidy();
        absorbed
    }

    /// A request received, while its transaction lives.
    pub(super) fn received_request(&self, id: ServerId) -> Option<&Request> {
        self.received.iter().find(|received| received.id == id).map(|received| &received.request)
    }

    /// The CSeq number of a request received; zero when its transaction is over.
    pub(super) fn received_cseq(&self, id: ServerId) -> u32 {
        self.received_request(id).and_then(|request| request.headers.cseq_number()).unwrap_or_default()
    }

    /// Sends a response.
    pub(super) fn respond(&mut self, id: ServerId, response: &Response, now: Instant, outbox: &mut Outbox) {
        let text = response.to_string();
        if let Some(received) = self.received.iter_mut().find(|received| received.id == id) {
            match &mut received.machine {
                ServerMachine::Invite(invite) => invite.responded(response.status, &text, now),
                ServerMachine::Other(other) => other.responded(response.status),
            }
        }
        self.tidy();
        outbox.send(text);
    }

    /// The transport is gone: what was not answered will not be. Accepted INVITEs stay, for copies of the 2xx that come
    /// over the next connection.
    pub(super) fn transport_lost(&mut self) {
        for sent in &mut self.sent {
            if !sent.is_accepted() {
                sent.expire();
            }
        }
        for received in &mut self.received {
            if received.is_unanswered() {
                received.expire();
            }
        }
        self.tidy();
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
            if is_due(sent.deadline()) && sent.expire() == Expiry::Unanswered {
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

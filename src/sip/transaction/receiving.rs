//! Requests of the other side and our responses to them (RFC 3261 §17.2.3).

use super::super::message::{Request, Response};
use super::super::method::Method;
use super::super::outbox::Outbox;
use super::live::{Received, ServerMachine};
use super::matching::{merge_identity, server_key};
use super::server::Server;
use super::server_invite::ServerInvite;
use super::{MOST_RECEIVED, ServerId, Transactions};
use crate::time::Instant;

impl Transactions {
    /// Whether this very request came before (RFC 3261 §17.2.3); it has been dealt with then.
    pub(in super::super) fn absorb_repeated(&self, request: &Request, outbox: &mut Outbox) -> bool {
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
    pub(in super::super) fn is_merged(&self, request: &Request) -> bool {
        let identity = merge_identity(request);
        self.received.iter().any(|it| merge_identity(&it.request) == identity)
    }

    /// Opens a transaction for a request; `None`: too many are open.
    pub(in super::super) fn open(&mut self, request: &Request) -> Option<ServerId> {
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
    pub(in super::super) fn cancelled_by(&self, cancel: &Request) -> Option<ServerId> {
        let key = server_key(cancel);
        self.received.iter().find(|it| it.matches(&key, &Method::Invite)).map(|it| it.id)
    }

    /// Takes an ACK; `true`: it was for a refusal and goes no further.
    pub(in super::super) fn absorb_ack(&mut self, ack: &Request) -> bool {
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
    pub(in super::super) fn received_request(&self, id: ServerId) -> Option<&Request> {
        self.received.iter().find(|received| received.id == id).map(|received| &received.request)
    }

    /// The CSeq number of a request received; zero when its transaction is over.
    pub(in super::super) fn received_cseq(&self, id: ServerId) -> u32 {
        self.received_request(id).and_then(|request| request.headers.cseq_number()).unwrap_or_default()
    }

    /// Sends a response.
    pub(in super::super) fn respond(
        &mut self,
        id: ServerId,
        response: &Response,
        now: Instant,
        outbox: &mut Outbox,
    ) {
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
}

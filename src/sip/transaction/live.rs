//! One live transaction of either side, whichever machine it runs.

use super::client::Client;
use super::client_invite::ClientInvite;
use super::server::Server;
use super::server_invite::ServerInvite;
use super::{ClientId, Expiry, Owner, ServerId};
use crate::sip::message::Request;
use crate::sip::method::Method;
use crate::time::{Deadline, Instant};

/// A request sent by us.
#[derive(Debug)]
pub(super) struct Sent {
    pub(super) id: ClientId,
    pub(super) owner: Owner,
    pub(super) tries: u8,
    pub(super) branch: String,
    pub(super) machine: ClientMachine,
    /// Nothing came back; from then on whatever carries it is in doubt. `None`: something came, or it was told.
    pub(super) doubt: Option<Instant>,
}

#[derive(Debug)]
pub(super) enum ClientMachine {
    Invite(ClientInvite),
    Other(Client),
}

/// A request received.
#[derive(Debug)]
pub(super) struct Received {
    pub(super) id: ServerId,
    pub(super) key: String,
    pub(super) request: Request,
    pub(super) machine: ServerMachine,
}

#[derive(Debug)]
pub(super) enum ServerMachine {
    Invite(ServerInvite),
    Other(Server),
}

impl Sent {
    pub(super) fn request(&self) -> &Request {
        match &self.machine {
            ClientMachine::Invite(invite) => invite.request(),
            ClientMachine::Other(other) => other.request(),
        }
    }

    /// When it ends by itself.
    pub(super) fn end(&self) -> Option<Deadline> {
        match &self.machine {
            ClientMachine::Invite(invite) => invite.deadline(),
            ClientMachine::Other(other) => other.deadline(),
        }
    }

    pub(super) fn deadline(&self) -> Option<Deadline> {
        Deadline::soonest(self.end(), self.doubt.map(|at| Deadline::new(at, "doubt of the flow")))
    }

    /// Whether copies of its 2xx may still come.
    pub(super) fn is_accepted(&self) -> bool {
        match &self.machine {
            ClientMachine::Invite(invite) => invite.is_accepted(),
            ClientMachine::Other(_) => false,
        }
    }

    /// The CANCEL of an INVITE whose answer is lost with the transport.
    pub(super) fn cancel_lost(&self) -> Option<Request> {
        match &self.machine {
            ClientMachine::Invite(invite) => invite.cancel_lost(),
            ClientMachine::Other(_) => None,
        }
    }

    /// Ends it.
    pub(super) fn expire(&mut self) -> Expiry {
        match &mut self.machine {
            ClientMachine::Invite(invite) => invite.expire(),
            ClientMachine::Other(other) => other.expire(),
        }
    }

    pub(super) fn is_terminated(&self) -> bool {
        match &self.machine {
            ClientMachine::Invite(invite) => invite.is_terminated(),
            ClientMachine::Other(other) => other.is_terminated(),
        }
    }
}

impl Received {
    pub(super) fn matches(&self, key: &str, method: &Method) -> bool {
        self.key == key && self.request.method == *method
    }

    pub(super) fn deadline(&self) -> Option<Deadline> {
        match &self.machine {
            ServerMachine::Invite(invite) => invite.deadline(),
            ServerMachine::Other(_) => None,
        }
    }

    /// Ends it.
    pub(super) fn expire(&mut self) {
        self.machine = ServerMachine::Other(Server::Terminated);
    }

    pub(super) fn is_unanswered(&self) -> bool {
        match &self.machine {
            ServerMachine::Invite(invite) => invite.is_unanswered(),
            ServerMachine::Other(other) => !other.is_terminated(),
        }
    }

    pub(super) fn is_terminated(&self) -> bool {
        match &self.machine {
            ServerMachine::Invite(invite) => invite.is_terminated(),
            ServerMachine::Other(other) => other.is_terminated(),
        }
    }
}

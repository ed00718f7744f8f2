//! Requests of ours and the responses that match them (RFC 3261 §17.1.3).

use std::time::Duration;

use super::super::header::Name;
use super::super::message::{Request, Response};
use super::super::method::Method;
use super::super::outbox::Outbox;
use super::client::Client;
use super::client_invite::{ClientInvite, Reaction};
use super::live::{ClientMachine, Sent};
use super::{ClientId, Heard, NoTransaction, Owner, Transactions};
use crate::time::Instant;

/// A call's request to which nothing has come back by then may have gone nowhere: a flow that died in silence takes
/// whatever is sent.
const HEARD_WITHIN: Duration = Duration::from_secs(5);

impl Transactions {
    /// Sends a request that carries its Via.
    pub(in super::super) fn send(
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
        let doubt = matches!(owner, Owner::Session(_) | Owner::Farewell(_)).then_some(now + HEARD_WITHIN);
        self.sent.push(Sent { id, owner, tries, branch, machine, doubt });
        id
    }

    /// Takes a response; returns it with its owner when it is news.
    ///
    /// A response matches by the branch of its top Via and the method in CSeq (RFC 3261 §17.1.3).
    pub(in super::super) fn receive(
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
        sent.doubt = None;
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
        if let ClientMachine::Invite(invite) = &mut sent.machine {
            invite.told();
        }
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
    pub(in super::super) fn cancel(
        &mut self,
        id: ClientId,
        reason: &'static str,
        now: Instant,
        outbox: &mut Outbox,
    ) {
        if let Some(invite) = self.invite(id)
            && let Some(cancel) = invite.cancel(reason, now)
        {
            self.send(cancel, Owner::Nobody, 0, now, outbox);
        }
    }

    /// Nobody waits for the outcome of an INVITE any more.
    pub(in super::super) fn abandon(&mut self, id: ClientId, now: Instant) {
        if let Some(invite) = self.invite(id) {
            invite.abandon(now);
        }
    }

    /// Sends the ACK to a 2xx, and keeps it for further copies of that 2xx.
    pub(in super::super) fn acknowledge(
        &mut self,
        id: ClientId,
        to_tag: &str,
        ack: &Request,
        outbox: &mut Outbox,
    ) {
        let text = ack.to_string();
        outbox.send(text.clone());
        if let Some(invite) = self.invite(id) {
            invite.acknowledged(to_tag, text);
        }
    }

    /// A request sent by us, while its transaction lives.
    pub(in super::super) fn sent_request(&self, id: ClientId) -> Option<&Request> {
        self.sent.iter().find(|sent| sent.id == id).map(Sent::request)
    }
}

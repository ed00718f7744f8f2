//! INVITE to every phone of an account (RFC 3261 §16.6).

use std::sync::Arc;

use tokio::time::Instant;
use xc_webrtc::sip::header::Name;
use xc_webrtc::sip::method::Method;
use xc_webrtc::sip::uri::NameAddr;

use super::Exchange;
use super::call::{CallId, Side};
use super::dialog::{self, Dialog};
use super::invite::{ALLOW, identity};
use super::leg::{Leg, Link, PATIENCE, State};
use super::registrar::Binding;
use super::socket::SocketId;
use super::terms::{Hears, Terms};
use crate::account::Account;
use crate::media::LegId;

impl Exchange {
    /// Rings every phone of the account at that end of a call; false when there is none. `extra` header fields go
    /// with the INVITE. A consultation rings only the phone that has the call it is for.
    pub(super) fn ring_phones(&mut self, id: CallId, side: Side, extra: &[(Name, String)]) -> bool {
        let Some(call) = self.calls.get(&id) else { return false };
        let Some(account) = call.end(side).account.clone() else { return false };
        let consulting =
            call.consults_for.filter(|_| side == Side::Caller).map(|first| self.sockets_of(first, &account));
        let bindings: Vec<Binding> = self
            .registrar
            .of(&account.login)
            .filter(|binding| self.sip.is_open(binding.socket))
            .filter(|binding| consulting.as_ref().is_none_or(|sockets| sockets.contains(&binding.socket)))
            .cloned()
            .collect();
        for binding in &bindings {
            self.prepare(id, side, &account, binding, extra);
        }
        !bindings.is_empty()
    }

    /// The websockets of the phones that somebody has in a call.
    fn sockets_of(&self, call: CallId, account: &Account) -> Vec<SocketId> {
        let theirs = |leg: &&Leg| leg.call == Some(call) && leg.account.login == account.login;
        self.legs.values().filter(theirs).filter_map(Leg::socket).collect()
    }

    /// A leg to one phone; its INVITE leaves when the media has made an offer.
    fn prepare(
        &mut self,
        call: CallId,
        side: Side,
        account: &Arc<Account>,
        binding: &Binding,
        extra: &[(Name, String)],
    ) {
        let id = LegId(self.next_id());
        let (tag, branch) = (self.names.tag(), self.names.branch());
        let Some(known) = self.calls.get_mut(&call) else { return };
        let other = known.end(side.other());
        let from = identity(other);
        let number = other.number.clone();
        let end = known.end_mut(side);
        end.legs.push(id);
        let remote = NameAddr::new(binding.contact.clone());
        let mut dialog = Dialog::to_phone(
            end.call_id.clone(),
            from.clone().with_tag(&tag),
            remote,
            binding.contact.clone(),
        );
        let mut invite = dialog.request(Method::Invite, &branch);
        invite.headers.push(Name::CONTACT, dialog::contact(&number).to_string());
        invite.headers.push(Name::P_ASSERTED_IDENTITY, from.to_string());
        invite.headers.push(Name::ALLOW, ALLOW);
        for (name, value) in extra {
            invite.headers.push(name.clone(), value.as_str());
        }
        let media = self.media.open(id);
        media.offer(known.kinds.clone());
        let leg = Leg {
            id,
            call: Some(call),
            side,
            account: account.clone(),
            link: Link::Up(binding.socket),
            dialog,
            invite_branch: Some(branch),
            state: State::Preparing { invite: Box::new(invite) },
            media,
            media_connected: false,
            terms: Terms::default(),
            hears: Hears::default(),
            takes_update: false,
            shown: from.to_string(),
            digits: String::new(),
        };
        self.legs.insert(id, leg);
    }

    /// The media of a leg has made an offer: the INVITE leaves.
    pub(super) fn send_invite(&mut self, id: LegId, offer: String) {
        let Some(leg) = self.legs.get_mut(&id) else { return };
        let (State::Preparing { invite }, Some(socket)) = (&leg.state, leg.socket()) else { return };
        let mut invite = invite.clone();
        invite.headers.push(Name::CONTENT_TYPE, "application/sdp");
        invite.body = offer;
        self.sip.send(socket, invite.to_string());
        leg.state = State::Asking { invite, heard: false, until: Instant::now() + PATIENCE };
    }
}

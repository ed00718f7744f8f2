//! A phone takes the place of another in a call: INVITE with Replaces (RFC 3891 §3), as after a reload of the page.

use std::sync::Arc;

use xc_webrtc::sip::header::Replaces;
use xc_webrtc::sip::message::Request;
use xc_webrtc::sip::status::StatusCode;

use super::Exchange;
use super::dialog::Dialog;
use super::leg::State;
use super::socket::SocketId;
use crate::account::Account;
use crate::media::LegId;

impl Exchange {
    /// Puts the phone that sends this INVITE in the place of the one whose dialog it names.
    pub(super) fn replace_phone(
        &mut self,
        socket: SocketId,
        request: &Request,
        account: Arc<Account>,
        dialog: Dialog,
        replaces: &Replaces,
    ) {
        if let Some(status) = self.faults.refusal_for(&account.login) {
            return self.refuse(socket, request, status);
        }
        let old = self.legs.values().find(|leg| leg.dialog.is_named_by(replaces));
        let established =
            old.filter(|leg| matches!(leg.state, State::Talking { .. } | State::Answered { .. }));
        let refusal = match established {
            None => Some(StatusCode::CALL_OR_TRANSACTION_DOES_NOT_EXIST),
            Some(leg) if leg.account.login != account.login => Some(StatusCode::FORBIDDEN),
            Some(_) if replaces.early_only => Some(StatusCode::BUSY_HERE),
            Some(_) => None,
        };
        if let Some(status) = refusal {
            return self.refuse(socket, request, status);
        }
        let Some((old, call, side)) = established.and_then(|leg| Some((leg.id, leg.call?, leg.side))) else {
            return self.refuse(socket, request, StatusCode::CALL_OR_TRANSACTION_DOES_NOT_EXIST);
        };
        self.send(socket, &request.reply(StatusCode::TRYING, None));
        let id = LegId(self.next_id());
        if let Some(call) = self.calls.get_mut(&call) {
            let end = call.end_mut(side);
            end.call_id.clone_from(&dialog.call_id);
            end.legs = vec![id];
        }
        let (mut leg, _) = self.leg_of_invite(id, socket, request, account, dialog);
        leg.call = Some(call);
        leg.side = side;
        if let State::Asked { accepted, .. } = &mut leg.state {
            *accepted = true;
        }
        self.legs.insert(id, leg);
        self.release(old, StatusCode::REQUEST_TERMINATED, None);
    }
}

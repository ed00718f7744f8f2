//! Phones that are not wanted any more: CANCEL, and the ACK to a refusal (RFC 3261 §9.1, §17.1.1.3).

use tokio::time::Instant;
use xc_webrtc::sip::header::Name;
use xc_webrtc::sip::message::{Request, Response};
use xc_webrtc::sip::method::Method;

use super::Exchange;
use super::leg::{PATIENCE, State};
use crate::media::LegId;

impl Exchange {
    /// A phone that was asked is not wanted any more.
    pub(super) fn give_up(&mut self, id: LegId, reason: Option<&str>) {
        let Some(leg) = self.legs.get_mut(&id) else { return };
        leg.call = None;
        let State::Asking { invite, heard, .. } = &leg.state else {
            self.legs.remove(&id);
            return;
        };
        let heard = *heard;
        leg.state = State::GivenUp {
            invite: invite.clone(),
            cancelled: false,
            reason: reason.map(str::to_owned),
            until: Instant::now() + PATIENCE,
        };
        if heard {
            self.send_cancel(id);
        }
    }

    pub(super) fn send_cancel(&mut self, id: LegId) {
        let Some(leg) = self.legs.get_mut(&id) else { return };
        let socket = leg.socket();
        let State::GivenUp { invite, cancelled, reason, .. } = &mut leg.state else { return };
        *cancelled = true;
        let mut cancel = same_transaction(invite, Method::Cancel);
        if let Some(reason) = reason {
            cancel.headers.push(Name::REASON, reason.clone());
        }
        if let Some(socket) = socket {
            self.send(socket, &cancel);
        }
    }
}

/// The ACK to a refusal is part of the INVITE's transaction (RFC 3261 §17.1.1.3).
pub(super) fn ack_refusal(invite: &Request, response: &Response) -> Request {
    let mut ack = same_transaction(invite, Method::Ack);
    if let Some(to) = response.headers.get(&Name::TO) {
        ack.headers.set(Name::TO, to);
    }
    ack
}

/// A request with the Request-URI, Via, From, To, Call-ID and number of the INVITE: ACK to a refusal, or CANCEL
/// (RFC 3261 §9.1).
fn same_transaction(invite: &Request, method: Method) -> Request {
    let mut request = Request::new(method.clone(), invite.uri.clone());
    for name in [Name::VIA, Name::MAX_FORWARDS, Name::ROUTE, Name::FROM, Name::TO, Name::CALL_ID] {
        for value in invite.headers.all(&name) {
            request.headers.push(name.clone(), value);
        }
    }
    if let Ok(mut cseq) = invite.headers.cseq() {
        cseq.method = method;
        request.headers.push(Name::CSEQ, cseq.to_string());
    }
    request
}

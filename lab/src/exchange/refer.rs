//! Transfers asked for by REFER (RFC 3515, RFC 5589), as an Asterisk does them.

use xc_webrtc::sip::header::{Name, ReferTo};
use xc_webrtc::sip::message::Request;
use xc_webrtc::sip::method::Method;
use xc_webrtc::sip::status::StatusCode;

use super::Exchange;
use super::call::{Call, CallId, Referrer, Side, Stage};
use super::dialog;
use super::dialplan::Destination;
use super::leg::State;
use super::socket::SocketId;
use crate::media::LegId;

impl Exchange {
    /// REFER in the dialog of a call.
    pub(super) fn refer(&mut self, socket: SocketId, request: &Request, id: LegId) {
        let Ok(refer_to) = request.headers.refer_to() else {
            return self.refuse(socket, request, StatusCode::BAD_REQUEST);
        };
        let Some(leg) = self.legs.get(&id) else { return };
        let established = matches!(leg.state, State::Talking { .. });
        let Some(call) = leg.call.filter(|call| established && self.is_talking(*call)) else {
            return self.refuse(socket, request, StatusCode::REQUEST_PENDING);
        };
        let quiet = request.headers.get(&Name::REFER_SUB).is_some_and(|value| value.starts_with("false"));
        let side = leg.side;
        match self.judge(id, &refer_to) {
            Err(status) => self.refuse(socket, request, status),
            Ok(Referred::To(number)) => {
                self.take_referral(socket, request, quiet);
                self.refer_to_number(id, (call, side), &number, !quiet);
            }
            Ok(Referred::Join(second)) => {
                self.take_referral(socket, request, quiet);
                if !quiet {
                    self.send_notify(id, StatusCode::OK);
                }
                // Both calls are there, so nothing stands in the way.
                let _ = self.join((call, side), second);
            }
        }
    }

    fn judge(&self, id: LegId, refer_to: &ReferTo) -> Result<Referred, StatusCode> {
        let Some(replaces) = &refer_to.replaces else {
            let number = refer_to.target.user_text();
            return match Destination::of(&number, &self.directory) {
                Destination::Refused(StatusCode::NOT_FOUND) => Err(StatusCode::NOT_FOUND),
                _ => Ok(Referred::To(number)),
            };
        };
        let login = self.legs.get(&id).map(|leg| leg.account.login.as_str());
        let second = self
            .legs
            .values()
            .find(|leg| leg.dialog.is_named_by(replaces) && Some(leg.account.login.as_str()) == login)
            .filter(|leg| leg.id != id)
            .ok_or(StatusCode::NOT_FOUND)?;
        let call = second.call.ok_or(StatusCode::NOT_FOUND)?;
        Ok(Referred::Join((call, second.side)))
    }

    /// 202, or 200 for who does not want to be notified (RFC 4488 §4).
    fn take_referral(&self, socket: SocketId, request: &Request, quiet: bool) {
        let mut response = request.reply(if quiet { StatusCode::OK } else { StatusCode::ACCEPTED }, None);
        if quiet {
            response.headers.push(Name::REFER_SUB, "false");
        }
        response.headers.push(Name::CONTACT, dialog::contact("").to_string());
        self.send(socket, &response);
    }

    /// The other party calls a number; who asked for it waits for what comes of it.
    fn refer_to_number(&mut self, leg: LegId, (id, side): (CallId, Side), number: &str, notified: bool) {
        let Some(call) = self.calls.remove(&id) else { return };
        if notified {
            self.send_notify(leg, StatusCode::TRYING);
        }
        let linked_id = call.linked_id.clone();
        let (end, other) = call.split(side);
        if let Some(leg) = self.legs.get_mut(&leg) {
            leg.call = None;
        }
        self.redirect(linked_id, other, number, Some(Referrer { end, leg, notified }));
    }

    /// Whoever transferred this call is told how far it is.
    pub(super) fn notify_referrer(&mut self, id: CallId, status: StatusCode) {
        let referrer = self.calls.get(&id).and_then(|call| call.referrer.as_ref());
        if let Some(leg) = referrer.filter(|referrer| referrer.notified).map(|referrer| referrer.leg) {
            self.send_notify(leg, status);
        }
    }

    /// A transferred call is established: who transferred it leaves.
    pub(super) fn transferred(&mut self, id: CallId) {
        let Some(call) = self.calls.get_mut(&id) else { return };
        let Some(referrer) = call.referrer.take() else { return };
        let linked_id = call.linked_id.clone();
        self.notify(&referrer, StatusCode::OK);
        self.release(referrer.leg, StatusCode::REQUEST_TERMINATED, None);
        self.tell_referrer_left(&linked_id, &referrer);
    }

    /// A call did not come about. One that was transferred goes back to who transferred it.
    pub(super) fn call_failed(&mut self, id: CallId, status: StatusCode) {
        let Some(call) = self.calls.get_mut(&id) else { return };
        let Some(referrer) = call.referrer.take() else { return self.end_call(id, status, None) };
        let waiting = std::mem::take(&mut call.callee.legs);
        for leg in waiting {
            self.give_up(leg, None);
        }
        self.notify(&referrer, status);
        if !self.legs.contains_key(&referrer.leg) {
            return self.end_call(id, status, None);
        }
        let Some(mut call) = self.calls.remove(&id) else { return };
        self.tell_left(&call, Side::Callee);
        call.callee = referrer.end;
        call.stage = Stage::Talking;
        let id = self.enter(call);
        self.connect(id);
    }

    /// Who transferred a call hung up before it was known what came of it.
    pub(super) fn referrer_left(&mut self, leg: LegId) {
        let left = |call: &&mut Call| call.referrer.as_ref().is_some_and(|referrer| referrer.leg == leg);
        let Some(call) = self.calls.values_mut().find(left) else { return };
        let linked_id = call.linked_id.clone();
        if let Some(referrer) = call.referrer.take() {
            self.tell_referrer_left(&linked_id, &referrer);
        }
    }

    pub(super) fn notify(&mut self, referrer: &Referrer, status: StatusCode) {
        if referrer.notified {
            self.send_notify(referrer.leg, status);
        }
    }

    /// NOTIFY with the status as a piece of a SIP message (RFC 3515 §2.4.4).
    fn send_notify(&mut self, id: LegId, status: StatusCode) {
        let branch = self.names.branch();
        let Some(leg) = self.legs.get_mut(&id) else { return };
        let Some(socket) = leg.socket() else { return };
        let mut notify = leg.dialog.request(Method::Notify, &branch);
        let headers = &mut notify.headers;
        headers.push(Name::CONTACT, dialog::contact(leg.dialog.local.user()).to_string());
        headers.push(Name::EVENT, "refer");
        let state = if status.is_final() { "terminated;reason=noresource" } else { "active;expires=60" };
        headers.push(Name::SUBSCRIPTION_STATE, state);
        headers.push(Name::CONTENT_TYPE, "message/sipfrag;version=2.0");
        notify.body = format!("SIP/2.0 {} {}\r\n", status.code(), status.reason_phrase());
        self.send(socket, &notify);
    }
}

/// What a REFER asks for.
enum Referred {
    /// The other party is to call this number.
    To(String),
    /// The other parties of both calls are to talk.
    Join((CallId, Side)),
}

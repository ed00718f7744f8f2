//! The caller's side: INVITE from a phone, its answers, its ACK and its CANCEL (RFC 3261 §13.3, §9.2).

use std::sync::Arc;

use tokio::time::Instant;
use xc_webrtc::cti::message::{CallDirection, EventType};
use xc_webrtc::sip::header::Name;
use xc_webrtc::sip::message::{Request, Response};
use xc_webrtc::sip::method::Method;
use xc_webrtc::sip::status::StatusCode;
use xc_webrtc::sip::uri::{NameAddr, Uri};

use super::Exchange;
use super::call::{Call, CallId, End, Identity, Side, Stage};
use super::dialog::{self, Dialog};
use super::leg::{Leg, Link, PATIENCE, State, T1, longer};
use super::offer;
use super::socket::SocketId;
use super::terms::{Hears, Terms};
use crate::account::{Account, DOMAIN};
use crate::media::{Direction, LegId, MediaKind};

/// The methods that the lab does something for.
pub(super) const ALLOW: &str = "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, REFER, REGISTER";
/// The extension that the lab understands (RFC 3891).
pub(super) const SUPPORTED: &str = "replaces";

impl Exchange {
    pub(super) fn invite(&mut self, socket: SocketId, request: &Request) {
        match self.legs.values().find_map(|leg| same_invite(leg, request)) {
            Some(SameInvite::Again) => return,
            // RFC 3261 §8.2.2.2.
            Some(SameInvite::ByAnotherWay) => {
                return self.refuse(socket, request, StatusCode::LOOP_DETECTED);
            }
            None => {}
        }
        let Some(account) = self.authenticate(socket, request) else { return };
        let readable =
            request.headers.content_type().is_none_or(|kind| kind.eq_ignore_ascii_case("application/sdp"));
        if !request.body.is_empty() && !readable {
            return self.refuse(socket, request, StatusCode::UNSUPPORTED_MEDIA_TYPE);
        }
        let tag = self.names.tag();
        let (Ok(dialog), Ok(replaces)) = (Dialog::of_invite(request, &tag), request.headers.replaces())
        else {
            return self.refuse(socket, request, StatusCode::BAD_REQUEST);
        };
        if let Some(replaces) = replaces {
            return self.replace_phone(socket, request, account, dialog, &replaces);
        }
        self.send(socket, &request.reply(StatusCode::TRYING, None));
        let call = self.call_by_phone(socket, request, account, dialog);
        self.tell(call, Side::Caller, EventType::Dialing);
        self.place(call);
    }

    /// A call that begins with a phone's INVITE; its media starts to work on the offer.
    fn call_by_phone(
        &mut self,
        socket: SocketId,
        request: &Request,
        account: Arc<Account>,
        dialog: Dialog,
    ) -> CallId {
        let (id, leg_id) = (CallId(self.next_id()), LegId(self.next_id()));
        let unique_id = self.next_unique_id();
        let call_id = dialog.call_id.clone();
        let mut caller =
            End::new(Identity::of(&account), unique_id.clone(), call_id, CallDirection::Outgoing);
        caller.legs.push(leg_id);
        let callee = self.called_end(&request.uri.user_text());
        let (mut leg, kinds) = self.leg_of_invite(leg_id, socket, request, account, dialog);
        leg.call = Some(id);
        self.legs.insert(leg_id, leg);
        self.calls.insert(id, Call::new(unique_id, [caller, callee], Stage::Ringing, kinds));
        id
    }

    /// The leg that a phone's INVITE begins, and the kinds of media it has; no call's yet.
    pub(super) fn leg_of_invite(
        &self,
        id: LegId,
        socket: SocketId,
        request: &Request,
        account: Arc<Account>,
        dialog: Dialog,
    ) -> (Leg, Vec<MediaKind>) {
        let media = self.media.open(id);
        let kinds = if request.body.is_empty() {
            media.offer(vec![MediaKind::Audio]);
            vec![MediaKind::Audio]
        } else {
            media.answer(&request.body);
            offer::kinds(&request.body)
        };
        let invite = Box::new(request.clone());
        let leg = Leg {
            id,
            call: None,
            side: Side::Caller,
            account,
            link: Link::Up(socket),
            dialog,
            invite_branch: branch(request),
            state: State::Asked { invite, ringing: false, description: None, accepted: false },
            media,
            media_connected: false,
            terms: Terms::default(),
            hears: Hears::default(),
            takes_update: request.headers.allow().any(|method| method == Method::Update),
            shown: String::new(),
            digits: String::new(),
        };
        (leg, kinds)
    }

    /// The end that a number stands for.
    pub(super) fn called_end(&mut self, number: &str) -> End {
        let account = self.directory.by_number(number).cloned();
        let name = account.as_ref().map_or_else(String::new, |account| account.full_name());
        let identity = Identity { account, number: number.to_owned(), name };
        End::new(identity, self.next_unique_id(), self.names.call_id(), CallDirection::Incoming)
    }

    /// Tells the caller's phone that it rings at the other end, once.
    pub(super) fn ring_caller(&mut self, call: CallId) {
        let Some(called) = self.calls.get(&call) else { return };
        let number = called.callee.number.clone();
        for id in called.caller.legs.clone() {
            let Some(Leg { state: State::Asked { invite, ringing, .. }, dialog, link, .. }) =
                self.legs.get_mut(&id)
            else {
                continue;
            };
            if let (false, Link::Up(socket)) = (std::mem::replace(ringing, true), *link) {
                let mut response = invite.reply(StatusCode::RINGING, dialog.local.tag());
                response.headers.push(Name::CONTACT, dialog::contact(&number).to_string());
                self.identify(call, Side::Callee, &mut response);
                self.send(socket, &response);
            }
        }
    }

    /// Sends the 200 of a leg whose other side is ready and whose media has made a description.
    pub(super) fn try_answer(&mut self, id: LegId) {
        let Some(leg) = self.legs.get(&id) else { return };
        let (State::Asked { invite, description: Some(description), accepted: true, .. }, Some(call)) =
            (&leg.state, leg.call)
        else {
            return;
        };
        let answer_in_ack = invite.body.is_empty();
        let (mut terms, mut description) = (leg.terms, description.clone());
        terms.told_by_phone(&invite.body);
        let other = self.calls.get(&call).and_then(|call| self.phone_at(call.end(leg.side.other())));
        if terms.video && other.is_some_and(|other| !other.terms.video) {
            // Nobody would see it.
            terms.video = false;
            description = offer::without_video(&description);
            leg.media.limit(MediaKind::Video, Direction::Inactive);
        }
        let mut ok = invite.reply(StatusCode::OK, leg.dialog.local.tag());
        ok.headers.push(Name::ALLOW, ALLOW);
        ok.headers.push(Name::SUPPORTED, SUPPORTED);
        ok.headers.push(Name::CONTACT, dialog::contact(&invite.uri.user_text()).to_string());
        ok.headers.push(Name::CONTENT_TYPE, "application/sdp");
        ok.body = description;
        let shown = self.identity_of_other(id).unwrap_or_default();
        ok.headers.push(Name::P_ASSERTED_IDENTITY, shown.as_str());
        let Some(leg) = self.legs.get_mut(&id) else { return };
        leg.terms = terms;
        leg.shown = shown;
        let now = Instant::now();
        let socket = leg.socket();
        leg.state = State::Answered {
            ok: Box::new(ok.clone()),
            resend: (now + T1, T1),
            until: now + PATIENCE,
            answer_in_ack,
            then_bye: false,
        };
        if let Some(socket) = socket {
            self.send(socket, &ok);
        }
        self.connect(call);
    }

    /// Says who is at that end of the call (RFC 3325), as a server that phones trust does.
    fn identify(&self, call: CallId, side: Side, response: &mut Response) {
        if let Some(call) = self.calls.get(&call) {
            response.headers.push(Name::P_ASSERTED_IDENTITY, identity(call.end(side)).to_string());
        }
    }

    pub(super) fn ack(&mut self, request: &Request) {
        // The ACK to a refusal has nothing left to belong to.
        let Some(leg) = self.leg_of(request).and_then(|leg| self.legs.get_mut(&leg)) else { return };
        let id = leg.id;
        let State::Answered { answer_in_ack, then_bye, .. } = leg.state else {
            return self.change_acknowledged(id, request);
        };
        leg.state = State::established(None);
        if answer_in_ack {
            leg.media.accept(&request.body);
            leg.terms.told_by_phone(&request.body);
        }
        if then_bye {
            self.say_goodbye(id);
        } else {
            self.terms_changed(id);
        }
    }

    pub(super) fn cancel(&mut self, socket: SocketId, request: &Request) {
        let found = self.legs.values().find(|leg| is_cancelled_by(leg, request));
        let Some(id) = found.map(|leg| leg.id) else {
            return self.refuse(socket, request, StatusCode::CALL_OR_TRANSACTION_DOES_NOT_EXIST);
        };
        let Some(leg) = self.legs.get(&id) else { return };
        let tag = leg.dialog.local.tag().map(str::to_owned);
        self.send(socket, &request.reply(StatusCode::OK, tag.as_deref()));
        let reason = request.headers.get(&Name::REASON).map(str::to_owned);
        // RFC 3261 §9.2: after the final response a CANCEL has no effect.
        if let (State::Asked { .. }, Some(call)) = (&leg.state, leg.call) {
            self.end_call(call, StatusCode::REQUEST_TERMINATED, reason);
        }
    }

    /// A 200 whose ACK has not come is sent again, and after a long while given up (RFC 3261 §13.3.1.4).
    pub(super) fn repeat_answer(&mut self, id: LegId, now: Instant) {
        let Some(leg) = self.legs.get_mut(&id) else { return };
        let socket = leg.socket();
        let State::Answered { ok, resend, until, .. } = &mut leg.state else { return };
        if now >= *until {
            let call = leg.call;
            leg.state = State::established(None);
            match call {
                Some(call) => self.end_call(call, StatusCode::REQUEST_TIMEOUT, None),
                None => self.say_goodbye(id),
            }
            return;
        }
        if now >= resend.0 {
            let wait = longer(resend.1);
            *resend = (now + wait, wait);
            if let Some(socket) = socket {
                self.sip.send(socket, ok.to_string());
            }
        }
    }
}

/// The name and number of an end, as the other end is told.
pub(super) fn identity(end: &End) -> NameAddr {
    let mut identity = NameAddr::new(Uri::sip(Some(&end.number), DOMAIN));
    identity.display_name = Some(end.name.clone()).filter(|name| !name.is_empty());
    identity
}

/// An INVITE that the lab has already.
enum SameInvite {
    /// The same one again: it is being worked on.
    Again,
    /// The same one after another fork in its way.
    ByAnotherWay,
}

fn same_invite(leg: &Leg, request: &Request) -> Option<SameInvite> {
    let State::Asked { invite, .. } = &leg.state else { return None };
    let key = |request: &Request| {
        let headers = &request.headers;
        let from = headers.from().ok()?;
        Some((headers.call_id().ok()?.to_owned(), from.tag()?.to_owned(), headers.cseq().ok()?.number))
    };
    (key(invite).is_some() && key(invite) == key(request)).then(|| match branch(invite) == branch(request) {
        true => SameInvite::Again,
        false => SameInvite::ByAnotherWay,
    })
}

/// RFC 3261 §9.2: a CANCEL has the branch and the Call-ID of what it cancels.
fn is_cancelled_by(leg: &Leg, cancel: &Request) -> bool {
    let (State::Asked { .. } | State::Answered { .. } | State::Talking { .. }) = &leg.state else {
        return false;
    };
    leg.dialog.call_id == cancel.headers.call_id().unwrap_or_default()
        && leg.invite_branch.is_some()
        && leg.invite_branch == branch(cancel)
}

/// The branch of a request's first Via.
pub(super) fn branch(request: &Request) -> Option<String> {
    request.headers.top_via().ok().map(|via| via.branch().to_owned()).filter(|branch| !branch.is_empty())
}

//! A phone changes its established session: re-INVITE and UPDATE (RFC 3261 §14.2, RFC 3311 §5.2).

use tokio::time::{Duration, Instant};
use xc_webrtc::cti::message::EventType;
use xc_webrtc::sip::header::Name;
use xc_webrtc::sip::message::{Request, Response};
use xc_webrtc::sip::method::Method;
use xc_webrtc::sip::status::StatusCode;

use super::Exchange;
use super::dialog;
use super::fault::Obstacle;
use super::leg::{Leg, PATIENCE, State};
use super::offer;
use super::socket::SocketId;
use crate::media::{LegId, MediaKind, Wish};

/// The change of an established session that is under way; there is only one at a time.
#[derive(Debug, Default)]
pub enum Change {
    /// None.
    #[default]
    None,
    /// The phone's request is held back for a while, as a test asked for.
    Delayed {
        /// The request.
        request: Box<Request>,
        /// Until then.
        until: Instant,
    },
    /// The phone's request waits for the media.
    Asked {
        /// The request.
        request: Box<Request>,
    },
    /// The phone's re-INVITE was answered, its ACK has not come.
    Answered {
        /// The re-INVITE had no offer: the ACK brings the answer to ours.
        answer_in_ack: Option<Wish>,
        /// When it is not waited for any more.
        until: Instant,
    },
    /// The media is making our offer.
    Preparing {
        /// What is to come of it.
        wish: Wish,
        /// A re-INVITE of the phone that is made to cross ours, as a test asked for.
        crossed: Option<Box<Request>>,
    },
    /// Our re-INVITE was sent.
    Offered {
        /// The re-INVITE.
        invite: Box<Request>,
        /// What is to come of it.
        wish: Wish,
        /// When no answer is expected any more.
        until: Instant,
    },
    /// The phone's re-INVITE crossed ours: ours is sent again at this moment (RFC 3261 §14.1).
    Crossed {
        /// Then.
        until: Instant,
    },
}

impl Change {
    /// When something is to be done about it.
    pub const fn deadline(&self) -> Option<Instant> {
        match self {
            Self::Delayed { until, .. }
            | Self::Answered { until, .. }
            | Self::Offered { until, .. }
            | Self::Crossed { until } => Some(*until),
            Self::None | Self::Asked { .. } | Self::Preparing { .. } => None,
        }
    }
}

impl Exchange {
    /// A re-INVITE or UPDATE.
    pub(super) fn change_asked(&mut self, socket: SocketId, request: &Request, id: LegId) {
        let Some(leg) = self.legs.get_mut(&id) else { return };
        if request.method == Method::Update && request.body.is_empty() {
            leg.dialog.retarget(&request.headers);
            let ok = with_contact(request.reply(StatusCode::OK, None), leg);
            return self.send(socket, &ok);
        }
        let refusal = match &leg.state {
            State::Talking { change, .. } => match change {
                Change::None | Change::Preparing { .. } | Change::Crossed { .. } => None,
                Change::Offered { .. } => Some(StatusCode::REQUEST_PENDING),
                Change::Delayed { .. } | Change::Asked { .. } | Change::Answered { .. } => {
                    Some(StatusCode::SERVER_INTERNAL_ERROR)
                }
            },
            // Our own INVITE, or the answer to theirs, is not done with.
            State::Asked { .. }
            | State::Answered { .. }
            | State::Preparing { .. }
            | State::Asking { .. }
            | State::GivenUp { .. }
            | State::Leaving => Some(StatusCode::REQUEST_PENDING),
        };
        if let Some(status) = refusal {
            return self.refuse_change(socket, request, status);
        }
        leg.media.roll_back();
        let login = leg.account.login.clone();
        match self.faults.obstacle_for(&login) {
            None => self.begin_change(id, Box::new(request.clone())),
            Some(Obstacle::Refusal(status)) => self.refuse_change(socket, request, status),
            Some(Obstacle::Delay(wait)) => {
                let (request, until) = (Box::new(request.clone()), Instant::now() + wait);
                self.set_change(id, Change::Delayed { request, until });
            }
            Some(Obstacle::Crossing) => {
                let wish = self.wish(id);
                self.prepare_offer(id, wish, Some(Box::new(request.clone())));
            }
        }
    }

    pub(super) fn refuse_change(&self, socket: SocketId, request: &Request, status: StatusCode) {
        let mut response = request.reply(status, None);
        if status == StatusCode::SERVER_INTERNAL_ERROR {
            response.headers.push(Name::RETRY_AFTER, "1");
        }
        self.send(socket, &response);
    }

    /// Hands the phone's offer, or its wish for one, to the media.
    pub(super) fn begin_change(&mut self, id: LegId, request: Box<Request>) {
        let wish = self.wish(id);
        let Some(leg) = self.legs.get_mut(&id) else { return };
        leg.dialog.retarget(&request.headers);
        if request.body.is_empty() {
            leg.media.reoffer(wish);
        } else {
            leg.media.answer(&request.body);
        }
        self.set_change(id, Change::Asked { request });
    }

    pub(super) fn set_change(&mut self, id: LegId, new: Change) {
        if let Some(Leg { state: State::Talking { change, .. }, .. }) = self.legs.get_mut(&id) {
            *change = new;
        }
    }

    /// The request of the phone that waits for the media, when one does.
    pub(super) fn take_asked(&mut self, id: LegId) -> Option<Box<Request>> {
        let Some(Leg { state: State::Talking { change, .. }, .. }) = self.legs.get_mut(&id) else {
            return None;
        };
        match std::mem::take(change) {
            Change::Asked { request } => Some(request),
            other => {
                *change = other;
                None
            }
        }
    }

    /// The media has answered the phone's offer.
    pub(super) fn answer_change(&mut self, id: LegId, answer: String) {
        let Some(request) = self.take_asked(id) else { return };
        let wish = self.wish(id);
        let Some(leg) = self.legs.get_mut(&id) else { return };
        let (video_before, side) = (leg.terms.video, leg.side);
        leg.terms.told_by_phone(&request.body);
        leg.terms.refused = None;
        let mut answer = answer;
        if offer::is_heard(&request.body) {
            leg.terms.held = wish.held;
        }
        if wish.held {
            let (held, direction) = offer::held(&answer);
            leg.media.limit(MediaKind::Audio, direction);
            answer = held;
        }
        let (new_video, call) = (leg.terms.video && !video_before, leg.call);
        if let Some(call) = call.and_then(|call| self.calls.get_mut(&call)) {
            call.leader = side;
            if new_video
                && let Some(other) =
                    call.end(side.other()).legs.first().and_then(|leg| self.legs.get_mut(leg))
            {
                other.terms.no_video = false;
            }
        }
        let until = Instant::now() + PATIENCE;
        let acknowledged = request.method == Method::Invite;
        self.set_change(
            id,
            if acknowledged { Change::Answered { answer_in_ack: None, until } } else { Change::None },
        );
        self.send_description(id, &request, answer);
        self.terms_changed(id);
    }

    /// The media has made the offer that the phone wanted.
    pub(super) fn offer_in_response(&mut self, id: LegId, offer: String) {
        let Some(request) = self.take_asked(id) else { return };
        let wish = self.wish(id);
        let until = Instant::now() + PATIENCE;
        self.set_change(id, Change::Answered { answer_in_ack: Some(wish), until });
        self.send_description(id, &request, offer);
    }

    fn send_description(&self, id: LegId, request: &Request, description: String) {
        let Some(leg) = self.legs.get(&id) else { return };
        let mut ok = with_contact(request.reply(StatusCode::OK, None), leg);
        ok.headers.push(Name::CONTENT_TYPE, "application/sdp");
        ok.body = description;
        if let Some(socket) = leg.socket() {
            self.send(socket, &ok);
        }
    }

    /// The ACK to our answer to a re-INVITE.
    pub(super) fn change_acknowledged(&mut self, id: LegId, ack: &Request) {
        let Some(leg) = self.legs.get_mut(&id) else { return };
        let State::Talking { change: change @ Change::Answered { .. }, .. } = &mut leg.state else { return };
        if let Change::Answered { answer_in_ack: Some(wish), .. } = std::mem::take(change) {
            leg.media.accept(&ack.body);
            leg.terms.granted(wish, &ack.body);
        }
        self.terms_changed(id);
    }

    /// What is agreed with a phone may be something else now: its user is told, and so is the other end.
    pub(super) fn terms_changed(&mut self, id: LegId) {
        let Some(leg) = self.legs.get(&id) else { return };
        let (side, holds) = (leg.side, leg.terms.holds);
        let Some(call) = leg.call else { return };
        if self.is_talking(call) {
            self.tell(call, side, if holds { EventType::OnHold } else { EventType::Established });
        }
        self.let_hear(call);
        self.settle(call);
    }

    /// The deadline of a change has passed.
    pub(super) fn change_is_due(&mut self, id: LegId, now: Instant) {
        let Some(Leg { state: State::Talking { change, .. }, .. }) = self.legs.get_mut(&id) else { return };
        if change.deadline().is_none_or(|deadline| now < deadline) {
            return;
        }
        let call = self.legs.get(&id).and_then(|leg| leg.call);
        let Some(Leg { state: State::Talking { change, .. }, .. }) = self.legs.get_mut(&id) else { return };
        match std::mem::take(change) {
            Change::Delayed { request, .. } => self.begin_change(id, request),
            // RFC 3261 §14.1: no answer at all is like 408, which ends the dialog.
            Change::Offered { .. } => self.phone_is_lost(id),
            Change::Answered { .. } | Change::Crossed { .. } => {
                if let Some(call) = call {
                    self.settle(call);
                }
            }
            Change::None | Change::Asked { .. } | Change::Preparing { .. } => {}
        }
    }
}

fn with_contact(mut response: Response, leg: &Leg) -> Response {
    response.headers.push(Name::CONTACT, dialog::contact(leg.dialog.local.user()).to_string());
    response
}

/// When our re-INVITE that crossed the phone's is sent again: the side that chose the Call-ID waits longer
/// (RFC 3261 §14.1). `chance` is any number.
pub fn wait_after_crossing(chose_call_id: bool, chance: u8) -> Duration {
    let tens = u64::from(chance);
    Duration::from_millis(if chose_call_id { 2100 + tens * 1900 / 255 } else { tens * 2000 / 255 })
}

//! What the media of a leg tells.

use xc_webrtc::sip::status::StatusCode;

use super::Exchange;
use super::change::Change;
use super::leg::{Leg, State};
use crate::media::{Event, LegId, Report};

impl Exchange {
    /// The media of a leg has something to tell. A leg that is gone is not listened to any more.
    pub fn media_reported(&mut self, report: Report) {
        let id = report.leg;
        let Some(leg) = self.legs.get_mut(&id) else { return };
        match report.event {
            Event::Connected => leg.media_connected = true,
            Event::Digit(digit) => self.digit_heard(id, digit),
            Event::Accepted => {}
            Event::Offer(offer) => self.offered(id, offer),
            Event::Answer(answer) => self.answered(id, answer),
            Event::Refused(problem) => {
                eprintln!("a session description of {}: {problem}", leg.account.login);
                self.not_described(id);
            }
            Event::Broken(problem) => {
                eprintln!("the media of {} ended: {problem}", leg.account.login);
                self.media_failed(id, StatusCode::SERVER_INTERNAL_ERROR);
            }
        }
    }

    fn offered(&mut self, id: LegId, offer: String) {
        let Some(leg) = self.legs.get_mut(&id) else { return };
        match &mut leg.state {
            State::Asked { invite, .. } if invite.body.is_empty() => self.answered(id, offer),
            State::Preparing { .. } => self.send_invite(id, offer),
            State::Talking { change: Change::Asked { request }, .. } if request.body.is_empty() => {
                self.offer_in_response(id, offer);
            }
            State::Talking { change: Change::Preparing { .. }, .. } => self.send_reinvite(id, offer),
            // What it was for is over.
            State::Asked { .. }
            | State::Answered { .. }
            | State::Asking { .. }
            | State::GivenUp { .. }
            | State::Talking { .. }
            | State::Leaving => {}
        }
    }

    /// There is something to put into the answer to a phone's INVITE.
    fn answered(&mut self, id: LegId, sdp: String) {
        let Some(leg) = self.legs.get_mut(&id) else { return };
        match &mut leg.state {
            State::Asked { description, .. } => {
                *description = Some(sdp);
                self.try_answer(id);
            }
            State::Talking { .. } => self.answer_change(id, sdp),
            State::Answered { .. }
            | State::Preparing { .. }
            | State::Asking { .. }
            | State::GivenUp { .. }
            | State::Leaving => {}
        }
    }

    /// The phone's session description cannot be used.
    fn not_described(&mut self, id: LegId) {
        let Some(request) = self.take_asked(id) else {
            return self.media_failed(id, StatusCode::NOT_ACCEPTABLE_HERE);
        };
        if let Some(socket) = self.legs.get(&id).and_then(Leg::socket) {
            self.refuse_change(socket, &request, StatusCode::NOT_ACCEPTABLE_HERE);
        }
        self.terms_changed(id);
    }

    /// Without media there is no call.
    fn media_failed(&mut self, id: LegId, status: StatusCode) {
        let Some(leg) = self.legs.get(&id) else { return };
        match (&leg.state, leg.call) {
            (State::Preparing { .. }, _) => self.phone_failed(id, status),
            (_, Some(call)) => self.end_call(call, status, None),
            (_, None) => {}
        }
    }
}

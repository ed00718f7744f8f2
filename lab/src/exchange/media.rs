//! What the media of a leg tells.

use xc_webrtc::sip::header::Name;
use xc_webrtc::sip::status::StatusCode;

use super::Exchange;
use super::dialog;
use super::leg::{Leg, State};
use crate::media::{Event, LegId, Report};

impl Exchange {
    /// The media of a leg has something to tell. A leg that is gone is not listened to any more.
    pub fn media_reported(&mut self, report: Report) {
        let id = report.leg;
        let Some(leg) = self.legs.get_mut(&id) else { return };
        match report.event {
            Event::Connected => leg.media_connected = true,
            Event::Digit(digit) => leg.digits.push(digit),
            Event::Accepted => {}
            Event::Offer(sdp) | Event::Answer(sdp) => self.described(id, sdp),
            Event::Refused(_) => self.not_described(id),
            Event::Broken(_) => self.media_failed(id, StatusCode::SERVER_INTERNAL_ERROR),
        }
    }

    fn described(&mut self, id: LegId, sdp: String) {
        let Some(leg) = self.legs.get_mut(&id) else { return };
        match &mut leg.state {
            State::Asked { description, .. } => {
                *description = Some(sdp);
                self.try_answer(id);
            }
            State::Preparing { .. } => self.send_invite(id, sdp),
            State::Talking { .. } => self.answer_reinvite(id, Ok(sdp)),
            State::Answered { .. } | State::Asking { .. } | State::GivenUp { .. } | State::Leaving => {}
        }
    }

    /// The phone's session description cannot be used.
    fn not_described(&mut self, id: LegId) {
        let Some(leg) = self.legs.get(&id) else { return };
        match &leg.state {
            State::Talking { reinvite: Some(_), .. } => {
                self.answer_reinvite(id, Err(StatusCode::NOT_ACCEPTABLE_HERE));
            }
            State::Asked { .. }
            | State::Answered { .. }
            | State::Preparing { .. }
            | State::Asking { .. }
            | State::GivenUp { .. }
            | State::Talking { .. }
            | State::Leaving => self.media_failed(id, StatusCode::NOT_ACCEPTABLE_HERE),
        }
    }

    fn answer_reinvite(&mut self, id: LegId, outcome: Result<String, StatusCode>) {
        let Some(Leg { state: State::Talking { reinvite, .. }, link, dialog, .. }) = self.legs.get_mut(&id)
        else {
            return;
        };
        // The phone may have gone away meanwhile.
        let Some(request) = reinvite.take() else { return };
        let response = match outcome {
            Ok(answer) => {
                let mut ok = request.reply(StatusCode::OK, None);
                ok.headers.push(Name::CONTACT, dialog::contact(dialog.local.user()).to_string());
                ok.headers.push(Name::CONTENT_TYPE, "application/sdp");
                ok.body = answer;
                ok
            }
            Err(status) => request.reply(status, None),
        };
        if let super::leg::Link::Up(socket) = *link {
            self.send(socket, &response);
        }
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

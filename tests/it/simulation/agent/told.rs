//! What the user agent tells who uses it, and what that leads to.

use xc_webrtc::sip::event::{
    Event, Incoming, Input, RegistrationEvent, SessionEvent, SessionId, UnregisteredCause,
};
use xc_webrtc::sip::status::StatusCode;
use xc_webrtc::time::Instant;

use super::acts::Todo;
use super::{Agent, Call, Line, Stage};
use crate::simulation::world::Wish;

impl Agent {
    pub(super) fn told(&mut self, event: Event, now: Instant) {
        match event {
            Event::Registration(RegistrationEvent::Unregistered(unregistered)) => {
                if let Line::Leaving { .. } = self.line {
                    self.left();
                } else if unregistered.cause == UnregisteredCause::TimedOut && self.line == Line::Open {
                    // As the phone does: another websocket may carry it.
                    self.wishes.push(Wish::Close);
                    self.lose(now);
                }
            }
            Event::MessageAnswered { id, .. } => {
                let waiting = self.written.iter().position(|written| *written == (self.life, id));
                match waiting {
                    Some(at) => drop(self.written.remove(at)),
                    None => self.broke(format!("told twice of {id:?}")),
                }
            }
            Event::Registration(RegistrationEvent::Registered { .. })
            | Event::MessageWaiting(_)
            | Event::Subscription { .. }
            | Event::Message(_)
            | Event::Diagnostic(_) => {}
            Event::Session { id, event } => self.told_of_call(id, event, now),
        }
    }

    pub(super) fn lose(&mut self, now: Instant) {
        self.line = Line::Waiting { until: now + self.chance.millis(1000, 8000) };
        self.ua.handle(Input::Closed { reason: "gone".into() }, now);
    }

    fn told_of_call(&mut self, id: SessionId, event: SessionEvent, now: Instant) {
        if let SessionEvent::Incoming(incoming) = event {
            return self.called(id, *incoming, now);
        }
        let Some(call) = self.call(id) else {
            return self.broke(format!("told of {id:?}, which never began: {event:?}"));
        };
        if call.stage == Stage::Over {
            return self.broke(format!("told of {id:?} after its end: {event:?}"));
        }
        match event {
            SessionEvent::Incoming(_) | SessionEvent::Progress { .. } => {}
            SessionEvent::Accepted { answer, offer, .. } => {
                call.stage = Stage::Talking;
                if let Some(answer) = answer {
                    call.agreed = call.offered.take().map(|ours| (ours, answer));
                }
                if offer.is_some() {
                    call.asked = Some(offer);
                    self.later(0, 3000, Todo::Reply(id), now);
                }
            }
            SessionEvent::Confirmed { answer } => {
                call.stage = Stage::Talking;
                if let Some(answer) = answer {
                    call.agreed = call.offered.take().map(|ours| (ours, answer));
                }
            }
            SessionEvent::Offer { offer, .. } => {
                call.asked = Some(offer);
                self.later(0, 3000, Todo::Reply(id), now);
            }
            SessionEvent::OfferWithdrawn => call.asked = None,
            SessionEvent::Answer { answer } => {
                call.agreed = call.offered.take().map(|ours| (ours, answer));
            }
            SessionEvent::OfferRefused { retry_in, .. } => {
                call.offered = None;
                if let Some(after) = retry_in
                    && self.chance.one_in(2)
                {
                    self.todo.push((now + after, Todo::Reinvite(id)));
                }
            }
            SessionEvent::Ended(_) => call.stage = Stage::Over,
            SessionEvent::InfoAnswered { .. } | SessionEvent::Referral(_) | SessionEvent::Identity(_) => {}
        }
    }

    fn called(&mut self, id: SessionId, incoming: Incoming, now: Instant) {
        self.calls.push(Call {
            id,
            life: self.life,
            call_id: incoming.call_id,
            is_ours: false,
            stage: Stage::Ringing,
            offered: None,
            asked: Some(incoming.offer),
            agreed: None,
        });
        if let Line::Leaving { .. } = self.line {
            // As the phone does.
            let _ = self.ua.refuse(id, StatusCode::TEMPORARILY_UNAVAILABLE, now);
            return;
        }
        self.later(0, 1000, Todo::Ring(id), now);
        match self.chance.below(10) {
            0..=5 => self.later(0, 12_000, Todo::Accept(id), now),
            6 => {
                let code = self.chance.pick(&[302, 404, 480, 486, 488, 503, 603]);
                self.later(0, 8000, Todo::Refuse(id, code), now);
            }
            // Nobody is there, or the script says what becomes of it.
            _ => {}
        }
    }
}

/// An event, for the diagram.
pub(super) fn shortened(event: &Event) -> String {
    let text = match event {
        Event::Session { id, event: SessionEvent::Incoming(incoming) } => {
            format!("{id:?} Incoming {} replaces {:?}", incoming.call_id, incoming.replaces)
        }
        Event::Session { id, event } => format!("{id:?} {event:?}"),
        other => format!("{other:?}"),
    };
    text.chars().take(140).collect()
}

//! What a call does: it is placed, both ends come together, it ends.

use tokio::time::Instant;
use xc_webrtc::cti::message::EventType;
use xc_webrtc::sip::method::Method;
use xc_webrtc::sip::status::StatusCode;

use super::Exchange;
use super::call::{Call, CallId, Stage};
use super::dialplan::Destination;
use super::leg::{GRACE, Leg, Link, State};
use crate::media::LegId;

impl Exchange {
    /// Asks the called end.
    pub(super) fn place(&mut self, id: CallId) {
        self.let_hear(id);
        let Some(call) = self.calls.get(&id) else { return };
        match Destination::of(&call.callee.number, &self.directory) {
            Destination::Echo | Destination::Tone | Destination::Digits => self.callee_ready(id),
            Destination::Ringing => {
                self.ring_caller(id);
                self.notify_referrer(id, StatusCode::RINGING);
            }
            Destination::Refused(status) => self.call_failed(id, status),
            Destination::Account(account) => self.reach(id, &account),
        }
    }

    /// The called end is there: the caller's phone gets its 200, unless it is in the call already.
    pub(super) fn callee_ready(&mut self, id: CallId) {
        let Some(call) = self.calls.get(&id) else { return };
        let waiting = call.caller.legs.first().copied();
        if let Some(leg) = waiting
            && let Some(Leg { state: State::Asked { accepted, .. }, .. }) = self.legs.get_mut(&leg)
        {
            *accepted = true;
            self.try_answer(leg);
        } else {
            self.connect(id);
        }
    }

    /// Both ends are there: they hear each other, or what the lab plays.
    pub(super) fn connect(&mut self, id: CallId) {
        let Some(call) = self.calls.get_mut(&id) else { return };
        call.stage = Stage::Talking;
        self.let_hear(id);
        for side in Call::SIDES {
            let holds = self.calls.get(&id).is_some_and(|call| self.is_held_by(call.end(side)));
            self.tell(id, side, if holds { EventType::OnHold } else { EventType::Established });
        }
        self.transferred(id);
        self.settle(id);
    }

    /// Whether both ends are there.
    pub(super) fn is_talking(&self, id: CallId) -> bool {
        self.calls.get(&id).is_some_and(|call| call.stage == Stage::Talking)
    }

    /// Ends a call whatever its state. A caller's phone that still waits is answered with `status`; phones that
    /// ring are told `reason` with their CANCEL.
    pub(super) fn end_call(&mut self, id: CallId, status: StatusCode, reason: Option<String>) {
        let Some(call) = self.calls.remove(&id) else { return };
        for side in Call::SIDES {
            for leg in &call.end(side).legs {
                self.release(*leg, status, reason.as_deref());
            }
        }
        if let Some(referrer) = &call.referrer {
            self.notify(referrer, StatusCode::REQUEST_TERMINATED);
            self.release(referrer.leg, status, None);
            self.tell_referrer_left(&call.linked_id, referrer);
        }
        self.tell_released(&call);
    }

    pub(super) fn release(&mut self, id: LegId, status: StatusCode, reason: Option<&str>) {
        let Some(leg) = self.legs.get_mut(&id) else { return };
        leg.call = None;
        let socket = leg.socket();
        match &mut leg.state {
            State::Asked { invite, .. } => {
                let refusal = invite.reply(status, leg.dialog.local.tag());
                self.legs.remove(&id);
                if let Some(socket) = socket {
                    self.send(socket, &refusal);
                }
            }
            // RFC 3261 §15: no BYE before the ACK.
            State::Answered { then_bye, .. } => *then_bye = true,
            State::Talking { .. } => self.say_goodbye(id),
            State::Preparing { .. } | State::Asking { .. } => self.give_up(id, reason),
            State::GivenUp { .. } | State::Leaving => {}
        }
    }

    /// Ends an established dialog. A phone that is away is told when it comes back.
    pub(super) fn say_goodbye(&mut self, id: LegId) {
        let branch = self.names.branch();
        let Some(leg) = self.legs.get_mut(&id) else { return };
        let Some(socket) = leg.socket() else {
            leg.state = State::Leaving;
            return;
        };
        let bye = leg.dialog.request(Method::Bye, &branch);
        self.legs.remove(&id);
        self.send(socket, &bye);
    }

    /// A leg's deadline has passed.
    pub(super) fn leg_is_due(&mut self, id: LegId, now: Instant) {
        let Some(leg) = self.legs.get(&id) else { return };
        if let Link::Lost { since } = leg.link
            && since + GRACE <= now
        {
            let call = leg.call;
            self.legs.remove(&id);
            if let Some(call) = call {
                self.end_call(call, StatusCode::TEMPORARILY_UNAVAILABLE, None);
            }
            return;
        }
        match leg.state {
            State::Answered { .. } => self.repeat_answer(id, now),
            State::Asking { until, .. } if until <= now => self.phone_is_silent(id),
            State::GivenUp { until, .. } if until <= now => {
                self.legs.remove(&id);
            }
            State::Asked { .. }
            | State::Preparing { .. }
            | State::Asking { .. }
            | State::GivenUp { .. }
            | State::Leaving => {}
            State::Talking { .. } => self.change_is_due(id, now),
        }
    }
}

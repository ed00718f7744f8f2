//! What the media of calls says.

use crate::sip::status::StatusCode;
use crate::sip::user_agent::{Invite, UserAgent};
use crate::time::Instant;

use super::super::call::{CallKey, CallState, MicrophoneProblem, Outcome, Trouble};
use super::super::effect::MediaEvent;
use super::super::event::CallEvent;
use super::{Calls, Purpose};

impl Calls {
    /// Takes a word of the media of a call; of one that ended meanwhile it means nothing.
    pub(in crate::phone) fn on_media(
        &mut self,
        key: CallKey,
        event: MediaEvent,
        user_agent: &mut UserAgent,
        now: Instant,
    ) {
        match event {
            MediaEvent::Described { sdp, video } => {
                self.microphone = None;
                if video {
                    self.camera = None;
                }
                self.on_described(key, sdp, user_agent, now);
            }
            MediaEvent::NoMicrophone(problem) => self.on_no_microphone(key, problem, user_agent, now),
            MediaEvent::Broken(reason) => self.on_broken(key, reason, user_agent, now),
            MediaEvent::Microphone(microphone) => self.on_microphone(key, microphone),
            MediaEvent::Sampled(sample) => self.on_sample(key, sample),
            MediaEvent::RemoteAudio => self.publish(key, CallEvent::RemoteMediaAdded),
            MediaEvent::NoCamera(problem) => self.on_no_camera(key, problem),
            MediaEvent::RemoteVideo { on } => self.on_remote_video(key, on),
            MediaEvent::DtmfUnavailable { tones } => self.on_dtmf_unavailable(key, &tones),
            MediaEvent::Flowing => self.media_flows(key, now),
            MediaEvent::Interrupted => self.media_stalls(key, false, user_agent, now),
            MediaEvent::Failed => self.media_stalls(key, true, user_agent, now),
        }
    }

    fn on_described(&mut self, key: CallKey, description: String, user_agent: &mut UserAgent, now: Instant) {
        let Some(record) = self.get_mut(key) else { return };
        record.offer = None;
        // A refusal means that the caller gave up while the media was being made: the event that says so is on its way.
        let _ = match (record.describing.take(), record.session) {
            (Some(Purpose::Invite { target }), _) => {
                let call_id = record.call.sip_call_id.clone();
                let headers = record.left().map(|left| left.session.replaced()).unwrap_or_default();
                let invite = Invite { call_id, target: *target, offer: Some(description), headers };
                record.session = Some(user_agent.invite(invite, now));
                record.recovery.heard_by(user_agent.flow());
                record.call.state = CallState::Calling;
                self.publish_first(key, CallEvent::Establishing);
                Ok(())
            }
            (Some(Purpose::Accept), Some(session)) => {
                let accepted = user_agent.accept(session, &description, now);
                if accepted.is_ok() {
                    self.on_accepted_by_us(key, user_agent, now);
                }
                accepted
            }
            (Some(Purpose::Reply), Some(session)) => {
                record.recovery.heard_by(user_agent.flow());
                user_agent.answer_offer(session, &description, now)
            }
            (Some(Purpose::Change), Some(_)) => {
                self.offer_change(key, &description, user_agent, now);
                Ok(())
            }
            (Some(Purpose::Nothing), _) => {
                self.roll_back(key);
                Ok(())
            }
            (Some(Purpose::Accept | Purpose::Reply | Purpose::Change) | None, _) => Ok(()),
        };
    }

    /// A call of ours is not begun. One that rings goes on ringing, so that the person can allow the microphone and
    /// answer after all.
    fn on_no_microphone(
        &mut self,
        key: CallKey,
        problem: MicrophoneProblem,
        user_agent: &mut UserAgent,
        now: Instant,
    ) {
        self.microphone = Some(problem.clone());
        let Some(record) = self.get_mut(key) else { return };
        match record.describing.take() {
            Some(Purpose::Accept) => self.ring_after_all(key, user_agent, now),
            Some(Purpose::Change) => self.change_refused(key, "Microphone lost", None, now),
            Some(Purpose::Nothing) => {}
            Some(Purpose::Invite { .. } | Purpose::Reply) | None => {
                self.give_up(key, Outcome::Microphone(problem), user_agent, now);
            }
        }
    }

    /// A talk has another microphone, or none any more: it goes on.
    fn on_microphone(&mut self, key: CallKey, microphone: Result<String, MicrophoneProblem>) {
        let Some(record) = self.get_mut(key) else { return };
        record.call.trouble = microphone.as_ref().err().map(|_| Trouble::NoMicrophone);
        if let Ok(name) = &microphone {
            record.call.microphone = Some(name.clone());
        }
        self.microphone = microphone.err();
    }

    fn on_broken(&mut self, key: CallKey, reason: String, user_agent: &mut UserAgent, now: Instant) {
        let Some(record) = self.get_mut(key) else { return };
        let session = record.session;
        match (record.describing.take(), session) {
            // A change that we cannot take is refused; the call goes on as it was (RFC 3261 §14.2).
            (Some(Purpose::Reply), Some(session))
                if user_agent.refuse_offer(session, StatusCode::NOT_ACCEPTABLE_HERE, now).is_ok() =>
            {
                self.roll_back(key);
                self.unhear(key);
            }
            (Some(Purpose::Nothing), _) => self.roll_back(key),
            (Some(Purpose::Change), _) => self.change_refused(key, &reason, None, now),
            (Some(Purpose::Accept), Some(session)) => {
                let _ = user_agent.refuse(session, StatusCode::NOT_ACCEPTABLE_HERE, now);
                self.end(key, Outcome::Failed { status: None, reason }, None, now);
            }
            (Some(Purpose::Invite { .. } | Purpose::Reply | Purpose::Accept) | None, _) => {
                self.give_up(key, Outcome::Failed { status: None, reason }, user_agent, now);
            }
        }
    }

    /// A call that could not be answered for want of a microphone rings on; one that was to answer itself begins to.
    fn ring_after_all(&mut self, key: CallKey, user_agent: &mut UserAgent, now: Instant) {
        let Some(record) = self.get_mut(key) else { return };
        record.call.state = CallState::Offered;
        record.replaces = None;
        if let (Some(_), Some(session)) = (record.auto_answer.take(), record.session) {
            let _ = user_agent.ring(session, now);
        }
    }

    pub(super) fn give_up(
        &mut self,
        key: CallKey,
        outcome: Outcome,
        user_agent: &mut UserAgent,
        now: Instant,
    ) {
        if let Some(session) = self.get(key).and_then(|record| record.session) {
            let _ = user_agent.hang_up(session, now);
        }
        self.end(key, outcome, None, now);
    }
}

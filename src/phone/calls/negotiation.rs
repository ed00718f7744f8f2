//! Changes inside a call: what the person wants of hold and video becomes an offer, the other side agrees or refuses
//! (RFC 3261 §14, RFC 3264 §8).

use std::time::Duration;

use crate::sip::sdp::{Description, MediaDirection};
use crate::sip::status::StatusCode;
use crate::sip::user_agent::{CommandError, UserAgent};
use crate::time::{Deadline, Instant};

use super::super::call::CallKey;
use super::super::effect::{Flow, MediaCommand, Plan};
use super::super::event::CallEvent;
use super::{Calls, Effect, Purpose, Queued, Record};

/// An offer that meets one of the other side's is made again this often.
const MOST_TRIES: u8 = 5;

/// How soon an offer is made again that another exchange of our own user agent stood in the way of.
const SOON: Duration = Duration::from_millis(500);

/// What can be changed in a call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Terms {
    /// We hold it.
    pub(super) hold: bool,
    /// Which way pictures flow while it is not held; `None`: there are none.
    pub(super) video: Option<Flow>,
}

/// An offer of ours inside a call.
#[derive(Debug, Default)]
pub(super) struct Change {
    /// What it says; from the moment the media is asked for it until the other side has answered.
    pub(super) offered: Option<Terms>,
    /// Not before this.
    retry_at: Option<Instant>,
    tries: u8,
}

impl Change {
    /// When it is made again.
    pub(super) fn deadline(&self) -> Option<Deadline> {
        self.retry_at.map(|at| Deadline::new(at, "another try of a re-INVITE"))
    }
}

impl Terms {
    /// What the media is to do under these terms.
    fn plan(self, held_by_peer: bool) -> Plan {
        let on_hold = if held_by_peer { Flow::Inactive } else { Flow::Send };
        match self {
            Self { hold: false, video } => Plan { audio: Flow::SendReceive, video },
            Self { hold: true, video } => Plan {
                audio: on_hold,
                video: video.map(|flow| if flow == Flow::Receive { Flow::Inactive } else { on_hold }),
            },
        }
    }
}

impl Calls {
    /// Has the media describe our side: an answer where there is an offer, an offer otherwise.
    pub(super) fn describe(&mut self, key: CallKey, purpose: Purpose) {
        let ice = self.ice.servers();
        let Some(record) = self.get_mut(key) else { return };
        let terms = match purpose {
            Purpose::Invite { .. } | Purpose::Accept | Purpose::Change => record.wanted,
            // What is wanted beyond what is agreed on has an offer of its own.
            Purpose::Reply => record.agreed,
        };
        let plan = terms.plan(record.call.held_by_peer);
        let films = plan.video == Some(Flow::SendReceive);
        record.describing = Some(purpose);
        let command = match record.offer.clone() {
            Some(offer) => MediaCommand::Answer { offer, ice, plan },
            None => MediaCommand::Offer { ice, plan },
        };
        if films {
            // What kept the camera away the last time may be mended.
            self.camera = None;
        }
        self.effects.push(Effect::Media(key, command));
    }

    /// Begins to bring about what is wanted and not yet agreed on, when nothing else is being negotiated.
    pub(super) fn pursue(&mut self, key: CallKey, now: Instant) {
        let Some(record) = self.get_mut(key) else { return };
        let free = record.call.state.is_connected()
            && record.describing.is_none()
            && record.change.offered.is_none()
            && !matches!(record.queued, Some((Queued::Describe(_), _)));
        let change = &mut record.change;
        let settled = record.wanted == record.agreed;
        // A moment that has come, or has lost its meaning, is not waited for any more.
        change.retry_at = change.retry_at.filter(|at| *at > now && !settled);
        if !free || settled || change.retry_at.is_some() {
            return;
        }
        record.change.offered = Some(record.wanted);
        self.describe(key, Purpose::Change);
    }

    /// Our offer is described: sends it.
    pub(super) fn offer_change(&mut self, key: CallKey, sdp: &str, user_agent: &mut UserAgent, now: Instant) {
        let Some(record) = self.get_mut(key) else { return };
        let Some(session) = record.session else { return };
        if record.change.offered == Some(record.agreed) {
            // There turned out to be no camera, and nothing else was to change.
            record.change = Change::default();
            self.roll_back(key);
            return;
        }
        match user_agent.reoffer(session, sdp, now) {
            Ok(()) => {}
            Err(CommandError::WrongState) => {
                self.change_refused(key, "Another change is under way", Some(SOON), now)
            }
            Err(CommandError::UnknownSession | CommandError::NotConnected | CommandError::WrongStatus) => {
                self.change_refused(key, "The connection to the server is lost", None, now);
            }
        }
    }

    /// The other side refused our offer, or it could not be made; the call goes on as it was.
    pub(super) fn change_refused(
        &mut self,
        key: CallKey,
        reason: &str,
        retry_in: Option<Duration>,
        now: Instant,
    ) {
        self.roll_back(key);
        let Some(record) = self.get_mut(key) else { return };
        let Some(offered) = record.change.offered.take() else { return };
        record.change.tries += 1;
        if let Some(delay) = retry_in
            && record.change.tries < MOST_TRIES
        {
            record.change.retry_at = Some(now + delay);
            return;
        }
        record.change = Change::default();
        let agreed = record.agreed;
        record.wanted = agreed;
        let reason = reason.to_owned();
        let failed = match (agreed.hold, offered.hold) {
            (false, true) => CallEvent::HoldFailed { reason },
            (true, false) => CallEvent::ResumeFailed { reason },
            _ => CallEvent::VideoFailed { reason },
        };
        self.publish(key, failed);
    }

    /// The other side answered an offer of ours.
    pub(super) fn answered(&mut self, key: CallKey, answer: String) {
        self.hear(key, &answer);
        let Some(record) = self.get_mut(key) else { return };
        if let Some(offered) = record.change.offered.take() {
            record.change = Change::default();
            let before = record.agreed.hold;
            record.agreed = offered;
            record.lose_video_unless(has_video(&answer));
            match (before, offered.hold) {
                (false, true) => self.publish(key, CallEvent::Hold),
                (true, false) => self.publish(key, CallEvent::Resume),
                _ => {}
            }
        }
        self.accept(key, answer);
    }

    /// The media takes an answer of the other side.
    pub(super) fn accept(&mut self, key: CallKey, answer: String) {
        self.effects.push(Effect::Media(key, MediaCommand::Accept { answer }));
    }

    /// The other side wants a change, or an offer of ours.
    pub(super) fn asked(
        &mut self,
        key: CallKey,
        offer: Option<String>,
        user_agent: &mut UserAgent,
        now: Instant,
    ) {
        let Some(record) = self.get_mut(key) else { return };
        if record.describing.is_some() {
            // An offer of ours is in the making, which is as good as sent: both asked at once (RFC 3261 §14.2).
            if let Some(session) = record.session {
                let _ = user_agent.refuse_offer(session, StatusCode::REQUEST_PENDING, now);
            }
            return;
        }
        if let Some(offer) = &offer {
            let video = has_video(offer);
            self.hear(key, offer);
            self.hear_video(key, video);
        }
        if let Some(record) = self.get_mut(key) {
            record.offer = offer;
        }
        self.describe(key, Purpose::Reply);
    }

    /// Reads from the other side's description whether it holds the call (RFC 3264 §8.4, and the way of RFC 2543).
    pub(super) fn hear(&mut self, key: CallKey, sdp: &str) {
        let description = Description::parse(sdp);
        let holds = match description.audio_direction() {
            Some(MediaDirection::SendOnly | MediaDirection::Inactive) => true,
            Some(MediaDirection::SendRecv | MediaDirection::RecvOnly) => description.is_held_by_address(),
            None => return,
        };
        let Some(record) = self.get_mut(key) else { return };
        let tell = record.call.state.is_connected() && record.call.held_by_peer != holds;
        record.call.held_by_peer = holds;
        if tell {
            self.publish(key, if holds { CallEvent::RemoteHold } else { CallEvent::RemoteResume });
        }
    }

    pub(super) fn roll_back(&mut self, key: CallKey) {
        self.effects.push(Effect::Media(key, MediaCommand::Rollback));
    }
}

impl Record {
    /// The first exchange is over: what was offered is agreed on.
    pub(super) fn agree(&mut self) {
        self.agreed = Terms { hold: false, video: self.wanted.video };
    }
}

/// Whether a description has video that is not refused, flowing or on hold.
pub(super) fn has_video(sdp: &str) -> bool {
    Description::parse(sdp).takes_video()
}

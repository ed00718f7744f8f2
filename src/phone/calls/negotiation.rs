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
use super::recovery::{Path, Repair};
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

/// What an offer of the other side may change at once.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Before {
    held_by_peer: bool,
    wanted: Option<Flow>,
    agreed: Option<Flow>,
}

/// An offer of ours inside a call.
#[derive(Debug, Default)]
pub(super) struct Change {
    /// What it says; from the moment the media is asked for it until the other side has answered.
    pub(super) offered: Option<Terms>,
    /// What it mends besides.
    repair: Option<Repair>,
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
        self.hush(key);
        let Some(record) = self.get_mut(key) else { return };
        let terms = match purpose {
            Purpose::Invite { .. } | Purpose::Accept => record.first_terms(),
            Purpose::Change => record.wanted,
            // What is wanted beyond what is agreed on has an offer of its own.
            Purpose::Reply | Purpose::Nothing => record.agreed,
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

    /// Whoever is to be held is not talked to from that moment on, and not heard, whatever becomes of the offer that tells
    /// them: it may meet one of theirs, or be refused in the end.
    fn hush(&mut self, key: CallKey) {
        let Some(record) = self.get_mut(key) else { return };
        let on = record.wanted.hold && !record.agreed.hold;
        if record.hushed != on {
            record.hushed = on;
            self.effects.push(Effect::Media(key, MediaCommand::Hush { on }));
        }
    }

    /// Begins to bring about what is wanted and not yet agreed on, and to mend what is broken, when nothing else is being
    /// negotiated.
    pub(super) fn pursue(&mut self, key: CallKey, user_agent: &UserAgent, now: Instant) {
        let relays = self.ice.has_relay();
        self.hush(key);
        let Some(record) = self.get_mut(key) else { return };
        let free = record.call.state.is_connected()
            && record.describing.is_none()
            && record.change.offered.is_none()
            && !matches!(record.queued, Some((Queued::Describe(_), _)));
        let change = &mut record.change;
        let repair = record.recovery.repair(user_agent, relays);
        let settled = record.wanted == record.agreed && repair.is_none();
        // A moment that has come, or has lost its meaning, is not waited for any more.
        change.retry_at = change.retry_at.filter(|at| *at > now && !settled);
        if !free || settled || change.retry_at.is_some() {
            return;
        }
        record.change.offered = Some(record.wanted);
        record.change.repair = repair;
        if let Some(path) = repair.and_then(|repair| repair.path) {
            let restart = MediaCommand::Restart { relayed: path == Path::Relayed };
            self.effects.push(Effect::Media(key, restart));
        }
        self.describe(key, Purpose::Change);
    }

    /// Our offer is described: sends it.
    pub(super) fn offer_change(&mut self, key: CallKey, sdp: &str, user_agent: &mut UserAgent, now: Instant) {
        let Some(record) = self.get_mut(key) else { return };
        let Some(session) = record.session else { return };
        if record.change.offered == Some(record.agreed) && record.change.repair.is_none() {
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
        if let Some(repair) = std::mem::take(&mut record.change).repair {
            record.recovery.tried(repair, false, now);
        }
        let agreed = record.agreed;
        if offered == agreed {
            // It was not about hold or video: what is wanted of these since has its turn now.
            return;
        }
        // What was wanted after the offer was made has an offer of its own.
        if offered.hold != agreed.hold {
            record.wanted.hold = agreed.hold;
        }
        if offered.video != agreed.video {
            record.wanted.video = agreed.video;
        }
        let reason = reason.to_owned();
        let failed = match (agreed.hold, offered.hold) {
            (false, true) => CallEvent::HoldFailed { reason },
            (true, false) => CallEvent::ResumeFailed { reason },
            _ => CallEvent::VideoFailed { reason },
        };
        self.publish(key, failed);
    }

    /// The other side answered an offer of ours.
    pub(super) fn answered(&mut self, key: CallKey, answer: String, now: Instant) {
        self.hear(key, &answer);
        let Some(record) = self.get_mut(key) else { return };
        if let Some(offered) = record.change.offered.take() {
            if let Some(repair) = std::mem::take(&mut record.change).repair {
                record.recovery.tried(repair, true, now);
            }
            let before = record.agreed.hold;
            record.agreed = offered;
            record.lose_video_unless(has_video(&answer));
            match (before, offered.hold) {
                (false, true) => self.publish(key, CallEvent::Hold),
                (true, false) => {
                    record.hearing.resumed();
                    self.publish(key, CallEvent::Resume);
                }
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
        record.before = Before {
            held_by_peer: record.call.held_by_peer,
            wanted: record.wanted.video,
            agreed: record.agreed.video,
        };
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
        self.set_held_by_peer(key, holds);
    }

    /// The other side's offer is not to be answered any more. What the media make of it comes too late.
    pub(super) fn offer_withdrawn(&mut self, key: CallKey) {
        if let Some(purpose) = self.get_mut(key).and_then(|record| record.describing.as_mut()) {
            *purpose = Purpose::Nothing;
            self.unhear(key);
        }
    }

    /// All is again as it was before the other side's offer.
    pub(super) fn unhear(&mut self, key: CallKey) {
        let Some(record) = self.get_mut(key) else { return };
        let Before { held_by_peer, wanted, agreed } = record.before;
        record.wanted.video = wanted;
        record.agreed.video = agreed;
        self.set_held_by_peer(key, held_by_peer);
    }

    fn set_held_by_peer(&mut self, key: CallKey, holds: bool) {
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
        self.agreed = self.first_terms();
    }

    /// What the first exchange is about.
    fn first_terms(&self) -> Terms {
        if self.comes_back_held() { Terms::default() } else { self.wanted }
    }

    /// Whether it is taken back for somebody who waits. Asterisk plays music to those who are put on hold, and none where
    /// the INVITE says so already: the hold comes after it.
    fn comes_back_held(&self) -> bool {
        self.left().is_some() && self.wanted.hold
    }
}

/// Whether a description has video that is not refused, flowing or on hold.
pub(super) fn has_video(sdp: &str) -> bool {
    Description::parse(sdp).takes_video()
}

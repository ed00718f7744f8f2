//! One side of a call: the dialog with one phone, and the media that goes with it.

use std::sync::Arc;

use tokio::time::{Duration, Instant};
use xc_webrtc::sip::message::{Request, Response};

use super::call::{CallId, Side};
use super::change::Change;
use super::dialog::Dialog;
use super::socket::SocketId;
use super::terms::{Hears, Terms};
use crate::account::Account;
use crate::media::{Handle, LegId};

/// The estimate of a round trip (RFC 3261 §17.1.1.1).
pub const T1: Duration = Duration::from_millis(500);
/// The longest time between two copies of a 2xx (RFC 3261 §13.3.1.4).
const T2: Duration = Duration::from_secs(4);
/// 64 · T1: how long an answer, an ACK or the first sign of life is waited for.
pub const PATIENCE: Duration = Duration::from_secs(32);
/// How long a phone may ring (RFC 3261 §16.6, Timer C: more than three minutes).
pub const RINGING_TIME: Duration = Duration::from_secs(200);
/// How long a phone may ring whose owner has calls forwarded then.
pub const NO_ANSWER_TIME: Duration = Duration::from_secs(15);
/// How long an established call waits for a phone that lost its websocket.
pub const GRACE: Duration = Duration::from_secs(35);

/// One side of a call.
#[derive(Debug)]
pub struct Leg {
    /// Which.
    pub id: LegId,
    /// The call; `None` when the call is over and only a last message is awaited.
    pub call: Option<CallId>,
    /// Which side of it.
    pub side: Side,
    /// Whose phone.
    pub account: Arc<Account>,
    /// The way to the phone.
    pub link: Link,
    /// The dialog.
    pub dialog: Dialog,
    /// The branch of the INVITE that began it: responses and CANCEL are matched by it.
    pub invite_branch: Option<String>,
    /// Where the INVITE stands.
    pub state: State,
    /// The media.
    pub media: Handle,
    /// The media is connected.
    pub media_connected: bool,
    /// What is agreed with the phone.
    pub terms: Terms,
    /// What the phone hears.
    pub hears: Hears,
    /// The phone takes UPDATE (RFC 3311).
    pub takes_update: bool,
    /// Who it was told is at the other end.
    pub shown: String,
    /// What was dialled in the call (DTMF).
    pub digits: String,
}

/// The way to a phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// By this websocket.
    Up(SocketId),
    /// The websocket is gone; the phone may come back by another one.
    Lost {
        /// Since when.
        since: Instant,
    },
}

/// Where the INVITE of a leg stands.
///
/// ```text
/// from the phone: Asked ─> Answered ─> Talking
/// to the phone:   Preparing ─> Asking ─> Talking          any, once it is over and the phone away: Leaving
///                                └─> GivenUp
/// ```
#[derive(Debug)]
pub enum State {
    /// The phone's INVITE waits for a final answer.
    Asked {
        /// The INVITE.
        invite: Box<Request>,
        /// 180 was sent.
        ringing: bool,
        /// Our session description, once the media has made it.
        description: Option<String>,
        /// The other side is ready: answer as soon as there is a description.
        accepted: bool,
    },
    /// 200 was sent, its ACK has not come.
    Answered {
        /// The 200.
        ok: Box<Response>,
        /// When it is sent again, and how long after that once more.
        resend: (Instant, Duration),
        /// When the phone is given up.
        until: Instant,
        /// The INVITE had no offer: the ACK brings the answer to ours.
        answer_in_ack: bool,
        /// The call ended meanwhile: a BYE follows the ACK (RFC 3261 §15).
        then_bye: bool,
    },
    /// The offer for the phone is being made.
    Preparing {
        /// The INVITE but for the offer.
        invite: Box<Request>,
    },
    /// INVITE was sent to the phone.
    Asking {
        /// The INVITE.
        invite: Box<Request>,
        /// A provisional response came: from then on CANCEL is allowed (RFC 3261 §9.1).
        heard: bool,
        /// When no answer is expected any more.
        until: Instant,
    },
    /// INVITE was sent to the phone, and is not wanted any more.
    GivenUp {
        /// The INVITE.
        invite: Box<Request>,
        /// CANCEL was sent.
        cancelled: bool,
        /// The Reason header field for CANCEL.
        reason: Option<String>,
        /// When the leg is forgotten.
        until: Instant,
    },
    /// Established.
    Talking {
        /// The change that is under way.
        change: Change,
        /// The INVITE's number, when it was ours: a 2xx that comes again is acknowledged again.
        acknowledged: Option<u32>,
    },
    /// Over; the phone has to be told when it comes back.
    Leaving,
}

impl State {
    /// Established just now. `acknowledged`: the number of the INVITE, when it was ours.
    pub const fn established(acknowledged: Option<u32>) -> Self {
        Self::Talking { change: Change::None, acknowledged }
    }
}

impl Leg {
    /// The websocket to the phone, when there is one.
    pub fn socket(&self) -> Option<SocketId> {
        match self.link {
            Link::Up(socket) => Some(socket),
            Link::Lost { .. } => None,
        }
    }

    /// When this leg wants to be looked at again.
    pub fn deadline(&self) -> Option<Instant> {
        let link = match self.link {
            Link::Up(_) => None,
            Link::Lost { since } => Some(since + GRACE),
        };
        let state = match &self.state {
            State::Answered { resend: (at, _), until, .. } => Some(*at.min(until)),
            State::Asking { until, .. } | State::GivenUp { until, .. } => Some(*until),
            State::Talking { change, .. } => change.deadline(),
            State::Asked { .. } | State::Preparing { .. } | State::Leaving => None,
        };
        match (link, state) {
            (Some(link), Some(state)) => Some(link.min(state)),
            (one, other) => one.or(other),
        }
    }

    /// What to call its state in a list.
    pub const fn state_name(&self) -> &'static str {
        match &self.state {
            State::Asked { .. } => "asked",
            State::Answered { .. } => "answered",
            State::Preparing { .. } => "preparing",
            State::Asking { .. } => "asking",
            State::GivenUp { .. } => "given up",
            State::Talking { .. } => "talking",
            State::Leaving => "leaving",
        }
    }
}

/// The wait before the next copy of a 2xx: twice as long, up to T2.
pub fn longer(wait: Duration) -> Duration {
    (wait * 2).min(T2)
}

//! What the phone tells those who listen: the original's four groups of events, with its names and fields.
//!
//! Reference: the event catalogue of the `xc_webrtc` API. `sipCallId` is on every event of a call.

use super::call::{CallKey, Direction};
use crate::json::{Object, Value};

/// The four groups that pages subscribe to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// The connection to the telephony server.
    General,
    /// The registration of the line.
    Registration,
    /// Calls from others.
    Incoming,
    /// Calls to others.
    Outgoing,
}

impl Group {
    /// The group's name in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::General => "general",
            Self::Registration => "registration",
            Self::Incoming => "incoming",
            Self::Outgoing => "outgoing",
        }
    }
}

/// One event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The SIP websocket is open; the registration follows.
    Started,
    /// The phone could not start, or the SIP websocket could not be opened.
    Failed {
        /// Why.
        reason: String,
    },
    /// The line is registered.
    Registered,
    /// The line is not registered any more, or was refused.
    Unregistered {
        /// Why.
        reason: String,
    },
    /// Something happened to a call.
    Call {
        /// Which call.
        call: CallKey,
        /// Its SIP Call-ID.
        sip_call_id: String,
        /// Who began it.
        direction: Direction,
        /// What happened.
        kind: CallEvent,
    },
    /// A call was not even begun: `Failed` in the group outgoing.
    DialFailed {
        /// Why.
        reason: String,
        /// The SIP Call-ID it would have had; `None` when it was refused before it got one.
        sip_call_id: Option<String>,
    },
}

/// What happened to a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallEvent {
    /// Incoming: an INVITE came.
    Setup {
        /// The caller's number.
        caller: String,
    },
    /// Outgoing: the call was begun.
    Establishing,
    /// Outgoing: the other side rings, or early media is there.
    Ringing {
        /// The number called.
        callee: String,
    },
    /// The other side's media was attached. In the group incoming whatever the direction of the call.
    RemoteMediaAdded,
    /// Answered and negotiated.
    Connected {
        /// The other side's number: `caller` or `callee` by direction.
        party: String,
    },
    /// Incoming: it was answered by itself, because the caller's server asked for it.
    AutoAnswered {
        /// The caller's number.
        caller: String,
    },
    /// We put it on hold.
    Hold,
    /// We resumed it.
    Resume,
    /// The other side did not let us put it on hold; it goes on as it was.
    HoldFailed {
        /// Why.
        reason: String,
    },
    /// The other side did not let us resume it; it stays on hold.
    ResumeFailed {
        /// Why.
        reason: String,
    },
    /// The other side put it on hold.
    RemoteHold,
    /// The other side resumed it.
    RemoteResume,
    /// It is part of the conference now.
    ConferenceStarted,
    /// The conference is over for it.
    ConferenceEnded,
    /// Video could not be added or taken away; the call goes on as it was.
    VideoFailed {
        /// Why.
        reason: String,
    },
    /// Tones could not be sent.
    DtmfFailed {
        /// Why.
        reason: String,
    },
    /// It could not be transferred; it goes on.
    TransferFailed {
        /// Why.
        reason: String,
    },
    /// Over. Exactly once for each call that had `Setup` or `Establishing`.
    Terminated {
        /// Why.
        reason: String,
    },
}

impl Event {
    /// The group whose subscribers are told.
    pub const fn group(&self) -> Group {
        match self {
            Self::Started | Self::Failed { .. } => Group::General,
            Self::Registered | Self::Unregistered { .. } => Group::Registration,
            Self::DialFailed { .. } => Group::Outgoing,
            Self::Call { kind: CallEvent::RemoteMediaAdded, .. } => Group::Incoming,
            Self::Call { direction: Direction::Incoming, .. } => Group::Incoming,
            Self::Call { direction: Direction::Outgoing, .. } => Group::Outgoing,
        }
    }

    /// The event's `type`.
    pub const fn type_name(&self) -> &'static str {
        match self {
            Self::Started => "Started",
            Self::Failed { .. } | Self::DialFailed { .. } => "Failed",
            Self::Registered => "Registered",
            Self::Unregistered { .. } => "Unregistered",
            Self::Call { kind, .. } => match kind {
                CallEvent::Setup { .. } => "Setup",
                CallEvent::Establishing => "Establishing",
                CallEvent::Ringing { .. } => "Ringing",
                CallEvent::RemoteMediaAdded => "RemoteMediaAdded",
                CallEvent::Connected { .. } => "Connected",
                CallEvent::AutoAnswered { .. } => "AutoAnswered",
                CallEvent::Hold => "Hold",
                CallEvent::Resume => "Resume",
                CallEvent::HoldFailed { .. } => "HoldFailed",
                CallEvent::ResumeFailed { .. } => "ResumeFailed",
                CallEvent::RemoteHold => "RemoteHold",
                CallEvent::RemoteResume => "RemoteResume",
                CallEvent::ConferenceStarted => "ConferenceStarted",
                CallEvent::ConferenceEnded => "ConferenceEnded",
                CallEvent::VideoFailed { .. } => "VideoFailed",
                CallEvent::DtmfFailed { .. } => "DtmfFailed",
                CallEvent::TransferFailed { .. } => "TransferFailed",
                CallEvent::Terminated { .. } => "Terminated",
            },
        }
    }

    /// The call's SIP Call-ID.
    pub fn sip_call_id(&self) -> Option<&str> {
        match self {
            Self::Call { sip_call_id, .. } => Some(sip_call_id),
            Self::DialFailed { sip_call_id, .. } => sip_call_id.as_deref(),
            Self::Started | Self::Failed { .. } | Self::Registered | Self::Unregistered { .. } => None,
        }
    }

    /// The event's `data`: its one key and value; `None` where there is none.
    pub fn data(&self) -> Option<(&'static str, &str)> {
        match self {
            Self::Started | Self::Registered => None,
            Self::Failed { reason } | Self::DialFailed { reason, .. } | Self::Unregistered { reason } => {
                Some(("reason", reason))
            }
            Self::Call { kind, direction, .. } => match kind {
                CallEvent::Establishing
                | CallEvent::RemoteMediaAdded
                | CallEvent::Hold
                | CallEvent::Resume
                | CallEvent::RemoteHold
                | CallEvent::RemoteResume
                | CallEvent::ConferenceStarted
                | CallEvent::ConferenceEnded => None,
                CallEvent::Setup { caller } | CallEvent::AutoAnswered { caller } => Some(("caller", caller)),
                CallEvent::Ringing { callee } => Some(("callee", callee)),
                CallEvent::Connected { party } => match direction {
                    Direction::Incoming => Some(("caller", party)),
                    Direction::Outgoing => Some(("callee", party)),
                },
                CallEvent::HoldFailed { reason }
                | CallEvent::ResumeFailed { reason }
                | CallEvent::VideoFailed { reason }
                | CallEvent::DtmfFailed { reason }
                | CallEvent::TransferFailed { reason }
                | CallEvent::Terminated { reason } => Some(("reason", reason)),
            },
        }
    }

    /// The line of the log.
    pub fn to_line(&self) -> String {
        format!("RE<<< {} {}", self.group().as_str(), self.to_json())
    }

    /// The object that a page's handler receives: `{type[, data][, sipCallId]}`.
    pub fn to_json(&self) -> Value {
        let mut object = Object::default();
        object.insert("type", self.type_name());
        if let Some((key, value)) = self.data() {
            let mut data = Object::default();
            data.insert(key, value);
            object.insert("data", data);
        }
        if let Some(id) = self.sip_call_id() {
            object.insert("sipCallId", id);
        }
        Value::Object(object)
    }
}

//! Messages of the CTI websocket: one JSON document per text frame (xuc-cti §3).
//!
//! Server to phone: [`Message`], one family per file. Phone to server: [`command::Command`]. Readers are tolerant,
//! because every server generation writes a little differently; writers put down only what is documented.

use crate::json::Value;

pub mod command;
mod error;
mod fields;
mod ice;
mod line;
mod logon;
mod mask;
mod phone_event;
mod status;
mod user;
mod voice_mail;
mod webrtc_cmd;

pub use error::ErrorMessage;
pub use ice::{IceConfig, IceServer};
pub use line::LineConfig;
pub use logon::LoggedOnError;
pub use mask::{mask, masked};
pub use phone_event::{CallDirection, EventType, PhoneEvent, SIP_CALL_ID};
pub use status::{PhoneHintStatus, PhoneStatus};
pub use user::{Forward, UserConfig};
pub use voice_mail::VoiceMailStatus;
pub use webrtc_cmd::WebRtcCmd;

use fields::Writer;

/// A frame longer than this many bytes is dropped unread.
pub const LONGEST_FRAME: usize = 1 << 20;

/// A message from the server.
#[derive(Clone, Debug, PartialEq)]
pub enum Message {
    /// The CTI session is there: commands may be sent.
    LoggedOn,
    /// There will be no CTI session.
    LoggedOnError(LoggedOnError),
    /// Who the user is; may be partial.
    UserConfigUpdate(Box<UserConfig>),
    /// The user's SIP account.
    LineConfig(Box<LineConfig>),
    /// STUN and TURN servers.
    IceConfig(Box<IceConfig>),
    /// Something happened to a call.
    PhoneEvent(Box<PhoneEvent>),
    /// The calls there are, one event each.
    CurrentCallsPhoneEvents(Vec<PhoneEvent>),
    /// How busy the user's phone is; `None` says nothing.
    PhoneStatusUpdate(Option<PhoneStatus>),
    /// How busy a watched number is.
    PhoneHintStatus(PhoneHintStatus),
    /// The phone is asked to act.
    WebRtcCmd(WebRtcCmd),
    /// How many messages are in the voice mail box.
    VoiceMailStatusUpdate(VoiceMailStatus),
    /// The server could not do what was asked.
    Error(ErrorMessage),
    /// A message that the phone has no use for, or a known one that cannot be read.
    Other {
        /// Its `msgType`.
        msg_type: String,
        /// Its `ctiMessage`; one that was read has its secrets hidden.
        payload: Value,
    },
}

impl Message {
    /// Its `msgType`.
    pub fn msg_type(&self) -> &str {
        match self {
            Self::LoggedOn => "LoggedOn",
            Self::LoggedOnError(_) => "LoggedOnError",
            Self::UserConfigUpdate(_) => "UserConfigUpdate",
            Self::LineConfig(_) => "LineConfig",
            Self::IceConfig(_) => "IceConfig",
            Self::PhoneEvent(_) => "PhoneEvent",
            Self::CurrentCallsPhoneEvents(_) => "CurrentCallsPhoneEvents",
            Self::PhoneStatusUpdate(_) => "PhoneStatusUpdate",
            Self::PhoneHintStatus(_) => "PhoneHintStatusEvent",
            Self::WebRtcCmd(_) => "WebRTCCmd",
            Self::VoiceMailStatusUpdate(_) => "VoiceMailStatusUpdate",
            Self::Error(_) => "Error",
            Self::Other { msg_type, .. } => msg_type,
        }
    }

    /// The message with its envelope, as the server writes it: `{"msgType": …, "ctiMessage": …}`.
    pub fn to_json(&self) -> Value {
        let payload = match self {
            Self::LoggedOn => None,
            Self::LoggedOnError(error) => Some(error.write()),
            Self::UserConfigUpdate(user) => Some(user.write()),
            Self::LineConfig(line) => Some(line.write()),
            Self::IceConfig(ice) => Some(ice.write()),
            Self::PhoneEvent(event) => Some(event.write()),
            Self::CurrentCallsPhoneEvents(events) => Some(PhoneEvent::write_list(events)),
            Self::PhoneStatusUpdate(status) => Some(PhoneStatus::write(status.as_ref())),
            Self::PhoneHintStatus(hint) => Some(hint.write()),
            Self::WebRtcCmd(command) => Some(command.write()),
            Self::VoiceMailStatusUpdate(status) => Some(status.write()),
            Self::Error(error) => Some(error.write()),
            Self::Other { payload, .. } => Some(payload.clone()),
        };
        Writer::default().put("msgType", self.msg_type()).put_some("ctiMessage", payload).done()
    }

    /// The text frame that carries it.
    pub fn to_frame(&self) -> String {
        self.to_json().to_string()
    }

    /// What a payload says. What cannot be read as its type says is kept as it came, for a person to see.
    fn of(msg_type: &str, payload: &Value, complaints: &mut Vec<String>) -> Option<Self> {
        match msg_type {
            "LoggedOn" => Some(Self::LoggedOn),
            "LoggedOnError" => Some(Self::LoggedOnError(LoggedOnError::read(payload, complaints))),
            "UserConfigUpdate" => {
                UserConfig::read(payload, complaints).map(|user| Self::UserConfigUpdate(Box::new(user)))
            }
            "LineConfig" => {
                LineConfig::read(payload, complaints).map(|line| Self::LineConfig(Box::new(line)))
            }
            "IceConfig" => IceConfig::read(payload, complaints).map(|ice| Self::IceConfig(Box::new(ice))),
            "PhoneEvent" => {
                PhoneEvent::read(payload, complaints).map(|event| Self::PhoneEvent(Box::new(event)))
            }
            "CurrentCallsPhoneEvents" => {
                PhoneEvent::read_list(payload, complaints).map(Self::CurrentCallsPhoneEvents)
            }
            "PhoneStatusUpdate" => PhoneStatus::read(payload, complaints).map(Self::PhoneStatusUpdate),
            "PhoneHintStatusEvent" => PhoneHintStatus::read(payload, complaints).map(Self::PhoneHintStatus),
            "WebRTCCmd" => WebRtcCmd::read(payload, complaints).map(Self::WebRtcCmd),
            "VoiceMailStatusUpdate" => {
                VoiceMailStatus::read(payload, complaints).map(Self::VoiceMailStatusUpdate)
            }
            "Error" => Some(Self::Error(ErrorMessage::read(payload))),
            _ => None,
        }
    }
}

/// A message as it came.
#[derive(Clone, Debug, PartialEq)]
pub struct Received {
    /// What it says.
    pub message: Message,
    /// Its `msgType`.
    pub msg_type: String,
    /// Its `ctiMessage` with secrets hidden; `null` when it has none.
    pub payload: Value,
}

/// What was read from one frame.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// The message; `None` for the echo of a ping, and for what is no message.
    pub received: Option<Received>,
    /// What was wrong with it. Holds no value from the wire, because any could be a secret.
    pub complaints: Vec<String>,
}

/// Reads one text frame from the server. Never fails: what cannot be read leaves a complaint.
pub fn read(frame: &str) -> Reading {
    let mut reading = Reading::default();
    if frame.len() > LONGEST_FRAME {
        reading.complaints.push(format!("a frame of {} bytes is too long, dropped", frame.len()));
        return reading;
    }
    let envelope: Value = match frame.parse() {
        Ok(envelope) => envelope,
        Err(error) => {
            reading.complaints.push(format!("a frame is not JSON, dropped: {error}"));
            return reading;
        }
    };
    if envelope.as_object().is_none() {
        reading.complaints.push(format!("a frame is {}, not an object, dropped", fields::kind(&envelope)));
        return reading;
    }
    // Without a type it is no message: probably the answer to a ping (xuc-cti §3.3).
    let Some(msg_type) = envelope.get("msgType").and_then(Value::as_str) else {
        return reading;
    };
    let payload = envelope.get("ctiMessage").unwrap_or(&Value::Null);
    let message = Message::of(msg_type, payload, &mut reading.complaints);
    let masked = masked(msg_type, payload);
    let message =
        message.unwrap_or_else(|| Message::Other { msg_type: msg_type.to_owned(), payload: masked.clone() });
    reading.received = Some(Received { message, msg_type: msg_type.to_owned(), payload: masked });
    reading
}

//! `WebRTCCmd`: the server asks the phone in the browser to act on its SIP session (xuc-cti §6.9).

use super::fields::{Fields, Writer};
use crate::json::Value;

/// What the phone is asked to do. Where no SIP Call-ID is given, the phone chooses the call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WebRtcCmd {
    /// Answer that call, or the first one that rings.
    Answer {
        /// The SIP Call-ID.
        sip_call_id: Option<String>,
    },
    /// Hold that call or take it back.
    Hold {
        /// The SIP Call-ID.
        sip_call_id: Option<String>,
    },
    /// Send a tone on all connected calls.
    SendDtmf {
        /// The key.
        key: String,
    },
    /// Switch the microphone of that call.
    ToggleMicrophone {
        /// The SIP Call-ID.
        sip_call_id: Option<String>,
    },
    /// Anything else: not obeyed, only logged.
    Other(String),
}

impl WebRtcCmd {
    /// Its name on the wire.
    pub fn name(&self) -> &str {
        match self {
            Self::Answer { .. } => "Answer",
            Self::Hold { .. } => "Hold",
            Self::SendDtmf { .. } => "SendDtmf",
            Self::ToggleMicrophone { .. } => "ToggleMicrophone",
            Self::Other(name) => name,
        }
    }

    pub(super) fn read(payload: &Value, complaints: &mut Vec<String>) -> Option<Self> {
        let mut fields = Fields::of("WebRTCCmd", payload, complaints)?;
        let command = fields.text("command")?;
        let sip_call_id = fields.filled("sipCallId");
        Some(match command.as_str() {
            "Answer" => Self::Answer { sip_call_id },
            "Hold" => Self::Hold { sip_call_id },
            "SendDtmf" => Self::SendDtmf { key: fields.text("key")? },
            "ToggleMicrophone" => Self::ToggleMicrophone { sip_call_id },
            _ => Self::Other(command),
        })
    }

    pub(super) fn write(&self) -> Value {
        let writer = Writer::default().put("command", self.name());
        match self {
            Self::Answer { sip_call_id }
            | Self::Hold { sip_call_id }
            | Self::ToggleMicrophone { sip_call_id } => writer.put_some("sipCallId", sip_call_id.as_deref()),
            Self::SendDtmf { key } => writer.put("key", key.as_str()),
            Self::Other(_) => writer,
        }
        .done()
    }
}

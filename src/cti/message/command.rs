//! Commands from the phone to the server: `{"claz": "web", "command": …}`, arguments at the same level (xuc-cti §3.2, §4).
//!
//! There is no request identifier: answers come as messages, if they come.

use std::fmt;

use super::fields::{Fields, Writer, text_of};
use crate::json::{Object, Value};

/// What the phone asks of the server.
///
/// `unique_id` is the channel of a [`PhoneEvent`](super::PhoneEvent); without it the server chooses the call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// The heartbeat.
    Ping,
    /// Asks for the line (`"line"`): [`LineConfig`](super::LineConfig).
    GetConfig {
        /// What is asked for; only `line` is documented.
        object_type: String,
    },
    /// Asks for the STUN and TURN servers: [`IceConfig`](super::IceConfig).
    GetIceConfig,
    /// Asks for the calls there are, to rebuild them after a reload.
    GetCurrentCallsPhoneEvents,
    /// Calls from the user's own device.
    Dial {
        /// The number.
        destination: String,
        /// Data to attach, name and value; comes back in events as `USR_…`.
        variables: Vec<(String, String)>,
    },
    /// Ends a call.
    Hangup {
        /// Which.
        unique_id: Option<String>,
    },
    /// Answers a call.
    Answer {
        /// Which.
        unique_id: Option<String>,
    },
    /// Holds a call or takes it back.
    Hold {
        /// Which.
        unique_id: Option<String>,
    },
    /// Switches the microphone of a call.
    ToggleMicrophone {
        /// Which.
        unique_id: Option<String>,
    },
    /// Sends a tone.
    SendDtmf {
        /// One character.
        key: String,
    },
    /// Transfers the current call without asking the other side.
    DirectTransfer {
        /// To this number.
        destination: String,
    },
    /// Begins the consultation call of a transfer.
    AttendedTransfer {
        /// To this number.
        destination: String,
        /// From this device; its values are not documented.
        device: Option<String>,
    },
    /// Joins the two parties of an attended transfer.
    CompleteTransfer,
    /// Ends the consultation call of an attended transfer.
    CancelTransfer,
    /// Attaches data to the current calls.
    SetData {
        /// Name and value.
        variables: Vec<(String, String)>,
    },
    /// Do not disturb.
    Dnd {
        /// On or off.
        state: bool,
    },
    /// Watches how busy these numbers are.
    SubscribeToPhoneHints {
        /// The numbers.
        numbers: Vec<String>,
    },
    /// Stops watching numbers.
    UnsubscribeFromAllPhoneHints,
    /// Any other command, written as it is given.
    Other {
        /// Its name.
        command: String,
        /// Its arguments.
        arguments: Object,
    },
}

/// Why something is not a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommandError {
    /// It is not JSON, or no object.
    NotAnObject,
    /// It has no `command`.
    NoCommand,
    /// It lacks an argument that the command cannot do without.
    Missing {
        /// The argument.
        argument: &'static str,
    },
}

impl fmt::Display for CommandError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAnObject => f.write_str("a command must be a JSON object"),
            Self::NoCommand => f.write_str("the object has no text named command"),
            Self::Missing { argument } => write!(f, "the command lacks {argument}"),
        }
    }
}

impl std::error::Error for CommandError {}

impl Command {
    /// The command's name; the heartbeat has none on the wire.
    pub fn name(&self) -> &str {
        match self {
            Self::Ping => "ping",
            Self::GetConfig { .. } => "getConfig",
            Self::GetIceConfig => "getIceConfig",
            Self::GetCurrentCallsPhoneEvents => "getCurrentCallsPhoneEvents",
            Self::Dial { .. } => "dial",
            Self::Hangup { .. } => "hangup",
            Self::Answer { .. } => "answer",
            Self::Hold { .. } => "hold",
            Self::ToggleMicrophone { .. } => "toggleMicrophone",
            Self::SendDtmf { .. } => "sendDtmf",
            Self::DirectTransfer { .. } => "directTransfer",
            Self::AttendedTransfer { .. } => "attendedTransfer",
            Self::CompleteTransfer => "completeTransfer",
            Self::CancelTransfer => "cancelTransfer",
            Self::SetData { .. } => "setData",
            Self::Dnd { .. } => "dnd",
            Self::SubscribeToPhoneHints { .. } => "subscribeToPhoneHints",
            Self::UnsubscribeFromAllPhoneHints => "unsubscribeFromAllPhoneHints",
            Self::Other { command, .. } => command,
        }
    }

    /// The command as it goes on the wire.
    pub fn to_json(&self) -> Value {
        let writer = match self {
            Self::Ping => return Writer::default().put("claz", "ping").done(),
            Self::Other { arguments, .. } => Writer::from(arguments.clone()),
            _ => Writer::default(),
        };
        let writer = writer.put("claz", "web").put("command", self.name());
        match self {
            Self::Ping
            | Self::GetIceConfig
            | Self::GetCurrentCallsPhoneEvents
            | Self::CompleteTransfer
            | Self::CancelTransfer
            | Self::UnsubscribeFromAllPhoneHints
            | Self::Other { .. } => writer,
            Self::GetConfig { object_type } => writer.put("objectType", object_type.as_str()),
            Self::Dial { destination, variables } => {
                let writer = writer.put("destination", destination.as_str());
                if variables.is_empty() { writer } else { writer.put_texts("variables", variables) }
            }
            Self::Hangup { unique_id }
            | Self::Answer { unique_id }
            | Self::Hold { unique_id }
            | Self::ToggleMicrophone { unique_id } => writer.put_some("uniqueId", unique_id.as_deref()),
            Self::SendDtmf { key } => writer.put("key", key.as_str()),
            Self::DirectTransfer { destination } => writer.put("destination", destination.as_str()),
            Self::AttendedTransfer { destination, device } => {
                writer.put("destination", destination.as_str()).put_some("device", device.as_deref())
            }
            Self::SetData { variables } => writer.put_texts("variables", variables),
            Self::Dnd { state } => writer.put("state", *state),
            Self::SubscribeToPhoneHints { numbers } => writer.put_list("phoneNumbers", numbers),
        }
        .done()
    }

    /// The text frame that carries it.
    pub fn to_frame(&self) -> String {
        self.to_json().to_string()
    }

    /// Reads a text frame, as a server does.
    pub fn from_frame(frame: &str) -> Result<Self, CommandError> {
        let value = frame.parse().map_err(|_| CommandError::NotAnObject)?;
        Self::from_json(&value)
    }

    /// Reads a command, with or without its `claz`. Arguments of a known command that are not documented are left out.
    pub fn from_json(value: &Value) -> Result<Self, CommandError> {
        let mut ignored = Vec::new();
        let mut fields = Fields::of("command", value, &mut ignored).ok_or(CommandError::NotAnObject)?;
        if fields.value("claz").and_then(Value::as_str) == Some("ping") {
            return Ok(Self::Ping);
        }
        let command = fields.filled("command").ok_or(CommandError::NoCommand)?;
        Ok(match command.as_str() {
            "getConfig" => Self::GetConfig { object_type: required(&mut fields, "objectType")? },
            "getIceConfig" => Self::GetIceConfig,
            "getCurrentCallsPhoneEvents" => Self::GetCurrentCallsPhoneEvents,
            "dial" => Self::Dial {
                destination: required(&mut fields, "destination")?,
                variables: fields.texts("variables").unwrap_or_default(),
            },
            "hangup" => Self::Hangup { unique_id: fields.filled("uniqueId") },
            "answer" => Self::Answer { unique_id: fields.filled("uniqueId") },
            "hold" => Self::Hold { unique_id: fields.filled("uniqueId") },
            "toggleMicrophone" => Self::ToggleMicrophone { unique_id: fields.filled("uniqueId") },
            "sendDtmf" => Self::SendDtmf { key: required(&mut fields, "key")? },
            "directTransfer" => Self::DirectTransfer { destination: required(&mut fields, "destination")? },
            "attendedTransfer" => Self::AttendedTransfer {
                destination: required(&mut fields, "destination")?,
                device: fields.filled("device"),
            },
            "completeTransfer" => Self::CompleteTransfer,
            "cancelTransfer" => Self::CancelTransfer,
            "setData" => Self::SetData { variables: fields.texts("variables").unwrap_or_default() },
            "dnd" => {
                Self::Dnd { state: fields.flag("state").ok_or(CommandError::Missing { argument: "state" })? }
            }
            "subscribeToPhoneHints" => Self::SubscribeToPhoneHints {
                numbers: fields.list("phoneNumbers").iter().filter_map(text_of).collect(),
            },
            "unsubscribeFromAllPhoneHints" => Self::UnsubscribeFromAllPhoneHints,
            _ => {
                let mut arguments = value.as_object().cloned().unwrap_or_default();
                arguments.remove("claz");
                arguments.remove("command");
                Self::Other { command, arguments }
            }
        })
    }
}

fn required(fields: &mut Fields<'_, '_>, argument: &'static str) -> Result<String, CommandError> {
    fields.filled(argument).ok_or(CommandError::Missing { argument })
}

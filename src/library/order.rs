//! What the API asks of calls, by the names that `xc_webrtc.js` uses.

use crate::cti::message::IceServer;
use crate::cti::message::command::Command as CtiCommand;
use crate::phone::api::{Command, Debug, DtmfMethod, IceChoice, Level, Refusal, TransferMethod};
use crate::phone::call::CallKey;
use crate::phone::event::Event;
use crate::sip::masked::masked;

/// The command of that name, or why its argument cannot be read.
pub(super) fn command(name: &str, call: Option<CallKey>, text: &str, on: bool) -> Result<Command, Refusal> {
    let text = || text.to_owned();
    Ok(match name {
        "dial" => Command::Dial { destination: text(), video: on },
        "answer" => Command::Answer { call, video: on },
        "reject" => Command::Reject(call),
        "hangup" => Command::HangUp(call),
        "hold" => Command::ToggleHold(call),
        "setHold" => Command::SetHold { call: call.ok_or(Refusal::NoSuchCall)?, on },
        "dtmf" => Command::Dtmf { call, digits: key(&text())? },
        "conference" => Command::Conference,
        "toggleMicrophone" => Command::ToggleMicrophone(call),
        "setMicrophone" => Command::SetMicrophone { call, on },
        "setCamera" => Command::SetCamera { call, on },
        "setVideo" => Command::SetVideo { call, on },
        "attendedTransfer" => Command::AttendedTransfer { call, destination: text() },
        "completeTransfer" => Command::CompleteTransfer,
        "cancelTransfer" => Command::CancelTransfer,
        "directTransfer" => Command::DirectTransfer { call, destination: text() },
        "dtmfByInfo" => Command::SetDtmfMethod(if on { DtmfMethod::Info } else { DtmfMethod::Rtp }),
        "transferByRefer" => {
            Command::SetTransferMethod(if on { TransferMethod::Refer } else { TransferMethod::Cti })
        }
        "iceOfServer" => Command::SetIceServers(IceChoice::Server),
        "noIce" => Command::SetIceServers(IceChoice::None),
        "ice" => {
            let servers = text().parse().ok().and_then(|servers| IceServer::list(&servers));
            Command::SetIceServers(IceChoice::These(servers.ok_or(Refusal::BadIceServer)?))
        }
        // `xc_webrtc.js` knows no others.
        _ => return Err(Refusal::WrongState),
    })
}

/// One key at a time (D37), and no pause.
fn key(text: &str) -> Result<String, Refusal> {
    if text.len() == 1 && text != "," { Ok(text.to_owned()) } else { Err(Refusal::BadDigits) }
}

/// What the page's `Cti` is told in the place of a command to a transfer that the phone knows nothing of.
pub(super) fn through_page(command: &Command) -> Option<CtiCommand> {
    match command {
        Command::CompleteTransfer => Some(CtiCommand::CompleteTransfer),
        Command::CancelTransfer => Some(CtiCommand::CancelTransfer),
        _ => None,
    }
}

/// `setDebug`: the level by its name; one that is not known leaves the usual one.
pub(super) fn debug(level: &str, events: bool, messages: bool) -> Debug {
    let level = match level {
        "info" => Level::Info,
        "warn" => Level::Warn,
        "fatal" => Level::Fatal,
        _ => Level::Error,
    };
    Debug {
        level,
        events: events.then_some(Event::to_line),
        handlers: false,
        messages: messages.then_some(masked),
    }
}

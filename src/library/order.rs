//! What the API asks of calls, by the names that `xc_webrtc.js` uses.

use crate::cti::message::IceServer;
use crate::phone::api::{Command, Debug, DtmfMethod, IceChoice, Level, TransferMethod};
use crate::phone::call::CallKey;
use crate::phone::event::Event;

/// The command of that name; `None`: there is none, or its argument cannot be read.
pub(super) fn command(name: &str, call: Option<CallKey>, text: &str, on: bool) -> Option<Command> {
    let text = || text.to_owned();
    Some(match name {
        "dial" => Command::Dial { destination: text(), video: on },
        "answer" => Command::Answer { call, video: on },
        "reject" => Command::Reject(call),
        "hangup" => Command::HangUp(call),
        "hold" => Command::ToggleHold(call),
        "dtmf" => Command::Dtmf { call, digits: text() },
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
        "ice" => Command::SetIceServers(IceChoice::These(IceServer::list(&text().parse().ok()?)?)),
        _ => return None,
    })
}

/// `setDebug`: the level by its name; one that is not known leaves the usual one.
pub(super) fn debug(level: &str, events: bool, handlers: bool) -> Debug {
    let level = match level {
        "info" => Level::Info,
        "warn" => Level::Warn,
        "fatal" => Level::Fatal,
        _ => Level::Error,
    };
    Debug { level, events: events.then_some(Event::to_line), handlers, messages: None }
}

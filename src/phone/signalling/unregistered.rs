//! Why calls cannot come.

use crate::sip::event::UnregisteredCause;

/// Nothing comes from the server.
pub(super) const SILENT: &str = "The server does not answer";

/// The English words that `Unregistered` carries.
pub(super) fn reason(cause: &UnregisteredCause) -> String {
    match cause {
        UnregisteredCause::Asked => "Stopped".to_owned(),
        UnregisteredCause::Refused { status, reason } if reason.is_empty() => {
            format!("{} {}", status.code(), status.reason_phrase())
        }
        UnregisteredCause::Refused { status, reason } => format!("{} {reason}", status.code()),
        UnregisteredCause::WrongCredentials => "Wrong SIP name or password".to_owned(),
        UnregisteredCause::TimedOut => SILENT.to_owned(),
        UnregisteredCause::TransportLost { reason } => reason.clone(),
    }
}

/// Whether the same request will hardly fare better later.
pub(super) fn is_permanent(cause: &UnregisteredCause) -> bool {
    match cause {
        UnregisteredCause::WrongCredentials => true,
        UnregisteredCause::Refused { status, .. } => matches!(status.code(), 401 | 403 | 404 | 407),
        UnregisteredCause::Asked | UnregisteredCause::TimedOut | UnregisteredCause::TransportLost { .. } => {
            false
        }
    }
}

/// Whether the websocket looks open but carries nothing to the registrar any more (RFC 5626 §4.4.1, §5.3.1).
pub(super) fn is_of_the_flow(cause: &UnregisteredCause) -> bool {
    match cause {
        UnregisteredCause::TimedOut => true,
        UnregisteredCause::Refused { status, .. } => status.code() == 430,
        UnregisteredCause::Asked
        | UnregisteredCause::WrongCredentials
        | UnregisteredCause::TransportLost { .. } => false,
    }
}

//! The English words for refused commands, as the events carry them.

use super::api::Refusal;
use super::destination::DestinationError;
use super::line;

/// What the `reason` of an event says of a refusal.
pub(super) fn reason(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::Destination(DestinationError::Empty) => "The destination is empty",
        Refusal::Destination(DestinationError::TooLong) => "The destination is too long",
        Refusal::Destination(DestinationError::NotANumber) => "The destination is not a number",
        Refusal::Destination(DestinationError::BrokenAddress) => "The destination is not a SIP address",
        Refusal::NotLoggedIn => "Not logged in",
        Refusal::EmptyLogin => "The login is empty",
        Refusal::EmptyPassword => "The password is empty",
        Refusal::BadServer => "The server's address cannot be read",
        Refusal::NotStarted => "The phone was not started",
        Refusal::NotRegistered => "The line is not registered",
        Refusal::CallInProgress => "There is already a call",
        Refusal::NoSuchCall => "There is no such call",
        Refusal::WrongState => "The call is not in a state for this",
        Refusal::BadCtiCommand(_) => "Not a CTI command",
        Refusal::CtiNotReady => "The CTI server cannot be reached now",
        Refusal::Line(problem) => line::reason(*problem),
    }
}

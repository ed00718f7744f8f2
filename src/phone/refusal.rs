//! The English words for refused commands, as the events carry them.

use super::api::Refusal;
use super::destination::DestinationError;
use super::line;

/// What the `reason` of an event says of a refusal.
pub fn reason(refusal: &Refusal) -> &'static str {
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
        Refusal::TooManyCalls => "There are two calls already",
        Refusal::Ambiguous => "More than one call could be meant",
        Refusal::NotTwoCalls => "A conference takes two answered calls",
        Refusal::BadDigits => "Not digits that can be sent",
        Refusal::NoTransfer => "No call is being transferred",
        Refusal::TransferInProgress => "A call is being transferred already",
        Refusal::BadIceServer => "Not a STUN or TURN server",
        Refusal::NoSuchCall => "There is no such call",
        Refusal::WrongState => "The call is not in a state for this",
        Refusal::BadCtiCommand(_) => "Not a CTI command",
        Refusal::CtiNotReady => "The CTI server cannot be reached now",
        Refusal::Line(problem) => line::reason(*problem),
    }
}

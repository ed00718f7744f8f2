//! What the signalling wants done, and what it says.

use crate::secret::Secret;
use crate::sip::event::{SessionEvent, SessionId, TextMessage};
use crate::sip::message_summary::MessageSummary;

/// What the signalling wants done, or says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::phone) enum Output {
    /// Open the websocket.
    Open {
        /// Its address.
        url: Secret,
    },
    /// Send one message.
    Send(String),
    /// Close the websocket.
    Close,
    /// The websocket is open for the first time since the start.
    Started,
    /// The websocket could not be opened.
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
    /// A call says something.
    Session {
        /// Which.
        id: SessionId,
        /// What.
        event: Box<SessionEvent>,
    },
    /// How much voice mail waits.
    MessageWaiting(MessageSummary),
    /// Somebody has written.
    Message(TextMessage),
    /// A message was tolerated or dropped.
    Diagnostic(String),
}

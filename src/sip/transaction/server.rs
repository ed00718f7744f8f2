//! The server side of one transaction other than INVITE over a reliable transport.
//!
//! RFC 3261 §17.2.2. Timer J is zero: a websocket does not repeat requests. A request that is answered at once is
//! therefore over at once and never enters the table; only one that waits for a decision, an UPDATE with an offer, does.

use super::super::status::StatusCode;

/// Whether a request was answered.
#[derive(Debug)]
pub(super) enum Server {
    /// No final response yet (Trying, Proceeding). A repeated request is absorbed.
    Trying,
    /// Over. (Completed lasts no time.)
    Terminated,
}

impl Server {
    /// A response was sent.
    pub(super) fn responded(&mut self, status: StatusCode) {
        match self {
            Self::Trying if status.is_final() => *self = Self::Terminated,
            Self::Trying | Self::Terminated => {}
        }
    }

    /// Whether it is over.
    pub(super) fn is_terminated(&self) -> bool {
        match self {
            Self::Terminated => true,
            Self::Trying => false,
        }
    }
}

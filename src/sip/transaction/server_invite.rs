//! The server side of one INVITE transaction over a reliable transport.
//!
//! RFC 3261 §17.2.1 with the Accepted state of RFC 6026 §7.1. Timer G never runs and timer I is zero: a websocket does
//! not lose messages.

use super::super::status::StatusCode;
use super::timer::PATIENCE;
use crate::time::{Deadline, Instant};

/// What was answered to an INVITE.
///
/// ```text
/// Proceeding ──2xx──> Accepted ──timer L──> Terminated
///     └──300–699──> Completed ──ACK, timer H──┘
/// ```
#[derive(Debug)]
pub(super) enum ServerInvite {
    /// No final response yet; the last provisional one answers a repeated INVITE.
    Proceeding { last: Option<String> },
    /// Refused; waits for the ACK.
    Completed { response: String, timer_h: Instant },
    /// Accepted: repeated INVITEs are absorbed. The session repeats the 2xx and takes the ACK.
    Accepted { timer_l: Instant },
    /// Over; accepts everything and does nothing. (Confirmed lasts no time.)
    Terminated,
}

impl ServerInvite {
    /// A response was sent at `now`.
    pub(super) fn responded(&mut self, status: StatusCode, text: &str, now: Instant) {
        match self {
            Self::Proceeding { last } => {
                if status.is_provisional() {
                    *last = Some(text.to_owned());
                } else if status.is_success() {
                    *self = Self::Accepted { timer_l: now + PATIENCE };
                } else {
                    *self = Self::Completed { response: text.to_owned(), timer_h: now + PATIENCE };
                }
            }
            Self::Completed { .. } | Self::Accepted { .. } | Self::Terminated => {}
        }
    }

    /// The same INVITE came again; returns what answers it.
    pub(super) fn repeated(&self) -> Option<&str> {
        match self {
            Self::Proceeding { last } => last.as_deref(),
            Self::Completed { response, .. } => Some(response),
            Self::Accepted { .. } | Self::Terminated => None,
        }
    }

    /// An ACK with the INVITE's branch came; `true`: it was for the refusal and goes no further.
    pub(super) fn acknowledged(&mut self) -> bool {
        match self {
            Self::Completed { .. } => {
                *self = Self::Terminated;
                true
            }
            // Some peers reuse the branch for the ACK to a 2xx; it is the session's (RFC 6026 §7.1).
            Self::Proceeding { .. } | Self::Accepted { .. } | Self::Terminated => false,
        }
    }

    /// Whether a final response is still owed.
    pub(super) fn is_unanswered(&self) -> bool {
        match self {
            Self::Proceeding { .. } => true,
            Self::Completed { .. } | Self::Accepted { .. } | Self::Terminated => false,
        }
    }

    /// When it wants to be asked again.
    pub(super) fn deadline(&self) -> Option<Deadline> {
        match self {
            Self::Completed { timer_h: at, .. } => Some(Deadline::new(*at, "ACK to a refusal (timer H)")),
            Self::Accepted { timer_l: at } => Some(Deadline::new(*at, "repeated INVITE (timer L)")),
            Self::Proceeding { .. } | Self::Terminated => None,
        }
    }

    /// Whether it is over.
    pub(super) fn is_terminated(&self) -> bool {
        match self {
            Self::Terminated => true,
            Self::Proceeding { .. } | Self::Completed { .. } | Self::Accepted { .. } => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repeated_invite_gets_the_last_provisional_response_and_then_the_refusal() {
        let mut server = ServerInvite::Proceeding { last: None };
        server.responded(StatusCode::RINGING, "180", Instant::default());
        assert_eq!(server.repeated(), Some("180"));
        server.responded(StatusCode::BUSY_HERE, "486", Instant::default());
        assert_eq!(server.repeated(), Some("486"));
        assert!(server.acknowledged());
        assert!(server.is_terminated());
    }

    #[test]
    fn a_repeated_invite_is_absorbed_after_a_2xx_and_the_ack_goes_on_to_the_session() {
        let mut server = ServerInvite::Proceeding { last: None };
        server.responded(StatusCode::OK, "200", Instant::default());
        assert_eq!(server.repeated(), None);
        assert!(!server.acknowledged());
        assert_eq!(server.deadline().map(|deadline| deadline.at), Some(Instant::default() + PATIENCE));
    }
}

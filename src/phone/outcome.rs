//! How a call ended, from the protocol's terms into the user's.

use crate::sip::event::{Ended, EndedCause};
use crate::sip::status::StatusCode;

use super::call::{Direction, MicrophoneProblem, Outcome};

/// The outcome of a call that the user agent says is over.
pub(super) fn of_ended(ended: &Ended, direction: Direction, was_connected: bool) -> Outcome {
    match &ended.cause {
        EndedCause::LocalBye => Outcome::HungUp { by_us: true },
        EndedCause::RemoteBye if was_connected => Outcome::HungUp { by_us: false },
        EndedCause::RemoteBye => match direction {
            Direction::Incoming => Outcome::Missed,
            Direction::Outgoing => Outcome::HungUp { by_us: false },
        },
        EndedCause::LocalCancel => Outcome::Cancelled,
        EndedCause::LocalRefusal(_) => Outcome::Rejected,
        EndedCause::RemoteCancel { answered_elsewhere: true } => Outcome::AnsweredElsewhere,
        EndedCause::RemoteCancel { answered_elsewhere: false } => Outcome::Missed,
        // The answer to a request inside the call (RFC 3261 §12.2.1.2).
        EndedCause::Refused(StatusCode::CALL_OR_TRANSACTION_DOES_NOT_EXIST) if was_connected => {
            Outcome::EndedMeanwhile
        }
        EndedCause::Refused(status) => of_status(*status, ended.reason.as_deref()),
        EndedCause::TimedOut if was_connected => {
            let reason = ended.reason.clone().unwrap_or_else(|| "No answer from the other side".to_owned());
            Outcome::Failed { status: None, reason }
        }
        EndedCause::TimedOut => match direction {
            Direction::Incoming => Outcome::Missed,
            Direction::Outgoing => Outcome::NoAnswer,
        },
        EndedCause::TransportLost => Outcome::ConnectionLost,
        EndedCause::Protocol(what) => Outcome::Failed { status: None, reason: (*what).to_owned() },
    }
}

/// What a refusal means to the person who called (RFC 3261 §21).
fn of_status(status: StatusCode, reason: Option<&str>) -> Outcome {
    match status.code() {
        486 | 600 => Outcome::Busy,
        404 | 484 | 604 => Outcome::NoSuchNumber,
        403 | 603 | 607 | 608 => Outcome::Declined,
        408 | 480 => Outcome::NoAnswer,
        487 => Outcome::Cancelled,
        code => Outcome::Failed {
            status: Some(code),
            reason: match reason {
                Some(reason) if !reason.is_empty() => reason.to_owned(),
                _ => status.reason_phrase().to_owned(),
            },
        },
    }
}

/// The English phrase that events carry as `reason`, as the original did.
pub(super) fn reason(outcome: &Outcome) -> String {
    match outcome {
        Outcome::HungUp { .. } => "Call terminated",
        Outcome::Cancelled | Outcome::Missed => "Call cancelled",
        Outcome::Transferred => "Call transferred",
        Outcome::AnsweredElsewhere => "Call completed elsewhere",
        Outcome::NotTakenBack => "The call could not be taken back",
        Outcome::Rejected => "Call rejected",
        Outcome::Busy => "Busy Here",
        Outcome::NoSuchNumber => "Not Found",
        Outcome::Declined => "Decline",
        Outcome::NoAnswer => "No answer",
        Outcome::Microphone(problem) => microphone_reason(problem),
        Outcome::EndedMeanwhile => "Call ended meanwhile",
        Outcome::ConnectionLost => "Connection to the server lost",
        Outcome::Failed { reason, .. } => reason,
    }
    .to_owned()
}

fn microphone_reason(problem: &MicrophoneProblem) -> &str {
    match problem {
        MicrophoneProblem::Refused => "Microphone refused",
        MicrophoneProblem::Absent => "No microphone",
        MicrophoneProblem::InUse => "Microphone in use by another program",
        MicrophoneProblem::InsecurePage => "Microphone needs a page served over TLS",
        MicrophoneProblem::Other(reason) => reason,
    }
}

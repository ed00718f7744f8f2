//! Our provisional responses to a caller that wants to be sure of them (RFC 3262 §3).

use super::super::header::RAck;
use super::super::message::Request;
use super::super::method::Method;
use super::super::status::StatusCode;
use super::super::transaction::timer::Repetition;

/// What is to be confirmed by PRACK.
#[derive(Debug, Default)]
pub(super) struct Reliable {
    /// The INVITE requires it.
    pub(super) required: bool,
    /// What was sent and not confirmed yet, and when it is sent again.
    pub(super) unconfirmed: Option<(String, Repetition)>,
    /// What is sent after that: one at a time.
    pub(super) waiting: Option<StatusCode>,
}

/// Whether a PRACK confirms the response of that number to that INVITE.
pub(super) fn confirms(prack: &Request, response: Option<u32>, invite: Option<u32>) -> bool {
    let Some(RAck { response: confirmed, request }) = prack.headers.rack() else { return false };
    response == Some(confirmed)
        && request.method == Method::Invite
        && invite.is_none_or(|number| number == request.number)
}

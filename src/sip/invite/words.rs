//! What messages say for a person to read: who is there, and why a call was refused or ended.

use super::super::header::{Headers, Name};
use super::super::message::Response;
use super::super::uri::NameAddr;

/// Who the other side says it is: P-Asserted-Identity (RFC 3325), else the older Remote-Party-ID. Who wants to be unknown
/// is, even where a server lets the name through (RFC 3323 §4.2, RFC 3325 §9.3).
pub(in super::super) fn identity_of(headers: &Headers) -> Option<NameAddr> {
    for wish in headers.get(&Name::PRIVACY).unwrap_or_default().split(';') {
        let wish = wish.trim();
        if wish.eq_ignore_ascii_case("id") || wish.eq_ignore_ascii_case("user") {
            return None;
        }
    }
    let is_shown = |party: &NameAddr| party.params.get("privacy").is_none_or(|privacy| privacy == "off");
    let older = || headers.addresses(&Name::REMOTE_PARTY_ID).ok()?.into_iter().find(is_shown);
    headers.p_asserted_identity().or_else(older)
}

/// The words of the Reason header field (RFC 3326).
pub(super) fn reason_of(headers: &Headers) -> Option<String> {
    headers.reasons().find_map(|reason| reason.text)
}

/// The words of the Reason header field, else those of a warning (RFC 3261 §20.43), else the reason phrase; and when it
/// may be tried again (§20.33).
pub(super) fn reason_of_response(response: &Response) -> Option<String> {
    let headers = &response.headers;
    let phrase = || Some(response.reason.clone()).filter(|reason| !reason.is_empty());
    let mut reason = reason_of(headers).or_else(|| headers.warning()).or_else(phrase)?;
    if let Some(retry) = headers.retry_after() {
        reason.push_str(", try again in ");
        reason.push_str(&retry.delay.as_secs().to_string());
        reason.push_str(" s");
    }
    Some(reason)
}

/// Whether another phone took the call: SIP cause 200 (RFC 3326 §2), or Q.850 cause 26, non-selected user clearing.
pub(super) fn is_answered_elsewhere(cancel: &Headers) -> bool {
    cancel.reasons().any(|reason| {
        (reason.cause == Some(200) && reason.protocol.eq_ignore_ascii_case("SIP"))
            || (reason.cause == Some(26) && reason.protocol.eq_ignore_ascii_case("Q.850"))
    })
}

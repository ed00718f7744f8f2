//! Session descriptions in the bodies of messages (RFC 3261 §7.4, RFC 8866).

use super::super::header::{Headers, Name};
use super::super::message::Request;
use super::SDP;

/// Puts a session description on a request.
pub(in super::super) fn attach_sdp(request: &mut Request, sdp: &str) {
    request.headers.set(Name::CONTENT_TYPE, SDP);
    request.body = sdp.to_owned();
}

/// Whether an answer may have a session description: an Accept that lists other types only has no use for one
/// (RFC 3261 §20.1).
pub(in super::super) fn takes_sdp(headers: &Headers) -> bool {
    let mut takes = true;
    for item in headers.items(&Name::ACCEPT) {
        let media_type = item.split(';').next().unwrap_or(item).trim_end();
        takes = [SDP, "application/*", "*/*"].iter().any(|known| media_type.eq_ignore_ascii_case(known));
        if takes {
            break;
        }
    }
    takes
}

/// The session description of a message; an empty body is none.
pub(in super::super) fn sdp_of(headers: &Headers, body: &str) -> Result<Option<String>, UnknownBody> {
    if body.trim().is_empty() {
        return Ok(None);
    }
    let media_type = headers.content_type().unwrap_or(SDP);
    if media_type.eq_ignore_ascii_case(SDP) { Ok(Some(body.to_owned())) } else { Err(UnknownBody) }
}

/// The session description of a message, if its body is one.
pub(in super::super) fn description_of(headers: &Headers, body: &str) -> Option<String> {
    sdp_of(headers, body).ok().flatten()
}

/// The body is not a session description.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) struct UnknownBody;

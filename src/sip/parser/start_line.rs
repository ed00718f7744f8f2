//! The first line of a message.

use super::ParseError;
use crate::sip::grammar::{excerpt, is_token, number, one_line, split_blank};
use crate::sip::method::Method;
use crate::sip::status::StatusCode;
use crate::sip::uri::Uri;

/// The first line of a message (RFC 3261 §7.1, §7.2).
pub(super) enum StartLine {
    /// `refusal`: what it is worth when it cannot be processed.
    Request {
        method: Method,
        uri: Uri,
        refusal: Option<StatusCode>,
    },
    Response {
        status: StatusCode,
        reason: String,
    },
}

impl StartLine {
    pub(super) fn parse(line: &str) -> Result<Self, ParseError> {
        let error = |problem| ParseError::StartLine { problem, line: excerpt(line) };
        let line = line.trim();
        let (first, rest) = split_blank(line).ok_or_else(|| error("not of three parts"))?;
        if is_version(first) {
            return Self::response(rest.trim_start()).map_err(error);
        }
        if is_sip(first) {
            return Err(error("another version"));
        }
        if !is_token(first) {
            return Err(error("broken method"));
        }
        let (uri, version) = rest.rsplit_once([' ', '\t']).ok_or_else(|| error("not of three parts"))?;
        if !is_sip(version) {
            return Err(error("another version"));
        }
        let uri = uri.trim();
        // Some put the Request-URI in the brackets that it has in To.
        let uri = uri.strip_prefix('<').and_then(|uri| uri.strip_suffix('>')).unwrap_or(uri);
        let (uri, mut refusal) = match uri.parse() {
            Ok(uri) => (uri, None),
            Err(_) => (Uri::unreadable(uri), Some(StatusCode::BAD_REQUEST)),
        };
        if !is_version(version) {
            refusal = Some(StatusCode::VERSION_NOT_SUPPORTED);
        }
        Ok(Self::Request { method: first.into(), uri, refusal })
    }

    /// Reads `486 Busy Here`; the reason phrase may hold anything, or be missing with the space before it.
    fn response(rest: &str) -> Result<Self, &'static str> {
        let (code, reason) = split_blank(rest).unwrap_or((rest, ""));
        let code = if code.len() == 3 { number(code) } else { None };
        let status = code.and_then(StatusCode::new).ok_or("broken status code")?;
        Ok(Self::Response { status, reason: one_line(reason.to_owned()) })
    }
}

fn is_version(text: &str) -> bool {
    text.eq_ignore_ascii_case("SIP/2.0")
}

/// Whether it names any version of SIP.
fn is_sip(text: &str) -> bool {
    text.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("SIP/"))
}

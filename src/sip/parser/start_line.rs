//! The first line of a message.

use super::ParseError;
use crate::sip::grammar::{excerpt, is_token, number, one_line, split_blank};
use crate::sip::method::Method;
use crate::sip::status::StatusCode;
use crate::sip::uri::Uri;

/// The first line of a message (RFC 3261 §7.1, §7.2).
pub(super) enum StartLine {
    Request { method: Method, uri: Uri },
    Response { status: StatusCode, reason: String },
}

impl StartLine {
    pub(super) fn parse(line: &str) -> Result<Self, ParseError> {
        let error = |problem| ParseError::StartLine { problem, line: excerpt(line) };
        let line = line.trim();
        let (first, rest) = split_blank(line).ok_or_else(|| error("not of three parts"))?;
        if is_version(first) {
            return Self::response(rest.trim_start()).map_err(error);
        }
        if first.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("SIP/")) {
            return Err(error("another version"));
        }
        if !is_token(first) {
            return Err(error("broken method"));
        }
        let (uri, version) = rest.rsplit_once([' ', '\t']).ok_or_else(|| error("not of three parts"))?;
        if !is_version(version) {
            return Err(error("another version"));
        }
        let uri = uri.trim();
        // Some put the Request-URI in the brackets that it has in To.
        let uri = uri.strip_prefix('<').and_then(|uri| uri.strip_suffix('>')).unwrap_or(uri);
        let uri = uri.parse().map_err(|_| error("broken Request-URI"))?;
        Ok(Self::Request { method: first.into(), uri })
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

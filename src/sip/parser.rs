//! Text to message, leniently.
//!
//! Only what nothing can be done without is an error: the start line and, in a response, the fields that find its
//! transaction. A request that lacks them is read all the same, with the status that refuses it. Everything else is kept
//! as it came, and what was tolerated is reported. Every text is read in one pass.

mod diagnostic;
mod header_reader;
mod start_line;

use std::fmt;

pub use self::diagnostic::Diagnostic;
use self::header_reader::{Header, HeaderReader};
use self::start_line::StartLine;
use super::grammar::number;
use super::header::HeaderError;
use super::message::{Message, Request, Response, check};
use super::status::StatusCode;

/// A message longer than this is refused, in bytes.
pub const LONGEST_MESSAGE: usize = 1 << 20;

/// A start line and header longer than this are refused, in bytes.
pub const LONGEST_HEADER: usize = 64 << 10;

/// A message, and what was tolerated in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parsed {
    /// The message.
    pub message: Message,
    /// What was against the grammar and tolerated.
    pub diagnostics: Vec<Diagnostic>,
    /// What a request is to be answered with that cannot be processed.
    pub refusal: Option<StatusCode>,
}

/// Why a text was dropped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParseError {
    /// The message is longer than [`LONGEST_MESSAGE`].
    MessageTooLong {
        /// Its length in bytes.
        bytes: usize,
    },
    /// Start line and header of a response are longer than [`LONGEST_HEADER`]. A request is worth a 513 then.
    HeaderTooLong,
    /// There is nothing but line ends.
    Empty,
    /// The first line is neither a request's nor a response's.
    StartLine {
        /// What is wrong with it.
        problem: &'static str,
        /// Its beginning.
        line: String,
    },
    /// A response lacks a field that finds its transaction, or it is unreadable.
    Header(HeaderError),
}

/// Whether this is no message but a keep-alive: line ends only (RFC 5626 §3.5.1), or nothing at all.
pub fn is_keep_alive(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b'\r' | b'\n'))
}

/// Reads one message, which is the whole text (RFC 7118 §5).
pub fn parse(text: &str) -> Result<Parsed, ParseError> {
    if text.len() > LONGEST_MESSAGE {
        return Err(ParseError::MessageTooLong { bytes: text.len() });
    }
    // RFC 3261 §7.5: line ends before the start line are ignored.
    let text = text.trim_start_matches(['\r', '\n']);
    if text.is_empty() {
        return Err(ParseError::Empty);
    }
    let mut lines = Lines { whole: text, at: 0, bare_line_feed: false };
    let start = StartLine::parse(lines.next().unwrap_or_default())?;
    let mut reader = HeaderReader::default();
    let mut too_long = false;
    let complete = loop {
        if lines.at > LONGEST_HEADER {
            too_long = true;
            break true;
        }
        match lines.next() {
            Some("") => break true,
            Some(line) => reader.line(line),
            None => break false,
        }
    };
    let Header { headers, content_length, contradictory, mut diagnostics } = reader.finish();
    if !complete {
        diagnostics.add("no empty line after the header", "");
    }
    if lines.bare_line_feed {
        diagnostics.add("lines that end in LF alone", "");
    }
    let mut body = &lines.whole[lines.at..];
    let mut no_length = false;
    if let Some(text) = content_length {
        let length = number(&text);
        no_length = length.is_none();
        if length != Some(body.len()) {
            diagnostics.add("Content-Length is not the length of the body", &text);
        }
        // RFC 3261 §18.3: what comes after the body is no part of it. Nothing can be missing, for the frame delimits the
        // message (RFC 7118 §5): who counted too much miscounted, as RFC 5118 §4.6 does.
        body = length.and_then(|length| body.get(..length)).unwrap_or(body);
    }
    let body = body.to_owned();
    let (message, refusal) = match start {
        StartLine::Request { method, uri, refusal } => {
            let request = Request { method, uri, headers, body };
            let refusal = if too_long {
                Some(StatusCode::MESSAGE_TOO_LARGE)
            } else if refusal.is_some() {
                refusal
            } else if let Err(error) = request.check() {
                diagnostics.add("a request that cannot be processed", &error.to_string());
                Some(StatusCode::BAD_REQUEST)
            } else {
                (contradictory || no_length).then_some(StatusCode::BAD_REQUEST)
            };
            (Message::Request(request), refusal)
        }
        StartLine::Response { .. } if too_long => return Err(ParseError::HeaderTooLong),
        StartLine::Response { status, reason } => {
            check(&headers).map_err(ParseError::Header)?;
            (Message::Response(Response { status, reason, headers, body }), None)
        }
    };
    Ok(Parsed { message, diagnostics: diagnostics.finish(), refusal })
}

/// The lines of a text, without their ends; CRLF and LF alone are both ends.
struct Lines<'a> {
    whole: &'a str,
    /// Where the next line begins.
    at: usize,
    /// Whether a line has ended in LF alone.
    bare_line_feed: bool,
}

impl<'a> Iterator for Lines<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let rest = &self.whole[self.at..];
        if rest.is_empty() {
            return None;
        }
        let Some(end) = rest.find('\n') else {
            self.at = self.whole.len();
            return Some(rest.strip_suffix('\r').unwrap_or(rest));
        };
        self.at += end + 1;
        let line = &rest[..end];
        let stripped = line.strip_suffix('\r');
        self.bare_line_feed |= stripped.is_none();
        Some(stripped.unwrap_or(line))
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MessageTooLong { bytes } => write!(f, "a message of {bytes} bytes is too long"),
            Self::HeaderTooLong => f.write_str("the header is too long"),
            Self::Empty => f.write_str("an empty message"),
            Self::StartLine { problem, line } => write!(f, "start line ({problem}): {line}"),
            Self::Header(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for ParseError {}

#[cfg(test)]
mod tests;

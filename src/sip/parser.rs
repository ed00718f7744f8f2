//! Text to message, leniently.
//!
//! Only what nothing can be done without is an error: the start line and, in a response, the fields that find its
//! transaction. (A request that lacks them can still be answered with a 400, see
//! [`Request::check`](super::message::Request::check).) Everything else is kept as it came, and what was tolerated
//! is reported. Every text is read in one pass.

mod diagnostic;
mod header_reader;
mod start_line;

use std::fmt;

pub use self::diagnostic::Diagnostic;
use self::header_reader::HeaderReader;
use self::start_line::StartLine;
use super::grammar::number;
use super::header::HeaderError;
use super::message::{Message, Request, Response, check};

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
}

/// Why a text was dropped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParseError {
    /// The message is longer than [`LONGEST_MESSAGE`].
    MessageTooLong {
        /// Its length in bytes.
        bytes: usize,
    },
    /// Start line and header are longer than [`LONGEST_HEADER`].
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
    let complete = loop {
        if lines.at > LONGEST_HEADER {
            return Err(ParseError::HeaderTooLong);
        }
        match lines.next() {
            Some("") => break true,
            Some(line) => reader.line(line),
            None => break false,
        }
    };
    let (headers, content_length, mut diagnostics) = reader.finish();
    let body = &lines.whole[lines.at..];
    if !complete {
        diagnostics.add("no empty line after the header", "");
    }
    if lines.bare_line_feed {
        diagnostics.add("lines that end in LF alone", "");
    }
    if let Some(length) = content_length
        && number(&length) != Some(body.len())
    {
        // RFC 7118 §5: the frame delimits the message.
        diagnostics.add("Content-Length is not the length of the body", &length);
    }
    let body = body.to_owned();
    let message = match start {
        StartLine::Request { method, uri } => {
            let request = Request { method, uri, headers, body };
            if let Err(error) = request.check() {
                diagnostics.add("a request that cannot be processed", &error.to_string());
            }
            Message::Request(request)
        }
        StartLine::Response { status, reason } => {
            check(&headers).map_err(ParseError::Header)?;
            Message::Response(Response { status, reason, headers, body })
        }
    };
    Ok(Parsed { message, diagnostics: diagnostics.finish() })
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

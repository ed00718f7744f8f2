//! Text to message, leniently.
//!
//! Only what nothing can be done without is an error: the start line and, in a response, the fields that find its
//! transaction. (A request that lacks them can still be answered with a 400, see
//! [`Request::check`](super::message::Request::check).) Everything else is kept as it came, and what was tolerated
//! is reported. Every text is read in one pass.

use std::fmt;

use super::grammar::{excerpt, is_token, one_line};
use super::header::{HeaderError, Headers, Name};
use super::message::{Message, Request, Response, check};
use super::method::Method;
use super::status::StatusCode;
use super::uri::Uri;

/// A message longer than this is refused, in bytes.
pub const LONGEST_MESSAGE: usize = 1 << 20;

/// A start line and header longer than this are refused, in bytes.
pub const LONGEST_HEADER: usize = 64 << 10;

/// So many things are reported of one message; a hostile one could hold thousands.
const MOST_DIAGNOSTICS: usize = 8;

/// A message, and what was tolerated in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parsed {
    /// The message.
    pub message: Message,
    /// What was against the grammar and tolerated.
    pub diagnostics: Vec<Diagnostic>,
}

/// Something that was tolerated, in words for those who look after the system. Holds text from the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The words.
    pub text: String,
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
    let mut lines = Lines { whole: text, at: 0 };
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
    let HeaderReader { headers, content_length, mut diagnostics, .. } = reader;
    let (header, body) = lines.whole.split_at(lines.at);
    if !complete {
        diagnostics.add("no empty line after the header", "");
    }
    if has_bare_line_feed(header) {
        diagnostics.add("lines that end in LF alone", "");
    }
    if let Some(length) = content_length
        && length.parse() != Ok(body.len())
    {
        // RFC 7118 §5: the frame delimits the message.
        diagnostics.add("Content-Length is not the length of the body", &length);
    }
    report_unreadable(&headers, &mut diagnostics);
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

/// Says of the fields that steer a dialog which of them nobody will be able to use.
fn report_unreadable(headers: &Headers, diagnostics: &mut Diagnostics) {
    let contacts = headers.contacts().err();
    let routes = headers.route().err();
    let recorded = headers.record_route().err();
    for error in [contacts, routes, recorded].into_iter().flatten() {
        diagnostics.add("kept as it came", &error.to_string());
    }
    for (name, address) in [(Name::FROM, headers.from()), (Name::TO, headers.to())] {
        if let Ok(address) = address
            && address.uri.is_unreadable()
        {
            diagnostics.add("kept as it came", &format!("unreadable {name}: {}", address.uri));
        }
    }
}

/// The lines of a text, without their ends; CRLF and LF alone are both ends.
struct Lines<'a> {
    whole: &'a str,
    at: usize,
}

impl<'a> Iterator for Lines<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let rest = &self.whole[self.at..];
        if rest.is_empty() {
            return None;
        }
        let line = match rest.find('\n') {
            Some(end) => {
                self.at += end + 1;
                &rest[..end]
            }
            None => {
                self.at = self.whole.len();
                rest
            }
        };
        Some(line.strip_suffix('\r').unwrap_or(line))
    }
}

fn has_bare_line_feed(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.iter().enumerate().any(|(at, byte)| *byte == b'\n' && (at == 0 || bytes[at - 1] != b'\r'))
}

/// The first line of a message (RFC 3261 §7.1, §7.2).
enum StartLine {
    Request { method: Method, uri: Uri },
    Response { status: StatusCode, reason: String },
}

impl StartLine {
    fn parse(line: &str) -> Result<Self, ParseError> {
        let error = |problem| ParseError::StartLine { problem, line: excerpt(line) };
        let line = line.trim();
        let (first, rest) = line.split_once([' ', '\t']).ok_or_else(|| error("not of three parts"))?;
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
        let (code, reason) = rest.split_once([' ', '\t']).unwrap_or((rest, ""));
        let code = if code.len() == 3 { code.parse().ok() } else { None };
        let status = code.and_then(StatusCode::new).ok_or("broken status code")?;
        Ok(Self::Response { status, reason: one_line(reason.to_owned()) })
    }
}

fn is_version(text: &str) -> bool {
    text.eq_ignore_ascii_case("SIP/2.0")
}

/// Takes the lines of the header one by one.
#[derive(Default)]
struct HeaderReader {
    headers: Headers,
    content_length: Option<String>,
    diagnostics: Diagnostics,
    /// Whose continuation a line that begins with white space is.
    last: Last,
    /// Which of [`SINGLE`] have come.
    seen: [bool; SINGLE.len()],
}

#[derive(Default)]
enum Last {
    /// A field that is not kept.
    #[default]
    Nothing,
    /// The last of the fields.
    Field,
    /// Content-Length, which is kept apart.
    Length,
}

/// What comes once (RFC 3261 §20); of more than one, the first counts.
const SINGLE: [Name; 4] = [Name::FROM, Name::TO, Name::CALL_ID, Name::CSEQ];

impl HeaderReader {
    fn line(&mut self, line: &str) {
        if line.starts_with([' ', '\t']) {
            return self.continuation(line);
        }
        self.last = Last::Nothing;
        let Some((name, value)) = line.split_once(':') else {
            return self.diagnostics.add("a line that is no header field", line);
        };
        // RFC 3261 §25.1, HCOLON: white space may stand before the colon.
        let Ok(name) = name.trim_end().parse::<Name>() else {
            return self.diagnostics.add("a line that is no header field", line);
        };
        if name == Name::CONTENT_LENGTH {
            self.last = Last::Length;
            self.content_length = Some(value.trim().to_owned());
            return;
        }
        if let Some(at) = SINGLE.iter().position(|single| *single == name) {
            if self.seen[at] {
                self.diagnostics.add("a field that should come once comes again", line);
            }
            self.seen[at] = true;
        }
        self.last = Last::Field;
        self.headers.push(name, value);
    }

    /// RFC 3261 §7.3.1: a line that begins with white space continues the one before.
    fn continuation(&mut self, line: &str) {
        match self.last {
            Last::Field => self.headers.continue_last(line),
            Last::Length => {
                if let Some(length) = &mut self.content_length {
                    length.push_str(line.trim());
                }
            }
            Last::Nothing => self.diagnostics.add("a line that continues nothing", line),
        }
    }
}

/// What was tolerated so far.
#[derive(Default)]
struct Diagnostics {
    list: Vec<Diagnostic>,
    left_out: usize,
}

impl Diagnostics {
    fn add(&mut self, what: &str, wire: &str) {
        if self.list.len() == MOST_DIAGNOSTICS {
            self.left_out += 1;
            return;
        }
        let mut text = what.to_owned();
        if !wire.is_empty() {
            text.push_str(": ");
            text.push_str(&excerpt(wire));
        }
        self.list.push(Diagnostic { text });
    }

    fn finish(mut self) -> Vec<Diagnostic> {
        if self.left_out > 0 {
            self.list.push(Diagnostic { text: format!("and {} more", self.left_out) });
        }
        self.list
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
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

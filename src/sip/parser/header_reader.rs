//! The header of a message, line by line.

use super::diagnostic::Diagnostics;
use crate::sip::header::{HeaderError, Headers, Name};

/// Takes the lines of the header one by one.
#[derive(Default)]
pub(super) struct HeaderReader {
    headers: Headers,
    content_length: Option<String>,
    diagnostics: Diagnostics,
    /// Whose continuation a line that begins with white space is.
    last: Last,
    /// Those of [`SINGLE`] that have come.
    seen: [Option<String>; SINGLE.len()],
    /// One of them, or Content-Length, came again and says something else.
    contradictory: bool,
}

/// What the lines came to.
pub(super) struct Header {
    pub(super) headers: Headers,
    /// Content-Length as it came.
    pub(super) content_length: Option<String>,
    /// A field that should come once came twice, with different values.
    pub(super) contradictory: bool,
    pub(super) diagnostics: Diagnostics,
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

/// What comes once (RFC 3261 §20); of more than one in a response, the first counts.
const SINGLE: [Name; 4] = [Name::FROM, Name::TO, Name::CALL_ID, Name::CSEQ];

impl HeaderReader {
    pub(super) fn line(&mut self, line: &str) {
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
            let value = value.trim();
            match &self.content_length {
                None => {
                    self.last = Last::Length;
                    self.content_length = Some(value.to_owned());
                }
                Some(first) => {
                    self.contradictory |= first != value;
                    self.diagnostics.add("a field that should come once comes again", line);
                }
            }
            return;
        }
        if let Some(at) = SINGLE.iter().position(|single| *single == name) {
            match &self.seen[at] {
                None => self.seen[at] = Some(value.trim().to_owned()),
                Some(first) => {
                    self.contradictory |= first != value.trim();
                    self.diagnostics.add("a field that should come once comes again", line);
                }
            }
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

    /// All that came.
    pub(super) fn finish(self) -> Header {
        let Self { headers, content_length, contradictory, mut diagnostics, .. } = self;
        report_unreadable(&headers, &mut diagnostics);
        Header { headers, content_length, contradictory, diagnostics }
    }
}

/// Says of the fields that steer a dialog which of them nobody will be able to use.
fn report_unreadable(headers: &Headers, diagnostics: &mut Diagnostics) {
    let mut kept = |error: HeaderError| diagnostics.add("kept as it came", &error.to_string());
    if let Err(error) = headers.contacts() {
        kept(error);
    }
    for name in [Name::ROUTE, Name::RECORD_ROUTE] {
        if let Err(error) = headers.addresses(&name) {
            kept(error);
        }
    }
    for (name, address) in [(Name::FROM, headers.from()), (Name::TO, headers.to())] {
        if let Ok(address) = address
            && address.uri.is_unreadable()
        {
            diagnostics.add("kept as it came", &format!("unreadable {name}: {}", address.uri));
        }
    }
}

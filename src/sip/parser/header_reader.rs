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

    /// The fields, the Content-Length as it came, and what was tolerated.
    pub(super) fn finish(mut self) -> (Headers, Option<String>, Diagnostics) {
        report_unreadable(&self.headers, &mut self.diagnostics);
        (self.headers, self.content_length, self.diagnostics)
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

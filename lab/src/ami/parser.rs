//! Bytes made into messages.

use std::collections::VecDeque;
use std::error::Error;
use std::fmt;

use super::Message;

/// A message longer than this is not believed, in bytes.
pub const LONGEST_MESSAGE: usize = 1 << 20;

/// Something that is not AMI, or is broken: a message without an end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLong;

impl fmt::Display for TooLong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a message of more than {LONGEST_MESSAGE} bytes")
    }
}

impl Error for TooLong {}

/// Reads a stream, however it is cut into pieces.
#[derive(Debug, Default)]
pub struct Parser {
    /// The beginning of a line whose end has not come.
    line: Vec<u8>,
    /// The beginning of a message whose end has not come, and how long it is so far.
    message: Message,
    length: usize,
    complete: VecDeque<Message>,
}

impl Parser {
    /// Takes in what was read.
    ///
    /// # Errors
    ///
    /// When a message has no end; nothing sensible can come after that.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), TooLong> {
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            self.length += piece.len();
            if self.length > LONGEST_MESSAGE {
                return Err(TooLong);
            }
            self.line.extend_from_slice(piece);
            if piece.ends_with(b"\n") {
                let line = std::mem::take(&mut self.line);
                self.end_line(&String::from_utf8_lossy(&line));
            }
        }
        Ok(())
    }

    /// The next complete message.
    pub fn poll(&mut self) -> Option<Message> {
        self.complete.pop_front()
    }

    fn end_line(&mut self, line: &str) {
        let line = line.trim_end_matches(['\r', '\n']);
        if line.is_empty() {
            self.length = 0;
            let message = std::mem::take(&mut self.message);
            if !message.is_empty() {
                self.complete.push_back(message);
            }
        } else if let Some((name, value)) = line.split_once(':') {
            self.message.push(name.trim_end(), value.strip_prefix(' ').unwrap_or(value));
        }
        // Else it is the greeting, `Asterisk Call Manager/11.0.0`, which stands alone.
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pieces: &[&[u8]]) -> Vec<Message> {
        let mut parser = Parser::default();
        pieces.iter().for_each(|piece| parser.push(piece).unwrap());
        std::iter::from_fn(|| parser.poll()).collect()
    }

    const STREAM: &[u8] = b"Asterisk Call Manager/11.0.0\r\nResponse: Success\r\nActionID: 1\r\n\
        Message: Authentication accepted\r\n\r\nEvent: Newchannel\r\nChannel: PJSIP/alice-00000001\r\n\
        CallerIDName: \"A: B\"\r\nConnectedLineNum: <unknown>\r\nAccountCode: \r\n\r\n";

    #[test]
    fn a_greeting_a_response_and_an_event() {
        let messages = read(&[STREAM]);
        let [response, event] = messages.as_slice() else { panic!("{messages:?}") };
        assert_eq!((response.response(), response.action()), (Some(Ok(())), Some(1)));
        assert_eq!((event.event(), event.response()), (Some("Newchannel"), None));
        assert_eq!(event.get("callerIdName"), Some("\"A: B\""));
        assert_eq!((event.get("AccountCode"), event.filled("AccountCode")), (Some(""), None));
        assert_eq!(event.filled("ConnectedLineNum"), None);
    }

    #[test]
    fn it_does_not_matter_where_the_stream_is_cut() {
        let whole = read(&[STREAM]);
        for at in 0..STREAM.len() {
            assert_eq!(read(&[&STREAM[..at], &STREAM[at..]]), whole, "cut at {at}");
        }
        let bytes: Vec<&[u8]> = STREAM.chunks(1).collect();
        assert_eq!(read(&bytes), whole);
    }

    #[test]
    fn a_response_that_refuses_says_why() {
        let refused = read(&[b"Response: Error\r\nMessage: No such channel\r\n\r\n"]);
        assert_eq!(refused[0].response(), Some(Err("No such channel")));
        assert_eq!(read(&[b"Response: \n\n"])[0].response(), Some(Err("Asterisk did not say why")));
        // The outcome of an Originate comes as an event.
        let event = read(&[b"Event: OriginateResponse\r\nResponse: Failure\r\nActionID: 7\r\n\r\n"]);
        assert_eq!((event[0].response(), event[0].action()), (None, Some(7)));
    }

    #[test]
    fn whatever_comes_is_read_or_left_out() {
        assert_eq!(read(&[b"\r\n\r\n\n\n"]), []);
        assert_eq!(read(&[b"no colon\r\n\r\n"]), []);
        let odd = read(&[b": \r\n:\r\n\xff\xfe: \xff\r\nActionID: -1\r\nName:value\n\n"]);
        assert_eq!(odd.len(), 1);
        assert_eq!((odd[0].action(), odd[0].get("Name")), (None, Some("value")));
    }

    #[test]
    fn a_message_without_end_is_refused_and_many_short_ones_are_not() {
        let mut parser = Parser::default();
        let endless = [b'x'; 4096];
        let refused = (0..=LONGEST_MESSAGE / endless.len()).any(|_| parser.push(&endless).is_err());
        assert!(refused);
        let mut lines = Parser::default();
        let refused = (0..=LONGEST_MESSAGE / 4).any(|_| lines.push(b"a: b\n").is_err());
        assert!(refused, "lines without an empty one between them");
        let mut parser = Parser::default();
        for _ in 0..LONGEST_MESSAGE / 4 {
            parser.push(b"a: b\n\n").unwrap();
            assert!(parser.poll().is_some());
        }
    }
}

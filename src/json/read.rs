//! Text to value.

use std::fmt;
use std::str::FromStr;

use super::{Number, Object, Value};

/// Arrays and objects inside one another; deeper text is refused, lest reading it exhaust the stack.
const DEEPEST: usize = 128;

/// Why a text is not JSON. Holds nothing of the text, which could be a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParseError {
    /// What is wrong.
    pub problem: &'static str,
    /// Where, in bytes from the beginning.
    pub at: usize,
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at byte {}", self.problem, self.at)
    }
}

impl std::error::Error for ParseError {}

impl FromStr for Value {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let mut reader = Reader { text, at: 0, depth: 0 };
        let value = reader.value()?;
        match reader.peek() {
            None => Ok(value),
            Some(_) => reader.error("something after the value"),
        }
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    /// Arrays and objects that are open.
    depth: usize,
}

impl Reader<'_> {
    fn error<T>(&self, problem: &'static str) -> Result<T, ParseError> {
        Err(ParseError { problem, at: self.at })
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// The next byte that is no white space.
    fn peek(&mut self) -> Option<u8> {
        while let Some(b' ' | b'\t' | b'\r' | b'\n') = self.byte() {
            self.at += 1;
        }
        self.byte()
    }

    /// Goes over the next byte that is no white space, if it is that one.
    fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn value(&mut self) -> Result<Value, ParseError> {
        match self.peek() {
            Some(b'"') => Ok(Value::String(self.string()?)),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b'[') => {
                let mut values = Vec::new();
                self.list(b']', &mut |reader| {
                    values.push(reader.value()?);
                    Ok(())
                })?;
                Ok(Value::Array(values))
            }
            Some(b'{') => {
                let mut members = Vec::new();
                self.list(b'}', &mut |reader| {
                    if reader.peek() != Some(b'"') {
                        return reader.error("no name where one belongs");
                    }
                    let name = reader.string()?;
                    if !reader.take(b':') {
                        return reader.error("no colon after a name");
                    }
                    members.push((name, reader.value()?));
                    Ok(())
                })?;
                Ok(Value::Object(Object(members)))
            }
            _ => self.word(),
        }
    }

    /// The items between two brackets, with commas between them.
    fn list(
        &mut self,
        end: u8,
        item: &mut dyn FnMut(&mut Self) -> Result<(), ParseError>,
    ) -> Result<(), ParseError> {
        if self.depth == DEEPEST {
            return self.error("too many arrays and objects inside one another");
        }
        self.depth += 1;
        self.at += 1;
        if !self.take(end) {
            item(self)?;
            while self.take(b',') {
                item(self)?;
            }
            if !self.take(end) {
                return self.error("neither comma nor closing bracket");
            }
        }
        self.depth -= 1;
        Ok(())
    }

    fn word(&mut self) -> Result<Value, ParseError> {
        for (word, value) in
            [("null", Value::Null), ("true", Value::Bool(true)), ("false", Value::Bool(false))]
        {
            if self.text[self.at..].starts_with(word) {
                self.at += word.len();
                return Ok(value);
            }
        }
        self.error("no value where one belongs")
    }

    fn number(&mut self) -> Result<Value, ParseError> {
        let from = self.at;
        self.at += usize::from(self.byte() == Some(b'-'));
        // No zeros in front.
        if self.byte() == Some(b'0') {
            self.at += 1;
        } else {
            self.digits()?;
        }
        if self.byte() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.byte() {
            self.at += 1;
            self.at += usize::from(matches!(self.byte(), Some(b'+' | b'-')));
            self.digits()?;
        }
        Ok(Value::Number(Number(self.text[from..self.at].to_owned())))
    }

    fn digits(&mut self) -> Result<(), ParseError> {
        let from = self.at;
        while let Some(b'0'..=b'9') = self.byte() {
            self.at += 1;
        }
        if self.at == from { self.error("no digit where one belongs") } else { Ok(()) }
    }

    /// A text, from its opening quote to its closing one.
    fn string(&mut self) -> Result<String, ParseError> {
        let mut read = String::new();
        loop {
            self.at += 1;
            let from = self.at;
            while !matches!(self.byte(), None | Some(b'"' | b'\\' | 0..0x20)) {
                self.at += 1;
            }
            read.push_str(&self.text[from..self.at]);
            match self.byte() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(read);
                }
                Some(b'\\') => read.push(self.escape()?),
                Some(_) => return self.error("a control character in a text"),
                None => return self.error("a text that does not end"),
            }
        }
    }

    /// What an escape stands for; goes to its last byte.
    fn escape(&mut self) -> Result<char, ParseError> {
        self.at += 1;
        Ok(match self.byte() {
            Some(byte @ (b'"' | b'\\' | b'/')) => char::from(byte),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                let first = self.four_digits()?;
                let (from, text) = (self.at, self.text);
                // RFC 8259 §7: what does not fit into four digits is written as a pair of surrogates.
                if let 0xD800..0xDC00 = first
                    && text[from + 1..].starts_with("\\u")
                {
                    self.at += 2;
                    if let second @ 0xDC00..0xE000 = self.four_digits()? {
                        let code = 0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00);
                        return Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
                    }
                    self.at = from;
                }
                // A surrogate alone stands for nothing.
                char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER)
            }
            _ => return self.error("an unknown escape"),
        })
    }

    fn four_digits(&mut self) -> Result<u32, ParseError> {
        let mut code = 0;
        for _ in 0..4 {
            self.at += 1;
            match self.byte().and_then(|byte| char::from(byte).to_digit(16)) {
                Some(digit) => code = code << 4 | digit,
                None => return self.error("an unknown escape"),
            }
        }
        Ok(code)
    }
}

//! Parameters: `;name=value` lists of URIs and header fields.

use std::fmt::{self, Write};

use super::grammar::{find_unquoted, is_token_byte, split_quoted, write_quoted};

/// Parameters in the order in which they came (RFC 3261 §25.1 `generic-param`, `uri-parameter`). Names are compared
/// without regard to case; values are held without their quotes, and get quotes where they need them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Params(Vec<(String, Option<String>)>);

impl Params {
    /// None.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Reads `;a=b;c`, with or without the first semicolon. What is no parameter is left out.
    pub fn parse(text: &str) -> Self {
        Self::parse_separated(text, b';')
    }

    /// Reads parameters between which stands `separator`: a comma in challenges and credentials.
    pub(crate) fn parse_separated(text: &str, separator: u8) -> Self {
        let mut params = Vec::new();
        let mut rest = text;
        loop {
            let end = find_unquoted(rest, separator);
            let piece = rest[..end.unwrap_or(rest.len())].trim();
            let (name, value) = match piece.split_once('=') {
                Some((name, value)) => (name.trim_end(), Some(read_value(value.trim_start()))),
                None => (piece, None),
            };
            if !name.is_empty() && name.bytes().all(is_plain) {
                params.push((name.to_owned(), value));
            }
            match end {
                Some(end) => rest = &rest[end + 1..],
                None => return Self(params),
            }
        }
    }

    /// The value of the first parameter of that name; `None` when it is absent or has no value.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known.eq_ignore_ascii_case(name))?.1.as_deref()
    }

    /// Whether there is a parameter of that name, with or without a value.
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| known.eq_ignore_ascii_case(name))
    }

    /// Gives the parameter that value (`None`: the name alone), in its place if it is there, else at the end.
    /// Characters that no name may have are left out of the name.
    pub fn set<'a>(&mut self, name: &str, value: impl Into<Option<&'a str>>) {
        let value = value.into().map(str::to_owned);
        match self.0.iter_mut().find(|(known, _)| known.eq_ignore_ascii_case(name)) {
            Some(found) => found.1 = value,
            None => {
                let name: String = name.chars().filter(|c| c.is_ascii() && is_plain(*c as u8)).collect();
                if !name.is_empty() {
                    self.0.push((name, value));
                }
            }
        }
    }

    /// The same, for building in one expression.
    #[must_use]
    pub fn with<'a>(mut self, name: &str, value: impl Into<Option<&'a str>>) -> Self {
        self.set(name, value);
        self
    }

    /// The same parameters with other values.
    pub(super) fn map_values(mut self, map: impl Fn(&str) -> String) -> Self {
        for value in self.0.iter_mut().filter_map(|(_, value)| value.as_mut()) {
            *value = map(value);
        }
        self
    }

    /// Takes every parameter of that name away.
    pub fn remove(&mut self, name: &str) {
        self.0.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Names and values in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_deref()))
    }
}

impl fmt::Display for Params {
    /// Prints every parameter with a semicolon before it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, value) in self.iter() {
            f.write_char(';')?;
            f.write_str(name)?;
            if let Some(value) = value {
                f.write_char('=')?;
                write_value(f, value)?;
            }
        }
        Ok(())
    }
}

/// Prints a value, in quotes where it would not be read back without.
fn write_value(f: &mut fmt::Formatter<'_>, value: &str) -> fmt::Result {
    if !value.is_empty() && value.bytes().all(is_plain) { f.write_str(value) } else { write_quoted(f, value) }
}

/// A quoted string without its quotes; anything else as it came.
fn read_value(text: &str) -> String {
    match split_quoted(text) {
        Some((content, rest)) if rest.trim().is_empty() => content,
        _ => text.to_owned(),
    }
}

/// What needs no quotes: the characters of a token, of a host (IPv6 in brackets) and of a `paramchar`.
const fn is_plain(byte: u8) -> bool {
    is_token_byte(byte) || matches!(byte, b'[' | b']' | b':' | b'/' | b'&' | b'$')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_whatever_their_case() {
        let params = Params::parse(";Tag=a1;LR;received=[2001:db8::1]");
        assert_eq!(params.get("tag"), Some("a1"));
        assert_eq!(params.get("lr"), None);
        assert!(params.has("lr"));
        assert!(!params.has("rport"));
        assert_eq!(params.to_string(), ";Tag=a1;LR;received=[2001:db8::1]");
    }

    #[test]
    fn values_lose_their_quotes_and_get_them_back() {
        let params = Params::parse(r#"; a = "x;y \"z\"" ; b = "plain" ;c="""#);
        assert_eq!(params.get("a"), Some("x;y \"z\""));
        assert_eq!(params.get("b"), Some("plain"));
        assert_eq!(params.get("c"), Some(""));
        assert_eq!(params.to_string(), r#";a="x;y \"z\"";b=plain;c="""#);
    }

    #[test]
    fn what_is_no_parameter_is_left_out() {
        assert_eq!(Params::parse(";;=x;a b=c; ;d").to_string(), ";d");
        assert_eq!(Params::parse(""), Params::new());
        assert_eq!(Params::parse(r#";a="never closed;b"#).get("a"), Some("\"never closed;b"));
    }

    #[test]
    fn setting_keeps_the_place() {
        let mut params = Params::parse(";a=1;b=2");
        params.set("A", "3");
        params.set("c", None);
        assert_eq!(params.to_string(), ";a=3;b=2;c");
        params.remove("B");
        assert_eq!(params.to_string(), ";a=3;c");
        params.set("d\r\n;e", "1\r\n2");
        assert_eq!(params.to_string(), ";a=3;c;de=\"1  2\"");
    }
}

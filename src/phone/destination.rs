//! What a person types to call someone, made into what is dialled.

use std::fmt;

/// A dialled string longer than this is refused.
const LONGEST: usize = 128;

/// What is dialled: a number, or a whole SIP address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destination {
    /// Digits, `*`, `#`, and a leading `+` where one was typed.
    Number(String),
    /// A `sip:` or `sips:` address, as typed.
    Address(String),
}

/// Why what was typed cannot be dialled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DestinationError {
    /// Nothing, or only spaces.
    Empty,
    /// More than 128 characters.
    TooLong,
    /// Letters or signs that no number has.
    NotANumber,
    /// A `sip:` address without a user or host, or with a space in it.
    BrokenAddress,
}

impl Destination {
    /// Reads what a person typed or pasted.
    ///
    /// Accepts the habits of printed numbers: spaces (of any kind), dots, dashes, slashes, brackets, `tel:` (RFC 3966,
    /// its parameters are left out) and the trunk zero of `+33 (0)1 …`, which is not dialled from abroad.
    pub fn parse(typed: &str) -> Result<Self, DestinationError> {
        let typed = typed.trim_matches(|c: char| c.is_whitespace() || is_invisible(c));
        if typed.is_empty() {
            return Err(DestinationError::Empty);
        }
        if typed.chars().count() > LONGEST {
            return Err(DestinationError::TooLong);
        }
        match strip_scheme(typed) {
            (Some("sip" | "sips"), address) => address_of(typed, address),
            (Some("tel"), number) => number_of(number.split(';').next().unwrap_or_default()),
            _ if typed.contains('@') => address_of(&format!("sip:{typed}"), typed),
            _ => number_of(typed),
        }
    }
}

impl fmt::Display for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(text) | Self::Address(text) => f.write_str(text),
        }
    }
}

/// Splits a known scheme off, lower-cased.
fn strip_scheme(typed: &str) -> (Option<&'static str>, &str) {
    for scheme in ["sips", "sip", "tel"] {
        if let Some((head, rest)) = typed.split_once(':')
            && head.eq_ignore_ascii_case(scheme)
        {
            return (Some(scheme), rest);
        }
    }
    (None, typed)
}

fn address_of(whole: &str, address: &str) -> Result<Destination, DestinationError> {
    let clean = |c: char| !c.is_whitespace() && !c.is_control() && !matches!(c, '<' | '>' | '"' | '\\');
    match address.split_once('@') {
        Some((user, host)) if !user.is_empty() && !host.is_empty() && address.chars().all(clean) => {
            Ok(Destination::Address(whole.to_owned()))
        }
        _ => Err(DestinationError::BrokenAddress),
    }
}

fn number_of(typed: &str) -> Result<Destination, DestinationError> {
    // The zero in "+33 (0)1 45…" is dialled inside the country only.
    let international = typed.trim_start().starts_with('+');
    let mut brackets = typed.match_indices('(').map(|(at, _)| at);
    let trunk_zero = brackets.find(|at| international && typed[*at..].starts_with("(0)"));
    let mut number = String::with_capacity(typed.len());
    for (at, c) in typed.char_indices() {
        match c {
            '0' if trunk_zero.is_some_and(|bracket| bracket + 1 == at) => {}
            '0'..='9' | '*' | '#' => number.push(c),
            '+' if number.is_empty() => number.push(c),
            '.' | '-' | '/' | '(' | ')' | '\u{2010}'..='\u{2015}' | '\u{2212}' => {}
            c if c.is_whitespace() || is_invisible(c) => {}
            _ => return Err(DestinationError::NotANumber),
        }
    }
    match number.as_str() {
        "" => Err(DestinationError::Empty),
        "+" => Err(DestinationError::NotANumber),
        _ => Ok(Destination::Number(number)),
    }
}

/// Marks that copying from a web page or a contact brings along unseen.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(typed: &str) -> String {
        match Destination::parse(typed) {
            Ok(Destination::Number(number)) => number,
            other => panic!("{typed:?} gave {other:?}"),
        }
    }

    #[test]
    fn printed_numbers_are_dialled_without_their_ornaments() {
        assert_eq!(number("1002"), "1002");
        assert_eq!(number(" 01 45.00-00/01 "), "0145000001");
        assert_eq!(number("+33 (0)1 45 00 00 01"), "+33145000001");
        assert_eq!(number("+(33)(0)1 45 00 00 (0)1"), "+33145000001");
        assert_eq!(number("(0)1 45 00 00 01"), "0145000001");
        assert_eq!(number("tel:+33-1-45;phone-context=x"), "+33145");
        assert_eq!(number("\u{202a}+33\u{a0}1\u{202c}"), "+331");
        assert_eq!(number("*55"), "*55");
        assert_eq!(number("#31#0145"), "#31#0145");
    }

    #[test]
    fn addresses_are_kept_as_typed() {
        let address = |typed: &str| Destination::parse(typed);
        assert_eq!(address("sip:bob@example.org"), Ok(Destination::Address("sip:bob@example.org".into())));
        assert_eq!(address("SIPS:bob@example.org"), Ok(Destination::Address("SIPS:bob@example.org".into())));
        assert_eq!(address("bob@example.org"), Ok(Destination::Address("sip:bob@example.org".into())));
        assert_eq!(address("sip:bob"), Err(DestinationError::BrokenAddress));
        assert_eq!(address("sip:bob@exa mple"), Err(DestinationError::BrokenAddress));
        assert_eq!(address("bob@x\r\nVia: y"), Err(DestinationError::BrokenAddress));
    }

    #[test]
    fn what_cannot_be_dialled_is_refused_with_its_reason() {
        assert_eq!(Destination::parse(""), Err(DestinationError::Empty));
        assert_eq!(Destination::parse(" \u{a0} "), Err(DestinationError::Empty));
        assert_eq!(Destination::parse("--"), Err(DestinationError::Empty));
        assert_eq!(Destination::parse("alice"), Err(DestinationError::NotANumber));
        assert_eq!(Destination::parse("12<b>"), Err(DestinationError::NotANumber));
        assert_eq!(Destination::parse("1+2"), Err(DestinationError::NotANumber));
        assert_eq!(Destination::parse(&"1".repeat(300)), Err(DestinationError::TooLong));
    }
}

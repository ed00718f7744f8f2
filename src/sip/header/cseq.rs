//! CSeq: the order of requests (RFC 3261 §20.16).

use std::fmt;
use std::str::FromStr;

use super::{HeaderError, Name};
use crate::sip::grammar::{is_token, number};
use crate::sip::method::Method;

/// A sequence number and the method that it counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CSeq {
    /// The number; one of our own is below 2³¹ (RFC 3261 §8.1.1.5).
    pub number: u32,
    /// The method.
    pub method: Method,
}

impl CSeq {
    /// As it is written.
    pub fn value(number: u32, method: &Method) -> String {
        format!("{number} {method}")
    }
}

impl FromStr for CSeq {
    type Err = HeaderError;

    fn from_str(text: &str) -> Result<Self, HeaderError> {
        let read = || {
            let mut parts = text.split_ascii_whitespace();
            let number = number(parts.next()?)?;
            let method = parts.next().filter(|method| is_token(method))?.into();
            parts.next().is_none().then_some(Self { number, method })
        };
        read().ok_or_else(|| HeaderError::unreadable(Name::CSEQ, text))
    }
}

impl fmt::Display for CSeq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&Self::value(self.number, &self.method))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn number_and_method_are_read_and_printed() {
        let cseq: CSeq = "0009\t INVITE ".parse().expect("well formed");
        assert_eq!(cseq, CSeq { number: 9, method: Method::Invite });
        assert_eq!(cseq.to_string(), "9 INVITE");
    }

    #[test]
    fn what_is_no_cseq_is_refused() {
        for text in ["", "1", "INVITE 1", "-1 INVITE", "4294967296 INVITE", "1 INVITE x", "1 IN,VITE"] {
            assert!(text.parse::<CSeq>().is_err(), "{text}");
        }
    }
}

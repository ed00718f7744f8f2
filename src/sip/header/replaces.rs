//! Replaces: the dialog whose place a new call takes (RFC 3891).

use std::fmt;
use std::str::FromStr;

use super::{HeaderError, Name};
use crate::sip::params::Params;

/// A dialog, named from the side of who receives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replaces {
    /// Its Call-ID.
    pub call_id: String,
    /// The receiver's tag.
    pub to_tag: String,
    /// The other side's tag.
    pub from_tag: String,
    /// Only while it is not answered.
    pub early_only: bool,
}

impl FromStr for Replaces {
    type Err = HeaderError;

    fn from_str(text: &str) -> Result<Self, HeaderError> {
        let (call_id, params) = text.split_once(';').unwrap_or((text, ""));
        let params = Params::parse(params);
        match (call_id.trim(), params.get("to-tag"), params.get("from-tag")) {
            (call_id, Some(to_tag), Some(from_tag)) if !call_id.is_empty() => Ok(Self {
                call_id: call_id.to_owned(),
                to_tag: to_tag.to_owned(),
                from_tag: from_tag.to_owned(),
                early_only: params.has("early-only"),
            }),
            _ => Err(HeaderError::unreadable(Name::REPLACES, text)),
        }
    }
}

impl fmt::Display for Replaces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { call_id, to_tag, from_tag, early_only } = self;
        write!(f, "{call_id};to-tag={to_tag};from-tag={from_tag}")?;
        if *early_only { f.write_str(";early-only") } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dialog_is_read_and_printed() {
        let text = "425928@bobster.example.org;to-tag=7743;from-tag=6472;early-only";
        let replaces: Replaces = text.parse().expect("well formed");
        assert_eq!((replaces.to_tag.as_str(), replaces.from_tag.as_str()), ("7743", "6472"));
        assert_eq!(replaces.to_string(), text);
        let other: Replaces = "a ; from-tag=1; to-tag=2".parse().expect("in any order");
        assert_eq!(other.to_string(), "a;to-tag=2;from-tag=1");
    }

    #[test]
    fn without_both_tags_it_names_no_dialog() {
        for text in ["", "a", "a;to-tag=1", "a;from-tag=1", ";to-tag=1;from-tag=2", "a;to-tag;from-tag"] {
            assert!(text.parse::<Replaces>().is_err(), "{text}");
        }
    }
}

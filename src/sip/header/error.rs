//! Why a header field could not be read.

use std::fmt;

use super::Name;
use crate::sip::grammar::excerpt;

/// Why a header field could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HeaderError {
    /// The message lacks it.
    Missing(Name),
    /// Its value makes no sense.
    Unreadable {
        /// Which.
        name: Name,
        /// The beginning of its value.
        value: String,
    },
}

impl HeaderError {
    pub(crate) fn unreadable(name: Name, value: &str) -> Self {
        Self::Unreadable { name, value: excerpt(value) }
    }
}

impl fmt::Display for HeaderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(name) => write!(f, "no {name}"),
            Self::Unreadable { name, value } => write!(f, "unreadable {name}: {value}"),
        }
    }
}

impl std::error::Error for HeaderError {}

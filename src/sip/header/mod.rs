//! Header fields: names, the ordered multimap of them, and a type for each field that the phone reads.
//!
//! To support one more field: a constant in [`name`], and, if it has a structure, a file here and an accessor in
//! `access`.

mod access;
mod alert_info;
pub mod auth;
pub mod contact;
pub mod cseq;
mod diversion;
pub mod error;
mod list;
pub mod name;
pub mod rack;
pub mod reason;
pub mod refer_to;
pub mod replaces;
pub mod retry_after;
pub mod session_expires;
pub mod subscription_state;
pub mod via;
mod warning;

use std::fmt;

pub use auth::{Challenge, Credentials};
pub use contact::Contacts;
pub use cseq::CSeq;
pub use error::HeaderError;
pub(super) use list::Items;
pub use name::Name;
pub use rack::RAck;
pub use reason::Reason;
pub use refer_to::ReferTo;
pub use replaces::Replaces;
pub use retry_after::RetryAfter;
pub use session_expires::{Refresher, SessionExpires};
pub use subscription_state::SubscriptionState;
pub use via::Via;

use super::grammar::one_line;

/// The header fields of a message in order; a name may come more than once (RFC 3261 §7.3).
///
/// No value holds a line end, however it came in, so that no text can add a header field of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Headers(Vec<(Name, String)>);

impl Headers {
    /// None.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// The first value of that name, as it came.
    pub fn get(&self, name: &Name) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Every value of that name, as it came: a value may be a list, see [`Headers::items`].
    pub fn all(&self, name: &Name) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Adds a field at the end. Line ends in the value become spaces.
    pub fn push(&mut self, name: Name, value: impl Into<String>) {
        self.insert(self.0.len(), name, value.into());
    }

    fn insert(&mut self, at: usize, name: Name, value: String) {
        self.0.insert(at, (name, one_line(value)));
    }

    /// Adds a field before all others, as a proxy does with Via. Line ends in the value become spaces.
    pub fn push_front(&mut self, name: Name, value: impl Into<String>) {
        self.insert(0, name, value.into());
    }

    /// Makes this the only field of that name, in the place of the first one, else at the end. Line ends in the value
    /// become spaces.
    pub fn set(&mut self, name: Name, value: impl Into<String>) {
        self.replace(name, value.into());
    }

    fn replace(&mut self, name: Name, value: String) {
        let Some(first) = self.0.iter().position(|(known, _)| *known == name) else {
            return self.push(name, value);
        };
        let (name, _) = self.0.remove(first);
        self.remove(&name);
        self.insert(first, name, value);
    }

    /// Takes every field of that name away.
    pub fn remove(&mut self, name: &Name) {
        self.0.retain(|(known, _)| known != name);
    }

    /// Takes every field away but those of these names, and gives their room back.
    pub fn keep(&mut self, names: &[Name]) {
        self.0.retain(|(known, _)| names.contains(known));
        self.0.shrink_to_fit();
    }

    /// Names and values in order.
    pub fn iter(&self) -> impl Iterator<Item = (&Name, &str)> {
        self.0.iter().map(|(name, value)| (name, value.as_str()))
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many fields there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Continues the last field's value: the next line of a folded one (RFC 3261 §7.3.1).
    pub(super) fn continue_last(&mut self, more: &str) {
        let more = one_line(more.to_owned());
        if let Some((_, value)) = self.0.last_mut()
            && !more.is_empty()
        {
            if !value.is_empty() {
                value.push(' ');
            }
            value.push_str(&more);
        }
    }
}

impl fmt::Display for Headers {
    /// Prints one line for each field. Content-Length is left out: only the message knows it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, value) in self.iter().filter(|(name, _)| **name != Name::CONTENT_LENGTH) {
            f.write_str(name.as_str())?;
            f.write_str(": ")?;
            f.write_str(value)?;
            f.write_str("\r\n")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(fields: &[(&str, &str)]) -> Headers {
        let mut headers = Headers::new();
        for (name, value) in fields {
            headers.push(name.parse().expect("a token"), *value);
        }
        headers
    }

    #[test]
    fn names_match_whatever_their_case_or_length() {
        let headers = headers(&[("v", "1"), ("VIA", "2"), ("x-Own", "3")]);
        assert_eq!(headers.all(&Name::VIA).collect::<Vec<_>>(), ["1", "2"]);
        assert_eq!(headers.get(&"X-OWN".parse().expect("a token")), Some("3"));
        assert_eq!(headers.get(&Name::TO), None);
    }

    #[test]
    fn setting_leaves_one_in_the_first_place() {
        let mut headers = headers(&[("X-A", "1"), ("X-B", "2"), ("x-a", "3"), ("X-C", "4"), ("X-A", "5")]);
        headers.set("x-a".parse().expect("a token"), "6");
        let fields: Vec<_> = headers.iter().map(|(name, value)| format!("{name}{value}")).collect();
        assert_eq!(fields, ["X-A6", "X-B2", "X-C4"]);
        headers.set(Name::TO, "7");
        assert_eq!(headers.len(), 4);
    }

    #[test]
    fn no_value_holds_a_line_end() {
        let mut headers = headers(&[("X-A", "1\r\nVia: evil")]);
        headers.set(Name::TO, "\nx\0");
        headers.push_front(Name::VIA, "a\rb");
        headers.continue_last("y\r\n\r\nz");
        assert_eq!(headers.to_string(), "Via: a b\r\nX-A: 1  Via: evil\r\nTo: x y    z\r\n");
    }
}

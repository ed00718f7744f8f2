//! Addresses with a display name and parameters, as From, To, Contact and Route have them.

use std::fmt::{self, Write};
use std::str::FromStr;

use super::grammar::{find_unquoted, split_quoted, write_quoted};
use super::params::Params;
use super::uri::{Uri, UriError};

/// A `name-addr` or `addr-spec` with the header field's parameters (RFC 3261 §20.10, §25.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameAddr {
    /// The display name, without quotes; `None` also for an empty one.
    pub display_name: Option<String>,
    /// The address.
    pub uri: Uri,
    /// The parameters of the header field, not of the URI.
    pub params: Params,
}

impl NameAddr {
    /// An address alone.
    pub const fn new(uri: Uri) -> Self {
        Self { display_name: None, uri, params: Params::new() }
    }

    /// Reads the address; a URI that cannot be read is kept as [`Uri::unreadable`]. For From and To, where only the
    /// tag is needed to go on.
    pub fn lenient(text: &str) -> Self {
        let parts = Parts::of(text);
        let uri = parts.uri.parse().unwrap_or_else(|_| Uri::unreadable(parts.uri));
        Self { display_name: parts.display_name, uri, params: Params::parse(parts.params) }
    }

    /// The `tag` parameter of an address whose URI may be unreadable.
    pub fn tag_of(text: &str) -> Option<String> {
        let params = Params::parse(Parts::of(text).params);
        params.get("tag").filter(|tag| !tag.is_empty()).map(str::to_owned)
    }

    /// The `tag` parameter (RFC 3261 §19.3); an empty one is none.
    pub fn tag(&self) -> Option<&str> {
        self.params.get("tag").filter(|tag| !tag.is_empty())
    }

    /// The same address with that tag.
    #[must_use]
    pub fn with_tag(mut self, tag: &str) -> Self {
        self.params.set("tag", tag);
        self
    }

    /// The URI's user part, escapes included; empty when there is none.
    pub fn user(&self) -> &str {
        self.uri.user.as_deref().unwrap_or_default()
    }
}

impl FromStr for NameAddr {
    type Err = UriError;

    /// Reads an address. A display name may hold what should be quoted, commas for example, and any UTF-8.
    fn from_str(text: &str) -> Result<Self, UriError> {
        let parts = Parts::of(text);
        let uri = parts.uri.parse()?;
        Ok(Self { display_name: parts.display_name, uri, params: Params::parse(parts.params) })
    }
}

impl fmt::Display for NameAddr {
    /// Prints the address, always in angle brackets: without them its parameters would be the header field's.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(name) = self.display_name.as_deref().filter(|name| !name.is_empty()) {
            write_quoted(f, name)?;
            f.write_char(' ')?;
        }
        f.write_char('<')?;
        self.uri.fmt(f)?;
        f.write_char('>')?;
        self.params.fmt(f)
    }
}

/// An address taken apart, its URI not yet read.
struct Parts<'a> {
    display_name: Option<String>,
    uri: &'a str,
    params: &'a str,
}

impl<'a> Parts<'a> {
    fn of(text: &'a str) -> Self {
        let text = text.trim();
        let (name, rest) = match split_quoted(text) {
            Some((name, rest)) => (Some(name), rest),
            None => (None, text),
        };
        // Without a quoted name, or with a quote that is never closed, the first bracket begins the URI.
        let Some(open) = rest.find('<') else {
            let (uri, params) = split_bare(rest);
            return Self { display_name: name.filter(|name| !name.is_empty()), uri: uri.trim(), params };
        };
        let name = name.unwrap_or_else(|| rest[..open].trim().trim_start_matches('"').to_owned());
        let inner = &rest[open + 1..];
        let (uri, params) = match find_unquoted(inner, b'>').or_else(|| inner.find('>')) {
            Some(close) => (&inner[..close], &inner[close + 1..]),
            // Never closed: better a tag than a parameter of the URI.
            None => split_bare(inner),
        };
        Self { display_name: Some(name).filter(|name| !name.is_empty()), uri: uri.trim(), params }
    }
}

/// RFC 3261 §20.10: without brackets, the parameters belong to the header field.
fn split_bare(text: &str) -> (&str, &str) {
    text.split_at(text.find(';').unwrap_or(text.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> NameAddr {
        let address: NameAddr = text.parse().unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(address.to_string().parse(), Ok(address.clone()), "{text}");
        address
    }

    #[test]
    fn names_quoted_and_bare_are_read() {
        assert_eq!(read(r#""Alice \"A\"" <sip:alice@x>;tag=1"#).display_name.as_deref(), Some("Alice \"A\""));
        assert_eq!(read("Alice A. <sip:alice@x>").display_name.as_deref(), Some("Alice A."));
        assert_eq!(read("<sip:alice@x>").display_name, None);
    }

    #[test]
    fn an_empty_quoted_name_is_none() {
        let address = read(r#""" <sip:alice@x>;tag=1"#);
        assert_eq!(address.display_name, None);
        assert_eq!(address.tag(), Some("1"));
    }

    #[test]
    fn a_comma_may_stand_in_a_bare_name() {
        let address = read("Doe, John <sip:john@x>;tag=2");
        assert_eq!(address.display_name.as_deref(), Some("Doe, John"));
        assert_eq!(address.to_string(), "\"Doe, John\" <sip:john@x>;tag=2");
    }

    #[test]
    fn names_may_be_in_any_script() {
        assert_eq!(read("\"Zoé 日本\" <sip:z@x>").display_name.as_deref(), Some("Zoé 日本"));
        assert_eq!(read("Zoé <sip:z@x>").display_name.as_deref(), Some("Zoé"));
    }

    #[test]
    fn without_brackets_the_parameters_are_the_headers() {
        let address = read("sip:alice@x;tag=3");
        assert_eq!(address.tag(), Some("3"));
        assert!(address.uri.params.is_empty());
        assert_eq!(read("<sip:alice@x;lr>;tag=3").uri.params.get("tag"), None);
    }

    #[test]
    fn brackets_and_semicolons_inside_quotes_are_text() {
        let address = read(r#""<sip:evil@y>;tag=9" <sip:alice@x;p="a>b">;tag=4"#);
        assert_eq!(address.user(), "alice");
        assert_eq!(address.uri.params.get("p"), Some("a%3Eb"));
        assert_eq!(address.tag(), Some("4"));
    }

    #[test]
    fn a_quote_never_closed_is_taken_as_text() {
        assert_eq!(read("\"Alice <sip:alice@x>;tag=5").display_name.as_deref(), Some("Alice"));
        assert_eq!(read("<sip:alice@x;tag=6").tag(), Some("6"));
    }

    #[test]
    fn an_unreadable_uri_is_kept_where_only_the_tag_matters() {
        let address = NameAddr::lenient("\"A\" <what is this>;tag=6");
        assert_eq!(address.tag(), Some("6"));
        assert_eq!(address.uri.to_string(), "what%20is%20this");
        assert!("<what is this>".parse::<NameAddr>().is_err());
    }

    #[test]
    fn a_name_cannot_break_the_line() {
        let mut address = read("<sip:alice@x>");
        address.display_name = Some("A\r\nVia: x".into());
        assert_eq!(address.to_string(), "\"A  Via: x\" <sip:alice@x>");
    }
}

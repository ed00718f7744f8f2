//! Via: the way that responses take back (RFC 3261 §20.42).

use std::fmt::{self, Write};
use std::str::FromStr;

use super::{HeaderError, Name};
use crate::sip::grammar::is_token;
use crate::sip::params::Params;
use crate::sip::uri::split_host_port;

/// One hop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Via {
    /// `WS`, `WSS`, `UDP`, …, as it came.
    pub transport: String,
    /// Who sent the request: name or address.
    pub host: String,
    /// Its port, where one is given.
    pub port: Option<u16>,
    /// The parameters.
    pub params: Params,
}

impl Via {
    /// A hop with that branch, for a request of our own.
    pub fn new(transport: &str, host: &str, branch: &str) -> Self {
        Self {
            transport: transport.to_owned(),
            host: host.to_owned(),
            port: None,
            params: Params::new().with("branch", branch),
        }
    }

    /// What names the transaction (RFC 3261 §17.1.3); empty when there is none.
    pub fn branch(&self) -> &str {
        self.params.get("branch").unwrap_or_default()
    }
}

impl FromStr for Via {
    type Err = HeaderError;

    fn from_str(text: &str) -> Result<Self, HeaderError> {
        read(text).ok_or_else(|| HeaderError::unreadable(Name::VIA, text))
    }
}

/// `SIP/2.0/WSS host:port;params`, white space allowed around each slash (RFC 4475 §3.1.1.1).
fn read(text: &str) -> Option<Via> {
    let (name, rest) = text.split_once('/')?;
    let (version, rest) = rest.split_once('/')?;
    if !name.trim().eq_ignore_ascii_case("SIP") || version.trim() != "2.0" {
        return None;
    }
    let (transport, sent_by) = rest.trim_start().split_once(|c: char| c.is_ascii_whitespace())?;
    let (sent_by, params) = match sent_by.split_once(';') {
        Some((sent_by, params)) => (sent_by, Params::parse(params)),
        None => (sent_by, Params::new()),
    };
    let (host, port) = split_host_port(sent_by).ok()?;
    is_token(transport).then(|| Via { transport: transport.to_owned(), host: host.to_owned(), port, params })
}

impl fmt::Display for Via {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SIP/2.0/")?;
        f.write_str(&self.transport)?;
        f.write_char(' ')?;
        f.write_str(&self.host)?;
        if let Some(port) = self.port {
            write!(f, ":{port}")?;
        }
        self.params.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn via(text: &str) -> Via {
        text.parse().unwrap_or_else(|error| panic!("{error}"))
    }

    #[test]
    fn hops_are_read_and_printed() {
        let text = "SIP/2.0/WSS df7jal23ls0d.invalid;branch=z9hG4bK56sdasks;rport";
        let hop = via(text);
        assert_eq!((hop.transport.as_str(), hop.host.as_str()), ("WSS", "df7jal23ls0d.invalid"));
        assert_eq!(hop.branch(), "z9hG4bK56sdasks");
        assert!(hop.params.has("rport"));
        assert_eq!(hop.to_string(), text);
        assert_eq!(
            Via::new("WS", "a.invalid", "z9hG4bK1").to_string(),
            "SIP/2.0/WS a.invalid;branch=z9hG4bK1"
        );
    }

    #[test]
    fn white_space_and_addresses_of_every_kind_are_read() {
        let hop = via("SIP  / 2.0\t/ UDP   [2001:db8::9]:5070 ; branch = z9hG4bKx ;received=2001:db8::9");
        assert_eq!((hop.host.as_str(), hop.port), ("[2001:db8::9]", Some(5070)));
        assert_eq!(hop.branch(), "z9hG4bKx");
        assert_eq!(hop.params.get("received"), Some("2001:db8::9"));
        assert_eq!(via("SIP/2.0/WS 0a1b2c3d4e5f;branch=1").host, "0a1b2c3d4e5f");
    }

    #[test]
    fn what_is_no_hop_is_refused() {
        for text in
            ["", "SIP/2.0/WS", "SIP/2.0/WS ;branch=1", "HTTP/1.1/WS x", "SIP/3.0/WS x", "SIP/2.0/W,S x"]
        {
            assert_eq!(text.parse::<Via>(), Err(HeaderError::unreadable(Name::VIA, text)));
        }
    }
}

//! URIs: read and print; comparing and escaping have files of their own.

mod compare;
mod escape;
mod headers;

use std::fmt::{self, Write};
use std::str::FromStr;

use self::escape::{escape, escape_user, unescape, write_escaped};
use super::grammar::{excerpt, find_unquoted, number};
pub use super::name_addr::NameAddr;
pub use super::params::Params;

/// What stands before the first colon of a URI.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scheme {
    /// `sip:`
    Sip,
    /// `sips:`
    Sips,
    /// `tel:` (RFC 3966); the number is the [`Uri::user`], there is no host.
    Tel,
    /// Any other, in lower case; all that follows the colon is the [`Uri::host`], unread. Empty for a text that is
    /// no URI at all, see [`Uri::unreadable`].
    Other(String),
}

/// A URI (RFC 3261 §19.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Uri {
    /// The scheme.
    pub scheme: Scheme,
    /// The user part as it stands in the URI, escapes included; [`Uri::user_text`] reads them.
    pub user: Option<String>,
    /// The password, which nobody should use (RFC 3261 §19.1.1).
    pub password: Option<String>,
    /// Host name, IPv4 address, or IPv6 address in brackets.
    pub host: String,
    /// The port, where one is given.
    pub port: Option<u16>,
    /// The parameters, escapes included.
    pub params: Params,
    /// What stands after the question mark, unread.
    pub headers: Option<String>,
}

/// A text that is no URI.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UriError {
    /// What is wrong with it.
    pub problem: &'static str,
    /// Its beginning.
    pub text: String,
}

impl Uri {
    /// A `sip:` URI. What may not stand in the user part is escaped.
    pub fn sip(user: Option<&str>, host: &str) -> Self {
        Self {
            scheme: Scheme::Sip,
            user: user.map(escape_user),
            password: None,
            host: host.to_owned(),
            port: None,
            params: Params::new(),
            headers: None,
        }
    }

    /// Keeps a text that is no URI as it came, where dropping the whole message for it would be worse.
    pub fn unreadable(text: &str) -> Self {
        Self { scheme: Scheme::Other(String::new()), ..Self::sip(None, &escape(text, OPAQUE)) }
    }

    /// Whether this is no URI but a text kept as it came.
    pub fn is_unreadable(&self) -> bool {
        match &self.scheme {
            Scheme::Sip | Scheme::Sips | Scheme::Tel => false,
            Scheme::Other(scheme) => scheme.is_empty(),
        }
    }

    /// The user part for people: escapes read. Empty when there is none.
    pub fn user_text(&self) -> String {
        unescape(self.user.as_deref().unwrap_or_default())
    }

    /// In angle brackets, as header fields have it.
    pub fn in_brackets(&self) -> String {
        format!("<{self}>")
    }

    /// Reads what follows `sip:` or `sips:`. A quote that nothing closes is a sign like others, which has to be escaped.
    fn parse_sip(scheme: Scheme, rest: &str) -> Result<Self, &'static str> {
        Self::split_sip(scheme.clone(), rest).or_else(|_| Self::split_sip(scheme, &escape(rest, OPAQUE)))
    }

    fn split_sip(scheme: Scheme, rest: &str) -> Result<Self, &'static str> {
        let (userinfo, rest) = match find_unquoted(rest, b'@') {
            Some(at) => (Some(&rest[..at]), &rest[at + 1..]),
            None => (None, rest),
        };
        let (user, password) = match userinfo {
            None => (None, None),
            Some(info) => match info.split_once(':') {
                Some((user, password)) => (Some(escape(user, USER)), Some(escape(password, PASSWORD))),
                None => (Some(escape(info, USER)), None),
            },
        };
        let (rest, headers) = match find_unquoted(rest, b'?') {
            Some(at) => (&rest[..at], Some(escape(&rest[at + 1..], HEADERS))),
            None => (rest, None),
        };
        let (hostport, params) = split_params(rest);
        let (host, port) = split_host_port(hostport)?;
        Ok(Self { scheme, user, password, host: host.to_owned(), port, params, headers })
    }
}

impl FromStr for Uri {
    type Err = UriError;

    /// Reads a URI. Lenient where peers are known to be careless: host labels may begin with a digit or hold an
    /// underscore, a user part may hold `#`, parameters may be quoted.
    fn from_str(text: &str) -> Result<Self, UriError> {
        let error = |problem| UriError { problem, text: excerpt(text) };
        let (scheme, rest) = text.trim().split_once(':').ok_or_else(|| error("no scheme"))?;
        if !is_scheme(scheme) {
            return Err(error("no scheme"));
        }
        if scheme.eq_ignore_ascii_case("sip") {
            Self::parse_sip(Scheme::Sip, rest).map_err(error)
        } else if scheme.eq_ignore_ascii_case("sips") {
            Self::parse_sip(Scheme::Sips, rest).map_err(error)
        } else if scheme.eq_ignore_ascii_case("tel") {
            let (number, params) = split_params(rest);
            let user = Some(escape(number.trim(), USER));
            Ok(Self { scheme: Scheme::Tel, user, params, ..Self::sip(None, "") })
        } else {
            let scheme = Scheme::Other(scheme.to_ascii_lowercase());
            Ok(Self { scheme, ..Self::sip(None, &escape(rest, OPAQUE)) })
        }
    }
}

impl fmt::Display for Uri {
    /// Prints the URI. What would end it early, or end the line it stands in, is escaped.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.scheme {
            Scheme::Sip => f.write_str("sip:")?,
            Scheme::Sips => f.write_str("sips:")?,
            Scheme::Tel => {
                f.write_str("tel:")?;
                write_escaped(f, self.user.as_deref().unwrap_or_default(), USER)?;
                return write_params(f, &self.params);
            }
            Scheme::Other(scheme) => {
                if !scheme.is_empty() {
                    write_escaped(f, scheme, USER)?;
                    f.write_char(':')?;
                }
                return write_escaped(f, &self.host, OPAQUE);
            }
        }
        if let Some(user) = &self.user {
            write_escaped(f, user, USER)?;
            if let Some(password) = &self.password {
                f.write_char(':')?;
                write_escaped(f, password, PASSWORD)?;
            }
            f.write_char('@')?;
        }
        write_escaped(f, &self.host, HOST)?;
        if let Some(port) = self.port {
            write!(f, ":{port}")?;
        }
        write_params(f, &self.params)?;
        if let Some(headers) = &self.headers {
            f.write_char('?')?;
            write_escaped(f, headers, HEADERS)?;
        }
        Ok(())
    }
}

impl fmt::Display for UriError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not a URI ({}): {}", self.problem, self.text)
    }
}

impl std::error::Error for UriError {}

/// Splits `host[:port]`, the host being checked for what no host can hold. An empty port is no port.
pub(super) fn split_host_port(text: &str) -> Result<(&str, Option<u16>), &'static str> {
    let text = text.trim();
    // The colons of an IPv6 address are inside its brackets.
    let after_brackets = text.rfind(']').map_or(0, |at| at + 1);
    let (host, port) = match text[after_brackets..].find(':') {
        Some(at) => (text[..after_brackets + at].trim_end(), text[after_brackets + at + 1..].trim_start()),
        None => (text, ""),
    };
    if !is_host(host) {
        return Err("broken host");
    }
    match port {
        "" => Ok((host, None)),
        port => number(port).map(|port| (host, Some(port))).ok_or("broken port"),
    }
}

/// Any name a careless administrator may have given, or an address; nothing that would end it.
fn is_host(host: &str) -> bool {
    if let Some(address) = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        // A zone (`%25eth0`) means something on one machine only: RFC 6874 keeps it out of what is sent.
        return !address.is_empty()
            && address.bytes().all(|byte| byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.'));
    }
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_') || byte >= 0x80;
    !host.is_empty()
        && host.bytes().all(plain)
        && (host.is_ascii() || !host.chars().any(|c| c.is_whitespace() || c.is_control()))
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
}

/// Splits the parameters off. A value that came in quotes, which no URI has, gets escapes instead.
fn split_params(text: &str) -> (&str, Params) {
    match text.split_once(';') {
        Some((before, params)) => (before, Params::parse(params).map_values(|value| escape(value, PARAM))),
        None => (text, Params::new()),
    }
}

fn write_params(out: &mut dyn Write, params: &Params) -> fmt::Result {
    for (name, value) in params.iter() {
        out.write_char(';')?;
        out.write_str(name)?;
        if let Some(value) = value {
            out.write_char('=')?;
            write_escaped(out, value, PARAM)?;
        }
    }
    Ok(())
}

/// What has to be escaped in each part, besides what has to be everywhere.
const USER: &str = "@:\\";
const PASSWORD: &str = "@\\";
const HOST: &str = "@;?,\\";
const PARAM: &str = "@;?,=\\";
const HEADERS: &str = "@";
const OPAQUE: &str = "";

#[cfg(test)]
mod tests;

//! URIs: read, print, compare.

use std::fmt::{self, Write};
use std::str::FromStr;

use super::grammar::{excerpt, find_unquoted};
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

    /// Whether both name the same resource (RFC 3261 §19.1.4).
    pub fn equivalent(&self, other: &Self) -> bool {
        let text = |text: &Option<String>| text.as_deref().map(unescape);
        self.scheme == other.scheme
            && text(&self.user) == text(&other.user)
            && text(&self.password) == text(&other.password)
            && self.host.eq_ignore_ascii_case(&other.host)
            && self.port == other.port
            && params_match(&self.params, &other.params)
            && sorted_headers(self) == sorted_headers(other)
    }

    /// Reads what follows `sip:` or `sips:`.
    fn parse_sip(scheme: Scheme, rest: &str) -> Result<Self, &'static str> {
        let (userinfo, rest) = match find_unquoted(rest, b"@") {
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
        let (rest, headers) = match find_unquoted(rest, b"?") {
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
        port => port.parse().map(|port| (host, Some(port))).map_err(|_| "broken port"),
    }
}

/// Any name a careless administrator may have given, or an address; nothing that would end it.
fn is_host(host: &str) -> bool {
    if let Some(address) = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        return !address.is_empty()
            && address.bytes().all(|byte| byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.'));
    }
    !host.is_empty()
        && host
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_') || byte >= 0x80)
        && !host.chars().any(|c| c.is_whitespace() || c.is_control())
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

fn write_params(out: &mut impl Write, params: &Params) -> fmt::Result {
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

/// Escapes what would end the URI: white space, controls, brackets and quotes, and the bytes of `also`. A percent sign
/// stays, for it begins an escape; so does `#`, which peers send unescaped and look for in what comes back.
fn write_escaped(out: &mut impl Write, text: &str, also: &str) -> fmt::Result {
    let must_go =
        |byte: u8| matches!(byte, 0..=b' ' | b'<' | b'>' | b'"' | 0x7f) || also.as_bytes().contains(&byte);
    let mut clean_from = 0;
    for (at, byte) in text.bytes().enumerate() {
        // Only ASCII goes, so both ends of a clean run are between characters.
        if must_go(byte) {
            out.write_str(&text[clean_from..at])?;
            out.write_char('%')?;
            out.write_char(hex_digit(byte >> 4))?;
            out.write_char(hex_digit(byte & 15))?;
            clean_from = at + 1;
        }
    }
    out.write_str(&text[clean_from..])
}

fn escape(text: &str, also: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    // Writing to a String cannot fail.
    let _ = write_escaped(&mut escaped, text, also);
    escaped
}

/// Makes a user part of any text: here a percent sign means itself, and `#` is escaped as the grammar wants.
fn escape_user(text: &str) -> String {
    let text = text.replace('%', "%25").replace('#', "%23");
    escape(&text, "@:\\;?/,")
}

fn hex_digit(half: u8) -> char {
    char::from(b"0123456789ABCDEF"[usize::from(half & 15)])
}

/// Reads `%41` as `A`. What is no escape, or would not be UTF-8, stays as it is.
fn unescape(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let digit = |offset: usize| bytes.get(at + offset).and_then(|byte| char::from(*byte).to_digit(16));
        match (bytes[at], digit(1), digit(2)) {
            (b'%', Some(high), Some(low)) => {
                out.push((high << 4 | low) as u8);
                at += 3;
            }
            (byte, _, _) => {
                out.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8(out).unwrap_or_else(|_| text.to_owned())
}

/// RFC 3261 §19.1.4: a parameter in both must match; `user`, `ttl`, `method` and `maddr` must be in both or in none.
fn params_match(one: &Params, other: &Params) -> bool {
    // Sorted, so that thousands of parameters are no more than thousands of comparisons.
    let sorted = |params: &Params| {
        let mut sorted: Vec<(String, Option<String>)> = params
            .iter()
            .map(|(name, value)| {
                (unescape(name).to_ascii_lowercase(), value.map(|v| unescape(v).to_ascii_lowercase()))
            })
            .collect();
        sorted.sort();
        sorted.dedup_by(|later, first| later.0 == first.0);
        sorted
    };
    let (one, other) = (sorted(one), sorted(other));
    let covers = |these: &[(String, Option<String>)], those: &[(String, Option<String>)]| {
        these.iter().all(|(name, value)| match those.binary_search_by(|(known, _)| known.cmp(name)) {
            Ok(found) => those[found].1 == *value,
            Err(_) => !matches!(name.as_str(), "user" | "ttl" | "method" | "maddr"),
        })
    };
    covers(&one, &other) && covers(&other, &one)
}

/// The headers of a URI in an order of their own: all must match, but not their order.
fn sorted_headers(uri: &Uri) -> Vec<(String, String)> {
    let mut headers: Vec<_> = uri
        .headers
        .iter()
        .flat_map(|headers| headers.split('&'))
        .map(|header| header.split_once('=').unwrap_or((header, "")))
        .map(|(name, value)| (unescape(name).to_ascii_lowercase(), unescape(value)))
        .collect();
    headers.sort();
    headers
}

#[cfg(test)]
mod tests;

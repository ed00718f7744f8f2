//! When two URIs name the same resource (RFC 3261 §19.1.4).

use std::net::Ipv6Addr;

use super::escape::unescape;
use super::{Params, Scheme, Uri};

impl Uri {
    /// Whether both name the same resource (RFC 3261 §19.1.4).
    pub fn equivalent(&self, other: &Self) -> bool {
        let text = |text: &Option<String>| text.as_deref().map(unescape);
        let user = |uri: &Self| match uri.scheme {
            Scheme::Tel => Some(bare_number(&uri.user_text())),
            Scheme::Sip | Scheme::Sips | Scheme::Other(_) => text(&uri.user),
        };
        self.scheme == other.scheme
            && user(self) == user(other)
            && text(&self.password) == text(&other.password)
            && is_same_host(&self.host, &other.host)
            && self.port == other.port
            && params_match(&self.params, &other.params)
            && sorted_headers(self) == sorted_headers(other)
    }
}

/// RFC 5954 §4.2: addresses are compared as numbers, for each can be written in many ways.
fn is_same_host(one: &str, other: &str) -> bool {
    let address = |host: &str| host.strip_prefix('[')?.strip_suffix(']')?.parse::<Ipv6Addr>().ok();
    one.eq_ignore_ascii_case(other) || address(one).is_some_and(|one| address(other) == Some(one))
}

/// RFC 3966 §4: what is there for the eye does not count, nor the case of hexadecimal digits.
fn bare_number(number: &str) -> String {
    number.chars().filter(|c| !matches!(c, '-' | '.' | '(' | ')')).map(|c| c.to_ascii_lowercase()).collect()
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

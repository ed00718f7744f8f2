//! Challenges and credentials of digest authentication (RFC 7616 §3.3, §3.4; RFC 3261 §20.7, §20.44).

use std::fmt;

use crate::sip::grammar::write_quoted;
use crate::sip::params::Params;

/// The hash of a digest, with or without `-sess`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Algorithm {
    /// The hash.
    pub hash: Hash,
    /// `-sess`: the password's hash is mixed with the nonces once (RFC 7616 §3.4.2).
    pub session: bool,
}

/// A hash function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hash {
    /// `MD5`, also when nothing is said.
    Md5,
    /// `SHA-256`.
    Sha256,
    /// One that we cannot compute, as it came.
    Other(String),
}

/// What a server asks for: one WWW-Authenticate or Proxy-Authenticate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Challenge {
    /// The protection domain.
    pub realm: String,
    /// The server's nonce.
    pub nonce: String,
    /// To be given back as it is.
    pub opaque: Option<String>,
    /// The hash; `None` when nothing is said, which means MD5.
    pub algorithm: Option<Algorithm>,
    /// The qualities of protection offered; empty: that of RFC 2069, without counter and client nonce.
    pub qop: Vec<String>,
    /// The password was right, the nonce too old: try again with this one.
    pub stale: bool,
    /// The user name may be sent as a hash (RFC 7616 §3.4.4).
    pub userhash: bool,
}

/// The answer: one Authorization or Proxy-Authorization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credentials {
    /// Who; a hash of it with `userhash`.
    pub username: String,
    /// The user name is a hash (RFC 7616 §3.4.4).
    pub userhash: bool,
    /// The protection domain.
    pub realm: String,
    /// The server's nonce.
    pub nonce: String,
    /// The URI that was hashed.
    pub uri: String,
    /// The hash over all of it, in hexadecimal.
    pub response: String,
    /// As in the challenge.
    pub algorithm: Option<Algorithm>,
    /// As in the challenge.
    pub opaque: Option<String>,
    /// What came with the quality of protection; `None`: that of RFC 2069.
    pub protection: Option<Protection>,
}

/// The quality of protection that was chosen, and what it needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Protection {
    /// `auth` or `auth-int`.
    pub qop: String,
    /// The client's nonce.
    pub cnonce: String,
    /// How often the server's nonce was used, this time included.
    pub nc: u32,
}

impl Algorithm {
    fn parse(name: &str) -> Self {
        let (hash, session) = match name.len().checked_sub(5).and_then(|at| name.split_at_checked(at)) {
            Some((hash, suffix)) if suffix.eq_ignore_ascii_case("-sess") => (hash, true),
            _ => (name, false),
        };
        let hash = if hash.eq_ignore_ascii_case("MD5") {
            Hash::Md5
        } else if hash.eq_ignore_ascii_case("SHA-256") {
            Hash::Sha256
        } else {
            Hash::Other(hash.to_owned())
        };
        Self { hash, session }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match &self.hash {
            Hash::Md5 => "MD5",
            Hash::Sha256 => "SHA-256",
            Hash::Other(name) => name,
        })?;
        f.write_str(if self.session { "-sess" } else { "" })
    }
}

impl Challenge {
    /// Reads one; `None` when it is not for a digest, or lacks realm or nonce.
    pub fn parse(value: &str) -> Option<Self> {
        let params = digest_params(value)?;
        let text = |name| params.get(name).map(str::to_owned);
        Some(Self {
            realm: text("realm")?,
            nonce: text("nonce")?,
            opaque: text("opaque"),
            algorithm: params.get("algorithm").map(Algorithm::parse),
            qop: params.get("qop").map(split_qop).unwrap_or_default(),
            stale: is_true(&params, "stale"),
            userhash: is_true(&params, "userhash"),
        })
    }
}

impl fmt::Display for Challenge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Digest realm=")?;
        write_quoted(f, &self.realm)?;
        write_named(f, "nonce", &self.nonce)?;
        if let Some(opaque) = &self.opaque {
            write_named(f, "opaque", opaque)?;
        }
        if let Some(algorithm) = &self.algorithm {
            write!(f, ", algorithm={algorithm}")?;
        }
        if !self.qop.is_empty() {
            write_named(f, "qop", &self.qop.join(","))?;
        }
        f.write_str(if self.stale { ", stale=true" } else { "" })?;
        f.write_str(if self.userhash { USERHASH } else { "" })
    }
}

impl Credentials {
    /// Reads them; `None` when they are not for a digest, or incomplete.
    pub fn parse(value: &str) -> Option<Self> {
        let params = digest_params(value)?;
        let text = |name| params.get(name).map(str::to_owned);
        let protection = match text("qop") {
            None => None,
            Some(qop) => Some(Protection {
                qop,
                cnonce: text("cnonce")?,
                nc: u32::from_str_radix(params.get("nc")?, 16).ok()?,
            }),
        };
        Some(Self {
            username: text("username")?,
            userhash: is_true(&params, "userhash"),
            realm: text("realm")?,
            nonce: text("nonce")?,
            uri: text("uri")?,
            response: text("response")?,
            algorithm: params.get("algorithm").map(Algorithm::parse),
            opaque: text("opaque"),
            protection,
        })
    }
}

impl fmt::Display for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Digest username=")?;
        write_quoted(f, &self.username)?;
        write_named(f, "realm", &self.realm)?;
        write_named(f, "nonce", &self.nonce)?;
        write_named(f, "uri", &self.uri)?;
        write_named(f, "response", &self.response)?;
        if let Some(algorithm) = &self.algorithm {
            write!(f, ", algorithm={algorithm}")?;
        }
        if let Some(opaque) = &self.opaque {
            write_named(f, "opaque", opaque)?;
        }
        if let Some(Protection { qop, cnonce, nc }) = &self.protection {
            // RFC 3261 §25.1: qop and nc stand without quotes.
            write!(f, ", qop={qop}, nc={nc:08x}")?;
            write_named(f, "cnonce", cnonce)?;
        }
        f.write_str(if self.userhash { USERHASH } else { "" })
    }
}

fn write_named(f: &mut fmt::Formatter<'_>, name: &str, value: &str) -> fmt::Result {
    write!(f, ", {name}=")?;
    write_quoted(f, value)
}

/// The parameters after the word `Digest`.
pub(in crate::sip) fn digest_params(value: &str) -> Option<Params> {
    let (scheme, params) = value.trim().split_once(|c: char| c.is_ascii_whitespace())?;
    scheme.eq_ignore_ascii_case("Digest").then(|| Params::parse_separated(params, b','))
}

const USERHASH: &str = ", userhash=true";

fn is_true(params: &Params, name: &str) -> bool {
    params.get(name).is_some_and(|value| value.eq_ignore_ascii_case("true"))
}

fn split_qop(list: &str) -> Vec<String> {
    list.split(',').map(str::trim).filter(|qop| !qop.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn challenges_are_read_and_printed() {
        let text = "Digest realm=\"a \\\"b\\\"\", nonce=\"n=,1\", opaque=\"\", algorithm=SHA-256-sess, \
                    qop=\"auth,auth-int\", stale=true, userhash=true";
        let challenge = Challenge::parse(text).expect("a digest");
        assert_eq!(challenge.realm, "a \"b\"");
        assert_eq!(challenge.nonce, "n=,1");
        assert_eq!(challenge.algorithm, Some(Algorithm { hash: Hash::Sha256, session: true }));
        assert_eq!(challenge.qop, ["auth", "auth-int"]);
        assert!(challenge.stale);
        assert_eq!(challenge.to_string(), text);
    }

    #[test]
    fn challenges_of_the_careless_are_read() {
        let challenge =
            Challenge::parse("dIGEST  realm=asterisk,nonce=1 , ALGORITHM=md5,qop=auth,stale=FALSE,x");
        let challenge = challenge.expect("a digest");
        assert_eq!((challenge.realm.as_str(), challenge.nonce.as_str()), ("asterisk", "1"));
        assert_eq!(challenge.algorithm, Some(Algorithm { hash: Hash::Md5, session: false }));
        assert!(!challenge.stale);
    }

    #[test]
    fn what_is_no_digest_is_left_out() {
        for text in ["", "Digest", "Basic realm=\"x\"", "Digest realm=\"x\"", "Digest nonce=\"x\""] {
            assert_eq!(Challenge::parse(text), None, "{text}");
        }
        assert_eq!(Credentials::parse("Digest username=\"a\""), None);
    }

    #[test]
    fn credentials_are_read_and_printed() {
        let text = "Digest username=\"a\", realm=\"r\", nonce=\"n\", uri=\"sip:x\", response=\"00\", algorithm=MD5, \
                    opaque=\"o\", qop=auth, nc=0000000a, cnonce=\"c\"";
        let credentials = Credentials::parse(text).expect("a digest");
        assert_eq!(credentials.protection.as_ref().map(|protection| protection.nc), Some(10));
        assert_eq!(credentials.to_string(), text);
    }
}

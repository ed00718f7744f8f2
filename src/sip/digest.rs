//! Digest authentication: challenge to credentials, and the server's check of them.
//!
//! RFC 7616 with the hashes that RFC 8760 brings to SIP, as far as [`enum@Hash`] goes; a challenge without `qop` is
//! answered as RFC 2069 did, for RFC 3261 §22.4 wants that.

use md5::Md5;
use sha2::{Digest, Sha256};

use super::header::auth::{Algorithm, Challenge, Credentials, Hash, Protection};
use super::method::Method;
use crate::secret::Secret;

/// Who asks, and how he proves it.
#[derive(Clone, Copy, Debug)]
pub struct Login<'a> {
    /// The name of the account.
    pub username: &'a str,
    /// Its password.
    pub password: &'a Secret,
}

/// Answers the strongest of the challenges of the first one's realm: the value of Authorization (401) or Proxy-Authorization (407); `None` when
/// there is none with a hash and a quality of protection that we know.
///
/// `uri` is the Request-URI as it is sent. `nc` says how often the challenge's nonce has been used, this time
/// included: 1 for a new one. `cnonce` is a fresh token, or the same as long as the nonce is.
pub fn authorize(
    challenges: &[Challenge],
    login: Login<'_>,
    method: &Method,
    uri: &str,
    body: &str,
    cnonce: &str,
    nc: u32,
) -> Option<Credentials> {
    let (challenge, qop) = strongest(challenges, &challenges.first()?.realm)?;
    let username = if challenge.userhash {
        // RFC 7616 §3.4.4.
        hash_of(challenge.algorithm.as_ref())?(&[login.username, &challenge.realm])
    } else {
        login.username.to_owned()
    };
    let mut credentials = Credentials {
        username,
        userhash: challenge.userhash,
        realm: challenge.realm.clone(),
        nonce: challenge.nonce.clone(),
        uri: uri.to_owned(),
        response: String::new(),
        algorithm: challenge.algorithm.clone(),
        opaque: challenge.opaque.clone(),
        protection: qop.map(|qop| Protection { qop, cnonce: cnonce.to_owned(), nc }),
    };
    credentials.response = response(&credentials, login, method, Some(body))?;
    Some(credentials)
}

/// Whether the credentials are right for that password: the server's side.
///
/// Only the hash is checked. That the nonce is one of ours, the counter has grown and the URI is the request's is
/// the caller's business. `auth-int` and `userhash` are not offered, and not accepted.
pub fn verify(credentials: &Credentials, method: &Method, password: &Secret) -> bool {
    let login = Login { username: &credentials.username, password };
    let Some(expected) = response(credentials, login, method, None) else {
        return false;
    };
    // Every byte is looked at, so that the time tells nothing of how far a guess was right.
    let given = credentials.response.as_bytes();
    let difference =
        expected.bytes().zip(given).fold(0, |sum, (one, other)| sum | (one ^ other.to_ascii_lowercase()));
    difference == 0 && given.len() == expected.len()
}

/// The first challenge of a realm with the strongest hash, and what to say for its quality of protection: RFC 8760 §2.4
/// has the topmost taken that is known, unless a policy says otherwise. Ours is not to be talked into a weaker one.
pub(super) fn strongest<'a>(
    challenges: &'a [Challenge],
    realm: &str,
) -> Option<(&'a Challenge, Option<String>)> {
    let mut best: Option<(u8, &Challenge, Option<String>)> = None;
    for challenge in challenges.iter().filter(|challenge| challenge.realm == realm) {
        if let (Some(strength), Some(qop)) = (strength(challenge), chosen_qop(challenge))
            && best.as_ref().is_none_or(|(strongest, ..)| strength > *strongest)
        {
            best = Some((strength, challenge, qop));
        }
    }
    best.map(|(_, challenge, qop)| (challenge, qop))
}

fn strength(challenge: &Challenge) -> Option<u8> {
    match challenge.algorithm.as_ref().map(|algorithm| &algorithm.hash) {
        None | Some(Hash::Md5) => Some(1),
        Some(Hash::Sha256) => Some(2),
        Some(Hash::Other(_)) => None,
    }
}

/// What to say for `qop`: `Some(None)` where the challenge has none, `None` where it has none that we know.
fn chosen_qop(challenge: &Challenge) -> Option<Option<String>> {
    if challenge.qop.is_empty() {
        // RFC 7616 §3.4.2: a session needs a client nonce, which only comes with a qop.
        return (!is_session(challenge.algorithm.as_ref())).then_some(None);
    }
    ["auth", "auth-int"]
        .into_iter()
        .find(|known| challenge.qop.iter().any(|offered| offered.eq_ignore_ascii_case(known)))
        .map(|known| Some(known.to_owned()))
}

fn is_session(algorithm: Option<&Algorithm>) -> bool {
    algorithm.is_some_and(|algorithm| algorithm.session)
}

/// The response of RFC 7616 §3.4.1; `None` where hash or quality of protection are unknown, or the body is needed
/// and not given.
fn response(
    credentials: &Credentials,
    login: Login<'_>,
    method: &Method,
    body: Option<&str>,
) -> Option<String> {
    let Credentials { realm, nonce, uri, algorithm, protection, .. } = credentials;
    let hash = hash_of(algorithm.as_ref())?;
    let mut secret = hash(&[login.username, realm, login.password.expose()]);
    if is_session(algorithm.as_ref()) {
        secret = hash(&[&secret, nonce, &protection.as_ref()?.cnonce]);
    }
    let Some(Protection { qop, cnonce, nc }) = protection else {
        return Some(hash(&[&secret, nonce, &hash(&[method.as_str(), uri])]));
    };
    let request = if qop.eq_ignore_ascii_case("auth") {
        hash(&[method.as_str(), uri])
    } else if qop.eq_ignore_ascii_case("auth-int") {
        hash(&[method.as_str(), uri, &hash(&[body?])])
    } else {
        return None;
    };
    Some(hash(&[&secret, nonce, &format!("{nc:08x}"), cnonce, qop, &request]))
}

/// A hash over parts with colons between, in lower-case hexadecimal.
type HashOf = fn(&[&str]) -> String;

/// The hash that is asked for; `None` when it is one that we do not know.
fn hash_of(algorithm: Option<&Algorithm>) -> Option<HashOf> {
    match algorithm.map(|algorithm| &algorithm.hash) {
        None | Some(Hash::Md5) => Some(md5),
        Some(Hash::Sha256) => Some(sha256),
        Some(Hash::Other(_)) => None,
    }
}

fn md5(parts: &[&str]) -> String {
    hexadecimal(&Md5::digest(joined(parts)))
}

fn sha256(parts: &[&str]) -> String {
    hexadecimal(&Sha256::digest(joined(parts)))
}

fn joined(parts: &[&str]) -> String {
    let mut joined = String::new();
    for part in parts {
        joined.push_str(part);
        joined.push(':');
    }
    joined.pop();
    joined
}

fn hexadecimal(bytes: &[u8]) -> String {
    let digit = |half: u8| char::from(b"0123456789abcdef"[usize::from(half & 15)]);
    let mut text = String::new();
    for byte in bytes {
        text.push(digit(byte >> 4));
        text.push(digit(*byte));
    }
    text
}

#[cfg(test)]
mod tests;

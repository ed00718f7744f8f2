//! The STUN and TURN servers that pages are told of, and the credentials that TURN servers take for a while.
//!
//! A server that shares a secret with us takes the credentials of "A REST API For Access To TURN Services"
//! (draft-uberti-behave-turn-rest-00 §2.2): the user name is `EXPIRY:LOGIN`, the password its HMAC-SHA1.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_lc_rs::hmac;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde::Deserialize;
use xc_webrtc::cti::message::{IceConfig, IceServer};
use xc_webrtc::secret::Secret;

/// How long credentials are good for where nobody said it, in seconds.
const USUAL_TTL: u32 = 3600;

/// The servers of a page.
#[derive(Clone, Debug, Default)]
pub struct IceServers {
    stun: Vec<String>,
    turn: Option<Turn>,
}

/// TURN servers that take the same credentials.
#[derive(Clone, Debug)]
struct Turn {
    urls: Vec<String>,
    access: Access,
}

/// How credentials come about.
#[derive(Clone, Debug)]
enum Access {
    /// These, for ever.
    Account { username: String, password: Secret },
    /// Made for each who asks, from a secret that the server knows too.
    Shared { secret: Secret, ttl: Duration },
}

/// What somebody says of the servers, by options of the lab or the door for tests. TURN needs a `secret`, or a
/// `username` and a `credential`.
#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IceWish {
    /// `stun:HOST:PORT`.
    #[serde(default)]
    pub stun: Vec<String>,
    /// `turn:HOST:PORT` or `turns:HOST:PORT`, also with `?transport=…`.
    #[serde(default)]
    pub turn: Vec<String>,
    /// What the TURN servers and the lab both know.
    pub secret: Option<String>,
    /// The user of an account there.
    pub username: Option<String>,
    /// Its password.
    pub credential: Option<String>,
    /// How long credentials made from `secret` are good for, in seconds.
    pub ttl: Option<u32>,
}

impl IceWish {
    /// The servers.
    ///
    /// # Errors
    ///
    /// When they make no sense: the text says why.
    pub fn grant(self) -> Result<IceServers, String> {
        check(&self.stun, &["stun", "stuns"])?;
        check(&self.turn, &["turn", "turns"])?;
        let access = match (self.secret, self.username, self.credential, self.ttl) {
            (None, None, None, None) if self.turn.is_empty() => None,
            _ if self.turn.is_empty() => return Err("credentials are of no use without a TURN server".into()),
            (Some(_), _, _, Some(0)) => return Err("credentials must be good for a second at least".into()),
            (Some(secret), None, None, ttl) if !secret.is_empty() => {
                let ttl = Duration::from_secs(ttl.unwrap_or(USUAL_TTL).into());
                Some(Access::Shared { secret: Secret::new(secret), ttl })
            }
            (None, Some(username), Some(password), None) if !username.is_empty() && !password.is_empty() => {
                Some(Access::Account { username, password: Secret::new(password) })
            }
            _ => {
                return Err("a TURN server needs a shared secret, or a user and a password, \
                            and a life only with the secret"
                    .into());
            }
        };
        let turn = access.map(|access| Turn { urls: self.turn, access });
        Ok(IceServers { stun: self.stun, turn })
    }
}

fn check(urls: &[String], schemes: &[&str]) -> Result<(), String> {
    let fits = |url: &&String| {
        let (scheme, host) = url.split_once(':').unwrap_or_default();
        schemes.contains(&scheme) && !host.is_empty() && host.chars().all(|c| c.is_ascii_graphic())
    };
    match urls.iter().find(|url| !fits(url)) {
        Some(url) => Err(format!("{url:?} should look like {}:HOST:PORT", schemes.join(":HOST:PORT or "))),
        None => Ok(()),
    }
}

impl IceServers {
    /// What a page of that login is told at that time.
    pub fn told_to(&self, login: &str, now: SystemTime) -> IceConfig {
        let stun = IceServer { urls: self.stun.clone(), username: None, credential: None };
        let (turn, turn_ttl) = match &self.turn {
            Some(turn) => (Some(turn.told_to(login, now)), turn.ttl()),
            None => (None, None),
        };
        IceConfig { stun: Some(stun).filter(|stun| !stun.urls.is_empty()), turn, turn_ttl }
    }
}

impl Turn {
    fn told_to(&self, login: &str, now: SystemTime) -> IceServer {
        let (username, credential) = match &self.access {
            Access::Account { username, password } => (username.clone(), password.clone()),
            Access::Shared { secret, ttl } => {
                let expiry = (now + *ttl).duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
                let username = format!("{expiry}:{login}");
                let credential = Secret::new(sign(secret, &username));
                (username, credential)
            }
        };
        IceServer { urls: self.urls.clone(), username: Some(username), credential: Some(credential) }
    }

    const fn ttl(&self) -> Option<Duration> {
        match &self.access {
            Access::Account { .. } => None,
            Access::Shared { ttl, .. } => Some(*ttl),
        }
    }
}

/// SHA-1, because that is what TURN servers expect; HMAC does not suffer from its collisions.
fn sign(secret: &Secret, username: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret.expose().as_bytes());
    BASE64_STANDARD.encode(hmac::sign(&key, username.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish(json: &str) -> Result<IceServers, String> {
        serde_json::from_str::<IceWish>(json).map_err(|error| error.to_string())?.grant()
    }

    fn at(seconds: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(seconds)
    }

    #[test]
    fn credentials_are_made_for_who_asks_and_end() {
        let servers = wish(r#"{"turn": ["turn:192.0.2.20:3478"], "secret": "north", "ttl": 600}"#).unwrap();
        let told = servers.told_to("alice", at(1_000_000));
        let turn = told.turn.unwrap();
        assert_eq!(turn.username.as_deref(), Some("1000600:alice"));
        // printf 1000600:alice | openssl dgst -sha1 -hmac north -binary | base64
        assert_eq!(turn.credential.unwrap().expose(), "zkhCGTuuM4ldn4C54gUwSljDA6w=");
        assert_eq!((told.turn_ttl, told.stun), (Some(Duration::from_secs(600)), None));
        let later = servers.told_to("alice", at(1_000_300)).turn.unwrap();
        assert_eq!(later.username.as_deref(), Some("1000900:alice"));
    }

    #[test]
    fn an_account_is_told_as_it_is_and_for_ever() {
        let json =
            r#"{"stun": ["stun:a"], "turn": ["turns:b?transport=tcp"], "username": "u", "credential": "c"}"#;
        let told = wish(json).unwrap().told_to("alice", at(0));
        let turn = told.turn.unwrap();
        assert_eq!((turn.username.as_deref(), turn.credential.unwrap().expose()), (Some("u"), "c"));
        assert_eq!((told.turn_ttl, told.stun.unwrap().urls), (None, vec!["stun:a".to_owned()]));
    }

    #[test]
    fn what_makes_no_sense_is_refused_with_a_sentence() {
        for (json, word) in [
            (r#"{"turn": ["turn:a"]}"#, "shared secret"),
            (r#"{"turn": ["turn:a"], "secret": ""}"#, "shared secret"),
            (r#"{"turn": ["turn:a"], "username": "u"}"#, "shared secret"),
            (r#"{"turn": ["turn:a"], "username": "u", "credential": "c", "ttl": 9}"#, "only with the secret"),
            (r#"{"turn": ["turn:a"], "secret": "s", "ttl": 0}"#, "a second"),
            (r#"{"turn": ["stun:a"], "secret": "s"}"#, "turn:HOST"),
            (r#"{"stun": ["a b"]}"#, "stun:HOST"),
            (r#"{"stun": ["stun:"]}"#, "stun:HOST"),
            (r#"{"secret": "s"}"#, "without a TURN server"),
            (r#"{"turns": []}"#, "unknown field"),
        ] {
            let refusal = wish(json).unwrap_err();
            assert!(refusal.contains(word), "{json}: {refusal}");
        }
        assert!(wish("{}").unwrap().told_to("alice", at(0)) == IceConfig::default());
    }
}

//! Digest authentication, the server's side (RFC 3261 §22, RFC 7616, RFC 8760).

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::time::{Duration, Instant};
use xc_webrtc::sip::digest;
use xc_webrtc::sip::header::Name;
use xc_webrtc::sip::header::auth::{Algorithm, Challenge, Hash};
use xc_webrtc::sip::message::{Request, Response};
use xc_webrtc::sip::status::StatusCode;

use crate::account::{Account, Directory};
use crate::random;

/// The protection domain of every challenge.
const REALM: &str = "xivo";
/// After this a nonce is stale: soon enough that a phone left alone meets it when it refreshes its registration.
const NONCE_LIFETIME: Duration = Duration::from_secs(50);

/// Asks who is calling.
#[derive(Debug, Default)]
pub struct Guard {
    /// The nonces that are still fresh, and when they were made.
    nonces: BTreeMap<String, Instant>,
    /// Offer no SHA-256, as an Asterisk does.
    pub md5_only: bool,
}

/// Why a request is not let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Denied {
    /// Its credentials were right, but for an old nonce.
    pub stale: bool,
}

impl Guard {
    /// Whose request that is.
    ///
    /// # Errors
    ///
    /// When it has no right credentials: answer with a [`challenge`](Self::challenge).
    pub fn judge(
        &mut self,
        request: &Request,
        directory: &Directory,
        now: Instant,
    ) -> Result<Arc<Account>, Denied> {
        self.nonces.retain(|_, made| *made + NONCE_LIFETIME > now);
        for credentials in request.headers.credentials(&Name::AUTHORIZATION) {
            let Some(account) = directory.by_name(&credentials.username) else { continue };
            let right = credentials.realm == REALM
                && digest::verify(&credentials, &request.method, &account.line_password);
            if right && self.nonces.contains_key(&credentials.nonce) {
                return Ok(account.clone());
            } else if right {
                return Err(Denied { stale: true });
            }
        }
        Err(Denied { stale: false })
    }

    /// The 401 that asks for credentials. The stronger algorithm stands first (RFC 8760 §2.3).
    pub fn challenge(&mut self, request: &Request, to_tag: &str, denied: Denied, now: Instant) -> Response {
        let nonce = random::secret();
        self.nonces.insert(nonce.clone(), now);
        let mut response = request.reply(StatusCode::UNAUTHORIZED, Some(to_tag));
        let hashes: &[Hash] = if self.md5_only { &[Hash::Md5] } else { &[Hash::Sha256, Hash::Md5] };
        for hash in hashes {
            let challenge = Challenge {
                realm: REALM.into(),
                nonce: nonce.clone(),
                opaque: None,
                algorithm: Some(Algorithm { hash: hash.clone(), session: false }),
                qop: vec!["auth".into()],
                stale: denied.stale,
                userhash: false,
            };
            response.headers.push(Name::WWW_AUTHENTICATE, challenge.to_string());
        }
        response
    }

    /// Makes every nonce stale.
    pub fn forget_nonces(&mut self) {
        self.nonces.clear();
    }
}

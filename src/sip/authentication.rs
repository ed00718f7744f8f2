//! Answers to 401 and 407: which challenge is met, which password is wrong (RFC 3261 §22, RFC 7616).

use super::digest::{self, Login};
use super::header::auth::digest_params;
use super::header::{Challenge, Name};
use super::message::{Request, Response};
use super::status::StatusCode;
use super::token::Tokens;
use crate::secret::Secret;

/// A request is sent this often at most, whatever fresh nonces a server thinks of.
const MOST_TRIES: u8 = 4;

/// Why a challenge is not met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unmet {
    /// The credentials were sent and the server asks again.
    WrongCredentials,
    /// The server offers nothing that we can do.
    NoKnownScheme,
}

/// The account's credentials and the challenges they were last asked for.
///
/// Later requests carry credentials for the last nonce at once, which saves a round trip while it is good.
#[derive(Debug)]
pub(super) struct Authenticator {
    username: String,
    password: Secret,
    /// From 401: for the registrar, or the other side.
    server: Option<Known>,
    /// From 407: for the proxy on the way.
    proxy: Option<Known>,
}

/// The challenges that came in one response, strongest chosen at use.
#[derive(Debug)]
struct Known {
    challenges: Vec<Challenge>,
    /// How many requests were made with the nonce (RFC 7616 §3.4 `nc`).
    uses: u32,
}

impl Authenticator {
    /// For this account.
    pub(super) fn new(username: String, password: Secret) -> Self {
        Self { username, password, server: None, proxy: None }
    }

    /// Learns what a 401 or 407 asks for; `tries`: how often the request had been sent before.
    pub(super) fn challenged(
        &mut self,
        request: &Request,
        response: &Response,
        tries: u8,
    ) -> Result<(), Unmet> {
        let proxy = response.status == StatusCode::PROXY_AUTHENTICATION_REQUIRED;
        let (asked, given) = if proxy {
            (Name::PROXY_AUTHENTICATE, Name::PROXY_AUTHORIZATION)
        } else {
            (Name::WWW_AUTHENTICATE, Name::AUTHORIZATION)
        };
        let challenges = response.headers.challenges(&asked);
        if digest::strongest(&challenges).is_none() {
            return Err(Unmet::NoKnownScheme);
        }
        if let Some(given) = request.headers.get(&given).and_then(digest_params) {
            let same = challenges.iter().any(|challenge| given.get("nonce") == Some(&challenge.nonce));
            let stale = challenges.iter().any(|challenge| challenge.stale);
            // Credentials for a remembered nonce may fail because the server forgot it, without it saying `stale`.
            let known = if proxy { &self.proxy } else { &self.server };
            let used_before = known.as_ref().is_some_and(|known| known.uses > 1);
            let remembered = given.get("nc").map_or(used_before, |count| count != "00000001");
            if same || !(stale || remembered) {
                return Err(Unmet::WrongCredentials);
            }
        }
        if tries >= MOST_TRIES {
            return Err(Unmet::WrongCredentials);
        }
        let known = Some(Known { challenges, uses: 0 });
        if proxy {
            self.proxy = known;
        } else {
            self.server = known;
        }
        Ok(())
    }

    /// Puts credentials for the known challenges on a request.
    pub(super) fn authorize(&mut self, request: &mut Request, tokens: &mut Tokens) {
        let uri = request.uri.to_string();
        let known = [(&mut self.server, Name::AUTHORIZATION), (&mut self.proxy, Name::PROXY_AUTHORIZATION)];
        for (known, name) in known {
            let Some(Known { challenges, uses }) = known else { continue };
            *uses += 1;
            let login = Login { username: &self.username, password: &self.password };
            let (method, body, cnonce) = (&request.method, &request.body, tokens.cnonce());
            if let Some(value) = digest::authorize(challenges, login, method, &uri, body, &cnonce, *uses) {
                request.headers.set(name, value.to_string());
            }
        }
    }
}

/// Whether a response asks for credentials.
pub(super) fn is_challenge(status: StatusCode) -> bool {
    status == StatusCode::UNAUTHORIZED || status == StatusCode::PROXY_AUTHENTICATION_REQUIRED
}

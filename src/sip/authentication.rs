//! Answers to 401 and 407: which challenges are met, which password is wrong (RFC 3261 §22, RFC 7616, RFC 8760).

use std::slice;

use super::digest::{self, Login};
use super::header::auth::digest_params;
use super::header::{Challenge, Name};
use super::message::{Request, Response};
use super::params::Params;
use super::status::StatusCode;
use super::token::Tokens;
use crate::secret::Secret;

/// A request is sent this often at most, whatever fresh nonces a server thinks of.
const MOST_TRIES: u8 = 4;
/// Realms that are remembered; who thinks of more has the oldest forgotten.
const MOST_REALMS: usize = 4;
/// Challenges of one response that are looked at.
const MOST_CHALLENGES: usize = 16;

/// Why a challenge is not met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unmet {
    /// The credentials were sent and the server asks again.
    WrongCredentials,
    /// The server offers nothing that we can do.
    NoKnownScheme,
}

/// Where servers and proxies ask, where they are answered, and where they tell the next nonce. Both may ask in one
/// response, when it is made of those of several forks (RFC 3261 §22.3).
static FIELDS: [(Name, Name, Name); 2] = [
    (Name::WWW_AUTHENTICATE, Name::AUTHORIZATION, Name::AUTHENTICATION_INFO),
    (Name::PROXY_AUTHENTICATE, Name::PROXY_AUTHORIZATION, Name::PROXY_AUTHENTICATION_INFO),
];

/// The account's credentials and the challenges they were last asked for.
///
/// Later requests carry credentials for the last nonce of each realm at once, which saves a round trip while it is good.
#[derive(Debug)]
pub(super) struct Authenticator {
    username: String,
    password: Secret,
    known: Vec<Known>,
}

/// What one realm asked for last.
#[derive(Debug)]
struct Known {
    /// Where the answer goes: Authorization or Proxy-Authorization.
    given: &'static Name,
    challenge: Challenge,
    /// The same for as long as the nonce is, and with it the secret of a `-sess` (RFC 7616 §3.4.2).
    cnonce: String,
    /// How many requests were made with the nonce (RFC 7616 §3.4 `nc`).
    uses: u32,
}

impl Authenticator {
    /// For this account.
    pub(super) fn new(username: String, password: Secret) -> Self {
        Self { username, password, known: Vec::new() }
    }

    /// Learns what a 401 or 407 asks for; `tries`: how often the request had been sent before.
    pub(super) fn challenged(
        &mut self,
        request: &Request,
        response: &Response,
        tries: u8,
        tokens: &mut Tokens,
    ) -> Result<(), Unmet> {
        let mut met = Err(Unmet::NoKnownScheme);
        for (asked, given, _) in &FIELDS {
            let mut challenges = response.headers.challenges(asked);
            challenges.truncate(MOST_CHALLENGES);
            for (at, first) in challenges.iter().enumerate() {
                // One answer for each realm (RFC 8760 §2.4).
                let realm = &first.realm;
                if challenges[..at].iter().any(|earlier| earlier.realm == *realm) {
                    continue;
                }
                let Some((challenge, _)) = digest::strongest(&challenges, realm) else { continue };
                self.known.retain(|known| known.given != given || known.challenge.realm != *realm);
                if tries >= MOST_TRIES || is_wrong(request, given, &challenges, realm, tries) {
                    return Err(Unmet::WrongCredentials);
                }
                if self.known.len() >= MOST_REALMS {
                    self.known.remove(0);
                }
                let (challenge, cnonce) = (challenge.clone(), tokens.cnonce());
                self.known.push(Known { given, challenge, cnonce, uses: 0 });
                met = Ok(());
            }
        }
        met
    }

    /// Takes the nonce that the server wants to see next (RFC 7616 §3.5, RFC 7615).
    pub(super) fn informed(&mut self, response: &Response) {
        for (_, given, info) in &FIELDS {
            let Some(info) = response.headers.get(info) else { continue };
            let info = Params::parse_separated(info, b',');
            // It does not name its realm, so it is only understood where there is one.
            let mut realms = self.known.iter_mut().filter(|known| known.given == given);
            if let (Some(nonce), Some(known), None) = (info.get("nextnonce"), realms.next(), realms.next()) {
                nonce.clone_into(&mut known.challenge.nonce);
                known.uses = 0;
            }
        }
    }

    /// Puts credentials for the known challenges on a request.
    pub(super) fn authorize(&mut self, request: &mut Request) {
        let uri = request.uri.to_string();
        for (_, given, _) in &FIELDS {
            request.headers.remove(given);
        }
        let login = Login { username: &self.username, password: &self.password };
        for Known { given, challenge, cnonce, uses } in &mut self.known {
            *uses += 1;
            let (method, body) = (&request.method, &request.body);
            let challenge = slice::from_ref(challenge);
            if let Some(value) = digest::authorize(challenge, login, method, &uri, body, cnonce, *uses) {
                request.headers.push((*given).clone(), value.to_string());
            }
        }
    }
}

/// Whether credentials for that realm were on the request and are refused by these challenges.
fn is_wrong(request: &Request, given: &Name, challenges: &[Challenge], realm: &str, tries: u8) -> bool {
    let mut given = request.headers.all(given).filter_map(digest_params);
    let Some(given) = given.find(|given| given.get("realm") == Some(realm)) else { return false };
    let nonce = given.get("nonce");
    // A remembered nonce may fail because the server forgot it, without it saying `stale`.
    let remembered = tries == 0 || given.get("nc").is_some_and(|count| count != "00000001");
    let (mut same, mut stale) = (false, false);
    for challenge in challenges.iter().filter(|challenge| challenge.realm == realm) {
        same |= nonce == Some(&challenge.nonce);
        stale |= challenge.stale;
    }
    same || !(stale || remembered)
}

/// Whether a response asks for credentials.
pub(super) fn is_challenge(status: StatusCode) -> bool {
    status == StatusCode::UNAUTHORIZED || status == StatusCode::PROXY_AUTHENTICATION_REQUIRED
}

//! Where else a call of ours may go: the contacts of a 3xx, the likeliest first (RFC 3261 §8.1.3.4, §19.1.5, §21.3).

use super::super::header::Headers;
use super::super::status::StatusCode;
use super::super::uri::{NameAddr, Scheme, Uri};

/// A call goes to this many addresses at most: whoever redirects it is not to make us call the world.
const MOST_TARGETS: usize = 6;

/// The addresses of one call.
#[derive(Debug, Default)]
pub(super) struct Targets {
    next: Vec<NameAddr>,
    tried: Vec<Uri>,
}

impl Targets {
    /// Where the call goes after `failed` was refused; `None`: nowhere, the refusal is its end.
    ///
    /// What only a server of its own, or a person, could follow ends the call: 305 and 380. So does a 6xx, which is
    /// nobody's word but the last (RFC 3261 §16.7).
    pub(super) fn after(&mut self, failed: &Uri, status: StatusCode, headers: &Headers) -> Option<NameAddr> {
        self.tried.push(failed.clone());
        match status {
            StatusCode::USE_PROXY | StatusCode::ALTERNATIVE_SERVICE => return None,
            _ if status.code() >= 600 || self.tried.len() >= MOST_TARGETS => return None,
            _ if status.is_redirection() => self.take(failed, headers),
            _ => {}
        }
        let mut best = 0;
        for (at, target) in self.next.iter().enumerate() {
            if quality(target) > quality(&self.next[best]) {
                best = at;
            }
        }
        (!self.next.is_empty()).then(|| self.next.remove(best))
    }

    /// A target that was tried is a loop, whatever its parameters: all go over one websocket. A secure call stays secure. What else a URI wants in the INVITE it does not
    /// get: it comes from a stranger (RFC 3261 §19.1.5).
    fn take(&mut self, failed: &Uri, headers: &Headers) {
        let Ok(contacts) = headers.contacts() else { return };
        for contact in contacts.list().iter().take(MOST_TARGETS) {
            let mut target = contact.clone();
            target.uri.headers = None;
            target.uri.params.remove("method");
            let uri = &target.uri;
            let is_same = |known: &Uri| {
                known.user == uri.user && known.port == uri.port && known.host.eq_ignore_ascii_case(&uri.host)
            };
            let known = self.tried.iter().any(is_same) || self.next.iter().any(|next| is_same(&next.uri));
            let safe = match uri.scheme {
                Scheme::Sips => true,
                Scheme::Sip => failed.scheme != Scheme::Sips,
                Scheme::Tel | Scheme::Other(_) => false,
            };
            if safe && !known {
                self.next.push(target);
            }
        }
    }
}

/// `q` in a form that compares as text: what stands behind the point, and more than that for a one, which is also what
/// none means.
fn quality(target: &NameAddr) -> &str {
    let q = target.params.get("q").unwrap_or("1");
    match q.strip_prefix("0.") {
        Some(fraction) => fraction,
        None if q == "0" => "",
        None => "~",
    }
}

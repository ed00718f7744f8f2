//! Session timers (RFC 4028): a session whose other side is gone without a word ends by itself.
//!
//! One side, the refresher, asks again at half the interval, by UPDATE or re-INVITE; when nothing has been asked until
//! shortly before its end, either side ends the session.

use std::time::Duration;

use super::header::{Headers, Name, Refresher, SessionExpires};
use crate::time::{Deadline, Instant};

/// The option tag (RFC 4028 §4).
pub(super) const OPTION: &str = "timer";
/// The shortest interval that is taken, and may be asked for, in seconds (RFC 4028 §4).
pub(super) const SHORTEST: u32 = 90;
/// What a call of ours asks for, in seconds: the value that RFC 4028 §4 recommends.
const WANTED: u32 = 1800;
/// A session ends this long before its time, or a third of it if that is less, in seconds (RFC 4028 §10).
const EARLIER: u32 = 32;
/// A refresh that could not be made, or was refused, is tried again after this.
const AGAIN: Duration = Duration::from_secs(10);
/// It is not tried more often than this, however little is left of the session.
const SOONEST: Duration = Duration::from_secs(1);

/// What both sides agreed on.
#[derive(Debug)]
pub(super) struct SessionTimer {
    seconds: u32,
    /// We are the refresher.
    ours: bool,
    /// When we refresh; `None`: the other side does, or a refresh is under way.
    pub(super) refresh_at: Option<Instant>,
    /// When the session ends unless it was refreshed.
    pub(super) expires_at: Instant,
}

impl SessionTimer {
    /// What a 2xx to a request of ours says (RFC 4028 §7.2); without a word in it there is no timer.
    pub(super) fn of_response(headers: &Headers, now: Instant) -> Option<Self> {
        let expires = headers.session_expires()?;
        Some(Self::new(expires.seconds, expires.refresher != Some(Refresher::Uas), now))
    }

    /// What our 2xx to a request of the other side says.
    pub(super) fn of_request(headers: &Headers, now: Instant) -> Option<Self> {
        let expires = granted(headers)?;
        Some(Self::new(expires.seconds, expires.refresher == Some(Refresher::Uas), now))
    }

    fn new(seconds: u32, ours: bool, now: Instant) -> Self {
        let seconds = seconds.max(SHORTEST);
        let after = |seconds: u32| now + Duration::from_secs(seconds.into());
        // RFC 4028 §10: the BYE leaves a little before the end.
        let expires_at = after(seconds - (seconds / 3).min(EARLIER));
        Self { seconds, ours, refresh_at: ours.then(|| after(seconds / 2)), expires_at }
    }

    /// What a request of ours inside the session asks for: that all stays as it is (RFC 4028 §7.4).
    pub(super) fn value(&self) -> String {
        let refresher = if self.ours { Refresher::Uac } else { Refresher::Uas };
        SessionExpires { seconds: self.seconds, refresher: Some(refresher) }.value()
    }

    /// The shortest there is, with nobody to refresh it: whoever is to do that will not be here.
    pub(super) fn last(now: Instant) -> Self {
        Self::new(SHORTEST, true, now)
    }

    /// The refresh failed, or had to wait. One that would come when the session is over comes when half is left of it.
    pub(super) fn refresh_again(&mut self, after: Option<Duration>, now: Instant) {
        let (wait, left) = (after.unwrap_or(AGAIN), self.expires_at.saturating_since(now));
        let wait = if wait < left { wait } else { SOONEST.max(left / 2) };
        self.refresh_at = self.ours.then(|| now + wait);
    }

    /// When it wants to be asked again.
    pub(super) fn deadline(&self) -> Deadline {
        let end = Deadline::new(self.expires_at, "end of a session that is not refreshed");
        self.refresh_at.map_or(end, |at| Deadline::new(at, "refresh of a session").min(end))
    }
}

/// What the first INVITE of a call asks for: any refresher will do (RFC 4028 §7.1).
pub(super) fn wanted() -> String {
    WANTED.to_string()
}

/// What our 2xx to this request says (RFC 4028 §9): what was asked for. Who asks refreshes, unless it cannot or wants
/// us to.
pub(super) fn granted(request: &Headers) -> Option<SessionExpires> {
    let asked = request.session_expires()?;
    let refresher = match asked.refresher {
        Some(Refresher::Uac) | None if request.lists(&Name::SUPPORTED, OPTION) => Refresher::Uac,
        _ => Refresher::Uas,
    };
    let seconds = asked.seconds.max(request.min_se().unwrap_or(0)).max(SHORTEST);
    Some(SessionExpires { seconds, refresher: Some(refresher) })
}

/// Whether a request asks for less than we take, and would understand a 422 (RFC 4028 §9).
pub(super) fn is_too_short(request: &Headers) -> bool {
    request.session_expires().is_some_and(|asked| asked.seconds < SHORTEST)
        && request.lists(&Name::SUPPORTED, OPTION)
}

/// Makes a request of ours ask for as much as the 422 to it wants (RFC 4028 §7.3); `false`: it asked for that already.
pub(super) fn lengthen(request: &mut Headers, refusal: &Headers) -> bool {
    let (Some(mut asked), Some(least)) = (request.session_expires(), refusal.min_se()) else { return false };
    let enough = asked.seconds >= least;
    asked.seconds = least;
    request.set(Name::SESSION_EXPIRES, asked.value());
    request.set(Name::MIN_SE, least.to_string());
    !enough
}

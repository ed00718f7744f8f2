//! Subscriptions to what others know (RFC 6665): asked for, notified of, refreshed, begun anew.
//!
//! ```text
//! begin ──SUBSCRIBE──> Asking ──2xx──> NotifyWait ──NOTIFY──> Held ──half of the time──> refresh, Held …
//!   ^                    │ refused        │ timer N             │ terminated, 481, lost
//!   └────── Waiting <────┴────────────────┴─────────────────────┘      (for good: it is over)
//! ```
//!
//! A NOTIFY may come before the 2xx, and makes the dialog (§4.4.1). One that comes from a second fork gets 481: what it
//! tells the first tells, too.

use std::time::Duration;

use super::authentication::is_challenge;
use super::dialog::Dialog;
use super::endpoint::Endpoint;
use super::event::SubscriptionId;
use super::header::{Headers, Name, SubscriptionState};
use super::message::{Request, Response};
use super::method::Method;
use super::status::StatusCode;
use super::transaction::{ClientId, Heard, Owner};
use super::uri::Uri;
use crate::time::{Deadline, Instant};

/// Seconds before a subscription is begun anew; the last for all further ones. Never at once, whatever the notifier says.
const ANEW: [u64; 4] = [5, 30, 60, 300];
/// A notifier that wants us to wait longer than this, or to hold a subscription longer, is not taken at its word.
const LONGEST: u32 = 86_400;
/// What is asked for, in seconds.
const EXPIRES: u32 = 3600;
/// A refresh is never sooner than this.
const SOONEST_REFRESH: Duration = Duration::from_secs(5);
/// Timer N: the first NOTIFY has to come by then (RFC 6665 §4.1.2.4).
const TIMER_N: Duration = Duration::from_secs(32);

/// What is subscribed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Package {
    /// The name: `message-summary`.
    pub name: &'static str,
    /// The type of what its notifications hold.
    pub accept: &'static str,
}

/// One subscription.
#[derive(Debug)]
pub(super) struct Subscription {
    pub(super) id: SubscriptionId,
    pub(super) package: Package,
    target: Uri,
    call_id: String,
    local_tag: String,
    /// Made by the first NOTIFY.
    dialog: Option<Dialog>,
    /// The number of the last SUBSCRIBE, until the dialog counts.
    cseq: u32,
    /// The SUBSCRIBE that is out.
    request: Option<ClientId>,
    expires: u32,
    /// Attempts in vain since the last NOTIFY.
    failures: usize,
    due: Due,
}

#[derive(Clone, Copy, Debug)]
enum Due {
    /// A SUBSCRIBE is out, or there is nothing to send it over.
    Nothing,
    Notify(Instant),
    Refresh(Instant),
    Anew(Instant),
}

/// The subscription is over and will not be begun anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Over;

impl Subscription {
    /// Subscribes, now or when the transport opens.
    pub(super) fn begin(
        id: SubscriptionId,
        package: Package,
        target: Uri,
        endpoint: &mut Endpoint,
        now: Instant,
    ) -> Self {
        let mut subscription = Self {
            id,
            package,
            target,
            call_id: String::new(),
            local_tag: String::new(),
            dialog: None,
            cseq: 1,
            request: None,
            expires: EXPIRES,
            failures: 0,
            due: Due::Nothing,
        };
        subscription.opened(endpoint, now);
        subscription
    }

    /// The transport is open.
    pub(super) fn opened(&mut self, endpoint: &mut Endpoint, now: Instant) {
        self.transport_lost();
        if !endpoint.outbox.is_open() {
            return;
        }
        let request = endpoint.begin(Method::Subscribe, self.target.clone());
        self.call_id = request.headers.call_id().unwrap_or_default().to_owned();
        self.local_tag = request.headers.tag(&Name::FROM).unwrap_or_default();
        self.cseq = 1;
        self.send(request, self.expires, endpoint, now);
    }

    /// The transport is gone, and the subscription with it.
    pub(super) fn transport_lost(&mut self) {
        self.dialog = None;
        self.request = None;
        self.due = Due::Nothing;
    }

    fn send(&mut self, mut request: Request, expires: u32, endpoint: &mut Endpoint, now: Instant) {
        request.headers.push(Name::EVENT, self.package.name);
        request.headers.push(Name::ACCEPT, self.package.accept);
        request.headers.push(Name::EXPIRES, expires.to_string());
        self.request = Some(endpoint.send(request, Owner::Subscription(self.id), now));
        self.due = Due::Nothing;
    }

    fn refresh(&mut self, endpoint: &mut Endpoint, now: Instant) {
        match &mut self.dialog {
            Some(dialog) => {
                let request = dialog.request(Method::Subscribe);
                self.send(request, self.expires, endpoint, now);
            }
            None => self.opened(endpoint, now),
        }
    }

    /// Ends it. The last NOTIFY finds nobody (RFC 6665 §4.1.2.3 lets it be).
    pub(super) fn end(&mut self, endpoint: &mut Endpoint, now: Instant) {
        if let Some(dialog) = &mut self.dialog {
            let request = dialog.request(Method::Subscribe);
            self.send(request, 0, endpoint, now);
        }
    }

    fn anew(&mut self, at_least: Option<u32>, now: Instant) {
        let own = ANEW[self.failures.min(ANEW.len() - 1)];
        self.failures += 1;
        self.transport_lost();
        let seconds = own.max(at_least.unwrap_or_default().min(LONGEST).into());
        self.due = Due::Anew(now + Duration::from_secs(seconds));
    }

    fn goes_on_for(&mut self, seconds: u32, now: Instant) {
        let half = Duration::from_secs(seconds.min(LONGEST).into()) / 2;
        self.due = Due::Refresh(now + half.max(SOONEST_REFRESH));
    }

    /// A response to a SUBSCRIBE.
    pub(super) fn heard(
        &mut self,
        heard: Heard,
        response: &Response,
        endpoint: &mut Endpoint,
        now: Instant,
    ) -> Result<(), Over> {
        if self.request != Some(heard.id) || response.status.is_provisional() {
            return Ok(());
        }
        self.request = None;
        let headers = &response.headers;
        let after = headers.retry_after();
        match response.status.code() {
            200..=299 if self.dialog.is_some() => {
                self.goes_on_for(headers.expires().unwrap_or(self.expires), now);
            }
            200..=299 => self.due = Due::Notify(now + TIMER_N),
            401 | 407 if is_challenge(response.status) => {
                self.cseq += 1;
                let number = self.dialog.as_mut().map_or(self.cseq, Dialog::next_cseq);
                self.request = Some(endpoint.retry(heard, response, number, now).map_err(|_| Over)?);
            }
            423 => match headers.min_expires() {
                Some(least) if (self.expires + 1..=LONGEST).contains(&least) => {
                    self.expires = least;
                    self.refresh(endpoint, now);
                }
                _ => return Err(Over),
            },
            // RFC 6665 §4.1.2.2: the notifier has forgotten it. Others may get over it.
            408 | 480 | 481 | 500..=599 => self.anew(after.map(|after| after.delay.as_secs() as u32), now),
            _ => match after {
                Some(after) => self.anew(Some(after.delay.as_secs() as u32), now),
                None => return Err(Over),
            },
        }
        Ok(())
    }

    /// A SUBSCRIBE got no answer.
    pub(super) fn unanswered(&mut self, id: ClientId, now: Instant) {
        if self.request == Some(id) {
            self.anew(None, now);
        }
    }

    /// Whether a NOTIFY of that package is of this subscription.
    pub(super) fn has(&self, notify: &Headers) -> bool {
        notify.call_id().is_ok_and(|call_id| call_id == self.call_id)
            && notify.tag(&Name::TO).unwrap_or_default() == self.local_tag
            && notify.event_package().is_some_and(|name| name.eq_ignore_ascii_case(self.package.name))
            && self.dialog.as_ref().is_none_or(|dialog| dialog.has(notify))
    }

    /// Whether a NOTIFY is in order; the first one makes the dialog.
    pub(super) fn admit(&mut self, notify: &Request) -> Result<(), StatusCode> {
        match &mut self.dialog {
            Some(dialog) => {
                let in_order = dialog.admit(notify.headers.cseq_number().unwrap_or_default());
                in_order.then_some(()).ok_or(StatusCode::SERVER_INTERNAL_ERROR)
            }
            None => {
                let mut dialog =
                    Dialog::from_request(notify, &self.local_tag).map_err(|_| StatusCode::BAD_REQUEST)?;
                dialog.count_from(self.cseq);
                self.dialog = Some(dialog);
                Ok(())
            }
        }
    }

    /// What a NOTIFY says of the subscription itself.
    pub(super) fn told(
        &mut self,
        state: &SubscriptionState,
        headers: &Headers,
        now: Instant,
    ) -> Result<(), Over> {
        if state.terminated {
            if state.is_for_good() {
                return Err(Over);
            }
            self.anew(state.retry_after, now);
            return Ok(());
        }
        self.failures = 0;
        if let Some(dialog) = &mut self.dialog {
            dialog.refresh_target(headers);
        }
        if self.request.is_none() || state.expires.is_some() {
            self.goes_on_for(state.expires.unwrap_or(self.expires), now);
        }
        Ok(())
    }

    /// When it wants to be asked again.
    pub(super) fn deadline(&self) -> Option<Deadline> {
        match self.due {
            Due::Nothing => None,
            Due::Notify(at) => Some(Deadline::new(at, "first NOTIFY (timer N)")),
            Due::Refresh(at) => Some(Deadline::new(at, "subscription refresh")),
            Due::Anew(at) => Some(Deadline::new(at, "subscription anew")),
        }
    }

    /// Does what is due.
    pub(super) fn timeout(&mut self, endpoint: &mut Endpoint, now: Instant) {
        match self.due {
            Due::Notify(at) if at <= now => self.anew(None, now),
            Due::Refresh(at) if at <= now => self.refresh(endpoint, now),
            Due::Anew(at) if at <= now => self.opened(endpoint, now),
            Due::Nothing | Due::Notify(_) | Due::Refresh(_) | Due::Anew(_) => {}
        }
    }
}

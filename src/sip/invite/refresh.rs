//! Refreshing an established session before its timer ends it (RFC 4028 §7.2, §10).

use super::super::event::EndedCause;
use super::super::header::Name;
use super::super::method::Method;
use super::super::offer_answer::Negotiation;
use super::super::session_timer::SessionTimer;
use super::super::transaction::Owner;
use super::{Context, Established};

/// What the BYE says of a session that nobody has refreshed.
const EXPIRED: &str = "SIP;cause=408;text=\"Session expired\"";

impl Established {
    /// Does what the session timer asks for.
    pub(super) fn timer_due(&mut self, context: &mut Context<'_>) {
        let Some(timer) = &mut self.timer else { return };
        if timer.expires_at <= context.now {
            context.drop_negotiation(&self.dialog, &self.negotiation);
            context.endpoint.bid_farewell_because(self.dialog.clone(), EXPIRED, context.now);
            context.end(EndedCause::TimedOut, Some("Session expired".to_owned()));
        } else if timer.refresh_at.is_some_and(|at| at <= context.now) {
            // Whatever is being negotiated refreshes the session too, if it comes to that.
            timer.refresh_again(None, context.now);
            if matches!(self.negotiation, Negotiation::Settled) && context.endpoint.outbox.is_open() {
                self.refresh(context);
            }
        }
    }

    /// By UPDATE, which changes nothing, where the other side takes it; else by a re-INVITE that offers what we have
    /// (RFC 4028 §7.4).
    fn refresh(&mut self, context: &mut Context<'_>) {
        if self.dialog.updates {
            let update = self.change_request(Method::Update);
            context.endpoint.send(update, Owner::Session(context.id), context.now);
        } else {
            let ours = self.ours.clone();
            self.refreshing = true;
            self.send_offer(Method::Invite, &ours, context);
        }
        if let Some(timer) = &mut self.timer {
            timer.refresh_at = None;
        }
    }

    /// Has the session end soon at the other side, unless it is refreshed or taken over by somebody.
    pub(in super::super) fn leave(&mut self, context: &mut Context<'_>) {
        if self.dialog.updates && matches!(self.negotiation, Negotiation::Settled) {
            self.timer = Some(SessionTimer::last(context.now));
            self.refresh(context);
        }
    }

    /// The session was not refreshed: another try.
    pub(super) fn refresh_again(&mut self, after: Option<std::time::Duration>, context: &Context<'_>) {
        if let Some(timer) = &mut self.timer {
            timer.refresh_again(after, context.now);
        }
    }

    /// A request that refreshes the session, whatever else it does.
    pub(super) fn change_request(&mut self, method: Method) -> super::Request {
        let mut request = self.dialog.request(method);
        if let Some(timer) = &self.timer {
            request.headers.push(Name::SESSION_EXPIRES, timer.value());
        }
        request
    }
}

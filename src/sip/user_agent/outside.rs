//! What others tell outside of calls, and what we ask and tell them: NOTIFY (RFC 6665, RFC 3842) and MESSAGE (RFC 3428).

use super::{CommandError, UserAgent};
use crate::sip::authentication::is_challenge;
use crate::sip::event::{Event, MessageId, SubscriptionEvent, SubscriptionId, TextMessage};
use crate::sip::header::Name;
use crate::sip::invite::identity_of;
use crate::sip::message::{Request, Response};
use crate::sip::message_summary::{MESSAGE_SUMMARY, MessageSummary};
use crate::sip::method::Method;
use crate::sip::status::StatusCode;
use crate::sip::subscription::{Package, Subscription};
use crate::sip::transaction::{Heard, Owner};
use crate::sip::uri::Uri;
use crate::time::Instant;

/// The only package that is taken unasked: voice mail.
const MAIL: Package = Package { name: "message-summary", accept: MESSAGE_SUMMARY };
/// The packages that we know (RFC 6665 §8.2.2); that of REFER lives inside calls.
const ALLOW_EVENTS: &str = "message-summary, refer";
/// The only kind of message that can be shown.
const TEXT: &str = "text/plain";
/// A longer body is refused, in bytes: nobody reads it.
const LONGEST_BODY: usize = 64 << 10;
/// Nobody needs more subscriptions, or more messages under way.
const MOST: usize = 16;

impl UserAgent {
    /// Subscribes to what `target` knows of that package, now or when the transport opens, and keeps subscribed until
    /// [`unsubscribe`](Self::unsubscribe) or the event `Ended`.
    pub fn subscribe(
        &mut self,
        package: Package,
        target: Uri,
        now: Instant,
    ) -> Result<SubscriptionId, CommandError> {
        if self.subscriptions.len() >= MOST {
            return Err(CommandError::WrongState);
        }
        self.next_session += 1;
        let id = SubscriptionId(self.next_session);
        self.subscriptions.push(Subscription::begin(id, package, target, &mut self.endpoint, now));
        Ok(id)
    }

    /// Ends a subscription; nothing more is told of it.
    pub fn unsubscribe(&mut self, id: SubscriptionId, now: Instant) {
        if let Some(at) = self.subscription(id) {
            self.subscriptions.remove(at).end(&mut self.endpoint, now);
        }
    }

    /// Sends somebody a message (RFC 3428); ends in `MessageAnswered`.
    pub fn message(&mut self, target: Uri, text: &str, now: Instant) -> Result<MessageId, CommandError> {
        if !self.endpoint.outbox.is_open() {
            return Err(CommandError::NotConnected);
        }
        if self.messages.len() >= MOST || text.len() > LONGEST_BODY {
            return Err(CommandError::WrongState);
        }
        self.next_session += 1;
        let id = MessageId(self.next_session);
        let mut request = self.endpoint.begin(Method::Message, target);
        request.headers.push(Name::CONTENT_TYPE, "text/plain;charset=UTF-8");
        text.clone_into(&mut request.body);
        self.messages.push(id);
        self.endpoint.send(request, Owner::Message(id), now);
        Ok(id)
    }

    pub(super) fn subscription(&self, id: SubscriptionId) -> Option<usize> {
        self.subscriptions.iter().position(|subscription| subscription.id == id)
    }

    /// Subscribes to our voice mail where the registrar says that this can be done (RFC 6665 §8.2.2).
    pub(super) fn look_for_mail(&mut self, registered: &Response, now: Instant) {
        if registered.status.is_success()
            && self.registration.is_held()
            && registered.headers.lists(&Name::ALLOW_EVENTS, MAIL.name)
            && !std::mem::replace(&mut self.asked_for_mail, true)
            && self.subscriptions.iter().all(|subscription| subscription.package != MAIL)
        {
            // There are never so many subscriptions that this one would be refused.
            let _ = self.subscribe(MAIL, self.endpoint.config.aor.clone(), now);
        }
    }

    /// A response to a SUBSCRIBE.
    pub(super) fn subscription_heard(
        &mut self,
        id: SubscriptionId,
        heard: Heard,
        response: &Response,
        now: Instant,
    ) {
        if let Some(at) = self.subscription(id)
            && self.subscriptions[at].heard(heard, response, &mut self.endpoint, now).is_err()
        {
            self.subscription_over(at);
        }
    }

    fn subscription_over(&mut self, at: usize) {
        let id = self.subscriptions.remove(at).id;
        self.endpoint.outbox.event(Event::Subscription { id, event: SubscriptionEvent::Ended });
    }

    /// A NOTIFY outside of calls: of a subscription, or of voice mail unasked, as Asterisk sends them.
    pub(super) fn notified(&mut self, notify: &Request, now: Instant) {
        let headers = &notify.headers;
        let found = self.subscriptions.iter().position(|subscription| subscription.has(headers));
        let package = match found {
            Some(at) => self.subscriptions[at].package,
            // RFC 6665 §4.1.3.
            None if headers.tag(&Name::TO).is_some() => {
                return self.reply(notify, StatusCode::CALL_OR_TRANSACTION_DOES_NOT_EXIST, &[]);
            }
            None if headers.event_package().is_some_and(|name| name.eq_ignore_ascii_case(MAIL.name)) => MAIL,
            None => {
                let known = [(Name::ALLOW_EVENTS, ALLOW_EVENTS.to_owned())];
                return self.reply(notify, StatusCode::BAD_EVENT, &known);
            }
        };
        let Some(body) = self.body(notify, package.accept) else { return };
        if let Some(at) = found {
            let Some(state) = headers.subscription_state() else {
                return self.reply(notify, StatusCode::BAD_REQUEST, &[]);
            };
            if let Err(status) = self.subscriptions[at].admit(notify) {
                return self.reply(notify, status, &[]);
            }
            self.endpoint.reply_status(notify, StatusCode::OK);
            self.tell_notified(self.subscriptions[at].id, package, body);
            if self.subscriptions[at].told(&state, headers, now).is_err() {
                self.subscription_over(at);
            }
        } else {
            self.reply(notify, StatusCode::OK, &[]);
            self.tell_notified(SubscriptionId(0), package, body);
        }
    }

    fn tell_notified(&mut self, id: SubscriptionId, package: Package, body: &str) {
        if body.trim().is_empty() {
            return;
        }
        if package != MAIL {
            let event = SubscriptionEvent::Notified { body: body.to_owned() };
            return self.endpoint.outbox.event(Event::Subscription { id, event });
        }
        match MessageSummary::parse(body) {
            Some(summary) => self.endpoint.outbox.event(Event::MessageWaiting(summary)),
            None => self.dropped("a message summary that says nothing of waiting messages"),
        }
    }

    /// The body of a request, if it is of that type or there is none; else the request was refused.
    fn body<'a>(&mut self, request: &'a Request, accept: &str) -> Option<&'a str> {
        let is_other = |it: &str| !it.eq_ignore_ascii_case(accept);
        if request.body.len() > LONGEST_BODY {
            self.reply(request, StatusCode::REQUEST_ENTITY_TOO_LARGE, &[]);
        } else if !request.body.is_empty() && request.headers.content_type().is_some_and(is_other) {
            self.reply(request, StatusCode::UNSUPPORTED_MEDIA_TYPE, &[(Name::ACCEPT, accept.to_owned())]);
        } else {
            return Some(&request.body);
        }
        None
    }

    /// Somebody has written to us (RFC 3428 §7).
    pub(super) fn message_came(&mut self, request: &Request) {
        let Some(text) = self.body(request, TEXT) else { return };
        let identity = identity_of(&request.headers).or_else(|| request.headers.from().ok());
        self.reply(request, StatusCode::OK, &[]);
        if let (Some(from), false) = (identity, text.trim().is_empty()) {
            let text = text.to_owned();
            self.endpoint.outbox.event(Event::Message(TextMessage { from, text }));
        }
    }

    /// A response to a message of ours.
    pub(super) fn message_heard(&mut self, id: MessageId, heard: Heard, response: &Response, now: Instant) {
        if response.status.is_provisional() {
            return;
        }
        if is_challenge(response.status) {
            let number = heard.request.headers.cseq_number().unwrap_or_default() + 1;
            if self.endpoint.retry(heard, response, number, now).is_ok() {
                return;
            }
        }
        self.message_answered(id, Some(response.status));
    }

    pub(super) fn message_answered(&mut self, id: MessageId, status: Option<StatusCode>) {
        self.messages.retain(|known| *known != id);
        self.endpoint.outbox.event(Event::MessageAnswered { id, status });
    }
}

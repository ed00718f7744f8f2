//! Changes of an established session by re-INVITE and UPDATE, ours and theirs (RFC 3261 §14; RFC 3311).

use std::time::Duration;

use super::super::authentication::is_challenge;
use super::super::endpoint::{Answer, attach_sdp, description_of, sdp_of};
use super::super::event::{EndedCause, SessionEvent};
use super::super::message::{Request, Response};
use super::super::method::Method;
use super::super::offer_answer::{Answered, Asking, Negotiation};
use super::super::session_timer::{self, SessionTimer};
use super::super::status::StatusCode;
use super::super::transaction::timer::Repetition;
use super::super::transaction::{Heard, Owner};
use super::super::user_agent::CommandError;
use super::{Commanded, Context, Established, identity_of, reason_of_response};

/// Who wants to be asked again after longer than this is not: no person waits so long.
const LONGEST_RETRY: Duration = Duration::from_secs(30);

impl Established {
    /// The answer to an offer of theirs: in a 2xx, or in the ACK to theirs.
    pub(in super::super) fn answer_offer(&mut self, sdp: &str, context: &mut Context<'_>) -> Commanded {
        match self.negotiation {
            Negotiation::AckOwed(invite) => {
                context.acknowledge(&self.dialog, invite, Some(sdp));
                self.settle();
            }
            Negotiation::Asked { request, kind } => {
                let answer = Answer::new(StatusCode::OK).with_sdp(sdp);
                let cseq = context.endpoint.transactions.received_cseq(request);
                let asked = context.endpoint.transactions.received_request(request);
                self.timer = asked.and_then(|asked| SessionTimer::of_request(&asked.headers, context.now));
                let text = context.respond(request, answer);
                self.negotiation = match kind {
                    Asking::Update => Negotiation::Settled,
                    Asking::Invite | Asking::InviteWithoutOffer => Negotiation::Answered(Answered {
                        text,
                        cseq,
                        repetition: Repetition::new(context.now),
                        wants_answer: kind == Asking::InviteWithoutOffer,
                        first: false,
                    }),
                };
            }
            Negotiation::Settled | Negotiation::Offering(_) | Negotiation::Answered(_) => {
                return Err(CommandError::WrongState);
            }
        }
        sdp.clone_into(&mut self.ours);
        Ok(())
    }

    /// Refuses an offer of theirs. One that came in a 2xx cannot be refused, only ended (RFC 3261 §13.2.2.4).
    pub(in super::super) fn refuse_offer(
        &mut self,
        status: StatusCode,
        context: &mut Context<'_>,
    ) -> Commanded {
        match self.negotiation {
            Negotiation::AckOwed(_) => self.hang_up(context),
            Negotiation::Asked { .. } if status.is_provisional() || status.is_success() => {
                return Err(CommandError::WrongStatus);
            }
            Negotiation::Asked { request, .. } => {
                context.respond(request, Answer::new(status));
                self.settle();
            }
            Negotiation::Settled | Negotiation::Offering(_) | Negotiation::Answered(_) => {
                return Err(CommandError::WrongState);
            }
        }
        Ok(())
    }

    /// Sends a re-INVITE or an UPDATE with an offer; only when nothing else is being negotiated (RFC 3261 §14.1,
    /// RFC 3311 §5.1).
    pub(in super::super) fn reoffer(
        &mut self,
        method: Method,
        sdp: &str,
        context: &mut Context<'_>,
    ) -> Commanded {
        match self.negotiation {
            Negotiation::Settled if !context.endpoint.outbox.is_open() => Err(CommandError::NotConnected),
            Negotiation::Settled => {
                self.send_offer(method, sdp, context);
                Ok(())
            }
            Negotiation::Offering(_)
            | Negotiation::Asked { .. }
            | Negotiation::Answered(_)
            | Negotiation::AckOwed(_) => Err(CommandError::WrongState),
        }
    }

    pub(super) fn send_offer(&mut self, method: Method, sdp: &str, context: &mut Context<'_>) {
        let mut request = self.change_request(method);
        attach_sdp(&mut request, sdp);
        let request = context.endpoint.send(request, Owner::Session(context.id), context.now);
        self.negotiation = Negotiation::Offering(request);
    }

    /// A response to an INVITE or an UPDATE of this session.
    pub(super) fn heard(&mut self, heard: Heard, response: &Response, context: &mut Context<'_>) {
        match self.negotiation {
            Negotiation::Offering(id) if id == heard.id => self.change_heard(heard, response, context),
            _ if heard.request.method == Method::Update => self.change_heard(heard, response, context),
            Negotiation::Offering(_)
            | Negotiation::Settled
            | Negotiation::Asked { .. }
            | Negotiation::Answered(_)
            | Negotiation::AckOwed(_) => {
                // Another branch of the forked call answered after the first (RFC 3261 §13.2.2.4).
                if response.status.is_success() {
                    context.endpoint.disown(&heard, response, context.now);
                }
            }
        }
    }

    fn change_heard(&mut self, mut heard: Heard, response: &Response, context: &mut Context<'_>) {
        let status = response.status;
        if status.is_provisional() {
            return;
        }
        // An UPDATE without an offer refreshes the session, no more.
        let offered = !heard.request.body.is_empty();
        if status.is_success() {
            return self.change_accepted(&heard, response, context);
        }
        let again = if is_challenge(status) {
            context.endpoint.challenged(&heard, response)
        } else {
            status == StatusCode::SESSION_INTERVAL_TOO_SMALL
                && session_timer::lengthen(&mut heard.request.headers, &response.headers)
        };
        if again {
            let number = self.dialog.next_cseq();
            let sent = context.endpoint.resend(heard, number, context.now);
            if offered {
                self.negotiation = Negotiation::Offering(sent);
            }
            return;
        }
        if self.is_lost(response, context) {
            return;
        }
        let retry_in = self.retry_in(response, context);
        if offered {
            self.settle();
            let reason = reason_of_response(response).unwrap_or_default();
            return self.change_failed(status, &reason, retry_in, context);
        }
        // It was said to be taken, and is not: the other way, then.
        let unknown = status == StatusCode::METHOD_NOT_ALLOWED || status == StatusCode::NOT_IMPLEMENTED;
        self.dialog.updates &= !unknown;
        self.refresh_again(retry_in.or(unknown.then_some(Duration::ZERO)), context);
    }

    fn change_accepted(&mut self, heard: &Heard, response: &Response, context: &mut Context<'_>) {
        let headers = &response.headers;
        self.dialog.refresh_target(headers);
        self.timer = SessionTimer::of_response(headers, context.now);
        if heard.request.method == Method::Invite {
            let ack = self.dialog.ack(&heard.request);
            context.endpoint.acknowledge(heard.id, self.dialog.remote_tag(), ack);
        }
        if let Some(identity) = identity_of(headers) {
            context.tell(SessionEvent::Identity(identity));
        }
        if heard.request.body.is_empty() {
            return;
        }
        self.settle();
        self.ours.clone_from(&heard.request.body);
        match description_of(headers, &response.body) {
            // Nothing of ours has changed, so nothing of theirs has.
            _ if std::mem::take(&mut self.refreshing) => {}
            Some(answer) => context.tell(SessionEvent::Answer { answer }),
            None => context.offer_refused(StatusCode::NOT_ACCEPTABLE_HERE, "no answer came", None),
        }
    }

    /// Our offer was refused: the session goes on as it was (RFC 3261 §14.1).
    pub(super) fn change_failed(
        &mut self,
        status: StatusCode,
        reason: &str,
        retry_in: Option<Duration>,
        context: &mut Context<'_>,
    ) {
        if std::mem::take(&mut self.refreshing) {
            self.refresh_again(retry_in, context);
        } else {
            context.offer_refused(status, reason, retry_in);
        }
    }

    /// Whether a refusal says that the other side knows nothing of this session any more, or does not answer: it is over
    /// then, whatever was asked (RFC 3261 §12.2.1.2).
    pub(super) fn is_lost(&self, response: &Response, context: &mut Context<'_>) -> bool {
        match response.status {
            StatusCode::REQUEST_TIMEOUT => self.gone(context),
            status @ StatusCode::CALL_OR_TRANSACTION_DOES_NOT_EXIST => {
                context.drop_negotiation(&self.dialog, &self.negotiation);
                context.end(EndedCause::Refused(status), reason_of_response(response));
            }
            _ => return false,
        }
        true
    }

    /// When a fresh offer may fare better: after a glare each side waits its own time, so that they do not meet again
    /// (RFC 3261 §14.1); otherwise when the other side says so.
    fn retry_in(&self, response: &Response, context: &mut Context<'_>) -> Option<Duration> {
        if response.status == StatusCode::REQUEST_PENDING {
            let (least, spread) = if self.dialog.is_ours { (2100, 191) } else { (0, 201) };
            let tens = context.endpoint.tokens.number() % spread;
            return Some(Duration::from_millis(least + 10 * tens));
        }
        let retry_after = response.headers.retry_after()?.delay;
        Some(retry_after).filter(|delay| *delay <= LONGEST_RETRY)
    }

    /// A re-INVITE or UPDATE.
    pub(super) fn asked(&mut self, request: &Request, context: &mut Context<'_>) {
        let offer = match sdp_of(&request.headers, &request.body) {
            Ok(offer) => offer,
            Err(_) => return context.endpoint.refuse_body(request),
        };
        let kind = match (&request.method, &offer) {
            (Method::Update, Some(_)) => Asking::Update,
            (Method::Update, None) => {
                self.timer = SessionTimer::of_request(&request.headers, context.now);
                return context.updated(request, &mut self.dialog);
            }
            (_, Some(_)) => Asking::Invite,
            (_, None) => Asking::InviteWithoutOffer,
        };
        match self.negotiation.glare() {
            None => {}
            Some(StatusCode::REQUEST_PENDING) => {
                return context.endpoint.reply_status(request, StatusCode::REQUEST_PENDING);
            }
            Some(_) => return context.endpoint.reply_later(request),
        }
        let Some(id) = context.endpoint.open(request) else { return };
        self.dialog.refresh_target(&request.headers);
        // RFC 4320 §4.1: only an INVITE is told that it is being worked on.
        if kind != Asking::Update {
            context.respond(id, Answer::new(StatusCode::TRYING));
        }
        let identity = context.identity(&request.headers, &mut self.dialog);
        context.tell(SessionEvent::Offer { offer, identity });
        self.negotiation = Negotiation::Asked { request: id, kind };
    }

    /// The other side gave its re-INVITE up.
    pub(super) fn cancelled(&mut self, context: &mut Context<'_>) {
        if let Negotiation::Asked { request, .. } = self.negotiation {
            context.respond(request, Answer::new(StatusCode::REQUEST_TERMINATED));
            self.settle();
            context.tell(SessionEvent::OfferWithdrawn);
        }
    }
}

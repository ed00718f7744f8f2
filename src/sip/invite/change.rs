//! Changes of an established session by re-INVITE and UPDATE, ours and theirs (RFC 3261 §14; RFC 3311).

use std::time::Duration;

use super::super::authentication::is_challenge;
use super::super::endpoint::{Answer, attach_sdp, description_of, sdp_of};
use super::super::event::{EndedCause, SessionEvent};
use super::super::message::{Request, Response};
use super::super::method::Method;
use super::super::offer_answer::{Answered, Asking, Negotiation};
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

    /// Sends a re-INVITE with an offer; only when nothing else is being negotiated (RFC 3261 §14.1).
    pub(in super::super) fn reoffer(&mut self, sdp: &str, context: &mut Context<'_>) -> Commanded {
        match self.negotiation {
            Negotiation::Settled if !context.endpoint.outbox.is_open() => Err(CommandError::NotConnected),
            Negotiation::Settled => {
                let mut invite = self.dialog.request(Method::Invite);
                attach_sdp(&mut invite, sdp);
                let invite = context.endpoint.send(invite, Owner::Session(context.id), context.now);
                self.negotiation = Negotiation::Offering(invite);
                Ok(())
            }
            Negotiation::Offering(_)
            | Negotiation::Asked { .. }
            | Negotiation::Answered(_)
            | Negotiation::AckOwed(_) => Err(CommandError::WrongState),
        }
    }

    /// A response to an INVITE of this session.
    pub(super) fn heard(&mut self, heard: Heard, response: &Response, context: &mut Context<'_>) {
        match self.negotiation {
            Negotiation::Offering(id) if id == heard.id => self.reoffer_heard(heard, response, context),
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

    fn reoffer_heard(&mut self, heard: Heard, response: &Response, context: &mut Context<'_>) {
        let status = response.status;
        if status.is_provisional() {
            return;
        }
        if status.is_success() {
            self.dialog.refresh_target(&response.headers);
            let ack = self.dialog.ack(&heard.request);
            context.endpoint.acknowledge(heard.id, self.dialog.remote_tag(), ack);
            match description_of(&response.headers, &response.body) {
                Some(answer) => context.tell(SessionEvent::Answer { answer }),
                None => context.offer_refused(StatusCode::NOT_ACCEPTABLE_HERE, "no answer came", None),
            }
            return self.settle();
        }
        if is_challenge(status) {
            let number = self.dialog.next_cseq();
            if let Ok(invite) = context.endpoint.retry(heard, response, number, context.now) {
                self.negotiation = Negotiation::Offering(invite);
                return;
            }
        }
        // The other side knows nothing of this session any more (RFC 3261 §12.2.1.2).
        if status == StatusCode::CALL_OR_TRANSACTION_DOES_NOT_EXIST {
            return context.end(EndedCause::Refused(status), reason_of_response(response));
        }
        if status == StatusCode::REQUEST_TIMEOUT {
            return self.gone(context);
        }
        let reason = reason_of_response(response).unwrap_or_default();
        let retry_in = self.retry_in(response, context);
        context.offer_refused(status, &reason, retry_in);
        self.settle();
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
            (Method::Update, None) => return context.updated(request, &mut self.dialog),
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
        context.tell(SessionEvent::Offer { offer, identity: identity_of(&request.headers) });
        self.negotiation = Negotiation::Asked { request: id, kind };
    }

    /// The other side gave its re-INVITE up.
    pub(super) fn cancelled(&mut self, context: &mut Context<'_>) {
        if let Negotiation::Asked { request, .. } = self.negotiation {
            context.respond(request, Answer::new(StatusCode::REQUEST_TERMINATED));
            self.settle();
        }
    }
}

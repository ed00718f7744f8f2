//! A session that was accepted by either side: ACK, changes by re-INVITE and UPDATE, BYE (RFC 3261 §14, §15; RFC 3311).

use super::super::authentication::is_challenge;
use super::super::dialog::Dialog;
use super::super::endpoint::{Answer, attach_sdp, sdp_of};
use super::super::event::{EndedCause, SessionEvent};
use super::super::message::{Request, Response};
use super::super::method::Method;
use super::super::offer_answer::{Answered, Asking, Negotiation};
use super::super::status::StatusCode;
use super::super::transaction::timer::{Due, Repetition};
use super::super::transaction::{ClientId, Heard, Owner, ServerId};
use super::super::user_agent::CommandError;
use super::{Commanded, Context, Session, identity_of, reason_of, reason_of_response};
use crate::time::Deadline;

/// Accepted by either side.
#[derive(Debug)]
pub(in super::super) struct Established {
    pub(super) dialog: Dialog,
    negotiation: Negotiation,
}

impl Established {
    pub(super) fn begin(dialog: Dialog, negotiation: Negotiation) -> Session {
        Session::Established(Self { dialog, negotiation })
    }

    fn settle(self) -> Session {
        Self::begin(self.dialog, Negotiation::Settled)
    }

    fn refused_command(self, error: CommandError) -> Commanded {
        Session::Established(self).refused_command(error)
    }

    /// The answer to an offer of theirs: in a 2xx, or in the ACK to theirs.
    pub(super) fn answer_offer(self, sdp: &str, context: &mut Context<'_>) -> Commanded {
        let Self { dialog, negotiation } = self;
        let negotiation = match negotiation {
            Negotiation::AckOwed(invite) => {
                context.acknowledge(&dialog, invite, Some(sdp));
                Negotiation::Settled
            }
            Negotiation::Asked { request, kind } => {
                let answer = Answer::new(StatusCode::OK).with_sdp(sdp);
                let cseq = context.endpoint.transactions.received_cseq(request);
                let text = context.respond(request, answer);
                match kind {
                    Asking::Update => Negotiation::Settled,
                    Asking::Invite | Asking::InviteWithoutOffer => Negotiation::Answered(Answered {
                        text,
                        cseq,
                        repetition: Repetition::new(context.now),
                        wants_answer: kind == Asking::InviteWithoutOffer,
                        first: false,
                    }),
                }
            }
            negotiation @ (Negotiation::Settled | Negotiation::Offering(_) | Negotiation::Answered(_)) => {
                return Self { dialog, negotiation }.refused_command(CommandError::WrongState);
            }
        };
        (Some(Self::begin(dialog, negotiation)), Ok(()))
    }

    /// Refuses an offer of theirs. One that came in a 2xx cannot be refused, only ended (RFC 3261 §13.2.2.4).
    pub(super) fn refuse_offer(self, status: StatusCode, context: &mut Context<'_>) -> Commanded {
        match self.negotiation {
            Negotiation::AckOwed(_) => (self.hang_up(context), Ok(())),
            Negotiation::Asked { .. } if status.is_provisional() || status.is_success() => {
                self.refused_command(CommandError::WrongStatus)
            }
            Negotiation::Asked { request, .. } => {
                context.respond(request, Answer::new(status));
                (Some(self.settle()), Ok(()))
            }
            Negotiation::Settled | Negotiation::Offering(_) | Negotiation::Answered(_) => {
                self.refused_command(CommandError::WrongState)
            }
        }
    }

    /// Sends a re-INVITE with an offer; only when nothing else is being negotiated (RFC 3261 §14.1).
    pub(super) fn reoffer(self, sdp: &str, context: &mut Context<'_>) -> Commanded {
        match self.negotiation {
            Negotiation::Settled if !context.endpoint.outbox.is_open() => {
                self.refused_command(CommandError::NotConnected)
            }
            Negotiation::Settled => {
                let Self { mut dialog, .. } = self;
                let mut invite = dialog.request(Method::Invite);
                attach_sdp(&mut invite, sdp);
                let invite = context.endpoint.send(invite, Owner::Session(context.id), context.now);
                (Some(Self::begin(dialog, Negotiation::Offering(invite))), Ok(()))
            }
            Negotiation::Offering(_)
            | Negotiation::Asked { .. }
            | Negotiation::Answered(_)
            | Negotiation::AckOwed(_) => self.refused_command(CommandError::WrongState),
        }
    }

    /// Ends the session; the BYE may have to wait for an ACK or for the transport.
    pub(super) fn hang_up(self, context: &mut Context<'_>) -> Option<Session> {
        self.leave(context);
        context.end(EndedCause::LocalBye, None)
    }

    /// Sends BYE, after closing what is open.
    fn leave(self, context: &mut Context<'_>) {
        let Self { dialog, negotiation } = self;
        match negotiation {
            Negotiation::Answered(answered) => {
                return context.endpoint.bid_farewell_after_ack(dialog, answered);
            }
            Negotiation::Settled => {}
            negotiation
            @ (Negotiation::Offering(_) | Negotiation::Asked { .. } | Negotiation::AckOwed(_)) => {
                context.drop_negotiation(&dialog, negotiation);
            }
        }
        context.endpoint.bid_farewell(dialog, context.now);
    }

    /// A response to an INVITE of this session.
    pub(super) fn heard(
        self,
        heard: Heard,
        response: &Response,
        context: &mut Context<'_>,
    ) -> Option<Session> {
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
                Some(Session::Established(self))
            }
        }
    }

    fn reoffer_heard(
        mut self,
        heard: Heard,
        response: &Response,
        context: &mut Context<'_>,
    ) -> Option<Session> {
        let status = response.status;
        if status.is_provisional() {
            return Some(Session::Established(self));
        }
        if status.is_success() {
            self.dialog.refresh_target(&response.headers);
            let ack = self.dialog.ack(&heard.request);
            context.endpoint.acknowledge(heard.id, self.dialog.remote_tag(), ack);
            match sdp_of(&response.headers, &response.body).ok().flatten() {
                Some(answer) => context.tell(SessionEvent::Answer { answer }),
                None => context.offer_refused(StatusCode::NOT_ACCEPTABLE_HERE, "no answer came"),
            }
            return Some(self.settle());
        }
        if is_challenge(status) {
            let number = self.dialog.next_cseq();
            if let Ok(invite) = context.endpoint.retry(heard, response, number, context.now) {
                return Some(Self::begin(self.dialog, Negotiation::Offering(invite)));
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
        context.offer_refused(status, &reason);
        Some(self.settle())
    }

    /// The other side does not answer any more (RFC 3261 §12.2.1.2).
    fn gone(self, context: &mut Context<'_>) -> Option<Session> {
        context.endpoint.bid_farewell(self.dialog, context.now);
        context.end(EndedCause::TimedOut, None)
    }

    /// An INVITE of this session got no answer.
    pub(super) fn unanswered(self, id: ClientId, context: &mut Context<'_>) -> Option<Session> {
        match self.negotiation {
            Negotiation::Offering(ours) if ours == id => self.gone(context),
            Negotiation::Offering(_)
            | Negotiation::Settled
            | Negotiation::Asked { .. }
            | Negotiation::Answered(_)
            | Negotiation::AckOwed(_) => Some(Session::Established(self)),
        }
    }

    /// A request inside the dialog.
    pub(super) fn request(self, request: &Request, context: &mut Context<'_>) -> Option<Session> {
        match request.method {
            Method::Bye => {
                context.endpoint.reply(request, Answer::new(StatusCode::OK));
                context.drop_negotiation(&self.dialog, self.negotiation);
                context.end(EndedCause::RemoteBye, reason_of(&request.headers))
            }
            Method::Invite | Method::Update => Some(self.asked(request, context)),
            _ => Some(Session::Established(self)),
        }
    }

    /// A re-INVITE or UPDATE.
    fn asked(mut self, request: &Request, context: &mut Context<'_>) -> Session {
        let offer = match sdp_of(&request.headers, &request.body) {
            Ok(offer) => offer,
            Err(_) => {
                context.endpoint.refuse_body(request);
                return Session::Established(self);
            }
        };
        let kind = match (&request.method, &offer) {
            (Method::Update, Some(_)) => Asking::Update,
            (Method::Update, None) => return self.updated(request, context),
            (_, Some(_)) => Asking::Invite,
            (_, None) => Asking::InviteWithoutOffer,
        };
        match self.negotiation.glare() {
            None => {}
            Some(StatusCode::REQUEST_PENDING) => {
                context.endpoint.reply(request, Answer::new(StatusCode::REQUEST_PENDING));
                return Session::Established(self);
            }
            Some(_) => {
                context.endpoint.reply_later(request);
                return Session::Established(self);
            }
        }
        let Some(id) = context.endpoint.open(request) else { return Session::Established(self) };
        self.dialog.refresh_target(&request.headers);
        // RFC 4320 §4.1: only an INVITE is told that it is being worked on.
        if kind != Asking::Update {
            context.respond(id, Answer::new(StatusCode::TRYING));
        }
        context.tell(SessionEvent::Offer { offer, identity: identity_of(&request.headers) });
        Self::begin(self.dialog, Negotiation::Asked { request: id, kind })
    }

    /// An UPDATE without an offer: a new target, or somebody else on the other side (RFC 3311 §5.2).
    fn updated(mut self, request: &Request, context: &mut Context<'_>) -> Session {
        self.dialog.refresh_target(&request.headers);
        context.endpoint.reply(request, Answer::new(StatusCode::OK));
        if let Some(identity) = identity_of(&request.headers) {
            context.tell(SessionEvent::Identity(identity));
        }
        Session::Established(self)
    }

    /// An ACK inside the dialog; one that acknowledges nothing outstanding is ignored.
    pub(super) fn ack(self, ack: &Request, context: &mut Context<'_>) -> Option<Session> {
        let number = ack.headers.cseq().map(|cseq| cseq.number);
        let Self { dialog, negotiation } = self;
        let answered = match negotiation {
            Negotiation::Answered(answered) if number == Ok(answered.cseq) => answered,
            negotiation @ (Negotiation::Answered(_)
            | Negotiation::Settled
            | Negotiation::Offering(_)
            | Negotiation::Asked { .. }
            | Negotiation::AckOwed(_)) => return Some(Self::begin(dialog, negotiation)),
        };
        let answer = sdp_of(&ack.headers, &ack.body).ok().flatten().filter(|_| answered.wants_answer);
        let lacks_answer = answered.wants_answer && answer.is_none();
        if answered.first && lacks_answer {
            context.endpoint.bid_farewell(dialog, context.now);
            return context.end(EndedCause::Protocol("acknowledged without an answer to our offer"), None);
        }
        if answered.first {
            context.tell(SessionEvent::Confirmed { answer });
        } else if let Some(answer) = answer {
            context.tell(SessionEvent::Answer { answer });
        } else if lacks_answer {
            context.offer_refused(StatusCode::NOT_ACCEPTABLE_HERE, "no answer came");
        }
        Some(Self::begin(dialog, Negotiation::Settled))
    }

    /// The other side gave its re-INVITE up.
    pub(super) fn cancelled(self, context: &mut Context<'_>) -> Session {
        match self.negotiation {
            Negotiation::Asked { request, .. } => {
                context.respond(request, Answer::new(StatusCode::REQUEST_TERMINATED));
                self.settle()
            }
            Negotiation::Settled
            | Negotiation::Offering(_)
            | Negotiation::Answered(_)
            | Negotiation::AckOwed(_) => Session::Established(self),
        }
    }

    pub(super) fn pending(&self) -> Option<ServerId> {
        match self.negotiation {
            Negotiation::Asked { request, .. } => Some(request),
            Negotiation::Settled
            | Negotiation::Offering(_)
            | Negotiation::Answered(_)
            | Negotiation::AckOwed(_) => None,
        }
    }

    pub(super) fn deadline(&self) -> Option<Deadline> {
        match &self.negotiation {
            Negotiation::Answered(answered) => {
                Some(Deadline { at: answered.repetition.at(), what: "ACK to a 2xx" })
            }
            Negotiation::Settled
            | Negotiation::Offering(_)
            | Negotiation::Asked { .. }
            | Negotiation::AckOwed(_) => None,
        }
    }

    /// Repeats our 2xx, or gives up waiting for its ACK: then the session ends (RFC 3261 §13.3.1.4, §14.2).
    pub(super) fn timeout(mut self, context: &mut Context<'_>) -> Option<Session> {
        if let Negotiation::Answered(answered) = &mut self.negotiation {
            match answered.repetition.due(context.now) {
                Due::Nothing => {}
                Due::Again => context.endpoint.outbox.send(answered.text.clone()),
                Due::GiveUp => return self.gone(context),
            }
        }
        Some(Session::Established(self))
    }

    /// The session outlives the transport; a change that was under way does not.
    pub(super) fn transport_lost(self, context: &mut Context<'_>) -> Session {
        match self.negotiation {
            Negotiation::Offering(_) => {
                context.offer_refused(StatusCode::SERVICE_UNAVAILABLE, "the connection was lost");
                self.settle()
            }
            Negotiation::Asked { .. } => self.settle(),
            Negotiation::Settled | Negotiation::Answered(_) | Negotiation::AckOwed(_) => {
                Session::Established(self)
            }
        }
    }
}

impl Context<'_> {
    /// Sends the ACK to the 2xx of `invite`, with an answer where one is owed.
    fn acknowledge(&mut self, dialog: &Dialog, invite: ClientId, answer: Option<&str>) {
        let Some(request) = self.endpoint.transactions.sent_request(invite) else { return };
        let mut ack = dialog.ack(request);
        if let Some(answer) = answer {
            attach_sdp(&mut ack, answer);
        }
        self.endpoint.acknowledge(invite, dialog.remote_tag(), ack);
    }

    /// Closes what is open between both sides when the session ends.
    fn drop_negotiation(&mut self, dialog: &Dialog, negotiation: Negotiation) {
        match negotiation {
            Negotiation::Settled | Negotiation::Answered(_) => {}
            // Its 2xx would still be acknowledged; nobody waits for it.
            Negotiation::Offering(invite) => self.endpoint.transactions.abandon(invite, self.now),
            // RFC 3261 §15.1.2: pending requests are answered with 487.
            Negotiation::Asked { request, .. } => {
                self.respond(request, Answer::new(StatusCode::REQUEST_TERMINATED));
            }
            Negotiation::AckOwed(invite) => self.acknowledge(dialog, invite, None),
        }
    }

    fn offer_refused(&mut self, status: StatusCode, reason: &str) {
        self.tell(SessionEvent::OfferRefused { status, reason: reason.to_owned() });
    }
}

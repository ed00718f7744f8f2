//! A session that was accepted by either side: its ACK and its end (RFC 3261 §13.3.1.4, §15).

use std::time::Duration;

use super::super::dialog::Dialog;
use super::super::endpoint::{Answer, attach_sdp, description_of};
use super::super::event::{EndedCause, SessionEvent};
use super::super::message::Request;
use super::super::method::Method;
use super::super::offer_answer::Negotiation;
use super::super::status::StatusCode;
use super::super::transaction::timer::Due;
use super::super::transaction::{ClientId, ServerId};
use super::{Context, Session, reason_of};
use crate::time::Deadline;

/// Accepted by either side.
#[derive(Debug)]
pub(in super::super) struct Established {
    pub(super) dialog: Dialog,
    pub(super) negotiation: Negotiation,
}

impl Established {
    pub(super) fn begin(dialog: Dialog, negotiation: Negotiation) -> Session {
        Session::Established(Self { dialog, negotiation })
    }

    pub(super) fn settle(self) -> Session {
        Self::begin(self.dialog, Negotiation::Settled)
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

    /// The other side does not answer any more (RFC 3261 §12.2.1.2).
    pub(super) fn gone(self, context: &mut Context<'_>) -> Option<Session> {
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
                context.endpoint.reply_status(request, StatusCode::OK);
                context.drop_negotiation(&self.dialog, self.negotiation);
                context.end(EndedCause::RemoteBye, reason_of(&request.headers))
            }
            Method::Invite | Method::Update => Some(self.asked(request, context)),
            Method::Info => Some(self.informed(request, context)),
            Method::Notify => Some(self.notified(request, context)),
            _ => Some(Session::Established(self)),
        }
    }

    /// An ACK inside the dialog; one that acknowledges nothing outstanding is ignored.
    pub(super) fn ack(self, ack: &Request, context: &mut Context<'_>) -> Option<Session> {
        let number = ack.headers.cseq_number();
        let Self { dialog, negotiation } = self;
        let answered = match negotiation {
            Negotiation::Answered(answered) if number == Some(answered.cseq) => answered,
            negotiation @ (Negotiation::Answered(_)
            | Negotiation::Settled
            | Negotiation::Offering(_)
            | Negotiation::Asked { .. }
            | Negotiation::AckOwed(_)) => return Some(Self::begin(dialog, negotiation)),
        };
        let answer = description_of(&ack.headers, &ack.body).filter(|_| answered.wants_answer);
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
            context.offer_refused(StatusCode::NOT_ACCEPTABLE_HERE, "no answer came", None);
        }
        Some(Self::begin(dialog, Negotiation::Settled))
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
            Negotiation::Answered(answered) => Some(Deadline::new(answered.repetition.at(), "ACK to a 2xx")),
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
    pub(super) fn transport_lost(mut self, context: &mut Context<'_>) -> Session {
        self.inside_lost(context);
        match self.negotiation {
            Negotiation::Offering(_) => {
                context.offer_refused(StatusCode::SERVICE_UNAVAILABLE, "the connection was lost", None);
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
    pub(super) fn acknowledge(&mut self, dialog: &Dialog, invite: ClientId, answer: Option<&str>) {
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

    pub(super) fn offer_refused(&mut self, status: StatusCode, reason: &str, retry_in: Option<Duration>) {
        self.tell(SessionEvent::OfferRefused { status, reason: reason.to_owned(), retry_in });
    }
}

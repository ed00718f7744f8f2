//! A session that was accepted by either side: its ACK and its end (RFC 3261 §13.3.1.4, §15).

use std::time::Duration;

use super::super::dialog::Dialog;
use super::super::endpoint::{Answer, attach_sdp, description_of};
use super::super::event::{EndedCause, SessionEvent};
use super::super::message::Request;
use super::super::method::Method;
use super::super::offer_answer::Negotiation;
use super::super::session_timer::SessionTimer;
use super::super::status::StatusCode;
use super::super::transaction::timer::Due;
use super::super::transaction::{ClientId, ServerId, Unanswered};
use super::inside::informed;
use super::reliable::confirms;
use super::{Context, NO_DESCRIPTION, reason_of};
use crate::time::Deadline;

/// Accepted by either side.
#[derive(Debug)]
pub(in super::super) struct Established {
    pub(super) dialog: Dialog,
    pub(super) negotiation: Negotiation,
    /// The session description of ours that is agreed on.
    pub(super) ours: String,
    /// The re-INVITE that is out changes nothing: it refreshes the session.
    pub(super) refreshing: bool,
    pub(super) timer: Option<SessionTimer>,
}

/// What the BYE says to who does not answer.
const SILENT: &str = "SIP;cause=408;text=\"Request Timeout\"";

impl Established {
    /// Without a session timer.
    pub(super) fn new(dialog: Dialog, negotiation: Negotiation, ours: &str) -> Self {
        Self { dialog, negotiation, ours: ours.to_owned(), refreshing: false, timer: None }
    }

    pub(super) fn settle(&mut self) {
        self.negotiation = Negotiation::Settled;
    }

    /// Ends the session; the BYE may have to wait for an ACK or for the transport.
    pub(super) fn hang_up(&mut self, context: &mut Context<'_>) {
        match std::mem::replace(&mut self.negotiation, Negotiation::Settled) {
            Negotiation::Answered(answered) => {
                context.endpoint.bid_farewell_after_ack(self.dialog.clone(), answered);
            }
            negotiation @ (Negotiation::Settled
            | Negotiation::Offering(_)
            | Negotiation::Asked { .. }
            | Negotiation::AckOwed(_)) => {
                context.drop_negotiation(&self.dialog, &negotiation);
                context.endpoint.bid_farewell(self.dialog.clone(), context.now);
            }
        }
        context.end(EndedCause::LocalBye, None);
    }

    /// The other side does not answer any more (RFC 3261 §12.2.1.2).
    pub(super) fn gone(&self, context: &mut Context<'_>) {
        context.drop_negotiation(&self.dialog, &self.negotiation);
        context.endpoint.bid_farewell_because(self.dialog.clone(), SILENT, context.now);
        context.end(EndedCause::TimedOut, Some("No answer from the other side".to_owned()));
    }

    /// A request of this session got no answer. Without one to what keeps or changes the session it is over
    /// (RFC 3261 §12.2.1.2, RFC 4028 §10); tones and transfers may be beyond the other side.
    pub(super) fn unanswered(&mut self, unanswered: &Unanswered, context: &mut Context<'_>) {
        match (&unanswered.method, &self.negotiation) {
            (Method::Invite, Negotiation::Offering(ours)) if *ours == unanswered.id => self.gone(context),
            (Method::Update, _) => self.gone(context),
            (method, _) => self.unanswered_inside(method, context),
        }
    }

    /// A request inside the dialog.
    pub(super) fn request(&mut self, request: &Request, context: &mut Context<'_>) {
        match request.method {
            Method::Bye => {
                context.endpoint.reply_status(request, StatusCode::OK);
                context.drop_negotiation(&self.dialog, &self.negotiation);
                context.end(EndedCause::RemoteBye, reason_of(&request.headers));
            }
            Method::Invite | Method::Update => self.asked(request, context),
            Method::Info => informed(request, context),
            Method::Notify => self.notified(request, context),
            // It crossed our 200 (RFC 3262 §3).
            Method::Prack if confirms(request, self.dialog.rseq, None) => {
                context.endpoint.reply_status(request, StatusCode::OK);
            }
            Method::Prack => {
                context.endpoint.reply_status(request, StatusCode::CALL_OR_TRANSACTION_DOES_NOT_EXIST);
            }
            _ => {}
        }
    }

    /// An ACK inside the dialog; one that acknowledges nothing outstanding is ignored.
    pub(super) fn ack(&mut self, ack: &Request, context: &mut Context<'_>) {
        let (first, wants_answer) = match &self.negotiation {
            Negotiation::Answered(answered) if ack.headers.cseq_number() == Some(answered.cseq) => {
                (answered.first, answered.wants_answer)
            }
            Negotiation::Answered(_)
            | Negotiation::Settled
            | Negotiation::Offering(_)
            | Negotiation::Asked { .. }
            | Negotiation::AckOwed(_) => return,
        };
        self.settle();
        let answer = description_of(&ack.headers, &ack.body).filter(|_| wants_answer);
        let lacks_answer = wants_answer && answer.is_none();
        if first && lacks_answer {
            context.endpoint.bid_farewell_because(self.dialog.clone(), NO_DESCRIPTION, context.now);
            context.end(EndedCause::Protocol("acknowledged without an answer to our offer"), None);
        } else if first {
            context.tell(SessionEvent::Confirmed { answer });
        } else if let Some(answer) = answer {
            context.tell(SessionEvent::Answer { answer });
        } else if lacks_answer {
            context.offer_refused(StatusCode::NOT_ACCEPTABLE_HERE, "no answer came", None);
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
        let timer = self.timer.as_ref().map(SessionTimer::deadline);
        let ack = match &self.negotiation {
            Negotiation::Answered(answered) => Some(Deadline::new(answered.repetition.at(), "ACK to a 2xx")),
            Negotiation::Settled
            | Negotiation::Offering(_)
            | Negotiation::Asked { .. }
            | Negotiation::AckOwed(_) => None,
        };
        Deadline::soonest(ack, timer)
    }

    /// Repeats our 2xx, or gives up waiting for its ACK: then the session ends (RFC 3261 §13.3.1.4, §14.2).
    pub(super) fn timeout(&mut self, context: &mut Context<'_>) {
        if let Negotiation::Answered(answered) = &mut self.negotiation {
            match answered.repetition.due(context.now) {
                Due::Nothing => {}
                Due::Again => context.endpoint.outbox.send(answered.text.clone()),
                Due::GiveUp => return self.gone(context),
            }
        }
        self.timer_due(context);
    }

    /// The session outlives the transport; a change that was under way does not.
    pub(super) fn transport_lost(&mut self, context: &mut Context<'_>) {
        self.inside_lost(context);
        if self.timer.as_ref().is_some_and(|timer| timer.refresh_at.is_none()) {
            self.refresh_again(None, context);
        }
        match self.negotiation {
            Negotiation::Offering(_) => {
                self.settle();
                self.change_failed(StatusCode::SERVICE_UNAVAILABLE, "the connection was lost", None, context);
            }
            Negotiation::Asked { .. } => {
                self.settle();
                context.tell(SessionEvent::OfferWithdrawn);
            }
            Negotiation::Settled | Negotiation::Answered(_) | Negotiation::AckOwed(_) => {}
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
    pub(super) fn drop_negotiation(&mut self, dialog: &Dialog, negotiation: &Negotiation) {
        match *negotiation {
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

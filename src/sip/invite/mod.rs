//! INVITE sessions (RFC 3261 §13–§15): calling, being called, established. One file per state.
//!
//! ```text
//! invite ──> Calling ──2xx──┐
//!                           ├──> Established ──BYE──> over
//! INVITE ──> Alerting ──200─┘
//! ```
//!
//! A session leaves the table at the moment it is told to be over; what the wire still needs then is left to its
//! transactions and to [`farewell`](super::farewell).

mod alerting;
mod calling;
mod change;
mod established;
mod inside;

pub(super) use self::alerting::Alerting;
pub(super) use self::calling::Calling;
pub(super) use self::established::Established;

use super::dialog::Dialog;
use super::endpoint::{Answer, Endpoint};
use super::event::{Ended, EndedCause, SessionEvent, SessionId};
use super::header::{Headers, Name};
use super::message::{Request, Response};
use super::method::Method;
use super::status::StatusCode;
use super::transaction::{Heard, ServerId, Unanswered};
use super::uri::NameAddr;
use super::user_agent::CommandError;
use crate::time::{Deadline, Instant};

/// One INVITE session.
#[derive(Debug)]
pub(super) enum Session {
    /// Our INVITE is out.
    Calling(Calling),
    /// Their INVITE waits for our word.
    Alerting(Alerting),
    /// Accepted by either side.
    Established(Established),
}

/// What a session acts with and on whose behalf.
#[derive(Debug)]
pub(super) struct Context<'a> {
    pub(super) id: SessionId,
    pub(super) endpoint: &'a mut Endpoint,
    pub(super) now: Instant,
    /// The session is over: it leaves the table after this step.
    pub(super) over: bool,
}

impl Context<'_> {
    fn tell(&mut self, event: SessionEvent) {
        self.endpoint.tell(self.id, event);
    }

    /// Answers a request of the other side whose transaction is open; returns the response as it was printed.
    fn respond(&mut self, request: ServerId, answer: Answer<'_>) -> String {
        self.endpoint.respond(request, answer, self.now).unwrap_or_default()
    }

    /// An UPDATE without an offer: a new target, or somebody else on the other side (RFC 3311 §5.2).
    fn updated(&mut self, request: &Request, dialog: &mut Dialog) {
        dialog.refresh_target(&request.headers);
        self.endpoint.reply_status(request, StatusCode::OK);
        if let Some(identity) = identity_of(&request.headers) {
            self.tell(SessionEvent::Identity(identity));
        }
    }

    /// Tells that the session is over; its last act.
    fn end(&mut self, cause: EndedCause, reason: Option<String>) {
        self.tell(SessionEvent::Ended(Ended { cause, reason }));
        self.over = true;
    }
}

/// Whether a command fitted. One that did not changed nothing.
pub(super) type Commanded = Result<(), CommandError>;

impl Session {
    /// For what can be done with a call only that rings here.
    pub(super) fn alerting(&mut self) -> Result<&mut Alerting, CommandError> {
        match self {
            Self::Alerting(alerting) => Ok(alerting),
            Self::Calling(_) | Self::Established(_) => Err(CommandError::WrongState),
        }
    }

    /// For what can be done with an established session only.
    pub(super) fn established(&mut self) -> Result<&mut Established, CommandError> {
        match self {
            Self::Established(established) => Ok(established),
            Self::Calling(_) | Self::Alerting(_) => Err(CommandError::WrongState),
        }
    }

    /// Answers the call.
    pub(super) fn accept(&mut self, sdp: &str, context: &mut Context<'_>) -> Commanded {
        *self = Self::Established(self.alerting()?.accept(sdp, context));
        Ok(())
    }

    /// The established dialog of this session.
    pub(super) fn established_dialog(&self) -> Option<&Dialog> {
        match self {
            Self::Established(established) => Some(&established.dialog),
            Self::Calling(_) | Self::Alerting(_) => None,
        }
    }

    /// Ends the session, in the way its state asks for.
    pub(super) fn hang_up(&mut self, context: &mut Context<'_>) -> Commanded {
        match self {
            Self::Calling(calling) => calling.cancel(context),
            Self::Alerting(alerting) => return alerting.refuse(StatusCode::DECLINE, context),
            Self::Established(established) => established.hang_up(context),
        }
        Ok(())
    }

    /// A response to a request of this session.
    pub(super) fn heard(&mut self, heard: Heard, response: &Response, context: &mut Context<'_>) {
        match self {
            Self::Calling(calling) => {
                if let Some(established) = calling.heard(heard, response, context) {
                    *self = Self::Established(established);
                }
            }
            Self::Established(established) if heard.request.method == Method::Invite => {
                established.heard(heard, response, context);
            }
            Self::Established(established) => established.heard_inside(heard, response, context),
            Self::Alerting(_) => {}
        }
    }

    /// A request of this session got no answer.
    pub(super) fn unanswered(&mut self, unanswered: &Unanswered, context: &mut Context<'_>) {
        match self {
            Self::Calling(_) => context.end(EndedCause::TimedOut, None),
            Self::Established(established) if unanswered.method == Method::Invite => {
                established.unanswered(unanswered.id, context);
            }
            Self::Established(established) => established.unanswered_inside(&unanswered.method, context),
            Self::Alerting(_) => {}
        }
    }

    /// A request of the other side inside a dialog of this session, other than ACK and CANCEL.
    pub(super) fn request(&mut self, request: &Request, context: &mut Context<'_>) {
        match self {
            Self::Calling(calling) => calling.request(request, context),
            Self::Alerting(alerting) => alerting.request(request, context),
            Self::Established(established) => established.request(request, context),
        }
    }

    /// An ACK inside the dialog of this session.
    pub(super) fn ack(&mut self, ack: &Request, context: &mut Context<'_>) {
        if let Self::Established(established) = self {
            established.ack(ack, context);
        }
    }

    /// The other side gave up that INVITE.
    pub(super) fn cancelled(&mut self, cancel: &Headers, context: &mut Context<'_>) {
        match self {
            Self::Alerting(alerting) => alerting.cancelled(cancel, context),
            Self::Established(established) => established.cancelled(context),
            Self::Calling(_) => {}
        }
    }

    /// Does what is due.
    pub(super) fn timeout(&mut self, context: &mut Context<'_>) {
        match self {
            Self::Alerting(alerting) => alerting.timeout(context),
            Self::Established(established) => established.timeout(context),
            Self::Calling(_) => {}
        }
    }

    /// The transport is gone. What is not established ends; what is outlives it.
    pub(super) fn transport_lost(&mut self, context: &mut Context<'_>) {
        match self {
            Self::Calling(_) | Self::Alerting(_) => context.end(EndedCause::TransportLost, None),
            Self::Established(established) => established.transport_lost(context),
        }
    }

    /// The dialog to which a received request belongs.
    pub(super) fn dialog_of(&mut self, request: &Headers) -> Option<&mut Dialog> {
        match self {
            Self::Calling(calling) => calling.dialog_of(request),
            Self::Alerting(alerting) => Some(&mut alerting.dialog).filter(|dialog| dialog.has(request)),
            Self::Established(established) => {
                Some(&mut established.dialog).filter(|dialog| dialog.has(request))
            }
        }
    }

    /// The received INVITE or UPDATE that waits for our word.
    pub(super) fn pending(&self) -> Option<ServerId> {
        match self {
            Self::Calling(_) => None,
            Self::Alerting(alerting) => Some(alerting.invite),
            Self::Established(established) => established.pending(),
        }
    }

    /// Whether it rings here.
    pub(super) fn is_alerting(&self) -> bool {
        match self {
            Self::Alerting(_) => true,
            Self::Calling(_) | Self::Established(_) => false,
        }
    }

    /// When it wants to be asked again.
    pub(super) fn deadline(&self) -> Option<Deadline> {
        match self {
            Self::Calling(_) => None,
            Self::Alerting(alerting) => alerting.deadline(),
            Self::Established(established) => established.deadline(),
        }
    }
}

/// Who the other side says it is: P-Asserted-Identity (RFC 3325), else the older Remote-Party-ID.
pub(super) fn identity_of(headers: &Headers) -> Option<NameAddr> {
    let older = || headers.addresses(&Name::REMOTE_PARTY_ID).ok()?.into_iter().next();
    headers.p_asserted_identity().or_else(older)
}

/// The words of the Reason header field (RFC 3326).
fn reason_of(headers: &Headers) -> Option<String> {
    headers.reasons().find_map(|reason| reason.text)
}

/// The words of the Reason header field, else the reason phrase.
fn reason_of_response(response: &Response) -> Option<String> {
    reason_of(&response.headers).or_else(|| Some(response.reason.clone()).filter(|reason| !reason.is_empty()))
}

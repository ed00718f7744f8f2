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
mod early;
mod established;
mod inside;
mod redirection;
mod refresh;
mod reliable;
mod words;

pub(super) use self::alerting::Alerting;
pub(super) use self::calling::Calling;
pub(super) use self::established::Established;
pub(super) use self::words::identity_of;
use self::words::{reason_of, reason_of_response};

use super::dialog::Dialog;
use super::endpoint::{Answer, Endpoint};
use super::event::{Ended, EndedCause, SessionEvent, SessionId};
use super::header::{Headers, Replaces};
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
        if let Some(identity) = self.identity(&request.headers, dialog) {
            self.tell(SessionEvent::Identity(identity));
        }
    }

    /// Who is there, as a request inside a dialog says: a trusted server's word, else a From that has changed.
    fn identity(&self, request: &Headers, dialog: &mut Dialog) -> Option<NameAddr> {
        let renamed = dialog.renamed(request);
        identity_of(request).or(renamed)
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

    /// Our word on an offer of the other side: an answer, or a refusal with that status.
    pub(super) fn reply(&mut self, answer: Result<&str, StatusCode>, context: &mut Context<'_>) -> Commanded {
        match (self, answer) {
            (Self::Calling(calling), _) => calling.reply(answer, context),
            (Self::Established(established), Ok(sdp)) => established.answer_offer(sdp, context),
            (Self::Established(established), Err(status)) => established.refuse_offer(status, context),
            (Self::Alerting(_), _) => Err(CommandError::WrongState),
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

    /// Whether a call may take the place of this one, which `replaces` names; else why not (RFC 3891 §3). `None`: it
    /// names another.
    pub(super) fn replaced_by(&self, replaces: &Replaces) -> Option<Result<(), StatusCode>> {
        match self {
            // One that we make may be picked up, too.
            Self::Calling(calling) => calling.is_named_by(replaces).then_some(Ok(())),
            Self::Established(established) => established
                .dialog
                .is_named_by(replaces)
                .then_some(if replaces.early_only { Err(StatusCode::BUSY_HERE) } else { Ok(()) }),
            Self::Alerting(alerting) => alerting
                .dialog
                .is_named_by(replaces)
                .then_some(Err(StatusCode::CALL_OR_TRANSACTION_DOES_NOT_EXIST)),
        }
    }

    /// Ends the session, in the way its state asks for. `replaced`: another has taken its place, which a callee whose
    /// phone rings is to know: it has not missed a call.
    pub(super) fn hang_up(&mut self, replaced: bool, context: &mut Context<'_>) -> Commanded {
        match self {
            Self::Calling(calling) => calling.cancel(if replaced { ELSEWHERE } else { "" }, context),
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
            Self::Established(established)
                if matches!(heard.request.method, Method::Invite | Method::Update) =>
            {
                established.heard(heard, response, context);
            }
            Self::Established(established) => established.heard_inside(heard, response, context),
            Self::Alerting(_) => {}
        }
    }

    /// A request of this session got no answer.
    pub(super) fn unanswered(&mut self, unanswered: &Unanswered, context: &mut Context<'_>) {
        match self {
            Self::Calling(_) if unanswered.method == Method::Invite => {
                context.end(EndedCause::TimedOut, None);
            }
            Self::Established(established) => established.unanswered(unanswered, context),
            Self::Calling(_) | Self::Alerting(_) => {}
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

/// What the CANCEL says when another call has taken the place of ours (RFC 3326 §2).
const ELSEWHERE: &str = "SIP;cause=200;text=\"Call completed elsewhere\"";
/// What the BYE says of a 2xx or an ACK that lacked what it owed.
const NO_DESCRIPTION: &str = "SIP;cause=488;text=\"No session description\"";

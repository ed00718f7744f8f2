//! A call to us that we have not taken yet (RFC 3261 §13.3): ringing, answering, refusing, their change of mind.

use std::time::Duration;

use super::super::dialog::Dialog;
use super::super::endpoint::Answer;
use super::super::event::EndedCause;
use super::super::header::{HeaderError, Headers};
use super::super::message::Request;
use super::super::method::Method;
use super::super::offer_answer::{Answered, Negotiation};
use super::super::status::StatusCode;
use super::super::transaction::ServerId;
use super::super::transaction::timer::Repetition;
use super::super::user_agent::CommandError;
use super::{Commanded, Context, Established, Session, reason_of};
use crate::time::{Deadline, Instant};

/// A provisional response is repeated this often, lest a proxy on the way gives the call up (RFC 3261 §13.3.1.1).
const REMINDER: Duration = Duration::from_secs(60);

/// Their INVITE waits for our word.
#[derive(Debug)]
pub(in super::super) struct Alerting {
    pub(super) invite: ServerId,
    pub(super) dialog: Dialog,
    /// The INVITE had an offer.
    offered: bool,
    /// The provisional response sent last, and when it is sent again.
    progress: Option<(StatusCode, Instant)>,
    /// When the caller's patience ends, if it said so (RFC 3261 §13.3.1).
    expires: Option<Instant>,
}

impl Alerting {
    /// Takes an INVITE whose transaction is open.
    pub(in super::super) fn begin(
        invite: ServerId,
        request: &Request,
        offered: bool,
        context: &mut Context<'_>,
    ) -> Result<Session, HeaderError> {
        let tag = context.endpoint.tokens.tag();
        let dialog = Dialog::from_request(request, &tag)?;
        context.respond(invite, Answer::new(StatusCode::TRYING));
        let expires = request.headers.expires();
        let expires = expires.map(|seconds| context.now + Duration::from_secs(seconds.into()));
        Ok(Session::Alerting(Self { invite, dialog, offered, progress: None, expires }))
    }

    /// Sends a provisional response, repeatable.
    pub(in super::super) fn progress(&mut self, status: StatusCode, context: &mut Context<'_>) -> Commanded {
        if !status.is_provisional() {
            return Err(CommandError::WrongStatus);
        }
        self.send_progress(status, context);
        Ok(())
    }

    fn send_progress(&mut self, status: StatusCode, context: &mut Context<'_>) {
        self.progress = Some((status, context.now + REMINDER));
        context.respond(self.invite, Answer::new(status).tagged(self.dialog.local_tag()));
    }

    /// 200, with the answer, or with the offer when the INVITE had none.
    pub(super) fn accept(&self, sdp: &str, context: &mut Context<'_>) -> Established {
        let dialog = self.dialog.clone();
        let answer = Answer::new(StatusCode::OK).tagged(dialog.local_tag()).with_sdp(sdp);
        let text = context.respond(self.invite, answer);
        let negotiation = Negotiation::Answered(Answered {
            text,
            cseq: dialog.remote_cseq(),
            repetition: Repetition::new(context.now),
            wants_answer: !self.offered,
            first: true,
        });
        Established { dialog, negotiation }
    }

    /// Refuses the call.
    pub(in super::super) fn refuse(&self, status: StatusCode, context: &mut Context<'_>) -> Commanded {
        if status.is_provisional() || status.is_success() {
            return Err(CommandError::WrongStatus);
        }
        self.over(status, EndedCause::LocalRefusal(status), None, context);
        Ok(())
    }

    /// The caller gave up.
    pub(super) fn cancelled(&self, cancel: &Headers, context: &mut Context<'_>) {
        let cause = EndedCause::RemoteCancel { answered_elsewhere: is_answered_elsewhere(cancel) };
        self.over(StatusCode::REQUEST_TERMINATED, cause, reason_of(cancel), context);
    }

    fn over(&self, status: StatusCode, cause: EndedCause, reason: Option<String>, context: &mut Context<'_>) {
        context.respond(self.invite, Answer::new(status).tagged(self.dialog.local_tag()));
        context.end(cause, reason);
    }

    /// A request inside the early dialog.
    pub(super) fn request(&mut self, request: &Request, context: &mut Context<'_>) {
        match request.method {
            // A caller may end an early dialog by BYE instead of CANCEL (RFC 3261 §15).
            Method::Bye => {
                context.endpoint.reply_status(request, StatusCode::OK);
                self.cancelled(&request.headers, context);
            }
            Method::Update if request.body.is_empty() => {
                context.updated(request, &mut self.dialog);
            }
            // The first INVITE is not answered yet (RFC 3261 §14.2, RFC 3311 §5.2).
            _ => context.endpoint.reply_later(request),
        }
    }

    pub(super) fn deadline(&self) -> Option<Deadline> {
        let reminder = self.progress.map(|(_, at)| Deadline::new(at, "repeated ringing"));
        let expires = self.expires.map(|at| Deadline::new(at, "end of the caller's patience"));
        Deadline::soonest(reminder, expires)
    }

    pub(super) fn timeout(&mut self, context: &mut Context<'_>) {
        if self.expires.is_some_and(|at| at <= context.now) {
            let cause = EndedCause::RemoteCancel { answered_elsewhere: false };
            return self.over(StatusCode::REQUEST_TERMINATED, cause, None, context);
        }
        if let Some((status, at)) = self.progress
            && at <= context.now
        {
            self.send_progress(status, context);
        }
    }
}

/// Whether another phone took the call: SIP cause 200 (RFC 3326 §2), or Q.850 cause 26, non-selected user clearing.
fn is_answered_elsewhere(cancel: &Headers) -> bool {
    cancel.reasons().any(|reason| {
        (reason.cause == Some(200) && reason.protocol.eq_ignore_ascii_case("SIP"))
            || (reason.cause == Some(26) && reason.protocol.eq_ignore_ascii_case("Q.850"))
    })
}

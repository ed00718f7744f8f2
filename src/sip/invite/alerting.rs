//! A call to us that we have not taken yet (RFC 3261 §13.3): ringing, answering, refusing, their change of mind.
//!
//! A caller that requires it gets our provisional responses until it has confirmed them (RFC 3262 §3). They never hold a
//! session description: nothing is agreed on before the person has taken the call.

use std::time::Duration;

use super::super::dialog::Dialog;
use super::super::endpoint::Answer;
use super::super::event::EndedCause;
use super::super::header::rack::RELIABLE;
use super::super::header::{HeaderError, Headers, Name};
use super::super::message::Request;
use super::super::method::Method;
use super::super::offer_answer::{Answered, Negotiation};
use super::super::session_timer::SessionTimer;
use super::super::status::StatusCode;
use super::super::transaction::ServerId;
use super::super::transaction::timer::{Due, Repetition};
use super::super::user_agent::CommandError;
use super::reliable::{Reliable, confirms};
use super::words::is_answered_elsewhere;
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
    reliable: Reliable,
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
        let required = request.headers.lists(&Name::REQUIRE, RELIABLE);
        let reliable = Reliable { required, ..Reliable::default() };
        Ok(Session::Alerting(Self { invite, dialog, offered, progress: None, expires, reliable }))
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
        let tag = self.dialog.local_tag().to_owned();
        let answer = Answer::new(status).tagged(&tag);
        if !self.reliable.required {
            self.progress = Some((status, context.now + REMINDER));
            context.respond(self.invite, answer);
        } else if self.reliable.unconfirmed.is_some() {
            self.reliable.waiting = Some(status);
        } else if self.offered {
            self.progress = Some((status, context.now + REMINDER));
            // RFC 3262 §3: the first number is anything below 2³¹, each further one is the next.
            let first = || (context.endpoint.tokens.number() % 0x7FFF_FFFF) as u32 + 1;
            let number = self.dialog.rseq.map_or_else(first, |last| last.wrapping_add(1));
            self.dialog.rseq = Some(number);
            let headers = [(Name::REQUIRE, RELIABLE.to_owned()), (Name::RSEQ, number.to_string())];
            let text = context.respond(self.invite, answer.with(&headers));
            self.reliable.unconfirmed = Some((text, Repetition::of_provisional(context.now)));
        }
        // Without an offer in the INVITE the first reliable response would have to hold ours (RFC 3261 §13.2.1), which
        // is made when the person takes the call: until then the 100 has to do.
    }

    /// A PRACK (RFC 3262 §3).
    fn confirmed(&mut self, prack: &Request, context: &mut Context<'_>) {
        let invite = Some(context.endpoint.transactions.received_cseq(self.invite));
        let status = if self.reliable.unconfirmed.is_none() || !confirms(prack, self.dialog.rseq, invite) {
            StatusCode::CALL_OR_TRANSACTION_DOES_NOT_EXIST
        } else {
            self.reliable.unconfirmed = None;
            // An offer would have to wait for the answer to that of the INVITE (RFC 3262 §5).
            if prack.body.is_empty() { StatusCode::OK } else { StatusCode::NOT_ACCEPTABLE_HERE }
        };
        context.endpoint.reply_status(prack, status);
        if self.reliable.unconfirmed.is_none()
            && let Some(status) = self.reliable.waiting.take()
        {
            self.send_progress(status, context);
        }
    }

    /// 200, with the answer, or with the offer when the INVITE had none.
    pub(super) fn accept(&self, sdp: &str, context: &mut Context<'_>) -> Established {
        let dialog = self.dialog.clone();
        let answer = Answer::new(StatusCode::OK).tagged(dialog.local_tag()).with_sdp(sdp);
        let invite = context.endpoint.transactions.received_request(self.invite);
        let timer = invite.and_then(|invite| SessionTimer::of_request(&invite.headers, context.now));
        let text = context.respond(self.invite, answer);
        let negotiation = Negotiation::Answered(Answered {
            text,
            cseq: dialog.remote_cseq(),
            repetition: Repetition::new(context.now),
            wants_answer: !self.offered,
            first: true,
        });
        Established { timer, ..Established::new(dialog, negotiation, sdp) }
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
            Method::Prack => self.confirmed(request, context),
            // The first INVITE is not answered yet (RFC 3261 §14.2, RFC 3311 §5.2).
            _ => context.endpoint.reply_later(request),
        }
    }

    pub(super) fn deadline(&self) -> Option<Deadline> {
        let reminder = self.progress.map(|(_, at)| Deadline::new(at, "repeated ringing"));
        let expires = self.expires.map(|at| Deadline::new(at, "end of the caller's patience"));
        let again = self.reliable.unconfirmed.as_ref();
        let again = again.map(|(_, repetition)| Deadline::new(repetition.at(), "PRACK"));
        Deadline::soonest(again, Deadline::soonest(reminder, expires))
    }

    pub(super) fn timeout(&mut self, context: &mut Context<'_>) {
        if self.expires.is_some_and(|at| at <= context.now) {
            let cause = EndedCause::RemoteCancel { answered_elsewhere: false };
            return self.over(StatusCode::REQUEST_TERMINATED, cause, None, context);
        }
        if let Some((text, repetition)) = &mut self.reliable.unconfirmed {
            match repetition.due(context.now) {
                Due::Nothing => {}
                Due::Again => context.endpoint.outbox.send(text.clone()),
                // RFC 3262 §3: a 5xx then.
                Due::GiveUp => {
                    return self.over(StatusCode::SERVER_TIMEOUT, EndedCause::TimedOut, None, context);
                }
            }
        }
        if let Some((status, at)) = self.progress
            && at <= context.now
        {
            self.send_progress(status, context);
        }
    }
}

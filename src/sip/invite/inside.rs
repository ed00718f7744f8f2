//! Requests inside an established dialog that change no media: INFO, and REFER with the NOTIFYs that it brings
//! (RFC 6086, RFC 3515).

use super::super::authentication::is_challenge;
use super::super::dialog::Refers;
use super::super::endpoint::Answer;
use super::super::event::{Referral, SessionEvent};
use super::super::header::{Name, ReferTo};
use super::super::message::{Request, Response};
use super::super::method::Method;
use super::super::sipfrag;
use super::super::status::StatusCode;
use super::super::transaction::{Heard, Owner};
use super::super::user_agent::CommandError;
use super::{Commanded, Context, Established, reason_of_response};

/// The tones that some servers send by INFO; nobody listens to them here.
const TONES: &str = "application/dtmf-relay, application/dtmf";

impl Established {
    /// Sends an INFO; ends in `InfoAnswered`.
    pub(in super::super) fn info(
        &mut self,
        content_type: &str,
        body: &str,
        context: &mut Context<'_>,
    ) -> Commanded {
        if self.dialog.informs {
            return Err(CommandError::WrongState);
        }
        let mut info = self.dialog.request(Method::Info);
        info.headers.push(Name::CONTENT_TYPE, content_type);
        info.body = body.to_owned();
        self.dialog.informs = context.endpoint.outbox.is_open();
        ask(info, context)
    }

    /// Sends a REFER, which subscribes to what becomes of it (RFC 3515 §2.4.4); ends in `Referral`.
    pub(in super::super) fn refer(&mut self, to: &ReferTo, context: &mut Context<'_>) -> Commanded {
        // Who asks again although the other side took it has waited long enough for its words.
        if self.dialog.refers == Refers::Asked {
            return Err(CommandError::WrongState);
        }
        let mut refer = self.dialog.request(Method::Refer);
        refer.headers.push(Name::REFER_TO, to.to_string());
        refer.headers.push(Name::REFERRED_BY, context.endpoint.config.aor.in_brackets());
        let asked = ask(refer, context);
        if asked.is_ok() {
            self.dialog.refers = Refers::Asked;
        }
        asked
    }

    /// A response to an INFO or a REFER.
    pub(super) fn heard_inside(&mut self, heard: Heard, response: &Response, context: &mut Context<'_>) {
        let status = response.status;
        if status.is_provisional() {
            return;
        }
        let method = heard.request.method.clone();
        // A PRACK to another callee of a forked call: that early dialog is over, and counted for itself.
        if heard.request.headers.tag(&Name::TO).is_some_and(|tag| tag != self.dialog.remote_tag()) {
            return;
        }
        if is_challenge(status) {
            let number = self.dialog.next_cseq();
            if context.endpoint.retry(heard, response, number, context.now).is_ok() {
                return;
            }
        }
        match method {
            Method::Info => self.info_answered(Some(status), context),
            Method::Refer if status.is_success() => self.referral_accepted(response, context),
            Method::Refer => {
                let reason = reason_of_response(response).unwrap_or_default();
                self.referral_over(Referral::Failed { status: Some(status), reason }, context);
            }
            // A PRACK that was answered after the call was taken.
            _ => return,
        }
        self.is_lost(response, context);
    }

    /// The other side will try. One that does not tell what becomes of it (RFC 4488 §4) has done what we know of.
    fn referral_accepted(&mut self, response: &Response, context: &mut Context<'_>) {
        let told =
            response.headers.get(&Name::REFER_SUB).is_none_or(|told| !told.trim_start().starts_with("false"));
        if told && response.status != StatusCode::NO_NOTIFICATION {
            self.dialog.refers = Refers::Accepted;
            context.tell(SessionEvent::Referral(Referral::Accepted));
        } else {
            self.referral_over(Referral::Succeeded, context);
        }
    }

    /// An INFO or a REFER got no answer.
    pub(super) fn unanswered_inside(&mut self, method: &Method, context: &mut Context<'_>) {
        match method {
            Method::Info => self.info_answered(None, context),
            Method::Refer => {
                let reason = "No answer".to_owned();
                self.referral_over(Referral::Failed { status: None, reason }, context);
            }
            _ => {}
        }
    }

    /// The transport is gone with what was asked over it.
    pub(super) fn inside_lost(&mut self, context: &mut Context<'_>) {
        self.info_answered(None, context);
        // What was accepted is told of when there is a connection again.
        if self.dialog.refers == Refers::Asked {
            let reason = "The connection was lost".to_owned();
            self.referral_over(Referral::Failed { status: None, reason }, context);
        }
    }

    fn info_answered(&mut self, status: Option<StatusCode>, context: &mut Context<'_>) {
        if std::mem::take(&mut self.dialog.informs) {
            context.tell(SessionEvent::InfoAnswered { status });
        }
    }

    fn referral_over(&mut self, referral: Referral, context: &mut Context<'_>) {
        if std::mem::take(&mut self.dialog.refers) != Refers::No {
            context.tell(SessionEvent::Referral(referral));
        }
    }

    /// A NOTIFY: what became of our REFER, told as the status line of the call that the other side made
    /// (RFC 3515 §2.4.5). Any other subscription there is none of.
    pub(super) fn notified(&mut self, request: &Request, context: &mut Context<'_>) {
        let event = request.headers.get(&Name::EVENT).and_then(|event| event.split(';').next());
        if self.dialog.refers == Refers::No
            || !event.is_some_and(|event| event.trim().eq_ignore_ascii_case("refer"))
        {
            let status = StatusCode::CALL_OR_TRANSACTION_DOES_NOT_EXIST;
            return context.endpoint.reply_status(request, status);
        }
        context.endpoint.reply_status(request, StatusCode::OK);
        let state = request.headers.get(&Name::SUBSCRIPTION_STATE).unwrap_or_default();
        let over = state.trim_start().to_ascii_lowercase().starts_with("terminated");
        match sipfrag::status(&request.body) {
            Some((status, _)) if status.is_success() => self.referral_over(Referral::Succeeded, context),
            Some((status, reason)) if status.is_final() => {
                self.referral_over(Referral::Failed { status: Some(status), reason }, context);
            }
            // It tells nothing more, and has told nothing yet.
            _ if over => {
                let reason = "Nothing was told of the new call".to_owned();
                self.referral_over(Referral::Failed { status: None, reason }, context);
            }
            Some(_) | None => {}
        }
    }
}

fn ask(request: Request, context: &mut Context<'_>) -> Commanded {
    if !context.endpoint.outbox.is_open() {
        return Err(CommandError::NotConnected);
    }
    context.endpoint.send(request, Owner::Session(context.id), context.now);
    Ok(())
}

/// An INFO of the other side: tones are taken without a word, a body that is nothing to us is refused.
pub(super) fn informed(request: &Request, context: &mut Context<'_>) {
    let known =
        |content_type: &str| TONES.split(',').any(|tones| tones.trim().eq_ignore_ascii_case(content_type));
    if request.body.is_empty() || request.headers.content_type().is_some_and(known) {
        return context.endpoint.reply_status(request, StatusCode::OK);
    }
    let accept = [(Name::ACCEPT, TONES.to_owned())];
    context.endpoint.reply(request, Answer::new(StatusCode::UNSUPPORTED_MEDIA_TYPE).with(&accept));
}

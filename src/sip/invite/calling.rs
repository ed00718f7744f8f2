//! A call of ours that nobody has taken yet (RFC 3261 §13.2): progress, forks, redirection, refusal, our change of mind.

use super::super::authentication::is_challenge;
use super::super::dialog::Dialog;
use super::super::endpoint::{attach_sdp, description_of};
use super::super::event::{EndedCause, SessionEvent};
use super::super::header::{Headers, Name, Replaces};
use super::super::message::{Request, Response};
use super::super::method::Method;
use super::super::offer_answer::{Asking, Negotiation};
use super::super::session_timer::{self, SessionTimer};
use super::super::status::StatusCode;
use super::super::transaction::{ClientId, Heard, Owner};
use super::super::user_agent::{CommandError, Invite};
use super::early::{Asked, Early};
use super::redirection::Targets;
use super::{
    Commanded, Context, Established, NO_DESCRIPTION, Session, identity_of, reason_of, reason_of_response,
};

/// Early dialogs beyond this are not kept; their 2xx still makes the call.
const MOST_EARLY: usize = 16;
/// An INVITE is sent again this often at most because of what a refusal asks for.
const MOST_TRIES: u8 = 10;

/// Our INVITE is out.
#[derive(Debug)]
pub(in super::super) struct Calling {
    invite: ClientId,
    /// The INVITE had an offer.
    offered: bool,
    /// The session description that we have given, in the INVITE or in a PRACK.
    ours: String,
    /// The callees that have been heard of, one for each branch of a forked call.
    early: Vec<Early>,
    targets: Targets,
}

impl Calling {
    /// Sends the INVITE; without a transport the session ends before it began.
    pub(in super::super) fn begin(invite: Invite, context: &mut Context<'_>) -> Option<Session> {
        if !context.endpoint.outbox.is_open() {
            context.end(EndedCause::TransportLost, None);
            return None;
        }
        let Context { id, endpoint, now, .. } = context;
        let mut headers = Headers::default();
        headers.push(Name::MAX_FORWARDS, "70");
        headers.push(Name::FROM, endpoint.local().with_tag(&endpoint.tokens.tag()).to_string());
        headers.push(Name::TO, invite.target.in_brackets());
        headers.push(Name::CALL_ID, invite.call_id);
        headers.push(Name::CSEQ, "1 INVITE");
        headers.push(Name::SESSION_EXPIRES, session_timer::wanted());
        for (name, value) in invite.headers {
            headers.push(name, value);
        }
        let mut request =
            Request { method: Method::Invite, uri: invite.target, headers, body: String::new() };
        if let Some(offer) = &invite.offer {
            attach_sdp(&mut request, offer);
        }
        let offered = invite.offer.is_some();
        let ours = invite.offer.unwrap_or_default();
        let invite = endpoint.send(request, Owner::Session(*id), *now);
        Some(Session::Calling(Self { invite, offered, ours, early: Vec::new(), targets: Targets::default() }))
    }

    /// We give up. The CANCEL waits for a provisional response; a 2xx that crosses it is acknowledged and ended.
    /// `reason`: what the CANCEL says of why (RFC 3326).
    pub(super) fn cancel(&mut self, reason: &'static str, context: &mut Context<'_>) {
        self.give_up(reason, context);
        context.end(EndedCause::LocalCancel, None);
    }

    fn give_up(&mut self, reason: &'static str, context: &mut Context<'_>) {
        self.forget_early(context);
        let Context { endpoint, now, .. } = context;
        endpoint.transactions.cancel(self.invite, reason, *now, &mut endpoint.outbox);
    }

    /// The early dialogs are over; what waits for our word in them is answered (RFC 3261 §15.1.2).
    fn forget_early(&mut self, context: &mut Context<'_>) {
        for early in &mut self.early {
            early.reply(Err(StatusCode::REQUEST_TERMINATED), context);
        }
        self.early.clear();
    }

    /// A response to the INVITE or to a PRACK; what it makes of the session when the call is taken.
    pub(super) fn heard(
        &mut self,
        heard: Heard,
        response: &Response,
        context: &mut Context<'_>,
    ) -> Option<Established> {
        let status = response.status;
        if heard.request.method != Method::Invite {
            let tag = heard.request.headers.tag(&Name::TO).unwrap_or_default();
            if let Some(early) = self.early_with(&tag) {
                early.confirm_heard(heard, response, context);
            }
            return None;
        }
        if status == StatusCode::TRYING {
            return None;
        }
        if status.is_provisional() {
            self.progress(&heard.request, response, context);
            return None;
        }
        if status.is_success() {
            return self.accepted(&heard, response, context);
        }
        // The last word of the whole INVITE: whatever began with it is over.
        self.forget_early(context);
        self.again(heard, response, context);
        None
    }

    /// After a refusal: another try where there is one that may fare better, else the end.
    fn again(&mut self, mut heard: Heard, response: &Response, context: &mut Context<'_>) {
        let status = response.status;
        // The number has to grow; there is no dialog yet that would count (RFC 3261 §22.2).
        let number = heard.request.headers.cseq_number().unwrap_or(1) + 1;
        if heard.tries < MOST_TRIES {
            if status == StatusCode::SESSION_INTERVAL_TOO_SMALL {
                if session_timer::lengthen(&mut heard.request.headers, &response.headers) {
                    self.invite = context.endpoint.resend(heard, number, context.now);
                    return;
                }
            } else if is_challenge(status) {
                if let Ok(invite) = context.endpoint.retry(heard, response, number, context.now) {
                    self.invite = invite;
                    return;
                }
            } else if let Some(target) = self.targets.after(&heard.request.uri, status, &response.headers) {
                heard.request.uri = target.uri.clone();
                self.invite = context.endpoint.resend(heard, number, context.now);
                return context.tell(SessionEvent::Identity(target));
            }
        }
        context.end(EndedCause::Refused(status), reason_of_response(response));
    }

    fn early_with(&mut self, tag: &str) -> Option<&mut Early> {
        self.early.iter_mut().find(|early| early.dialog.remote_tag() == tag)
    }

    fn progress(&mut self, invite: &Request, response: &Response, context: &mut Context<'_>) {
        let status = response.status;
        let tag = response.headers.tag(&Name::TO).unwrap_or_default();
        if status == StatusCode::EARLY_DIALOG_TERMINATED {
            // RFC 6228 §4: that callee will not take the call; others may.
            if let Some(early) = self.early_with(&tag) {
                early.reply(Err(StatusCode::REQUEST_TERMINATED), context);
            }
            return self.early.retain(|early| early.dialog.remote_tag() != tag);
        }
        let offered = self.offered;
        let description = description_of(&response.headers, &response.body);
        let first =
            self.early.iter().find(|early| early.answer.is_some()).map(|early| early.dialog.remote_tag());
        // Only the first callee with early media is heard: an offer has one answer until the call is taken.
        let heard = first.is_none_or(|first| first == tag);
        let reliable = response.headers.reliable();
        // A description in an unreliable provisional response to an INVITE without offer means nothing (RFC 3261 §13.2.1).
        let mut answer = description.clone().filter(|_| offered);
        let mut offer = None;
        if let Some(early) = self.note(&tag, invite, response) {
            if reliable.is_some_and(|number| !early.admits(number)) {
                return;
            }
            if early.agreed {
                answer = None;
            }
            if answer.is_some() {
                early.answer.clone_from(&answer);
            }
            if reliable.is_some() {
                let rack = early.rack(invite);
                if !offered && !early.agreed && description.is_some() {
                    early.asked = Some(Asked::Response(rack));
                    offer = description;
                } else {
                    early.agreed |= answer.is_some();
                    early.confirm(rack, None, context);
                }
            }
        }
        let identity = identity_of(&response.headers);
        context.tell(SessionEvent::Progress { status, answer: answer.filter(|_| heard), identity });
        if offer.is_some() {
            context.tell(SessionEvent::Offer { offer, identity: None });
        }
    }

    /// The early dialog of that callee, with what the response says of it (RFC 3261 §12.1.2).
    fn note(&mut self, tag: &str, invite: &Request, response: &Response) -> Option<&mut Early> {
        if tag.is_empty() {
            return None;
        }
        let known = self.early.iter().position(|early| early.dialog.remote_tag() == tag);
        let at = match known {
            Some(at) => at,
            None if self.early.len() >= MOST_EARLY => return None,
            None => {
                self.early.push(Early::new(Dialog::from_response(invite, response).ok()?, None));
                self.early.len() - 1
            }
        };
        let early = self.early.get_mut(at)?;
        early.dialog.refresh_target(&response.headers);
        Some(early)
    }

    fn accepted(
        &mut self,
        heard: &Heard,
        response: &Response,
        context: &mut Context<'_>,
    ) -> Option<Established> {
        let Ok(mut dialog) = Dialog::from_response(&heard.request, response) else {
            context.end(EndedCause::Protocol("accepted without a readable dialog"), None);
            return None;
        };
        let at = self.early.iter().position(|early| early.dialog.remote_tag() == dialog.remote_tag());
        let mut early = at.map(|at| self.early.remove(at));
        if let Some(early) = &early {
            dialog.continue_from(&early.dialog);
        }
        self.forget_early(context);
        let agreed = early.as_ref().is_some_and(|early| early.agreed);
        let identity = identity_of(&response.headers);
        // What was agreed on reliably stands, whatever the 2xx repeats (RFC 3261 §13.2.1, RFC 6337 §2.2).
        let description = description_of(&response.headers, &response.body).filter(|_| !agreed);
        let timer = SessionTimer::of_response(&response.headers, context.now);
        if !self.offered && !agreed && description.is_some() {
            context.tell(SessionEvent::Accepted { answer: None, offer: description, identity });
            let negotiation = Negotiation::AckOwed(heard.id);
            return Some(Established { timer, ..Established::new(dialog, negotiation, &self.ours) });
        }
        let ack = dialog.ack(&heard.request);
        context.endpoint.acknowledge(heard.id, dialog.remote_tag(), ack);
        let early_answer = || early.as_mut().and_then(|early| early.answer.take());
        let answer = description.or_else(early_answer).filter(|_| self.offered);
        if answer.is_none() && !agreed {
            context.endpoint.bid_farewell_because(dialog, NO_DESCRIPTION, context.now);
            context.end(EndedCause::Protocol("accepted without a session description"), None);
            return None;
        }
        let negotiation = match early.and_then(|early| early.asked) {
            Some(Asked::Update(request)) => Negotiation::Asked { request, kind: Asking::Update },
            Some(Asked::Response(_)) | None => Negotiation::Settled,
        };
        context.tell(SessionEvent::Accepted { answer, offer: None, identity });
        Some(Established { timer, ..Established::new(dialog, negotiation, &self.ours) })
    }

    pub(super) fn dialog_of(&mut self, request: &Headers) -> Option<&mut Dialog> {
        self.early.iter_mut().map(|early| &mut early.dialog).find(|dialog| dialog.has(request))
    }

    /// Whether that names one of our early dialogs (RFC 3891 §3).
    pub(super) fn is_named_by(&self, replaces: &Replaces) -> bool {
        self.early.iter().any(|early| early.dialog.is_named_by(replaces))
    }

    /// A request inside an early dialog.
    pub(super) fn request(&mut self, request: &Request, context: &mut Context<'_>) {
        let Some(at) = self.early.iter().position(|early| early.dialog.has(&request.headers)) else { return };
        match request.method {
            Method::Bye => {
                context.endpoint.reply_status(request, StatusCode::OK);
                self.early.remove(at).reply(Err(StatusCode::REQUEST_TERMINATED), context);
                if self.early.is_empty() {
                    // A callee may not end an early dialog by BYE (RFC 3261 §15), but its meaning is plain.
                    self.give_up("", context);
                    context.end(EndedCause::RemoteBye, reason_of(&request.headers));
                }
            }
            Method::Update => self.early[at].updated(request, context),
            // An INVITE inside a dialog whose first INVITE is not answered (RFC 3261 §14.2).
            _ => context.endpoint.reply_status(request, StatusCode::REQUEST_PENDING),
        }
    }

    /// Our word on the offer of a callee.
    pub(super) fn reply(&mut self, answer: Result<&str, StatusCode>, context: &mut Context<'_>) -> Commanded {
        let asked = self.early.iter_mut().find(|early| early.asked.is_some());
        let early = asked.ok_or(CommandError::WrongState)?;
        match (&early.asked, answer) {
            // An offer in a response cannot be refused, only left (RFC 3262 §5).
            (Some(Asked::Response(_)), Err(_)) => self.cancel("", context),
            (_, Err(status)) if !status.is_final() || status.is_success() => {
                return Err(CommandError::WrongStatus);
            }
            _ => {
                early.reply(answer, context);
                if let Ok(sdp) = answer {
                    sdp.clone_into(&mut self.ours);
                }
            }
        }
        Ok(())
    }
}

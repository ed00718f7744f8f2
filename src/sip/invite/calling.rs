//! A call of ours that nobody has taken yet (RFC 3261 §13.2): progress, forks, refusal, our change of mind.

use super::super::authentication::is_challenge;
use super::super::dialog::Dialog;
use super::super::endpoint::{attach_sdp, description_of, sdp_of};
use super::super::event::{EndedCause, SessionEvent};
use super::super::header::{Headers, Name};
use super::super::message::{Request, Response};
use super::super::method::Method;
use super::super::offer_answer::Negotiation;
use super::super::status::StatusCode;
use super::super::transaction::{ClientId, Heard, Owner};
use super::super::user_agent::Invite;
use super::{Context, Established, Session, identity_of, reason_of, reason_of_response};

/// Early dialogs beyond this are not kept; their 2xx still makes the call.
const MOST_EARLY: usize = 16;

/// Our INVITE is out.
#[derive(Debug)]
pub(in super::super) struct Calling {
    invite: ClientId,
    /// The INVITE had an offer.
    offered: bool,
    /// The callees that have been heard of, one for each branch of a forked call.
    early: Vec<Early>,
}

/// One callee before it answers.
#[derive(Debug)]
struct Early {
    dialog: Dialog,
    /// The session description of a provisional response: early media, and what a 2xx without one means.
    answer: Option<String>,
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
        for (name, value) in invite.headers {
            headers.push(name, value);
        }
        let mut request =
            Request { method: Method::Invite, uri: invite.target, headers, body: String::new() };
        if let Some(offer) = &invite.offer {
            attach_sdp(&mut request, offer);
        }
        let offered = invite.offer.is_some();
        let invite = endpoint.send(request, Owner::Session(*id), *now);
        Some(Session::Calling(Self { invite, offered, early: Vec::new() }))
    }

    /// We give up. The CANCEL waits for a provisional response; a 2xx that crosses it is acknowledged and ended.
    pub(super) fn cancel(&self, context: &mut Context<'_>) {
        let Context { endpoint, now, .. } = context;
        endpoint.transactions.cancel(self.invite, *now, &mut endpoint.outbox);
        context.end(EndedCause::LocalCancel, None);
    }

    /// A response to the INVITE; what it makes of the session when the call is taken.
    pub(super) fn heard(
        &mut self,
        heard: Heard,
        response: &Response,
        context: &mut Context<'_>,
    ) -> Option<Established> {
        let status = response.status;
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
        if is_challenge(status) {
            // The number has to grow; there is no dialog yet that would count (RFC 3261 §22.2).
            let number = heard.request.headers.cseq_number().unwrap_or(1) + 1;
            if let Ok(invite) = context.endpoint.retry(heard, response, number, context.now) {
                self.invite = invite;
                self.early.clear();
                return None;
            }
        }
        context.end(EndedCause::Refused(status), reason_of_response(response));
        None
    }

    fn progress(&mut self, invite: &Request, response: &Response, context: &mut Context<'_>) {
        // A description in an unreliable provisional response to an INVITE without offer means nothing (RFC 3261 §13.2.1).
        let answer = description_of(&response.headers, &response.body).filter(|_| self.offered);
        let first =
            self.early.iter().find(|early| early.answer.is_some()).map(|early| early.dialog.remote_tag());
        let tag = response.headers.tag(&Name::TO);
        // Only the first callee with early media is heard: an offer has one answer until the call is taken.
        let heard = first.is_none() || first == tag.as_deref();
        if let Some(tag) = tag {
            self.note(&tag, answer.as_ref(), invite, response);
        }
        context.tell(SessionEvent::Progress {
            status: response.status,
            answer: answer.filter(|_| heard),
            identity: identity_of(&response.headers),
        });
    }

    /// Keeps the early dialog, or what is new in it.
    fn note(&mut self, tag: &str, answer: Option<&String>, invite: &Request, response: &Response) {
        if let Some(early) = self.early.iter_mut().find(|early| early.dialog.remote_tag() == tag) {
            early.dialog.refresh_target(&response.headers);
            if answer.is_some() {
                early.answer = answer.cloned();
            }
        } else if self.early.len() < MOST_EARLY
            && let Ok(dialog) = Dialog::from_response(invite, response)
        {
            self.early.push(Early { dialog, answer: answer.cloned() });
        }
    }

    fn accepted(&self, heard: &Heard, response: &Response, context: &mut Context<'_>) -> Option<Established> {
        let Ok(mut dialog) = Dialog::from_response(&heard.request, response) else {
            context.end(EndedCause::Protocol("accepted without a readable dialog"), None);
            return None;
        };
        let early = self.early.iter().find(|early| early.dialog.remote_tag() == dialog.remote_tag());
        if let Some(early) = early {
            dialog.continue_from(&early.dialog);
        }
        let identity = identity_of(&response.headers);
        let description = description_of(&response.headers, &response.body);
        if self.offered {
            let answer = description.or_else(|| early.and_then(|early| early.answer.clone()));
            let ack = dialog.ack(&heard.request);
            context.endpoint.acknowledge(heard.id, dialog.remote_tag(), ack);
            if let answer @ Some(_) = answer {
                context.tell(SessionEvent::Accepted { answer, offer: None, identity });
                return Some(Established { dialog, negotiation: Negotiation::Settled });
            }
        } else if let offer @ Some(_) = description {
            context.tell(SessionEvent::Accepted { answer: None, offer, identity });
            return Some(Established { dialog, negotiation: Negotiation::AckOwed(heard.id) });
        } else {
            let ack = dialog.ack(&heard.request);
            context.endpoint.acknowledge(heard.id, dialog.remote_tag(), ack);
        }
        context.endpoint.bid_farewell(dialog, context.now);
        context.end(EndedCause::Protocol("accepted without a session description"), None);
        None
    }

    pub(super) fn dialog_of(&mut self, request: &Headers) -> Option<&mut Dialog> {
        self.early.iter_mut().map(|early| &mut early.dialog).find(|dialog| dialog.has(request))
    }

    /// A request inside an early dialog.
    pub(super) fn request(&mut self, request: &Request, context: &mut Context<'_>) {
        match request.method {
            Method::Bye => {
                context.endpoint.reply_status(request, StatusCode::OK);
                self.early.retain(|early| !early.dialog.has(&request.headers));
                if self.early.is_empty() {
                    // A callee may not end an early dialog by BYE (RFC 3261 §15), but its meaning is plain.
                    let Context { endpoint, now, .. } = context;
                    endpoint.transactions.cancel(self.invite, *now, &mut endpoint.outbox);
                    context.end(EndedCause::RemoteBye, reason_of(&request.headers));
                }
            }
            Method::Update => match sdp_of(&request.headers, &request.body) {
                Ok(None) => {
                    if let Some(dialog) = self.dialog_of(&request.headers) {
                        context.updated(request, dialog);
                    }
                }
                // Our offer is not answered yet (RFC 3311 §5.2).
                Ok(Some(_)) => context.endpoint.reply_status(request, StatusCode::REQUEST_PENDING),
                Err(_) => context.endpoint.refuse_body(request),
            },
            // An INVITE inside a dialog whose first INVITE is not answered (RFC 3261 §14.2).
            _ => context.endpoint.reply_status(request, StatusCode::REQUEST_PENDING),
        }
    }
}

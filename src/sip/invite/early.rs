//! One callee before it has taken our call (RFC 3261 §12.1): its early dialog, what it says there reliably (RFC 3262 §4),
//! and what it asks there (RFC 3311 §5.2).

use super::super::authentication::is_challenge;
use super::super::dialog::Dialog;
use super::super::endpoint::{Answer, attach_sdp, sdp_of};
use super::super::event::SessionEvent;
use super::super::header::{Name, RAck};
use super::super::message::{Request, Response};
use super::super::method::Method;
use super::super::status::StatusCode;
use super::super::transaction::{Heard, Owner, ServerId};
use super::Context;

/// An early dialog of a call of ours.
#[derive(Debug)]
pub(super) struct Early {
    pub(super) dialog: Dialog,
    /// The session description of a provisional response: early media, and what a 2xx without one means.
    pub(super) answer: Option<String>,
    /// Offer and answer were exchanged for good (RFC 3262 §5): those of later responses mean nothing, and the other side
    /// may offer a change.
    pub(super) agreed: bool,
    /// Its offer, which waits for our word.
    pub(super) asked: Option<Asked>,
}

/// Where an offer of the other side came in an early dialog.
#[derive(Debug)]
pub(super) enum Asked {
    /// In a reliable response to an INVITE without offer: the PRACK, with this RAck, has the answer.
    Response(String),
    /// In an UPDATE.
    Update(ServerId),
}

impl Early {
    /// With this dialog.
    pub(super) fn new(dialog: Dialog, answer: Option<String>) -> Self {
        Self { dialog, answer, agreed: false, asked: None }
    }

    /// Whether a reliable response with that number is the next one; copies and those that overtook others are not
    /// (RFC 3262 §4). They come again.
    pub(super) fn admits(&mut self, number: u32) -> bool {
        let in_order = self.dialog.rseq.is_none_or(|last| number == last.wrapping_add(1));
        if in_order {
            self.dialog.rseq = Some(number);
        }
        in_order
    }

    /// Confirms a reliable response.
    pub(super) fn confirm(&mut self, rack: String, answer: Option<&str>, context: &mut Context<'_>) {
        let mut prack = self.dialog.request(Method::Prack);
        prack.headers.push(Name::RACK, rack);
        if let Some(answer) = answer {
            attach_sdp(&mut prack, answer);
        }
        context.endpoint.send(prack, Owner::Session(context.id), context.now);
    }

    /// What confirms that response to that INVITE.
    pub(super) fn rack(&self, invite: &Request) -> String {
        let invite = invite.headers.cseq_number().unwrap_or_default();
        RAck::value(self.dialog.rseq.unwrap_or_default(), invite)
    }

    /// A response to a PRACK of ours: only a challenge leads to anything.
    pub(super) fn confirm_heard(&mut self, heard: Heard, response: &Response, context: &mut Context<'_>) {
        if is_challenge(response.status) {
            let number = self.dialog.next_cseq();
            // Without credentials the other side goes on asking, and gives up at last.
            let _ = context.endpoint.retry(heard, response, number, context.now);
        }
    }

    /// An UPDATE.
    pub(super) fn updated(&mut self, update: &Request, context: &mut Context<'_>) {
        let offer = match sdp_of(&update.headers, &update.body) {
            Ok(Some(offer)) => offer,
            Ok(None) => return context.updated(update, &mut self.dialog),
            Err(_) => return context.endpoint.refuse_body(update),
        };
        // RFC 3311 §5.2: our own offer is not answered for good, or theirs is not answered yet.
        if self.asked.is_some() {
            return context.endpoint.reply_later(update);
        }
        if !self.agreed {
            return context.endpoint.reply_status(update, StatusCode::REQUEST_PENDING);
        }
        let Some(id) = context.endpoint.open(update) else { return };
        self.dialog.refresh_target(&update.headers);
        self.asked = Some(Asked::Update(id));
        let identity = context.identity(&update.headers, &mut self.dialog);
        context.tell(SessionEvent::Offer { offer: Some(offer), identity });
    }

    /// Our word on its offer: `answer`, or a refusal.
    pub(super) fn reply(&mut self, answer: Result<&str, StatusCode>, context: &mut Context<'_>) {
        match (self.asked.take(), answer) {
            (Some(Asked::Update(id)), Ok(sdp)) => {
                context.respond(id, Answer::new(StatusCode::OK).with_sdp(sdp));
            }
            (Some(Asked::Update(id)), Err(status)) => {
                context.respond(id, Answer::new(status));
            }
            (Some(Asked::Response(rack)), Ok(sdp)) => {
                self.agreed = true;
                self.confirm(rack, Some(sdp), context);
            }
            (Some(Asked::Response(_)), Err(_)) | (None, _) => {}
        }
    }
}

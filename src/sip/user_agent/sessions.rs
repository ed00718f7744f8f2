//! What is done with calls: commands, and how a session carries them out.

use super::{CommandError, Invite, UserAgent};
use crate::sip::event::SessionId;
use crate::sip::header::ReferTo;
use crate::sip::invite::{Calling, Commanded, Context, Session};
use crate::sip::left::Left;
use crate::sip::method::Method;
use crate::sip::status::StatusCode;
use crate::sip::uri::Uri;
use crate::time::Instant;

impl UserAgent {
    /// Calls. While the transport is closed the session ends at once, with cause `TransportLost`.
    pub fn invite(&mut self, invite: Invite, now: Instant) -> SessionId {
        let id = self.fresh_session();
        if let Some(session) = Calling::begin(invite, &mut self.context(id, now)) {
            self.sessions.push((id, session));
        }
        id
    }

    /// Lets the caller know that it rings here: 180.
    pub fn ring(&mut self, id: SessionId, now: Instant) -> Result<(), CommandError> {
        self.progress(id, StatusCode::RINGING, now)
    }

    /// Sends the caller a provisional response, repeated every minute until the call is answered or refused.
    pub fn progress(&mut self, id: SessionId, status: StatusCode, now: Instant) -> Result<(), CommandError> {
        self.command(id, now, &mut |session, context| session.alerting()?.progress(status, context))
    }

    /// Takes the call: 200 with our answer, or with our offer when the INVITE had none.
    pub fn accept(&mut self, id: SessionId, sdp: &str, now: Instant) -> Result<(), CommandError> {
        self.command(id, now, &mut |session, context| session.accept(sdp, context))
    }

    /// Refuses the call with a status of 300 or more.
    pub fn refuse(&mut self, id: SessionId, status: StatusCode, now: Instant) -> Result<(), CommandError> {
        self.command(id, now, &mut |session, context| session.alerting()?.refuse(status, context))
    }

    /// Answers the other side's offer: in a 2xx to its re-INVITE or UPDATE, or in the ACK to its 2xx. When it asked for
    /// an offer of ours, `sdp` is that offer.
    pub fn answer_offer(&mut self, id: SessionId, sdp: &str, now: Instant) -> Result<(), CommandError> {
        self.command(id, now, &mut |session, context| session.reply(Ok(sdp), context))
    }

    /// Refuses the other side's offer with a status of 300 or more; the session goes on as it was. An offer in a 2xx
    /// cannot be refused: the session ends.
    pub fn refuse_offer(
        &mut self,
        id: SessionId,
        status: StatusCode,
        now: Instant,
    ) -> Result<(), CommandError> {
        self.command(id, now, &mut |session, context| session.reply(Err(status), context))
    }

    /// Offers a change of the session by re-INVITE; ends in `Answer` or `OfferRefused`.
    pub fn reoffer(&mut self, id: SessionId, sdp: &str, now: Instant) -> Result<(), CommandError> {
        self.command(id, now, &mut |session, context| {
            session.established()?.reoffer(Method::Invite, sdp, context)
        })
    }

    /// Offers a change of the session by UPDATE, which the other side has to answer at once: for changes that ask no
    /// person (RFC 3311 §5.1). Ends like [`reoffer`](Self::reoffer).
    pub fn update(&mut self, id: SessionId, sdp: &str, now: Instant) -> Result<(), CommandError> {
        self.command(id, now, &mut |session, context| {
            session.established()?.reoffer(Method::Update, sdp, context)
        })
    }

    /// Tells the other side something inside the session (RFC 6086), tones for example, one at a time; ends in
    /// `InfoAnswered`.
    pub fn info(
        &mut self,
        id: SessionId,
        content_type: &str,
        body: &str,
        now: Instant,
    ) -> Result<(), CommandError> {
        self.command(id, now, &mut |session, context| {
            session.established()?.info(content_type, body, context)
        })
    }

    /// Has the other side of the session call that address (RFC 3515); ends in `Referral`.
    pub fn refer(&mut self, id: SessionId, target: Uri, now: Instant) -> Result<(), CommandError> {
        let to = ReferTo { target, replaces: None };
        self.command(id, now, &mut |session, context| session.established()?.refer(&to, context))
    }

    /// Has the other side of the session call the other side of `other` and take our place there (RFC 3891); ends in
    /// `Referral`.
    pub fn refer_to_session(
        &mut self,
        id: SessionId,
        other: SessionId,
        now: Instant,
    ) -> Result<(), CommandError> {
        let (_, session) =
            self.sessions.iter().find(|(id, _)| *id == other).ok_or(CommandError::UnknownSession)?;
        let to = session.established_dialog().ok_or(CommandError::WrongState)?.refer_to();
        self.command(id, now, &mut |session, context| session.established()?.refer(&to, context))
    }

    /// Ends the session: BYE, CANCEL or refusal (603), whichever its state asks for. Works while the transport is closed:
    /// the BYE is sent when it is back.
    pub fn hang_up(&mut self, id: SessionId, now: Instant) -> Result<(), CommandError> {
        self.command(id, now, &mut |session, context| session.hang_up(false, context))
    }

    /// Ends the session whose place another has taken (RFC 3891 §3).
    pub fn make_way(&mut self, id: SessionId, now: Instant) -> Result<(), CommandError> {
        self.command(id, now, &mut |session, context| session.hang_up(true, context))
    }

    /// What the next user agent of the account needs to go on with the session, or to end it; `None` unless it is
    /// established.
    pub fn left(&self, id: SessionId) -> Option<Left> {
        let (_, session) = self.sessions.iter().find(|(known, _)| *known == id)?;
        session.established_dialog().cloned().map(Left)
    }

    /// Nobody will be here any more: asks the other side to end the session soon, unless somebody goes on with it
    /// (RFC 4028). Where it takes no UPDATE, it finds out by its own means.
    pub fn leave(&mut self, id: SessionId, now: Instant) -> Result<(), CommandError> {
        self.command(id, now, &mut |session, context| {
            session.established()?.leave(context);
            Ok(())
        })
    }

    /// Forgets an established session without a word, for another one to take its place; `None` as for [`Self::left`].
    pub fn abandon(&mut self, id: SessionId, now: Instant) -> Option<Left> {
        let left = self.left(id)?;
        self.step(id, now, &mut |_, context| context.over = true);
        Some(left)
    }

    /// Ends a session that the user agent before us has left.
    pub fn end_left(&mut self, left: Left, now: Instant) {
        self.endpoint.bid_farewell(left.0, now);
    }

    pub(super) fn fresh_session(&mut self) -> SessionId {
        self.next_session += 1;
        SessionId(self.next_session)
    }

    pub(super) fn context(&mut self, id: SessionId, now: Instant) -> Context<'_> {
        Context { id, endpoint: &mut self.endpoint, now, over: false }
    }

    /// Has a session, if it is still there, do something.
    pub(super) fn step(
        &mut self,
        id: SessionId,
        now: Instant,
        step: &mut dyn FnMut(&mut Session, &mut Context<'_>),
    ) {
        let _ = self.command(id, now, &mut |session, context| {
            step(session, context);
            Ok(())
        });
    }

    pub(super) fn command(
        &mut self,
        id: SessionId,
        now: Instant,
        command: &mut dyn FnMut(&mut Session, &mut Context<'_>) -> Commanded,
    ) -> Commanded {
        let at =
            self.sessions.iter().position(|(other, _)| *other == id).ok_or(CommandError::UnknownSession)?;
        let mut context = Context { id, endpoint: &mut self.endpoint, now, over: false };
        let result = command(&mut self.sessions[at].1, &mut context);
        if context.over {
            self.sessions.remove(at);
        }
        result
    }
}

//! Calls that outlive their page: what the tab keeps of them, and how the page after it takes them back, by an INVITE
//! that takes the place of the page before (RFC 3891). What the server does not give back is ended on both sides.
//!
//! A call takes its own place in the same way when a proxy cannot lead the other side to us any more.

use std::time::Duration;

use crate::json::Value;
use crate::sip::left::Left;
use crate::sip::status::StatusCode;
use crate::sip::user_agent::UserAgent;
use crate::time::{Deadline, Instant};

use super::super::call::{CallState, Direction, Outcome, Party};
use super::super::effect::{Flow, MediaCommand};
use super::conference::Conference;
use super::{CallKey, Calls, Effect, MOST, Purpose, Record};

/// How long a call waits for the line. Where it takes longer, the other side has long given up.
const PATIENCE: Duration = Duration::from_secs(60);

/// Pages of `xc_webrtc.js` end calls as those of the original do: its program is made without all this.
const OUTLIVES_PAGES: bool = !cfg!(feature = "library");

/// What the page before left of a call, or our own dialog that leads nowhere.
pub(super) struct LeftCall {
    pub(super) session: Left,
    /// Whom the INVITE is for. The server looks at the session alone, but wants a number that it knows; empty: our own.
    target: String,
    /// What it means when the call is not given back.
    lost: Outcome,
    /// When both sides began to talk.
    pub(super) since: Instant,
    /// When it is given up, unless it is on its way; `None`: it is.
    until: Option<Instant>,
}

impl LeftCall {
    pub(super) fn deadline(&self) -> Option<Deadline> {
        self.until.map(|until| Deadline::new(until, "line for a call of the page before"))
    }
}

impl Record {
    /// What the page before left of it, until it is taken back.
    pub(super) fn left(&self) -> Option<&LeftCall> {
        self.left.as_deref().filter(|_| OUTLIVES_PAGES)
    }
}

impl Calls {
    /// What a reload needs to know of the calls. `own_number`: a number that is certainly known where a call came from.
    pub(in crate::phone) fn kept(&self, user_agent: Option<&UserAgent>, own_number: &str) -> Vec<Value> {
        let kept = |record: &Record| {
            let call = &record.call;
            let (session, target, since) = match (&record.left, &call.state) {
                (Some(left), _) => (left.session.to_string(), left.target.clone(), left.since),
                (None, CallState::Connected { since }) => {
                    let target = call.dialled.as_deref().unwrap_or(own_number);
                    let target = if target.is_empty() { &call.party.number } else { target };
                    (user_agent?.left(record.session?)?.to_string(), target.to_owned(), *since)
                }
                (None, _) => return None,
            };
            let truths = [
                call.direction == Direction::Incoming,
                call.muted,
                record.wanted.hold,
                call.in_conference,
                record.wanted.video.is_some(),
                call.video.sending || record.wanted.video == Some(Flow::SendReceive) && !record.camera_off,
            ];
            let truths = truths.iter().rfold(0, |bits, truth| bits << 1 | u64::from(*truth));
            let name = call.party.name.clone().unwrap_or_default();
            let since = since.since_origin().as_millis() as u64;
            let kept =
                [session, target, call.party.number.clone(), name, truths.to_string(), since.to_string()];
            Some(Value::Array(kept.map(Value::from).into()))
        };
        self.records.iter().filter_map(kept).collect()
    }

    /// Begins to take back what the tab kept. What cannot be read is none of ours.
    pub(in crate::phone) fn take_back(&mut self, kept: &[Value], now: Instant) {
        for call in kept.iter().take(MOST) {
            if let Value::Array(values) = call {
                let _ = self.take_one_back(values, now);
            }
        }
    }

    fn take_one_back(&mut self, values: &[Value], now: Instant) -> Option<()> {
        let mut texts = [""; 6];
        for (text, value) in texts.iter_mut().zip(values) {
            *text = value.as_str()?;
        }
        let [session, target, number, name, truths, since] = texts;
        let (truths, since): (u64, u64) = (truths.parse().ok()?, since.parse().ok()?);
        let [incoming, muted, hold, joined, video, films] =
            [0, 1, 2, 3, 4, 5].map(|bit| truths >> bit & 1 == 1);
        let session: Left = session.parse().ok()?;
        if self.records.iter().filter_map(|record| record.left.as_ref()).any(|left| left.session == session) {
            return None;
        }
        let since = Instant::from_origin(Duration::from_millis(since));
        let name = Some(name).filter(|name| !name.is_empty()).map(str::to_owned);
        let party = Party { number: number.to_owned(), name };
        let direction = if incoming { Direction::Incoming } else { Direction::Outgoing };
        let sip_call_id = session.call_id().to_owned();
        let record = self.add(sip_call_id, direction, party, CallState::Preparing);
        let call = &mut record.call;
        call.returning = true;
        call.muted = muted;
        call.in_conference = joined;
        call.dialled = call.dialled.take().map(|_| target.to_owned());
        record.wanted.hold = hold;
        record.wanted.video = video.then_some(if films { Flow::SendReceive } else { Flow::Receive });
        // They were not held for one another before.
        record.turned_to = true;
        record.left = Some(Box::new(LeftCall {
            session,
            target: target.to_owned(),
            lost: Outcome::NotTakenBack,
            since,
            until: Some(now + PATIENCE),
        }));
        let key = record.call.key;
        self.switch_off_again(key);
        Some(())
    }

    /// A proxy says that the flow is gone by which it would reach us in this dialog (RFC 5626 §5.3.1): a dialog keeps the
    /// way that was recorded when it began, so that nothing of the other side would come any more. The call takes its own
    /// place by a dialog that goes by the flow there is. Whether it does.
    pub(super) fn come_anew(&mut self, key: CallKey, user_agent: &mut UserAgent, now: Instant) -> bool {
        if !OUTLIVES_PAGES || self.transfer.is_some() {
            return false;
        }
        let Some(&Record { session: Some(session), describing: None, ref call, .. }) = self.get(key) else {
            return false;
        };
        let CallState::Connected { since } = call.state else { return false };
        let Some(session) = user_agent.abandon(session, now) else { return false };
        // Joined again when both are back.
        let joined = self.keys_of(&|call| call.in_conference);
        self.leave_conference(key);
        for key in joined {
            if let Some(record) = self.get_mut(key) {
                record.call.in_conference = true;
            }
        }
        let Some(record) = self.get_mut(key) else { return false };
        let target = record.call.dialled.clone().unwrap_or_default();
        let until = Some(now + PATIENCE);
        record.left =
            Some(Box::new(LeftCall { session, target, lost: Outcome::EndedMeanwhile, since, until }));
        record.forget_dialog();
        record.turned_to = true;
        let call = &mut record.call;
        call.state = CallState::Preparing;
        call.returning = true;
        call.held_by_peer = false;
        self.effects.push(Effect::Media(key, MediaCommand::Anew));
        self.switch_off_again(key);
        true
    }

    /// The connection was lost while the call was on its way back: it sets out again when there is one. Whether it does.
    pub(super) fn set_out_again(&mut self, key: CallKey, now: Instant) -> bool {
        let Some(record) = self.get_mut(key).filter(|_| OUTLIVES_PAGES) else { return false };
        let Some(left) = &mut record.left else { return false };
        left.until = Some(now + PATIENCE);
        record.forget_dialog();
        record.call.state = CallState::Preparing;
        self.effects.push(Effect::Media(key, MediaCommand::Anew));
        self.switch_off_again(key);
        true
    }

    /// New media begin with everything on.
    fn switch_off_again(&mut self, key: CallKey) {
        let Some(record) = self.get(key) else { return };
        let (muted, camera_off) = (record.call.muted, record.camera_off);
        if muted {
            self.effects.push(Effect::Media(key, MediaCommand::Microphone { on: false }));
        }
        if camera_off {
            self.effects.push(Effect::Media(key, MediaCommand::Camera { on: false }));
        }
    }

    /// Takes the place of what was left as soon as the server knows where we are.
    pub(super) fn go_back(&mut self, user_agent: &mut UserAgent, own_number: &str, now: Instant) {
        if !OUTLIVES_PAGES {
            return;
        }
        for session in std::mem::take(&mut self.to_end) {
            user_agent.end_left(session, now);
        }
        if !user_agent.is_registered() {
            return;
        }
        for key in self.keys() {
            let Some(record) = self.get_mut(key) else { continue };
            let Some(left) = &mut record.left else { continue };
            if left.until.take().is_none() {
                continue;
            }
            let target = [&left.target, own_number, &record.call.party.number];
            let target = target.into_iter().find(|number| !number.is_empty()).unwrap_or_default();
            match user_agent.resolve(target) {
                Ok(target) => {
                    record.call.sip_call_id = user_agent.fresh_call_id();
                    self.describe(key, Purpose::Invite { target: Box::new(target) });
                }
                Err(_) => self.end(key, Outcome::NotTakenBack, None, now),
            }
        }
    }

    /// Gives up what has waited too long for the line.
    pub(in crate::phone) fn give_up_left(&mut self, now: Instant) {
        let is_late = |record: &Record| {
            record.left.as_ref().and_then(|left| left.until).is_some_and(|until| until <= now)
        };
        if !OUTLIVES_PAGES {
            return;
        }
        while let Some(late) = self.records.iter().find(|record| is_late(record)) {
            let key = late.call.key;
            self.end(key, Outcome::NotTakenBack, None, now);
        }
    }

    /// There will be no line for what waits for it.
    pub(in crate::phone) fn forget_left(&mut self, now: Instant) {
        if !OUTLIVES_PAGES {
            return;
        }
        for record in &mut self.records {
            if let Some(left) = &mut record.left {
                left.until = Some(now);
            }
        }
        self.give_up_left(now);
        self.to_end.clear();
    }

    /// The page goes away: calls that nobody has taken yet end, the others are to be ended soon by the other side unless
    /// the next page takes them back.
    pub(in crate::phone) fn leave_page(&mut self, user_agent: &mut UserAgent, now: Instant) {
        for key in self.keys() {
            let Some(Record { call, session, left: None, .. }) = self.get(key) else { continue };
            let done = match (session, &call.state) {
                (Some(session), CallState::Connected { .. }) => {
                    // What is refused is over already.
                    let _ = user_agent.leave(*session, now);
                    true
                }
                // Not for the other phones of the person (RFC 3261 §21.6): one of them may still take it. What is refused
                // is taken already, and only waits for the ACK.
                (Some(session), CallState::Offered | CallState::Answering) => {
                    user_agent.refuse(*session, StatusCode::TEMPORARILY_UNAVAILABLE, now).is_ok()
                }
                _ => false,
            };
            if !done {
                let _ = self.hang_up(Some(key), user_agent, now);
            }
        }
    }

    /// Another tab goes on with all calls.
    pub(in crate::phone) fn drop_all(&mut self) {
        for key in self.keys() {
            self.leave_conference(key);
            self.effects.push(Effect::Media(key, MediaCommand::Close));
        }
        self.records.clear();
        self.transfer = None;
    }

    /// How a call ends that was to be taken back, unless the person ended it or has no microphone; what the page before
    /// left of it ends with it.
    pub(super) fn end_left(
        &mut self,
        key: CallKey,
        outcome: Outcome,
        reason: Option<String>,
    ) -> (Outcome, Option<String>) {
        let Some(record) = self.get_mut(key).filter(|_| OUTLIVES_PAGES) else { return (outcome, reason) };
        let Some(left) = record.left.take() else { return (outcome, reason) };
        let lost = left.lost;
        record.call.returning = false;
        self.to_end.push(left.session);
        self.rejoin();
        match outcome {
            Outcome::Cancelled | Outcome::Rejected | Outcome::Microphone(_) => (outcome, reason),
            _ => (lost, None),
        }
    }

    /// Goes on with the conference of the page before when both of its calls are back.
    pub(super) fn rejoin(&mut self) {
        if !OUTLIVES_PAGES || self.is_conference() {
            return;
        }
        let members =
            self.keys_of(&|call| call.in_conference && (call.returning || call.state.is_connected()));
        if members.iter().any(|key| self.get(*key).is_some_and(|record| record.call.returning)) {
            return;
        }
        for key in &members {
            if let Some(record) = self.get_mut(*key) {
                record.call.in_conference = false;
            }
        }
        if members.len() == MOST {
            self.conference = Conference::of(members);
        }
    }
}

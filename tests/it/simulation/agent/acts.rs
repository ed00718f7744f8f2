//! What the person at a phone does, at once and later.

use xc_webrtc::sip::event::SessionId;
use xc_webrtc::sip::header::Name;
use xc_webrtc::sip::status::StatusCode;
use xc_webrtc::sip::user_agent::Invite;
use xc_webrtc::time::Instant;

use super::{Agent, Call, Line, Stage};
use crate::simulation::world::Wish;
use crate::support::{secs, status};

/// What a person may do.
#[derive(Clone, Copy, Debug)]
pub enum Act {
    Dial { to: &'static str, offers: bool, reliable: bool },
    Accept,
    Refuse(u16),
    Progress(u16),
    HangUp,
    Reinvite,
    Update,
    Info,
    Refer,
    ReferToOther,
    Register,
    Unregister,
    Probe,
    Write,
    Stop,
    Start,
}

/// What the person does later.
#[derive(Clone, Copy, Debug)]
pub(super) enum Todo {
    Ring(SessionId),
    Accept(SessionId),
    Refuse(SessionId, u16),
    Reply(SessionId),
    Reinvite(SessionId),
}

impl Agent {
    /// Does something; what does not fit is refused by the user agent and changes nothing.
    pub fn act(&mut self, act: Act, now: Instant) {
        if self.line == Line::Stopped && !matches!(act, Act::Start) {
            return;
        }
        self.wishes.push(Wish::Note(format!("* {act:?}")));
        match act {
            Act::Start => self.start(now),
            Act::Stop => self.stop(now),
            _ if matches!(self.line, Line::Leaving { .. }) => {}
            Act::Dial { to, offers, reliable } => self.dial(to, offers, reliable, now),
            Act::Register => self.ua.register(now),
            Act::Unregister => self.ua.unregister(now),
            Act::Probe => self.ua.probe(now),
            Act::Write => {
                let target = self.ua.resolve("alice").expect("a name");
                if let Ok(id) = self.ua.message(target, "hello", now) {
                    self.written.push((self.life, id));
                }
            }
            _ => {
                if let Some(id) = self.some_call() {
                    self.act_in_call(act, id, now);
                }
            }
        }
        self.drain(now);
    }

    fn act_in_call(&mut self, act: Act, id: SessionId, now: Instant) {
        match act {
            Act::Accept => self.accept(id, now),
            Act::Refuse(code) => drop(self.ua.refuse(id, status(code), now)),
            Act::Progress(code) => drop(self.ua.progress(id, status(code), now)),
            Act::HangUp => self.hang_up(id, now),
            Act::Reinvite => self.reoffer(id, false, now),
            Act::Update => self.reoffer(id, true, now),
            Act::Info => drop(self.ua.info(id, "application/dtmf-relay", "Signal=1\r\n", now)),
            Act::Refer => {
                let target = self.ua.resolve("bob").expect("a name");
                let _ = self.ua.refer(id, target, now);
            }
            Act::ReferToOther => {
                if let Some(other) = self.some_call() {
                    let _ = self.ua.refer_to_session(id, other, now);
                }
            }
            Act::Dial { .. }
            | Act::Register
            | Act::Unregister
            | Act::Probe
            | Act::Write
            | Act::Stop
            | Act::Start => {}
        }
    }

    fn dial(&mut self, to: &str, offers: bool, reliable: bool, now: Instant) {
        let offer = offers.then(|| self.describe());
        let headers = if reliable { vec![(Name::REQUIRE, "100rel".to_owned())] } else { Vec::new() };
        let call_id = self.ua.fresh_call_id();
        let target = self.ua.resolve(to).expect("a name");
        let invite = Invite { call_id: call_id.clone(), target, offer: offer.clone(), headers };
        let id = self.ua.invite(invite, now);
        let (life, stage) = (self.life, Stage::Calling);
        self.calls.push(Call {
            id,
            life,
            call_id,
            is_ours: true,
            stage,
            offered: offer,
            asked: None,
            agreed: None,
        });
    }

    pub fn hang_up(&mut self, id: SessionId, now: Instant) {
        if self.ua.hang_up(id, now).is_err() {
            self.broke(format!("{id:?} lives and cannot be hung up"));
        }
        self.drain(now);
        if self.call(id).is_some_and(|call| call.stage != Stage::Over) {
            self.broke(format!("{id:?} was hung up and is not over"));
        }
    }

    fn accept(&mut self, id: SessionId, now: Instant) {
        let sdp = self.describe();
        if self.ua.accept(id, &sdp, now).is_err() {
            return;
        }
        if let Some(call) = self.call(id) {
            call.stage = Stage::Answered;
            match call.asked.take() {
                Some(Some(offer)) => call.agreed = Some((sdp, offer)),
                _ => call.offered = Some(sdp),
            }
        }
    }

    /// Offers a change.
    pub fn reoffer(&mut self, id: SessionId, by_update: bool, now: Instant) {
        let sdp = self.describe();
        let done = match by_update {
            true => self.ua.update(id, &sdp, now),
            false => self.ua.reoffer(id, &sdp, now),
        };
        if done.is_ok()
            && let Some(call) = self.call(id)
        {
            call.offered = Some(sdp);
        }
        self.drain(now);
    }

    fn reply(&mut self, id: SessionId, now: Instant) {
        let accepts = self.obliging || !self.chance.one_in(6);
        let sdp = self.describe();
        let done = match accepts {
            true => self.ua.answer_offer(id, &sdp, now),
            false => self.ua.refuse_offer(id, StatusCode::NOT_ACCEPTABLE_HERE, now),
        };
        if let Some(call) = self.call(id) {
            // Refused: who has asked has taken it back, or it was lost with the websocket.
            match call.asked.take().filter(|_| accepts && done.is_ok()) {
                Some(Some(offer)) => call.agreed = Some((sdp, offer)),
                Some(None) => call.offered = Some(sdp),
                None => {}
            }
        }
    }

    pub(super) fn later(&mut self, least: u64, most: u64, todo: Todo, now: Instant) {
        let after = if self.obliging { secs(0) } else { self.chance.millis(least, most) };
        self.todo.push((now + after, todo));
    }

    pub(super) fn do_todo(&mut self, todo: Todo, now: Instant) {
        match todo {
            Todo::Ring(id) => drop(self.ua.ring(id, now)),
            Todo::Accept(id) => self.accept(id, now),
            Todo::Refuse(id, code) => drop(self.ua.refuse(id, status(code), now)),
            Todo::Reply(id) => self.reply(id, now),
            Todo::Reinvite(id) => self.reoffer(id, false, now),
        }
        self.drain(now);
    }
}

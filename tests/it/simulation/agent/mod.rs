//! A user agent with who uses it: answers after a while, changes its mind, keeps a list of what it was told.

mod acts;
mod told;

use xc_webrtc::sip::event::{Input, MessageId, Output, SessionId};
use xc_webrtc::sip::user_agent::{Config, UserAgent};
use xc_webrtc::time::Instant;

pub use self::acts::Act;
use self::acts::Todo;
use self::told::shortened;
use super::chance::Chance;
use super::watch::Broken;
use super::world::{Party, Wish};
use crate::support::{config, secs};

/// One call as this side was told.
#[derive(Debug)]
pub struct Call {
    id: SessionId,
    /// Of which user agent of this party: one that was stopped is followed by another.
    life: u64,
    pub call_id: String,
    pub is_ours: bool,
    pub stage: Stage,
    /// Our offer that is not answered.
    offered: Option<String>,
    /// Their offer, or wish for one, that we have not answered.
    pub asked: Option<Option<String>>,
    /// What both agreed on: ours and theirs.
    pub agreed: Option<(String, String)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    Calling,
    Ringing,
    /// We have taken it, the ACK has not come.
    Answered,
    Talking,
    Over,
}

/// The websocket, as the driver of the phone sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Line {
    Stopped,
    Opening,
    Open,
    Waiting {
        until: Instant,
    },
    /// Un-registers before it closes.
    Leaving {
        until: Instant,
    },
}

pub struct Agent {
    name: &'static str,
    config: Config,
    pub ua: UserAgent,
    life: u64,
    line: Line,
    pub calls: Vec<Call>,
    /// The messages whose outcome was not told yet, each with the user agent that sent it.
    pub written: Vec<(u64, MessageId)>,
    todo: Vec<(Instant, Todo)>,
    wishes: Vec<Wish>,
    deadline: Option<Instant>,
    chance: Chance,
    described: usize,
    /// Answers at once and always says yes.
    pub obliging: bool,
    broken: Option<Broken>,
}

impl Agent {
    /// A phone of `user`.
    pub fn new(name: &'static str, user: &'static str, mut chance: Chance, now: Instant) -> Self {
        let config = Config { instance: Some(format!("urn:uuid:{name}")), ..config(user) };
        let mut agent = Self {
            name,
            ua: UserAgent::new(config.clone(), chance.seed()),
            config,
            life: 0,
            line: Line::Stopped,
            calls: Vec::new(),
            written: Vec::new(),
            todo: Vec::new(),
            wishes: Vec::new(),
            deadline: None,
            chance,
            described: 0,
            obliging: false,
            broken: None,
        };
        agent.start(now);
        agent
    }

    fn start(&mut self, now: Instant) {
        if self.line != Line::Stopped {
            return;
        }
        self.life += 1;
        // The one that was stopped is not heard any more.
        self.written.clear();
        self.ua = UserAgent::new(self.config.clone(), self.chance.seed());
        self.line = Line::Opening;
        self.wishes.push(Wish::Open);
        self.ua.register(now);
        self.drain(now);
    }

    /// As the phone stops: all calls are ended, the registrar has two seconds.
    fn stop(&mut self, now: Instant) {
        if matches!(self.line, Line::Stopped | Line::Leaving { .. }) {
            return;
        }
        for call in 0..self.calls.len() {
            if self.calls[call].life == self.life && self.calls[call].stage != Stage::Over {
                self.hang_up(self.calls[call].id, now);
            }
        }
        let was_open = self.line == Line::Open;
        self.line = Line::Leaving { until: now + secs(2) };
        self.ua.unregister(now);
        self.drain(now);
        if !was_open {
            self.left();
        }
    }

    fn left(&mut self) {
        if let Line::Leaving { .. } = self.line {
            self.line = Line::Stopped;
            self.deadline = None;
            self.wishes.push(Wish::Close);
        }
    }

    pub fn is_open(&self) -> bool {
        self.line == Line::Open
    }

    /// Whether nothing is to be done later.
    pub fn is_done(&self) -> bool {
        self.todo.is_empty()
    }

    /// Whether the user agent asks to be woken.
    pub fn waits(&self) -> bool {
        self.deadline.is_some()
    }

    fn broke(&mut self, what: String) {
        self.broken.get_or_insert(format!("{}: {what}", self.name));
    }

    fn describe(&mut self) -> String {
        self.described += 1;
        format!("v=0\r\ns={}-{}\r\n", self.name, self.described)
    }

    fn call(&mut self, id: SessionId) -> Option<&mut Call> {
        let life = self.life;
        self.calls.iter_mut().find(|call| call.life == life && call.id == id)
    }

    /// That call, for those who look on.
    pub fn call_of(&self, id: SessionId) -> Option<&Call> {
        self.calls.iter().find(|call| call.life == self.life && call.id == id)
    }

    /// Whether that call goes on here.
    pub fn is_live(&self, call_id: &str, is_ours: bool) -> bool {
        let session = self.session(call_id, is_ours).and_then(|id| self.call_of(id));
        session.is_some_and(|call| call.stage != Stage::Over)
    }

    /// How many descriptions it has made.
    pub fn described(&self) -> usize {
        self.described
    }

    /// The calls that are not over.
    pub fn live(&self) -> Vec<SessionId> {
        let is_live = |call: &&Call| call.life == self.life && call.stage != Stage::Over;
        self.calls.iter().filter(is_live).map(|call| call.id).collect()
    }

    fn some_call(&mut self) -> Option<SessionId> {
        let live = self.live();
        (!live.is_empty()).then(|| self.chance.pick(&live))
    }

    /// The session of that call.
    pub fn session(&self, call_id: &str, is_ours: bool) -> Option<SessionId> {
        let is_it =
            |call: &&Call| call.call_id == call_id && call.is_ours == is_ours && call.life == self.life;
        self.calls.iter().find(is_it).map(|call| call.id)
    }

    fn drain(&mut self, now: Instant) {
        // One that was stopped is not asked any more.
        while self.line != Line::Stopped {
            match self.ua.poll() {
                Output::Send(text) => self.wishes.push(Wish::Send(text)),
                Output::Event(event) => {
                    self.wishes.push(Wish::Note(shortened(&event)));
                    self.told(event, now);
                }
                Output::Wait(deadline) => {
                    self.deadline = deadline.map(|deadline| deadline.at);
                    return;
                }
            }
        }
    }
}

impl Party for Agent {
    fn name(&self) -> String {
        self.name.to_owned()
    }

    fn opened(&mut self, now: Instant) {
        match self.line {
            Line::Opening => {
                self.line = Line::Open;
                self.ua.handle(Input::Opened, now);
                self.drain(now);
            }
            // Nobody wants it any more.
            _ => self.wishes.push(Wish::Close),
        }
    }

    fn closed(&mut self, now: Instant) {
        match self.line {
            Line::Open | Line::Opening => {
                self.lose(now);
                self.drain(now);
            }
            Line::Leaving { .. } => self.left(),
            Line::Stopped | Line::Waiting { .. } => {}
        }
    }

    fn received(&mut self, text: String, now: Instant) {
        if self.line != Line::Stopped {
            self.ua.handle(Input::Received(text), now);
            self.drain(now);
        }
    }

    fn due(&mut self, now: Instant) {
        match self.line {
            Line::Waiting { until } if until <= now => {
                self.line = Line::Opening;
                self.wishes.push(Wish::Open);
            }
            Line::Leaving { until } if until <= now => self.left(),
            _ => {}
        }
        if self.deadline.is_some_and(|at| at <= now) {
            self.ua.handle_timeout(now);
            self.drain(now);
        }
        while let Some(at) = self.todo.iter().position(|(at, _)| *at <= now) {
            let (_, todo) = self.todo.remove(at);
            self.do_todo(todo, now);
        }
    }

    fn deadline(&self) -> Option<Instant> {
        let line = match self.line {
            Line::Waiting { until } | Line::Leaving { until } => Some(until),
            Line::Stopped | Line::Opening | Line::Open => None,
        };
        let todo = self.todo.iter().map(|(at, _)| *at);
        todo.chain(line).chain(self.deadline).min()
    }

    fn wishes(&mut self) -> Vec<Wish> {
        std::mem::take(&mut self.wishes)
    }

    fn broken(&mut self) -> Option<Broken> {
        self.broken.take()
    }
}

//! A whole phone without its browser: the core that pages drive, media that take their time, and a person who answers
//! after a while and changes their mind. What always holds of it is looked at after every step.

mod acts;
mod media;
mod script;
mod settled;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;
use xc_webrtc::cti::message::LineConfig;
use xc_webrtc::cti::server::PageOrigin;
use xc_webrtc::phone::api::{Command, Notice, Place, Registration, TransferMethod};
use xc_webrtc::phone::call::{Call, CallKey, CallState, Hold};
use xc_webrtc::phone::core::{Core, Settings};
use xc_webrtc::phone::effect::{Input, MediaEvent, Output, Ring};
use xc_webrtc::phone::event::{CallEvent, Event};
use xc_webrtc::secret::Secret;
use xc_webrtc::time::Instant;

pub use self::acts::Act;
use self::acts::Todo;
use self::media::Media;
pub use self::script::{drawn, people};
use super::chance::Chance;
use super::watch::Broken;
use super::world::{Party, Wish};

/// What pages were told of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Told {
    Begun,
    Ended,
}

pub struct Phone {
    number: &'static str,
    core: Core,
    line: LineConfig,
    media: BTreeMap<CallKey, Media>,
    told: BTreeMap<CallKey, Told>,
    /// The calls whose hold was refused, and the person told so: that two are active then is no accident.
    excused: BTreeSet<CallKey>,
    conference: Vec<CallKey>,
    ring: Ring,
    /// The websocket is open.
    open: bool,
    todo: Vec<(Instant, Todo)>,
    wishes: Vec<Wish>,
    deadline: Option<Instant>,
    chance: Chance,
    described: usize,
    /// Answers at once, and has a microphone.
    obliging: bool,
    broken: Option<Broken>,
}

impl Phone {
    /// The phone of who has that number.
    pub fn new(number: &'static str, mut chance: Chance, now: Instant) -> Self {
        let line = json!({
            "id": "31", "name": number, "password": "sip-secret", "xivoIp": "example.org", "webRtc": true,
            "hasDevice": false,
        });
        let page = PageOrigin { secure: true, host: "phone.example.org".into() };
        let settings = Settings { auto_init: false, page, instance: format!("urn:uuid:{number}") };
        let mut phone = Self {
            number,
            core: Core::new(settings, chance.seed()),
            line: LineConfig::of_payload(&line.to_string().parse().unwrap()).unwrap(),
            media: BTreeMap::new(),
            told: BTreeMap::new(),
            excused: BTreeSet::new(),
            conference: Vec::new(),
            ring: Ring::Silent,
            open: false,
            todo: Vec::new(),
            wishes: Vec::new(),
            deadline: None,
            chance,
            described: 0,
            obliging: false,
            broken: None,
        };
        let method = if phone.chance.one_in(4) { TransferMethod::Cti } else { TransferMethod::Refer };
        let _ = phone.core.command(Command::SetTransferMethod(method), now);
        phone.start(now);
        phone
    }

    /// The page starts the phone for its line, whether it runs or not.
    fn start(&mut self, now: Instant) {
        let place = Place {
            name: self.number.to_owned(),
            secure: true,
            host: None,
            port: "8443".into(),
            token: Secret::new("a.b.c"),
            program: "XiVO XC WebRTC 1".into(),
        };
        if let Err(refusal) = self.core.start_line(self.line.clone(), place, now) {
            self.broke(format!("it cannot be started: {refusal:?}"));
        }
        self.drain(now);
    }

    fn broke(&mut self, what: String) {
        self.broken.get_or_insert(format!("{}: {what}", self.number));
    }

    /// The calls that are not over.
    fn live(&self) -> Vec<Call> {
        self.core.view().calls.into_iter().filter(|call| call.state.is_live()).collect()
    }

    /// How many ends of calls were told.
    pub fn ends(&self) -> usize {
        self.told.values().filter(|told| **told == Told::Ended).count()
    }

    fn is_registered(&self) -> bool {
        matches!(self.core.view().registration, Registration::Registered { .. })
    }

    /// Hands something to the core and does what follows of it.
    fn input(&mut self, input: Input, now: Instant) {
        self.core.handle(input, now);
        self.drain(now);
    }

    fn drain(&mut self, now: Instant) {
        loop {
            match self.core.poll() {
                Output::Wait(deadline) => {
                    self.deadline = deadline.map(|deadline| deadline.at);
                    break;
                }
                output => self.carry_out(output, now),
            }
        }
        self.check();
    }

    fn carry_out(&mut self, output: Output, now: Instant) {
        match output {
            Output::OpenSip { .. } => self.wishes.push(Wish::Open),
            Output::CloseSip => {
                self.open = false;
                self.wishes.push(Wish::Close);
            }
            Output::SendSip(text) => {
                if !self.open {
                    self.broke(format!("sent without a websocket: {text}"));
                }
                self.wishes.push(Wish::Send(text));
            }
            Output::Media { call, command } => self.told_of_media(call, command, now),
            Output::Conference(calls) => self.conference = calls,
            Output::Ring(ring) => self.ring = ring,
            Output::Notice(Notice::Event(event)) => self.published(&event, now),
            // The server's word takes a moment, and is no in half of the cases; else it says nothing.
            Output::Notice(Notice::ToCti(_)) if self.chance.one_in(2) => {
                self.later(50, 2000, Todo::CtiRefuses, now);
            }
            _ => {}
        }
    }

    fn published(&mut self, event: &Event, now: Instant) {
        self.wishes.push(Wish::Note(format!("{event:?}").chars().take(150).collect()));
        let Event::Call { call, kind, .. } = event else { return };
        let told = self.told.get(call).copied();
        match (kind, told) {
            (CallEvent::Setup { .. } | CallEvent::Establishing, None) => {
                self.told.insert(*call, Told::Begun);
            }
            (_, None) => self.broke(format!("{call:?} was never begun: {event:?}")),
            (_, Some(Told::Ended)) => self.broke(format!("told of {call:?} after its end: {event:?}")),
            (CallEvent::Setup { .. } | CallEvent::Establishing, Some(Told::Begun)) => {
                self.broke(format!("{call:?} begins twice: {event:?}"));
            }
            (CallEvent::Terminated { .. }, Some(Told::Begun)) => {
                self.told.insert(*call, Told::Ended);
            }
            (CallEvent::HoldFailed { .. }, Some(Told::Begun)) => {
                self.excused.insert(*call);
            }
            (_, Some(Told::Begun)) => {}
        }
        if let CallEvent::Setup { .. } = kind {
            self.rings(*call, now);
        }
    }

    /// What always holds.
    fn check(&mut self) {
        let live = self.live();
        // One more is answered for the one whose place it takes; without a microphone it rings.
        let microphone = self.core.view().microphone.is_none();
        let is_one_more = |call: &Call| match call.state {
            CallState::Answering => true,
            CallState::Offered => !microphone,
            _ => false,
        };
        if live.iter().filter(|call| !is_one_more(call)).count() > 2 {
            self.broke(format!("more than two calls: {live:?}"));
        }
        let is_active = |call: &&Call| call.state.is_connected() && call.hold == Hold::Active;
        let active: Vec<CallKey> = live.iter().filter(is_active).map(|call| call.key).collect();
        // A call that takes its own place comes back as it was.
        let returns = |key: &CallKey| live.iter().any(|call| call.key == *key && call.returning);
        self.excused.retain(|key| active.contains(key) || returns(key));
        let by_accident = live.iter().filter(is_active);
        let by_accident =
            by_accident.filter(|call| !call.in_conference && !self.excused.contains(&call.key)).count();
        if by_accident > 1 {
            self.broke(format!("two active calls: {live:?}"));
        }
        let members: Vec<CallKey> =
            live.iter().filter(|call| call.in_conference).map(|call| call.key).collect();
        // While one of them takes its own place, the other waits alone to be joined with it again.
        let is_parted = live.iter().any(|call| call.in_conference && call.returning);
        let joined = if is_parted { &[][..] } else { &members };
        if joined != self.conference {
            self.broke(format!("{:?} hear each other, and the cards say {members:?}", self.conference));
        }
        let rings = live.iter().any(|call| call.state.can_be_answered());
        if rings != matches!(self.ring, Ring::Incoming | Ring::Waiting) {
            self.broke(format!("what is heard is {:?}: {live:?}", self.ring));
        }
        let open: Vec<CallKey> =
            self.media.iter().filter(|(_, media)| !media.closed).map(|(key, _)| *key).collect();
        if let Some(left) = open.iter().find(|key| live.iter().all(|call| call.key != **key)) {
            self.broke(format!("{left:?} is over and its media is not closed"));
        }
    }
}

impl Party for Phone {
    fn name(&self) -> String {
        self.number.to_owned()
    }

    fn opened(&mut self, now: Instant) {
        self.open = true;
        self.input(Input::SipOpened, now);
    }

    fn closed(&mut self, now: Instant) {
        self.open = false;
        self.input(Input::SipClosed { reason: "gone".into() }, now);
    }

    fn received(&mut self, text: String, now: Instant) {
        self.input(Input::SipReceived(text), now);
    }

    fn due(&mut self, now: Instant) {
        if self.deadline.is_some_and(|at| at <= now) {
            self.core.handle_timeout(now);
            self.drain(now);
        }
        while let Some(at) = self.todo.iter().position(|(at, _)| *at <= now) {
            let (_, todo) = self.todo.remove(at);
            self.do_todo(todo, now);
        }
    }

    fn deadline(&self) -> Option<Instant> {
        self.todo.iter().map(|(at, _)| *at).chain(self.deadline).min()
    }

    fn wishes(&mut self) -> Vec<Wish> {
        std::mem::take(&mut self.wishes)
    }

    fn broken(&mut self) -> Option<Broken> {
        self.broken.take()
    }
}

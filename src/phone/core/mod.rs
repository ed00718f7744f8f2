//! The phone without a browser: log-in, line, registration and calls as one state machine.
//!
//! Inputs and commands go in with the moment they happen; [`Core::poll`] hands out what is to be done, until it says
//! `Wait`. Nothing here reads a clock, opens a socket or touches media, so whole call stories run in native tests.

mod calling;
mod commands;
mod debug;
mod left;
mod line_signalling;
mod login;
mod messages;
mod page_cti;

use crate::cti::calls::CallTable;
use crate::cti::event as cti;
use crate::cti::link::Link;
use crate::cti::message::LineConfig;
use crate::cti::server::{PageOrigin, Server};
use crate::queue::Queue;
use crate::secret::Secret;
use crate::sip::token::Tokens;
use crate::time::{Deadline, Instant};

use super::api::{
    Command, Debug, IceServer, LineProblem, LoginProblem, Notice, Refusal, Registration, Session,
    TransferMethod, User, View,
};
use super::calls::{self, Calls};
use super::effect::{Input, Kept, Output, Ring};
use super::event::{CallEvent, Event};
use super::inbox::Inbox;
use super::signalling::Signalling;

/// How this phone behaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Start the phone as soon as the line is known, without waiting for [`Command::Init`].
    pub auto_init: bool,
    /// The page's own server: the default for the log-in, and the scheme for all addresses.
    pub page: PageOrigin,
    /// Names this tab to registrars, the same after a reload: `urn:uuid:…` (RFC 5626 §4.1).
    pub instance: String,
}

/// The state machine. See the module.
pub struct Core {
    settings: Settings,
    tokens: Tokens,
    link: Link,
    link_deadline: Option<Deadline>,
    session: Session,
    /// The server does not accept the token any more; the log-in ends with the call that is going on.
    expired: Option<LoginProblem>,
    server: Option<TypedServer>,
    token: Secret,
    user: Option<User>,
    phone_status: Option<String>,
    line: Option<LineConfig>,
    unusable: Option<LineProblem>,
    signalling: Signalling,
    calls: Calls,
    inbox: Inbox,
    table: CallTable,
    ring: Ring,
    debug: Debug,
    transfer_method: TransferMethod,
    /// The page has a CTI link of its own: ours is not used.
    uses_page_cti: bool,
    /// Another tab is the phone, or may be.
    stands_by: bool,
    outputs: Queue<Output>,
}

/// A server as a person typed it, for the tab to keep, and as it was understood.
struct TypedServer {
    typed: String,
    server: Server,
}

impl Core {
    /// Logged out and stopped. `seed` has to differ from page to page.
    pub fn new(settings: Settings, seed: [u8; 32]) -> Self {
        let mut tokens = Tokens::new(seed);
        let link = Link::new(tokens.number());
        let signalling = Signalling::new(tokens.number());
        Self {
            settings,
            tokens,
            link,
            link_deadline: None,
            session: Session::LoggedOut { problem: None },
            expired: None,
            server: None,
            token: Secret::default(),
            user: None,
            phone_status: None,
            line: None,
            unusable: None,
            signalling,
            calls: Calls::default(),
            inbox: Inbox::default(),
            table: CallTable::default(),
            ring: Ring::Silent,
            debug: Debug::default(),
            transfer_method: TransferMethod::default(),
            uses_page_cti: false,
            stands_by: false,
            outputs: Queue::default(),
        }
    }

    /// All that a screen shows.
    pub fn view(&self) -> View {
        View {
            session: self.session.clone(),
            user: self.user.clone(),
            registration: match (self.unusable, self.signalling.registration()) {
                (_, Registration::Stopped) if self.stands_by => Registration::Elsewhere,
                (Some(problem), Registration::Stopped) => Registration::Unusable(problem),
                (_, registration) => registration.clone(),
            },
            microphone: self.calls.microphone().cloned(),
            camera: self.calls.camera().cloned(),
            phone_status: self.phone_status.clone(),
            line_known: self.line.is_some(),
            calls: self.calls.iter().cloned().collect(),
            inbox: self.inbox.clone(),
        }
    }

    /// The servers that calls begun from now on use to find a path.
    pub fn ice_servers(&self) -> Vec<IceServer> {
        self.calls.ice_servers()
    }

    /// Whether no call goes on and nothing is under way between the telephony server and us.
    pub fn is_idle(&mut self) -> bool {
        !self.calls.any_live() && self.signalling.user_agent().is_none_or(|user_agent| user_agent.is_idle())
    }

    /// Carries a command out, or says why not.
    pub fn command(&mut self, command: Command, now: Instant) -> Result<(), Refusal> {
        let result = self.carry_out(command, now);
        self.settle(now);
        result
    }

    /// Goes on with a log-in that the tab kept.
    pub fn resume(&mut self, kept: Kept, now: Instant) {
        if let Ok(server) = Server::parse(&kept.server, &self.settings.page)
            && matches!(self.session, Session::LoggedOut { .. })
        {
            self.begin_session(kept.server, server.clone(), kept.login.clone());
            self.link.resume(server, &kept.login, kept.token, now);
        }
        self.settle(now);
    }

    /// Takes a fact about the outside world.
    pub fn handle(&mut self, input: Input, now: Instant) {
        match input {
            Input::Cti(input) => self.link.handle(input, now),
            Input::SipOpened => self.signalling.opened(now),
            Input::SipClosed { reason } => self.signalling.closed(reason, now),
            Input::SipReceived(message) => {
                self.show_sip(false, &message);
                self.signalling.received(message, now);
            }
            Input::Unreadable { source, text } => self.diagnose(source, text),
            Input::Media { call, event } => {
                if let Some(user_agent) = self.signalling.user_agent() {
                    self.calls.on_media(call, event, user_agent, now);
                }
            }
            Input::Awake => {
                self.link.handle(cti::Input::Online, now);
                self.signalling.awake(now);
            }
            Input::Doubt => {
                self.link.handle(cti::Input::Doubt, now);
                self.signalling.doubt(now);
            }
        }
        self.settle(now);
    }

    /// Does what is due at `now`.
    pub fn handle_timeout(&mut self, now: Instant) {
        self.link.handle_timeout(now);
        self.signalling.handle_timeout(now);
        self.settle(now);
    }

    /// What is to be done next; `Wait` when there is nothing more.
    pub fn poll(&mut self) -> Output {
        match self.outputs.pop() {
            Some(output) => output,
            None => {
                let own = Deadline::soonest(self.link_deadline, self.calls.deadline());
                Output::Wait(Deadline::soonest(own, self.signalling.deadline()))
            }
        }
    }

    /// Runs the parts until none has anything to say to another, then tells the screen.
    fn settle(&mut self, now: Instant) {
        self.calls.give_up_left(now);
        loop {
            if let Some(user_agent) = self.signalling.user_agent() {
                let own_number = self.user.as_ref().and_then(|user| user.number.as_deref());
                self.calls.go_on(user_agent, own_number.unwrap_or_default(), now);
            }
            self.signalling.drain(now);
            if let Some(output) = self.link_output() {
                self.on_link(output, now);
            } else if let Some(output) = self.signalling.poll() {
                self.on_signalling(output, now);
            } else if let Some(effect) = self.calls.poll() {
                self.on_effect(effect, now);
            } else if let Some(problem) = self.expired.take_if(|_| !self.calls.any_live()) {
                self.fail_session(problem, now);
            } else {
                break;
            }
        }
        let ring = self.calls.ring();
        if ring != self.ring {
            self.ring = ring;
            self.outputs.push(Output::Ring(ring));
        }
        self.outputs.push(Output::Notice(Notice::Changed));
    }

    fn on_effect(&mut self, effect: calls::Effect, now: Instant) {
        match effect {
            calls::Effect::Media(call, command) => self.outputs.push(Output::Media { call, command }),
            calls::Effect::Conference(calls) => self.outputs.push(Output::Conference(calls)),
            calls::Effect::Cti(command) => {
                if self.tell_cti(&command, now).is_err() {
                    self.transfer_refused("The CTI server cannot be reached now", now);
                }
            }
            calls::Effect::Publish(event) => {
                if let Event::Call {
                    sip_call_id,
                    kind: CallEvent::Setup { .. } | CallEvent::Establishing,
                    ..
                } = &event
                {
                    self.join(sip_call_id);
                }
                self.publish(event);
            }
        }
    }
}

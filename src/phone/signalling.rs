//! The line's way to the telephony server: the SIP websocket, opened again when it is lost, and the registration over it.
//!
//! ```text
//! Stopped ─start─> Running { Opening ─> Open ─lost─> Waiting ─> Opening … } ─stop─> Leaving ─> Stopped
//! ```
//!
//! Owns the user agent, so that calls outlive the websocket: what they have to say meanwhile is said when it is back.

mod output;
mod unregistered;

use std::time::Duration;

use crate::backoff::Backoff;
use crate::queue::Queue;
use crate::secret::Secret;
use crate::sip::event::{self as sip, RegistrationEvent};
use crate::sip::user_agent::{self, UserAgent};
use crate::time::{Deadline, Instant};

pub(super) use self::output::Output;
use super::api::Registration;

/// How long a stop waits for the registrar before the websocket is closed.
const LEAVE_WITHIN: Duration = Duration::from_secs(2);

/// A websocket that is not open by then is tried anew: whatever stands between takes connections and says nothing.
const OPEN_WITHIN: Duration = Duration::from_secs(15);

/// A websocket that was open this long had come to stay: its loss starts the back-off anew.
const PROVEN_AFTER: Duration = Duration::from_secs(30);

/// The signalling of one line.
pub(super) struct Signalling {
    state: State,
    backoff: Backoff,
    registration: Registration,
    outputs: Queue<Output>,
    user_agent_deadline: Option<Deadline>,
}

enum State {
    Stopped,
    Running(Box<Running>),
    Leaving { running: Box<Running>, until: Instant },
}

struct Running {
    user_agent: UserAgent,
    url: Secret,
    socket: Socket,
    started: bool,
}

enum Socket {
    Opening { give_up: Instant },
    Open { since: Instant },
    Waiting { until: Instant },
}

impl Signalling {
    /// Stopped; `seed` spreads the reconnections of many phones.
    pub(super) fn new(seed: u64) -> Self {
        Self {
            state: State::Stopped,
            backoff: Backoff::new(seed),
            registration: Registration::Stopped,
            outputs: Queue::default(),
            user_agent_deadline: None,
        }
    }

    /// How the registration stands, for the screen.
    pub(super) fn registration(&self) -> &Registration {
        &self.registration
    }

    /// Whether it was started and not stopped since.
    pub(super) fn is_running(&self) -> bool {
        matches!(self.state, State::Running(_))
    }

    /// Whether a call can be begun now.
    pub(super) fn is_registered(&self) -> bool {
        matches!(self.registration, Registration::Registered { .. })
    }

    /// The user agent, for commands to calls; `None` when stopped.
    pub(super) fn user_agent(&mut self) -> Option<&mut UserAgent> {
        match &mut self.state {
            State::Running(running) | State::Leaving { running, .. } => Some(&mut running.user_agent),
            State::Stopped => None,
        }
    }

    /// Opens the websocket at `url` and registers. One that is still leaving is cut short.
    pub(super) fn start(&mut self, config: user_agent::Config, seed: [u8; 32], url: Secret, now: Instant) {
        if !matches!(self.state, State::Stopped) {
            self.outputs.push(Output::Close);
        }
        let mut user_agent = UserAgent::new(config, seed);
        user_agent.register(now);
        self.outputs.push(Output::Open { url: url.clone() });
        self.registration = Registration::Connecting;
        self.backoff.reset();
        self.backoff.attempted(now);
        let socket = Socket::Opening { give_up: now + OPEN_WITHIN };
        self.state = State::Running(Box::new(Running { user_agent, url, socket, started: false }));
        self.drain(now);
    }

    /// The address for the next time the websocket is opened: a new token is in it.
    pub(super) fn set_url(&mut self, url: Secret) {
        if let State::Running(running) = &mut self.state {
            running.url = url;
        }
    }

    /// Un-registers, then closes the websocket. Calls are ended by the caller first.
    pub(super) fn stop(&mut self, now: Instant) {
        match std::mem::replace(&mut self.state, State::Stopped) {
            State::Running(mut running) => {
                let open = matches!(running.socket, Socket::Open { .. });
                running.user_agent.unregister(now);
                self.state = State::Leaving { running, until: now + LEAVE_WITHIN };
                self.drain(now);
                if !open && matches!(self.state, State::Leaving { .. }) {
                    self.left();
                }
            }
            other => self.state = other,
        }
    }

    /// The websocket is open.
    pub(super) fn opened(&mut self, now: Instant) {
        if let State::Running(running) = &mut self.state {
            running.socket = Socket::Open { since: now };
            if !std::mem::replace(&mut running.started, true) {
                self.outputs.push(Output::Started);
            }
            self.registration = Registration::Connecting;
            running.user_agent.handle(sip::Input::Opened, now);
        }
        self.drain(now);
    }

    /// The websocket is closed, or could not be opened.
    pub(super) fn closed(&mut self, reason: String, now: Instant) {
        match &mut self.state {
            State::Running(running) => {
                match running.socket {
                    Socket::Open { since } if now.saturating_since(since) >= PROVEN_AFTER => {
                        self.backoff.reset()
                    }
                    Socket::Open { .. } | Socket::Waiting { .. } => {}
                    Socket::Opening { .. } => self.outputs.push(Output::Failed { reason: reason.clone() }),
                }
                let until = self.backoff.next(now);
                running.socket = Socket::Waiting { until };
                running.user_agent.handle(sip::Input::Closed { reason: reason.clone() }, now);
                self.drain(now);
                self.registration =
                    Registration::Unregistered { reason, permanent: false, retry_at: Some(until) };
            }
            State::Leaving { .. } => self.left(),
            State::Stopped => {}
        }
    }

    /// A message came.
    pub(super) fn received(&mut self, message: String, now: Instant) {
        if let Some(user_agent) = self.user_agent() {
            user_agent.handle(sip::Input::Received(message), now);
        }
        self.drain(now);
    }

    /// The network is back or the page is shown: what waits is tried now.
    pub(super) fn awake(&mut self, now: Instant) {
        if let State::Running(running) = &mut self.state
            && let Socket::Waiting { until } = &mut running.socket
        {
            *until = self.backoff.soon(now).min(*until);
        }
        self.doubt(now);
        self.handle_timeout(now);
    }

    /// What looks open may be dead: it is to prove that it is not.
    pub(super) fn doubt(&mut self, now: Instant) {
        if let Some(user_agent) = self.user_agent() {
            user_agent.doubt(now);
        }
        self.drain(now);
    }

    /// Does what is due.
    pub(super) fn handle_timeout(&mut self, now: Instant) {
        match &mut self.state {
            State::Running(running) => {
                running.user_agent.handle_timeout(now);
                match running.socket {
                    Socket::Waiting { until } if until <= now => {
                        running.socket = Socket::Opening { give_up: now + OPEN_WITHIN };
                        self.backoff.attempted(now);
                        self.registration = Registration::Connecting;
                        self.outputs.push(Output::Open { url: running.url.clone() });
                    }
                    Socket::Opening { give_up } if give_up <= now => {
                        self.outputs.push(Output::Close);
                        self.closed(unregistered::SILENT.to_owned(), now);
                    }
                    Socket::Waiting { .. } | Socket::Opening { .. } | Socket::Open { .. } => {}
                }
            }
            State::Leaving { running, until } => {
                running.user_agent.handle_timeout(now);
                if *until <= now {
                    self.left();
                }
            }
            State::Stopped => {}
        }
        self.drain(now);
    }

    /// What is to be done next.
    pub(super) fn poll(&mut self) -> Option<Output> {
        self.outputs.pop()
    }

    /// When to call again at the latest, once [`Self::poll`] has nothing more.
    pub(super) fn deadline(&self) -> Option<Deadline> {
        let own = match &self.state {
            State::Running(running) => match running.socket {
                Socket::Waiting { until } => Some(Deadline::new(until, "open the SIP websocket again")),
                Socket::Opening { give_up } => Some(Deadline::new(give_up, "SIP websocket opens")),
                Socket::Open { .. } => None,
            },
            State::Leaving { until, .. } => Some(Deadline::new(*until, "leave without an answer")),
            State::Stopped => None,
        };
        Deadline::soonest(own, self.user_agent_deadline)
    }

    /// Takes what the user agent has to say, after a command to it or an input. Done before [`Self::poll`].
    pub(super) fn drain(&mut self, now: Instant) {
        self.user_agent_deadline = None;
        while let Some(user_agent) = self.user_agent() {
            match user_agent.poll() {
                sip::Output::Send(message) => self.outputs.push(Output::Send(message)),
                sip::Output::Event(event) => self.on_event(event, now),
                sip::Output::Wait(deadline) => {
                    self.user_agent_deadline = deadline;
                    return;
                }
            }
        }
    }

    fn on_event(&mut self, event: sip::Event, now: Instant) {
        match event {
            sip::Event::Registration(RegistrationEvent::Registered { expires }) => {
                self.registration = Registration::Registered { expires };
                self.outputs.push(Output::Registered);
            }
            sip::Event::Registration(RegistrationEvent::Unregistered(unregistered)) => {
                if matches!(self.state, State::Leaving { .. }) {
                    self.left();
                    return;
                }
                let reason = unregistered::reason(&unregistered.cause);
                if unregistered::is_of_the_flow(&unregistered.cause) {
                    // What is lost is not the registration alone: a new websocket may carry it again.
                    self.outputs.push(Output::Close);
                    return self.closed(reason, now);
                }
                self.registration = Registration::Unregistered {
                    reason: reason.clone(),
                    permanent: unregistered::is_permanent(&unregistered.cause),
                    retry_at: unregistered.retry_in.map(|delay| now + delay),
                };
                self.outputs.push(Output::Unregistered { reason });
            }
            sip::Event::Session { id, event } => {
                self.outputs.push(Output::Session { id, event: Box::new(event) })
            }
            sip::Event::MessageWaiting(summary) => self.outputs.push(Output::MessageWaiting(summary)),
            sip::Event::Message(message) => self.outputs.push(Output::Message(message)),
            // What the phone does not ask for.
            sip::Event::Subscription { .. } | sip::Event::MessageAnswered { .. } => {}
            sip::Event::Diagnostic(diagnostic) => {
                self.outputs.push(Output::Diagnostic(diagnostic.to_string()));
            }
        }
    }

    fn left(&mut self) {
        self.state = State::Stopped;
        self.registration = Registration::Stopped;
        self.outputs.push(Output::Unregistered { reason: "Stopped".to_owned() });
        self.outputs.push(Output::Close);
    }
}

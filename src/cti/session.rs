//! One log-in from its token to its end: the websocket, its losses, and the token's renewals.

use std::time::Duration;

use super::auth::{Checked, Granted, LoginError, ask_check, read_check};
use super::event::{Event, HttpOutcome, Output};
use super::heartbeat::{Beat, Heartbeat};
use super::message::command::Command;
use super::message::{self, Message, Received};
use super::outbox::Outbox;
use super::server::Server;
use crate::secret::Secret;
use crate::time::{Deadline, Instant};

/// How long the websocket may take to open, and after that the server to build the session: it gives itself 10 s
/// (xuc-cti §3.1).
const PATIENCE: Duration = Duration::from_secs(15);

/// A link that was up for this long was sound: the back-off starts over at its loss.
const SOUND: Duration = Duration::from_secs(60);

/// While the websocket does not open, the token that was found good is not checked again for so long: of what the edge
/// proxy takes from one address (xuc-cti §2.8), the checks would eat what the websockets need.
const CHECK_HOLDS: Duration = Duration::from_secs(300);

/// When a renewal of the token or of the TURN password brought nothing.
const ASK_AGAIN: Duration = Duration::from_secs(30);

/// A token, and what is done with it. Every method that can end the session says why in its error.
#[derive(Debug)]
pub(super) struct Session {
    server: Server,
    login: String,
    token: Secret,
    ttl: Option<Duration>,
    renew_at: Instant,
    standing: Standing,
    channel: Channel,
    /// The check of the token that is under way.
    check: Option<u32>,
    /// The token was checked, and what did not open since is not to blame on it before then.
    checked_until: Option<Instant>,
}

/// How the session came to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    /// By password, just now. The person waits at the form: a failure is told, not tried again.
    Fresh,
    /// By a token that was kept. There is no password to type again: failures are tried again.
    Resumed,
    /// The link was up at least once.
    Established,
}

/// The websocket.
///
/// ```text
/// Checking ─> Opening ─> Open(Greeting) ─> Open(Up)
///    ^ │         │            │               │
///    │ └─────────┴─────┬──────┴───────────────┘
///    └───────────── Waiting
/// ```
#[derive(Debug)]
enum Channel {
    /// The token is being checked; the websocket comes after.
    Checking,
    /// The websocket is being opened.
    Opening { give_up: Instant },
    /// The websocket is open.
    Open { heartbeat: Heartbeat, stage: Stage },
    /// There is none; it is tried again.
    Waiting { until: Instant, reason: String },
}

/// What is open is not yet of use.
#[derive(Debug)]
enum Stage {
    /// `LoggedOn` has not come.
    Greeting { give_up: Instant },
    /// Commands can be sent. `ice_at`: when the TURN password wants renewal.
    Up { since: Instant, ice_at: Option<Instant> },
}

impl Session {
    /// Begins with a token that was just granted for a password.
    pub(super) fn fresh(
        server: Server,
        login: String,
        granted: Granted,
        now: Instant,
        out: &mut Outbox,
    ) -> Self {
        let mut session = Self::new(server, login, granted.token.clone(), Standing::Fresh, now);
        session.take(granted, now, out);
        session.open(now, out);
        session
    }

    /// Begins with a token that was kept; it is checked first.
    pub(super) fn resumed(
        server: Server,
        login: String,
        token: Secret,
        now: Instant,
        out: &mut Outbox,
    ) -> Self {
        let mut session = Self::new(server, login, token, Standing::Resumed, now);
        session.check_then_open(now, out);
        session
    }

    fn new(server: Server, login: String, token: Secret, standing: Standing, now: Instant) -> Self {
        let channel = Channel::Checking;
        Self {
            server,
            login,
            token,
            ttl: None,
            renew_at: now,
            standing,
            channel,
            check: None,
            checked_until: None,
        }
    }

    pub(super) fn token(&self) -> &Secret {
        &self.token
    }

    pub(super) fn server(&self) -> &Server {
        &self.server
    }

    pub(super) fn login(&self) -> &str {
        &self.login
    }

    /// Whether the user was told to be logged in.
    pub(super) fn is_established(&self) -> bool {
        self.standing == Standing::Established
    }

    /// Whether commands can be sent.
    pub(super) fn is_up(&self) -> bool {
        matches!(self.channel, Channel::Open { stage: Stage::Up { .. }, .. })
    }

    /// Whether there is a websocket to close.
    pub(super) fn has_socket(&self) -> bool {
        match self.channel {
            Channel::Opening { .. } | Channel::Open { .. } => true,
            Channel::Checking | Channel::Waiting { .. } => false,
        }
    }

    /// When [`Session::timeout`] wants to be called.
    pub(super) fn deadline(&self) -> Option<Deadline> {
        match &self.channel {
            Channel::Checking => None,
            Channel::Opening { give_up } => Some(Deadline::new(*give_up, "CTI websocket opens")),
            Channel::Waiting { until, .. } => Some(Deadline::new(*until, "CTI reconnection")),
            Channel::Open { heartbeat, stage } => {
                let beat = Some(Deadline::new(heartbeat.due(), "CTI heartbeat"));
                let other = match stage {
                    Stage::Greeting { give_up } => Some(Deadline::new(*give_up, "CTI logon")),
                    Stage::Up { ice_at, .. } => {
                        let renew = Deadline::new(self.renew_at, "CTI token renewal");
                        let ice = ice_at.map(|at| Deadline::new(at, "TURN renewal"));
                        Deadline::soonest(self.check.is_none().then_some(renew), ice)
                    }
                };
                Deadline::soonest(beat, other)
            }
        }
    }

    /// A deadline may have come.
    pub(super) fn timeout(&mut self, now: Instant, out: &mut Outbox) -> Result<(), LoginError> {
        match self.channel {
            Channel::Opening { give_up } if now >= give_up => {
                self.give_up("the CTI websocket did not open", now, out)
            }
            Channel::Waiting { until, .. } if now >= until => {
                out.event(Event::Connecting);
                self.check_then_open(now, out);
                Ok(())
            }
            Channel::Open { .. } => self.timeout_while_open(now, out),
            Channel::Checking | Channel::Opening { .. } | Channel::Waiting { .. } => Ok(()),
        }
    }

    fn timeout_while_open(&mut self, now: Instant, out: &mut Outbox) -> Result<(), LoginError> {
        let Channel::Open { heartbeat, stage } = &mut self.channel else { return Ok(()) };
        match heartbeat.tick(now) {
            Beat::Rest => {}
            Beat::Ping => out.send(&Command::Ping),
            Beat::Dead => return self.give_up("the CTI server is silent", now, out),
        }
        match stage {
            Stage::Greeting { give_up } if now >= *give_up => {
                return self.give_up("the server opened no CTI session in time", now, out);
            }
            Stage::Greeting { .. } => {}
            Stage::Up { ice_at, .. } => {
                if ice_at.is_some_and(|at| now >= at) {
                    *ice_at = Some(now + ASK_AGAIN);
                    out.send(&Command::GetIceConfig);
                }
                if self.check.is_none() && now >= self.renew_at {
                    self.check = Some(out.ask(ask_check(&self.server, &self.token)));
                }
            }
        }
        Ok(())
    }

    /// A request was answered, or was not; ignored unless it is the check that is under way.
    pub(super) fn answered(
        &mut self,
        id: u32,
        outcome: &HttpOutcome,
        now: Instant,
        out: &mut Outbox,
    ) -> Result<(), LoginError> {
        if self.check != Some(id) {
            return Ok(());
        }
        self.check = None;
        let checking = matches!(self.channel, Channel::Checking);
        match read_check(outcome) {
            Checked::Dead => Err(LoginError::Expired),
            Checked::Renewed(granted) => {
                self.take(granted, now, out);
                if checking {
                    self.checked_until = Some(now + CHECK_HOLDS);
                    self.open(now, out);
                }
                Ok(())
            }
            Checked::Unknown(reason) if checking => self.lost(reason, now, out),
            // The token in hand is good for another half of its life.
            Checked::Unknown(_) => {
                self.renew_at = now + ASK_AGAIN;
                Ok(())
            }
        }
    }

    /// The websocket is open. The server speaks first.
    pub(super) fn opened(&mut self, now: Instant) {
        if let Channel::Opening { .. } = self.channel {
            let stage = Stage::Greeting { give_up: now + PATIENCE };
            self.checked_until = None;
            self.channel = Channel::Open { heartbeat: Heartbeat::new(now), stage };
        }
    }

    /// The websocket is gone, or could not be opened.
    pub(super) fn closed(
        &mut self,
        code: u16,
        reason: &str,
        now: Instant,
        out: &mut Outbox,
    ) -> Result<(), LoginError> {
        if !self.has_socket() {
            return Ok(());
        }
        let separator = if reason.is_empty() { "" } else { ": " };
        self.lost(format!("the CTI websocket was closed ({code}{separator}{reason})"), now, out)
    }

    /// A frame came.
    pub(super) fn received(&mut self, frame: &str, now: Instant, out: &mut Outbox) -> Result<(), LoginError> {
        let Channel::Open { heartbeat, .. } = &mut self.channel else { return Ok(()) };
        heartbeat.heard();
        let reading = message::read(frame);
        for complaint in reading.complaints {
            out.event(Event::Diagnostic(complaint));
        }
        let Some(received) = reading.received else { return Ok(()) };
        let refused = self.obey(&received, now, out);
        out.event(Event::Message(received));
        match refused {
            Some(reason) => self.give_up(&reason, now, out),
            None => Ok(()),
        }
    }

    /// Does what a message asks of the link itself; says why when it ends it.
    fn obey(&mut self, received: &Received, now: Instant, out: &mut Outbox) -> Option<String> {
        let Channel::Open { stage, .. } = &mut self.channel else { return None };
        match (&received.message, stage) {
            (Message::LoggedOn, stage @ Stage::Greeting { .. }) => {
                *stage = Stage::Up { since: now, ice_at: None };
                self.up(out);
                None
            }
            (Message::LoggedOnError(error), _) => {
                Some(format!("the server opened no CTI session: {}", error.as_str()))
            }
            (Message::IceConfig(ice), Stage::Up { ice_at, .. }) => {
                // Half of the TURN password's life, as for the token (xuc-cti §6.4); no oftener than makes sense.
                *ice_at = ice.turn_ttl.map(|ttl| now + (ttl / 2).max(ASK_AGAIN));
                None
            }
            (_, Stage::Greeting { .. } | Stage::Up { .. }) => None,
        }
    }

    /// The session is there: says so, and asks for what a phone needs (xuc-cti §3.6).
    fn up(&mut self, out: &mut Outbox) {
        if !self.is_established() {
            let resumed = self.standing == Standing::Resumed;
            self.standing = Standing::Established;
            out.event(Event::LoggedOn { login: self.login.clone(), resumed });
        }
        out.event(Event::Up);
        out.send(&Command::GetConfig { object_type: "line".into() });
        out.send(&Command::GetIceConfig);
        out.send(&Command::GetCurrentCallsPhoneEvents);
    }

    /// The machine has a network again: no reason to wait for long.
    pub(super) fn online(&mut self, now: Instant, out: &mut Outbox) {
        self.doubt(now);
        if let Channel::Waiting { until, reason } = &mut self.channel {
            let soon = out.backoff.soon(now);
            if soon < *until {
                *until = soon;
                let reason = reason.clone();
                out.event(Event::Lost { retry_at: Some(soon), reason });
            }
        }
    }

    /// What is open may be dead: the server is to answer soon.
    pub(super) fn doubt(&mut self, now: Instant) {
        if let Channel::Open { heartbeat, .. } = &mut self.channel {
            heartbeat.hurry(now);
        }
    }

    /// Takes a token that was granted.
    fn take(&mut self, granted: Granted, now: Instant, out: &mut Outbox) {
        self.token = granted.token;
        if let Some(login) = granted.login {
            self.login = login;
        }
        // A renewal that does not say how long it holds is believed to hold as long as the one before it.
        self.ttl = granted.ttl.or(self.ttl);
        self.renew_at = now + Granted::renew_in(self.ttl);
        out.event(Event::Token(self.token.clone()));
    }

    fn check_then_open(&mut self, now: Instant, out: &mut Outbox) {
        if self.checked_until.is_some_and(|until| now < until) {
            return self.open(now, out);
        }
        self.check = Some(out.ask(ask_check(&self.server, &self.token)));
        self.channel = Channel::Checking;
    }

    fn open(&mut self, now: Instant, out: &mut Outbox) {
        out.backoff.attempted(now);
        out.push(Output::Open { url: self.server.cti_url(&self.token) });
        self.channel = Channel::Opening { give_up: now + PATIENCE };
    }

    /// Closes the websocket on our own account.
    fn give_up(&mut self, reason: &str, now: Instant, out: &mut Outbox) -> Result<(), LoginError> {
        out.push(Output::Close);
        self.lost(reason.to_owned(), now, out)
    }

    /// There is no websocket any more, or none yet.
    fn lost(&mut self, reason: String, now: Instant, out: &mut Outbox) -> Result<(), LoginError> {
        if let Channel::Open { stage: Stage::Up { since, .. }, .. } = self.channel
            && now.saturating_since(since) >= SOUND
        {
            out.backoff.reset();
        }
        if !matches!(self.channel, Channel::Open { .. }) {
            self.server.fail_over();
        }
        let until = out.backoff.next(now);
        self.channel = Channel::Waiting { until, reason: reason.clone() };
        match self.standing {
            Standing::Fresh => Err(LoginError::NoSession),
            Standing::Resumed | Standing::Established => {
                out.event(Event::Lost { retry_at: Some(until), reason });
                Ok(())
            }
        }
    }
}

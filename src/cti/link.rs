//! The link to the XUC server: log-in, CTI websocket, reconnection (xuc-cti §2, §3, §11).
//!
//! A state machine without I/O: whoever drives it hands in what happened and the time, then drains
//! [`Link::poll`] until it answers [`Output::Wait`], and calls [`Link::handle_timeout`] when that moment has come.

use std::fmt;

use super::auth::{Client, Granted, LoginError, ask_login, is_token, read_login};
use super::event::{Event, HttpOutcome, Input, Output};
use super::message::command::Command;
use super::outbox::Outbox;
use super::server::Server;
use super::session::Session;
use crate::secret::Secret;
use crate::time::{Deadline, Instant};

/// The link to the XUC server.
#[derive(Debug)]
pub struct Link {
    state: State,
    out: Outbox,
}

/// Where the log-in stands.
#[derive(Debug)]
enum State {
    /// Nobody is logged in.
    LoggedOut,
    /// Login and password were sent; the password was not kept.
    Authenticating { server: Server, login: String, request: u32 },
    /// There is a token.
    LoggedIn(Box<Session>),
}

/// Commands cannot be sent now: the link is not up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotReady;

impl fmt::Display for NotReady {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the CTI link is not up")
    }
}

impl std::error::Error for NotReady {}

impl Link {
    /// A link that is logged out. The seed spreads reconnections; two phones should not have the same.
    pub fn new(seed: u64) -> Self {
        Self { state: State::LoggedOut, out: Outbox::new(seed) }
    }

    /// Logs in by password, whatever was before. Answered by [`Event::LoggedOn`] or [`Event::LoginFailed`].
    pub fn log_in(&mut self, server: Server, login: &str, password: &Secret, client: &Client, _now: Instant) {
        self.leave();
        self.out.event(Event::LoggingIn);
        let request = self.out.ask(ask_login(&server, login, password, client));
        self.state = State::Authenticating { server, login: login.to_owned(), request };
    }

    /// Logs in by a token that was kept. A server that does not answer is tried again until it does.
    pub fn resume(&mut self, server: Server, login: &str, token: Secret, now: Instant) {
        self.leave();
        self.out.event(Event::LoggingIn);
        if !is_token(token.expose()) {
            self.out.event(Event::LoginFailed(LoginError::Expired));
            return;
        }
        let session = Session::resumed(server, login.to_owned(), token, now, &mut self.out);
        self.state = State::LoggedIn(Box::new(session));
    }

    /// Opens the link with a token that was granted just now, in whatever way. Answered by [`Event::LoggedOn`] or
    /// [`Event::LoginFailed`].
    pub fn open(&mut self, server: Server, login: &str, token: Secret, now: Instant) {
        self.leave();
        self.out.event(Event::LoggingIn);
        let granted = Granted { login: None, token, ttl: None };
        let session = Session::fresh(server, login.to_owned(), granted, now, &mut self.out);
        self.state = State::LoggedIn(Box::new(session));
    }

    /// Leaves the server and forgets the token. Nothing more is heard of this log-in, not even an event.
    pub fn log_out(&mut self, _now: Instant) {
        self.leave();
    }

    /// Sends a command.
    ///
    /// # Errors
    ///
    /// [`NotReady`] when the link is not up: a command that waited would act on calls that are not there any more.
    pub fn send(&mut self, command: &Command, _now: Instant) -> Result<(), NotReady> {
        if !self.is_up() {
            return Err(NotReady);
        }
        self.out.send(command);
        Ok(())
    }

    /// Whether commands can be sent.
    pub fn is_up(&self) -> bool {
        self.session().is_some_and(Session::is_up)
    }

    /// The token, for whoever opens another websocket to the same server.
    pub fn token(&self) -> Option<&Secret> {
        self.session().map(Session::token)
    }

    /// The server, once there is a token for it.
    pub fn server(&self) -> Option<&Server> {
        self.session().map(Session::server)
    }

    /// The login, as the server writes it.
    pub fn login(&self) -> Option<&str> {
        self.session().map(Session::login)
    }

    /// Takes in what happened. What does not fit the state is ignored: it is late.
    pub fn handle(&mut self, input: Input, now: Instant) {
        match &mut self.state {
            State::LoggedOut => {}
            State::Authenticating { request, .. } => match input {
                Input::Http { id, outcome } if id == *request => self.authenticated(&outcome, now),
                Input::Http { .. }
                | Input::Opened
                | Input::Closed { .. }
                | Input::Received(_)
                | Input::Online
                | Input::Doubt => {}
            },
            State::LoggedIn(session) => {
                let out = &mut self.out;
                let result = match input {
                    Input::Http { id, outcome } => session.answered(id, &outcome, now, out),
                    Input::Opened => {
                        session.opened(now);
                        Ok(())
                    }
                    Input::Closed { code, reason } => session.closed(code, &reason, now, out),
                    Input::Received(frame) => session.received(&frame, now, out),
                    Input::Online => {
                        session.online(now, out);
                        Ok(())
                    }
                    Input::Doubt => {
                        session.doubt(now);
                        Ok(())
                    }
                };
                self.settle(result);
            }
        }
    }

    /// Does what is due at `now`; harmless when nothing is.
    pub fn handle_timeout(&mut self, now: Instant) {
        if let State::LoggedIn(session) = &mut self.state {
            let result = session.timeout(now, &mut self.out);
            self.settle(result);
        }
    }

    /// What is to be done next.
    pub fn poll(&mut self) -> Output {
        self.out.pop().unwrap_or_else(|| Output::Wait(self.deadline()))
    }

    fn deadline(&self) -> Option<Deadline> {
        self.session().and_then(Session::deadline)
    }

    fn session(&self) -> Option<&Session> {
        match &self.state {
            State::LoggedOut | State::Authenticating { .. } => None,
            State::LoggedIn(session) => Some(session),
        }
    }

    /// The answer to login and password came.
    fn authenticated(&mut self, outcome: &HttpOutcome, now: Instant) {
        let State::Authenticating { server, login, .. } =
            std::mem::replace(&mut self.state, State::LoggedOut)
        else {
            return;
        };
        match read_login(outcome) {
            Ok(granted) => {
                let session = Session::fresh(server, login, granted, now, &mut self.out);
                self.state = State::LoggedIn(Box::new(session));
            }
            Err(error) => self.out.event(Event::LoginFailed(error)),
        }
    }

    /// Ends the session if it cannot go on.
    fn settle(&mut self, result: Result<(), LoginError>) {
        if let Err(error) = result {
            let established = self.session().is_some_and(Session::is_established);
            self.leave();
            self.out.event(if established { Event::Ended(error) } else { Event::LoginFailed(error) });
        }
    }

    /// Closes what is open and forgets everything; answers to requests that are under way will be ignored.
    fn leave(&mut self) {
        if self.session().is_some_and(Session::has_socket) {
            self.out.push(Output::Close);
        }
        self.state = State::LoggedOut;
    }
}

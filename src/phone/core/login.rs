//! Logging in and out, and what the CTI link says.

use crate::cti::event as cti;
use crate::cti::server::Server;
use crate::secret::Secret;
use crate::time::Instant;

use super::super::api::{Client, CtiLink, LoginProblem, Refusal, Session, User};
use super::super::effect::{Kept, Output};
use super::super::inbox::Inbox;
use super::{CallTable, Core, TypedServer};

impl Core {
    pub(super) fn log_in(
        &mut self,
        typed: String,
        login: String,
        password: Secret,
        client: &Client,
        now: Instant,
    ) -> Result<(), Refusal> {
        let login = login.trim().to_owned();
        if login.is_empty() {
            return Err(Refusal::EmptyLogin);
        }
        if password.is_empty() {
            return Err(Refusal::EmptyPassword);
        }
        let server = Server::parse(&typed, &self.settings.page).map_err(|_| Refusal::BadServer)?;
        self.end_session(now);
        self.begin_session(typed, server.clone(), login.clone());
        self.link.log_in(server, &login, &password, client, now);
        Ok(())
    }

    pub(super) fn begin_session(&mut self, typed: String, server: Server, login: String) {
        self.server = Some(TypedServer { typed, server });
        self.user = Some(User { full_name: login.clone(), login, number: None });
        self.session = Session::LoggingIn;
    }

    pub(super) fn log_out(&mut self, now: Instant) -> Result<(), Refusal> {
        match self.session {
            Session::LoggedOut { .. } => Err(Refusal::NotLoggedIn),
            Session::LoggingIn | Session::LoggedIn { .. } => {
                self.end_session(now);
                self.session = Session::LoggedOut { problem: None };
                Ok(())
            }
        }
    }

    /// The log-in is over without having been asked to end.
    pub(super) fn fail_session(&mut self, problem: LoginProblem, now: Instant) {
        self.end_session(now);
        self.session = Session::LoggedOut { problem: Some(problem) };
    }

    /// Ends calls, registration and link, and forgets whose they were.
    pub(super) fn end_session(&mut self, now: Instant) {
        if !matches!(self.session, Session::LoggedOut { .. }) {
            self.link.log_out(now);
            self.outputs.push(Output::Forget);
        }
        self.stop_signalling(now);
        self.calls.forget_left(now);
        self.expired = None;
        self.token = Secret::default();
        self.user = None;
        self.inbox = Inbox::default();
        self.line = None;
        self.unusable = None;
        self.phone_status = None;
        self.table = CallTable::default();
        self.calls.set_ice(Vec::new());
    }

    pub(super) fn link_output(&mut self) -> Option<cti::Output> {
        match self.link.poll() {
            cti::Output::Wait(deadline) => {
                self.link_deadline = deadline;
                None
            }
            output => Some(output),
        }
    }

    pub(super) fn on_link(&mut self, output: cti::Output, now: Instant) {
        match output {
            cti::Output::Http(request) => self.outputs.push(Output::Http(request)),
            cti::Output::Open { url } => self.outputs.push(Output::OpenCti { url }),
            cti::Output::Send(text) => self.outputs.push(Output::SendCti(text)),
            cti::Output::Close => self.outputs.push(Output::CloseCti),
            cti::Output::Event(event) => self.on_link_event(event, now),
            cti::Output::Wait(_) => {}
        }
    }

    fn on_link_event(&mut self, event: cti::Event, now: Instant) {
        match event {
            cti::Event::LoggingIn => self.session = Session::LoggingIn,
            cti::Event::LoggedOn { .. } => {
                self.session = Session::LoggedIn { cti: CtiLink::Up };
            }
            cti::Event::Up => {
                if let Session::LoggedIn { cti } = &mut self.session {
                    *cti = CtiLink::Up;
                }
            }
            cti::Event::Token(token) => {
                self.token = token.clone();
                if let (Some(server), Some(user)) = (&self.server, &self.user) {
                    let kept = Kept { server: server.typed.clone(), login: user.login.clone(), token };
                    self.outputs.push(Output::Keep(kept));
                }
                if let Some(url) = self.sip_url() {
                    self.signalling.set_url(url);
                }
            }
            cti::Event::Connecting => {
                if let Session::LoggedIn { cti } = &mut self.session {
                    *cti = CtiLink::Connecting;
                }
            }
            cti::Event::Lost { retry_at, .. } => {
                // Mostly both are lost at once, and this link has the shorter heartbeat.
                self.signalling.doubt(now);
                if let Session::LoggedIn { cti } = &mut self.session {
                    *cti = retry_at.map_or(CtiLink::Connecting, |until| CtiLink::Waiting { until });
                }
            }
            cti::Event::LoginFailed(error) => self.fail_session(error, now),
            // The call of the moment needs no CTI server: it goes on, and its card with it.
            cti::Event::Ended(error) => self.expired = Some(error),
            cti::Event::Message(received) => self.on_message(received, now),
            cti::Event::Diagnostic(text) => {
                self.diagnose("cti", text);
            }
        }
    }
}

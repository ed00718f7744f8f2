//! Starting and stopping the line, and what the signalling says.

use crate::secret::Secret;
use crate::sip::event::{SessionEvent, TextMessage};
use crate::sip::status::StatusCode;
use crate::time::Instant;

use super::super::api::{LineProblem, Refusal, Session};
use super::super::calls::party_of;
use super::super::effect::Output;
use super::super::event::Event;
use super::super::{line, signalling};
use super::Core;

impl Core {
    pub(super) fn init(&mut self, now: Instant) -> Result<(), Refusal> {
        if !matches!(self.session, Session::LoggedIn { .. }) {
            return Err(Refusal::NotLoggedIn);
        }
        if self.signalling.is_running() {
            return Ok(());
        }
        self.start(now).map_err(|problem| {
            self.unusable = Some(problem);
            self.publish(Event::Failed { reason: line::reason(problem).to_owned() });
            Refusal::Line(problem)
        })
    }

    pub(super) fn start(&mut self, now: Instant) -> Result<(), LineProblem> {
        let line = self.line.as_ref().ok_or(LineProblem::NotKnownYet)?;
        let name = self.user.as_ref().map_or("", |user| &user.full_name);
        let server = &self.server.as_ref().ok_or(LineProblem::NotKnownYet)?.server;
        let mut config = line::user_agent_config(line, name, server.is_secure())?;
        config.instance = Some(self.settings.instance.clone());
        let url = self.sip_url().ok_or(LineProblem::NotKnownYet)?;
        self.unusable = None;
        let seed = self.tokens.seed();
        self.signalling.start(config, seed, url, now);
        Ok(())
    }

    pub(super) fn sip_url(&self) -> Option<Secret> {
        let server = &self.server.as_ref()?.server;
        Some(server.sip_url(self.line.as_ref()?, &self.token))
    }

    pub(super) fn stop(&mut self, now: Instant) -> Result<(), Refusal> {
        if !self.signalling.is_running() && self.unusable.is_none() {
            return Err(Refusal::NotStarted);
        }
        self.unusable = None;
        self.stop_signalling(now);
        Ok(())
    }

    pub(super) fn stop_signalling(&mut self, now: Instant) {
        if let Some(user_agent) = self.signalling.user_agent() {
            self.calls.hang_up_all(user_agent, now);
        }
        self.signalling.drain(now);
        self.signalling.stop(now);
    }

    pub(super) fn on_signalling(&mut self, output: signalling::Output, now: Instant) {
        match output {
            signalling::Output::Open { url } => self.outputs.push(Output::OpenSip { url }),
            signalling::Output::Send(message) => {
                self.show_sip(true, &message);
                self.outputs.push(Output::SendSip(message));
            }
            signalling::Output::Close => self.outputs.push(Output::CloseSip),
            signalling::Output::Started => self.publish(Event::Started),
            signalling::Output::Failed { reason } => {
                if let Some(server) = &mut self.server {
                    server.server.fail_over();
                }
                if let Some(url) = self.sip_url() {
                    self.signalling.set_url(url);
                }
                self.publish(Event::Failed { reason });
            }
            signalling::Output::Registered => self.publish(Event::Registered),
            signalling::Output::Unregistered { reason } => self.publish(Event::Unregistered { reason }),
            signalling::Output::Session { id, event } => {
                let leaving = !self.signalling.is_running();
                let Some(user_agent) = self.signalling.user_agent() else { return };
                if leaving && matches!(*event, SessionEvent::Incoming(_)) {
                    // Nobody will be there to answer it, or to hear its end.
                    let _ = user_agent.refuse(id, StatusCode::TEMPORARILY_UNAVAILABLE, now);
                } else {
                    self.calls.on_session(id, *event, user_agent, now);
                }
            }
            signalling::Output::MessageWaiting(summary) => self.inbox.voice_mail = summary,
            signalling::Output::Message(TextMessage { from, text }) => {
                self.inbox.written(party_of(&from), &text);
            }
            signalling::Output::Diagnostic(text) => self.diagnose("sip", text),
        }
    }
}

//! A page that has a CTI link of its own, as the pages of integrators do: it hands the server's messages on, sends what
//! we have to say ([`Notice::ToCti`]), and says where the line is. Our own link is not used then.

use crate::cti::link::NotReady;
use crate::cti::message::command::Command as CtiCommand;
use crate::cti::message::{self, LineConfig, Message};
use crate::cti::server::Server;
use crate::secret::Secret;
use crate::time::Instant;

use super::super::api::{CtiLink, LineProblem, Notice, Place, Refusal, Session, User};
use super::super::effect::Output;
use super::super::line;
use super::{Core, TypedServer};

impl Core {
    /// Starts the phone for this line at this place, whatever it was started for before. Without a log-in of ours: the
    /// page knows the user.
    pub fn start_line(&mut self, line: LineConfig, place: Place, now: Instant) -> Result<(), Refusal> {
        let result = self.go_to(line, place, now);
        self.settle(now);
        result
    }

    fn go_to(&mut self, line: LineConfig, place: Place, now: Instant) -> Result<(), Refusal> {
        let Place { name, secure, host, port, token, program } = place;
        // What the page says, else the line's own server: never that of an earlier start.
        let host = host.or_else(|| line.xivo_ip.clone()).ok_or(Refusal::Line(LineProblem::None))?;
        let server = Server::at(secure, &host, &port).map_err(|_| Refusal::BadServer)?;
        let mut config = line::user_agent_config(&line, &name, secure).map_err(Refusal::Line)?;
        config.user_agent = program;
        let url = server.sip_url(&line, &token);
        self.uses_page_cti = true;
        self.session = Session::LoggedIn { cti: CtiLink::Up };
        self.user = Some(User { full_name: name.clone(), login: name, number: line.number.clone() });
        self.server = Some(TypedServer { typed: String::new(), server });
        self.line = Some(line);
        self.token = token;
        self.unusable = None;
        if let Some(user_agent) = self.signalling.user_agent() {
            self.calls.hang_up_all(user_agent, now);
            // The goodbyes leave before their user agent does.
            self.signalling.drain(now);
        }
        let seed = self.tokens.seed();
        self.signalling.start(config, seed, url, now);
        Ok(())
    }

    /// Takes a new token, for the next time the SIP websocket is opened.
    pub fn set_token(&mut self, token: Secret) {
        self.token = token;
        if let Some(url) = self.sip_url() {
            self.signalling.set_url(url);
        }
    }

    /// Takes a message of the page's CTI link, as it would come over a websocket: with its envelope.
    pub fn page_cti(&mut self, frame: &str, now: Instant) {
        self.uses_page_cti = true;
        let reading = message::read(frame);
        for complaint in reading.complaints {
            self.diagnose("cti", complaint);
        }
        // The line comes by `start_line`, when the page wants it used.
        if let Some(received) = reading.received
            && !matches!(received.message, Message::LineConfig(_))
        {
            self.on_message(received, now);
        }
        self.settle(now);
    }

    /// Whether the CTI server can be told something.
    pub(super) fn cti_is_up(&self) -> bool {
        self.uses_page_cti || self.link.is_up()
    }

    /// Tells the CTI server, by whichever link there is.
    pub(super) fn tell_cti(&mut self, command: &CtiCommand, now: Instant) -> Result<(), NotReady> {
        if self.uses_page_cti {
            self.outputs.push(Output::Notice(Notice::ToCti(command.to_json())));
            return Ok(());
        }
        self.link.send(command, now)
    }
}

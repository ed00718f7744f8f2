//! The CTI link of pages that bring none: our own, driven for the `Cti` object of `xc_webrtc.js`.

use std::cell::RefCell;
use std::ops::ControlFlow;
use std::rc::{Rc, Weak};

use crate::browser::{clock, page};
use crate::cti::auth::Client;
use crate::cti::event as cti;
use crate::cti::event::{Event, Output};
use crate::cti::link::Link;
use crate::cti::message::command::Command;
use crate::cti::server::{PageOrigin, Server};
use crate::json::Value;
use crate::phone::driver::cti::CtiDriver;
use crate::phone::driver::drain::Drain;
use crate::phone::effect::Input;
use crate::secret::Secret;

/// What is told: `opened`, `closed`, `token`, `loggedOn`, `failed`, `message` for a frame as it came, or `dropped` for one
/// that could not be read; and a text.
type Tell = Box<dyn Fn(&str, &str)>;

pub(super) struct OwnCti {
    link: RefCell<Link>,
    driver: CtiDriver,
    drain: Drain,
    tell: Tell,
}

impl OwnCti {
    pub(super) fn new(seed: u64, tell: Tell) -> Rc<Self> {
        Rc::new_cyclic(|myself: &Weak<Self>| {
            let (of_driver, of_drain) = (myself.clone(), myself.clone());
            let due = move || {
                if let Some(cti) = of_drain.upgrade() {
                    cti.link.borrow_mut().handle_timeout(clock::now());
                    cti.drain();
                }
            };
            let driver = CtiDriver::new(move |input| {
                if let Some(cti) = of_driver.upgrade() {
                    cti.take(input);
                }
            });
            Self { link: RefCell::new(Link::new(seed)), driver, drain: Drain::new(due), tell }
        })
    }

    /// Logs in by password; `false` when the server's address cannot be read.
    pub(super) fn log_in(&self, server: &str, login: &str, password: &str, client: &Client) -> bool {
        let Some(server) = server_of(server) else { return false };
        let password = Secret::new(password);
        self.link.borrow_mut().log_in(server, login, &password, client, clock::now());
        self.drain();
        true
    }

    /// Goes on with a token that the page got in its own way.
    pub(super) fn open(&self, server: &str, login: &str, token: &str) -> bool {
        let Some(server) = server_of(server) else { return false };
        self.link.borrow_mut().open(server, login, Secret::new(token), clock::now());
        self.drain();
        true
    }

    /// Leaves the server.
    pub(super) fn close(&self) {
        let had_link = self.link.borrow().token().is_some();
        self.link.borrow_mut().log_out(clock::now());
        self.drain();
        if had_link {
            (self.tell)("closed", "");
        }
    }

    /// Sends a message as the page wrote it; `false` when the link is not up, or it is no command.
    pub(super) fn send(&self, text: &str) -> bool {
        let Ok(Value::Object(mut arguments)) = text.parse() else { return false };
        let command = match (arguments.get("claz"), arguments.get("command")) {
            (Some(Value::String(claz)), _) if claz == "ping" => Command::Ping,
            (_, Some(Value::String(command))) => {
                let command = command.clone();
                arguments.remove("claz");
                arguments.remove("command");
                Command::Other { command, arguments }
            }
            _ => return false,
        };
        let sent = self.link.borrow_mut().send(&command, clock::now()).is_ok();
        self.drain();
        sent
    }

    /// Takes what the driver says, and tells the page what it wants to know of it.
    fn take(&self, input: Input) {
        match input {
            Input::Cti(cti::Input::Received(text)) => {
                self.handle(cti::Input::Received(text.clone()));
                (self.tell)("message", &text);
            }
            Input::Cti(cti::Input::Opened) => {
                self.handle(cti::Input::Opened);
                (self.tell)("opened", "");
            }
            Input::Cti(input) => self.handle(input),
            Input::Unreadable { text, .. } => (self.tell)("dropped", &text),
            Input::SipOpened
            | Input::SipClosed { .. }
            | Input::SipReceived(_)
            | Input::Media { .. }
            | Input::Awake
            | Input::Doubt => {}
        }
    }

    fn handle(&self, input: cti::Input) {
        self.link.borrow_mut().handle(input, clock::now());
        self.drain();
    }

    fn drain(&self) {
        self.drain.run(&mut || {
            let output = self.link.borrow_mut().poll();
            match output {
                Output::Wait(deadline) => return ControlFlow::Break(deadline),
                Output::Http(request) => self.driver.ask(request),
                Output::Open { url } => self.driver.open(&url),
                Output::Send(text) => self.driver.send(&text),
                Output::Close => self.driver.close(),
                Output::Event(event) => self.on_event(event),
            }
            ControlFlow::Continue(())
        });
    }

    fn on_event(&self, event: Event) {
        match event {
            Event::Token(token) => (self.tell)("token", token.expose()),
            Event::LoggedOn { login, .. } => (self.tell)("loggedOn", &login),
            Event::LoginFailed(error) | Event::Ended(error) => (self.tell)("failed", &error.to_string()),
            Event::Lost { reason, .. } => (self.tell)("closed", &reason),
            // Messages are told as they came, and the rest is of no use to pages.
            Event::Message(_) | Event::LoggingIn | Event::Up | Event::Connecting | Event::Diagnostic(_) => {}
        }
    }
}

fn server_of(typed: &str) -> Option<Server> {
    let page::PageOrigin { secure, host } = page::origin();
    Server::parse(typed, &PageOrigin { secure, host }).ok()
}

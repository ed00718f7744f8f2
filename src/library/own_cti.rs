//! The CTI link of pages that bring none: our own, driven for the `Cti` object of `xc_webrtc.js`.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use std::time::Duration;

use wasm_bindgen_futures::spawn_local;

use crate::browser::clock::{self, Alarm};
use crate::browser::socket::{Socket, SocketEvent};
use crate::browser::{http, page};
use crate::cti::auth::Client;
use crate::cti::event::{Event, HttpOutcome, HttpRequest, Input, Output};
use crate::cti::link::Link;
use crate::cti::message::command::Command;
use crate::cti::server::{PageOrigin, Server};
use crate::json::Value;
use crate::secret::Secret;

/// How long the XUC server may take to answer.
const HTTP_WITHIN: Duration = Duration::from_secs(5);

/// What is told: `opened`, `closed`, `token`, `loggedOn`, `failed`, or `message` for a frame as it came; and a text.
type Tell = Box<dyn Fn(&str, &str)>;

pub(super) struct OwnCti {
    myself: Weak<Self>,
    link: RefCell<Link>,
    socket: RefCell<Option<Socket>>,
    alarm: RefCell<Option<Alarm>>,
    draining: Cell<bool>,
    tell: Tell,
}

impl OwnCti {
    pub(super) fn new(seed: u64, tell: Tell) -> Rc<Self> {
        let cti = Rc::new_cyclic(|myself: &Weak<Self>| Self {
            myself: myself.clone(),
            link: RefCell::new(Link::new(seed)),
            socket: RefCell::default(),
            alarm: RefCell::default(),
            draining: Cell::new(false),
            tell,
        });
        let myself = cti.myself.clone();
        cti.alarm.replace(Some(Alarm::new(move || {
            if let Some(cti) = myself.upgrade() {
                cti.link.borrow_mut().handle_timeout(clock::now());
                cti.drain();
            }
        })));
        cti
    }

    /// Logs in by password; `false` when the server's address cannot be read.
    pub(super) fn log_in(&self, server: &str, login: &str, password: &str) -> bool {
        let Some(server) = server_of(server) else { return false };
        let password = Secret::new(password);
        self.link.borrow_mut().log_in(server, login, &password, &Client::default(), clock::now());
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

    fn handle(&self, input: Input) {
        self.link.borrow_mut().handle(input, clock::now());
        self.drain();
    }

    fn drain(&self) {
        if self.draining.replace(true) {
            return;
        }
        loop {
            let output = self.link.borrow_mut().poll();
            match output {
                Output::Wait(deadline) => {
                    if let Some(alarm) = &*self.alarm.borrow() {
                        alarm.set(deadline.map(|deadline| deadline.at));
                    }
                    break;
                }
                Output::Http(request) => self.ask(request),
                Output::Open { url } => self.open_socket(url.expose()),
                Output::Send(text) => {
                    if let Some(socket) = &*self.socket.borrow() {
                        let _ = socket.send(&text);
                    }
                }
                Output::Close => drop(self.socket.take()),
                Output::Event(event) => self.on_event(event),
            }
        }
        self.draining.set(false);
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

    fn ask(&self, request: HttpRequest) {
        let myself = self.myself.clone();
        spawn_local(async move {
            let HttpRequest { id, method, url, headers, body } = request;
            let outcome = match http::send(method, &url, &headers, body.as_deref(), HTTP_WITHIN).await {
                Ok((status, body)) => HttpOutcome::Answer { status, body },
                Err(no_answer) => HttpOutcome::NoAnswer { reason: no_answer.reason },
            };
            if let Some(cti) = myself.upgrade() {
                cti.handle(Input::Http { id, outcome });
            }
        });
    }

    fn open_socket(&self, url: &str) {
        let myself = self.myself.clone();
        let opened = Socket::open(url, None, move |event| {
            let Some(cti) = myself.upgrade() else { return };
            match event {
                SocketEvent::Opened => {
                    cti.handle(Input::Opened);
                    (cti.tell)("opened", "");
                }
                SocketEvent::Received(text) => {
                    cti.handle(Input::Received(text.clone()));
                    (cti.tell)("message", &text);
                }
                SocketEvent::Oversized(_) | SocketEvent::NotText(_) => {}
                SocketEvent::Closed { code, reason, .. } => cti.handle(Input::Closed { code, reason }),
            }
        });
        match opened {
            Ok(socket) => drop(self.socket.replace(Some(socket))),
            Err(error) => {
                drop(self.socket.take());
                let input = Input::Closed { code: 0, reason: error.to_string() };
                self.link.borrow_mut().handle(input, clock::now());
            }
        }
    }
}

fn server_of(typed: &str) -> Option<Server> {
    let page::PageOrigin { secure, host } = page::origin();
    Server::parse(typed, &PageOrigin { secure, host }).ok()
}

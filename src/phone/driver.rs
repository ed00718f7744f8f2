//! Joins the phone to the browser: carries out what the core wants done, and hands it what happens.
//!
//! The one rule: the core is borrowed only for one step at a time, never while a listener or the browser runs, so that
//! whoever is told of an event may give a command at once.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use std::time::Duration;

use crate::browser::clock::{self, Alarm};
use crate::browser::console::{self, Kind};
use crate::browser::entropy;
use crate::browser::page;
use crate::browser::socket::{LONGEST_MESSAGE, Socket, SocketEvent};
use crate::browser::wake::{self, Wake, Watch};
use crate::browser::{http, spawn, storage};
use crate::cti::event as cti;
use crate::cti::message::LineConfig;
use crate::cti::server::PageOrigin;
use crate::json::Value;
use crate::rtc::audio_output::AudioOutput;
use crate::rtc::ringer::Ringer;
use crate::rtc::tone::Tone;
use crate::secret::Secret;
use crate::time::Instant;

use super::api::{Command, IceServer, Level, Notice, Place, Refusal, View};
use super::core::{Core, Settings};
use super::effect::{Input, Kept, Output, Ring};
use super::media::Media;

/// Where the tab keeps the log-in (sessionStorage).
const KEPT: &str = "xc-webrtc.login";

/// How long the XUC server may take to answer (xuc-cti §2.5).
const HTTP_WITHIN: Duration = Duration::from_secs(5);

/// The phone of a page. Clones are handles on the same phone; dropping the last one releases everything.
#[derive(Clone)]
pub struct Phone {
    shell: Rc<Shell>,
}

/// Keeps a listener; dropping it ends the listening.
#[must_use = "dropping it ends the listening"]
pub struct Listening {
    shell: Weak<Shell>,
    number: u64,
}

/// Lets rings and the tones of keys be heard.
type Sounds = Box<dyn Fn(Output)>;

type Listener = Rc<RefCell<dyn FnMut(&Notice)>>;

struct Shell {
    myself: Weak<Shell>,
    core: RefCell<Core>,
    /// An outer call is draining the core already.
    draining: Cell<bool>,
    listeners: RefCell<Vec<(u64, Listener)>>,
    last_listener: Cell<u64>,
    cti: RefCell<Option<Socket>>,
    sip: RefCell<Option<Socket>>,
    media: Media,
    sounds: Sounds,
    log: fn(Kind, &str),
    alarm: RefCell<Option<Alarm>>,
    wake: RefCell<Option<Watch>>,
}

impl Phone {
    /// A phone for this page, logged out.
    ///
    /// `auto_init`: start as soon as the line is known, without [`Command::Init`]. The ids of the audio elements begin
    /// with `audio_remote`; pictures are seen in `video-local` and `video-remote`, where the page has them. With
    /// `?relay` in its address, calls go by way of TURN servers only.
    pub fn start(auto_init: bool) -> Self {
        let output = AudioOutput::default();
        let ringer = Ringer::new(output.clone());
        let sounds = move |output| match output {
            Output::Ring(ring) => match ring {
                Ring::Silent => ringer.stop(),
                Ring::Incoming => ringer.start(Tone::Ring),
                Ring::Waiting => ringer.start(Tone::Waiting),
                Ring::Ringback => ringer.start(Tone::Ringback),
            },
            Output::KeyTones(keys) => ringer.keys(&keys),
            _ => {}
        };
        Self::start_with(auto_init, output, Box::new(sounds), console::write)
    }

    /// A phone for a page that makes its own rings: it plays the calls alone. What it has to say to developers goes to
    /// `log`.
    pub fn start_silent(output: AudioOutput, log: fn(Kind, &str)) -> Self {
        Self::start_with(false, output, Box::new(|_| {}), log)
    }

    fn start_with(auto_init: bool, output: AudioOutput, sounds: Sounds, log: fn(Kind, &str)) -> Self {
        let page::PageOrigin { secure, host } = page::origin();
        let settings = Settings { auto_init, page: PageOrigin { secure, host } };
        let core = Core::new(settings, entropy::seed());
        let relay_only = page::has_option("relay");
        let shell = Rc::new_cyclic(|myself: &Weak<Shell>| Shell {
            myself: myself.clone(),
            core: RefCell::new(core),
            draining: Cell::new(false),
            listeners: RefCell::default(),
            last_listener: Cell::new(0),
            cti: RefCell::default(),
            sip: RefCell::default(),
            media: Media::new("audio_remote", relay_only, output, {
                let myself = myself.clone();
                move |call, event| {
                    if let Some(shell) = myself.upgrade() {
                        shell.handle(Input::Media { call, event });
                    }
                }
            }),
            sounds,
            log,
            alarm: RefCell::default(),
            wake: RefCell::default(),
        });
        let myself = shell.myself.clone();
        shell.alarm.replace(Some(Alarm::new(move || {
            if let Some(shell) = myself.upgrade() {
                shell.core.borrow_mut().handle_timeout(clock::now());
                shell.drain();
            }
        })));
        let myself = shell.myself.clone();
        shell.wake.replace(Some(wake::watch(move |wake| match (wake, myself.upgrade()) {
            (Wake::Online | Wake::Shown, Some(shell)) => shell.handle(Input::Awake),
            // What the network's absence breaks says so by itself.
            (Wake::Offline, _) | (_, None) => {}
        })));
        Self { shell }
    }

    /// Has the phone do something, or says why it does not.
    pub fn command(&self, command: Command) -> Result<(), Refusal> {
        let now = clock::now();
        let result = match command {
            Command::Resume => {
                if let Some(kept) = read_kept() {
                    self.shell.core.borrow_mut().resume(kept, now);
                }
                Ok(())
            }
            command => self.shell.core.borrow_mut().command(command, now),
        };
        self.shell.drain();
        result
    }

    /// All that a screen shows, at this moment.
    pub fn view(&self) -> View {
        self.shell.core.borrow().view()
    }

    /// The servers that help calls begun from now on to find a path.
    pub fn ice_servers(&self) -> Vec<IceServer> {
        self.shell.core.borrow().ice_servers()
    }

    /// This moment on the clock of the times in [`View`].
    pub fn now(&self) -> Instant {
        clock::now()
    }

    /// Shows the pictures of calls in the elements `video-local` and `video-remote` that the page has now: for a page
    /// that makes them only when there is something to see.
    pub fn look_for_elements(&self) {
        self.shell.media.look_for_elements();
    }

    /// Starts the phone for this line at this place, without a log-in of ours.
    pub fn start_line(&self, line: LineConfig, place: Place) -> Result<(), Refusal> {
        let result = self.shell.core.borrow_mut().start_line(line, place, clock::now());
        self.shell.drain();
        result
    }

    /// Takes a message of the CTI link that the page has.
    pub fn page_cti(&self, frame: &str) {
        self.shell.core.borrow_mut().page_cti(frame, clock::now());
        self.shell.drain();
    }

    /// Takes a new CTI token, for the next time the SIP websocket is opened.
    pub fn set_token(&self, token: Secret) {
        self.shell.core.borrow_mut().set_token(token);
    }

    /// The media of calls, for a page that wants to have its hands on them.
    pub fn media(&self) -> &Media {
        &self.shell.media
    }

    /// Has `listener` told of everything, until the answer is dropped.
    pub fn listen(&self, listener: impl FnMut(&Notice) + 'static) -> Listening {
        let number = self.shell.last_listener.get() + 1;
        self.shell.last_listener.set(number);
        self.shell.log_handler("a handler begins to listen");
        self.shell.listeners.borrow_mut().push((number, Rc::new(RefCell::new(listener))));
        Listening { shell: self.shell.myself.clone(), number }
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        if let Some(shell) = self.shell.upgrade() {
            shell.listeners.borrow_mut().retain(|(number, _)| *number != self.number);
            shell.log_handler("a handler has stopped listening");
        }
    }
}

impl Shell {
    fn handle(&self, input: Input) {
        self.core.borrow_mut().handle(input, clock::now());
        self.drain();
    }

    /// Does what the core wants done until it waits. A listener that gives a command comes back here; then the outer
    /// call goes on with what that command brought.
    fn drain(&self) {
        if self.draining.replace(true) {
            return;
        }
        loop {
            let output = self.core.borrow_mut().poll();
            match output {
                Output::Wait(deadline) => {
                    if let Some(alarm) = &*self.alarm.borrow() {
                        alarm.set(deadline.map(|deadline| deadline.at));
                    }
                    break;
                }
                output => self.carry_out(output),
            }
        }
        self.draining.set(false);
    }

    fn carry_out(&self, output: Output) {
        match output {
            Output::Http(request) => self.send_http(request),
            Output::OpenCti { url } => self.open(&self.cti, &url, None, of_cti),
            Output::SendCti(text) => send(&self.cti, &text),
            Output::CloseCti => drop(self.cti.take()),
            Output::OpenSip { url } => self.open(&self.sip, &url, Some("sip"), of_sip),
            Output::SendSip(text) => send(&self.sip, &text),
            Output::CloseSip => drop(self.sip.take()),
            Output::Keep(kept) => keep(&kept),
            Output::Forget => storage::session_remove(KEPT),
            Output::Media { call, command } => self.media.carry_out(call, command),
            Output::Ring(_) | Output::KeyTones(_) => (self.sounds)(output),
            Output::Notice(notice) => self.tell(&notice),
            Output::Conference(calls) => self.media.set_conference(calls),
            Output::Log { level, text } => {
                let kind = match level {
                    Level::Info => Kind::Info,
                    Level::Warn => Kind::Warn,
                    Level::Error | Level::Fatal => Kind::Error,
                };
                (self.log)(kind, &text);
            }
            Output::Wait(_) => {}
        }
    }

    /// Writes about handlers, if that is wanted. One that comes or goes while the core is at work is not worth waiting.
    fn log_handler(&self, text: &str) {
        if self.core.try_borrow().is_ok_and(|core| core.debug().handlers) {
            (self.log)(Kind::Info, text);
        }
    }

    fn tell(&self, notice: &Notice) {
        let listeners: Vec<Listener> =
            self.listeners.borrow().iter().map(|(_, listener)| Rc::clone(listener)).collect();
        for listener in listeners {
            // A listener that is running already has caused this notice itself, and reads the state when it is done.
            if let Ok(mut listener) = listener.try_borrow_mut() {
                listener(notice);
            }
        }
    }

    fn send_http(&self, request: cti::HttpRequest) {
        let myself = self.myself.clone();
        spawn(async move {
            let cti::HttpRequest { id, method, url, headers, body } = request;
            let answer = http::send(method, &url, &headers, body.as_deref(), HTTP_WITHIN).await;
            let outcome = match answer {
                Ok((status, body)) => cti::HttpOutcome::Answer { status, body },
                Err(no_answer) => cti::HttpOutcome::NoAnswer { reason: no_answer.reason },
            };
            if let Some(shell) = myself.upgrade() {
                shell.handle(Input::Cti(cti::Input::Http { id, outcome }));
            }
        });
    }

    /// Opens a websocket in that place; what it tells, the core is told in the words of `input`.
    fn open(
        &self,
        place: &RefCell<Option<Socket>>,
        url: &Secret,
        protocol: Option<&str>,
        input: fn(SocketEvent) -> Input,
    ) {
        let myself = self.myself.clone();
        let opened = Socket::open(url.expose(), protocol, move |event| {
            if let Some(shell) = myself.upgrade() {
                shell.handle(input(event));
            }
        });
        match opened {
            Ok(socket) => drop(place.replace(Some(socket))),
            Err(error) => {
                drop(place.take());
                let closed = SocketEvent::Closed { code: 0, reason: error.to_string(), clean: false };
                self.core.borrow_mut().handle(input(closed), clock::now());
            }
        }
    }
}

fn of_cti(event: SocketEvent) -> Input {
    Input::Cti(match event {
        SocketEvent::Opened => cti::Input::Opened,
        SocketEvent::Received(text) => cti::Input::Received(text),
        SocketEvent::Oversized(length) => return oversized("cti", length),
        SocketEvent::NotText(length) => return not_text("cti", length),
        SocketEvent::Closed { code, reason, .. } => cti::Input::Closed { code, reason },
    })
}

fn of_sip(event: SocketEvent) -> Input {
    match event {
        SocketEvent::Opened => Input::SipOpened,
        SocketEvent::Received(text) => Input::SipReceived(text),
        SocketEvent::Oversized(length) => oversized("sip", length),
        SocketEvent::NotText(length) => not_text("sip", length),
        SocketEvent::Closed { code, reason, .. } => Input::SipClosed { reason: closed_reason(code, reason) },
    }
}

/// A websocket that is not open any more says so by an event of its own; then there is nothing to send to.
fn send(socket: &RefCell<Option<Socket>>, text: &str) {
    if let Some(socket) = &*socket.borrow() {
        let _ = socket.send(text);
    }
}

fn oversized(source: &'static str, length: u32) -> Input {
    let text = format!("a message of {length} bytes was dropped: the longest taken has {LONGEST_MESSAGE}");
    Input::Unreadable { source, text }
}

fn not_text(source: &'static str, length: u32) -> Input {
    Input::Unreadable {
        source,
        text: format!("a binary message of {length} bytes was dropped: it is not UTF-8"),
    }
}

/// The reason of a closed websocket in words: browsers mostly give a bare number (RFC 6455 §7.4).
fn closed_reason(code: u16, reason: String) -> String {
    if reason.is_empty() {
        format!("The connection to the telephony server is closed ({code})")
    } else {
        reason
    }
}

fn keep(kept: &Kept) {
    let Kept { server, login, token } = kept;
    let texts = [server, login, token.expose()].map(Value::from);
    storage::session_set(KEPT, &Value::Array(texts.into()).to_string());
}

fn read_kept() -> Option<Kept> {
    let Ok(Value::Array(texts)) = storage::session_get(KEPT)?.parse() else { return None };
    let [Value::String(server), Value::String(login), Value::String(token)] = texts.as_slice() else {
        return None;
    };
    Some(Kept { server: server.clone(), login: login.clone(), token: Secret::new(token.as_str()) })
}

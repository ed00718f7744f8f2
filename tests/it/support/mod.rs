//! A user agent on a bench: a virtual clock, the other side played by the test, and a ladder of all that passed, printed
//! when a test fails.

pub mod cost;
pub mod pair;
pub mod peer;
pub mod phone_world;

use std::collections::VecDeque;
use std::time::Duration;

use xc_webrtc::secret::Secret;
use xc_webrtc::sip::event::{
    Ended, EndedCause, Event, Incoming, Input, Output, RegistrationEvent, SessionEvent, SessionId,
};
use xc_webrtc::sip::message::{Message, Request, Response};
use xc_webrtc::sip::method::Method;
use xc_webrtc::sip::parser::{self, Diagnostic};
use xc_webrtc::sip::status::StatusCode;
use xc_webrtc::sip::user_agent::{Config, Invite, Transport, UserAgent};
use xc_webrtc::time::{Deadline, Instant};

pub use peer::{Peer, With, answer};

pub const OFFER: &str = "v=0\r\ns=the offer\r\n";
pub const ANSWER: &str = "v=0\r\ns=the answer\r\n";
pub const PASSWORD: &str = "correct horse";
pub const INSTANCE: &str = "urn:uuid:00000000-0000-4000-8000-00000000a11c";

pub fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

pub fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

pub fn config(user: &str) -> Config {
    Config {
        aor: format!("sip:{user}@example.org").parse().unwrap(),
        display_name: Some(user.to_owned()),
        registrar: "sip:example.org".parse().unwrap(),
        username: user.to_owned(),
        password: Secret::new(PASSWORD),
        user_agent: "xc-webrtc test".to_owned(),
        transport: Transport::Wss,
        instance: Some(INSTANCE.to_owned()),
        expires: secs(60),
    }
}

/// One user agent and what came out of it.
pub struct Bench {
    pub ua: UserAgent,
    pub now: Instant,
    /// Whether all that is sent is held to the grammar. What repeats a broken request cannot be.
    pub strict: bool,
    /// Pings and pongs that were sent.
    pub line_ends: Vec<String>,
    /// What was sent that cannot be read, for it repeats what lacks something.
    pub unread: Vec<String>,
    sent: VecDeque<Message>,
    events: VecDeque<Event>,
    deadline: Option<Deadline>,
    ladder: Vec<String>,
}

impl Bench {
    /// Not connected yet.
    pub fn new() -> Self {
        Self::with(config("alice"))
    }

    /// The same as somebody else.
    pub fn with(config: Config) -> Self {
        Self {
            ua: UserAgent::new(config, [7; 32]),
            now: Instant::from_origin(secs(1000)),
            strict: true,
            line_ends: Vec::new(),
            unread: Vec::new(),
            sent: VecDeque::new(),
            events: VecDeque::new(),
            deadline: None,
            ladder: Vec::new(),
        }
    }

    pub fn connected() -> Self {
        let mut bench = Self::new();
        bench.open();
        bench
    }

    pub fn open(&mut self) {
        self.input(Input::Opened);
    }

    pub fn close(&mut self) {
        self.input(Input::Closed { reason: "gone".into() });
    }

    pub fn input(&mut self, input: Input) {
        self.note(format!("-- {}", first_line(&format!("{input:?}"))));
        self.ua.handle(input, self.now);
        self.drain();
    }

    /// The other side sends this.
    pub fn receive(&mut self, message: impl ToString) {
        let text = message.to_string();
        self.note(format!("<- {}", summary(&text)));
        self.ua.handle(Input::Received(text), self.now);
        self.drain();
    }

    /// Gives the user agent a command.
    pub fn command<R>(&mut self, command: impl FnOnce(&mut UserAgent, Instant) -> R) -> R {
        let result = command(&mut self.ua, self.now);
        self.drain();
        result
    }

    /// Lets time pass; the user agent is woken at every moment it asked for.
    pub fn pass(&mut self, time: Duration) {
        let end = self.now + time;
        for _ in 0..100_000 {
            match self.deadline {
                Some(deadline) if deadline.at <= end => {
                    self.now = self.now.max(deadline.at);
                    self.note(format!("-- {}", deadline.what()));
                    self.ua.handle_timeout(self.now);
                    self.drain();
                }
                _ => {
                    self.now = end;
                    return;
                }
            }
        }
        panic!("the user agent wants to be woken all the time");
    }

    fn drain(&mut self) {
        loop {
            match self.ua.poll() {
                Output::Send(text) => {
                    self.note(format!("-> {}", summary(&text)));
                    if parser::is_keep_alive(&text) {
                        self.line_ends.push(text);
                        continue;
                    }
                    let parsed = match parser::parse(&text) {
                        Ok(parsed) => parsed,
                        Err(error) => {
                            assert!(!self.strict, "{error}: {text}");
                            self.unread.push(text);
                            continue;
                        }
                    };
                    if self.strict {
                        assert_eq!(parsed.diagnostics, Vec::<Diagnostic>::new(), "{text}");
                        assert_eq!(parsed.message.to_string(), text);
                    }
                    self.sent.push_back(parsed.message);
                }
                Output::Event(event) => {
                    self.note(format!("   {}", first_line(&format!("{event:?}"))));
                    self.events.push_back(event);
                }
                Output::Wait(deadline) => {
                    self.deadline = deadline;
                    return;
                }
            }
        }
    }

    fn note(&mut self, line: String) {
        let at = self.now.since_origin() - secs(1000);
        self.ladder.push(format!("{:9.3} {line}", at.as_secs_f64()));
    }

    /// What was sent next: a request of that method.
    pub fn request(&mut self, method: Method) -> Request {
        match self.sent.pop_front() {
            Some(Message::Request(request)) if request.method == method => request,
            other => panic!("expected {method}, got {other:?}"),
        }
    }

    /// What was sent next: a response with that status.
    pub fn response(&mut self, code: u16) -> Response {
        match self.sent.pop_front() {
            Some(Message::Response(response)) if response.status.code() == code => response,
            other => panic!("expected {code}, got {other:?}"),
        }
    }

    /// What was told next.
    pub fn event(&mut self) -> Event {
        self.events.pop_front().expect("an event")
    }

    pub fn registration_event(&mut self) -> RegistrationEvent {
        match self.event() {
            Event::Registration(event) => event,
            other => panic!("expected news of the registration, got {other:?}"),
        }
    }

    pub fn session_event(&mut self) -> SessionEvent {
        match self.event() {
            Event::Session { event, .. } => event,
            other => panic!("expected news of a session, got {other:?}"),
        }
    }

    pub fn ended(&mut self) -> Ended {
        match self.session_event() {
            SessionEvent::Ended(ended) => ended,
            other => panic!("expected an end, got {other:?}"),
        }
    }

    pub fn ended_by(&mut self) -> EndedCause {
        self.ended().cause
    }

    pub fn incoming(&mut self) -> (SessionId, Box<Incoming>) {
        match self.event() {
            Event::Session { id, event: SessionEvent::Incoming(incoming) } => (id, incoming),
            other => panic!("expected a call, got {other:?}"),
        }
    }

    pub fn diagnostic(&mut self) -> String {
        match self.event() {
            Event::Diagnostic(diagnostic) => diagnostic.text,
            other => panic!("expected a diagnostic, got {other:?}"),
        }
    }

    /// Everything sent and told that no test has looked at.
    pub fn take_rest(&mut self) -> (Vec<Message>, Vec<Event>) {
        (self.sent.drain(..).collect(), self.events.drain(..).collect())
    }

    /// Nothing was sent, nothing was told that the test has not looked at.
    #[track_caller]
    pub fn quiet(&self) {
        assert!(self.sent.is_empty(), "sent: {}", self.sent[0]);
        assert!(self.events.is_empty(), "told: {:?}", self.events);
    }

    /// Nothing is left: no message, no event, and after a while no transaction, no session and no timer.
    #[track_caller]
    pub fn over(&mut self) {
        self.quiet();
        self.pass(secs(40));
        self.quiet();
        assert!(self.ua.is_idle());
        assert_eq!(self.deadline, None);
    }

    /// Calls sip:bob@example.org; returns the INVITE.
    pub fn call(&mut self, offer: Option<&str>) -> (SessionId, Request) {
        let offer = offer.map(str::to_owned);
        let id = self.command(|ua, now| {
            let call_id = ua.fresh_call_id();
            let target = ua.resolve("bob").unwrap();
            ua.invite(Invite { call_id, target, offer, headers: Vec::new() }, now)
        });
        (id, self.request(Method::Invite))
    }

    /// A call of ours that bob has answered.
    pub fn in_call(&mut self) -> (SessionId, Peer) {
        let (id, invite) = self.call(Some(OFFER));
        self.receive(answer(&invite, 200).sdp(ANSWER));
        assert!(matches!(self.session_event(), SessionEvent::Accepted { .. }));
        self.request(Method::Ack);
        (id, Peer::callee(&invite, "bob-tag"))
    }

    /// Bob calls; returns his INVITE.
    pub fn called(&mut self, offer: Option<&str>) -> (SessionId, Peer, Request) {
        let mut peer = Peer::caller("bobs-call");
        let invite = peer.invite(offer);
        self.receive(&invite);
        self.response(100);
        let (id, _) = self.incoming();
        (id, peer, invite)
    }

    /// Bob calls and we have answered; the ACK has come.
    pub fn in_received_call(&mut self) -> (SessionId, Peer) {
        let (id, mut peer, invite) = self.called(Some(OFFER));
        self.command(|ua, now| ua.accept(id, ANSWER, now)).unwrap();
        peer.learn(&self.response(200));
        self.receive(peer.ack(&invite));
        assert_eq!(self.session_event(), SessionEvent::Confirmed { answer: None });
        (id, peer)
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("{}", self.ladder.join("\n"));
        }
    }
}

pub fn status(code: u16) -> StatusCode {
    StatusCode::new(code).unwrap()
}

/// The start line, and CSeq for responses.
pub fn summary(text: &str) -> String {
    let mut summary = first_line(text);
    if summary.starts_with("SIP/2.0")
        && let Some(cseq) = text.lines().find(|line| line.starts_with("CSeq"))
    {
        summary.push_str(&format!(" ({cseq})"));
    }
    summary
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().chars().take(160).collect()
}

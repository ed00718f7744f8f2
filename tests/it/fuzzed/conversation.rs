//! Any bytes as a conversation: they say what the person does, what the server sends and how time passes, and the user
//! agent has to come out of it well.
//!
//! What is checked: nothing panics; what is sent can be read; no session is heard of after its end; and when everything
//! is hung up and some minutes have passed, each session has ended once and nothing is left.

use std::time::Duration;

use xc_webrtc::secret::Secret;
use xc_webrtc::sip::event::{Event, Input, Output, SessionEvent, SessionId, SubscriptionId};
use xc_webrtc::sip::header::Name;
use xc_webrtc::sip::message::{Message, Request, Response};
use xc_webrtc::sip::method::Method;
use xc_webrtc::sip::parser::{self, ParseError};
use xc_webrtc::sip::status::StatusCode;
use xc_webrtc::sip::user_agent::{CommandError, Config, Invite, Package, Transport, UserAgent};
use xc_webrtc::time::{Deadline, Instant};

/// Plays the conversation that the bytes are, and ends it.
pub fn check(data: &[u8]) {
    let mut play = Play::new();
    let mut script = Script(data);
    while let Some(step) = script.byte() {
        play.step(step, &mut script);
        play.settle();
    }
    play.end();
}

/// The bytes that are left.
struct Script<'a>(&'a [u8]);

impl<'a> Script<'a> {
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    /// A byte; zero when there is none.
    fn number(&mut self) -> usize {
        usize::from(self.byte().unwrap_or_default())
    }

    fn flag(&mut self, bit: usize) -> bool {
        self.number() >> bit & 1 == 1
    }

    fn text(&mut self, length: usize) -> String {
        let (text, rest) = self.0.split_at(length.min(self.0.len()));
        self.0 = rest;
        String::from_utf8_lossy(text).into_owned()
    }

    fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.number() % all.len()]
    }
}

const STATUSES: &[u16] = &[
    100, 180, 183, 200, 202, 204, 300, 302, 305, 380, 400, 401, 403, 404, 405, 407, 408, 415, 420, 421, 422,
    423, 430, 439, 480, 481, 486, 487, 488, 489, 491, 493, 494, 500, 501, 503, 504, 513, 580, 600, 603, 606,
    699,
];

const METHODS: &[&str] = &[
    "INVITE",
    "ACK",
    "BYE",
    "CANCEL",
    "UPDATE",
    "OPTIONS",
    "INFO",
    "NOTIFY",
    "REFER",
    "MESSAGE",
    "SUBSCRIBE",
    "PRACK",
    "REGISTER",
    "PUBLISH",
    "DANCE",
];

/// Header fields that change what a message means.
const FIELDS: &[(&str, &str)] = &[
    ("Require", "100rel"),
    ("Require", "timer"),
    ("Require", "replaces, outbound"),
    ("Supported", "timer, 100rel, replaces, gruu, outbound"),
    ("RSeq", "1"),
    ("RSeq", "2"),
    ("RAck", "1 1 INVITE"),
    ("Session-Expires", "90;refresher=uac"),
    ("Session-Expires", "1800;refresher=uas"),
    ("Session-Expires", "0"),
    ("Min-SE", "4294967295"),
    ("Min-SE", "120"),
    ("Allow", "INVITE, ACK, BYE, UPDATE"),
    ("Contact", "<sip:other@192.0.2.9;transport=ws>;expires=30"),
    ("Contact", "<sip:a@[2001:db8::1]>, <sips:b@example.org;lr>;q=0.5"),
    ("Contact", "*"),
    ("Record-Route", "<sip:proxy.example.org;lr>, <sip:strict.example.org>"),
    ("Route", "<sip:proxy.example.org;lr>"),
    ("Expires", "1"),
    ("Min-Expires", "7200"),
    ("Retry-After", "0"),
    ("Retry-After", "99999999999 (busy);duration=3"),
    ("Event", "refer"),
    ("Event", "message-summary"),
    ("Event", "refer;id=2"),
    ("Subscription-State", "active;expires=1"),
    ("Subscription-State", "terminated;reason=timeout"),
    ("Subscription-State", "pending"),
    ("Refer-To", "<sip:carol@example.org?Replaces=a%3Bto-tag%3Db%3Bfrom-tag%3Dc>"),
    ("Referred-By", "<sip:bob@example.org>"),
    ("Reason", "SIP;cause=200;text=\"Call completed elsewhere\""),
    ("P-Asserted-Identity", "\"Carol\" <sip:carol@example.org>, <tel:+331>"),
    ("Remote-Party-ID", "\"Dan\" <sip:dan@example.org>"),
    ("Diversion", "<sip:eve@example.org>;reason=user-busy"),
    ("History-Info", "<sip:eve@example.org>;index=1"),
    ("Alert-Info", "<http://x>;info=alert-autoanswer"),
    ("Accept", "text/plain"),
    ("Content-Type", "message/sipfrag"),
    ("Content-Type", "application/simple-message-summary"),
    ("Content-Type", "multipart/mixed;boundary=x"),
    ("Proxy-Authenticate", "Digest realm=\"p\", nonce=\"n\", algorithm=SHA-256, qop=\"auth,auth-int\""),
    ("WWW-Authenticate", "Digest realm=\"w\", nonce=\"m\", stale=true"),
    ("WWW-Authenticate", "Digest realm=\"w\", nonce=\"m\", userhash=true, algorithm=SHA-512-256"),
    ("Service-Route", "<sip:edge.example.org;lr>"),
    ("Path", "<sip:edge.example.org;lr>"),
    ("Flow-Timer", "20"),
    ("Max-Forwards", "0"),
    ("Timestamp", "1.5"),
    ("Allow-Events", "message-summary, refer"),
    ("Content-Type", "text/plain"),
];

const PACKAGES: &[Package] = &[
    Package { name: "message-summary", accept: "application/simple-message-summary" },
    Package { name: "dialog", accept: "application/dialog-info+xml" },
];

const BODIES: &[&str] = &[
    "v=0\r\ns=one\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=sendrecv\r\n",
    "v=0\r\ns=two\r\nc=IN IP4 0.0.0.0\r\nm=audio 9 RTP/AVP 0\r\na=inactive\r\nm=video 0 RTP/AVP 96\r\n",
    "SIP/2.0 180 Ringing\r\n",
    "SIP/2.0 200 OK\r\n",
    "SIP/2.0 603 Declined\r\n",
    "Messages-Waiting: yes\r\nVoice-Message: 2/8 (0/2)\r\n",
];

/// Moments that matter to some timer, in milliseconds.
const TIMES: &[u64] = &[
    0, 1, 100, 500, 1_000, 2_100, 4_000, 10_000, 25_000, 32_000, 33_000, 45_000, 60_000, 90_000, 180_000,
    400_000, 1_900_000,
];

struct Play {
    ua: UserAgent,
    now: Instant,
    deadline: Option<Deadline>,
    /// Every session there was, and whether it has ended.
    sessions: Vec<(SessionId, bool)>,
    /// Every subscription there was.
    subscriptions: Vec<SubscriptionId>,
    /// All that passed on the wire, both ways, and could be read.
    passed: Vec<Message>,
    /// Fields for the next message of the other side.
    fields: Vec<(Name, String)>,
}

impl Play {
    fn new() -> Self {
        let config = Config {
            aor: "sip:alice@example.org".parse().expect("a URI"),
            display_name: None,
            registrar: "sip:example.org".parse().expect("a URI"),
            username: "alice".to_owned(),
            password: Secret::new("correct horse"),
            user_agent: "fuzz".to_owned(),
            transport: Transport::Wss,
            expires: Duration::from_secs(60),
            instance: Some("f81d4fae-7dec-11d0-a765-00a0c91e6bf6".to_owned()),
        };
        let mut play = Self {
            ua: UserAgent::new(config, [7; 32]),
            now: Instant::from_origin(Duration::from_secs(1000)),
            deadline: None,
            sessions: Vec::new(),
            subscriptions: Vec::new(),
            passed: Vec::new(),
            fields: Vec::new(),
        };
        play.ua.handle(Input::Opened, play.now);
        play
    }

    /// One step. Whether a command fits is no matter here.
    fn step(&mut self, step: u8, script: &mut Script<'_>) {
        match step % 27 {
            0 => self.ua.register(self.now),
            1 => self.ua.unregister(self.now),
            2 => self.call(script.flag(0)),
            3 => self.command(script, |ua, id, now| ua.ring(id, now)),
            4 => self.command(script, |ua, id, now| ua.accept(id, BODIES[0], now)),
            5 => {
                let code = status(script.one_of(STATUSES));
                self.command(script, |ua, id, now| ua.refuse(id, code, now));
            }
            6 => self.command(script, |ua, id, now| ua.hang_up(id, now)),
            7 => self.command(script, |ua, id, now| ua.answer_offer(id, BODIES[1], now)),
            8 => {
                let code = status(script.one_of(STATUSES));
                self.command(script, |ua, id, now| ua.refuse_offer(id, code, now));
            }
            9 => self.command(script, |ua, id, now| ua.reoffer(id, BODIES[0], now)),
            10 => self.command(script, |ua, id, now| ua.info(id, "application/dtmf-relay", "Signal=1", now)),
            11 => {
                let other = self.session(script);
                self.command(script, |ua, id, now| ua.refer_to_session(id, other, now));
            }
            12 => self.pass(Duration::from_millis(script.one_of(TIMES))),
            13 => self.ua.handle(Input::Closed { reason: "gone".into() }, self.now),
            14 => self.ua.handle(Input::Opened, self.now),
            15..=17 => self.respond(script),
            18 => self.invite(script),
            19 | 20 => self.inside(script),
            21 => self.beside(script),
            22 => self.again(script),
            23 => self.field_or_text(script),
            24 => self.command(script, |ua, id, now| ua.update(id, BODIES[0], now)),
            25 => self.outside(script),
            _ => self.ua.probe(self.now),
        }
    }

    fn call(&mut self, offer: bool) {
        let Ok(target) = self.ua.resolve("bob") else { return };
        let call_id = self.ua.fresh_call_id();
        let offer = offer.then(|| BODIES[0].to_owned());
        let id = self.ua.invite(Invite { call_id, target, offer, headers: Vec::new() }, self.now);
        self.sessions.push((id, false));
    }

    /// What a person does outside of calls.
    fn outside(&mut self, script: &mut Script<'_>) {
        let Ok(target) = self.ua.resolve("carol") else { return };
        match script.number() {
            choice @ 0..64 => {
                let package = PACKAGES[choice % PACKAGES.len()];
                self.subscriptions.extend(self.ua.subscribe(package, target, self.now));
            }
            choice @ 64..128 => {
                if let Some(id) = from_the_end(&self.subscriptions, choice) {
                    self.ua.unsubscribe(*id, self.now);
                }
            }
            _ => drop(self.ua.message(target, "hello", self.now)),
        }
    }

    fn session(&self, script: &mut Script<'_>) -> SessionId {
        from_the_end(&self.sessions, script.number()).map_or(SessionId(0), |(id, _)| *id)
    }

    fn command(
        &mut self,
        script: &mut Script<'_>,
        command: impl Fn(&mut UserAgent, SessionId, Instant) -> Result<(), CommandError>,
    ) {
        let id = self.session(script);
        let _ = command(&mut self.ua, id, self.now);
    }

    /// Lets time pass; the user agent is woken at every moment it asked for.
    fn pass(&mut self, time: Duration) {
        let end = self.now + time;
        for _ in 0..100_000 {
            self.settle();
            match self.deadline {
                Some(deadline) if deadline.at <= end => {
                    self.now = self.now.max(deadline.at);
                    self.ua.handle_timeout(self.now);
                }
                _ => {
                    self.now = end;
                    return;
                }
            }
        }
        panic!("the user agent wants to be woken all the time: {:?}", self.deadline);
    }

    /// The server answers one of our requests.
    fn respond(&mut self, script: &mut Script<'_>) {
        let requests: Vec<&Request> = self.passed.iter().filter_map(request).collect();
        let Some(request) = from_the_end(&requests, script.number()) else { return };
        let status = status(script.one_of(STATUSES));
        let options = script.number();
        let tag = ["a", "b", "c", ""][options & 3];
        let mut response = request.reply(status, (!tag.is_empty()).then_some(tag));
        if options & 4 == 0 {
            response.headers.push(Name::CONTACT, "<sip:bob@192.0.2.1:5060;transport=ws>");
        }
        if options & 8 == 0 && matches!(status.code(), 401 | 407) {
            let name = if status.code() == 401 { Name::WWW_AUTHENTICATE } else { Name::PROXY_AUTHENTICATE };
            let nonce = options >> 4;
            response.headers.push(name, format!("Digest realm=\"r\", nonce=\"{nonce}\", qop=\"auth\""));
        }
        if options & 16 != 0 {
            response.headers.push(Name::CONTENT_TYPE, "application/sdp");
            response.body = BODIES[options >> 5 & 1].to_owned();
        }
        let mut headers = std::mem::take(&mut response.headers);
        self.add_fields(&mut headers);
        self.receive(Response { headers, ..response }.into());
    }

    /// Somebody calls.
    fn invite(&mut self, script: &mut Script<'_>) {
        let options = script.number();
        let mut invite = stranger(Method::Invite, options & 7, self.passed.len());
        if options & 8 != 0 {
            invite.headers.push(Name::CONTENT_TYPE, "application/sdp");
            invite.body = BODIES[options >> 4 & 1].to_owned();
        }
        self.add_fields(&mut invite.headers);
        self.receive(invite.into());
    }

    /// The other side sends a request in the dialog that one of the messages stands in.
    fn inside(&mut self, script: &mut Script<'_>) {
        let Some(message) = from_the_end(&self.passed, script.number()) else { return };
        let method = Method::from(script.one_of(METHODS));
        let options = script.number();
        // Our messages and theirs name the two sides the other way round; the script may be mistaken.
        let turned = matches!(message, Message::Request(_)) == (options & 1 == 0);
        let (from, to) = if turned { (Name::TO, Name::FROM) } else { (Name::FROM, Name::TO) };
        let mut request = stranger(method.clone(), 0, self.passed.len());
        let known = message.headers();
        for (name, source) in [(Name::FROM, from), (Name::TO, to), (Name::CALL_ID, Name::CALL_ID)] {
            request.headers.set(name, known.get(&source).unwrap_or_default());
        }
        let base = known.cseq_number().unwrap_or_default();
        let number = base.saturating_add(u32::try_from(options >> 1 & 3).unwrap_or_default());
        request.headers.set(Name::CSEQ, format!("{number} {method}"));
        if options & 8 != 0 {
            request.headers.push(Name::CONTENT_TYPE, "application/sdp");
            request.body = BODIES[options >> 4 & 1].to_owned();
        } else if options & 16 != 0 {
            request.body = BODIES[(options >> 5) % BODIES.len()].to_owned();
        }
        let mut headers = std::mem::take(&mut request.headers);
        self.add_fields(&mut headers);
        self.receive(Request { headers, ..request }.into());
    }

    /// A CANCEL or an ACK in the transaction of a request that came.
    fn beside(&mut self, script: &mut Script<'_>) {
        let requests: Vec<&Request> = self.passed.iter().filter_map(request).collect();
        let Some(invite) = from_the_end(&requests, script.number()) else { return };
        let method = if script.flag(0) { Method::Ack } else { Method::Cancel };
        let mut request = Request { method: method.clone(), body: String::new(), ..(*invite).clone() };
        let number = invite.headers.cseq_number().unwrap_or_default();
        request.headers.set(Name::CSEQ, format!("{number} {method}"));
        self.add_fields(&mut request.headers);
        self.receive(request.into());
    }

    /// A message that passed comes again, some of its bytes changed.
    fn again(&mut self, script: &mut Script<'_>) {
        let Some(message) = from_the_end(&self.passed, script.number()) else { return };
        let mut bytes = message.to_string().into_bytes();
        for _ in 0..script.number() % 4 {
            let at = (script.number() << 8 | script.number()) % bytes.len();
            bytes[at] = script.byte().unwrap_or_default();
        }
        self.ua.handle(Input::Received(String::from_utf8_lossy(&bytes).into_owned()), self.now);
    }

    /// A field for the next message, known or spelled out in the script; or a whole message that is spelled out there.
    fn field_or_text(&mut self, script: &mut Script<'_>) {
        match script.number() {
            length @ 0..32 => {
                let line = script.text(length);
                if let Some((name, value)) = line.split_once(':')
                    && let Ok(name) = name.parse()
                {
                    self.fields.push((name, value.to_owned()));
                }
            }
            length @ 32..64 => {
                let text = script.text(length << 3);
                self.ua.handle(Input::Received(text), self.now);
            }
            known => {
                let (name, value) = FIELDS[(known - 64) % FIELDS.len()];
                self.fields.push((name.parse().expect("a token"), value.to_owned()));
            }
        }
    }

    fn add_fields(&mut self, headers: &mut xc_webrtc::sip::header::Headers) {
        for (name, value) in self.fields.drain(..) {
            headers.push(name, value);
        }
    }

    fn receive(&mut self, message: Message) {
        self.ua.handle(Input::Received(message.to_string()), self.now);
        self.passed.push(message);
    }

    /// Takes account of what came out.
    fn settle(&mut self) {
        loop {
            match self.ua.poll() {
                Output::Send(text) => match parser::parse(&text) {
                    Ok(parsed) => self.passed.push(parsed.message),
                    // What a response repeats of a broken request is broken.
                    Err(ParseError::Header(_)) => assert!(text.starts_with("SIP/2.0 "), "{text}"),
                    Err(_) if parser::is_keep_alive(&text) => {}
                    Err(error) => panic!("{error}: {text}"),
                },
                Output::Event(Event::Session { id, event }) => self.heard(id, &event),
                Output::Event(Event::Subscription { id, .. }) => self.subscriptions.push(id),
                Output::Event(_) => {}
                Output::Wait(deadline) => {
                    self.deadline = deadline;
                    return;
                }
            }
        }
    }

    fn heard(&mut self, id: SessionId, event: &SessionEvent) {
        let at = self.sessions.iter().position(|(known, _)| *known == id).unwrap_or_else(|| {
            self.sessions.push((id, false));
            self.sessions.len() - 1
        });
        let ended = &mut self.sessions[at].1;
        assert!(!*ended, "{event:?} after the end of {id:?}");
        *ended = matches!(event, SessionEvent::Ended(_));
    }

    /// Ends everything that is still going on, and lets enough time pass.
    fn end(mut self) {
        for at in 0..self.sessions.len() {
            let (id, ended) = self.sessions[at];
            assert_eq!(self.ua.hang_up(id, self.now).is_err(), ended, "{id:?}");
            self.settle();
        }
        for id in std::mem::take(&mut self.subscriptions) {
            self.ua.unsubscribe(id, self.now);
        }
        self.ua.unregister(self.now);
        self.pass(Duration::from_secs(600));
        assert!(self.sessions.iter().all(|(_, ended)| *ended), "{:?}", self.sessions);
        assert!(self.ua.is_idle(), "{:?}", self.ua);
        assert_eq!(self.deadline, None);
        assert!(!self.ua.is_registered());
    }
}

fn status(code: u16) -> StatusCode {
    StatusCode::new(code).expect("a status code")
}

fn request(message: &Message) -> Option<&Request> {
    match message {
        Message::Request(request) => Some(request),
        Message::Response(_) => None,
    }
}

/// One of the list; small numbers mean the last ones.
fn from_the_end<T>(list: &[T], number: usize) -> Option<&T> {
    list.get(list.len().checked_sub(1 + number % list.len().max(1))?)
}

/// A request of somebody outside of any dialog; `call` names the call, `branch` the transaction.
fn stranger(method: Method, call: usize, branch: usize) -> Request {
    let cseq = format!("1 {method}");
    let uri = "sip:alice@alice.invalid;transport=ws".parse().expect("a URI");
    let mut request = Request::new(method, uri);
    for (name, value) in [
        (Name::VIA, format!("SIP/2.0/WSS server.example.org;branch=z9hG4bK-{branch}")),
        (Name::FROM, format!("\"Bob\" <sip:bob@example.org>;tag=bob-{call}")),
        (Name::TO, "<sip:alice@example.org>".to_owned()),
        (Name::CALL_ID, format!("call-{call}")),
        (Name::CSEQ, cseq),
        (Name::CONTACT, "<sip:bob@192.0.2.1:5060;transport=ws>".to_owned()),
    ] {
        request.headers.push(name, value);
    }
    request
}

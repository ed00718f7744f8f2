//! The phone's core with everything around it played: a CTI server that logs in, a registrar that says yes, media that
//! is there at once. Time passes only when a test says so.

use std::time::Duration;

use serde_json::json;
use xc_webrtc::cti::event as cti;
use xc_webrtc::cti::server::PageOrigin;
use xc_webrtc::phone::api::{Command, Notice, Refusal, View};
use xc_webrtc::phone::call::{Call, CallKey, MicrophoneProblem};
use xc_webrtc::phone::core::{Core, Settings};
use xc_webrtc::phone::effect::{Input, Kept, MediaCommand, MediaEvent, Output, Ring};
use xc_webrtc::secret::Secret;
use xc_webrtc::sip::header::Name;
use xc_webrtc::sip::message::{Message, Request};
use xc_webrtc::sip::method::Method;
use xc_webrtc::sip::parser;
use xc_webrtc::sip::status::StatusCode;
use xc_webrtc::time::{Deadline, Instant};

/// What the phone offers and answers.
pub const OUR_SDP: &str = "v=0\r\nours";
/// What the other side offers and answers.
pub const THEIR_SDP: &str = "v=0\r\ntheirs";

/// A phone and its world.
pub struct World {
    core: Core,
    now: Instant,
    deadline: Option<Deadline>,
    /// The events published, as `group Type`, with the data's value behind a colon where there is some.
    pub events: Vec<String>,
    /// What the media was told.
    pub media: Vec<(CallKey, MediaCommand)>,
    /// Requests and responses that the phone sent over SIP, REGISTER left out.
    pub sent: Vec<Message>,
    /// The number of REGISTERs sent.
    pub registers: usize,
    /// How often the SIP websocket was opened.
    pub sip_opened: usize,
    /// What is heard.
    pub ring: Ring,
    /// What the tab keeps.
    pub kept: Option<Kept>,
    /// Set: the microphone cannot be opened.
    pub no_microphone: Option<MicrophoneProblem>,
    /// Set: media waits for [`World::media_is_ready`].
    pub media_waits: bool,
    /// Set: the websocket of the telephony server refuses.
    pub sip_refuses: bool,
    /// The answer to every REGISTER.
    pub registrar_says: StatusCode,
    /// Set: the server does not accept the token any more.
    pub token_expired: bool,
    /// The `LineConfig` of the user.
    pub line: serde_json::Value,
    waiting_media: Vec<CallKey>,
    sip_is_open: bool,
}

impl World {
    /// Logged out.
    pub fn new() -> Self {
        let page = PageOrigin { secure: true, host: "phone.example.org".into() };
        Self {
            core: Core::new(Settings { auto_init: true, page }, [7; 32]),
            now: Instant::from_origin(Duration::from_secs(1000)),
            deadline: None,
            events: Vec::new(),
            media: Vec::new(),
            sent: Vec::new(),
            registers: 0,
            sip_opened: 0,
            ring: Ring::Silent,
            kept: None,
            no_microphone: None,
            media_waits: false,
            sip_refuses: false,
            registrar_says: StatusCode::OK,
            line: json!({
                "id": "31", "name": "alice", "password": "sip-secret", "xivoIp": "192.0.2.10",
                "sipProxyName": "default", "webRtc": true, "hasDevice": false,
            }),
            token_expired: false,
            waiting_media: Vec::new(),
            sip_is_open: false,
        }
    }

    /// Logged in and registered; the events until then are forgotten.
    pub fn ready() -> Self {
        let mut world = Self::new();
        world.log_in();
        assert_eq!(world.events, ["general Started", "registration Registered"]);
        world.events.clear();
        world
    }

    /// With a call that alice made and bob took.
    pub fn in_call() -> Self {
        let mut world = Self::ready();
        world.command(Command::Dial { destination: "1002".into(), video: false }).unwrap();
        world.answer_invite(StatusCode::OK, Some(THEIR_SDP));
        assert!(world.call().state.is_connected());
        world.forget();
        world
    }

    /// With a call that rings here.
    pub fn ringing() -> Self {
        let mut world = Self::ready();
        world.receive_invite("in-1", Some(THEIR_SDP));
        world
    }

    /// Logs alice in.
    pub fn log_in(&mut self) {
        let command =
            Command::LogIn { server: String::new(), login: "alice".into(), password: Secret::new("pw") };
        self.command(command).unwrap();
    }

    /// Forgets what was published, sent and told so far.
    pub fn forget(&mut self) {
        self.events.clear();
        self.sent.clear();
        self.media.clear();
    }

    pub fn command(&mut self, command: Command) -> Result<(), Refusal> {
        let result = self.core.command(command, self.now);
        self.run();
        result
    }

    pub fn view(&self) -> View {
        self.core.view()
    }

    /// The only call.
    pub fn call(&self) -> Call {
        let calls = self.view().calls;
        assert_eq!(calls.len(), 1, "{calls:?}");
        calls[0].clone()
    }

    pub fn input(&mut self, input: Input) {
        self.core.handle(input, self.now);
        self.run();
    }

    /// Lets time pass, stopping at every deadline on the way.
    pub fn pass(&mut self, duration: Duration) {
        let end = self.now + duration;
        while let Some(deadline) = self.deadline.filter(|deadline| deadline.at <= end) {
            self.now = self.now.max(deadline.at);
            self.core.handle_timeout(self.now);
            self.run();
        }
        self.now = end;
    }

    /// A message from the telephony server.
    pub fn receive(&mut self, message: impl Into<String>) {
        self.input(Input::SipReceived(message.into()));
    }

    /// A message from the CTI server.
    pub fn receive_cti(&mut self, frame: serde_json::Value) {
        self.input(Input::Cti(cti::Input::Received(frame.to_string())));
    }

    /// An INVITE comes.
    pub fn receive_invite(&mut self, call_id: &str, sdp: Option<&str>) {
        let body = sdp.unwrap_or_default();
        let content_type = if sdp.is_some() { "Content-Type: application/sdp\r\n" } else { "" };
        self.receive(format!(
            "INVITE sip:alice@x.invalid SIP/2.0\r\nVia: SIP/2.0/WSS pbx;branch=z9hG4bK{call_id}\r\n\
             From: \"Bob Lefèvre\" <sip:1002@default>;tag=bob{call_id}\r\nTo: <sip:alice@default>\r\n\
             Call-ID: {call_id}\r\nCSeq: 1 INVITE\r\nContact: <sip:pbx@192.0.2.10>\r\n{content_type}\
             Content-Length: {}\r\n\r\n{body}",
            body.len()
        ));
    }

    /// A request of the other side inside the dialog of a call that rang here; `cseq` above 1.
    pub fn receive_in_dialog(&mut self, method: &str, call_id: &str, cseq: u32) {
        let tag = self.our_tag(call_id);
        self.receive(format!(
            "{method} sip:alice@x.invalid SIP/2.0\r\nVia: SIP/2.0/WSS pbx;branch=z9hG4bK{call_id}{method}{cseq}\r\n\
             From: <sip:1002@default>;tag=bob{call_id}\r\nTo: <sip:alice@default>;tag={tag}\r\n\
             Call-ID: {call_id}\r\nCSeq: {cseq} {method}\r\nContact: <sip:pbx@192.0.2.10>\r\nContent-Length: 0\r\n\r\n"
        ));
    }

    /// The ACK to our 200 of a call that rang here.
    pub fn receive_ack(&mut self, call_id: &str) {
        self.receive_in_dialog("ACK", call_id, 1);
    }

    /// The caller gives up.
    pub fn receive_cancel(&mut self, call_id: &str, reason: Option<&str>) {
        let reason = reason.map(|reason| format!("Reason: {reason}\r\n")).unwrap_or_default();
        self.receive(format!(
            "CANCEL sip:alice@x.invalid SIP/2.0\r\nVia: SIP/2.0/WSS pbx;branch=z9hG4bK{call_id}\r\n\
             From: \"Bob Lefèvre\" <sip:1002@default>;tag=bob{call_id}\r\nTo: <sip:alice@default>\r\n\
             Call-ID: {call_id}\r\nCSeq: 1 CANCEL\r\n{reason}Content-Length: 0\r\n\r\n"
        ));
    }

    /// The other side answers the last INVITE that we sent.
    pub fn answer_invite(&mut self, status: StatusCode, sdp: Option<&str>) {
        let invite = self.last_request(&Method::Invite);
        let mut response = invite.reply(status, Some("bob-tag"));
        response.headers.push(Name::CONTACT, "<sip:bob@192.0.2.10>");
        if let Some(sdp) = sdp {
            response.headers.push(Name::CONTENT_TYPE, "application/sdp");
            response.body = sdp.to_owned();
        }
        self.receive(Message::Response(response).to_string());
    }

    /// The other side hangs up a call that we made.
    pub fn receive_bye(&mut self) {
        let invite = self.last_request(&Method::Invite);
        let to = invite.headers.get(&Name::FROM).unwrap().to_owned();
        let from = format!("{};tag=bob-tag", invite.headers.get(&Name::TO).unwrap());
        let call_id = invite.headers.get(&Name::CALL_ID).unwrap().to_owned();
        self.receive(format!(
            "BYE sip:alice@x.invalid SIP/2.0\r\nVia: SIP/2.0/WSS pbx;branch=z9hG4bKbye\r\nFrom: {from}\r\nTo: {to}\r\n\
             Call-ID: {call_id}\r\nCSeq: 1 BYE\r\nContent-Length: 0\r\n\r\n"
        ));
    }

    /// The media that was waiting says what it has to offer.
    pub fn media_is_ready(&mut self) {
        for call in std::mem::take(&mut self.waiting_media) {
            self.input(Input::Media {
                call,
                event: MediaEvent::Described { sdp: OUR_SDP.into(), video: false },
            });
        }
    }

    /// The telephony server's websocket breaks.
    pub fn cut_sip(&mut self) {
        self.sip_is_open = false;
        self.input(Input::SipClosed { reason: "cut".into() });
    }

    /// The methods of the requests, and the status codes of the responses, that we sent.
    pub fn sent_words(&self) -> Vec<String> {
        self.sent
            .iter()
            .map(|message| match message {
                Message::Request(request) => request.method.to_string(),
                Message::Response(response) => response.status.code().to_string(),
            })
            .collect()
    }

    fn last_request(&self, method: &Method) -> Request {
        let requests = self.sent.iter().rev().filter_map(|message| match message {
            Message::Request(request) if request.method == *method => Some(request.clone()),
            Message::Request(_) | Message::Response(_) => None,
        });
        requests.into_iter().next().unwrap_or_else(|| panic!("no {method} among {:?}", self.sent_words()))
    }

    fn our_tag(&self, call_id: &str) -> String {
        let tag = self.sent.iter().rev().find_map(|message| match message {
            Message::Response(response) if response.headers.get(&Name::CALL_ID) == Some(call_id) => {
                response.headers.to().ok()?.tag().map(str::to_owned)
            }
            Message::Request(_) | Message::Response(_) => None,
        });
        tag.expect("we have answered with a tag")
    }

    fn run(&mut self) {
        loop {
            match self.core.poll() {
                Output::Wait(deadline) => {
                    self.deadline = deadline;
                    return;
                }
                output => self.carry_out(output),
            }
        }
    }

    fn carry_out(&mut self, output: Output) {
        match output {
            Output::Http(request) => {
                let (status, body) = match self.token_expired {
                    true => (401, json!({"error": "TokenExpired", "message": "expired"})),
                    false => (200, json!({"login": "alice", "token": "a.b.c", "TTL": 3600})),
                };
                let outcome = cti::HttpOutcome::Answer { status, body: body.to_string() };
                self.cti(cti::Input::Http { id: request.id, outcome });
            }
            Output::OpenCti { .. } => {
                self.cti(cti::Input::Opened);
                self.cti(cti::Input::Received(json!({"msgType": "LoggedOn"}).to_string()));
            }
            Output::SendCti(text) => {
                if text.contains("getConfig") {
                    let line = json!({"msgType": "LineConfig", "ctiMessage": self.line});
                    self.cti(cti::Input::Received(line.to_string()));
                }
                if text.contains("ping") {
                    self.cti(cti::Input::Received("{}".into()));
                }
            }
            Output::CloseCti => {}
            Output::OpenSip { .. } => {
                self.sip_opened += 1;
                self.sip_is_open = !self.sip_refuses;
                let input = if self.sip_refuses {
                    Input::SipClosed { reason: "refused".into() }
                } else {
                    Input::SipOpened
                };
                self.core.handle(input, self.now);
            }
            Output::SendSip(text) => self.on_sip(&text),
            Output::CloseSip => self.sip_is_open = false,
            Output::Keep(kept) => self.kept = Some(kept),
            Output::Forget => self.kept = None,
            Output::Media { call, command } => self.on_media(call, command),
            Output::Ring(ring) => self.ring = ring,
            Output::Notice(Notice::Event(event)) => {
                let data = event.data().map(|(_, value)| format!(": {value}")).unwrap_or_default();
                self.events.push(format!("{} {}{data}", event.group().as_str(), event.type_name()));
            }
            Output::Conference(_)
            | Output::KeyTones(_)
            | Output::Log { .. }
            | Output::Notice(_)
            | Output::Wait(_) => {}
        }
    }

    fn on_sip(&mut self, text: &str) {
        assert!(self.sip_is_open, "sent while the websocket was closed: {text}");
        if parser::is_keep_alive(text) {
            return;
        }
        let message = parser::parse(text).unwrap_or_else(|error| panic!("{error}: {text}")).message;
        match message {
            Message::Request(request) if request.method == Method::Register => {
                self.registers += 1;
                let mut response = request.reply(self.registrar_says, Some("registrar"));
                if self.registrar_says == StatusCode::OK
                    && let Some(contact) = request.headers.get(&Name::CONTACT)
                {
                    response.headers.push(Name::CONTACT, format!("{contact};expires=60"));
                }
                self.core.handle(Input::SipReceived(Message::Response(response).to_string()), self.now);
            }
            Message::Request(request) => {
                let reply = request.method == Method::Bye || request.method == Method::Cancel;
                if reply {
                    let response = Message::Response(request.reply(StatusCode::OK, Some("bob-tag")));
                    self.core.handle(Input::SipReceived(response.to_string()), self.now);
                }
                self.sent.push(Message::Request(request));
            }
            response => self.sent.push(response),
        }
    }

    fn on_media(&mut self, call: CallKey, command: MediaCommand) {
        let describes = matches!(command, MediaCommand::Offer { .. } | MediaCommand::Answer { .. });
        self.media.push((call, command));
        if !describes {
            return;
        }
        if self.media_waits {
            self.waiting_media.push(call);
            return;
        }
        let event = match &self.no_microphone {
            Some(problem) => MediaEvent::NoMicrophone(problem.clone()),
            None => MediaEvent::Described { sdp: OUR_SDP.into(), video: false },
        };
        self.core.handle(Input::Media { call, event }, self.now);
    }

    fn cti(&mut self, input: cti::Input) {
        self.core.handle(Input::Cti(input), self.now);
    }
}

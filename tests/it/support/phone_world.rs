//! The phone's core with everything around it played: a CTI server that logs in, a registrar that says yes, media that
//! is there at once. Time passes only when a test says so.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use serde_json::json;
use xc_webrtc::cti::event as cti;
use xc_webrtc::cti::message::LineConfig;
use xc_webrtc::cti::server::PageOrigin;
use xc_webrtc::phone::api::{Client, Command, Notice, Place, Refusal, View};
use xc_webrtc::phone::call::{Call, CallKey, Hold, MicrophoneProblem};
use xc_webrtc::phone::core::{Core, Settings};
use xc_webrtc::phone::effect::{Flow, Input, Kept, MediaCommand, MediaEvent, Output, Plan, Ring};
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

/// An answer of who lets itself be held.
pub const RECVONLY: &str = "v=0\r\nm=audio 9 RTP/AVP 0\r\na=recvonly\r\n";
/// A description of who talks.
pub const SENDRECV: &str = "v=0\r\nm=audio 9 RTP/AVP 0\r\na=sendrecv\r\n";
/// A description of who holds us.
pub const SENDONLY: &str = "v=0\r\nm=audio 9 RTP/AVP 0\r\na=sendonly\r\n";

/// An edge proxy that takes so many requests from one address and answers 429 to the others, as nginx does
/// (xuc-cti §2.8: 20 a minute, 12 at once).
#[derive(Default)]
pub struct Edge {
    excess: f64,
    last: Instant,
    /// How many it has taken and how many it has not.
    pub taken: usize,
    pub refused: usize,
}

impl Edge {
    fn admits(&mut self, now: Instant) -> bool {
        let passed = now.saturating_since(self.last).as_secs_f64();
        let excess = (self.excess - passed * 20.0 / 60.0).max(0.0) + 1.0;
        let admitted = excess <= 13.0;
        if admitted {
            (self.excess, self.last) = (excess, now.max(self.last));
            self.taken += 1;
        } else {
            self.refused += 1;
        }
        admitted
    }
}

/// A phone and its world.
pub struct World {
    core: Core,
    now: Instant,
    deadline: Option<Deadline>,
    /// The events published, as `group Type`, with the data's value behind a colon where there is some.
    pub events: Vec<String>,
    /// What the media was told.
    pub media: Vec<(CallKey, MediaCommand)>,
    /// The CTI commands that the phone sent, but for those of the log-in and the heartbeat.
    pub cti: Vec<serde_json::Value>,
    /// All CTI commands as they were sent, those of the log-in and the heartbeat, too.
    pub cti_sent: Vec<String>,
    /// The CTI commands that the page was asked to send.
    pub to_page_cti: Vec<serde_json::Value>,
    /// Who hears each other.
    pub conference: Vec<CallKey>,
    /// Set: there is no camera.
    pub no_camera: bool,
    /// The tones of keys heard here.
    pub key_tones: Vec<String>,
    /// How many NOTIFYs the test has sent.
    pub notifications: u32,
    /// The Call-IDs of those who called, for tests that note them.
    pub called: Vec<String>,
    /// The SIP Call-IDs of the calls whose end was told.
    pub terminated: Vec<String>,
    /// Set: the CTI server does not answer over HTTP.
    pub http_waits: bool,
    /// How often it was asked over HTTP.
    pub http_asked: usize,
    /// Set: the CTI server does not tell the line.
    pub line_waits: bool,
    /// Set: the registrar does not answer.
    pub registrar_waits: bool,
    /// Lines of the log.
    pub log: Vec<String>,
    /// SIP messages as they are shown.
    pub shown: Vec<String>,
    /// Requests and responses that the phone sent over SIP, REGISTER left out.
    pub sent: Vec<Message>,
    /// The number of REGISTERs sent.
    pub registers: usize,
    /// The last of them.
    pub register: Option<Request>,
    /// How often the SIP websocket was opened.
    pub sip_opened: usize,
    /// Where it was opened the last time.
    pub sip_url: String,
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
    /// Set: it neither opens nor refuses.
    pub sip_hangs: bool,
    /// Set: it stays open, and whatever is sent over it goes nowhere.
    pub sip_is_dead: bool,
    /// What stands before all servers, shared with other phones.
    pub edge: Option<Rc<RefCell<Edge>>>,
    /// The answer to every REGISTER.
    pub registrar_says: StatusCode,
    /// Set: the server does not accept the token any more.
    pub token_expired: bool,
    /// The `LineConfig` of the user.
    pub line: serde_json::Value,
    waiting_media: Vec<CallKey>,
    first_invite: Option<Request>,
    /// The Call-IDs of calls that rang here, with our tags.
    tags: Vec<(String, String)>,
    sip_is_open: bool,
}

impl World {
    /// Logged out.
    pub fn new() -> Self {
        Self::seeded([7; 32])
    }

    /// The same with other random numbers.
    pub fn seeded(seed: [u8; 32]) -> Self {
        let page = PageOrigin { secure: true, host: "phone.example.org".into() };
        Self {
            core: Core::new(Settings { auto_init: true, page, instance: "urn:uuid:alices-tab".into() }, seed),
            now: Instant::from_origin(Duration::from_secs(1000)),
            deadline: None,
            events: Vec::new(),
            media: Vec::new(),
            cti: Vec::new(),
            cti_sent: Vec::new(),
            to_page_cti: Vec::new(),
            conference: Vec::new(),
            no_camera: false,
            key_tones: Vec::new(),
            notifications: 0,
            called: Vec::new(),
            terminated: Vec::new(),
            http_waits: false,
            http_asked: 0,
            line_waits: false,
            registrar_waits: false,
            log: Vec::new(),
            shown: Vec::new(),
            sent: Vec::new(),
            registers: 0,
            register: None,
            sip_opened: 0,
            sip_url: String::new(),
            ring: Ring::Silent,
            kept: None,
            no_microphone: None,
            media_waits: false,
            sip_refuses: false,
            sip_hangs: false,
            sip_is_dead: false,
            edge: None,
            registrar_says: StatusCode::OK,
            line: json!({
                "id": "31", "name": "alice", "password": "sip-secret", "xivoIp": "192.0.2.10",
                "sipProxyName": "default", "webRtc": true, "hasDevice": false,
            }),
            token_expired: false,
            waiting_media: Vec::new(),
            first_invite: None,
            tags: Vec::new(),
            sip_is_open: false,
        }
    }

    /// The page has a CTI link of its own and has started the phone; registered, the events until then are forgotten.
    pub fn with_page_cti() -> Self {
        let mut world = Self::new();
        world.start_line(Place { token: Secret::new("a.b.c"), ..World::place() }).unwrap();
        assert_eq!(world.events, ["general Started", "registration Registered"]);
        world.events.clear();
        world
    }

    /// Where a page with its own CTI link says that the line is.
    pub fn place() -> Place {
        Place {
            name: "Alice Martin".into(),
            secure: true,
            host: Some("edge.example.org".into()),
            port: "8443".into(),
            token: Secret::default(),
            program: "XiVO XC WebRTC 1".into(),
        }
    }

    /// Has the page start the phone for [`World::line`] there.
    pub fn start_line(&mut self, place: Place) -> Result<(), Refusal> {
        let payload = self.line.to_string().parse().unwrap();
        let result = self.core.start_line(LineConfig::of_payload(&payload).unwrap(), place, self.now);
        self.run();
        result
    }

    /// A message comes over the page's own CTI link.
    pub fn page_cti(&mut self, frame: serde_json::Value) {
        self.core.page_cti(&frame.to_string(), self.now);
        self.run();
    }

    /// The page has a new token.
    pub fn set_token(&mut self, token: &str) {
        self.core.set_token(Secret::new(token));
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

    /// What the tab keeps of the calls.
    pub fn kept_calls(&mut self) -> String {
        self.core.kept_calls()
    }

    /// The page has those calls of the page before.
    pub fn take_back(&mut self, kept: &str) {
        self.core.take_back(kept, self.now);
        self.run();
    }

    /// Another tab may be the phone.
    pub fn stand_by(&mut self) {
        self.core.stand_by();
    }

    /// This tab is the phone, with those calls of another.
    pub fn begin_here(&mut self, calls: &str) {
        self.core.begin_here(calls, self.now);
        self.run();
    }

    /// Another tab is the phone, with the calls of this one, which are told.
    pub fn give_away(&mut self) -> String {
        let calls = self.core.give_away(self.now);
        self.run();
        calls
    }

    /// The page goes away.
    pub fn leave_page(&mut self) {
        self.core.leave_page(self.now);
        self.run();
    }

    /// The page after this one in the tab, which begins to log in by what was kept.
    pub fn reloaded(mut self) -> Self {
        let calls = self.kept_calls();
        let mut next = Self { now: self.now, kept: self.kept.clone(), ..Self::seeded([8; 32]) };
        next.core.resume(self.kept.expect("logged in"), next.now);
        next.core.take_back(&calls, next.now);
        next
    }

    /// Everything there is to do is done.
    pub fn goes_on(&mut self) {
        self.run();
    }

    /// Logs alice in.
    pub fn log_in(&mut self) {
        let command = Command::LogIn {
            server: String::new(),
            login: "alice".into(),
            password: Secret::new("pw"),
            client: Client::default(),
        };
        self.command(command).unwrap();
    }

    /// Forgets what was published, sent and told so far.
    pub fn forget(&mut self) {
        self.events.clear();
        self.sent.clear();
        self.media.clear();
        self.cti.clear();
        self.http_asked = 0;
    }

    /// Whether nothing was published, sent or told since it was forgotten.
    pub fn outcome_is_empty(&self) -> bool {
        self.events.is_empty()
            && self.sent.is_empty()
            && self.media.is_empty()
            && self.cti.is_empty()
            && self.http_asked == 0
    }

    /// Whether a request of that method was sent and not forgotten.
    pub fn has_sent(&self, method: &Method) -> bool {
        let is_one =
            |message: &Message| matches!(message, Message::Request(request) if request.method == *method);
        self.sent.iter().any(is_one)
    }

    /// Whether we have answered that call with a tag.
    pub fn has_tag(&self, call_id: &str) -> bool {
        self.tags.iter().any(|(id, _)| id == call_id)
    }

    /// The Call-IDs of the calls that rang here.
    pub fn tagged(&self) -> Vec<String> {
        self.tags.iter().map(|(id, _)| id.clone()).collect()
    }

    /// The number of the last INVITE of that call which we answered.
    pub fn last_invite_cseq(&self, call_id: &str) -> u32 {
        let cseqs = self.sent.iter().rev().filter_map(|message| match message {
            Message::Response(response) if response.headers.call_id() == Ok(call_id) => {
                response.headers.cseq().ok()
            }
            Message::Request(_) | Message::Response(_) => None,
        });
        cseqs.into_iter().find(|cseq| cseq.method == Method::Invite).map_or(1, |cseq| cseq.number)
    }

    /// Whether [`World::first_invite`] has something to give.
    pub fn has_made_a_call(&self) -> bool {
        self.first_invite.is_some()
    }

    /// Forgets what was sent so far.
    pub fn forget_sent(&mut self) {
        self.sent.clear();
    }

    /// The INVITE that began the call of [`World::in_call`].
    pub fn first_invite(&self) -> Request {
        self.first_invite.clone().expect("a call was begun")
    }

    /// With two calls: one that alice made and holds, `0`, and one of bob's that she took after it, `1`.
    pub fn in_two_calls() -> Self {
        let mut world = Self::in_call();
        world.receive_invite("in-1", Some(THEIR_SDP));
        world.command(Command::Answer { call: None, video: false }).unwrap();
        world.answer_invite(StatusCode::OK, Some(RECVONLY));
        world.receive_ack("in-1");
        assert_eq!(world.holds(), [Hold::Held, Hold::Active]);
        world.forget();
        world
    }

    /// The key of the call in that place.
    pub fn key(&self, place: usize) -> CallKey {
        self.view().calls[place].key
    }

    /// Whether we hold each of the calls.
    pub fn holds(&self) -> Vec<Hold> {
        self.view().calls.iter().map(|call| call.hold).collect()
    }

    /// The plan that the media was last given for that call.
    pub fn plan(&self, call: CallKey) -> Plan {
        let plans = self.media.iter().rev().filter(|(key, _)| *key == call);
        let plan = plans.into_iter().find_map(|(_, command)| match command {
            MediaCommand::Offer { plan, .. } | MediaCommand::Answer { plan, .. } => Some(*plan),
            _ => None,
        });
        plan.expect("the media was told what to describe")
    }

    /// Whether the media of that call keeps both sides silent, whatever the plan.
    pub fn is_hushed(&self, call: CallKey) -> bool {
        let mut told = self.media.iter().rev().filter(|(key, _)| *key == call);
        told.find_map(|(_, command)| match command {
            MediaCommand::Hush { on } => Some(*on),
            _ => None,
        })
        .unwrap_or(false)
    }

    /// Whether the media of that call was told this.
    pub fn told(&self, call: CallKey, command: &MediaCommand) -> bool {
        self.media.iter().any(|(key, told)| *key == call && told == command)
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
        let mut woken = 0;
        while let Some(deadline) = self.deadline.filter(|deadline| deadline.at <= end) {
            woken += 1;
            assert!(woken < 10_000, "the phone wants to be woken all the time: {}", deadline.what());
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
        self.receive_invite_with(call_id, sdp, "");
    }

    /// An INVITE with further header lines comes.
    pub fn receive_invite_with(&mut self, call_id: &str, sdp: Option<&str>, lines: &str) {
        let body = sdp.unwrap_or_default();
        let content_type = if sdp.is_some() { "Content-Type: application/sdp\r\n" } else { "" };
        self.receive(format!(
            "INVITE sip:alice@x.invalid SIP/2.0\r\nVia: SIP/2.0/WSS pbx;branch=z9hG4bK{call_id}\r\n\
             From: \"Bob Lefèvre\" <sip:1002@default>;tag=bob{call_id}\r\nTo: <sip:alice@default>\r\n\
             Call-ID: {call_id}\r\nCSeq: 1 INVITE\r\nContact: <sip:pbx@192.0.2.10>\r\n{content_type}{lines}\
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

    /// The same with a body and further header lines.
    pub fn receive_in_dialog_with(
        &mut self,
        method: &str,
        call_id: &str,
        cseq: u32,
        lines: &str,
        body: &str,
    ) {
        let tag = self.our_tag(call_id);
        self.receive(format!(
            "{method} sip:alice@x.invalid SIP/2.0\r\nVia: SIP/2.0/WSS pbx;branch=z9hG4bK{call_id}{method}{cseq}\r\n\
             From: <sip:1002@default>;tag=bob{call_id}\r\nTo: <sip:alice@default>;tag={tag}\r\n\
             Call-ID: {call_id}\r\nCSeq: {cseq} {method}\r\nContact: <sip:pbx@192.0.2.10>\r\n{lines}\
             Content-Length: {}\r\n\r\n{body}",
            body.len()
        ));
    }

    /// A request outside of calls, with a body and further header lines.
    pub fn receive_outside(&mut self, method: &str, lines: &str, body: &str) {
        self.receive(format!(
            "{method} sip:alice@x.invalid SIP/2.0\r\nVia: SIP/2.0/WSS pbx;branch=z9hG4bKoutside\r\n\
             From: \"Bob\" <sip:1002@default>;tag=outside\r\nTo: <sip:alice@default>\r\n\
             Call-ID: outside\r\nCSeq: 1 {method}\r\n{lines}Content-Length: {}\r\n\r\n{body}",
            body.len()
        ));
    }

    /// The other side of a call that rang here offers a change by re-INVITE.
    pub fn receive_offer(&mut self, call_id: &str, cseq: u32, sdp: &str) {
        self.receive_in_dialog_with("INVITE", call_id, cseq, "Content-Type: application/sdp\r\n", sdp);
    }

    /// The other side answers our last request of that method.
    pub fn answer_last(&mut self, method: &Method, status: StatusCode, lines: &[(Name, &str)]) {
        let mut response = self.last_request(method).reply(status, Some("bob-tag"));
        for (name, value) in lines {
            response.headers.push(name.clone(), *value);
        }
        self.receive(Message::Response(response).to_string());
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
        self.answer_invite_with(status, &[], sdp);
    }

    /// The same with further header fields.
    pub fn answer_invite_with(&mut self, status: StatusCode, fields: &[(Name, &str)], sdp: Option<&str>) {
        let invite = self.last_request(&Method::Invite);
        let mut response = invite.reply(status, Some("bob-tag"));
        response.headers.push(Name::CONTACT, "<sip:bob@192.0.2.10>");
        for (name, value) in fields {
            response.headers.push(name.clone(), *value);
        }
        if let Some(sdp) = sdp {
            response.headers.push(Name::CONTENT_TYPE, "application/sdp");
            response.body = sdp.to_owned();
        }
        self.receive(Message::Response(response).to_string());
    }

    /// A request of the other side inside the dialog of the first call that we made.
    pub fn receive_from_callee(&mut self, method: &str, cseq: u32, lines: &str, body: &str) {
        let invite = self.first_invite();
        let to = invite.headers.get(&Name::FROM).unwrap().to_owned();
        let from = format!("{};tag=bob-tag", invite.headers.get(&Name::TO).unwrap());
        let call_id = invite.headers.get(&Name::CALL_ID).unwrap().to_owned();
        self.receive(format!(
            "{method} sip:alice@x.invalid SIP/2.0\r\nVia: SIP/2.0/WSS pbx;branch=z9hG4bK{method}{cseq}\r\nFrom: {from}\r\n\
             To: {to}\r\nCall-ID: {call_id}\r\nCSeq: {cseq} {method}\r\n{lines}Content-Length: {}\r\n\r\n{body}",
            body.len()
        ));
    }

    /// The CTI websocket breaks, and does not come back.
    pub fn cut_cti(&mut self) {
        self.input(Input::Cti(cti::Input::Closed { code: 1006, reason: String::new() }));
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

    pub fn last_request(&self, method: &Method) -> Request {
        let requests = self.sent.iter().rev().filter_map(|message| match message {
            Message::Request(request) if request.method == *method => Some(request.clone()),
            Message::Request(_) | Message::Response(_) => None,
        });
        requests.into_iter().next().unwrap_or_else(|| panic!("no {method} among {:?}", self.sent_words()))
    }

    fn our_tag(&self, call_id: &str) -> String {
        let tag = self.tags.iter().rev().find(|(id, _)| id == call_id);
        tag.expect("we have answered with a tag").1.clone()
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
            Output::Http(_) if self.http_waits => self.http_asked += 1,
            Output::Http(request) => {
                self.http_asked += 1;
                let (status, body) = match self.token_expired {
                    _ if !self.is_admitted() => (429, json!({})),
                    true => (401, json!({"error": "TokenExpired", "message": "expired"})),
                    false => (200, json!({"login": "alice", "token": "a.b.c", "TTL": 3600})),
                };
                let outcome = cti::HttpOutcome::Answer { status, body: body.to_string() };
                self.cti(cti::Input::Http { id: request.id, outcome });
            }
            Output::OpenCti { .. } if !self.is_admitted() => {
                self.cti(cti::Input::Closed { code: 1006, reason: String::new() });
            }
            Output::OpenCti { .. } => {
                self.cti(cti::Input::Opened);
                self.cti(cti::Input::Received(json!({"msgType": "LoggedOn"}).to_string()));
            }
            Output::SendCti(text) => {
                self.cti_sent.push(text.clone());
                if text.contains("getConfig") && !self.line_waits {
                    let line = json!({"msgType": "LineConfig", "ctiMessage": self.line});
                    self.cti(cti::Input::Received(line.to_string()));
                }
                if text.contains("ping") {
                    self.cti(cti::Input::Received("{}".into()));
                }
                let of_itself = ["ping", "getConfig", "getIceConfig", "getCurrentCallsPhoneEvents"];
                if !of_itself.iter().any(|command| text.contains(command)) {
                    self.cti.push(serde_json::from_str(&text).unwrap());
                }
            }
            Output::CloseCti => {}
            Output::OpenSip { url } => {
                self.sip_opened += 1;
                self.sip_url = url.expose().to_owned();
                if self.sip_hangs {
                    return;
                }
                self.sip_is_open = !self.sip_refuses && self.is_admitted();
                let input = if !self.sip_is_open {
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
                if let (Some(id), "Terminated" | "Failed") = (event.sip_call_id(), event.type_name()) {
                    self.terminated.push(id.to_owned());
                }
                let data = event.data().map(|(_, value)| format!(": {value}")).unwrap_or_default();
                self.events.push(format!("{} {}{data}", event.group().as_str(), event.type_name()));
            }
            Output::Notice(Notice::Sip { text, .. }) => self.shown.push(text),
            Output::Notice(Notice::ToCti(command)) => {
                self.to_page_cti.push(serde_json::from_str(&command.to_string()).unwrap());
            }
            Output::Conference(calls) => self.conference = calls,
            Output::Log { text, .. } => self.log.push(text),
            Output::KeyTones(tones) => self.key_tones.push(tones),
            Output::Notice(_) | Output::Wait(_) => {}
        }
    }

    fn is_admitted(&self) -> bool {
        self.edge.as_ref().is_none_or(|edge| edge.borrow_mut().admits(self.now))
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
                self.register = Some(request.clone());
                if self.registrar_waits || self.sip_is_dead {
                    return;
                }
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
                if reply && !self.sip_is_dead {
                    let response = Message::Response(request.reply(StatusCode::OK, Some("bob-tag")));
                    self.core.handle(Input::SipReceived(response.to_string()), self.now);
                }
                if request.method == Method::Invite {
                    self.first_invite.get_or_insert_with(|| request.clone());
                }
                self.sent.push(Message::Request(request));
            }
            Message::Response(response) => {
                if let (Ok(id), Some(tag)) =
                    (response.headers.call_id(), response.headers.to().unwrap().tag())
                {
                    self.tags.push((id.to_owned(), tag.to_owned()));
                }
                self.sent.push(Message::Response(response));
            }
        }
    }

    fn on_media(&mut self, call: CallKey, command: MediaCommand) {
        let plan = match &command {
            MediaCommand::Offer { plan, .. } | MediaCommand::Answer { plan, .. } => Some(*plan),
            _ => None,
        };
        self.media.push((call, command));
        let Some(plan) = plan else { return };
        if self.media_waits {
            self.waiting_media.push(call);
            return;
        }
        let wants_camera = plan.video == Some(Flow::SendReceive);
        if wants_camera && self.no_camera {
            let event = MediaEvent::NoCamera(MicrophoneProblem::Refused);
            self.core.handle(Input::Media { call, event }, self.now);
        }
        let video = wants_camera && !self.no_camera;
        let event = match &self.no_microphone {
            Some(problem) => MediaEvent::NoMicrophone(problem.clone()),
            None => MediaEvent::Described { sdp: OUR_SDP.into(), video },
        };
        self.core.handle(Input::Media { call, event }, self.now);
    }

    fn cti(&mut self, input: cti::Input) {
        self.core.handle(Input::Cti(input), self.now);
    }
}

//! The phone's own user agent on a websocket, without a browser: what a person at the page cannot make happen at will.

use std::collections::VecDeque;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep_until, timeout};
use tokio_tungstenite::tungstenite::Message as Frame;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};
use xc_webrtc::secret::Secret;
use xc_webrtc::sip::event::{
    Ended, EndedCause, Event, Incoming, Input, Output, Referral, RegistrationEvent, SessionEvent, SessionId,
};
use xc_webrtc::sip::header::Name;
use xc_webrtc::sip::sdp::{Description, MediaDirection};
use xc_webrtc::sip::status::StatusCode;
use xc_webrtc::sip::token;
use xc_webrtc::sip::uri::Uri;
use xc_webrtc::sip::user_agent::{Config, Invite, Transport, UserAgent};
use xc_webrtc::time;

use crate::ASTERISK;
use crate::support::people::{Borrowed, Person};
use crate::support::settings::setting;

/// How long the other side may take for what it does at once.
const PATIENCE: Duration = Duration::from_secs(20);

/// The part of a description that a browser could have made for sound.
const AUDIO: &str = "m=audio 50000 UDP/TLS/RTP/SAVPF 0 101\r\na=mid:0\r\na=rtpmap:0 PCMU/8000\r\n\
    a=rtpmap:101 telephone-event/8000\r\n";

/// The part for pictures.
const VIDEO: &str =
    "m=video 50000 UDP/TLS/RTP/SAVPF 96\r\na=mid:1\r\na=rtpmap:96 VP8/90000\r\na=rtcp-fb:96 nack pli\r\n";

/// A description that a browser could have made. No media follows it.
pub fn sdp(direction: &str, setup: &str) -> String {
    describe(&[AUDIO], direction, setup)
}

/// The same with pictures.
pub fn sdp_with_video(direction: &str, setup: &str) -> String {
    describe(&[AUDIO, VIDEO], direction, setup)
}

/// An answer that takes whatever is offered.
pub fn answer_to(offer: &str) -> String {
    match Description::parse(offer).has_video() {
        true => sdp_with_video("sendrecv", "active"),
        false => sdp("sendrecv", "active"),
    }
}

fn describe(media: &[&str], direction: &str, setup: &str) -> String {
    let mids = ["0", "0 1"][media.len() - 1];
    let mut text = format!("v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE {mids}\r\n");
    let fingerprint = ["AB"; 32].join(":");
    for medium in media {
        text.push_str(medium);
        text.push_str(&format!(
            "c=IN IP4 127.0.0.1\r\na=rtcp-mux\r\na=ice-ufrag:abcd\r\na=ice-pwd:abcdefghijklmnopqrstuvwx\r\n\
             a=fingerprint:sha-256 {fingerprint}\r\na=setup:{setup}\r\na={direction}\r\n\
             a=candidate:1 1 udp 2122260223 127.0.0.1 50000 typ host\r\n"
        ));
    }
    text
}

/// Where user agents connect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Server {
    /// Asterisk itself.
    Asterisk,
    /// The Kamailio in front of it.
    Kamailio,
}

impl Server {
    fn address(self) -> String {
        setting(match self {
            Self::Asterisk => "XC_ASTERISK_WS",
            Self::Kamailio => "XC_KAMAILIO_WS",
        })
    }
}

/// A user agent on a websocket.
pub struct Agent {
    pub person: Person,
    pub ua: UserAgent,
    server: Server,
    socket: Socket,
    started: Instant,
    /// How far the clock of the user agent is ahead: nobody waits half an hour.
    ahead: Duration,
    /// How many messages there were when it was set so.
    skipped: usize,
    events: VecDeque<Event>,
    /// All that was sent and received.
    pub wire: Vec<String>,
    /// Given back when the agent is gone; a further phone of somebody has borrowed nobody.
    _borrowed: Option<Borrowed>,
}

impl Agent {
    /// Someone's, registered with Asterisk.
    pub async fn registered() -> Self {
        Self::registered_with(Server::Asterisk).await
    }

    /// Someone's, registered over that server.
    pub async fn registered_with(server: Server) -> Self {
        let borrowed = ASTERISK.borrow().await;
        let person = borrowed.clone();
        Self { _borrowed: Some(borrowed), ..Self::of(person, server).await }
    }

    /// A phone of that person, registered.
    pub async fn of(person: Person, server: Server) -> Self {
        let login = person.login.as_str();
        let config = Config {
            aor: Uri::sip(Some(login), "asterisk"),
            display_name: None,
            registrar: Uri::sip(None, "asterisk"),
            username: login.to_owned(),
            password: Secret::new(person.password.clone()),
            user_agent: "interop".into(),
            transport: Transport::Ws,
            instance: Some(token::instance(&xc_lab::random::seed())),
            expires: Duration::from_secs(60),
        };
        let ua = UserAgent::new(config, xc_lab::random::seed());
        let (socket, started) = (connect(server).await.expect("the websocket opens"), Instant::now());
        let mut agent = Self {
            person,
            ua,
            server,
            socket,
            started,
            ahead: Duration::ZERO,
            skipped: 0,
            events: VecDeque::new(),
            wire: Vec::new(),
            _borrowed: None,
        };
        agent.ua.handle(Input::Opened, agent.now());
        agent.ua.register(agent.now());
        agent.is_registered().await;
        agent
    }

    /// Another phone of the same person.
    pub async fn another(&self) -> Self {
        Self::of(self.person.clone(), self.server).await
    }

    /// Waits until the registrar has taken the contact.
    pub async fn is_registered(&mut self) {
        let registered = |event: Event| match event {
            Event::Registration(RegistrationEvent::Registered { .. }) => Some(()),
            Event::Registration(other) => panic!("not registered: {other:?}"),
            _ => None,
        };
        self.until("the registration", registered).await;
    }

    /// The moment, on the user agent's own clock.
    pub fn now(&self) -> time::Instant {
        time::Instant::from_origin(self.started.elapsed() + self.ahead)
    }

    /// Lets time pass for the user agent alone.
    pub fn skip(&mut self, time: Duration) {
        self.ahead += time;
        self.skipped = self.wire.len();
        self.ua.handle_timeout(self.now());
    }

    /// Waits for a response to a request with that method, after what was skipped.
    pub async fn hears(&mut self, status: u16, method: &str) {
        let (line, cseq) = (format!("< SIP/2.0 {status} "), format!(" {method}\r\n"));
        let is_it = |message: &String| message.starts_with(&line) && message.contains(&cseq);
        let what = format!("{status} to {method}");
        self.comes_to(&what, |agent| agent.wire[agent.skipped..].iter().any(is_it)).await;
    }

    /// Calls a number.
    pub fn calls(&mut self, number: &str) -> SessionId {
        self.calls_with(number, Vec::new())
    }

    /// Calls a number, with these header fields in the INVITE.
    pub fn calls_with(&mut self, number: &str, headers: Vec<(Name, String)>) -> SessionId {
        let (target, call_id) = (self.ua.resolve(number).unwrap(), self.ua.fresh_call_id());
        let offer = Some(sdp("sendrecv", "actpass"));
        self.ua.invite(Invite { call_id, target, offer, headers }, self.now())
    }

    /// Calls a number and waits until it is answered.
    pub async fn talks_to(&mut self, number: &str) -> SessionId {
        let id = self.calls(number);
        self.is_answered(id).await;
        id
    }

    /// Waits until a call is answered.
    pub async fn is_answered(&mut self, id: SessionId) {
        let accepted = |event: SessionEvent| match event {
            SessionEvent::Accepted { .. } => Some(()),
            SessionEvent::Ended(ended) => panic!("not accepted: {ended:?}"),
            _ => None,
        };
        self.told(id, "an answer", accepted).await;
        // The ACK.
        self.flush().await;
    }

    /// Calls somebody who answers; both sides' names for the call.
    pub async fn talks_to_person(&mut self, other: &mut Self) -> (SessionId, SessionId) {
        let number = other.person.number.clone();
        tokio::join!(self.talks_to(&number), other.answers())
    }

    /// Waits for a call.
    pub async fn is_called(&mut self) -> (SessionId, Box<Incoming>) {
        self.until("a call", |event| match event {
            Event::Session { id, event: SessionEvent::Incoming(incoming) } => Some((id, incoming)),
            _ => None,
        })
        .await
    }

    /// Takes the next call.
    pub async fn answers(&mut self) -> SessionId {
        let (id, incoming) = self.is_called().await;
        self.takes(id, &incoming).await;
        id
    }

    /// Takes a call.
    pub async fn takes(&mut self, id: SessionId, incoming: &Incoming) {
        self.ua.accept(id, &answer_to(incoming.offer.as_deref().unwrap_or_default()), self.now()).unwrap();
        self.told(id, "the ACK", |event| matches!(event, SessionEvent::Confirmed { .. }).then_some(())).await;
    }

    /// Waits until that number is on the other side, as the other side says.
    pub async fn shows(&mut self, session: SessionId, number: &str) {
        self.told(session, "who is there now", |event| match event {
            SessionEvent::Identity(identity) | SessionEvent::Offer { identity: Some(identity), .. } => {
                (identity.uri.user_text() == number).then_some(())
            }
            _ => None,
        })
        .await;
    }

    /// Has the other side call that number, as soon as Asterisk has joined both, which nobody is told: until then it
    /// answers that the request is a bad one.
    pub async fn hands_over(&mut self, session: SessionId, number: &str) {
        loop {
            let target = self.ua.resolve(number).unwrap();
            self.ua.refer(session, target, self.now()).unwrap();
            match self.refer_ends(session).await {
                Ok(()) => return,
                Err(status) => assert_eq!(status.map(StatusCode::code), Some(400)),
            }
        }
    }

    /// Hangs up, and waits until the other side has confirmed it.
    pub async fn hangs_up(&mut self, id: SessionId) {
        self.ua.hang_up(id, self.now()).unwrap();
        let is_answer =
            |message: &String| message.starts_with("< SIP/2.0 200") && message.contains(" BYE\r\n");
        self.comes_to("the answer to a BYE", |agent| agent.wire.iter().any(is_answer)).await;
    }

    /// Takes the registration away.
    pub async fn leaves(&mut self) {
        self.ua.unregister(self.now());
        let left =
            |event| matches!(event, Event::Registration(RegistrationEvent::Unregistered(_))).then_some(());
        self.until("the end of the registration", left).await;
    }

    /// Waits until a session is over.
    pub async fn is_over(&mut self, id: SessionId) -> Ended {
        self.told(id, "the end of a call", |event| match event {
            SessionEvent::Ended(ended) => Some(ended),
            _ => None,
        })
        .await
    }

    /// Waits until a session says what is waited for.
    pub async fn told<T>(
        &mut self,
        session: SessionId,
        what: &str,
        wanted: impl Fn(SessionEvent) -> Option<T>,
    ) -> T {
        self.until(what, |event| match event {
            Event::Session { id, event } if id == session => wanted(event),
            _ => None,
        })
        .await
    }

    /// Waits for an event; offers that come meanwhile are taken.
    pub async fn until<T>(&mut self, what: &str, wanted: impl Fn(Event) -> Option<T>) -> T {
        let wait = async {
            loop {
                self.flush().await;
                while let Some(event) = self.events.pop_front() {
                    let offer = match &event {
                        Event::Session { id, event: SessionEvent::Offer { offer, .. } } => {
                            Some((*id, offer.clone().unwrap_or_default()))
                        }
                        _ => None,
                    };
                    let found = wanted(event);
                    if let Some((id, offer)) = offer {
                        self.ua.answer_offer(id, &answer_to(&offer), self.now()).unwrap();
                        self.flush().await;
                    }
                    if let Some(found) = found {
                        return found;
                    }
                }
                self.wait().await;
            }
        };
        match timeout(PATIENCE, wait).await {
            Ok(found) => found,
            Err(_) => panic!("waited in vain for {what}; {}", self.story()),
        }
    }

    /// Goes on until all is as wanted.
    pub async fn comes_to(&mut self, what: &str, wanted: impl Fn(&Self) -> bool) {
        self.comes_within(PATIENCE, what, wanted).await;
    }

    /// Goes on until all is as wanted, for so long at most.
    pub async fn comes_within(&mut self, limit: Duration, what: &str, wanted: impl Fn(&Self) -> bool) {
        let wait = async {
            self.flush().await;
            while !wanted(self) {
                self.wait().await;
                self.flush().await;
            }
        };
        if timeout(limit, wait).await.is_err() {
            panic!("waited in vain for {what}; {}", self.story());
        }
    }

    /// Goes on until that moment.
    pub async fn goes_on_until(&mut self, at: time::Instant) {
        let at = self.started + at.since_origin().saturating_sub(self.ahead);
        while Instant::now() < at {
            self.flush().await;
            tokio::select! {
                () = self.wait() => {}
                () = sleep_until(at) => {}
            }
        }
    }

    /// Sends what there is to send.
    pub async fn flush(&mut self) {
        loop {
            match self.ua.poll() {
                Output::Send(text) => {
                    self.wire.push(format!("> {text}"));
                    self.socket.send(Frame::text(text)).await.unwrap();
                }
                Output::Event(event) => self.events.push_back(event),
                Output::Wait(_) => return,
            }
        }
    }

    async fn wait(&mut self) {
        let Output::Wait(deadline) = self.ua.poll() else { panic!("there was more to do") };
        let at = deadline.map_or(Duration::from_secs(3600), |deadline| deadline.at.since_origin());
        let due = self.started + at.saturating_sub(self.ahead);
        tokio::select! {
            text = receive(&mut self.socket) => {
                let input = match text {
                    Some(text) => {
                        self.wire.push(format!("< {text}"));
                        Input::Received(text)
                    }
                    None => Input::Closed { reason: "closed by the other side".into() },
                };
                self.ua.handle(input, self.now());
            }
            () = sleep_until(due) => self.ua.handle_timeout(self.now()),
        }
    }

    /// The next message of the other side, which the user agent does not see before it is given to [`Agent::sees`].
    pub async fn holds_back(&mut self) -> String {
        let text = timeout(PATIENCE, receive(&mut self.socket)).await;
        text.expect("a message in time").expect("the websocket is open")
    }

    /// Shows the user agent a message.
    pub fn sees(&mut self, text: String) {
        self.wire.push(format!("< {text}"));
        self.ua.handle(Input::Received(text), self.now());
    }

    /// What becomes of a REFER: the other side's word, or the end that it brings.
    pub async fn refer_ends(&mut self, session: SessionId) -> Result<(), Option<StatusCode>> {
        self.told(session, "the outcome of a REFER", |event| match event {
            SessionEvent::Referral(Referral::Succeeded) => Some(Ok(())),
            SessionEvent::Ended(ended) if ended.cause == EndedCause::RemoteBye => Some(Ok(())),
            SessionEvent::Referral(Referral::Failed { status, .. }) => Some(Err(status)),
            _ => None,
        })
        .await
    }

    /// How many messages that begin so went that way (`>` or `<`).
    pub fn count(&self, way_and_beginning: &str) -> usize {
        self.wire.iter().filter(|message| message.starts_with(way_and_beginning)).count()
    }

    /// The messages as one reads them in a panic: the first line of each, and what steers the session.
    fn story(&self) -> String {
        let mut story = String::from("seen were:");
        for message in &self.wire {
            let mut lines = message.lines();
            story.push_str(&format!("\n{}", lines.next().unwrap_or_default()));
            let fields = ["CSeq:", "Session-Expires:", "Retry-After:", "Reason:"];
            for line in lines.filter(|line| fields.iter().any(|field| line.starts_with(field))) {
                story.push_str(&format!(" | {line}"));
            }
        }
        story
    }
}

/// What an answer says of the direction; a refusal is the story's failure.
pub fn answered(event: SessionEvent) -> Option<MediaDirection> {
    match event {
        SessionEvent::Answer { answer } => Description::parse(&answer).audio_direction(),
        SessionEvent::OfferRefused { status, reason, .. } => panic!("refused: {status} {reason}"),
        _ => None,
    }
}

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

async fn connect(server: Server) -> Option<Socket> {
    let mut request = server.address().into_client_request().ok()?;
    request.headers_mut().insert("Sec-WebSocket-Protocol", HeaderValue::from_static("sip"));
    Some(connect_async(request).await.ok()?.0)
}

/// The next text; `None` when the other side has closed. What is no text is none of ours.
async fn receive(socket: &mut Socket) -> Option<String> {
    loop {
        match socket.next().await?.ok()? {
            Frame::Text(text) => return Some(text.to_string()),
            Frame::Binary(bytes) => return Some(String::from_utf8_lossy(&bytes).into_owned()),
            Frame::Close(_) => return None,
            Frame::Ping(_) | Frame::Pong(_) | Frame::Frame(_) => {}
        }
    }
}

//! The phone's own user agent against a real Asterisk, without a browser: what a person at the page cannot make happen
//! at will, and transfers by REFER.

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
    EndedCause, Event, Input, Output, Referral, RegistrationEvent, SessionEvent, SessionId,
};
use xc_webrtc::sip::sdp::{Description, MediaDirection};
use xc_webrtc::sip::status::StatusCode;
use xc_webrtc::sip::uri::Uri;
use xc_webrtc::sip::user_agent::{Config, Invite, Transport, UserAgent};
use xc_webrtc::time;

use crate::ASTERISK;
use crate::support::people::Borrowed;
use crate::support::settings::setting;
use crate::support::stage::story;

/// A description that a browser could have made. No media follows it.
fn sdp(direction: &str, setup: &str) -> String {
    let fingerprint = ["AB"; 32].join(":");
    format!(
        "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\n\
         m=audio 50000 UDP/TLS/RTP/SAVPF 0 101\r\nc=IN IP4 127.0.0.1\r\na=mid:0\r\na=rtcp-mux\r\n\
         a=ice-ufrag:abcd\r\na=ice-pwd:abcdefghijklmnopqrstuvwx\r\na=fingerprint:sha-256 {fingerprint}\r\n\
         a=setup:{setup}\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:101 telephone-event/8000\r\na={direction}\r\n\
         a=candidate:1 1 udp 2122260223 127.0.0.1 50000 typ host\r\n"
    )
}

/// A user agent on a websocket.
struct Agent {
    person: Borrowed,
    ua: UserAgent,
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    started: Instant,
    events: VecDeque<Event>,
}

impl Agent {
    /// Someone's, registered.
    async fn registered() -> Self {
        let person = ASTERISK.borrow().await;
        let login = person.login.as_str();
        let config = Config {
            aor: Uri::sip(Some(login), "asterisk"),
            display_name: None,
            registrar: Uri::sip(None, "asterisk"),
            username: login.to_owned(),
            password: Secret::new(person.password.clone()),
            user_agent: "interop".into(),
            transport: Transport::Ws,
            expires: Duration::from_secs(60),
        };
        let mut request = setting("XC_ASTERISK_WS").into_client_request().unwrap();
        request.headers_mut().insert("Sec-WebSocket-Protocol", HeaderValue::from_static("sip"));
        let (socket, _) = connect_async(request).await.unwrap();
        let ua = UserAgent::new(config, xc_lab::random::seed());
        let mut agent = Self { person, ua, socket, started: Instant::now(), events: VecDeque::new() };
        agent.ua.handle(Input::Opened, agent.now());
        agent.ua.register(agent.now());
        let registered = |event: Event| match event {
            Event::Registration(RegistrationEvent::Registered { .. }) => Some(()),
            Event::Registration(other) => panic!("not registered: {other:?}"),
            _ => None,
        };
        agent.until("the registration", registered).await;
        agent
    }

    fn now(&self) -> time::Instant {
        time::Instant::from_origin(self.started.elapsed())
    }

    /// Calls a number and waits until it is answered.
    async fn talks_to(&mut self, number: &str) -> SessionId {
        let (target, call_id) = (self.ua.resolve(number).unwrap(), self.ua.fresh_call_id());
        let offer = Some(sdp("sendrecv", "actpass"));
        let id = self.ua.invite(Invite { call_id, target, offer, headers: Vec::new() }, self.now());
        let accepted = |event: SessionEvent| match event {
            SessionEvent::Accepted { .. } => Some(()),
            SessionEvent::Ended(ended) => panic!("not accepted: {ended:?}"),
            _ => None,
        };
        self.told(id, "an answer", accepted).await;
        // The ACK.
        self.flush().await;
        id
    }

    /// Calls somebody who answers.
    async fn talks_to_person(&mut self, other: &mut Self) -> SessionId {
        let number = other.person.number.clone();
        tokio::join!(self.talks_to(&number), other.answers()).0
    }

    /// Takes the next call.
    async fn answers(&mut self) -> SessionId {
        let incoming = |event: Event| match event {
            Event::Session { id, event: SessionEvent::Incoming(_) } => Some(id),
            _ => None,
        };
        let id = self.until("a call", incoming).await;
        self.ua.accept(id, &sdp("sendrecv", "active"), self.now()).unwrap();
        self.told(id, "the ACK", |event| matches!(event, SessionEvent::Confirmed { .. }).then_some(())).await;
        id
    }

    /// Waits until a session says what is waited for.
    async fn told<T>(
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

    async fn until<T>(&mut self, what: &str, wanted: impl Fn(Event) -> Option<T>) -> T {
        let wait = async {
            loop {
                self.flush().await;
                while let Some(event) = self.events.pop_front() {
                    if let Some(found) = wanted(event) {
                        return found;
                    }
                }
                self.wait().await;
            }
        };
        match timeout(Duration::from_secs(20), wait).await {
            Ok(found) => found,
            Err(_) => panic!("waited in vain for {what}"),
        }
    }

    async fn flush(&mut self) {
        loop {
            match self.ua.poll() {
                Output::Send(text) => self.socket.send(Frame::text(text)).await.unwrap(),
                Output::Event(event) => self.events.push_back(event),
                Output::Wait(_) => return,
            }
        }
    }

    async fn wait(&mut self) {
        let Output::Wait(deadline) = self.ua.poll() else { panic!("there was more to do") };
        let at = deadline.map_or(Duration::from_secs(3600), |deadline| deadline.at.since_origin());
        tokio::select! {
            frame = self.socket.next() => {
                let text = frame.unwrap().unwrap().into_text().unwrap().to_string();
                self.ua.handle(Input::Received(text), self.now());
            }
            () = sleep_until(self.started + at) => self.ua.handle_timeout(self.now()),
        }
    }

    /// What becomes of a REFER: the other side's word, or the end that it brings.
    async fn refer_ends(&mut self, session: SessionId) -> Result<(), Option<StatusCode>> {
        self.told(session, "the outcome of a REFER", |event| match event {
            SessionEvent::Referral(Referral::Succeeded) => Some(Ok(())),
            SessionEvent::Ended(ended) if ended.cause == EndedCause::RemoteBye => Some(Ok(())),
            SessionEvent::Referral(Referral::Failed { status, .. }) => Some(Err(status)),
            _ => None,
        })
        .await
    }
}

fn answered(event: SessionEvent) -> Option<MediaDirection> {
    match event {
        SessionEvent::Answer { answer } => Description::parse(&answer).audio_direction(),
        SessionEvent::OfferRefused { status, reason, .. } => panic!("refused: {status} {reason}"),
        _ => None,
    }
}

#[tokio::test]
async fn asterisk_lets_itself_be_held_and_resumed() {
    story(async |_| {
        let mut alice = Agent::registered().await;
        let call = alice.talks_to("601").await;
        for (ours, theirs) in [
            ("sendonly", MediaDirection::RecvOnly),
            ("sendrecv", MediaDirection::SendRecv),
            ("inactive", MediaDirection::Inactive),
        ] {
            alice.ua.reoffer(call, &sdp(ours, "actpass"), alice.now()).unwrap();
            assert_eq!(alice.told(call, "the answer to a re-INVITE", answered).await, theirs);
            alice.flush().await;
        }
        alice.ua.hang_up(call, alice.now()).unwrap();
        alice.flush().await;
    })
    .await;
}

#[tokio::test]
async fn asterisk_takes_tones_by_info() {
    story(async |_| {
        let mut alice = Agent::registered().await;
        let call = alice.talks_to("602").await;
        for digit in "1234".chars() {
            let body = format!("Signal={digit}\r\nDuration=120\r\n");
            alice.ua.info(call, "application/dtmf-relay", &body, alice.now()).unwrap();
            let status = alice
                .told(call, "the answer to an INFO", |event| match event {
                    SessionEvent::InfoAnswered { status } => Some(status),
                    _ => None,
                })
                .await;
            assert_eq!(status, Some(StatusCode::OK));
        }
        alice.ua.hang_up(call, alice.now()).unwrap();
        alice.flush().await;
    })
    .await;
}

#[tokio::test]
async fn asterisk_carries_a_direct_transfer_out() {
    story(async |_| {
        let (mut alice, mut bob) = (Agent::registered().await, Agent::registered().await);
        let call = alice.talks_to_person(&mut bob).await;
        let target = alice.ua.resolve("601").unwrap();
        alice.ua.refer(call, target, alice.now()).unwrap();
        assert_eq!(alice.refer_ends(call).await, Ok(()));
    })
    .await;
}

#[tokio::test]
async fn asterisk_joins_the_others_of_an_attended_transfer() {
    story(async |_| {
        let (mut alice, mut bob) = (Agent::registered().await, Agent::registered().await);
        let call = alice.talks_to_person(&mut bob).await;
        alice.ua.reoffer(call, &sdp("sendonly", "actpass"), alice.now()).unwrap();
        alice.told(call, "the answer to a hold", answered).await;
        let consultation = alice.talks_to("601").await;
        alice.ua.refer_to_session(call, consultation, alice.now()).unwrap();
        assert_eq!(alice.refer_ends(call).await, Ok(()));
    })
    .await;
}

#[tokio::test]
async fn a_transfer_to_nobody_is_told() {
    story(async |_| {
        let (mut alice, mut bob) = (Agent::registered().await, Agent::registered().await);
        let call = alice.talks_to_person(&mut bob).await;
        let target = alice.ua.resolve("4711").unwrap();
        alice.ua.refer(call, target, alice.now()).unwrap();
        let failed = alice.refer_ends(call).await.unwrap_err();
        assert_eq!(failed.map(StatusCode::code), Some(404));
    })
    .await;
}

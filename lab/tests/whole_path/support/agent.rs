//! The phone's own user agent over a real websocket: the shell that the browser is elsewhere.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use tokio::time::{Instant, sleep_until};
use tokio_tungstenite::tungstenite::Message as Frame;
use xc_webrtc::secret::Secret;
use xc_webrtc::sip::event::{Event, Input, Output, RegistrationEvent, SessionEvent, SessionId};
use xc_webrtc::sip::token;
use xc_webrtc::sip::uri::Uri;
use xc_webrtc::sip::user_agent::{Config, Invite, Transport, UserAgent};
use xc_webrtc::time;

use super::cti::{Cti, Socket};
use super::{http, phone, soon};

pub struct Agent {
    pub ua: UserAgent,
    pub cti: Cti,
    lab: SocketAddr,
    token: String,
    socket: Socket,
    started: Instant,
    /// Events that came while something was sent.
    events: VecDeque<Event>,
}

impl Agent {
    /// Someone's user agent, registered.
    pub async fn registered(lab: SocketAddr, login: &str) -> Self {
        let token = http::log_in(lab, login).await;
        let cti = Cti::open(lab, &token).await;
        let text = |key: &str| cti.line[key].as_str().unwrap();
        let config = Config {
            aor: Uri::sip(Some(text("name")), text("sipProxyName")),
            display_name: None,
            registrar: Uri::sip(None, text("sipProxyName")),
            username: text("name").to_owned(),
            password: Secret::new(text("password")),
            user_agent: "whole path".into(),
            transport: Transport::Ws,
            instance: Some(token::instance(&xc_lab::random::seed())),
            expires: Duration::from_secs(60),
        };
        let socket = phone::open(lab, &format!("wssip?token={token}")).await.unwrap();
        let ua = UserAgent::new(config, xc_lab::random::seed());
        let mut agent =
            Self { ua, cti, lab, token, socket, started: Instant::now(), events: VecDeque::new() };
        agent.ua.handle(Input::Opened, agent.now());
        agent.ua.register(agent.now());
        agent.is_registered().await;
        agent
    }

    pub fn now(&self) -> time::Instant {
        time::Instant::from_origin(self.started.elapsed())
    }

    /// Waits until the registrar has said yes.
    pub async fn is_registered(&mut self) {
        loop {
            match self.event().await {
                Event::Registration(RegistrationEvent::Registered { expires }) => {
                    assert_eq!(expires, Duration::from_secs(60));
                    return;
                }
                Event::Registration(other) => panic!("not registered: {other:?}"),
                _ => {}
            }
        }
    }

    /// Asks the lab for a sign of life; how long it took.
    pub async fn round_trip(&mut self) -> Duration {
        self.ua.probe(self.now());
        let answered = async {
            loop {
                self.flush().await;
                if let Some(time) = self.ua.round_trip() {
                    return time;
                }
                self.wait().await;
            }
        };
        soon("a pong", answered).await
    }

    /// The websocket was lost; a new one is opened.
    pub async fn comes_back(&mut self) {
        while soon("the loss", self.socket.next()).await.is_some_and(|frame| frame.is_ok()) {}
        self.ua.handle(Input::Closed { reason: "lost".into() }, self.now());
        self.socket = phone::open(self.lab, &format!("wssip?token={}", self.token)).await.unwrap();
        self.ua.handle(Input::Opened, self.now());
    }

    pub fn call(&mut self, number: &str, offer: String) -> SessionId {
        let target = self.ua.resolve(number).unwrap();
        let call_id = self.ua.fresh_call_id();
        let invite = Invite { call_id, target, offer: Some(offer), headers: Vec::new() };
        self.ua.invite(invite, self.now())
    }

    /// The next event of a session.
    pub async fn session_event(&mut self) -> (SessionId, SessionEvent) {
        loop {
            if let Event::Session { id, event } = self.event().await {
                return (id, event);
            }
        }
    }

    /// Sends what there is to send.
    pub async fn flush(&mut self) {
        loop {
            match self.ua.poll() {
                Output::Send(text) => self.socket.send(Frame::text(text)).await.unwrap(),
                Output::Event(event) => self.events.push_back(event),
                Output::Wait(_) => return,
            }
        }
    }

    /// The next event; none may be a complaint.
    pub async fn event(&mut self) -> Event {
        soon("an event", self.drive()).await
    }

    async fn drive(&mut self) -> Event {
        loop {
            self.flush().await;
            match self.events.pop_front() {
                Some(Event::Diagnostic(complaint)) => panic!("the lab wrote badly: {complaint:?}"),
                Some(event) => return event,
                None => self.wait().await,
            }
        }
    }

    /// Waits for a frame or for the user agent's deadline.
    async fn wait(&mut self) {
        let Output::Wait(deadline) = self.ua.poll() else { panic!("there was more to do") };
        let idle = Duration::from_secs(60);
        let at = deadline.map_or(self.started + idle, |deadline| self.started + deadline.at.since_origin());
        tokio::select! {
            frame = self.socket.next() => {
                let input = match frame {
                    Some(Ok(frame)) => Input::Received(frame.into_text().unwrap().to_string()),
                    _ => Input::Closed { reason: "lost".into() },
                };
                self.ua.handle(input, self.now());
            }
            () = sleep_until(at) => self.ua.handle_timeout(self.now()),
        }
    }
}

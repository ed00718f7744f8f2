//! The whole phone but for the browser: the core that the page runs, over real sockets.

use std::net::SocketAddr;

use futures_util::future::select_all;
use futures_util::{FutureExt, SinkExt, StreamExt};
use tokio::time::{Duration, Instant, sleep_until, timeout};
use tokio_tungstenite::tungstenite::Message as Frame;
use xc_webrtc::cti::event as cti;
use xc_webrtc::cti::server::PageOrigin;
use xc_webrtc::phone::api::{Client, Command, Notice, Refusal, Registration, View};
use xc_webrtc::phone::call::CallKey;
use xc_webrtc::phone::core::{Core, Settings};
use xc_webrtc::phone::effect::{Flow, Input, MediaCommand, MediaEvent, Output, Plan};
use xc_webrtc::secret::Secret;
use xc_webrtc::time::{self, Deadline};

use super::cti::Socket;
use super::peer::{Direction, Peer};
use super::{http, phone};

/// Someone's phone.
pub struct Whole {
    core: Core,
    lab: SocketAddr,
    cti: Option<Socket>,
    sip: Option<Socket>,
    media: Vec<(CallKey, Peer)>,
    deadline: Option<Deadline>,
    started: Instant,
    /// The events published, as `group Type`.
    pub events: Vec<String>,
}

impl Whole {
    /// Logged in and registered.
    pub async fn ready(lab: SocketAddr, login: &str) -> Self {
        let page = PageOrigin { secure: false, host: lab.to_string() };
        let core = Core::new(
            Settings { auto_init: true, page, instance: "urn:uuid:a-tab".into() },
            xc_lab::random::seed(),
        );
        let mut phone = Self {
            core,
            lab,
            cti: None,
            sip: None,
            media: Vec::new(),
            deadline: None,
            started: Instant::now(),
            events: Vec::new(),
        };
        let (server, password) = (String::new(), Secret::new(login));
        let client = Client::default();
        phone.does(Command::LogIn { server, login: login.into(), password, client }).await.unwrap();
        let registered =
            |phones: &[&mut Self]| matches!(phones[0].view().registration, Registration::Registered { .. });
        until("the registration", &mut [&mut phone], registered).await;
        phone
    }

    /// Gives a command.
    pub async fn does(&mut self, command: Command) -> Result<(), Refusal> {
        let result = self.core.command(command, self.now());
        self.drain().await;
        result
    }

    pub fn view(&self) -> View {
        self.core.view()
    }

    fn now(&self) -> time::Instant {
        time::Instant::from_origin(self.started.elapsed())
    }

    /// Does what the core wants until it waits.
    async fn drain(&mut self) {
        loop {
            match self.core.poll() {
                Output::Wait(deadline) => {
                    self.deadline = deadline;
                    return;
                }
                output => self.carry_out(output).await,
            }
        }
    }

    async fn carry_out(&mut self, output: Output) {
        match output {
            Output::Http(request) => {
                let path = path_of(&request.url);
                let headers: Vec<_> =
                    request.headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
                let body = request.body.unwrap_or_default();
                let (status, body) = http::request(self.lab, request.method, path, &headers, &body).await;
                let outcome = cti::HttpOutcome::Answer { status, body: body.to_string() };
                self.handle(Input::Cti(cti::Input::Http { id: request.id, outcome }));
            }
            Output::OpenCti { url } => {
                let url = format!("ws://{}{}", self.lab, path_of(url.expose()));
                let (socket, _) = tokio_tungstenite::connect_async(url).await.unwrap();
                self.cti = Some(socket);
                self.handle(Input::Cti(cti::Input::Opened));
            }
            Output::OpenSip { url } => {
                let path = path_of(url.expose()).trim_start_matches('/');
                self.sip = Some(phone::open(self.lab, path).await.unwrap());
                self.handle(Input::SipOpened);
            }
            Output::SendCti(text) => send(&mut self.cti, text).await,
            Output::SendSip(text) => send(&mut self.sip, text).await,
            Output::CloseCti => self.cti = None,
            Output::CloseSip => self.sip = None,
            Output::Media { call, command } => self.on_media(call, command).await,
            Output::Notice(Notice::Event(event)) => {
                self.events.push(format!("{} {}", event.group().as_str(), event.type_name()));
            }
            Output::Notice(Notice::Diagnostic { source, text }) => panic!("{source}: {text}"),
            Output::Keep(_)
            | Output::Forget
            | Output::Conference(_)
            | Output::Ring(_)
            | Output::KeyTones(_)
            | Output::Log { .. }
            | Output::Notice(_)
            | Output::Wait(_) => {}
        }
    }

    fn handle(&mut self, input: Input) {
        let now = self.now();
        self.core.handle(input, now);
    }

    async fn on_media(&mut self, call: CallKey, command: MediaCommand) {
        let sdp = match command {
            MediaCommand::Offer { plan, .. } => self.peer(call).await.offer_sound(direction(plan)),
            MediaCommand::Answer { offer, .. } => self.peer(call).await.answer(&offer),
            MediaCommand::Accept { answer } => return self.peer(call).await.accept(&answer),
            MediaCommand::Dtmf { tones } => {
                let event = MediaEvent::DtmfUnavailable { tones };
                return self.handle(Input::Media { call, event });
            }
            MediaCommand::Close | MediaCommand::Anew => return self.media.retain(|(key, _)| *key != call),
            MediaCommand::Prepare { .. }
            | MediaCommand::Restart { .. }
            | MediaCommand::Rollback
            | MediaCommand::Hush { .. }
            | MediaCommand::Microphone { .. }
            | MediaCommand::Camera { .. } => return,
        };
        self.handle(Input::Media { call, event: MediaEvent::Described { sdp, video: false } });
    }

    async fn peer(&mut self, call: CallKey) -> &mut Peer {
        if !self.media.iter().any(|(key, _)| *key == call) {
            self.media.push((call, Peer::saying("voice").await));
        }
        &mut self.media.iter_mut().find(|(key, _)| *key == call).unwrap().1
    }

    /// Waits for the next thing that happens; `None`: a moment has come. Can be dropped and begun again.
    async fn next(&mut self) -> Option<Input> {
        let idle = Duration::from_secs(3600);
        let at = self.started + self.deadline.map_or(idle, |deadline| deadline.at.since_origin());
        tokio::select! {
            text = frame(&mut self.cti) => Some(Input::Cti(match text {
                Some(text) => cti::Input::Received(text),
                None => cti::Input::Closed { code: 1006, reason: "lost".into() },
            })),
            text = frame(&mut self.sip) => Some(match text {
                Some(text) => Input::SipReceived(text),
                None => Input::SipClosed { reason: "lost".into() },
            }),
            () = sleep_until(at) => None,
        }
    }

    async fn take(&mut self, input: Option<Input>) {
        let now = self.now();
        match input {
            Some(input) => self.core.handle(input, now),
            None => self.core.handle_timeout(now),
        }
        self.drain().await;
    }
}

/// Lets these phones live until something is so.
pub async fn until(what: &str, phones: &mut [&mut Whole], is_so: impl Fn(&[&mut Whole]) -> bool) {
    let live = async {
        while !is_so(phones) {
            let waiting = phones.iter_mut().map(|phone| phone.next().boxed_local());
            let (input, whose, _) = select_all(waiting).await;
            phones[whose].take(input).await;
        }
    };
    if timeout(Duration::from_secs(20), live).await.is_err() {
        let seen: Vec<_> = phones.iter().map(|phone| (&phone.events, phone.view().calls)).collect();
        panic!("waited in vain for {what}: {seen:#?}");
    }
}

/// The next text; `None` when the websocket was closed. Waits for ever where there is none.
async fn frame(socket: &mut Option<Socket>) -> Option<String> {
    let Some(open) = socket else { return std::future::pending().await };
    loop {
        match open.next().await {
            Some(Ok(Frame::Text(text))) => return Some(text.to_string()),
            Some(Ok(Frame::Ping(_) | Frame::Pong(_))) => {}
            _ => {
                *socket = None;
                return None;
            }
        }
    }
}

async fn send(socket: &mut Option<Socket>, text: String) {
    if let Some(socket) = socket {
        socket.send(Frame::text(text)).await.unwrap();
    }
}

/// What follows the host of an address.
fn path_of(url: &str) -> &str {
    let after_scheme = url.split_once("://").unwrap().1;
    &after_scheme[after_scheme.find('/').unwrap()..]
}

fn direction(plan: Plan) -> Direction {
    match plan.audio {
        Flow::SendReceive => Direction::SendRecv,
        Flow::Send => Direction::SendOnly,
        Flow::Receive => Direction::RecvOnly,
        Flow::Inactive => Direction::Inactive,
    }
}

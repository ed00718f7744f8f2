//! What goes into the core of the phone and what it wants done: the whole border to the browser.

use crate::cti::event as cti;
use crate::cti::message::IceServer;
use crate::secret::Secret;
use crate::time::Deadline;

use super::api::{Level, Notice};
use super::call::{CallKey, CameraProblem, MicrophoneProblem};
use super::quality::Sample;

/// A fact about the outside world.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// For the CTI link: its socket, its HTTP answers.
    Cti(cti::Input),
    /// The SIP websocket is open.
    SipOpened,
    /// The SIP websocket is closed, or could not be opened.
    SipClosed {
        /// Why, in words for a person.
        reason: String,
    },
    /// A message came over the SIP websocket.
    SipReceived(String),
    /// A message came that could not be taken as text, or was too long; it was dropped.
    Unreadable {
        /// Where from: `sip` or `cti`.
        source: &'static str,
        /// What was wrong with it.
        text: String,
    },
    /// The media of a call did what it was told, or something of its own.
    Media {
        /// Which call.
        call: CallKey,
        /// What.
        event: MediaEvent,
    },
    /// The network is back, or the page is shown again: what waits may be tried now, what is open may be dead.
    Awake,
    /// The network is said to be gone: what is open may be dead.
    Doubt,
}

/// What the media of a call says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MediaEvent {
    /// The session description asked for by the last [`MediaCommand::Offer`] or [`MediaCommand::Answer`].
    Described {
        /// The session description.
        sdp: String,
        /// Our camera is in it.
        video: bool,
    },
    /// The microphone could not be opened; nothing was described.
    NoMicrophone(MicrophoneProblem),
    /// Another microphone is used from now on, of that name; or there is none any more, and the call goes on without.
    Microphone(Result<String, MicrophoneProblem>),
    /// What the browser has counted until now; once a second from when media can flow.
    Sampled(Sample),
    /// The camera could not be opened; the description comes without it.
    NoCamera(CameraProblem),
    /// The browser could not make or take a session description.
    Broken(String),
    /// The other side's audio was attached.
    RemoteAudio,
    /// The other side's pictures came or went.
    RemoteVideo {
        /// They came.
        on: bool,
    },
    /// Tones cannot go in the media stream: the other side takes none there.
    DtmfUnavailable {
        /// Those that were not sent.
        tones: String,
    },
    /// Media can flow, for the first time or again.
    Flowing,
    /// Nothing comes from the other side any more. It may pass by itself.
    Interrupted,
    /// Media cannot flow: no path to the other side was found, or the path is gone for good.
    Failed,
}

/// What the media of a call is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MediaCommand {
    /// Make ready what an answer needs, but leave the microphone closed: it rings, and nobody has answered.
    Prepare {
        /// The servers that help to find a path.
        ice: Vec<IceServer>,
    },
    /// Open the microphone if it is not open, describe what we offer.
    Offer {
        /// The servers that help to find a path.
        ice: Vec<IceServer>,
        /// What we want to send and hear.
        plan: Plan,
    },
    /// Open the microphone if it is not open, take this offer, describe our answer.
    Answer {
        /// The other side's offer.
        offer: String,
        /// The servers that help to find a path.
        ice: Vec<IceServer>,
        /// What we want to send and hear.
        plan: Plan,
    },
    /// Take the answer to our offer; one in a provisional response may be followed by another.
    Accept {
        /// The answer.
        answer: String,
    },
    /// Have the next offer look for a path anew (an ICE restart, RFC 8839 §4.4.1.1), by the servers that come with it.
    Restart {
        /// By way of TURN servers only.
        relayed: bool,
    },
    /// Our offer was refused: go back to what was agreed before.
    Rollback,
    /// Begin anew: what is described next is another session.
    Anew,
    /// Switch the microphone; holds for one that is opened later, too.
    Microphone {
        /// On or off.
        on: bool,
    },
    /// Let nothing of us be seen or heard, and nothing of the other side be heard, whatever was agreed on: it is to be
    /// held, and does not know of that yet.
    Hush {
        /// From now on; else no more.
        on: bool,
    },
    /// Send the camera's pictures or not, without telling the other side (no new description).
    Camera {
        /// On or off.
        on: bool,
    },
    /// Send tones in the media stream (RFC 4733), behind those that are still being sent.
    Dtmf {
        /// `0-9`, `*`, `#`, `A-D`.
        tones: String,
    },
    /// Release everything.
    Close,
}

/// What we want to send and hear of each medium.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Speech.
    pub audio: Flow,
    /// Pictures; `None`: no video, refused where the other side offers some.
    pub video: Option<Flow>,
}

/// Which way a medium flows, as we see it (RFC 3264 §5). On hold nothing of the microphone or the camera is sent,
/// whatever the direction says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// Both ways.
    SendReceive,
    /// We only send: the other side is on hold.
    Send,
    /// We only hear or see.
    Receive,
    /// Neither: both sides hold.
    Inactive,
}

impl Plan {
    /// A talk without pictures.
    pub const TALK: Self = Self { audio: Flow::SendReceive, video: None };
}

/// What is heard while nobody talks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ring {
    /// Nothing.
    Silent,
    /// Somebody calls.
    Incoming,
    /// Somebody calls during a talk: soft, now and then.
    Waiting,
    /// It rings at the other side, and the network sends no tone of its own.
    Ringback,
}

/// What the core wants done; drained with [`Core::poll`](super::core::Core::poll).
#[derive(Clone, Debug, PartialEq)]
pub enum Output {
    /// Send this request; its outcome comes back as [`cti::Input::Http`].
    Http(cti::HttpRequest),
    /// Open the CTI websocket.
    OpenCti {
        /// Its address; the token is in it.
        url: Secret,
    },
    /// Send this over the CTI websocket.
    SendCti(String),
    /// Close the CTI websocket.
    CloseCti,
    /// Open the SIP websocket, sub-protocol `sip`.
    OpenSip {
        /// Its address; the token is in it.
        url: Secret,
    },
    /// Send this over the SIP websocket.
    SendSip(String),
    /// Close the SIP websocket.
    CloseSip,
    /// Keep this for the life of the tab, so that a reload finds the person logged in.
    Keep(Kept),
    /// Forget what was kept.
    Forget,
    /// Tell the media of a call.
    Media {
        /// Which call.
        call: CallKey,
        /// What.
        command: MediaCommand,
    },
    /// These calls hear each other from now on; none: every call is by itself.
    Conference(Vec<CallKey>),
    /// Let this be heard.
    Ring(Ring),
    /// Let the tones of these keys be heard here, shortly: the person has pressed them.
    KeyTones(String),
    /// Write this to the log.
    Log {
        /// How grave it is.
        level: Level,
        /// A line.
        text: String,
    },
    /// Tell those who listen.
    Notice(Notice),
    /// Nothing more to do until there is input or this moment has come.
    Wait(Option<Deadline>),
}

/// What a tab keeps of a log-in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The server, as it was typed.
    pub server: String,
    /// The login.
    pub login: String,
    /// The CTI token.
    pub token: Secret,
}

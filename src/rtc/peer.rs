//! One connection for the media of one call.

mod negotiation;
mod tones;
mod transceivers;

use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{MediaStream, MediaStreamTrack, RtcPeerConnection, RtcPeerConnectionState, RtcTrackEvent};

use self::negotiation::Negotiation;
use self::tones::Tones;
use self::transceivers::{AUDIO, VIDEO};
pub use self::transceivers::{Medium, Wanted};
use super::ice::{self, Ice};
use crate::browser::error_text;
use crate::browser::listener::Listener;

/// What a connection tells.
#[derive(Clone, Debug, PartialEq)]
pub enum PeerEvent {
    /// The other side's speech is there. The stream is the same for the whole call, whatever is negotiated later.
    RemoteAudio(MediaStream),
    /// The other side's pictures are there, in a stream that is the same for the whole call.
    RemoteVideo(MediaStream),
    /// The connection changed.
    State(PeerState),
}

/// How a connection stands (W3C WebRTC, `RTCPeerConnectionState`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PeerState {
    /// Nothing was negotiated yet.
    New,
    /// Looking for a way, or agreeing on keys.
    Connecting,
    /// Media can flow.
    Connected,
    /// Nothing is heard of the other side; this may pass by itself.
    Disconnected,
    /// There is no way, or there is none any more.
    Failed,
    /// Closed by us. Never told as an event: whoever dropped the connection knows.
    Closed,
}

/// Why a step of a negotiation failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PeerError {
    /// This browser has no WebRTC, or it is switched off: take another.
    NotSupported(String),
    /// The other side's description cannot be used: refuse it, or end the call.
    Description(String),
    /// The connection was dropped meanwhile: nobody needs to be told.
    Closed,
    /// Anything else, in the browser's words.
    Other(String),
}

impl fmt::Display for PeerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotSupported(reason) => write!(f, "no WebRTC in this browser: {reason}"),
            Self::Description(reason) => write!(f, "the session description cannot be used: {reason}"),
            Self::Closed => f.write_str("the connection is closed"),
            Self::Other(reason) => f.write_str(reason),
        }
    }
}

/// One `RTCPeerConnection`. Dropping it closes the connection; what was still being negotiated then ends with
/// [`PeerError::Closed`], and no event comes any more.
///
/// Negotiations take turns: each future holds its place from the moment it is made. The futures do not borrow the
/// peer, so a task can hold one without keeping the connection open.
pub struct Peer {
    negotiation: Rc<Negotiation>,
    remote: Rc<Remote>,
    tones: RefCell<Option<Tones>>,
    listeners: Vec<Listener>,
}

/// What comes, each kind in a stream of our own: the other side may name none, or another one after every negotiation.
#[derive(Default)]
struct Remote {
    audio: RefCell<Option<MediaStream>>,
    video: RefCell<Option<MediaStream>>,
}

impl Peer {
    /// A new connection. `on_event` may drop it.
    pub fn new(ice: &Ice, on_event: impl FnMut(PeerEvent) + 'static) -> Result<Self, PeerError> {
        let not_supported = |thrown: JsValue| PeerError::NotSupported(error_text(&thrown));
        let connection = ice::connection(ice).map_err(not_supported)?;
        let remote = Rc::new(Remote::default());
        let listeners = listen(&connection, &remote, Rc::new(RefCell::new(on_event)));
        let negotiation = Negotiation::new(connection, !ice.servers.is_empty()).map_err(not_supported)?;
        Ok(Self { negotiation, remote, tones: RefCell::default(), listeners })
    }

    /// Makes an offer of what is wanted, with candidates in it: for an INVITE, or again for a re-INVITE.
    pub fn offer(&self, wanted: Wanted) -> impl Future<Output = Result<String, PeerError>> + use<> {
        self.describe(None, wanted)
    }

    /// Takes the answer to our offer. The same answer once more (in a 183 and in the 200) changes nothing; one that
    /// changed takes the place of the first. When it comes from another device than the first (a call that rang at
    /// several), one connection may not find the way there: [`PeerState::Failed`] tells.
    pub fn accept_answer(&self, sdp: &str) -> impl Future<Output = Result<(), PeerError>> + use<> {
        self.negotiation.clone().accept_answer(sdp.to_owned())
    }

    /// Takes an offer and makes the answer with what is wanted of it, with candidates in it.
    pub fn answer(
        &self,
        offer: &str,
        wanted: Wanted,
    ) -> impl Future<Output = Result<String, PeerError>> + use<> {
        self.describe(Some(offer), wanted)
    }

    /// Makes our side: the answer to an offer, or an offer.
    pub fn describe(
        &self,
        offer: Option<&str>,
        wanted: Wanted,
    ) -> impl Future<Output = Result<String, PeerError>> + use<> {
        self.forget_tones(&wanted);
        self.negotiation.clone().make(offer.map(str::to_owned), wanted)
    }

    /// Has the next offer look for a path anew with these servers (an ICE restart, RFC 8839 §4.4.1.1); media goes by the
    /// present one until then, if it does.
    pub fn restart(&self, ice: &Ice) {
        ice::set(self.connection(), ice);
        self.negotiation.restart();
    }

    /// Takes our offer back, for it was refused: media flow again as agreed before. `wanted` is what was wanted then.
    pub fn roll_back(&self, wanted: Wanted) -> impl Future<Output = Result<(), PeerError>> + use<> {
        self.negotiation.clone().roll_back(wanted)
    }

    /// Sends that speech, or nothing, in place of what was sent; nothing needs to be negotiated for it.
    pub fn send_audio(
        &self,
        track: Option<MediaStreamTrack>,
    ) -> impl Future<Output = Result<(), PeerError>> + use<> {
        self.negotiation.clone().send(AUDIO, track)
    }

    /// Sends tones (RFC 4733) behind those that are being sent; `false` when they cannot be sent: the other side takes
    /// none, or we send no speech at the moment.
    pub fn send_tones(&self, tones: &str) -> bool {
        let mut place = self.tones.borrow_mut();
        if place.is_none() {
            let transceivers = transceivers::transceivers(self.connection(), AUDIO);
            *place = transceivers.first().and_then(|transceiver| Tones::of(transceiver.sender()));
        }
        place.as_ref().is_some_and(|place| place.send(tones))
    }

    /// A call on hold does not bring them to their end.
    fn forget_tones(&self, wanted: &Wanted) {
        if wanted.audio.track.is_none() {
            self.tones.take();
        }
    }

    /// The other side's speech, once there was some.
    pub fn remote_audio(&self) -> Option<MediaStream> {
        self.remote.audio.borrow().clone()
    }

    /// The other side's pictures, once there were some.
    pub fn remote_video(&self) -> Option<MediaStream> {
        self.remote.video.borrow().clone()
    }

    /// Whether the other side sends pictures, by what was agreed on last.
    pub fn receives_video(&self) -> bool {
        transceivers::receives(self.connection(), VIDEO)
    }

    /// How it stands.
    pub fn state(&self) -> PeerState {
        state_of(self.connection())
    }

    /// The browser's own object, for measuring.
    pub fn connection(&self) -> &RtcPeerConnection {
        self.negotiation.connection()
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.listeners.clear();
        self.negotiation.close();
    }
}

fn listen(
    connection: &RtcPeerConnection,
    remote: &Rc<Remote>,
    on_event: Rc<RefCell<dyn FnMut(PeerEvent)>>,
) -> Vec<Listener> {
    let track = Listener::new(connection, "track", {
        let (remote, on_event) = (remote.clone(), on_event.clone());
        move |event| {
            let track = event.unchecked_ref::<RtcTrackEvent>().track();
            let is_video = track.kind() == VIDEO;
            let place = if is_video { &remote.video } else { &remote.audio };
            if let Ok(stream) = put_in(place, &track) {
                let event =
                    if is_video { PeerEvent::RemoteVideo(stream) } else { PeerEvent::RemoteAudio(stream) };
                (on_event.borrow_mut())(event);
            }
        }
    });
    let state = Listener::new(connection, "connectionstatechange", {
        let connection = connection.clone();
        move |_| (on_event.borrow_mut())(PeerEvent::State(state_of(&connection)))
    });
    vec![track, state]
}

/// Makes it the one track of the stream.
fn put_in(place: &RefCell<Option<MediaStream>>, track: &MediaStreamTrack) -> Result<MediaStream, JsValue> {
    let mut place = place.borrow_mut();
    let stream = match place.take() {
        Some(stream) => stream,
        None => MediaStream::new()?,
    };
    for former in stream.get_tracks().into_iter().map(JsCast::unchecked_into::<MediaStreamTrack>) {
        if former != *track {
            stream.remove_track(&former);
        }
    }
    stream.add_track(track);
    Ok(Clone::clone(place.insert(stream)))
}

fn state_of(connection: &RtcPeerConnection) -> PeerState {
    match connection.connection_state() {
        RtcPeerConnectionState::New => PeerState::New,
        RtcPeerConnectionState::Connecting => PeerState::Connecting,
        RtcPeerConnectionState::Connected => PeerState::Connected,
        RtcPeerConnectionState::Disconnected => PeerState::Disconnected,
        RtcPeerConnectionState::Failed => PeerState::Failed,
        RtcPeerConnectionState::Closed => PeerState::Closed,
        // A state that a later browser may add says nothing about the call.
        _ => PeerState::Connecting,
    }
}

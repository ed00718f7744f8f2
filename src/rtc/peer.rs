//! One connection for the media of one call.

mod negotiation;

use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{MediaStream, RtcPeerConnection, RtcPeerConnectionState, RtcTrackEvent};

use self::negotiation::{Negotiation, Sent};
use super::devices::Microphone;
use super::ice::{self, IceServer};
use crate::browser::error_text;
use crate::browser::listener::Listener;

/// What a connection tells.
#[derive(Clone, Debug, PartialEq)]
pub enum PeerEvent {
    /// The other side's media is there. The stream is the same for the whole call, whatever is negotiated later.
    RemoteTrack(MediaStream),
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
    remote: Rc<RefCell<Option<MediaStream>>>,
    listeners: Vec<Listener>,
}

impl Peer {
    /// A new connection. `on_event` may drop it.
    pub fn new(servers: &[IceServer], on_event: impl FnMut(PeerEvent) + 'static) -> Result<Self, PeerError> {
        let connection =
            ice::connection(servers).map_err(|thrown| PeerError::NotSupported(error_text(&thrown)))?;
        let remote = Rc::new(RefCell::new(None));
        let listeners = listen(&connection, &remote, Rc::new(RefCell::new(on_event)));
        Ok(Self { negotiation: Negotiation::new(connection, !servers.is_empty()), remote, listeners })
    }

    /// Makes an offer that sends this microphone, with candidates in it: for an INVITE, or again for a re-INVITE.
    pub fn offer(&self, microphone: &Microphone) -> impl Future<Output = Result<String, PeerError>> + use<> {
        self.negotiation.clone().offer(Sent::of(microphone))
    }

    /// Takes the answer to our offer. The same answer once more (in a 183 and in the 200) changes nothing; one that
    /// changed takes the place of the first. When it comes from another device than the first (a call that rang at
    /// several), one connection may not find the way there: [`PeerState::Failed`] tells.
    pub fn accept_answer(&self, sdp: &str) -> impl Future<Output = Result<(), PeerError>> + use<> {
        self.negotiation.clone().accept_answer(sdp.to_owned())
    }

    /// Takes an offer and makes the answer that sends this microphone, with candidates in it.
    pub fn answer(
        &self,
        offer: &str,
        microphone: &Microphone,
    ) -> impl Future<Output = Result<String, PeerError>> + use<> {
        self.negotiation.clone().answer(offer.to_owned(), Sent::of(microphone))
    }

    /// The other side's media, once there is some.
    pub fn remote_stream(&self) -> Option<MediaStream> {
        self.remote.borrow().clone()
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
    remote: &Rc<RefCell<Option<MediaStream>>>,
    on_event: Rc<RefCell<dyn FnMut(PeerEvent)>>,
) -> Vec<Listener> {
    let track = Listener::new(connection, "track", {
        let (remote, on_event) = (remote.clone(), on_event.clone());
        move |event| {
            if let Ok(stream) = add_track(&remote, event.unchecked_ref()) {
                (on_event.borrow_mut())(PeerEvent::RemoteTrack(stream));
            }
        }
    });
    let state = Listener::new(connection, "connectionstatechange", {
        let connection = connection.clone();
        move |_| (on_event.borrow_mut())(PeerEvent::State(state_of(&connection)))
    });
    vec![track, state]
}

/// Puts the track into one stream of our own: the other side may name none, or another one after every negotiation.
fn add_track(remote: &RefCell<Option<MediaStream>>, event: &RtcTrackEvent) -> Result<MediaStream, JsValue> {
    let mut remote = remote.borrow_mut();
    let stream = match remote.take() {
        Some(stream) => stream,
        None => MediaStream::new()?,
    };
    stream.add_track(&event.track());
    Ok(Clone::clone(remote.insert(stream)))
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

//! Offers and answers, one after the other (RFC 3264 by the API of W3C WebRTC).

use std::cell::RefCell;
use std::pin::pin;
use std::rc::Rc;

use futures_util::future::{Either, select};
use js_sys::Promise;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    MediaStream, MediaStreamTrack, RtcPeerConnection, RtcRtpSender, RtcSdpType, RtcSessionDescriptionInit,
    RtcSignalingState,
};

use super::PeerError;
use crate::browser::error_text;
use crate::browser::signal::Signal;
use crate::rtc::devices::Microphone;
use crate::rtc::gathering::Gathering;
use crate::rtc::turns::Turns;

/// The connection and what is negotiated on it.
pub(super) struct Negotiation {
    connection: RtcPeerConnection,
    /// Whether STUN or TURN servers are asked for candidates.
    servers: bool,
    turns: Turns,
    closed: Signal,
    /// The answer in force.
    answer: RefCell<Option<String>>,
}

/// What we send, held without holding the microphone itself.
pub(super) struct Sent {
    stream: MediaStream,
    track: MediaStreamTrack,
}

impl Sent {
    pub(super) fn of(microphone: &Microphone) -> Self {
        // Not `.clone()`: that is the browser's, which opens the device a second time.
        Self { stream: Clone::clone(microphone.stream()), track: Clone::clone(microphone.track()) }
    }
}

impl Negotiation {
    pub(super) fn new(connection: RtcPeerConnection, servers: bool) -> Rc<Self> {
        Rc::new(Self {
            connection,
            servers,
            turns: Turns::default(),
            closed: Signal::default(),
            answer: RefCell::default(),
        })
    }

    pub(super) fn connection(&self) -> &RtcPeerConnection {
        &self.connection
    }

    /// Closes the connection; every step under way ends.
    pub(super) fn close(&self) {
        self.connection.close();
        self.closed.raise();
    }

    pub(super) fn offer(self: Rc<Self>, sent: Sent) -> impl Future<Output = Result<String, PeerError>> {
        let place = self.turns.place();
        async move {
            place.turn().await;
            self.send(&sent).await?;
            let offer = self.step(self.connection.create_offer()).await?;
            self.describe(offer).await
        }
    }

    pub(super) fn answer(
        self: Rc<Self>,
        offer: String,
        sent: Sent,
    ) -> impl Future<Output = Result<String, PeerError>> {
        let place = self.turns.place();
        async move {
            place.turn().await;
            self.hear(RtcSdpType::Offer, &offer).await?;
            // After the offer, so that the track takes the offered place instead of a second one.
            self.send(&sent).await?;
            let answer = self.step(self.connection.create_answer()).await?;
            self.describe(answer).await
        }
    }

    pub(super) fn accept_answer(
        self: Rc<Self>,
        answer: String,
    ) -> impl Future<Output = Result<(), PeerError>> {
        let place = self.turns.place();
        async move {
            place.turn().await;
            if self.connection.signaling_state() == RtcSignalingState::Stable {
                if self.answer.borrow().as_deref() == Some(answer.as_str()) {
                    return Ok(());
                }
                // The browser takes an answer only to an offer of its own. A fresh one has the same transports and
                // keys as the one that this answers.
                let again = self.step(self.connection.create_offer()).await?;
                self.step(self.connection.set_local_description(again.unchecked_ref())).await?;
            }
            self.hear(RtcSdpType::Answer, &answer).await?;
            self.answer.replace(Some(answer));
            Ok(())
        }
    }

    /// Sends this track: by the sender that there is, or by a new one.
    async fn send(&self, Sent { stream, track }: &Sent) -> Result<(), PeerError> {
        self.still_open()?;
        let senders = self.connection.get_senders().into_iter();
        let mut senders = senders.map(JsCast::unchecked_into::<RtcRtpSender>);
        match senders.find(|sender| sender.track().is_some_and(|sent| sent.kind() == track.kind())) {
            Some(sender) if sender.track().as_ref() == Some(track) => {}
            Some(sender) => {
                self.step(sender.replace_track(Some(track)).unchecked_into()).await?;
            }
            None => {
                self.connection.add_track_1(track, stream, stream);
            }
        }
        Ok(())
    }

    /// Makes the description ours and waits for its candidates.
    async fn describe(&self, description: JsValue) -> Result<String, PeerError> {
        let gathering = Gathering::watch(&self.connection, self.servers);
        self.step(self.connection.set_local_description(description.unchecked_ref())).await?;
        select(pin!(gathering.settled()), pin!(self.closed.raised())).await;
        self.still_open()?;
        let described = self.connection.local_description().map(|description| description.sdp());
        described.ok_or_else(|| PeerError::Other("the browser lost its own description".to_owned()))
    }

    /// Takes the other side's description.
    async fn hear(&self, kind: RtcSdpType, sdp: &str) -> Result<(), PeerError> {
        self.still_open()?;
        let description = RtcSessionDescriptionInit::new(kind);
        description.set_sdp(sdp);
        let heard = self.step(self.connection.set_remote_description(&description)).await;
        heard.map(drop).map_err(|error| match error {
            PeerError::Other(reason) => PeerError::Description(reason),
            other => other,
        })
    }

    /// Waits for one step of the browser, which settles no promise of a closed connection.
    async fn step(&self, promise: Promise) -> Result<JsValue, PeerError> {
        match select(JsFuture::from(promise), pin!(self.closed.raised())).await {
            Either::Left((done, _)) => {
                self.still_open()?;
                done.map_err(|thrown| PeerError::Other(error_text(&thrown)))
            }
            Either::Right(((), _)) => Err(PeerError::Closed),
        }
    }

    fn still_open(&self) -> Result<(), PeerError> {
        if self.closed.is_raised() { Err(PeerError::Closed) } else { Ok(()) }
    }
}

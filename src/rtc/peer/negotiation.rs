//! Offers and answers, one after the other (RFC 3264 by the API of W3C WebRTC).

use std::cell::{Cell, RefCell};
use std::pin::pin;
use std::rc::Rc;

use futures_util::future::{Either, select};
use js_sys::{Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    MediaStream, MediaStreamTrack, RtcPeerConnection, RtcSdpType, RtcSessionDescriptionInit,
    RtcSignalingState,
};

use super::PeerError;
use super::transceivers::{Wanted, transceivers};
use crate::browser::clock;
use crate::browser::promise::settled;
use crate::browser::signal::Signal;
use crate::browser::{error_text, invoke};
use crate::rtc::gathering::Gathering;
use crate::rtc::turns::Turns;
use crate::time::Instant;

/// The connection and what is negotiated on it.
pub(super) struct Negotiation {
    connection: RtcPeerConnection,
    made: Instant,
    /// Whether STUN or TURN servers are asked for candidates.
    servers: bool,
    turns: Turns,
    closed: Signal,
    /// The answer in force.
    answer: RefCell<Option<String>>,
    /// Names what we send as belonging together.
    label: MediaStream,
    /// The next offer looks for a path anew.
    restarts: Cell<bool>,
}

impl Negotiation {
    pub(super) fn new(connection: RtcPeerConnection, servers: bool) -> Result<Rc<Self>, JsValue> {
        Ok(Rc::new(Self {
            connection,
            made: clock::now(),
            servers,
            turns: Turns::default(),
            closed: Signal::default(),
            answer: RefCell::default(),
            label: MediaStream::new()?,
            restarts: Cell::default(),
        }))
    }

    pub(super) fn connection(&self) -> &RtcPeerConnection {
        &self.connection
    }

    pub(super) fn label(&self) -> &MediaStream {
        &self.label
    }

    /// Closes the connection; every step under way ends.
    pub(super) fn close(&self) {
        self.connection.close();
        self.closed.raise();
    }

    /// Makes our side: an answer to `offer`, or an offer.
    pub(super) fn make(
        self: Rc<Self>,
        offer: Option<String>,
        wanted: Wanted,
    ) -> impl Future<Output = Result<String, PeerError>> {
        let place = self.turns.place();
        async move {
            place.turn().await;
            self.still_open()?;
            if let Some(offer) = &offer {
                self.step(self.take(RtcSdpType::Offer, offer)).await.map_err(unusable)?;
                self.give_up_unused();
            }
            // After the offer, so that the tracks take the offered places instead of new ones.
            self.arrange(&wanted, offer.is_none()).await?;
            let made = match offer {
                Some(_) => self.connection.create_answer(),
                None => self.create_offer(),
            };
            let made = self.step(made).await?;
            self.describe(made).await
        }
    }

    /// Has the next offer look for a path anew.
    pub(super) fn restart(&self) {
        self.restarts.set(true);
    }

    fn create_offer(&self) -> Promise {
        if !self.restarts.take() {
            return self.connection.create_offer();
        }
        // Not `restartIce()`: that would outlast an offer that is refused.
        let options = Object::new();
        let _ = Reflect::set(&options, &"iceRestart".into(), &JsValue::TRUE);
        match invoke(&self.connection, "createOffer", &options) {
            Ok(promise) => promise.unchecked_into(),
            Err(thrown) => Promise::reject(&thrown),
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
            self.still_open()?;
            self.step(self.take(RtcSdpType::Answer, &answer)).await.map_err(unusable)?;
            self.answer.replace(Some(answer));
            Ok(())
        }
    }

    /// Goes back to what was agreed before our offer, or before the other side's that could not be answered.
    pub(super) fn roll_back(self: Rc<Self>, wanted: Wanted) -> impl Future<Output = Result<(), PeerError>> {
        let place = self.turns.place();
        async move {
            place.turn().await;
            self.still_open()?;
            let rollback = RtcSessionDescriptionInit::new(RtcSdpType::Rollback);
            match self.connection.signaling_state() {
                RtcSignalingState::HaveLocalOffer => {
                    self.step(self.connection.set_local_description(&rollback)).await?;
                }
                RtcSignalingState::HaveRemoteOffer => {
                    self.step(self.connection.set_remote_description(&rollback)).await?;
                }
                _ => {}
            }
            self.give_up_unused();
            self.arrange(&wanted, false).await?;
            self.renew().await
        }
    }

    /// Agrees with the other side's last description once more, all by ourselves: after a rollback, Chromium goes on
    /// hearing or not as the offer that was taken back said. Transports and keys stay the same.
    async fn renew(&self) -> Result<(), PeerError> {
        let Some(remote) = self.connection.remote_description() else { return Ok(()) };
        let remote_sdp = remote.sdp();
        if remote.type_() == RtcSdpType::Offer {
            self.step(self.take(RtcSdpType::Offer, &remote_sdp)).await.map_err(unusable)?;
            let answer = self.step(self.connection.create_answer()).await?;
            self.step(self.connection.set_local_description(answer.unchecked_ref())).await?;
            return Ok(());
        }
        let offer = self.step(self.connection.create_offer()).await?;
        let offer: &RtcSessionDescriptionInit = offer.unchecked_ref();
        // Firefox, which goes on as before by itself, keeps a place for what was given up.
        if offer.get_sdp().is_some_and(|sdp| media_count(&sdp) == media_count(&remote_sdp)) {
            self.step(self.connection.set_local_description(offer)).await?;
            self.step(self.take(RtcSdpType::Answer, &remote_sdp)).await.map_err(unusable)?;
        }
        Ok(())
    }

    /// Sends that track, or nothing, in place of the one of that kind that was sent.
    pub(super) fn send(
        self: Rc<Self>,
        kind: &'static str,
        track: Option<MediaStreamTrack>,
    ) -> impl Future<Output = Result<(), PeerError>> {
        let place = self.turns.place();
        async move {
            place.turn().await;
            self.still_open()?;
            if let Some(transceiver) = transceivers(&self.connection, kind).first() {
                let sender = transceiver.sender();
                self.step(sender.replace_track(track.as_ref()).unchecked_into()).await?;
            }
            Ok(())
        }
    }

    /// Makes the description ours and waits for its candidates.
    async fn describe(&self, description: JsValue) -> Result<String, PeerError> {
        let gathering = Gathering::watch(&self.connection, self.servers, self.made);
        self.step(self.connection.set_local_description(description.unchecked_ref())).await?;
        select(pin!(gathering.settled()), pin!(self.closed.raised())).await;
        self.still_open()?;
        let described = self.connection.local_description().map(|description| description.sdp());
        described.ok_or_else(|| PeerError::Other("the browser lost its own description".to_owned()))
    }

    /// Has the browser take the other side's description.
    fn take(&self, kind: RtcSdpType, sdp: &str) -> Promise {
        let description = RtcSessionDescriptionInit::new(kind);
        description.set_sdp(sdp);
        self.connection.set_remote_description(&description)
    }

    /// Waits for one step of the browser, which settles no promise of a closed connection.
    pub(super) async fn step(&self, promise: Promise) -> Result<JsValue, PeerError> {
        match select(settled(&promise), pin!(self.closed.raised())).await {
            Either::Left((done, _)) => {
                self.still_open()?;
                done.map_err(|thrown| PeerError::Other(error_text(&thrown)))
            }
            Either::Right(((), _)) => Err(PeerError::Closed),
        }
    }

    pub(super) fn still_open(&self) -> Result<(), PeerError> {
        if self.closed.is_raised() { Err(PeerError::Closed) } else { Ok(()) }
    }
}

/// The browser did not take the other side's description.
fn unusable(error: PeerError) -> PeerError {
    match error {
        PeerError::Other(reason) => PeerError::Description(reason),
        other => other,
    }
}

/// How many media a description has (RFC 8866 §5.14).
fn media_count(sdp: &str) -> usize {
    sdp.lines().filter(|line| line.starts_with("m=")).count()
}

//! The media of calls: one peer connection, one microphone and one audio element for each, told what to do by the core.
//!
//! Steps take their time (the browser may ask the person for the microphone), so each checks afterwards that its call
//! is still there; what a call owns is released when the call is closed, whatever was under way.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use futures_util::future::Either;
use wasm_bindgen_futures::spawn_local;

use crate::cti::message::IceServer;
use crate::rtc::devices::{Microphone, MicrophoneError};
use crate::rtc::ice;
use crate::rtc::peer::{Peer, PeerError, PeerEvent, PeerState};
use crate::rtc::sink::RemoteAudio;

use super::call::{CallKey, MicrophoneProblem};
use super::effect::{MediaCommand, MediaEvent};

type Tell = dyn Fn(CallKey, MediaEvent);

/// The media of all calls.
pub(super) struct Media {
    audio_root: String,
    tell: Rc<Tell>,
    calls: RefCell<Vec<Rc<CallMedia>>>,
}

/// What one call owns in the browser.
struct CallMedia {
    key: CallKey,
    tell: Rc<Tell>,
    audio_id: String,
    peer: RefCell<Option<Peer>>,
    microphone: RefCell<Option<Rc<Microphone>>>,
    microphone_on: Cell<bool>,
    speaker: RefCell<Option<RemoteAudio>>,
    closed: Cell<bool>,
}

impl Media {
    /// None yet. `audio_root`: what the ids of audio elements begin with. `tell` is called with what the media says,
    /// never from inside [`Self::carry_out`].
    pub(super) fn new(audio_root: &str, tell: impl Fn(CallKey, MediaEvent) + 'static) -> Self {
        Self { audio_root: audio_root.to_owned(), tell: Rc::new(tell), calls: RefCell::default() }
    }

    /// Does what the core wants.
    pub(super) fn carry_out(&self, key: CallKey, command: MediaCommand) {
        match command {
            MediaCommand::Offer { ice, .. } => {
                let call = self.call(key);
                spawn_local(async move { call.describe(None, &ice).await });
            }
            MediaCommand::Answer { offer, ice, .. } => {
                let call = self.call(key);
                spawn_local(async move { call.describe(Some(offer), &ice).await });
            }
            MediaCommand::Accept { answer } => self.call(key).accept(&answer),
            MediaCommand::Rollback | MediaCommand::Camera { .. } | MediaCommand::Dtmf { .. } => {}
            MediaCommand::Microphone { on } => self.call(key).switch_microphone(on),
            MediaCommand::Close => {
                let mut calls = self.calls.borrow_mut();
                if let Some(index) = calls.iter().position(|call| call.key == key) {
                    calls.swap_remove(index).close();
                }
            }
        }
    }

    fn call(&self, key: CallKey) -> Rc<CallMedia> {
        let mut calls = self.calls.borrow_mut();
        if let Some(call) = calls.iter().find(|call| call.key == key) {
            return Rc::clone(call);
        }
        let call = Rc::new(CallMedia {
            key,
            tell: Rc::clone(&self.tell),
            audio_id: format!("{}{}", self.audio_root, key.0),
            peer: RefCell::default(),
            microphone: RefCell::default(),
            microphone_on: Cell::new(true),
            speaker: RefCell::default(),
            closed: Cell::new(false),
        });
        calls.push(Rc::clone(&call));
        call
    }
}

impl CallMedia {
    /// Makes our session description: an answer to `offer`, or an offer.
    async fn describe(self: Rc<Self>, offer: Option<String>, ice: &[IceServer]) {
        let described = async {
            let microphone = self.open_microphone().await.map_err(MediaEvent::NoMicrophone)?;
            self.open_peer(ice).map_err(broken)?;
            // The description in the making holds no peer, so that closing the call ends it.
            let description = {
                let peer = self.peer.borrow();
                let peer = peer.as_ref().ok_or(PeerError::Closed).map_err(broken)?;
                match &offer {
                    Some(offer) => Either::Left(peer.answer(offer, &microphone)),
                    None => Either::Right(peer.offer(&microphone)),
                }
            };
            description.await.map_err(broken)
        };
        let event = match described.await {
            Ok(sdp) => MediaEvent::Described { sdp, video: false },
            Err(event) => event,
        };
        self.say(event);
    }

    /// Takes the answer to our offer. The peer is asked at once, so that several answers are taken in their order.
    fn accept(self: Rc<Self>, answer: &str) {
        let Some(accepted) = self.peer.borrow().as_ref().map(|peer| peer.accept_answer(answer)) else {
            return;
        };
        spawn_local(async move {
            if let Err(error) = accepted.await {
                self.say(broken(error));
            }
        });
    }

    async fn open_microphone(&self) -> Result<Rc<Microphone>, MicrophoneProblem> {
        if let Some(microphone) = &*self.microphone.borrow() {
            return Ok(Rc::clone(microphone));
        }
        let microphone = Rc::new(Microphone::open(None).await.map_err(microphone_problem)?);
        microphone.set_on(self.microphone_on.get());
        if !self.closed.get() {
            self.microphone.replace(Some(Rc::clone(&microphone)));
        }
        Ok(microphone)
    }

    fn open_peer(self: &Rc<Self>, ice: &[IceServer]) -> Result<(), PeerError> {
        if self.closed.get() || self.peer.borrow().is_some() {
            return Ok(());
        }
        let servers: Vec<ice::IceServer> = ice
            .iter()
            .map(|server| ice::IceServer {
                urls: server.urls.clone(),
                username: server.username.clone(),
                credential: server.credential.clone(),
            })
            .collect();
        let myself = Rc::downgrade(self);
        let peer = Peer::new(&servers, move |event| on_peer(&myself, event))?;
        self.peer.replace(Some(peer));
        Ok(())
    }

    fn switch_microphone(&self, on: bool) {
        self.microphone_on.set(on);
        if let Some(microphone) = &*self.microphone.borrow() {
            microphone.set_on(on);
        }
    }

    fn close(&self) {
        self.closed.set(true);
        drop(self.peer.take());
        drop(self.microphone.take());
        drop(self.speaker.take());
    }

    /// A call that was closed meanwhile has nothing to say.
    fn say(&self, event: MediaEvent) {
        if !self.closed.get() {
            (self.tell)(self.key, event);
        }
    }
}

fn on_peer(call: &Weak<CallMedia>, event: PeerEvent) {
    let Some(call) = call.upgrade() else { return };
    match event {
        PeerEvent::RemoteTrack(stream) => {
            // The old element goes first, so that the new one may have its id.
            drop(call.speaker.take());
            // A page that the person has not touched yet stays silent until they do; the sink sees to that.
            call.speaker.replace(Some(RemoteAudio::play(&stream, &call.audio_id, |_| {})));
            call.say(MediaEvent::RemoteAudio);
        }
        PeerEvent::State(PeerState::Failed) => call.say(MediaEvent::Failed),
        PeerEvent::State(
            PeerState::New
            | PeerState::Connecting
            | PeerState::Connected
            | PeerState::Disconnected
            | PeerState::Closed,
        ) => {}
    }
}

fn broken(error: PeerError) -> MediaEvent {
    MediaEvent::Broken(error.to_string())
}

fn microphone_problem(error: MicrophoneError) -> MicrophoneProblem {
    match error {
        MicrophoneError::Refused => MicrophoneProblem::Refused,
        MicrophoneError::Absent => MicrophoneProblem::Absent,
        MicrophoneError::InUse => MicrophoneProblem::InUse,
        MicrophoneError::InsecurePage => MicrophoneProblem::InsecurePage,
        MicrophoneError::Other(reason) => MicrophoneProblem::Other(reason),
    }
}

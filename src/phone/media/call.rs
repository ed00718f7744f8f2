//! What one call owns in the browser.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use wasm_bindgen::JsCast;
use web_sys::{HtmlMediaElement, MediaStream, MediaStreamTrack, RtcPeerConnection};

use super::super::call::{CallKey, MicrophoneProblem};
use super::super::effect::{Flow, MediaEvent, Plan};
use super::Shared;
use super::pictures::Pictures;
use super::words::{broken, device_problem, direction, hears, is_talk, sends};
use crate::browser::spawn;
use crate::cti::message::IceServer;
use crate::rtc::audio_output::AudioOutput;
use crate::rtc::devices::Microphone;
use crate::rtc::ice::{self, Ice};
use crate::rtc::mixer::Mix;
use crate::rtc::peer::{Medium, Peer, PeerError, PeerEvent, PeerState, Wanted};
use crate::rtc::sink::RemoteAudio;

/// The media of one call.
pub(super) struct CallMedia {
    key: CallKey,
    pub(super) shared: Weak<Shared>,
    peer: RefCell<Option<Peer>>,
    pub(super) microphone: RefCell<Option<Rc<Microphone>>>,
    pub(super) microphone_on: Cell<bool>,
    /// Nothing of us is heard, and nothing by us.
    hushed: Cell<bool>,
    /// It took the place of another, and is not sent yet.
    pub(super) microphone_changed: Cell<bool>,
    /// How often it was asked whether there is a better one, since the look that goes on began.
    pub(super) looks: Cell<u32>,
    /// In a conference: our microphone and the others.
    mix: RefCell<Option<Mix>>,
    pub(super) speaker: RefCell<Option<RemoteAudio>>,
    /// It plays, or is to play, by another loudspeaker than that of the system.
    pub(super) speaker_chosen: Cell<bool>,
    pictures: Pictures,
    /// What was agreed on last, and what we try to agree on now.
    agreed: Cell<Option<Plan>>,
    tried: Cell<Option<Plan>>,
    /// Tones asked for while the connection is being made: no browser takes them before.
    early_tones: RefCell<String>,
    pub(super) closed: Cell<bool>,
    /// The next offer looks for a path anew; in it, whether by TURN servers only.
    restart: Cell<Option<bool>>,
}

impl CallMedia {
    pub(super) fn new(key: CallKey, shared: Weak<Shared>) -> Rc<Self> {
        Rc::new(Self {
            key,
            shared,
            peer: RefCell::default(),
            microphone: RefCell::default(),
            microphone_on: Cell::new(true),
            hushed: Cell::default(),
            microphone_changed: Cell::default(),
            looks: Cell::default(),
            mix: RefCell::default(),
            speaker: RefCell::default(),
            speaker_chosen: Cell::default(),
            pictures: Pictures::default(),
            agreed: Cell::default(),
            tried: Cell::default(),
            early_tones: RefCell::default(),
            closed: Cell::new(false),
            restart: Cell::default(),
        })
    }

    pub(super) fn key(&self) -> CallKey {
        self.key
    }

    pub(super) fn pictures(&self) -> &Pictures {
        &self.pictures
    }

    /// Has the connection made and its candidates looked for.
    pub(super) fn prepare(self: Rc<Self>, ice: &[IceServer]) {
        // Why it cannot be made is told when it is needed.
        let _ = self.open_peer(ice);
    }

    /// Has the next offer look for a path anew.
    pub(super) fn restart(&self, relayed: bool) {
        self.restart.set(Some(relayed));
    }

    /// Begins to make our session description: an answer to `offer`, or an offer.
    pub(super) fn begin(self: Rc<Self>, offer: Option<String>, ice: Vec<IceServer>, plan: Plan) {
        spawn(self.describe(offer, ice, plan));
    }

    async fn describe(self: Rc<Self>, offer: Option<String>, ice: Vec<IceServer>, plan: Plan) {
        if self.closed.get() {
            return;
        }
        let described = async {
            // First: it looks for candidates while the devices open.
            let opened = self.open_peer(&ice);
            let microphone = self.open_microphone().await.map_err(MediaEvent::NoMicrophone)?;
            opened.map_err(broken)?;
            let plan = self.with_camera(plan, offer.is_some()).await;
            if offer.is_none() {
                self.look_for_path_anew(&ice);
            }
            // Another one may have taken its place meanwhile.
            let microphone = self.microphone.borrow().clone().unwrap_or(microphone);
            self.tried.set(Some(plan));
            self.listen(plan);
            let wanted = self.wanted(plan, &microphone);
            // The description in the making holds no peer, so that closing the call ends it.
            let description = {
                let peer = self.peer.borrow();
                let peer = peer.as_ref().ok_or(PeerError::Closed).map_err(broken)?;
                peer.describe(offer.as_deref(), wanted)
            };
            let sdp = description.await.map_err(broken)?;
            // Nobody can reach us. A browser that finds no path in the end says so; one that has none to try never does.
            if self.agreed.get().is_none() && !sdp.lines().any(|line| line.starts_with("a=candidate:")) {
                return Err(MediaEvent::Failed);
            }
            Ok((plan, MediaEvent::Described { sdp, video: plan.video.is_some_and(sends) }))
        };
        match described.await {
            Ok((plan, event)) => {
                self.say(event);
                if offer.is_some() {
                    self.agreed.set(Some(plan));
                    self.show(plan);
                }
            }
            Err(event) => self.say(event),
        }
    }

    /// Takes the answer to our offer. The peer is asked at once, so that several answers are taken in their order.
    pub(super) fn accept(self: Rc<Self>, answer: &str) {
        let Some(accepted) = self.peer.borrow().as_ref().map(|peer| peer.accept_answer(answer)) else {
            return;
        };
        let plan = self.tried.get();
        self.agreed.set(plan);
        spawn(async move {
            match accepted.await {
                Ok(()) => plan.into_iter().for_each(|plan| self.show(plan)),
                Err(error) => self.say(broken(error)),
            }
        });
    }

    /// Goes back to what was agreed on before our offer.
    pub(super) fn roll_back(self: Rc<Self>) {
        self.tried.take();
        let (Some(plan), Some(microphone)) = (self.agreed.get(), self.microphone.borrow().clone()) else {
            return;
        };
        self.listen(plan);
        let wanted = self.wanted(plan, &microphone);
        let Some(rolled_back) = self.peer.borrow().as_ref().map(|peer| peer.roll_back(wanted)) else {
            return;
        };
        spawn(async move {
            match rolled_back.await {
                Ok(()) => self.show(plan),
                Err(error) => self.say(broken(error)),
            }
        });
    }

    pub(super) fn switch_microphone(&self, on: bool) {
        self.microphone_on.set(on);
        if let Some(microphone) = &*self.microphone.borrow() {
            microphone.set_on(self.is_microphone_on());
        }
    }

    /// Whether the microphone is to be heard by whoever is not on hold.
    pub(super) fn is_microphone_on(&self) -> bool {
        self.microphone_on.get() && !self.hushed.get()
    }

    /// Silences both sides, or lets them be heard as they were.
    pub(super) fn hush(&self, on: bool) {
        self.hushed.set(on);
        self.switch_microphone(self.microphone_on.get());
        self.pictures.hush(on);
        self.listen_on();
    }

    /// Hears the other side, or not, as it is now.
    fn listen_on(&self) {
        if let Some(plan) = self.tried.get().or(self.agreed.get()) {
            self.listen(plan);
        }
    }

    pub(super) fn send_tones(self: Rc<Self>, tones: String) {
        let state = self.peer.borrow().as_ref().map(Peer::state);
        if matches!(state, Some(PeerState::New | PeerState::Connecting)) {
            self.early_tones.borrow_mut().push_str(&tones);
            return;
        }
        let sent = self.peer.borrow().as_ref().is_some_and(|peer| peer.send_tones(&tones));
        if !sent {
            spawn(async move { self.say(MediaEvent::DtmfUnavailable { tones }) });
        }
    }

    /// Sends our microphone together with these others, or by itself where there are none.
    pub(super) fn send_with(&self, others: Vec<MediaStream>, output: &AudioOutput) {
        if others.is_empty() && self.mix.borrow().is_none() && !self.microphone_changed.take() {
            return;
        }
        let Some(microphone) = self.microphone.borrow().clone() else { return };
        let mix = if others.is_empty() {
            None
        } else {
            let mut streams = others;
            streams.push(Clone::clone(microphone.stream()));
            Mix::new(output, &streams).ok()
        };
        let former = self.mix.replace(mix);
        let Some(plan) = self.tried.get().or(self.agreed.get()) else { return };
        let track = self.speech(plan, &microphone);
        let Some(sent) = self.peer.borrow().as_ref().map(|peer| peer.send_audio(track)) else { return };
        spawn(async move {
            // Fails only when the call is over.
            let _ = sent.await;
            // It was sent until now.
            drop(former);
        });
    }

    pub(super) fn remote_audio(&self) -> Option<MediaStream> {
        self.peer.borrow().as_ref().and_then(Peer::remote_audio)
    }

    pub(super) fn local_audio(&self) -> Option<MediaStream> {
        self.microphone.borrow().as_ref().map(|microphone| Clone::clone(microphone.stream()))
    }

    pub(super) fn connection(&self) -> Option<RtcPeerConnection> {
        self.peer.borrow().as_ref().map(|peer| peer.connection().clone())
    }

    pub(super) fn audio_element(&self) -> Option<HtmlMediaElement> {
        self.speaker.borrow().as_ref().map(|speaker| speaker.element().clone())
    }

    pub(super) fn close(&self) {
        self.closed.set(true);
        drop(self.peer.take());
        drop(self.mix.take());
        drop(self.microphone.take());
        drop(self.speaker.take());
        self.pictures.close();
    }

    async fn open_microphone(self: &Rc<Self>) -> Result<Rc<Microphone>, MicrophoneProblem> {
        if let Some(microphone) = &*self.microphone.borrow() {
            return Ok(Rc::clone(microphone));
        }
        let chosen = self.shared.upgrade().and_then(|shared| shared.microphone.borrow().clone());
        let microphone = self.ready(Microphone::open(chosen.as_deref()).await.map_err(device_problem)?);
        if !self.closed.get() {
            self.microphone.replace(Some(Rc::clone(&microphone)));
        }
        Ok(microphone)
    }

    /// Opens the camera where the plan wants it sent. Without one the plan is a smaller one: nothing is offered that
    /// was not agreed on before, and what the other side offers is only looked at.
    async fn with_camera(&self, plan: Plan, answering: bool) -> Plan {
        let Some(flow) = plan.video.filter(|flow| is_talk(plan) && sends(*flow)) else { return plan };
        let chosen = self.shared.upgrade().and_then(|shared| shared.camera.borrow().clone());
        match self.pictures.open_camera(chosen.as_deref()).await {
            Ok(()) => plan,
            Err(error) => {
                self.say(MediaEvent::NoCamera(device_problem(error)));
                let agreed = self.agreed.get().is_some_and(|agreed| agreed.video.is_some());
                let seen = (answering || agreed) && flow == Flow::SendReceive;
                Plan { video: seen.then_some(Flow::Receive), ..plan }
            }
        }
    }

    fn open_peer(self: &Rc<Self>, ice: &[IceServer]) -> Result<(), PeerError> {
        let Some(shared) = self.shared.upgrade() else { return Err(PeerError::Closed) };
        if self.closed.get() || self.peer.borrow().is_some() {
            return Ok(());
        }
        let myself = Rc::downgrade(self);
        let peer = Peer::new(&ice_of(ice, shared.relay_only), move |event| on_peer(&myself, event))?;
        self.peer.replace(Some(peer));
        Ok(())
    }

    /// Does what [`Self::restart`] was told.
    fn look_for_path_anew(&self, ice: &[IceServer]) {
        let relay_only = self.shared.upgrade().is_some_and(|shared| shared.relay_only);
        if let (Some(relayed), Some(peer)) = (self.restart.take(), &*self.peer.borrow()) {
            peer.restart(&ice_of(ice, relayed || relay_only));
        }
    }

    fn wanted(&self, plan: Plan, microphone: &Microphone) -> Wanted {
        let audio = Medium { direction: direction(plan.audio), track: self.speech(plan, microphone) };
        let video = plan.video.map(|flow| {
            let seen = is_talk(plan) && sends(flow);
            Medium { direction: direction(flow), track: self.pictures.camera_track().filter(|_| seen) }
        });
        Wanted { audio, video }
    }

    /// What the other side hears of us: nothing while the call is on hold.
    fn speech(&self, plan: Plan, microphone: &Microphone) -> Option<MediaStreamTrack> {
        if !is_talk(plan) {
            return None;
        }
        let mixed = self.mix.borrow().as_ref().and_then(Mix::track);
        // Not `.clone()`: that is the browser's, which opens the device a second time.
        mixed.or_else(|| Some(Clone::clone(microphone.track())))
    }

    /// Lets the other side be heard or not, in its element and in a conference. Whoever is put on hold is silent from
    /// that moment on, whenever they learn of it.
    fn listen(&self, plan: Plan) {
        if let Some(stream) = self.remote_audio() {
            for track in stream.get_audio_tracks() {
                track
                    .unchecked_into::<MediaStreamTrack>()
                    .set_enabled(hears(plan.audio) && !self.hushed.get());
            }
        }
    }

    /// Shows the pictures that are sent and received now.
    fn show(&self, plan: Plan) {
        let remote = match &*self.peer.borrow() {
            Some(peer) if peer.receives_video() && plan.video.is_some_and(hears) => peer.remote_video(),
            Some(_) => None,
            None => return,
        };
        let on = remote.is_some();
        if self.pictures.show_remote(remote) {
            self.say(MediaEvent::RemoteVideo { on });
        }
        // On hold it is not given back: another program might take it.
        if !plan.video.is_some_and(|flow| sends(flow) || !is_talk(plan)) {
            self.pictures.close_camera();
        }
    }

    /// A call that was closed meanwhile has nothing to say.
    pub(super) fn say(&self, event: MediaEvent) {
        if !self.closed.get() {
            Shared::tell(&self.shared, self.key, event);
        }
    }
}

fn ice_of(servers: &[IceServer], relay_only: bool) -> Ice {
    let server = |server: &IceServer| ice::IceServer {
        urls: server.urls.clone(),
        username: server.username.clone(),
        credential: server.credential.clone(),
    };
    Ice { servers: servers.iter().map(server).collect(), relay_only }
}

fn on_peer(call: &Weak<CallMedia>, event: PeerEvent) {
    let Some(call) = call.upgrade() else { return };
    match event {
        PeerEvent::RemoteAudio(stream) => {
            let Some(shared) = call.shared.upgrade() else { return };
            // It comes again when a call is resumed, and plays on.
            if call.speaker.borrow().is_none() {
                let root = shared.audio_root.borrow();
                let id = format!("{root}{}", call.key.0);
                // A page that the person has not touched yet stays silent until they do; the sink sees to that.
                call.speaker.replace(Some(RemoteAudio::play(&stream, [&id, &root], |_| {})));
                Rc::clone(&call).look_for_speaker();
            }
            call.listen_on();
            shared.is_heard(call.key);
            call.say(MediaEvent::RemoteAudio);
        }
        // Shown when it is agreed on.
        PeerEvent::RemoteVideo(_) => {}
        PeerEvent::State(PeerState::Connected) => {
            call.say(MediaEvent::Flowing);
            if let Some(shared) = call.shared.upgrade() {
                shared.take_samples();
            }
            let tones = call.early_tones.take();
            if !tones.is_empty() {
                call.send_tones(tones);
            }
        }
        PeerEvent::State(PeerState::Disconnected) => call.say(MediaEvent::Interrupted),
        PeerEvent::State(PeerState::Failed) => call.say(MediaEvent::Failed),
        PeerEvent::State(PeerState::New | PeerState::Connecting | PeerState::Closed) => {}
    }
}

//! The media of calls: for each one peer connection, one microphone, one audio element, perhaps one camera, told what to
//! do by the core; and the conference, which mixes what the calls hear.
//!
//! Steps take their time (the browser may ask the person for the microphone), so each checks afterwards that its call
//! is still there; what a call owns is released when the call is closed, whatever was under way.

mod call;
mod devices;
mod pictures;
mod samples;
mod words;

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use web_sys::{HtmlMediaElement, MediaStream, RtcPeerConnection};

use super::call::CallKey;
use super::effect::{MediaCommand, MediaEvent};
use crate::browser::clock::Alarm;
use crate::rtc::audio_output::AudioOutput;
use crate::rtc::device_watch::DeviceWatch;

use self::call::CallMedia;

/// The media of all calls.
pub struct Media(Rc<Shared>);

/// What the calls share.
struct Shared {
    audio_root: RefCell<String>,
    /// The microphone that the page chose.
    microphone: RefCell<Option<String>>,
    /// The camera that the page chose.
    camera: RefCell<Option<String>>,
    /// The loudspeaker that the page chose; empty: the one of the system.
    speaker: RefCell<String>,
    /// From the first call on, and for good: Chromium keeps each answer that it gave of a permission, as long as the page is
    /// there, whether it is listened to or not.
    devices: RefCell<Option<DeviceWatch>>,
    /// Rings once a second while media can flow.
    sampler: Alarm,
    /// Only by way of TURN servers.
    relay_only: bool,
    output: AudioOutput,
    tell: Box<dyn Fn(CallKey, MediaEvent)>,
    calls: RefCell<Vec<Rc<CallMedia>>>,
    /// These hear each other.
    conference: RefCell<Vec<CallKey>>,
}

impl Media {
    /// None yet. `audio_root`: what the ids of audio elements begin with. `tell` is called with what the media says,
    /// never from inside [`Self::carry_out`].
    pub fn new(
        audio_root: &str,
        relay_only: bool,
        output: AudioOutput,
        tell: impl Fn(CallKey, MediaEvent) + 'static,
    ) -> Self {
        Self(Rc::new_cyclic(|shared: &Weak<Shared>| Shared {
            audio_root: RefCell::new(audio_root.to_owned()),
            microphone: RefCell::default(),
            camera: RefCell::default(),
            speaker: RefCell::default(),
            devices: RefCell::default(),
            sampler: samples::sampler(shared),
            relay_only,
            output,
            tell: Box::new(tell),
            calls: RefCell::default(),
            conference: RefCell::default(),
        }))
    }

    /// Does what the core wants.
    pub fn carry_out(&self, key: CallKey, command: MediaCommand) {
        if matches!(command, MediaCommand::Close | MediaCommand::Anew) {
            return self.0.close(key);
        }
        let call = self.0.call(key);
        match command {
            MediaCommand::Prepare { ice } => call.prepare(&ice),
            MediaCommand::Offer { ice, plan } => call.begin(None, ice, plan),
            MediaCommand::Answer { offer, ice, plan } => call.begin(Some(offer), ice, plan),
            MediaCommand::Accept { answer } => call.accept(&answer),
            MediaCommand::Restart { relayed } => call.restart(relayed),
            MediaCommand::Rollback => call.roll_back(),
            MediaCommand::Microphone { on } => call.switch_microphone(on),
            MediaCommand::Hush { on } => call.hush(on),
            MediaCommand::Camera { on } => call.pictures().switch_camera(on),
            MediaCommand::Dtmf { tones } => call.send_tones(tones),
            MediaCommand::Close | MediaCommand::Anew => {}
        }
    }

    /// Has these calls hear each other; with less than two of them, every call is by itself.
    pub fn set_conference(&self, calls: Vec<CallKey>) {
        self.0.conference.replace(calls);
        self.0.mix();
    }

    /// What the ids of audio elements begin with from now on.
    pub fn set_audio_root(&self, root: &str) {
        self.0.audio_root.replace(root.to_owned());
    }

    /// The microphone from now on, in calls that go on too; `None`, and while it is not there: the browser's choice.
    pub fn set_microphone(&self, id: Option<String>) {
        self.0.microphone.replace(id);
        self.0.look_for_devices();
    }

    /// The loudspeaker from now on; empty, and while it is not there: the one of the system.
    pub fn set_speaker(&self, id: String) {
        self.0.speaker.replace(id);
        self.0.look_for_devices();
    }

    /// The camera that is opened from now on; `None`: the browser's choice.
    pub fn set_camera(&self, id: Option<String>) {
        self.0.camera.replace(id);
    }

    /// The browser's own connection of a call.
    pub fn connection(&self, key: CallKey) -> Option<RtcPeerConnection> {
        self.0.existing(key)?.connection()
    }

    /// What is heard of the other side.
    pub fn remote_audio(&self, key: CallKey) -> Option<MediaStream> {
        self.0.existing(key)?.remote_audio()
    }

    /// What the microphone of a call hears.
    pub fn local_audio(&self, key: CallKey) -> Option<MediaStream> {
        self.0.existing(key)?.local_audio()
    }

    /// The element in which the other side is heard.
    pub fn audio_element(&self, key: CallKey) -> Option<HtmlMediaElement> {
        self.0.existing(key)?.audio_element()
    }

    /// Shows the pictures in the elements that the page has now.
    pub fn look_for_elements(&self) {
        for call in self.0.calls.borrow().iter() {
            call.pictures().look_again();
        }
    }
}

impl Shared {
    fn existing(&self, key: CallKey) -> Option<Rc<CallMedia>> {
        self.calls.borrow().iter().find(|call| call.key() == key).cloned()
    }

    fn call(self: &Rc<Self>, key: CallKey) -> Rc<CallMedia> {
        let mut calls = self.calls.borrow_mut();
        if let Some(call) = calls.iter().find(|call| call.key() == key) {
            return Rc::clone(call);
        }
        let call = CallMedia::new(key, Rc::downgrade(self));
        calls.push(Rc::clone(&call));
        self.devices.borrow_mut().get_or_insert_with(|| devices::watch(Rc::downgrade(self)));
        call
    }

    fn close(&self, key: CallKey) {
        let mut calls = self.calls.borrow_mut();
        let Some(index) = calls.iter().position(|call| call.key() == key) else { return };
        calls.swap_remove(index).close();
        let none = calls.is_empty();
        drop(calls);
        if none {
            self.sampler.set(None);
        }
        self.mix();
    }

    /// Sends each call of the conference our microphone and the other calls, and each other call our microphone alone.
    fn mix(&self) {
        let calls = self.calls.borrow();
        let conference = self.conference.borrow();
        for call in calls.iter() {
            let mut others = Vec::new();
            for other in calls.iter().filter(|other| other.key() != call.key()) {
                if conference.contains(&call.key()) && conference.contains(&other.key()) {
                    others.extend(other.remote_audio());
                }
            }
            call.send_with(others, &self.output);
        }
    }

    /// One party of the conference is heard for the first time, or anew.
    fn is_heard(&self, key: CallKey) {
        if self.conference.borrow().contains(&key) {
            self.mix();
        }
    }

    fn tell(shared: &Weak<Self>, key: CallKey, event: MediaEvent) {
        if let Some(shared) = shared.upgrade() {
            (shared.tell)(key, event);
        }
    }
}

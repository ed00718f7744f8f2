//! Whole phones' media in one page, told what to do as the core tells it.

use std::cell::{Cell, RefCell};

use wasm_bindgen::prelude::*;
use web_sys::{HtmlMediaElement, MediaStream};
use xc_webrtc::cti::message::IceServer;
use xc_webrtc::phone::call::CallKey;
use xc_webrtc::phone::effect::{MediaCommand, MediaEvent, Plan};
use xc_webrtc::phone::media::Media;
use xc_webrtc::rtc::audio_output::AudioOutput;

use crate::support::{Ear, Told, call, last_made, property, speak_as};

/// One phone's media.
pub struct Party {
    /// Carries out commands.
    pub media: Media,
    told: Told<(CallKey, MediaEvent)>,
    name: &'static str,
    last_description: Cell<usize>,
    /// The microphones that it has opened.
    voices: Vec<JsValue>,
    pitch: Option<f32>,
    /// What its calls are helped by.
    pub ice: Vec<IceServer>,
}

impl Party {
    /// A phone with the browser's fake microphone, which beeps.
    pub fn new(name: &'static str) -> Self {
        Self::made(name, None, false)
    }

    /// A phone whose microphone gives a tone of that pitch.
    pub fn with_voice(name: &'static str, pitch: f32) -> Self {
        Self::made(name, Some(pitch), false)
    }

    /// A phone with the fake microphone whose calls go by way of that TURN server only.
    pub fn by_relay(name: &'static str, server: IceServer) -> Self {
        let mut party = Self::made(name, None, true);
        party.ice.push(server);
        party
    }

    fn made(name: &'static str, pitch: Option<f32>, relay_only: bool) -> Self {
        let told = Told::new();
        let tell = RefCell::new(told.teller());
        let media =
            Media::new(&format!("audio_{name}"), relay_only, AudioOutput::default(), move |call, event| {
                (tell.borrow_mut())((call, event));
            });
        Self { media, told, name, last_description: Cell::new(0), voices: Vec::new(), pitch, ice: Vec::new() }
    }

    /// Tells its media to do something for a call.
    pub fn order(&self, call: u32, command: MediaCommand) {
        self.media.carry_out(CallKey(call), command);
    }

    /// Waits for something that it says of a call.
    pub async fn says(&self, call: u32, what: &str, wanted: impl Fn(&MediaEvent) -> bool) -> MediaEvent {
        let what = format!("{} says {what}", self.name);
        self.told.find(&what, |(key, event)| *key == CallKey(call) && wanted(event)).await.1
    }

    /// All that it said.
    pub fn said(&self) -> Vec<MediaEvent> {
        self.told.all().into_iter().map(|(_, event)| event).collect()
    }

    /// Its next description of a call, and whether the camera is in it.
    async fn next_description(&self) -> (String, bool) {
        let after = self.last_description.get();
        let descriptions = || {
            let described = |event| match event {
                MediaEvent::Described { sdp, video } => Some(Ok((sdp, video))),
                MediaEvent::Broken(reason) => Some(Err(reason)),
                MediaEvent::NoMicrophone(problem) => Some(Err(format!("{problem:?}"))),
                _ => None,
            };
            self.said().into_iter().filter_map(described).nth(after)
        };
        crate::support::eventually(&format!("{} describes", self.name), || descriptions().is_some()).await;
        self.last_description.set(after + 1);
        descriptions().unwrap().unwrap_or_else(|reason| panic!("{}: {reason}", self.name))
    }

    /// Makes an offer.
    pub async fn offer(&mut self, call: u32, plan: Plan) -> (String, bool) {
        let voice = self.take_voice();
        self.order(call, MediaCommand::Offer { ice: self.ice.clone(), plan });
        let described = self.next_description().await;
        self.leave_voice(voice);
        described
    }

    /// Makes an answer.
    pub async fn answer(&mut self, call: u32, offer: String, plan: Plan) -> (String, bool) {
        let voice = self.take_voice();
        self.order(call, MediaCommand::Answer { offer, ice: self.ice.clone(), plan });
        let described = self.next_description().await;
        self.leave_voice(voice);
        described
    }

    fn take_voice(&self) -> Option<JsValue> {
        self.pitch.map(speak_as)
    }

    fn leave_voice(&mut self, voice: Option<JsValue>) {
        if let Some(voice) = voice {
            call(&property(&voice, "restore"));
            self.voices.push(voice);
        }
    }

    /// The element in which a call of it is heard.
    pub fn element(&self, call: u32) -> Option<HtmlMediaElement> {
        element(&format!("audio_{}{call}", self.name))
    }

    /// What is heard of a call.
    pub fn ear(&self, call: u32) -> Ear {
        let stream: MediaStream = self.element(call).unwrap().src_object().unwrap();
        Ear::on(&stream)
    }

    /// Ends a call.
    pub fn close(&self, call: u32) {
        self.order(call, MediaCommand::Close);
    }
}

impl Drop for Party {
    fn drop(&mut self) {
        for call in 0..4 {
            self.close(call);
        }
        for voice in &self.voices {
            call(&property(voice, "silence"));
        }
    }
}

/// The element of the page with that id.
pub fn element(id: &str) -> Option<HtmlMediaElement> {
    web_sys::window().unwrap().document().unwrap().get_element_by_id(id)?.dyn_into().ok()
}

/// The browser's connection that was made last.
pub fn last_connection() -> web_sys::RtcPeerConnection {
    last_made("RTCPeerConnection").unchecked_into()
}

/// One negotiation: offered by the first as that plan says, answered by the second as its plan says. Both descriptions.
pub async fn negotiate(
    (from, call): (&mut Party, u32),
    plan: Plan,
    (to, other_call): (&mut Party, u32),
    answer_plan: Plan,
) -> (String, String) {
    let (offer, _) = from.offer(call, plan).await;
    let (answer, _) = to.answer(other_call, offer.clone(), answer_plan).await;
    from.order(call, MediaCommand::Accept { answer: answer.clone() });
    (offer, answer)
}

/// A talk between two, call 1 of each; it is heard at both ends.
pub async fn talk(one: &mut Party, other: &mut Party) {
    negotiate((one, 1), Plan::TALK, (other, 1), Plan::TALK).await;
    one.says(1, "that there is audio", |event| *event == MediaEvent::RemoteAudio).await;
    other.says(1, "that there is audio", |event| *event == MediaEvent::RemoteAudio).await;
}

/// The direction of a medium in a description (RFC 8866 §6.7).
pub fn direction(sdp: &str, medium: &str) -> String {
    let from = sdp.find(&format!("m={medium}")).unwrap_or_else(|| panic!("no {medium} in {sdp}"));
    let directions = ["sendrecv", "sendonly", "recvonly", "inactive"];
    let lines = sdp[from..].lines().filter_map(|line| line.strip_prefix("a="));
    lines.into_iter().find(|line| directions.contains(line)).unwrap_or("none").to_owned()
}

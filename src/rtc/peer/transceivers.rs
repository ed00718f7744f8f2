//! What is sent and received: one transceiver for speech and one for pictures (W3C WebRTC §5.4).

use js_sys::{Array, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    MediaStreamTrack, RtcPeerConnection, RtcRtpTransceiver, RtcRtpTransceiverDirection, RtcRtpTransceiverInit,
};

use super::PeerError;
use super::negotiation::Negotiation;
use crate::browser::{invoke, window};

/// Speech, as browsers name it.
pub(super) const AUDIO: &str = "audio";
/// Pictures, as browsers name them.
pub(super) const VIDEO: &str = "video";

/// One medium as we want it. What comes of it depends on the other side, too.
#[derive(Clone)]
pub struct Medium {
    /// Which way it flows.
    pub direction: RtcRtpTransceiverDirection,
    /// What we send; without, nothing is sent whatever the direction says.
    pub track: Option<MediaStreamTrack>,
}

/// What we want to send and receive.
#[derive(Clone)]
pub struct Wanted {
    /// Speech.
    pub audio: Medium,
    /// Pictures; `None`: neither offered nor taken.
    pub video: Option<Medium>,
}

impl Negotiation {
    /// Has the connection send and receive what is wanted, with the next description. `offering`: what there is no
    /// transceiver for gets one; else only what the other side offered is used.
    pub(super) async fn arrange(&self, wanted: &Wanted, offering: bool) -> Result<(), PeerError> {
        for (kind, wanted) in [(AUDIO, Some(&wanted.audio)), (VIDEO, wanted.video.as_ref())] {
            self.still_open()?;
            let nothing = Medium { direction: RtcRtpTransceiverDirection::Inactive, track: None };
            let there = transceivers(self.connection(), kind);
            let mut medium = wanted.unwrap_or(&nothing);
            if offering && wanted.is_some() && there.is_empty() {
                self.add(kind, medium);
            }
            for transceiver in there {
                if let Some(replaced) = self.have(&transceiver, medium) {
                    self.step(replaced).await?;
                }
                // Only the first place of a kind is used, however many the other side offers.
                medium = &nothing;
            }
        }
        Ok(())
    }

    fn add(&self, kind: &str, medium: &Medium) {
        let init = RtcRtpTransceiverInit::new();
        init.set_direction(medium.direction);
        init.set_streams(&Array::of1(self.label()));
        let connection = self.connection();
        let added = match &medium.track {
            Some(track) => connection.add_transceiver_with_media_stream_track_and_init(track, &init),
            None => connection.add_transceiver_with_str_and_init(kind, &init),
        };
        prefer_vp8(&added, kind);
    }

    /// Has a transceiver send and receive that; what to wait for where it sends another track from now on.
    fn have(&self, transceiver: &RtcRtpTransceiver, medium: &Medium) -> Option<Promise> {
        transceiver.set_direction(medium.direction);
        let sender = transceiver.sender();
        if sender.track() == medium.track {
            return None;
        }
        if medium.track.is_some() {
            prefer_vp8(transceiver, &transceiver.receiver().track().kind());
            // Speech and pictures under one name are played in step (RFC 8830). A browser that cannot say so
            // plays them all the same.
            let _ = invoke(&sender, "setStreams", self.label());
        }
        Some(sender.replace_track(medium.track.as_ref()).unchecked_into())
    }

    /// Gives up the places that were never agreed on: those of an offer that was refused or that crossed with another.
    pub(super) fn give_up_unused(&self) {
        for kind in [AUDIO, VIDEO] {
            for transceiver in transceivers(self.connection(), kind) {
                if transceiver.mid().is_none() {
                    transceiver.stop();
                }
            }
        }
    }
}

/// Those of that kind that are in use: agreed ones first.
pub(super) fn transceivers(connection: &RtcPeerConnection, kind: &str) -> Vec<RtcRtpTransceiver> {
    let (mut agreed, mut new) = (Vec::new(), Vec::new());
    for transceiver in connection.get_transceivers() {
        let transceiver: RtcRtpTransceiver = transceiver.unchecked_into();
        let is_in_use = transceiver.direction() != RtcRtpTransceiverDirection::Stopped;
        if is_in_use && transceiver.receiver().track().kind() == kind {
            let place = if transceiver.mid().is_some() { &mut agreed } else { &mut new };
            place.push(transceiver);
        }
    }
    agreed.append(&mut new);
    agreed
}

/// Whether the other side was allowed to send that by what was agreed on last, and said that it does.
pub(super) fn receives(connection: &RtcPeerConnection, kind: &str) -> bool {
    transceivers(connection, kind).first().and_then(RtcRtpTransceiver::current_direction).is_some_and(
        |direction| {
            matches!(direction, RtcRtpTransceiverDirection::Sendrecv | RtcRtpTransceiverDirection::Recvonly)
        },
    )
}

/// Names VP8 before all others: what every browser has and Asterisk hands on as it is. A browser that cannot be told
/// so keeps its own order.
fn prefer_vp8(transceiver: &RtcRtpTransceiver, kind: &str) {
    if kind != VIDEO {
        return;
    }
    let ordered = || -> Result<Array, JsValue> {
        let receivers = Reflect::get(&window(), &"RTCRtpReceiver".into())?;
        let capabilities = invoke(&receivers, "getCapabilities", &VIDEO.into())?;
        let codecs = Array::from(&Reflect::get(&capabilities, &"codecs".into())?);
        let name = |codec: &JsValue| Reflect::get(codec, &"mimeType".into()).ok()?.as_string();
        let is_vp8 = |codec: &JsValue| name(codec).is_some_and(|name| name.eq_ignore_ascii_case("video/vp8"));
        let (first, others) = (Array::new(), Array::new());
        for codec in codecs {
            if is_vp8(&codec) { &first } else { &others }.push(&codec);
        }
        Ok(first.concat(&others))
    };
    let _ = ordered().and_then(|codecs| invoke(transceiver, "setCodecPreferences", &codecs));
}

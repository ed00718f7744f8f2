//! After a whole call, the browser has everything back.

use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{MediaStreamTrackState, RtcPeerConnectionState};
use xc_webrtc::browser::clock::{self, Alarm};
use xc_webrtc::browser::socket::Socket;
use xc_webrtc::browser::wake;
use xc_webrtc::rtc::audio_output::AudioOutput;
use xc_webrtc::rtc::ringer::Ringer;
use xc_webrtc::rtc::sink::RemoteAudio;
use xc_webrtc::rtc::tone::Tone;

use crate::peer;
use crate::support::{LIMIT, eventually, lent};

#[wasm_bindgen_test]
async fn nothing_is_left_of_a_call() {
    let before = lent();
    let elements =
        || web_sys::window().unwrap().document().unwrap().get_elements_by_tag_name("audio").length();
    let elements_before = elements();

    let socket = Socket::open("ws://127.0.0.1:9/", Some("sip"), |_| {});
    let watch = wake::watch(|_| {});
    let alarm = Alarm::new(|| {});
    alarm.set(Some(clock::now() + LIMIT));
    let ringer = Ringer::new(AudioOutput::default());
    ringer.start(Tone::Ringback);
    let (alice, bob) = peer::call().await;
    let audio =
        RemoteAudio::play(&alice.peer.remote_audio().unwrap(), ["audio_remote1", "audio_remote"], |_| {});
    let connection = alice.peer.connection().clone();
    let track = Clone::clone(alice.microphone.track());
    assert_ne!(lent(), before);

    drop((socket, watch, alarm, ringer, alice, bob, audio));

    assert_eq!(connection.connection_state(), RtcPeerConnectionState::Closed);
    assert_eq!(track.ready_state(), MediaStreamTrackState::Ended);
    assert_eq!(elements(), elements_before);
    eventually("listeners, workers, URLs and timers are back", || lent() == before).await;
}

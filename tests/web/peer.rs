//! Two connections in one page: they find each other and carry what is said.

use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::RtcRtpTransceiverDirection;
use xc_webrtc::rtc::devices::Microphone;
use xc_webrtc::rtc::ice::Ice;
use xc_webrtc::rtc::peer::{Medium, Peer, PeerEvent, PeerState, Wanted};
use xc_webrtc::rtc::sink::RemoteAudio;

use crate::support::{Ear, Told, within};

/// One side of a call.
pub struct Side {
    /// Its connection.
    pub peer: Peer,
    /// Its microphone, the browser's fake one, which beeps.
    pub microphone: Microphone,
    /// What its connection told.
    pub told: Told<PeerEvent>,
}

impl Side {
    /// A side that has not called yet.
    pub async fn new() -> Self {
        let told = Told::new();
        let peer = Peer::new(&Ice::default(), told.teller()).unwrap();
        Self { peer, microphone: Microphone::open(None).await.unwrap(), told }
    }

    /// Waits until media can flow.
    pub async fn connected(&self) {
        self.told.find("Connected", |event| *event == PeerEvent::State(PeerState::Connected)).await;
    }
}

/// A talk by that microphone.
pub fn talk(microphone: &Microphone) -> Wanted {
    let track = Some(Clone::clone(microphone.track()));
    Wanted { audio: Medium { direction: RtcRtpTransceiverDirection::Sendrecv, track }, video: None }
}

/// One negotiation, offered by the first.
pub async fn negotiate(caller: &Side, callee: &Side) -> String {
    let offer = within("an offer", caller.peer.offer(talk(&caller.microphone))).await.unwrap();
    let answer = within("an answer", callee.peer.answer(&offer, talk(&callee.microphone))).await.unwrap();
    within("the answer taken", caller.peer.accept_answer(&answer)).await.unwrap();
    answer
}

/// A call between two sides.
pub async fn call() -> (Side, Side) {
    let (alice, bob) = (Side::new().await, Side::new().await);
    negotiate(&alice, &bob).await;
    alice.connected().await;
    bob.connected().await;
    (alice, bob)
}

/// What is heard of a side's other side. Chromium feeds a remote stream to Web Audio only while an element plays it.
fn listen(side: &Side, id: &str) -> (RemoteAudio, Ear) {
    let stream = side.peer.remote_audio().unwrap();
    (RemoteAudio::play(&stream, [id, id], |_| {}), Ear::on(&stream))
}

#[wasm_bindgen_test]
async fn two_sides_connect_and_hear_each_other() {
    let (alice, bob) = call().await;
    let (_alice_plays, alice_ear) = listen(&alice, "audio_remote1");
    let (_bob_plays, bob_ear) = listen(&bob, "audio_remote2");
    alice_ear.hears_something("alice").await;
    bob_ear.hears_something("bob").await;
}

#[wasm_bindgen_test]
async fn a_microphone_that_is_off_is_silence_for_the_other_side_only() {
    let (alice, bob) = call().await;
    let (_alice_plays, alice_ear) = listen(&alice, "audio_remote1");
    let (_bob_plays, bob_ear) = listen(&bob, "audio_remote2");
    bob_ear.hears_something("bob").await;
    alice.microphone.set_on(false);
    bob_ear.hears_nothing("bob").await;
    alice_ear.hears_something("alice").await;
    alice.microphone.set_on(true);
    bob_ear.hears_something("bob again").await;
}

#[wasm_bindgen_test]
async fn an_offer_and_an_answer_have_candidates_in_them() {
    let (alice, bob) = (Side::new().await, Side::new().await);
    let offer = within("an offer", alice.peer.offer(talk(&alice.microphone))).await.unwrap();
    assert!(offer.contains("\na=candidate:") && offer.contains("\na=sendrecv"), "{offer}");
    let answer = within("an answer", bob.peer.answer(&offer, talk(&bob.microphone))).await.unwrap();
    assert!(answer.contains("\na=candidate:") && answer.contains("\na=sendrecv"), "{answer}");
}

#[wasm_bindgen_test]
async fn the_remote_stream_stays_the_same_through_a_second_negotiation() {
    let (alice, bob) = call().await;
    let stream = alice.peer.remote_audio().unwrap();
    negotiate(&bob, &alice).await;
    negotiate(&alice, &bob).await;
    assert_eq!(alice.peer.remote_audio(), Some(Clone::clone(&stream)));
    assert_eq!(stream.get_audio_tracks().length(), 1);
    assert_eq!(alice.peer.connection().get_senders().length(), 1, "the microphone is sent once");
    let (_plays, ear) = listen(&alice, "audio_remote1");
    ear.hears_something("alice").await;
}

#[wasm_bindgen_test]
async fn a_side_that_takes_another_microphone_is_still_heard() {
    let (mut alice, bob) = call().await;
    let other = Microphone::open(None).await.unwrap();
    alice.microphone = other;
    negotiate(&alice, &bob).await;
    let (_plays, ear) = listen(&bob, "audio_remote2");
    ear.hears_something("bob").await;
    assert_eq!(alice.peer.connection().get_senders().length(), 1);
}

#[wasm_bindgen_test]
async fn a_side_whose_other_side_is_gone_is_told() {
    let (alice, bob) = call().await;
    drop(bob);
    let gone =
        |event: &PeerEvent| matches!(event, PeerEvent::State(PeerState::Disconnected | PeerState::Failed));
    alice.told.find("Disconnected", gone).await;
}

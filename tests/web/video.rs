//! Pictures: that they arrive and change, and that the camera is given back.

use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{HtmlMediaElement, MediaStream, MediaStreamTrack, MediaStreamTrackState};
use xc_webrtc::phone::call::CameraProblem;
use xc_webrtc::phone::effect::{Flow, MediaCommand, MediaEvent, Plan};

use crate::party::{Party, direction, element, last_connection, negotiate, talk};
use crate::support::{call, eventually, grows, hesitate, lent, property, refuse_cameras, stays, watch};

const SEEN: Plan = Plan { audio: Flow::SendReceive, video: Some(Flow::SendReceive) };
const LOOK: Plan = Plan { audio: Flow::SendReceive, video: Some(Flow::Receive) };
const HOLD: Plan = Plan { audio: Flow::Send, video: Some(Flow::Send) };

const DECODED: [&str; 3] = ["inbound-rtp", "video", "framesDecoded"];

/// The page's two elements, for as long as a story lasts.
struct Screens {
    local: HtmlMediaElement,
    remote: HtmlMediaElement,
}

impl Screens {
    fn new() -> Self {
        Self { local: screen("video-local"), remote: screen("video-remote") }
    }

    fn local_track(&self) -> MediaStreamTrack {
        let stream: MediaStream = self.local.src_object().unwrap();
        stream.get_video_tracks().get(0).unchecked_into()
    }
}

impl Drop for Screens {
    fn drop(&mut self) {
        self.local.remove();
        self.remote.remove();
    }
}

fn screen(id: &str) -> HtmlMediaElement {
    let document = web_sys::window().unwrap().document().unwrap();
    let element = document.create_element("video").unwrap();
    element.set_id(id);
    document.body().unwrap().append_child(&element).unwrap();
    element.unchecked_into()
}

/// Waits until the element presents pictures that differ.
async fn moves(element: &HtmlMediaElement, what: &str) {
    let seen = watch(element);
    let changes = || property(&seen, "changes").as_f64().unwrap();
    eventually(&format!("{what} moves"), || changes() > 5.0 && property(&seen, "black") == false).await;
    call(&property(&seen, "stop"));
}

fn remote_video(on: bool) -> impl Fn(&MediaEvent) -> bool {
    move |event| *event == MediaEvent::RemoteVideo { on }
}

fn no_camera(problem: CameraProblem) -> MediaEvent {
    MediaEvent::NoCamera(problem)
}

#[wasm_bindgen_test]
async fn two_who_offer_and_answer_with_video_see_each_other() {
    let screens = Screens::new();
    let (mut alice, mut bob) = (Party::new("alice"), Party::new("bob"));
    let (offer, video) = alice.offer(1, SEEN).await;
    assert!(video && vp8_is_first(&offer), "{offer}");
    let alice_sees = last_connection();
    let (answer, video) = bob.answer(1, offer, SEEN).await;
    assert!(video);
    let bob_sees = last_connection();
    alice.order(1, MediaCommand::Accept { answer });
    alice.says(1, "that there are pictures", remote_video(true)).await;
    bob.says(1, "that there are pictures", remote_video(true)).await;
    grows("alice", &alice_sees, DECODED, 10.0).await;
    grows("bob", &bob_sees, DECODED, 10.0).await;
    moves(&screens.local, "the own picture").await;
    moves(&screens.remote, "the other side's picture").await;
    assert!(screens.local.muted() && screens.remote.muted());
    bob.ear(1).hears_something("bob").await;
}

#[wasm_bindgen_test]
async fn who_only_looks_is_not_seen() {
    let screens = Screens::new();
    let (mut alice, mut bob) = (Party::new("alice"), Party::new("bob"));
    let (offer, _) = alice.offer(1, SEEN).await;
    let (answer, video) = bob.answer(1, offer, LOOK).await;
    assert!(!video);
    assert_eq!(direction(&answer, "video"), "recvonly");
    alice.order(1, MediaCommand::Accept { answer });
    bob.says(1, "that there are pictures", remote_video(true)).await;
    moves(&screens.remote, "what bob sees").await;
    assert!(!alice.said().iter().any(remote_video(true)));
}

#[wasm_bindgen_test]
async fn video_that_is_not_taken_leaves_a_talk() {
    let screens = Screens::new();
    let (mut alice, mut bob) = (Party::new("alice"), Party::new("bob"));
    let (_, answer) = negotiate((&mut alice, 1), SEEN, (&mut bob, 1), Plan::TALK).await;
    assert_eq!(direction(&answer, "video"), "inactive");
    bob.says(1, "audio", |event| *event == MediaEvent::RemoteAudio).await;
    bob.ear(1).hears_something("bob").await;
    assert!(screens.remote.src_object().is_none());
    assert!(!bob.said().iter().any(remote_video(true)));
}

#[wasm_bindgen_test]
async fn without_a_camera_a_talk_is_offered_and_an_offer_is_looked_at() {
    let screens = Screens::new();
    let (mut alice, mut bob) = (Party::new("alice"), Party::new("bob"));
    for (name, problem) in [
        ("NotAllowedError", CameraProblem::Refused),
        ("NotFoundError", CameraProblem::Absent),
        ("NotReadableError", CameraProblem::InUse),
    ] {
        let restore = refuse_cameras(name);
        let mut without = Party::new("without");
        let (offer, video) = without.offer(1, SEEN).await;
        call(&restore);
        assert!(!video && !offer.contains("m=video"), "{offer}");
        assert!(without.said().contains(&no_camera(problem)), "{name}");
    }
    let (offer, _) = alice.offer(1, SEEN).await;
    let restore = refuse_cameras("NotFoundError");
    let (answer, video) = bob.answer(1, offer, SEEN).await;
    call(&restore);
    assert!(!video);
    assert!(bob.said().contains(&no_camera(CameraProblem::Absent)));
    alice.order(1, MediaCommand::Accept { answer });
    moves(&screens.remote, "what bob sees").await;
}

#[wasm_bindgen_test]
async fn a_talk_becomes_a_video_call_and_a_talk_again() {
    let screens = Screens::new();
    let (mut alice, mut bob) = (Party::new("alice"), Party::new("bob"));
    talk(&mut alice, &mut bob).await;
    assert!(screens.local.src_object().is_none());
    for _ in 0..2 {
        negotiate((&mut alice, 1), SEEN, (&mut bob, 1), LOOK).await;
        moves(&screens.local, "alice's own picture").await;
        moves(&screens.remote, "what bob sees").await;
        let camera = screens.local_track();
        negotiate((&mut alice, 1), Plan::TALK, (&mut bob, 1), Plan::TALK).await;
        bob.says(1, "that the pictures are gone", remote_video(false)).await;
        eventually("the camera is off", || camera.ready_state() == MediaStreamTrackState::Ended).await;
        assert!(screens.local.src_object().is_none() && screens.remote.src_object().is_none());
    }
    bob.ear(1).hears_something("bob").await;
}

#[wasm_bindgen_test]
async fn video_that_is_refused_is_forgotten_and_the_camera_given_back() {
    let screens = Screens::new();
    let (mut alice, mut bob) = (Party::new("alice"), Party::new("bob"));
    talk(&mut alice, &mut bob).await;
    let (offer, _) = alice.offer(1, SEEN).await;
    assert!(offer.contains("m=video"));
    let camera = screens.local_track();
    alice.order(1, MediaCommand::Rollback);
    eventually("the camera is off", || camera.ready_state() == MediaStreamTrackState::Ended).await;
    let hold = Plan { audio: Flow::Send, video: None };
    let (offer, _) = negotiate((&mut alice, 1), hold, (&mut bob, 1), Plan::TALK).await;
    // Firefox keeps a place for it, which port 0 says is empty (RFC 3264 §6).
    assert!(!offer.contains("m=video") || offer.contains("m=video 0 "), "{offer}");
    negotiate((&mut bob, 1), SEEN, (&mut alice, 1), SEEN).await;
    alice.says(1, "that there are pictures", remote_video(true)).await;
}

#[wasm_bindgen_test]
async fn a_camera_that_is_off_sends_black() {
    let screens = Screens::new();
    let (mut alice, mut bob) = (Party::new("alice"), Party::new("bob"));
    negotiate((&mut alice, 1), SEEN, (&mut bob, 1), LOOK).await;
    moves(&screens.remote, "what bob sees").await;
    alice.order(1, MediaCommand::Camera { on: false });
    let seen = watch(&screens.remote);
    eventually("it is black", || property(&seen, "black") == true).await;
    call(&property(&seen, "stop"));
    alice.order(1, MediaCommand::Camera { on: true });
    moves(&screens.remote, "what bob sees again").await;
}

#[wasm_bindgen_test]
async fn on_hold_nobody_is_seen() {
    let screens = Screens::new();
    let (mut alice, mut bob) = (Party::new("alice"), Party::new("bob"));
    let (offer, _) = alice.offer(1, SEEN).await;
    let (answer, _) = bob.answer(1, offer, LOOK).await;
    let bob_sees = last_connection();
    alice.order(1, MediaCommand::Accept { answer });
    moves(&screens.remote, "what bob sees").await;
    negotiate((&mut alice, 1), HOLD, (&mut bob, 1), LOOK).await;
    stays("bob's pictures", &bob_sees, ["inbound-rtp", "video", "packetsReceived"]).await;
    assert_eq!(screens.local_track().ready_state(), MediaStreamTrackState::Live, "it is kept for the resume");
    negotiate((&mut alice, 1), SEEN, (&mut bob, 1), LOOK).await;
    moves(&screens.remote, "what bob sees again").await;
}

#[wasm_bindgen_test]
async fn a_page_may_make_its_elements_later() {
    let (mut alice, mut bob) = (Party::new("alice"), Party::new("bob"));
    negotiate((&mut alice, 1), SEEN, (&mut bob, 1), LOOK).await;
    bob.says(1, "that there are pictures", remote_video(true)).await;
    let screens = Screens::new();
    alice.media.look_for_elements();
    bob.media.look_for_elements();
    moves(&screens.local, "alice's own picture").await;
    moves(&screens.remote, "what bob sees").await;
}

#[wasm_bindgen_test]
async fn at_the_end_the_camera_is_off_and_the_page_as_before() {
    let screens = Screens::new();
    let before = lent();
    let (mut alice, mut bob) = (Party::new("alice"), Party::new("bob"));
    negotiate((&mut alice, 1), SEEN, (&mut bob, 1), LOOK).await;
    moves(&screens.remote, "what bob sees").await;
    let camera = screens.local_track();
    alice.close(1);
    bob.close(1);
    assert_eq!(camera.ready_state(), MediaStreamTrackState::Ended);
    assert!(screens.local.src_object().is_none() && screens.remote.src_object().is_none());
    assert!(element("audio_alice1").is_none());
    // Each watches for devices as long as it is there.
    drop((alice, bob));
    eventually("listeners are off", || lent() == before).await;
}

#[wasm_bindgen_test]
async fn a_camera_that_is_allowed_after_the_call_is_switched_off() {
    let screens = Screens::new();
    let (mut alice, mut bob) = (Party::new("alice"), Party::new("bob"));
    talk(&mut alice, &mut bob).await;
    let prompt = hesitate();
    let opened = property(&prompt, "opened");
    alice.order(1, MediaCommand::Offer { ice: Vec::new(), plan: SEEN });
    eventually("the person is asked", || property(&opened, "asked") == true).await;
    alice.close(1);
    call(&property(&prompt, "go"));
    let stream = || property(&opened, "stream").dyn_into::<MediaStream>().ok();
    eventually("the person allows it", || stream().is_some()).await;
    call(&property(&prompt, "restore"));
    let track: MediaStreamTrack = stream().unwrap().get_video_tracks().get(0).unchecked_into();
    eventually("it is switched off", || track.ready_state() == MediaStreamTrackState::Ended).await;
    assert!(screens.local.src_object().is_none());
}

#[wasm_bindgen_test]
async fn nobody_is_asked_for_devices_of_a_call_that_is_over() {
    let mut alice = Party::new("alice");
    let prompt = hesitate();
    alice.order(1, MediaCommand::Offer { ice: Vec::new(), plan: SEEN });
    alice.close(1);
    call(&property(&prompt, "restore"));
    alice.offer(2, Plan::TALK).await;
    assert!(property(&property(&prompt, "opened"), "asked") == false);
}

/// Whether the first format of the pictures is VP8.
fn vp8_is_first(sdp: &str) -> bool {
    let media = &sdp[sdp.find("m=video").unwrap()..];
    let first = media.split(' ').nth(3).unwrap();
    media.contains(&format!("a=rtpmap:{first} VP8/"))
}

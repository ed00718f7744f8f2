//! The conference: each of three hears both others and not itself, by the spectrum.

use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{AudioContext, AudioContextState};
use xc_webrtc::phone::call::CallKey;
use xc_webrtc::phone::effect::{Flow, MediaCommand, MediaEvent, Plan};

use crate::party::{Party, negotiate};
use crate::support::{Ear, eventually, last_made, lent};

const HOST: f32 = 450.0;
const BOB: f32 = 1100.0;
const CAROL: f32 = 2300.0;
const HOLD: Plan = Plan { audio: Flow::Send, video: None };

/// A host in a call with two others: call 1 with Bob, call 2 with Carol.
struct Three {
    host: Party,
    bob: Party,
    carol: Party,
}

impl Three {
    async fn new() -> Self {
        let mut host = Party::with_voice("host", HOST);
        let (mut bob, mut carol) = (Party::with_voice("bob", BOB), Party::with_voice("carol", CAROL));
        negotiate((&mut host, 1), Plan::TALK, (&mut bob, 1), Plan::TALK).await;
        negotiate((&mut host, 2), Plan::TALK, (&mut carol, 1), Plan::TALK).await;
        for (party, call) in [(&host, 1), (&host, 2), (&bob, 1), (&carol, 1)] {
            party.says(call, "audio", |event| *event == MediaEvent::RemoteAudio).await;
        }
        Self { host, bob, carol }
    }

    fn confer(&self, calls: &[u32]) {
        self.host.media.set_conference(calls.iter().copied().map(CallKey).collect());
    }
}

/// Who is heard there, and nobody else.
async fn hears_only(ear: &Ear, who: &str, wanted: &[f32]) {
    for pitch in [HOST, BOB, CAROL] {
        if wanted.contains(&pitch) {
            ear.hears(who, pitch).await;
        } else {
            ear.loses(who, pitch).await;
        }
    }
}

#[wasm_bindgen_test]
async fn each_hears_both_others_and_not_itself() {
    let three = Three::new().await;
    let (bob, carol) = (three.bob.ear(1), three.carol.ear(1));
    hears_only(&bob, "bob", &[HOST]).await;
    three.confer(&[1, 2]);
    hears_only(&bob, "bob", &[HOST, CAROL]).await;
    hears_only(&carol, "carol", &[HOST, BOB]).await;
    hears_only(&three.host.ear(1), "the host in one ear", &[BOB]).await;
    hears_only(&three.host.ear(2), "the host in the other ear", &[CAROL]).await;
}

#[wasm_bindgen_test]
async fn a_host_with_the_microphone_off_leaves_the_others_talking() {
    let three = Three::new().await;
    let (bob, carol) = (three.bob.ear(1), three.carol.ear(1));
    three.confer(&[1, 2]);
    bob.hears("bob", CAROL).await;
    for call in [1, 2] {
        three.host.order(call, MediaCommand::Microphone { on: false });
    }
    hears_only(&bob, "bob", &[CAROL]).await;
    hears_only(&carol, "carol", &[BOB]).await;
    for call in [1, 2] {
        three.host.order(call, MediaCommand::Microphone { on: true });
    }
    hears_only(&bob, "bob", &[HOST, CAROL]).await;
}

#[wasm_bindgen_test]
async fn a_conference_is_held_and_resumed_as_a_whole() {
    let Three { mut host, mut bob, mut carol } = Three::new().await;
    let (bob_ear, carol_ear) = (bob.ear(1), carol.ear(1));
    host.media.set_conference(vec![CallKey(1), CallKey(2)]);
    bob_ear.hears("bob", CAROL).await;
    negotiate((&mut host, 1), HOLD, (&mut bob, 1), Plan::TALK).await;
    negotiate((&mut host, 2), HOLD, (&mut carol, 1), Plan::TALK).await;
    bob_ear.hears_nothing("bob on hold").await;
    carol_ear.hears_nothing("carol on hold").await;
    negotiate((&mut host, 1), Plan::TALK, (&mut bob, 1), Plan::TALK).await;
    // Carol is still on hold, and does not listen through Bob's call.
    hears_only(&bob_ear, "bob", &[HOST]).await;
    carol_ear.hears_nothing("carol still on hold").await;
    negotiate((&mut host, 2), Plan::TALK, (&mut carol, 1), Plan::TALK).await;
    hears_only(&bob_ear, "bob again", &[HOST, CAROL]).await;
    hears_only(&carol_ear, "carol again", &[HOST, BOB]).await;
}

#[wasm_bindgen_test]
async fn after_one_has_left_the_other_hears_the_host_alone() {
    let three = Three::new().await;
    let bob = three.bob.ear(1);
    three.confer(&[1, 2]);
    bob.hears("bob", CAROL).await;
    three.host.close(2);
    hears_only(&bob, "bob", &[HOST]).await;
    three.confer(&[]);
    hears_only(&bob, "bob", &[HOST]).await;
}

#[wasm_bindgen_test]
async fn a_conference_that_is_parted_leaves_two_calls() {
    let three = Three::new().await;
    let (bob, carol) = (three.bob.ear(1), three.carol.ear(1));
    three.confer(&[1, 2]);
    bob.hears("bob", CAROL).await;
    three.confer(&[]);
    hears_only(&bob, "bob", &[HOST]).await;
    hears_only(&carol, "carol", &[HOST]).await;
}

#[wasm_bindgen_test]
async fn a_conference_gives_all_back() {
    let before = lent();
    let three = Three::new().await;
    three.confer(&[1, 2]);
    let output: AudioContext = last_made("AudioContext").unchecked_into();
    three.bob.ear(1).hears("bob", CAROL).await;
    assert_eq!(output.state(), AudioContextState::Running);
    three.confer(&[]);
    eventually("the mixer's output rests", || output.state() == AudioContextState::Suspended).await;
    three.confer(&[1, 2]);
    eventually("the mixer's output runs", || output.state() == AudioContextState::Running).await;
    drop(three);
    eventually("the mixer's output is closed", || output.state() == AudioContextState::Closed).await;
    eventually("listeners are off", || lent() == before).await;
}

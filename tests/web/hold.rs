//! Hold and resume: who hears whom.

use wasm_bindgen_test::wasm_bindgen_test;
use xc_webrtc::phone::effect::{Flow, MediaCommand, Plan};

use crate::party::{Party, direction, negotiate, talk};

const HOLD: Plan = Plan { audio: Flow::Send, video: None };
const BOTH_HOLD: Plan = Plan { audio: Flow::Inactive, video: None };

async fn two() -> (Party, Party) {
    let (mut alice, mut bob) = (Party::with_voice("alice", 600.0), Party::with_voice("bob", 1500.0));
    talk(&mut alice, &mut bob).await;
    (alice, bob)
}

#[wasm_bindgen_test]
async fn on_hold_nobody_hears_anybody_and_after_it_both_do() {
    let (mut alice, mut bob) = two().await;
    let (alice_ear, bob_ear) = (alice.ear(1), bob.ear(1));
    alice_ear.hears("alice", 1500.0).await;
    bob_ear.hears("bob", 600.0).await;

    let (offer, answer) = negotiate((&mut alice, 1), HOLD, (&mut bob, 1), Plan::TALK).await;
    assert_eq!(
        (direction(&offer, "audio"), direction(&answer, "audio")),
        ("sendonly".into(), "recvonly".into())
    );
    bob_ear.hears_nothing("bob on hold").await;
    alice_ear.hears_nothing("alice").await;

    negotiate((&mut alice, 1), Plan::TALK, (&mut bob, 1), Plan::TALK).await;
    alice_ear.hears("alice again", 1500.0).await;
    bob_ear.hears("bob again", 600.0).await;
}

#[wasm_bindgen_test]
async fn what_is_asked_of_the_other_side_is_done_here_at_once() {
    let (mut alice, bob) = two().await;
    let (alice_ear, bob_ear) = (alice.ear(1), bob.ear(1));
    bob_ear.hears("bob", 600.0).await;
    // The offer is made, and the other side has not heard of it yet.
    alice.offer(1, HOLD).await;
    bob_ear.hears_nothing("bob").await;
    alice_ear.hears_nothing("alice").await;
}

#[wasm_bindgen_test]
async fn who_is_to_be_held_is_silent_whatever_is_agreed_on_meanwhile() {
    let (mut alice, mut bob) = two().await;
    let (alice_ear, bob_ear) = (alice.ear(1), bob.ear(1));
    bob_ear.hears("bob", 600.0).await;
    alice.order(1, MediaCommand::Hush { on: true });
    bob_ear.hears_nothing("bob").await;
    alice_ear.hears_nothing("alice").await;
    negotiate((&mut bob, 1), Plan::TALK, (&mut alice, 1), Plan::TALK).await;
    alice.order(1, MediaCommand::Microphone { on: true });
    bob_ear.hears_nothing("bob after an offer of theirs").await;
    alice_ear.hears_nothing("alice after it").await;
    alice.order(1, MediaCommand::Hush { on: false });
    bob_ear.hears("bob again", 600.0).await;
    alice_ear.hears("alice again", 1500.0).await;
}

#[wasm_bindgen_test]
async fn a_hold_that_is_refused_leaves_the_talk_as_it_was() {
    let (mut alice, mut bob) = two().await;
    let (alice_ear, bob_ear) = (alice.ear(1), bob.ear(1));
    alice.offer(1, HOLD).await;
    alice.order(1, MediaCommand::Rollback);
    alice_ear.hears("alice", 1500.0).await;
    bob_ear.hears("bob", 600.0).await;
    // Once more, after the other side has made the last offer.
    negotiate((&mut bob, 1), Plan::TALK, (&mut alice, 1), Plan::TALK).await;
    alice.offer(1, HOLD).await;
    alice.order(1, MediaCommand::Rollback);
    alice_ear.hears("alice", 1500.0).await;
    bob_ear.hears("bob", 600.0).await;
    // And the next attempt, of the other side, finds nothing in its way.
    let (offer, answer) = negotiate((&mut bob, 1), HOLD, (&mut alice, 1), Plan::TALK).await;
    assert_eq!(
        (direction(&offer, "audio"), direction(&answer, "audio")),
        ("sendonly".into(), "recvonly".into())
    );
    alice_ear.hears_nothing("alice on hold").await;
}

#[wasm_bindgen_test]
async fn a_resume_that_is_refused_leaves_it_on_hold() {
    let (mut alice, mut bob) = two().await;
    let (alice_ear, bob_ear) = (alice.ear(1), bob.ear(1));
    negotiate((&mut alice, 1), HOLD, (&mut bob, 1), Plan::TALK).await;
    alice.offer(1, Plan::TALK).await;
    alice.order(1, MediaCommand::Rollback);
    bob_ear.hears_nothing("bob on hold").await;
    alice_ear.hears_nothing("alice").await;
    let (offer, _) = negotiate((&mut alice, 1), Plan::TALK, (&mut bob, 1), Plan::TALK).await;
    assert_eq!(direction(&offer, "audio"), "sendrecv");
    bob_ear.hears("bob", 600.0).await;
    alice_ear.hears("alice", 1500.0).await;
}

#[wasm_bindgen_test]
async fn music_of_the_side_that_holds_is_heard() {
    let (mut alice, mut bob) = two().await;
    let alice_ear = alice.ear(1);
    // An exchange that holds sends on, `sendonly`, with music in place of the person. What is sent is in the hands of the
    // test here: the description says hold, the microphone plays the music.
    let (offer, _) = bob.offer(1, Plan::TALK).await;
    let held = offer.replace("a=sendrecv", "a=sendonly");
    let (answer, _) = alice.answer(1, held, Plan::TALK).await;
    assert_eq!(direction(&answer, "audio"), "recvonly");
    bob.order(1, MediaCommand::Accept { answer });
    alice_ear.hears("alice on hold", 1500.0).await;
    bob.ear(1).hears_nothing("the exchange").await;
}

#[wasm_bindgen_test]
async fn when_both_hold_each_resumes_for_itself() {
    let (mut alice, mut bob) = two().await;
    let (alice_ear, bob_ear) = (alice.ear(1), bob.ear(1));
    negotiate((&mut alice, 1), HOLD, (&mut bob, 1), Plan::TALK).await;
    let (offer, answer) = negotiate((&mut bob, 1), BOTH_HOLD, (&mut alice, 1), HOLD).await;
    assert_eq!(
        (direction(&offer, "audio"), direction(&answer, "audio")),
        ("inactive".into(), "inactive".into())
    );
    bob_ear.hears_nothing("bob").await;
    // Alice resumes; Bob still holds.
    let (_, answer) = negotiate((&mut alice, 1), Plan::TALK, (&mut bob, 1), HOLD).await;
    assert_eq!(direction(&answer, "audio"), "sendonly");
    bob_ear.hears_nothing("bob").await;
    alice_ear.hears_nothing("alice").await;
    negotiate((&mut bob, 1), Plan::TALK, (&mut alice, 1), Plan::TALK).await;
    alice_ear.hears("alice", 1500.0).await;
    bob_ear.hears("bob", 600.0).await;
}

#[wasm_bindgen_test]
async fn a_microphone_that_is_off_stays_off_through_hold_and_resume() {
    let (mut alice, mut bob) = two().await;
    let bob_ear = bob.ear(1);
    alice.order(1, MediaCommand::Microphone { on: false });
    negotiate((&mut alice, 1), HOLD, (&mut bob, 1), Plan::TALK).await;
    negotiate((&mut alice, 1), Plan::TALK, (&mut bob, 1), Plan::TALK).await;
    bob_ear.hears_nothing("bob").await;
    alice.order(1, MediaCommand::Microphone { on: true });
    bob_ear.hears("bob", 600.0).await;
}

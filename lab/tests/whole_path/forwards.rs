//! Calls that somebody wants elsewhere, or does not want: forwards and do-not-disturb; and their voice mail box.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::Instant;
use xc_lab::Lab;
use xc_webrtc::sip::method::Method;
use xc_webrtc::sip::status::StatusCode;

use crate::lab;
use crate::support::cti::Cti;
use crate::support::http::{get, post};
use crate::support::peer::Peer;
use crate::support::phone::{Phone, ack};
use crate::support::talk::talk_together;

/// Sets it and waits for the confirmation.
async fn set(cti: &mut Cti, command: Value) -> Value {
    cti.command(command).await;
    cti.expect("UserConfigUpdate").await
}

fn forward(kind: &str, destination: &str) -> Value {
    json!({ "command": kind, "state": true, "destination": destination })
}

async fn alice_bob_carol(lab: &Lab) -> [Phone; 3] {
    [
        Phone::registered(lab.address, "alice").await,
        Phone::registered(lab.address, "bob").await,
        Phone::registered(lab.address, "carol").await,
    ]
}

/// Carol's phone rings for Alice, and both talk.
async fn alice_talks_to_carol(alice: &mut Phone, carol: &mut Phone) {
    let (mut one, mut other) = (Peer::saying("alice").await, Peer::saying("carol").await);
    talk_together((alice, &mut one), (carol, &mut other), "1002").await;
    Peer::hear_each_other(&mut one, &mut other, 3).await;
    assert!(one.heard.iter().all(|frame| **frame == *b"carol"));
    assert_eq!(alice.cti.event("EventDialing").await["otherDN"], "1002");
    let again = alice.cti.event("EventDialing").await;
    assert_eq!((&again["otherDN"], &again["otherDName"]), (&json!("1003"), &json!("Carol Silva")));
    assert_eq!(alice.cti.event("EventEstablished").await["otherDN"], "1003");
    assert_eq!(carol.cti.event("EventEstablished").await["otherDN"], "1001");
}

#[tokio::test]
async fn an_unconditional_forward_asks_the_other_number_at_once() {
    let lab = lab().await;
    let [mut alice, mut bob, mut carol] = alice_bob_carol(&lab).await;
    let told = set(&mut bob.cti, forward("uncFwd", "1003")).await;
    assert_eq!(told, json!({ "uncFwdDestination": "1003", "uncFwdEnabled": true }));
    alice_talks_to_carol(&mut alice, &mut carol).await;
    assert_eq!(bob.frames_before_pong().await, 0, "Bob's phone rang");
}

#[tokio::test]
async fn a_forward_outlives_the_page_that_set_it_until_it_is_taken_back() {
    let lab = lab().await;
    let mut bob = Cti::of(lab.address, "bob").await;
    set(&mut bob, forward("naFwd", "1003")).await;
    let mut later = Cti::greeted(lab.address, "bob").await;
    let greeting = later.expect("UserConfigUpdate").await;
    assert_eq!((&greeting["naFwdDestination"], &greeting["naFwdEnabled"]), (&json!("1003"), &json!(true)));
    assert_eq!((&greeting["fullName"], &greeting["dndEnabled"]), (&json!("Bob Keller"), &json!(false)));
    // Every page of that person is told.
    set(&mut later, json!({ "command": "naFwd", "state": false, "destination": "" })).await;
    let told = bob.expect("UserConfigUpdate").await;
    assert_eq!(told, json!({ "naFwdDestination": "1003", "naFwdEnabled": false }));
}

#[tokio::test]
async fn a_busy_forward_goes_on_after_the_refusal() {
    let lab = lab().await;
    let [mut alice, mut bob, mut carol] = alice_bob_carol(&lab).await;
    set(&mut bob.cti, forward("busyFwd", "1003")).await;
    let ((), ()) = tokio::join!(alice_talks_to_carol(&mut alice, &mut carol), async {
        let invite = bob.request(Method::Invite).await;
        bob.answer(&invite, StatusCode::RINGING, "").await;
        bob.cti.event("EventRinging").await;
        bob.answer(&invite, StatusCode::BUSY_HERE, "").await;
        bob.request(Method::Ack).await;
        bob.cti.event("EventReleased").await;
        bob.cti.status("AVAILABLE").await;
    });
}

#[tokio::test]
async fn a_forward_on_no_answer_takes_the_call_from_a_phone_that_rings_in_vain() {
    let lab = lab().await;
    let [mut alice, mut bob, mut carol] = alice_bob_carol(&lab).await;
    set(&mut bob.cti, forward("naFwd", "1003")).await;
    let ((), ()) = tokio::join!(alice_talks_to_carol(&mut alice, &mut carol), async {
        let invite = bob.request(Method::Invite).await;
        bob.answer(&invite, StatusCode::RINGING, "").await;
        bob.cti.event("EventRinging").await;
        let at = Instant::now() + Duration::from_secs(16);
        lab.desk.ask(move |exchange| exchange.time_passed(at)).await.unwrap();
        bob.request(Method::Cancel).await;
        bob.cti.event("EventReleased").await;
    });
}

#[tokio::test]
async fn a_forward_on_no_answer_stands_in_for_a_phone_that_is_not_there() {
    let lab = lab().await;
    let mut alice = Phone::registered(lab.address, "alice").await;
    let mut carol = Phone::registered(lab.address, "carol").await;
    let mut bob = Cti::of(lab.address, "bob").await;
    set(&mut bob, forward("naFwd", "1003")).await;
    alice_talks_to_carol(&mut alice, &mut carol).await;
}

#[tokio::test]
async fn who_does_not_want_to_be_disturbed_is_busy() {
    let lab = lab().await;
    let [mut alice, mut bob, mut carol] = alice_bob_carol(&lab).await;
    let offer = Peer::saying("").await.offer();
    assert_eq!(
        set(&mut bob.cti, json!({ "command": "dnd", "state": true })).await,
        json!({ "dndEnabled": true })
    );
    let (invite, refusal) = alice.call("1002", &offer).await;
    assert_eq!(refusal.status, StatusCode::BUSY_HERE);
    alice.send(ack(&invite, &refusal)).await;
    assert_eq!(bob.frames_before_pong().await, 0, "Bob's phone rang");
    assert_eq!(get(lab.address, "/lab/calls").await.1, json!([]));
    alice.cti.event("EventDialing").await;
    alice.cti.event("EventReleased").await;

    set(&mut bob.cti, forward("busyFwd", "1003")).await;
    alice_talks_to_carol(&mut alice, &mut carol).await;
}

#[tokio::test]
async fn forwards_in_a_circle_end() {
    let lab = lab().await;
    let [mut alice, mut bob, mut carol] = alice_bob_carol(&lab).await;
    set(&mut bob.cti, forward("uncFwd", "1003")).await;
    set(&mut carol.cti, forward("uncFwd", "1002")).await;
    let offer = Peer::saying("").await.offer();
    let (_, forwarded) = alice.call("1002", &offer).await;
    assert_eq!(forwarded.status, StatusCode::CALL_IS_BEING_FORWARDED);
    assert_eq!(alice.final_response().await.status, StatusCode::LOOP_DETECTED);
    assert_eq!(get(lab.address, "/lab/calls").await.1, json!([]));
}

#[tokio::test]
async fn a_forward_to_nowhere_is_refused_to_the_caller_and_to_who_sets_it() {
    let lab = lab().await;
    let [mut alice, mut bob, _carol] = alice_bob_carol(&lab).await;
    for command in [
        json!({ "command": "uncFwd", "state": true }),
        json!({ "command": "uncFwd", "state": true, "destination": "1002" }),
        json!({ "command": "busyFwd", "destination": "1003" }),
        json!({ "command": "dnd", "state": "perhaps" }),
    ] {
        bob.cti.command(command).await;
        bob.cti.expect("Error").await;
    }
    set(&mut bob.cti, forward("uncFwd", "4711")).await;
    let (_, forwarded) = alice.call("1002", &Peer::saying("").await.offer()).await;
    assert_eq!(forwarded.status, StatusCode::CALL_IS_BEING_FORWARDED);
    assert_eq!(alice.final_response().await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_is_in_the_voice_mail_box_is_told_at_once_and_to_pages_that_come_later() {
    let lab = lab().await;
    let mut alice = Cti::of(lab.address, "alice").await;
    let messages = json!({ "user": "alice", "newMessages": 2, "waitingMessages": 1, "oldMessages": 5 });
    assert_eq!(post(lab.address, "/lab/voice_mail", &messages).await.0, 204);
    let told = json!({ "voiceMailId": 1, "newMessages": 2, "waitingMessages": 1, "oldMessages": 5 });
    while alice.expect("VoiceMailStatusUpdate").await != told {}
    let mut later = Cti::greeted(lab.address, "alice").await;
    assert_eq!(later.expect("VoiceMailStatusUpdate").await, told);
    let nobody = json!({ "user": "mallory", "newMessages": 2 });
    assert_eq!(post(lab.address, "/lab/voice_mail", &nobody).await.0, 404);
}

//! Calls from one person to another.

use serde_json::json;
use xc_webrtc::sip::header::Name;
use xc_webrtc::sip::message::Request;
use xc_webrtc::sip::method::Method;
use xc_webrtc::sip::status::StatusCode;

use crate::lab;
use crate::support::http::{get, post};
use crate::support::peer::Peer;
use crate::support::phone::{Phone, ack, cancel};

#[tokio::test]
async fn both_hear_each_other_and_either_hangs_up() {
    let lab = lab().await;
    let mut alice = Phone::registered(lab.address, "alice").await;
    let mut bob = Phone::registered(lab.address, "bob").await;
    let (mut alices, mut bobs) = (Peer::saying("I am Alice").await, Peer::saying("I am Bob").await);

    let offer = alices.offer();
    let ((invite, ringing), (incoming, accepted)) = tokio::join!(alice.call("1002", &offer), async {
        let incoming = bob.request(Method::Invite).await;
        bob.answer(&incoming, StatusCode::RINGING, "").await;
        let answer = bobs.answer(&incoming.body);
        let accepted = bob.answer(&incoming, StatusCode::OK, &answer).await;
        bob.request(Method::Ack).await;
        (incoming, accepted)
    });
    assert_eq!(ringing.status, StatusCode::RINGING);
    let from = incoming.headers.from().unwrap();
    assert_eq!((from.display_name.as_deref(), from.user()), (Some("Alice Martin"), "1001"));
    assert_eq!(incoming.headers.p_asserted_identity().unwrap().user(), "1001");
    let ok = alice.final_response().await;
    assert_eq!(ok.headers.p_asserted_identity().unwrap().display_name.as_deref(), Some("Bob Keller"));
    let confirm = alice.within(&invite, &ok, Method::Ack);
    alice.send(confirm).await;
    alices.accept(&ok.body);

    Peer::hear_each_other(&mut alices, &mut bobs, 10).await;
    assert!(alices.heard.iter().all(|frame| **frame == *b"I am Bob"));
    assert!(bobs.heard.iter().all(|frame| **frame == *b"I am Alice"));

    let dialing = alice.cti.event("EventDialing").await;
    assert_eq!((&dialing["otherDN"], &dialing["otherDName"]), (&json!("1002"), &json!("Bob Keller")));
    let ringing = bob.cti.event("EventRinging").await;
    assert_eq!(ringing["userData"]["SIPCALLID"], incoming.headers.call_id().unwrap());
    assert_eq!(ringing["callDirection"], "Incoming");
    assert_eq!(ringing["linkedId"], dialing["linkedId"]);
    assert_ne!(ringing["uniqueId"], dialing["uniqueId"]);
    alice.cti.event("EventEstablished").await;
    bob.cti.event("EventEstablished").await;

    let bye = bob.bye_as_callee(&incoming, &accepted);
    assert_eq!(bob.ask(bye).await.1.status, StatusCode::OK);
    let bye = alice.request(Method::Bye).await;
    alice.send(bye.reply(StatusCode::OK, None)).await;
    alice.cti.event("EventReleased").await;
    bob.cti.event("EventReleased").await;
    assert_eq!(get(lab.address, "/lab/calls").await.1, json!([]));
}

#[tokio::test]
async fn the_first_phone_to_answer_wins_and_the_others_are_told_why() {
    let lab = lab().await;
    let mut alice = Phone::registered(lab.address, "alice").await;
    let mut desk = Phone::registered(lab.address, "bob").await;
    let mut kitchen = Phone::of(lab.address, "bob").await;
    assert_eq!(kitchen.register(60).await.status, StatusCode::OK);
    let (mut alices, mut bobs) = (Peer::saying("a").await, Peer::saying("b").await);
    let offer = alices.offer();
    let (_, lost) = tokio::join!(alice.call("1002", &offer), async {
        let at_desk = desk.request(Method::Invite).await;
        let in_kitchen = kitchen.request(Method::Invite).await;
        assert_eq!(at_desk.headers.call_id(), in_kitchen.headers.call_id());
        desk.answer(&at_desk, StatusCode::RINGING, "").await;
        // The CTI event says that the lab has heard the desk's phone.
        desk.cti.event("EventRinging").await;
        let answer = bobs.answer(&in_kitchen.body);
        kitchen.answer(&in_kitchen, StatusCode::OK, &answer).await;
        kitchen.request(Method::Ack).await;
        (at_desk, desk.request(Method::Cancel).await)
    });
    let (at_desk, cancel) = lost;
    let reason = cancel.headers.reasons().next().unwrap();
    assert_eq!((reason.cause, reason.text.as_deref()), (Some(200), Some("Call completed elsewhere")));
    desk.send(cancel.reply(StatusCode::OK, None)).await;
    desk.answer(&at_desk, StatusCode::REQUEST_TERMINATED, "").await;
    desk.request(Method::Ack).await;
    assert_eq!(alice.final_response().await.status, StatusCode::OK);
    desk.cti.event("EventEstablished").await;
}

#[tokio::test]
async fn a_refusal_reaches_the_caller_when_every_phone_has_refused() {
    let lab = lab().await;
    let mut alice = Phone::registered(lab.address, "alice").await;
    let mut one = Phone::registered(lab.address, "bob").await;
    let mut two = Phone::of(lab.address, "bob").await;
    assert_eq!(two.register(60).await.status, StatusCode::OK);
    let offer = Peer::saying("").await.offer();
    let ((invite, busy), ()) = tokio::join!(alice.call("1002", &offer), async {
        let (first, second) = (one.request(Method::Invite).await, two.request(Method::Invite).await);
        one.answer(&first, StatusCode::BUSY_HERE, "").await;
        one.request(Method::Ack).await;
        two.answer(&second, StatusCode::BUSY_HERE, "").await;
        two.request(Method::Ack).await;
    });
    assert_eq!(busy.status, StatusCode::BUSY_HERE);
    alice.send(ack(&invite, &busy)).await;
}

#[tokio::test]
async fn a_decline_of_one_phone_speaks_for_all() {
    let lab = lab().await;
    let mut alice = Phone::registered(lab.address, "alice").await;
    let mut one = Phone::registered(lab.address, "bob").await;
    let mut two = Phone::of(lab.address, "bob").await;
    assert_eq!(two.register(60).await.status, StatusCode::OK);
    let offer = Peer::saying("").await.offer();
    let ((_, declined), ()) = tokio::join!(alice.call("1002", &offer), async {
        let (first, second) = (one.request(Method::Invite).await, two.request(Method::Invite).await);
        one.answer(&first, StatusCode::DECLINE, "").await;
        one.request(Method::Ack).await;
        // CANCEL may only follow a provisional response.
        two.answer(&second, StatusCode::RINGING, "").await;
        two.request(Method::Cancel).await;
    });
    assert_eq!(declined.status, StatusCode::DECLINE);
}

#[tokio::test]
async fn a_caller_who_gives_up_stops_the_ringing() {
    let lab = lab().await;
    let mut alice = Phone::registered(lab.address, "alice").await;
    let mut bob = Phone::registered(lab.address, "bob").await;
    let (invite, incoming) = ring(&mut alice, &mut bob).await;
    let mut give_up = cancel(&invite);
    give_up.headers.push(Name::REASON, "SIP;cause=487;text=\"gave up\"");
    alice.send(give_up).await;
    let stop = bob.request(Method::Cancel).await;
    assert_eq!(stop.headers.get(&Name::REASON), Some("SIP;cause=487;text=\"gave up\""));
    bob.send(stop.reply(StatusCode::OK, None)).await;
    bob.answer(&incoming, StatusCode::REQUEST_TERMINATED, "").await;
    bob.request(Method::Ack).await;
    bob.cti.event("EventRinging").await;
    bob.cti.event("EventReleased").await;
}

#[tokio::test]
async fn an_answer_that_crosses_the_cancel_is_hung_up() {
    let lab = lab().await;
    let mut alice = Phone::registered(lab.address, "alice").await;
    let mut bob = Phone::registered(lab.address, "bob").await;
    let (invite, incoming) = ring(&mut alice, &mut bob).await;
    alice.send(cancel(&invite)).await;
    bob.request(Method::Cancel).await;
    let answer = Peer::saying("").await.answer(&incoming.body);
    bob.answer(&incoming, StatusCode::OK, &answer).await;
    bob.request(Method::Ack).await;
    bob.request(Method::Bye).await;
    assert_eq!(alice.final_response().await.status, StatusCode::OK);
    assert_eq!(alice.final_response().await.status, StatusCode::REQUEST_TERMINATED);
}

#[tokio::test]
async fn an_answer_that_cannot_be_used_ends_the_call() {
    let lab = lab().await;
    let mut alice = Phone::registered(lab.address, "alice").await;
    let mut bob = Phone::registered(lab.address, "bob").await;
    let (_, incoming) = ring(&mut alice, &mut bob).await;
    bob.answer(&incoming, StatusCode::OK, "rubbish").await;
    bob.request(Method::Ack).await;
    bob.request(Method::Bye).await;
    assert!(alice.final_response().await.status.is_final());
    assert_eq!(get(lab.address, "/lab/calls").await.1, json!([]));
}

#[tokio::test]
async fn a_call_from_outside_rings_and_is_a_tone() {
    let lab = lab().await;
    let mut bob = Phone::registered(lab.address, "bob").await;
    let call = json!({ "user": "bob", "from_number": "0145000001", "from_name": "<b>ACME</b>" });
    let (status, made) = post(lab.address, "/lab/call", &call).await;
    assert_eq!(status, 200);
    let incoming = bob.request(Method::Invite).await;
    assert_eq!(incoming.headers.from().unwrap().display_name.as_deref(), Some("<b>ACME</b>"));
    let mut peer = Peer::saying("").await;
    let answer = peer.answer(&incoming.body);
    bob.answer(&incoming, StatusCode::OK, &answer).await;
    bob.request(Method::Ack).await;
    peer.hear(5).await;
    let path = format!("/lab/calls/{}", made["id"]);
    assert_eq!(crate::support::http::request(lab.address, "DELETE", &path, &[], "").await.0, 204);
    bob.request(Method::Bye).await;
    let nobody = json!({ "user": "carol", "from_number": "1" });
    assert_eq!(post(lab.address, "/lab/call", &nobody).await.0, 404);
}

/// Alice calls, Bob's phone rings.
async fn ring(alice: &mut Phone, bob: &mut Phone) -> (Request, Request) {
    let offer = Peer::saying("").await.offer();
    let ((invite, ringing), incoming) = tokio::join!(alice.call("1002", &offer), async {
        let incoming = bob.request(Method::Invite).await;
        bob.answer(&incoming, StatusCode::RINGING, "").await;
        incoming
    });
    assert_eq!(ringing.status, StatusCode::RINGING);
    (invite, incoming)
}

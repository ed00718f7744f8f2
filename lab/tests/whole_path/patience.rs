//! What happens when something does not: the exchange is told that time has passed, nobody waits.

use std::time::Duration;

use serde_json::json;
use tokio::time::Instant;
use xc_lab::Lab;
use xc_webrtc::sip::method::Method;
use xc_webrtc::sip::status::StatusCode;

use crate::lab;
use crate::support::http::{caller_is_lost, fault, get};
use crate::support::peer::Peer;
use crate::support::phone::Phone;

/// Tells the exchange that it is so much later.
async fn later(lab: &Lab, seconds: u64) {
    let at = Instant::now() + Duration::from_secs(seconds);
    lab.desk.ask(move |exchange| exchange.time_passed(at)).await.unwrap();
}

#[tokio::test]
async fn a_phone_that_does_not_come_back_loses_its_call() {
    let lab = lab().await;
    let mut alice = Phone::registered(lab.address, "alice").await;
    let (invite, ok) = alice.call("*55", &Peer::saying("").await.offer()).await;
    let confirm = alice.within(&invite, &ok, Method::Ack);
    alice.send(confirm).await;
    alice.cti.event("EventDialing").await;
    alice.cti.event("EventEstablished").await;
    fault(lab.address, json!({ "what": "drop_sip_sockets" })).await;
    caller_is_lost(lab.address).await;
    later(&lab, 30).await;
    assert_eq!(get(lab.address, "/lab/calls").await.1[0]["stage"], "talking");
    later(&lab, 36).await;
    alice.cti.event("EventReleased").await;
    assert_eq!(get(lab.address, "/lab/calls").await.1, json!([]));
}

#[tokio::test]
async fn a_200_without_its_ack_comes_again_and_ends_in_a_bye() {
    let lab = lab().await;
    let mut alice = Phone::registered(lab.address, "alice").await;
    let (_, ok) = alice.call("*55", &Peer::saying("").await.offer()).await;
    later(&lab, 1).await;
    assert_eq!(alice.response().await, ok);
    later(&lab, 33).await;
    alice.request(Method::Bye).await;
    assert_eq!(get(lab.address, "/lab/calls").await.1, json!([]));
}

#[tokio::test]
async fn a_called_phone_that_says_nothing_is_given_up() {
    let lab = lab().await;
    let mut alice = Phone::registered(lab.address, "alice").await;
    let mut bob = Phone::registered(lab.address, "bob").await;
    let offer = Peer::saying("").await.offer();
    let ((_, timeout), ()) = tokio::join!(alice.call("1002", &offer), async {
        bob.request(Method::Invite).await;
        later(&lab, 33).await;
    });
    assert_eq!(timeout.status, StatusCode::REQUEST_TIMEOUT);
}

#[tokio::test]
async fn a_phone_that_only_rings_is_stopped_after_a_while() {
    let lab = lab().await;
    let mut alice = Phone::registered(lab.address, "alice").await;
    let mut bob = Phone::registered(lab.address, "bob").await;
    let offer = Peer::saying("").await.offer();
    tokio::join!(alice.call("1002", &offer), async {
        let incoming = bob.request(Method::Invite).await;
        bob.answer(&incoming, StatusCode::RINGING, "").await;
        bob.cti.event("EventRinging").await;
    });
    later(&lab, 100).await;
    // Registrations have ended meanwhile; the call goes by its websocket.
    assert_eq!(get(lab.address, "/lab/calls").await.1[0]["stage"], "ringing");
    later(&lab, 201).await;
    bob.request(Method::Cancel).await;
    assert_eq!(alice.final_response().await.status, StatusCode::REQUEST_TIMEOUT);
}

#[tokio::test]
async fn a_registration_ends_unless_refreshed() {
    let lab = lab().await;
    let mut alice = Phone::registered(lab.address, "alice").await;
    later(&lab, 59).await;
    assert_eq!(get(lab.address, "/lab/registrations").await.1[0]["user"], "alice");
    later(&lab, 61).await;
    alice.cti.status("INDISPONIBLE").await;
    assert_eq!(get(lab.address, "/lab/registrations").await.1, json!([]));
}

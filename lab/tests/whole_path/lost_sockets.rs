//! Calls whose SIP websocket is lost.

use serde_json::json;
use xc_webrtc::sip::method::Method;
use xc_webrtc::sip::status::StatusCode;

use crate::lab;
use crate::support::http::{caller_is_lost, fault, get};
use crate::support::peer::Peer;
use crate::support::phone::Phone;

#[tokio::test]
async fn an_established_call_goes_on_by_a_new_websocket() {
    let lab = lab().await;
    let mut alice = Phone::registered(lab.address, "alice").await;
    let mut peer = Peer::saying("still there?").await;
    let (invite, ok) = alice.call("*55", &peer.offer()).await;
    let confirm = alice.within(&invite, &ok, Method::Ack);
    alice.send(confirm).await;
    peer.accept(&ok.body);
    peer.hear(3).await;
    fault(lab.address, json!({ "what": "drop_sip_sockets", "user": "alice" })).await;
    assert!(alice.next().await.is_none());
    peer.hear(10).await;
    alice.reopen().await;
    assert_eq!(alice.register(60).await.status, StatusCode::OK);
    let bye = alice.within(&invite, &ok, Method::Bye);
    assert_eq!(alice.ask(bye).await.1.status, StatusCode::OK);
    assert_eq!(get(lab.address, "/lab/calls").await.1, json!([]));
}

#[tokio::test]
async fn a_phone_that_was_away_when_the_call_ended_is_told_when_it_comes_back() {
    let lab = lab().await;
    let mut alice = Phone::registered(lab.address, "alice").await;
    let (invite, ok) = alice.call("*55", &Peer::saying("").await.offer()).await;
    let confirm = alice.within(&invite, &ok, Method::Ack);
    alice.send(confirm).await;
    alice.cti.event("EventDialing").await;
    alice.cti.event("EventEstablished").await;
    // The ACK is certainly read once its successor is answered.
    let options = alice.within(&invite, &ok, Method::Options);
    assert_eq!(alice.ask(options).await.1.status, StatusCode::OK);
    fault(lab.address, json!({ "what": "drop_sip_sockets" })).await;
    assert!(alice.next().await.is_none());
    caller_is_lost(lab.address).await;
    alice.cti.command(json!({ "command": "hangup" })).await;
    alice.cti.event("EventReleased").await;
    alice.reopen().await;
    // Its BYE comes together with the answer to REGISTER.
    assert_eq!(alice.register(60).await.status, StatusCode::OK);
    let bye = alice.request(Method::Bye).await;
    assert_eq!(bye.headers.call_id(), invite.headers.call_id());
}

#[tokio::test]
async fn a_call_that_is_not_answered_ends_with_the_callers_websocket() {
    let lab = lab().await;
    let mut alice = Phone::registered(lab.address, "alice").await;
    let mut bob = Phone::registered(lab.address, "bob").await;
    let offer = Peer::saying("").await.offer();
    let (_, ()) = tokio::join!(alice.call("1002", &offer), async {
        let incoming = bob.request(Method::Invite).await;
        bob.answer(&incoming, StatusCode::RINGING, "").await;
    });
    fault(lab.address, json!({ "what": "drop_sip_sockets", "user": "alice" })).await;
    bob.request(Method::Cancel).await;
    alice.cti.event("EventDialing").await;
    alice.cti.event("EventReleased").await;
}

#[tokio::test]
async fn a_called_phone_that_is_lost_is_unavailable() {
    let lab = lab().await;
    let mut alice = Phone::registered(lab.address, "alice").await;
    let mut bob = Phone::registered(lab.address, "bob").await;
    let offer = Peer::saying("").await.offer();
    let (_, ()) = tokio::join!(alice.call("1002", &offer), async {
        let incoming = bob.request(Method::Invite).await;
        bob.answer(&incoming, StatusCode::RINGING, "").await;
    });
    fault(lab.address, json!({ "what": "drop_sip_sockets", "user": "bob" })).await;
    assert_eq!(alice.final_response().await.status, StatusCode::TEMPORARILY_UNAVAILABLE);
}

//! Calls as they are driven and shown over CTI.

use serde_json::json;
use xc_webrtc::sip::header::Name;
use xc_webrtc::sip::method::Method;
use xc_webrtc::sip::status::StatusCode;

use crate::lab;
use crate::support::cti::Cti;
use crate::support::http::{post, request};
use crate::support::peer::Peer;
use crate::support::phone::Phone;

#[tokio::test]
async fn hangup_ends_an_established_call() {
    let lab = lab().await;
    let mut alice = Phone::registered(lab.address, "alice").await;
    let (invite, ok) = alice.call("*55", &Peer::saying("").await.offer()).await;
    let confirm = alice.within(&invite, &ok, Method::Ack);
    alice.send(confirm).await;
    let event = alice.cti.event("EventDialing").await;
    alice.cti.event("EventEstablished").await;
    alice.cti.command(json!({ "command": "hangup", "uniqueId": "no such" })).await;
    assert_eq!(alice.cti.expect("Error").await, json!({ "Error": "there is no such call" }));
    alice.cti.command(json!({ "command": "hangup", "uniqueId": event["uniqueId"] })).await;
    alice.request(Method::Bye).await;
    alice.cti.event("EventReleased").await;
}

#[tokio::test]
async fn hangup_before_the_ack_waits_for_it() {
    let lab = lab().await;
    let mut alice = Phone::registered(lab.address, "alice").await;
    let (invite, ok) = alice.call("*55", &Peer::saying("").await.offer()).await;
    alice.cti.event("EventDialing").await;
    alice.cti.event("EventEstablished").await;
    alice.cti.command(json!({ "command": "hangup" })).await;
    alice.cti.event("EventReleased").await;
    let confirm = alice.within(&invite, &ok, Method::Ack);
    alice.send(confirm).await;
    alice.request(Method::Bye).await;
}

#[tokio::test]
async fn hangup_of_a_ringing_call_declines_it() {
    let lab = lab().await;
    let mut alice = Phone::registered(lab.address, "alice").await;
    let mut bob = Phone::registered(lab.address, "bob").await;
    let offer = Peer::saying("").await.offer();
    let (_, ()) = tokio::join!(alice.call("1002", &offer), async {
        let incoming = bob.request(Method::Invite).await;
        bob.answer(&incoming, StatusCode::RINGING, "").await;
        bob.cti.event("EventRinging").await;
    });
    bob.cti.command(json!({ "command": "hangup" })).await;
    bob.request(Method::Cancel).await;
    assert_eq!(alice.final_response().await.status, StatusCode::DECLINE);
}

#[tokio::test]
async fn the_phone_is_asked_to_do_what_only_it_can() {
    let lab = lab().await;
    let mut alice = Phone::registered(lab.address, "alice").await;
    let (invite, _) = alice.call("*58", &Peer::saying("").await.offer()).await;
    let id = json!(invite.headers.call_id().unwrap());
    for (command, asked) in [
        (json!({ "command": "answer" }), json!({ "command": "Answer", "sipCallId": id })),
        (json!({ "command": "hold" }), json!({ "command": "Hold", "sipCallId": id })),
        (json!({ "command": "toggleMicrophone" }), json!({ "command": "ToggleMicrophone", "sipCallId": id })),
        (json!({ "command": "sendDtmf", "key": "5" }), json!({ "command": "SendDtmf", "key": "5" })),
    ] {
        alice.cti.command(command).await;
        assert_eq!(alice.cti.expect("WebRTCCmd").await, asked);
    }
}

#[tokio::test]
async fn the_door_asks_the_phone_by_call_id_or_by_context() {
    let lab = lab().await;
    let mut alice = Cti::of(lab.address, "alice").await;
    for asked in [
        json!({ "command": "Answer", "sipCallId": "3c26e0d9f1@192.0.2.10:5060" }),
        json!({ "command": "Answer" }),
        json!({ "command": "Hold" }),
        json!({ "command": "SendDtmf", "key": "#" }),
        json!({ "command": "ToggleMicrophone", "sipCallId": "x" }),
    ] {
        let mut order = asked.clone();
        order["user"] = "alice".into();
        assert_eq!(post(lab.address, "/lab/webrtc_cmd", &order).await, (200, json!({ "sockets": 1 })));
        assert_eq!(alice.expect("WebRTCCmd").await, asked);
    }
    for wrong in [
        json!({ "user": "alice", "command": "Explode" }),
        json!({ "user": "alice", "command": "SendDtmf" }),
        json!({ "command": "Answer" }),
    ] {
        assert_eq!(post(lab.address, "/lab/webrtc_cmd", &wrong).await.0, 422, "{wrong}");
    }
}

#[tokio::test]
async fn dial_rings_the_own_phone_first_which_answers_of_itself() {
    let lab = lab().await;
    let mut alice = Phone::registered(lab.address, "alice").await;
    let variables = json!({ "ticket": "A-77" });
    alice.cti.command(json!({ "command": "dial", "destination": "*55", "variables": variables })).await;
    let summons = alice.request(Method::Invite).await;
    assert_eq!(summons.headers.alert_info().collect::<Vec<_>>(), ["xivo-autoanswer"]);
    assert_eq!(summons.headers.get(&Name::CONTENT_TYPE), Some("application/sdp"));
    let mut peer = Peer::saying("dialled").await;
    let answer = peer.answer(&summons.body);
    alice.answer(&summons, StatusCode::OK, &answer).await;
    alice.request(Method::Ack).await;
    let event = alice.cti.event("EventDialing").await;
    assert_eq!(event["userData"]["USR_ticket"], "A-77");
    assert_eq!(event["userData"]["SIPCALLID"], summons.headers.call_id().unwrap());
    alice.cti.event("EventEstablished").await;
    peer.hear(5).await;
}

#[tokio::test]
async fn dial_without_a_phone_is_an_error() {
    let lab = lab().await;
    let mut cti = Cti::of(lab.address, "alice").await;
    cti.command(json!({ "command": "dial", "destination": "*55" })).await;
    assert_eq!(cti.expect("Error").await, json!({ "Error": "your phone is not registered" }));
}

#[tokio::test]
async fn a_page_that_comes_later_learns_of_the_call() {
    let lab = lab().await;
    let mut alice = Phone::registered(lab.address, "alice").await;
    let (invite, _) = alice.call("*58", &Peer::saying("").await.offer()).await;
    let mut cti = Cti::of(lab.address, "alice").await;
    cti.command(json!({ "command": "getCurrentCallsPhoneEvents" })).await;
    let events = cti.expect("CurrentCallsPhoneEvents").await;
    assert_eq!(events["events"][0]["eventType"], "EventDialing");
    assert_eq!(events["events"][0]["userData"]["SIPCALLID"], invite.headers.call_id().unwrap());
}

#[tokio::test]
async fn watchers_see_how_busy_a_number_is() {
    let lab = lab().await;
    let mut watcher = Cti::of(lab.address, "bob").await;
    watcher.command(json!({ "command": "subscribeToPhoneHints", "phoneNumbers": ["1001", "nobody"] })).await;
    assert_eq!(watcher.expect("PhoneHintStatusEvent").await, json!({ "number": "1001", "status": 4 }));
    let mut alice = Phone::registered(lab.address, "alice").await;
    assert_eq!(watcher.expect("PhoneHintStatusEvent").await, json!({ "number": "1001", "status": 0 }));
    alice.call("*58", &Peer::saying("").await.offer()).await;
    assert_eq!(watcher.expect("PhoneHintStatusEvent").await, json!({ "number": "1001", "status": 1 }));
    alice.cti.command(json!({ "command": "hangup" })).await;
    assert_eq!(watcher.expect("PhoneHintStatusEvent").await, json!({ "number": "1001", "status": 0 }));
    let called = json!({ "user": "alice", "from_number": "0145000001" });
    let (_, call) = post(lab.address, "/lab/call", &called).await;
    assert_eq!(alice.final_response().await.status, StatusCode::REQUEST_TERMINATED);
    let incoming = alice.request(Method::Invite).await;
    alice.answer(&incoming, StatusCode::RINGING, "").await;
    assert_eq!(watcher.expect("PhoneHintStatusEvent").await, json!({ "number": "1001", "status": 8 }));
    watcher.command(json!({ "command": "unsubscribeFromAllPhoneHints" })).await;
    watcher.send(r#"{"claz": "ping"}"#).await;
    assert_eq!(watcher.next().await, Some(json!({ "claz": "ping" })));
    let end = format!("/lab/calls/{}", call["id"]);
    assert_eq!(request(lab.address, "DELETE", &end, &[], "").await.0, 204);
    watcher.send(r#"{"claz": "ping"}"#).await;
    assert_eq!(watcher.next().await, Some(json!({ "claz": "ping" })), "no hint came between");
}

//! The phone's own user agent against the lab: what one writes the other reads without a complaint.

use serde_json::json;
use xc_webrtc::sip::event::{EndedCause, SessionEvent};
use xc_webrtc::sip::status::StatusCode;

use crate::lab;
use crate::support::agent::Agent;
use crate::support::http::{fault, get};
use crate::support::peer::Peer;

#[tokio::test]
async fn it_hears_its_echo_and_hangs_up() {
    let lab = lab().await;
    let mut alice = Agent::registered(lab.address, "alice").await;
    let mut peer = Peer::saying("it is me").await;
    let call = alice.call("*55", peer.offer());
    let (_, SessionEvent::Accepted { answer: Some(answer), .. }) = alice.session_event().await else {
        panic!("not accepted");
    };
    peer.accept(&answer);
    peer.hear(5).await;
    alice.ua.hang_up(call, alice.now()).unwrap();
    let (_, ended) = alice.session_event().await;
    assert!(matches!(ended, SessionEvent::Ended(ended) if ended.cause == EndedCause::LocalBye));
    alice.flush().await;
    for event in ["EventDialing", "EventEstablished", "EventReleased"] {
        alice.cti.event(event).await;
    }
}

#[tokio::test]
async fn one_calls_another_who_answers_and_is_hung_up() {
    let lab = lab().await;
    let mut alice = Agent::registered(lab.address, "alice").await;
    let mut bob = Agent::registered(lab.address, "bob").await;
    let (mut alices, mut bobs) = (Peer::saying("A").await, Peer::saying("B").await);
    let call = alice.call("1002", alices.offer());
    let caller = async {
        let (_, SessionEvent::Progress { status, identity, .. }) = alice.session_event().await else {
            panic!("no progress");
        };
        assert_eq!(
            (status, identity.unwrap().display_name.as_deref()),
            (StatusCode::RINGING, Some("Bob Keller"))
        );
        let (_, SessionEvent::Accepted { answer: Some(answer), .. }) = alice.session_event().await else {
            panic!("not accepted");
        };
        alices.accept(&answer);
        alice.flush().await;
    };
    let called = async {
        let (incoming, SessionEvent::Incoming(invite)) = bob.session_event().await else {
            panic!("no call");
        };
        assert_eq!(invite.from.display_name.as_deref(), Some("Alice Martin"));
        bob.ua.ring(incoming, bob.now()).unwrap();
        bob.ua.accept(incoming, &bobs.answer(&invite.offer.unwrap()), bob.now()).unwrap();
        assert!(matches!(bob.session_event().await, (_, SessionEvent::Confirmed { .. })));
    };
    tokio::join!(caller, called);
    Peer::hear_each_other(&mut alices, &mut bobs, 5).await;
    alice.ua.hang_up(call, alice.now()).unwrap();
    alice.flush().await;
    alice.session_event().await;
    alice.flush().await;
    let (_, ended) = bob.session_event().await;
    assert!(matches!(ended, SessionEvent::Ended(ended) if ended.cause == EndedCause::RemoteBye));
}

#[tokio::test]
async fn its_refusals_have_their_status() {
    let lab = lab().await;
    let mut alice = Agent::registered(lab.address, "alice").await;
    let offer = Peer::saying("").await.offer();
    for (number, status) in [("*57", StatusCode::BUSY_HERE), ("4711", StatusCode::NOT_FOUND)] {
        alice.call(number, offer.clone());
        let (_, ended) = alice.session_event().await;
        assert!(matches!(ended, SessionEvent::Ended(ended) if ended.cause == EndedCause::Refused(status)));
    }
}

#[tokio::test]
async fn it_gives_up_what_rings_for_ever() {
    let lab = lab().await;
    let mut alice = Agent::registered(lab.address, "alice").await;
    let call = alice.call("*58", Peer::saying("").await.offer());
    assert!(matches!(alice.session_event().await, (_, SessionEvent::Progress { .. })));
    alice.ua.hang_up(call, alice.now()).unwrap();
    let (_, ended) = alice.session_event().await;
    assert!(matches!(ended, SessionEvent::Ended(ended) if ended.cause == EndedCause::LocalCancel));
}

#[tokio::test]
async fn its_call_outlives_the_websocket() {
    let lab = lab().await;
    let mut alice = Agent::registered(lab.address, "alice").await;
    let mut peer = Peer::saying("go on").await;
    let call = alice.call("*55", peer.offer());
    let (_, SessionEvent::Accepted { answer: Some(answer), .. }) = alice.session_event().await else {
        panic!("not accepted");
    };
    alice.flush().await;
    peer.accept(&answer);
    peer.hear(3).await;
    fault(lab.address, json!({ "what": "drop_sip_sockets" })).await;
    alice.comes_back().await;
    loop {
        use xc_webrtc::sip::event::{Event, RegistrationEvent};
        if let Event::Registration(RegistrationEvent::Registered { .. }) = alice.event().await {
            break;
        }
    }
    peer.hear(8).await;
    alice.cti.event("EventDialing").await;
    alice.cti.event("EventEstablished").await;
    alice.ua.hang_up(call, alice.now()).unwrap();
    alice.session_event().await;
    alice.flush().await;
    alice.cti.event("EventReleased").await;
    assert_eq!(get(lab.address, "/lab/calls").await.1, json!([]));
}

#[tokio::test]
async fn it_measures_how_far_the_lab_is() {
    let lab = lab().await;
    let mut alice = Agent::registered(lab.address, "alice").await;
    let time = alice.round_trip().await;
    assert!(!time.is_zero() && time.as_secs() < 5, "{time:?}");
    assert!(alice.ua.is_registered());
}

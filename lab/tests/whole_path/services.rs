//! The numbers with a star: echo, tone, busy, ringing, unavailable; and one that is not there.

use ropus::{Channels, DecodeMode, Decoder};
use serde_json::json;
use xc_webrtc::sip::method::Method;
use xc_webrtc::sip::status::StatusCode;

use crate::lab;
use crate::support::http::get;
use crate::support::peer::Peer;
use crate::support::phone::{Phone, ack, cancel};

#[tokio::test]
async fn the_echo_says_what_was_said() {
    let lab = lab().await;
    let mut alice = Phone::registered(lab.address, "alice").await;
    let mut peer = Peer::saying("hello, echo").await;
    let (invite, ok) = alice.call("*55", &peer.offer()).await;
    assert_eq!(ok.status, StatusCode::OK);
    let confirm = alice.within(&invite, &ok, Method::Ack);
    alice.send(confirm).await;
    peer.accept(&ok.body);
    peer.hear(10).await;
    assert!(peer.heard.iter().all(|frame| **frame == *b"hello, echo"));

    let dialing = alice.cti.event("EventDialing").await;
    let established = alice.cti.event("EventEstablished").await;
    for event in [&dialing, &established] {
        assert_eq!(event["userData"]["SIPCALLID"], invite.headers.call_id().unwrap());
        assert_eq!((&event["DN"], &event["otherDN"]), (&json!("1001"), &json!("*55")));
        assert_eq!(event["callDirection"], "Outgoing");
    }
    let (_, calls) = get(lab.address, "/lab/calls").await;
    assert_eq!(calls[0]["caller"]["phones"][0]["media"], true);

    let bye = alice.within(&invite, &ok, Method::Bye);
    assert_eq!(alice.ask(bye).await.1.status, StatusCode::OK);
    alice.cti.event("EventReleased").await;
    assert_eq!(get(lab.address, "/lab/calls").await.1, json!([]));
}

#[tokio::test]
async fn an_invite_without_an_offer_gets_one_in_the_200() {
    let lab = lab().await;
    let mut alice = Phone::registered(lab.address, "alice").await;
    let mut peer = Peer::saying("late").await;
    let (invite, ok) = alice.call("*55", "").await;
    assert_eq!(ok.status, StatusCode::OK);
    let mut confirm = alice.within(&invite, &ok, Method::Ack);
    confirm.body = peer.answer(&ok.body);
    alice.send(confirm).await;
    peer.hear(5).await;
}

#[tokio::test]
async fn the_tone_is_1_khz() {
    let lab = lab().await;
    let mut alice = Phone::registered(lab.address, "alice").await;
    let mut peer = Peer::saying("who listens to this?").await;
    let (invite, ok) = alice.call("*56", &peer.offer()).await;
    let confirm = alice.within(&invite, &ok, Method::Ack);
    alice.send(confirm).await;
    peer.accept(&ok.body);
    peer.hear(25).await;
    let mut decoder = Decoder::new(48_000, Channels::Mono).unwrap();
    let mut samples = Vec::new();
    for frame in &peer.heard {
        let mut decoded = [0; 960];
        decoder.decode(frame, &mut decoded, DecodeMode::Normal).unwrap();
        samples.extend_from_slice(&decoded);
    }
    // 1 kHz crosses zero upwards once in 48 samples.
    let steady = &samples[9600..];
    let crossings = steady.windows(2).filter(|pair| pair[0] < 0 && pair[1] >= 0).count();
    assert!(crossings.abs_diff(steady.len() / 48) <= 1, "{crossings} in {}", steady.len());
}

#[tokio::test]
async fn refusals_are_told_apart_and_leave_nothing_behind() {
    let lab = lab().await;
    let mut alice = Phone::registered(lab.address, "alice").await;
    let offer = Peer::saying("").await.offer();
    for (number, status) in [
        ("*57", StatusCode::BUSY_HERE),
        ("*59", StatusCode::SERVICE_UNAVAILABLE),
        ("4711", StatusCode::NOT_FOUND),
        ("1002", StatusCode::TEMPORARILY_UNAVAILABLE),
    ] {
        let (invite, response) = alice.call(number, &offer).await;
        assert_eq!(response.status, status, "{number}");
        alice.send(ack(&invite, &response)).await;
        alice.cti.event("EventDialing").await;
        alice.cti.event("EventReleased").await;
    }
    assert_eq!(get(lab.address, "/lab/calls").await.1, json!([]));
}

#[tokio::test]
async fn what_rings_for_ever_can_be_cancelled() {
    let lab = lab().await;
    let mut alice = Phone::registered(lab.address, "alice").await;
    let offer = Peer::saying("").await.offer();
    let (invite, ringing) = alice.call("*58", &offer).await;
    assert_eq!(ringing.status, StatusCode::RINGING);
    alice.send(cancel(&invite)).await;
    let (one, other) = (alice.response().await, alice.response().await);
    assert_eq!((one.status, one.headers.cseq().unwrap().method), (StatusCode::OK, Method::Cancel));
    assert_eq!(other.status, StatusCode::REQUEST_TERMINATED);
    alice.send(ack(&invite, &other)).await;
    alice.send(cancel(&invite)).await;
    assert_eq!(alice.response().await.status, StatusCode::CALL_OR_TRANSACTION_DOES_NOT_EXIST);
    assert_eq!(get(lab.address, "/lab/calls").await.1, json!([]));
}

#[tokio::test]
async fn a_description_that_cannot_be_used_is_not_acceptable() {
    let lab = lab().await;
    let mut alice = Phone::registered(lab.address, "alice").await;
    for offer in
        ["v=0", "rubbish", "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\nm=audio 9 RTP/AVP 0\r\n"]
    {
        let (invite, response) = alice.call("*55", offer).await;
        assert_eq!(response.status, StatusCode::NOT_ACCEPTABLE_HERE, "{offer}");
        alice.send(ack(&invite, &response)).await;
    }
}

#[tokio::test]
async fn a_re_invite_is_answered_and_hold_is_told() {
    let lab = lab().await;
    let mut alice = Phone::registered(lab.address, "alice").await;
    let mut peer = Peer::saying("hold on").await;
    let (invite, ok) = alice.call("*55", &peer.offer()).await;
    let confirm = alice.within(&invite, &ok, Method::Ack);
    alice.send(confirm).await;
    peer.accept(&ok.body);
    peer.hear(3).await;
    let mut again = alice.within(&invite, &ok, Method::Invite);
    again.body = peer.offer();
    alice.send(&again).await;
    let answer = alice.final_response().await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.body.contains("a=recvonly"));
    let confirm = alice.within(&again, &answer, Method::Ack);
    alice.send(confirm).await;
    alice.cti.event("EventDialing").await;
    alice.cti.event("EventEstablished").await;
    alice.cti.event("EventOnHold").await;
    alice.cti.status("ONHOLD").await;
}

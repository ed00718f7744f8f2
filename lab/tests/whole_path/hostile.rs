//! Whatever comes by the wire, the lab goes on.

use xc_webrtc::sip::header::Name;
use xc_webrtc::sip::method::Method;
use xc_webrtc::sip::status::StatusCode;
use xc_webrtc::sip::uri::Uri;

use crate::lab;
use crate::support::cti::Cti;
use crate::support::peer::Peer;
use crate::support::phone::Phone;

#[tokio::test]
async fn sip_rubbish_is_survived() {
    let lab = lab().await;
    let mut alice = Phone::of(lab.address, "alice").await;
    for text in [
        "",
        "\0",
        "REGISTER",
        "INVITE sip:*55@x SIP/2.0\r\n\r\n",
        "SIP/2.0 200 OK\r\n\r\n",
        "SIP/2.0 180 Ringing\r\nVia: SIP/2.0/WS a;branch=\r\nCSeq: 1 INVITE\r\n\r\n",
        "ACK sip:x SIP/2.0\r\n\r\n",
        "CANCEL sip:x SIP/2.0\r\nVia: SIP/2.0/WS a;branch=z9hG4bK1\r\nCSeq: 1 CANCEL\r\n\r\n",
        "REGISTER sip:x SIP/2.0\r\nVia: SIP/2.0/WS a\r\nFrom: <\r\nTo: \r\nCall-ID: \r\nCSeq: 99999999999 REGISTER\r\n\r\n",
    ] {
        alice.send(text).await;
    }
    alice.send("x".repeat(70_000)).await;
    let options = alice.new_request(Method::Options, Uri::sip(None, "default"), "after all");
    alice.send(options).await;
    while alice.response().await.headers.call_id() != Ok("after all") {}
}

#[tokio::test]
async fn a_keep_alive_is_answered_with_a_line_end() {
    let lab = lab().await;
    let mut alice = Phone::of(lab.address, "alice").await;
    assert_eq!(alice.keep_alive().await, "\r\n");
}

#[tokio::test]
async fn cti_rubbish_is_survived() {
    let lab = lab().await;
    let mut cti = Cti::of(lab.address, "alice").await;
    for text in ["", "null", "[]", "1", r#"{"claz": 1}"#, r#"{"command": {}}"#, r#"{"command": "dial"}"#] {
        cti.send(text).await;
        cti.expect("Error").await;
    }
}

#[tokio::test]
async fn requests_that_break_the_rules_are_refused() {
    let lab = lab().await;
    let mut alice = Phone::registered(lab.address, "alice").await;
    let uri = || Uri::sip(Some("*55"), "default");
    let mut without_contact = alice.new_request(Method::Invite, uri(), "i1");
    without_contact.headers.remove(&Name::CONTACT);
    assert_eq!(alice.ask(without_contact).await.1.status, StatusCode::BAD_REQUEST);
    let mut with_a_picture = alice.new_request(Method::Invite, uri(), "i2");
    with_a_picture.headers.push(Name::CONTENT_TYPE, "image/png");
    with_a_picture.body = "PNG".into();
    assert_eq!(alice.ask(with_a_picture).await.1.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let mut at_its_end = alice.new_request(Method::Invite, uri(), "i3");
    at_its_end.headers.set(Name::MAX_FORWARDS, "0");
    assert_eq!(alice.ask(at_its_end).await.1.status, StatusCode::TOO_MANY_HOPS);
    let mut confused = alice.new_request(Method::Invite, uri(), "i4");
    confused.headers.set(Name::CSEQ, "1 BYE");
    assert_eq!(alice.ask(confused).await.1.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn the_same_invite_by_another_way_is_a_loop() {
    let lab = lab().await;
    let mut alice = Phone::registered(lab.address, "alice").await;
    let (invite, _) = alice.call("*58", &Peer::saying("").await.offer()).await;
    alice.send(&invite).await;
    let mut merged = invite.clone();
    merged.headers.set(Name::VIA, "SIP/2.0/WS x.invalid;branch=z9hG4bKother");
    alice.send(&merged).await;
    assert_eq!(alice.response().await.status, StatusCode::LOOP_DETECTED);
}

#[tokio::test]
async fn requests_of_a_dialog_come_in_order() {
    let lab = lab().await;
    let mut alice = Phone::registered(lab.address, "alice").await;
    let (invite, ok) = alice.call("*55", &Peer::saying("").await.offer()).await;
    let confirm = alice.within(&invite, &ok, Method::Ack);
    alice.send(confirm).await;
    let options = alice.within(&invite, &ok, Method::Options);
    assert_eq!(alice.ask(options.clone()).await.1.status, StatusCode::OK);
    assert_eq!(alice.ask(options).await.1.status, StatusCode::SERVER_INTERNAL_ERROR);
}

//! The door for tests: what it promises, it does.

use std::time::Duration;

use serde_json::json;
use tokio::time::Instant;
use xc_webrtc::sip::method::Method;
use xc_webrtc::sip::status::StatusCode;
use xc_webrtc::sip::uri::Uri;

use crate::lab;
use crate::support::cti::{self, Cti};
use crate::support::http::{fault, log_in, post};
use crate::support::phone::{self, Phone};

#[tokio::test]
async fn websockets_are_dropped_and_refused() {
    let lab = lab().await;
    let mut alice = Phone::of(lab.address, "alice").await;
    let mut bob = Cti::of(lab.address, "bob").await;
    fault(lab.address, json!({ "what": "drop_cti_sockets", "user": "alice" })).await;
    while alice.cti.next().await.is_some() {}
    bob.send(r#"{"claz": "ping"}"#).await;
    assert!(bob.next().await.is_some(), "Bob's was not meant");

    let token = log_in(lab.address, "alice").await;
    let sip = format!("wssip?token={token}");
    fault(lab.address, json!({ "what": "refuse_sip", "on": true })).await;
    fault(lab.address, json!({ "what": "refuse_cti", "on": true })).await;
    assert!(phone::open(lab.address, &sip).await.is_err());
    assert!(cti::open(lab.address, &token).await.is_err());
    fault(lab.address, json!({ "what": "clear" })).await;
    assert!(phone::open(lab.address, &sip).await.is_ok());
    assert!(cti::open(lab.address, &token).await.is_ok());
}

#[tokio::test]
async fn silence_is_kept_until_it_is_cleared() {
    let lab = lab().await;
    let mut alice = Phone::of(lab.address, "alice").await;
    fault(lab.address, json!({ "what": "silence_sip", "on": true, "user": "alice" })).await;
    let lost = alice.new_request(Method::Options, Uri::sip(None, "default"), "lost");
    alice.send(lost).await;
    assert_eq!(alice.frames_before_pong().await, 0);
    fault(lab.address, json!({ "what": "clear" })).await;
    let heard = alice.new_request(Method::Options, Uri::sip(None, "default"), "heard");
    let (_, response) = alice.ask(heard).await;
    assert_eq!(response.headers.call_id(), Ok("heard"));
}

#[tokio::test]
async fn sip_is_held_back_for_as_long_as_asked() {
    let lab = lab().await;
    let mut alice = Phone::of(lab.address, "alice").await;
    fault(lab.address, json!({ "what": "delay_sip", "ms": 150 })).await;
    let before = Instant::now();
    let options = alice.new_request(Method::Options, Uri::sip(None, "default"), "o1");
    assert_eq!(alice.ask(options).await.1.status, StatusCode::OK);
    assert!(before.elapsed() >= Duration::from_millis(150));
}

#[tokio::test]
async fn texts_go_out_as_they_are() {
    let lab = lab().await;
    let mut alice = Phone::of(lab.address, "alice").await;
    let text = json!({ "user": "alice", "text": r#"{"msgType": "Sheet", "ctiMessage": "<img>"}"# });
    assert_eq!(post(lab.address, "/lab/send_cti", &text).await.1, json!({ "sockets": 1 }));
    assert_eq!(alice.cti.expect("Sheet").await, "<img>");
    let text = json!({ "user": "alice", "text": "SIP/2.0 200 Fine\r\nX: y\r\n\r\n" });
    assert_eq!(post(lab.address, "/lab/send_sip", &text).await.1, json!({ "sockets": 1 }));
    let text = json!({ "user": "nobody", "text": "" });
    assert_eq!(post(lab.address, "/lab/send_sip", &text).await.1, json!({ "sockets": 0 }));
}

#[tokio::test]
async fn the_next_log_in_gets_the_planned_answer() {
    let lab = lab().await;
    fault(lab.address, json!({ "what": "answer_http", "status": 200, "body": "<html>" })).await;
    let login = json!({ "login": "alice", "password": "alice" });
    assert_eq!(post(lab.address, "/xuc/api/2.0/auth/login", &login).await, (200, json!(null)));
    assert_eq!(post(lab.address, "/xuc/api/2.0/auth/login", &login).await.0, 200);
}

#[tokio::test]
async fn a_refused_logon_is_said_and_the_websocket_closed() {
    let lab = lab().await;
    fault(lab.address, json!({ "what": "refuse_logon", "on": true })).await;
    let token = log_in(lab.address, "alice").await;
    let mut cti = Cti::unread(cti::open(lab.address, &token).await.unwrap());
    assert_eq!(cti.expect("LoggedOnError").await, json!({ "Error": "loggedOnFailed" }));
    assert!(cti.next().await.is_none());
}

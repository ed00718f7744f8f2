//! REGISTER: challenges, refresh, limits, several phones.

use serde_json::json;
use xc_webrtc::secret::Secret;
use xc_webrtc::sip::digest::{self, Login};
use xc_webrtc::sip::header::Name;
use xc_webrtc::sip::method::Method;
use xc_webrtc::sip::status::StatusCode;
use xc_webrtc::sip::uri::Uri;

use crate::lab;
use crate::support::http::{fault, get};
use crate::support::phone::Phone;

#[tokio::test]
async fn a_phone_is_challenged_and_then_registered() {
    let lab = lab().await;
    let mut alice = Phone::of(lab.address, "alice").await;
    let request = alice.new_request(Method::Register, Uri::sip(None, "default"), "r1");
    alice.send(&request).await;
    let challenge = alice.response().await;
    assert_eq!(challenge.status, StatusCode::UNAUTHORIZED);
    let offered: Vec<_> = challenge.headers.challenges(&Name::WWW_AUTHENTICATE);
    let algorithms: Vec<_> = offered.iter().map(|one| one.algorithm.clone().unwrap().to_string()).collect();
    assert_eq!(algorithms, ["SHA-256", "MD5"]);
    let ok = alice.register(60).await;
    assert_eq!(ok.status, StatusCode::OK);
    assert_eq!(ok.headers.contacts().unwrap().first().unwrap().expires(), Some(60));
    alice.cti.status("AVAILABLE").await;
    let (_, list) = get(lab.address, "/lab/registrations").await;
    assert_eq!(list[0]["user"], "alice");
}

#[tokio::test]
async fn md5_alone_works_as_well() {
    let lab = lab().await;
    fault(lab.address, json!({ "what": "md5_only", "on": true })).await;
    let mut alice = Phone::of(lab.address, "alice").await;
    assert_eq!(alice.register(60).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_wrong_password_is_challenged_again_without_being_called_stale() {
    let lab = lab().await;
    let mut alice = Phone::of(lab.address, "alice").await;
    let mut request = alice.new_request(Method::Register, Uri::sip(None, "default"), "r1");
    alice.send(&request).await;
    let challenges = alice.response().await.headers.challenges(&Name::WWW_AUTHENTICATE);
    let login = Login { username: "alice", password: &Secret::new("wrong") };
    let credentials =
        digest::authorize(&challenges, login, &Method::Register, "sip:default", "", "c", 1).unwrap();
    request.headers.push(Name::AUTHORIZATION, credentials.to_string());
    alice.send(&request).await;
    let response = alice.response().await;
    assert_eq!(response.status, StatusCode::UNAUTHORIZED);
    assert!(!response.headers.challenges(&Name::WWW_AUTHENTICATE)[0].stale);
}

#[tokio::test]
async fn right_credentials_for_an_old_nonce_are_stale() {
    let lab = lab().await;
    let mut alice = Phone::of(lab.address, "alice").await;
    let request = alice.new_request(Method::Register, Uri::sip(None, "default"), "r1");
    let (again, ok) = alice.ask(request).await;
    assert_eq!(ok.status, StatusCode::OK);
    fault(lab.address, json!({ "what": "expire_nonces" })).await;
    alice.send(&again).await;
    let response = alice.response().await;
    assert_eq!(response.status, StatusCode::UNAUTHORIZED);
    assert!(response.headers.challenges(&Name::WWW_AUTHENTICATE)[0].stale);
}

#[tokio::test]
async fn too_short_is_told_with_what_is_long_enough() {
    let lab = lab().await;
    let mut alice = Phone::of(lab.address, "alice").await;
    let response = alice.register(5).await;
    assert_eq!(response.status, StatusCode::INTERVAL_TOO_BRIEF);
    assert_eq!(response.headers.min_expires(), Some(10));
}

#[tokio::test]
async fn a_phone_un_registers_and_is_gone() {
    let lab = lab().await;
    let mut alice = Phone::registered(lab.address, "alice").await;
    let ok = alice.register(0).await;
    assert_eq!(ok.status, StatusCode::OK);
    assert_eq!(ok.headers.contacts().unwrap().list(), []);
    alice.cti.status("INDISPONIBLE").await;
}

#[tokio::test]
async fn nobody_registers_for_somebody_else() {
    let lab = lab().await;
    let mut alice = Phone::of(lab.address, "alice").await;
    let mut request = alice.new_request(Method::Register, Uri::sip(None, "default"), "r1");
    request.headers.set(Name::TO, "<sip:bob@default>");
    assert_eq!(alice.ask(request).await.1.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn what_a_closed_websocket_reached_is_not_reached_any_more() {
    let lab = lab().await;
    let alice = Phone::registered(lab.address, "alice").await;
    let mut cti = alice.without_sip();
    cti.status("INDISPONIBLE").await;
}

#[tokio::test]
async fn options_unknown_methods_and_strange_extensions_are_answered() {
    let lab = lab().await;
    let mut alice = Phone::of(lab.address, "alice").await;
    let uri = Uri::sip(None, "default");
    let options = alice.new_request(Method::Options, uri.clone(), "o1");
    assert_eq!(alice.ask(options).await.1.status, StatusCode::OK);
    let unknown = alice.new_request(Method::Other("DANCE".into()), uri.clone(), "d1");
    let response = alice.ask(unknown).await.1;
    assert_eq!(response.status, StatusCode::METHOD_NOT_ALLOWED);
    assert!(response.headers.lists(&Name::ALLOW, "INVITE"));
    let mut strange = alice.new_request(Method::Options, uri.clone(), "o2");
    strange.headers.push(Name::REQUIRE, "magic");
    let response = alice.ask(strange).await.1;
    assert_eq!(response.status, StatusCode::BAD_EXTENSION);
    assert_eq!(response.headers.get(&Name::UNSUPPORTED), Some("magic"));
    let mut lost = alice.new_request(Method::Bye, uri, "b1");
    lost.headers.set(Name::TO, "<sip:bob@default>;tag=none");
    assert_eq!(alice.ask(lost).await.1.status, StatusCode::CALL_OR_TRANSACTION_DOES_NOT_EXIST);
}

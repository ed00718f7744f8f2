//! What pages are told of STUN and TURN servers.

use serde_json::{Value, json};
use xc_lab::ice::IceWish;
use xc_lab::{Config, Lab};

use crate::lab;
use crate::support::cti::Cti;
use crate::support::http::post;

async fn asked(cti: &mut Cti) -> Value {
    cti.command(json!({ "command": "getIceConfig" })).await;
    cti.expect("IceConfig").await
}

/// When these credentials end, in seconds since 1970.
fn expiry(config: &Value) -> u64 {
    let username = config["turnConfig"]["username"].as_str().unwrap();
    username.split_once(':').unwrap().0.parse().unwrap()
}

#[tokio::test]
async fn without_servers_pages_are_told_of_none() {
    let lab = lab().await;
    assert_eq!(asked(&mut Cti::of(lab.address, "alice").await).await, json!({}));
}

#[tokio::test]
async fn credentials_are_made_for_each_and_made_anew_when_asked_for() {
    let wish = IceWish {
        stun: vec!["stun:192.0.2.20:3478".into()],
        turn: vec!["turn:192.0.2.20:3478".into()],
        secret: Some("north".into()),
        ttl: Some(60),
        ..IceWish::default()
    };
    let lab = Lab::start(Config { ice: wish.grant().unwrap(), ..Config::for_tests() }).await.unwrap();
    let mut alice = Cti::of(lab.address, "alice").await;
    let told = asked(&mut alice).await;
    assert_eq!(told["stunConfig"], json!({ "urls": ["stun:192.0.2.20:3478"] }));
    assert_eq!(told["turnConfig"]["urls"], json!(["turn:192.0.2.20:3478"]));
    assert_eq!(told["turnConfig"]["ttl"], 60);
    assert!(told["turnConfig"]["username"].as_str().unwrap().ends_with(":alice"), "{told}");

    // Another second, other credentials.
    let mut renewed = asked(&mut alice).await;
    while expiry(&renewed) == expiry(&told) {
        renewed = asked(&mut alice).await;
    }
    assert_ne!(renewed["turnConfig"]["credential"], told["turnConfig"]["credential"]);
    let bob = asked(&mut Cti::of(lab.address, "bob").await).await;
    assert!(bob["turnConfig"]["username"].as_str().unwrap().ends_with(":bob"), "{bob}");
}

#[tokio::test]
async fn the_door_changes_the_servers_of_one_or_of_all() {
    let lab = lab().await;
    let all = json!({ "servers": { "turn": ["turn:a"], "username": "u", "credential": "c" } });
    assert_eq!(post(lab.address, "/lab/ice", &all).await.0, 204);
    let alices = json!({ "user": "alice", "servers": { "stun": ["stun:b"] } });
    assert_eq!(post(lab.address, "/lab/ice", &alices).await.0, 204);
    let (mut alice, mut bob) = (Cti::of(lab.address, "alice").await, Cti::of(lab.address, "bob").await);
    assert_eq!(asked(&mut alice).await, json!({ "stunConfig": { "urls": ["stun:b"] } }));
    let account = json!({ "turnConfig": { "urls": ["turn:a"], "username": "u", "credential": "c" } });
    assert_eq!(asked(&mut bob).await, account);
    for wrong in [
        json!({ "servers": { "turn": ["turn:a"] } }),
        json!({ "servers": { "stun": ["http://a"] } }),
        json!({ "servers": { "iceServers": [] } }),
        json!({ "servers": 1 }),
    ] {
        assert_eq!(post(lab.address, "/lab/ice", &wrong).await.0, 422, "{wrong}");
    }
    assert_eq!(asked(&mut bob).await, account, "a refused wish changes nothing");
    assert_eq!(post(lab.address, "/lab/ice", &json!({})).await.0, 204);
    assert_eq!(asked(&mut bob).await, json!({}));
}

//! Calls by way of a TURN server only: a real coturn, started by `cargo xtask test browser`.

use wasm_bindgen_test::{console_log, wasm_bindgen_test};
use xc_webrtc::browser::{http, page};
use xc_webrtc::cti::message::IceServer;
use xc_webrtc::phone::effect::{Flow, MediaCommand, MediaEvent, Plan};
use xc_webrtc::secret::Secret;

use crate::party::{Party, negotiate};
use crate::support::LIMIT;

/// The server with the credentials of that account; none where the tests are run without it.
async fn server(username: &str, password: &str) -> Option<IceServer> {
    let note = format!("http://{}/target/turn/address", page::origin().host);
    match http::send("GET", &note, &[], None, LIMIT).await {
        Ok((200, address)) => Some(IceServer {
            urls: vec![format!("turn:{address}?transport=udp")],
            username: Some(username.to_owned()),
            credential: Some(Secret::new(password)),
        }),
        _ => {
            console_log!("skipped: no TURN server; `cargo xtask test browser` starts one");
            None
        }
    }
}

fn candidates(sdp: &str) -> Vec<&str> {
    sdp.lines().filter(|line| line.starts_with("a=candidate:")).collect()
}

#[wasm_bindgen_test]
async fn a_call_that_takes_no_other_way_is_heard() {
    let Some(server) = server("alice", "first").await else { return };
    let (mut alice, mut bob) = (Party::by_relay("alice", server.clone()), Party::by_relay("bob", server));
    let (offer, answer) = negotiate((&mut alice, 1), Plan::TALK, (&mut bob, 1), Plan::TALK).await;
    for description in [&offer, &answer] {
        let candidates = candidates(description);
        assert!(!candidates.is_empty(), "{description}");
        assert!(candidates.iter().all(|line| line.contains(" typ relay")), "{candidates:?}");
    }
    alice.says(1, "audio", |event| *event == MediaEvent::RemoteAudio).await;
    bob.ear(1).hears_something("bob").await;
    alice.ear(1).hears_something("alice").await;
}

#[wasm_bindgen_test]
async fn new_credentials_are_those_of_the_calls_made_afterwards() {
    let (Some(first), Some(second)) = (server("alice", "first").await, server("bob", "second").await) else {
        return;
    };
    let (mut alice, mut bob) = (Party::by_relay("alice", first.clone()), Party::by_relay("bob", first));
    let (before, _) = negotiate((&mut alice, 1), Plan::TALK, (&mut bob, 1), Plan::TALK).await;
    bob.says(1, "audio", |event| *event == MediaEvent::RemoteAudio).await;
    bob.ear(1).hears_something("bob").await;
    (alice.ice, bob.ice) = (vec![second.clone()], vec![second]);
    let hold = Plan { audio: Flow::Send, video: None };
    let (during, _) = negotiate((&mut alice, 1), hold, (&mut bob, 1), Plan::TALK).await;
    assert_eq!(candidates(&during), candidates(&before), "the call that there is keeps its way");
    let (after, _) = negotiate((&mut alice, 2), Plan::TALK, (&mut bob, 2), Plan::TALK).await;
    assert!(!candidates(&after).is_empty());
    bob.says(2, "audio", |event| *event == MediaEvent::RemoteAudio).await;
    bob.ear(2).hears_something("bob in the second call").await;
}

#[wasm_bindgen_test]
async fn a_wrong_password_finds_no_way_which_is_said_before_anybody_is_called() {
    let Some(server) = server("alice", "wrong").await else { return };
    let alice = Party::by_relay("alice", server.clone());
    alice.order(1, MediaCommand::Offer { ice: vec![server], plan: Plan::TALK });
    let told = alice.says(1, "anything", |_| true).await;
    assert_eq!(told, MediaEvent::Failed);
}

//! Negotiations that go another way than planned.

use futures_util::future::join;
use wasm_bindgen_test::wasm_bindgen_test;
use xc_webrtc::browser::clock;
use xc_webrtc::rtc::ice::{Ice, IceServer};
use xc_webrtc::rtc::peer::{Peer, PeerError, PeerState};
use xc_webrtc::secret::Secret;

use crate::peer::{Side, negotiate, talk};
use crate::support::{LIMIT, within};

fn server(url: &str) -> IceServer {
    IceServer { urls: vec![url.to_owned()], username: None, credential: None }
}

/// An offer made with those servers.
async fn offer_with(servers: &[IceServer]) -> String {
    let side = Side::new().await;
    let ice = Ice { servers: servers.to_vec(), relay_only: false };
    let peer = Peer::new(&ice, |_| {}).unwrap();
    within("an offer", peer.offer(talk(&side.microphone))).await.unwrap()
}

#[wasm_bindgen_test]
async fn the_same_answer_in_183_and_200_is_taken_once() {
    let (alice, bob) = (Side::new().await, Side::new().await);
    let offer = alice.peer.offer(talk(&alice.microphone)).await.unwrap();
    let answer = bob.peer.answer(&offer, talk(&bob.microphone)).await.unwrap();
    let (early, last) = join(alice.peer.accept_answer(&answer), alice.peer.accept_answer(&answer)).await;
    assert_eq!((early, last), (Ok(()), Ok(())));
    alice.connected().await;
    assert_eq!(alice.peer.accept_answer(&answer).await, Ok(()));
}

#[wasm_bindgen_test]
async fn an_answer_that_changes_between_183_and_200_takes_the_place_of_the_first() {
    let (alice, bob) = (Side::new().await, Side::new().await);
    let offer = alice.peer.offer(talk(&alice.microphone)).await.unwrap();
    let early = bob.peer.answer(&offer, talk(&bob.microphone)).await.unwrap();
    let last = early.replacen(" 2 IN IP4", " 3 IN IP4", 1);
    assert_ne!(early, last);
    alice.peer.accept_answer(&early).await.unwrap();
    alice.connected().await;
    alice.peer.accept_answer(&last).await.unwrap();
    let in_force = alice.peer.connection().remote_description().unwrap().sdp();
    assert!(in_force.contains(" 3 IN IP4"), "{in_force}");
    assert_eq!(alice.peer.state(), PeerState::Connected);
}

#[wasm_bindgen_test]
async fn a_description_that_cannot_be_used_is_told_and_harms_nothing() {
    let (alice, bob) = (Side::new().await, Side::new().await);
    for broken in
        ["", "v=0", "<b>hello</b>", "v=0\r\no=- 0 0 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\nm=audio x\r\n"]
    {
        let outcome = bob.peer.answer(broken, talk(&bob.microphone)).await;
        assert!(matches!(outcome, Err(PeerError::Description(_))), "{broken:?} gave {outcome:?}");
    }
    let offer = alice.peer.offer(talk(&alice.microphone)).await.unwrap();
    assert!(matches!(alice.peer.accept_answer("v=0").await, Err(PeerError::Description(_))));
    let answer = bob.peer.answer(&offer, talk(&bob.microphone)).await.unwrap();
    alice.peer.accept_answer(&answer).await.unwrap();
    alice.connected().await;
}

#[wasm_bindgen_test]
async fn two_offers_that_cross_are_settled_by_dropping_one() {
    let (alice, bob) = (Side::new().await, Side::new().await);
    let refused = bob.peer.offer(talk(&bob.microphone)).await;
    assert!(refused.is_ok());
    negotiate(&alice, &bob).await;
    alice.connected().await;
}

#[wasm_bindgen_test]
async fn a_dropped_connection_is_closed_and_ends_what_was_being_negotiated() {
    let Side { peer, microphone, told } = Side::new().await;
    let connection = peer.connection().clone();
    let (first, second) = (peer.offer(talk(&microphone)), peer.offer(talk(&microphone)));
    drop(peer);
    let outcome = within("both ends", join(first, second)).await;
    assert_eq!(outcome, (Err(PeerError::Closed), Err(PeerError::Closed)));
    assert_eq!(connection.signaling_state(), web_sys::RtcSignalingState::Closed);
    assert!(told.all().is_empty());
}

#[wasm_bindgen_test]
async fn a_connection_dropped_in_the_middle_of_gathering_ends_the_offer() {
    let Side { peer, microphone, told: _ } = Side::new().await;
    assert_eq!(peer.state(), PeerState::New);
    let offer = peer.offer(talk(&microphone));
    let drop_later = async {
        let connection = peer.connection().clone();
        crate::support::eventually("the local description", || connection.local_description().is_some())
            .await;
        drop(peer);
    };
    let (outcome, ()) = within("the offer ends", join(offer, drop_later)).await;
    // A machine that is slow at looking may find the offer made already.
    assert!(matches!(outcome, Err(PeerError::Closed) | Ok(_)), "{outcome:?}");
}

#[wasm_bindgen_test]
async fn a_silent_stun_server_delays_the_offer_by_half_a_second_at_most() {
    let begun = clock::now();
    // Port 9 (discard) of this machine answers nothing.
    let offer = offer_with(&[server("stun:127.0.0.1:9")]).await;
    let took = clock::now().saturating_since(begun);
    assert!(offer.contains("\na=candidate:"));
    assert!(took < LIMIT / 4, "{took:?}");
}

#[wasm_bindgen_test]
async fn a_server_that_the_browser_refuses_is_left_out() {
    let broken = [server("http://example.org"), server("turn:127.0.0.1:9"), server("")];
    assert!(offer_with(&broken).await.contains("\na=candidate:"));
    let mixed = [
        server("stun:"),
        IceServer {
            urls: vec!["turn:127.0.0.1:9".into()],
            username: Some("alice".into()),
            credential: Some(Secret::new("alice")),
        },
        IceServer { urls: Vec::new(), username: None, credential: None },
    ];
    assert!(offer_with(&mixed).await.contains("\na=candidate:"));
}

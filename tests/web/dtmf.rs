//! Tones in the stream of speech.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use js_sys::{Function, Object, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{
    RtcPeerConnection, RtcPeerConnectionState, RtcRtpSender, RtcSignalingState, RtcdtmfSender,
    RtcdtmfToneChangeEvent,
};
use xc_webrtc::browser::clock;
use xc_webrtc::browser::listener::Listener;
use xc_webrtc::phone::effect::{Flow, MediaCommand, MediaEvent, Plan};
use xc_webrtc::time::Instant;

use crate::party::{Party, last_connection, negotiate};
use crate::support::{eventually, property};

/// What a connection sends, tone by tone.
struct Watched {
    tones: Rc<RefCell<Vec<(String, Instant)>>>,
    _listener: Listener,
}

impl Watched {
    fn of(connection: &RtcPeerConnection) -> Self {
        let sender: RtcRtpSender = connection.get_senders().get(0).unchecked_into();
        let dtmf: RtcdtmfSender = sender.dtmf().unwrap();
        let tones: Rc<RefCell<Vec<(String, Instant)>>> = Rc::default();
        let listener = Listener::new(&dtmf, "tonechange", {
            let tones = tones.clone();
            move |event| {
                let tone = event.unchecked_ref::<RtcdtmfToneChangeEvent>().tone();
                if !tone.is_empty() {
                    tones.borrow_mut().push((tone, clock::now()));
                }
            }
        });
        Self { tones, _listener: listener }
    }

    fn sent(&self) -> String {
        self.tones.borrow().iter().map(|(tone, _)| tone.as_str()).collect()
    }

    async fn sends(&self, wanted: &str) {
        eventually(&format!("{wanted} is sent"), || self.sent() == wanted).await;
    }
}

fn dtmf(tones: &str) -> MediaCommand {
    MediaCommand::Dtmf { tones: tones.to_owned() }
}

fn unavailable(tones: &str) -> MediaEvent {
    MediaEvent::DtmfUnavailable { tones: tones.to_owned() }
}

/// A talk of two, and the connection of the first.
async fn two() -> (Party, Party, RtcPeerConnection) {
    let (mut alice, mut bob) = (Party::new("alice"), Party::new("bob"));
    let (offer, _) = alice.offer(1, Plan::TALK).await;
    let connection = last_connection();
    let (answer, _) = bob.answer(1, offer, Plan::TALK).await;
    alice.order(1, MediaCommand::Accept { answer });
    let up = || connection.connection_state() == RtcPeerConnectionState::Connected;
    eventually("the call is up", up).await;
    (alice, bob, connection)
}

#[wasm_bindgen_test]
async fn tones_typed_fast_are_all_sent_one_after_the_other() {
    let (alice, _bob, connection) = two().await;
    let watched = Watched::of(&connection);
    for tones in ["4", "2", "*#", "AD", "42"] {
        alice.order(1, dtmf(tones));
    }
    watched.sends("42*#AD42").await;
    let tones = watched.tones.borrow();
    // What is told of the first may be late.
    let took = tones[tones.len() - 1].1.saturating_since(tones[0].1);
    assert!(took >= Duration::from_millis(150) * 6, "{took:?}");
    assert!(!alice.said().iter().any(|event| matches!(event, MediaEvent::DtmfUnavailable { .. })));
}

#[wasm_bindgen_test]
async fn tones_asked_for_before_the_two_are_connected_are_sent_once_they_are() {
    let (mut alice, mut bob) = (Party::new("alice"), Party::new("bob"));
    let (offer, _) = alice.offer(1, Plan::TALK).await;
    let connection = last_connection();
    // Neither knows a way to the other.
    let (answer, _) = bob.answer(1, without_candidates(&offer), Plan::TALK).await;
    alice.order(1, MediaCommand::Accept { answer: without_candidates(&answer) });
    eventually("it is agreed", || connection.current_remote_description().is_some()).await;
    let watched = Watched::of(&connection);
    alice.order(1, dtmf("4"));
    alice.order(1, dtmf("71"));
    assert_eq!(watched.sent(), "");
    show_the_way(&connection, &answer);
    watched.sends("471").await;
    alice.order(1, dtmf("1"));
    watched.sends("4711").await;
    assert!(!alice.said().iter().any(|event| matches!(event, MediaEvent::DtmfUnavailable { .. })));
}

#[wasm_bindgen_test]
async fn where_the_other_side_takes_none_it_is_told() {
    let (mut alice, mut bob) = (Party::new("alice"), Party::new("bob"));
    let (offer, _) = alice.offer(1, Plan::TALK).await;
    let (answer, _) = bob.answer(1, offer, Plan::TALK).await;
    alice.order(1, MediaCommand::Accept { answer: without_telephone_events(&answer) });
    alice.says(1, "audio", |event| *event == MediaEvent::RemoteAudio).await;
    alice.order(1, dtmf("42"));
    alice.says(1, "that tones cannot go", |event| *event == unavailable("42")).await;
}

#[wasm_bindgen_test]
async fn on_hold_no_tone_is_lost_silently_and_afterwards_they_go_again() {
    let (mut alice, mut bob, connection) = two().await;
    let hold = Plan { audio: Flow::Send, video: None };
    negotiate((&mut alice, 1), hold, (&mut bob, 1), Plan::TALK).await;
    alice.order(1, dtmf("1"));
    alice.says(1, "that tones cannot go", |event| *event == unavailable("1")).await;
    negotiate((&mut alice, 1), Plan::TALK, (&mut bob, 1), Plan::TALK).await;
    let watched = Watched::of(&connection);
    eventually("the call is resumed", || connection.signaling_state() == RtcSignalingState::Stable).await;
    alice.order(1, dtmf("2"));
    watched.sends("2").await;
}

#[wasm_bindgen_test]
async fn a_call_that_is_not_there_yet_takes_no_tones() {
    let alice = Party::new("alice");
    alice.order(1, dtmf("1"));
    alice.says(1, "that tones cannot go", |event| *event == unavailable("1")).await;
}

/// Tells a connection the first address of that description.
fn show_the_way(connection: &RtcPeerConnection, sdp: &str) {
    let candidate = sdp.lines().find_map(|line| line.strip_prefix("a=candidate:")).unwrap();
    let given = Object::new();
    Reflect::set(&given, &"candidate".into(), &format!("candidate:{candidate}").into()).unwrap();
    Reflect::set(&given, &"sdpMLineIndex".into(), &0.into()).unwrap();
    let add: Function = property(connection, "addIceCandidate").unchecked_into();
    let _added = add.call1(connection, &given).unwrap();
}

fn without_candidates(sdp: &str) -> String {
    let others = sdp.split_inclusive("\r\n").filter(|line| !line.starts_with("a=candidate:"));
    others.filter(|line| !line.starts_with("a=end-of-candidates")).collect()
}

/// The description of a side that knows nothing of RFC 4733.
fn without_telephone_events(sdp: &str) -> String {
    let events: Vec<&str> = sdp
        .lines()
        .filter(|line| line.contains(" telephone-event/"))
        .filter_map(|line| line.strip_prefix("a=rtpmap:")?.split(' ').next())
        .collect();
    let is_event = |line: &str| {
        events.iter().any(|number| {
            line.starts_with(&format!("a=rtpmap:{number} ")) || line.starts_with(&format!("a=fmtp:{number} "))
        })
    };
    let mut without = String::new();
    for line in sdp.lines().filter(|line| !is_event(line)) {
        if line.starts_with("m=audio") {
            let words = line.split(' ').enumerate().filter(|(n, word)| *n < 3 || !events.contains(word));
            without.push_str(&words.map(|(_, word)| word).collect::<Vec<_>>().join(" "));
        } else {
            without.push_str(line);
        }
        without.push_str("\r\n");
    }
    without
}

//! A page that has a CTI link of its own: it starts the phone for a line, hands messages on and is given commands.

use std::time::Duration;

use serde_json::json;
use xc_webrtc::phone::api::{Command, LineProblem, Place, Refusal, Registration};
use xc_webrtc::phone::call::{CallState, Hold};
use xc_webrtc::secret::Secret;
use xc_webrtc::sip::header::Name;
use xc_webrtc::sip::method::Method;
use xc_webrtc::sip::status::StatusCode;

use crate::support::phone_world::{RECVONLY, THEIR_SDP, World};

fn dial(world: &mut World) {
    world.command(Command::Dial { destination: "1002".into(), video: false }).unwrap();
    world.answer_invite(StatusCode::OK, Some(THEIR_SDP));
    world.forget();
}

#[test]
fn the_phone_runs_without_a_log_in_of_its_own() {
    let mut world = World::with_page_cti();
    assert_eq!(world.sip_url, "wss://edge.example.org:8443/wssip?token=a.b.c");
    assert_eq!(world.http_asked, 0);
    assert!(world.cti.is_empty() && world.kept.is_none());
    let register = world.register.clone().unwrap();
    assert_eq!(register.headers.get(&Name::USER_AGENT), Some("XiVO XC WebRTC 1"));
    assert!(register.headers.get(&Name::FROM).unwrap().starts_with("\"Alice Martin\" <sip:alice@default>"));
    dial(&mut world);
    assert!(world.call().state.is_connected());
}

#[test]
fn the_place_is_what_the_page_says_else_what_the_line_says() {
    let cases = [
        (Place { host: None, ..World::place() }, "wss://192.0.2.10:8443/wssip-mds_2"),
        (
            Place { host: None, port: "5039".into(), secure: false, ..World::place() },
            "ws://192.0.2.10:5039/ws-mds_2",
        ),
        (Place { port: String::new(), ..World::place() }, "wss://edge.example.org/wssip-mds_2"),
        (
            Place { token: Secret::new("a b"), port: String::new(), ..World::place() },
            "wss://edge.example.org/wssip-mds_2?token=a%20b",
        ),
    ];
    for (place, url) in cases {
        let mut world = World::new();
        world.line["sipProxyName"] = json!("mds_2");
        world.line["sipPort"] = json!(5070);
        world.start_line(place).unwrap();
        assert_eq!(world.sip_url, url);
        assert_eq!(world.register.as_ref().unwrap().uri.to_string(), "sip:mds-2:5070");
    }
}

#[test]
fn a_line_or_a_place_that_cannot_be_used_starts_nothing() {
    let mut world = World::new();
    world.line["password"] = json!(12);
    assert_eq!(world.start_line(World::place()), Err(Refusal::Line(LineProblem::NoPassword)));
    let mut world = World::new();
    let place = Place { host: Some("no host".into()), ..World::place() };
    assert_eq!(world.start_line(place), Err(Refusal::BadServer));
    assert_eq!((world.sip_opened, world.view().registration), (0, Registration::Stopped));
}

#[test]
fn another_start_takes_the_place_of_the_first_and_ends_its_calls() {
    let mut world = World::with_page_cti();
    dial(&mut world);
    world.start_line(Place { host: Some("other.example.org".into()), ..World::place() }).unwrap();
    assert_eq!(world.sip_url, "wss://other.example.org:8443/wssip");
    assert!(matches!(world.call().state, CallState::Ended { .. }));
    assert_eq!(world.sent_words(), ["BYE"]);
    assert_eq!(world.events[0], "outgoing Terminated: Call terminated");
    assert!(world.events.ends_with(&["general Started".into(), "registration Registered".into()]));
}

#[test]
fn it_can_be_stopped_and_started_again() {
    let mut world = World::with_page_cti();
    world.command(Command::Stop).unwrap();
    assert_eq!(world.view().registration, Registration::Stopped);
    world.forget();
    world.start_line(World::place()).unwrap();
    assert_eq!(world.events, ["general Started", "registration Registered"]);
}

#[test]
fn a_websocket_that_is_lost_is_opened_again_with_the_token_of_the_moment() {
    let mut world = World::with_page_cti();
    world.set_token("d.e.f");
    world.cut_sip();
    world.pass(Duration::from_secs(61));
    assert_eq!(world.sip_url, "wss://edge.example.org:8443/wssip?token=d.e.f");
}

#[test]
fn the_servers_orders_are_obeyed() {
    let mut world = World::with_page_cti();
    world.receive_invite("in-1", Some(THEIR_SDP));
    world.page_cti(json!({"msgType": "WebRTCCmd", "ctiMessage": {"command": "Answer", "sipCallId": "in-1"}}));
    world.receive_ack("in-1");
    assert!(world.call().state.is_connected());
    world.page_cti(json!({"msgType": "WebRTCCmd", "ctiMessage": {"command": "Hold"}}));
    world.answer_invite(StatusCode::OK, Some(RECVONLY));
    assert_eq!(world.call().hold, Hold::Held);
}

#[test]
fn ice_servers_and_names_come_by_the_pages_link_and_the_line_does_not() {
    let mut world = World::with_page_cti();
    world.page_cti(
        json!({"msgType": "IceConfig", "ctiMessage": {"stunConfig": {"urls": ["stun:s.example.org"]}}}),
    );
    world.receive_invite("in-1", Some(THEIR_SDP));
    world.page_cti(json!({"msgType": "PhoneEvent", "ctiMessage": {
        "eventType": "EventRinging", "DN": "1001", "otherDName": "Robert", "linkedId": "1.1", "uniqueId": "1.2",
        "userData": {"SIPCALLID": "in-1"},
    }}));
    assert_eq!(world.call().party.name.as_deref(), Some("Robert"));
    world.page_cti(json!({"msgType": "LineConfig", "ctiMessage": {"id": "-"}}));
    world.command(Command::Stop).unwrap();
    world.forget();
    world.page_cti(json!({"msgType": "LineConfig", "ctiMessage": World::new().line}));
    assert!(world.outcome_is_empty());
}

#[test]
fn transfers_go_by_the_pages_link() {
    let mut world = World::with_page_cti();
    dial(&mut world);
    let destination = "1003".to_owned();
    world.command(Command::AttendedTransfer { call: None, destination }).unwrap();
    world.answer_invite(StatusCode::OK, Some(RECVONLY));
    assert_eq!(
        world.to_page_cti,
        [json!({"claz": "web", "command": "attendedTransfer", "destination": "1003"})]
    );
    assert!(!world.has_sent(&Method::Refer));
}

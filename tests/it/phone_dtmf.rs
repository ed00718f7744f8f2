//! Tones: in order, none lost, in the media stream or by INFO.

use xc_webrtc::phone::api::{Command, DtmfMethod, Refusal};
use xc_webrtc::phone::effect::{Input, MediaCommand, MediaEvent};
use xc_webrtc::sip::message::Message;
use xc_webrtc::sip::method::Method;
use xc_webrtc::sip::status::StatusCode;

use crate::support::phone_world::{RECVONLY, World};
use crate::support::{millis, secs};

fn send(world: &mut World, digits: &str) -> Result<(), Refusal> {
    world.command(Command::Dtmf { call: None, digits: digits.into() })
}

/// The tones that went to the media.
fn played(world: &World) -> Vec<String> {
    let tones = world.media.iter().filter_map(|(_, command)| match command {
        MediaCommand::Dtmf { tones } => Some(tones.clone()),
        _ => None,
    });
    tones.collect()
}

/// The tones that went by INFO.
fn informed(world: &World) -> String {
    let bodies = world.sent.iter().filter_map(|message| match message {
        Message::Request(request) if request.method == Method::Info => Some(request.body.clone()),
        _ => None,
    });
    bodies.filter_map(|body| body.strip_prefix("Signal=")?.chars().next()).collect()
}

#[test]
fn tones_go_to_the_media_and_are_heard_here() {
    let mut world = World::in_call();
    send(&mut world, "12").unwrap();
    send(&mut world, "a#").unwrap();
    assert_eq!(played(&world), ["12", "A#"]);
    assert_eq!(world.key_tones, ["12", "A#"]);
    assert_eq!(world.sent_words(), [""; 0]);
}

#[test]
fn a_comma_is_a_second_of_silence_after_the_tones_before_it() {
    let mut world = World::in_call();
    send(&mut world, "12,,3").unwrap();
    assert_eq!(played(&world), ["12"]);
    // What is typed meanwhile waits for its turn.
    send(&mut world, "4").unwrap();
    world.pass(millis(2339));
    assert_eq!(played(&world), ["12"]);
    world.pass(millis(1));
    assert_eq!(played(&world), ["12", "34"]);
    assert_eq!(world.key_tones, ["123", "4"]);
}

#[test]
fn a_string_with_one_bad_sign_is_refused_as_a_whole() {
    let mut world = World::in_call();
    for digits in ["", "12x", "1 2", "é", "E"] {
        assert_eq!(send(&mut world, digits), Err(Refusal::BadDigits), "{digits}");
    }
    assert_eq!(played(&world), [""; 0]);
}

#[test]
fn where_the_media_stream_takes_none_they_go_by_info_in_order() {
    let mut world = World::in_call();
    let call = world.key(0);
    for digit in ["1", "2", "3"] {
        send(&mut world, digit).unwrap();
    }
    for digit in ["1", "2", "3"] {
        world.input(Input::Media { call, event: MediaEvent::DtmfUnavailable { tones: digit.into() } });
        if digit == "2" {
            send(&mut world, "4").unwrap();
        }
    }
    for _ in 0..4 {
        world.answer_last(&Method::Info, StatusCode::OK, &[]);
    }
    assert_eq!(informed(&world), "1234");
    send(&mut world, "5").unwrap();
    assert_eq!(informed(&world), "12345");
    assert_eq!(played(&world), ["1", "2", "3"]);
}

#[test]
fn by_choice_they_go_by_info_one_after_the_other() {
    let mut world = World::in_call();
    world.command(Command::SetDtmfMethod(DtmfMethod::Info)).unwrap();
    send(&mut world, "9,*").unwrap();
    let info = world.last_request(&Method::Info);
    assert_eq!(info.headers.content_type(), Some("application/dtmf-relay"));
    assert_eq!(info.body, "Signal=9\r\nDuration=120\r\n");
    world.pass(secs(3));
    assert_eq!(informed(&world), "9", "the second waits for the answer to the first");
    world.answer_last(&Method::Info, StatusCode::OK, &[]);
    world.pass(millis(999));
    assert_eq!(informed(&world), "9");
    world.pass(millis(1));
    assert_eq!(informed(&world), "9*");
}

#[test]
fn an_info_that_is_refused_is_told_and_the_rest_is_not_sent() {
    let mut world = World::in_call();
    world.command(Command::SetDtmfMethod(DtmfMethod::Info)).unwrap();
    send(&mut world, "123").unwrap();
    world.answer_last(&Method::Info, StatusCode::UNSUPPORTED_MEDIA_TYPE, &[]);
    assert_eq!(informed(&world), "1");
    assert_eq!(world.events, ["outgoing DtmfFailed: Unsupported Media Type"]);
    send(&mut world, "4").unwrap();
    assert_eq!(informed(&world), "14");
    world.sip_refuses = true;
    world.cut_sip();
    assert!(world.events.contains(&"outgoing DtmfFailed: No answer".to_owned()), "{:?}", world.events);
}

#[test]
fn they_go_to_the_active_call_and_to_no_held_one() {
    let mut world = World::in_two_calls();
    let (held, active) = (world.key(0), world.key(1));
    send(&mut world, "1").unwrap();
    assert!(world.told(active, &MediaCommand::Dtmf { tones: "1".into() }));
    assert!(!world.told(held, &MediaCommand::Dtmf { tones: "1".into() }));
    let named = Command::Dtmf { call: Some(held), digits: "1".into() };
    assert_eq!(world.command(named), Err(Refusal::WrongState));
    world.command(Command::ToggleHold(None)).unwrap();
    world.answer_invite(StatusCode::OK, Some(RECVONLY));
    assert_eq!(send(&mut world, "1"), Err(Refusal::NoSuchCall));
}

#[test]
fn the_server_may_have_tones_sent() {
    let mut world = World::in_call();
    let command = |key: &str| serde_json::json!({"msgType": "WebRTCCmd", "ctiMessage": {"command": "SendDtmf", "key": key}});
    world.receive_cti(command("5"));
    world.receive_cti(command("no"));
    assert_eq!(played(&world), ["5"]);
}

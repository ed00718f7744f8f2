//! Pictures: with a call, added, taken away, offered by the other side; and no camera that was not asked for.

use xc_webrtc::phone::api::Command;
use xc_webrtc::phone::call::MicrophoneProblem;
use xc_webrtc::phone::effect::{Flow, Input, MediaCommand, MediaEvent, Plan};
use xc_webrtc::sip::status::StatusCode;

use crate::support::phone_world::{RECVONLY, SENDRECV, THEIR_SDP, World};

const VIDEO: &str = "v=0\r\nm=audio 9 RTP/AVP 0\r\nm=video 9 RTP/AVP 96\r\n";
const NO_VIDEO: &str = "v=0\r\nm=audio 9 RTP/AVP 0\r\nm=video 0 RTP/AVP 96\r\n";
/// A browser that ends the pictures keeps their place.
const VIDEO_ENDED: &str = "v=0\r\nm=audio 9 RTP/AVP 0\r\nm=video 9 RTP/AVP 96\r\na=inactive\r\n";
/// The other side holds the call.
const HOLDS_US: &str = "v=0\r\nm=audio 9 RTP/AVP 0\r\na=sendonly\r\nm=video 9 RTP/AVP 96\r\na=inactive\r\n";
const VIDEO_HELD: &str = "v=0\r\nm=audio 9 RTP/AVP 0\r\na=recvonly\r\nm=video 9 RTP/AVP 96\r\na=recvonly\r\n";

const WITH: Plan = Plan { audio: Flow::SendReceive, video: Some(Flow::SendReceive) };
const LOOKING: Plan = Plan { audio: Flow::SendReceive, video: Some(Flow::Receive) };

fn dial_with_video(world: &mut World) {
    world.command(Command::Dial { destination: "1002".into(), video: true }).unwrap();
}

/// In a video call that we made.
fn in_video_call() -> World {
    let mut world = World::ready();
    dial_with_video(&mut world);
    world.answer_invite(StatusCode::OK, Some(VIDEO));
    assert!(world.call().video.sending);
    world.forget();
    world
}

/// In a call that rang here with this offer and was answered.
fn answered(offer: &str, video: bool) -> World {
    let mut world = World::ready();
    world.receive_invite("in-1", Some(offer));
    world.command(Command::Answer { call: None, video }).unwrap();
    world.receive_ack("in-1");
    world
}

#[test]
fn a_call_is_made_with_video() {
    let mut world = World::ready();
    dial_with_video(&mut world);
    assert_eq!(world.plan(world.key(0)), WITH);
    world.answer_invite(StatusCode::OK, Some(VIDEO));
    assert!(world.call().video.sending);
    world.input(Input::Media { call: world.key(0), event: MediaEvent::RemoteVideo { on: true } });
    assert!(world.call().video.receiving);
}

#[test]
fn who_takes_no_video_makes_it_an_audio_call() {
    for answer in [NO_VIDEO, VIDEO_ENDED, SENDRECV] {
        let mut world = World::ready();
        dial_with_video(&mut world);
        world.answer_invite(StatusCode::OK, Some(answer));
        assert!(world.call().state.is_connected());
        assert!(!world.call().video.sending);
        assert_eq!(world.sent_words(), ["INVITE", "ACK"]);
    }
}

#[test]
fn without_a_camera_the_call_is_made_all_the_same() {
    let mut world = World::ready();
    world.no_camera = true;
    dial_with_video(&mut world);
    assert_eq!(world.view().camera, Some(MicrophoneProblem::Refused));
    world.answer_invite(StatusCode::OK, Some(VIDEO));
    assert!(world.call().state.is_connected());
    assert!(!world.call().video.sending);
    assert_eq!(world.sent_words(), ["INVITE", "ACK"]);
}

#[test]
fn a_video_call_is_answered_with_or_without_pictures() {
    let mut world = World::ready();
    world.receive_invite("in-1", Some(VIDEO));
    assert!(world.call().video.offered);
    let world = answered(VIDEO, true);
    assert_eq!(world.plan(world.key(0)), WITH);
    assert!(world.call().video.sending && !world.call().video.offered);
    let world = answered(VIDEO, false);
    assert_eq!(world.plan(world.key(0)), Plan::TALK);
    assert!(!world.call().video.sending);
    let world = answered(THEIR_SDP, true);
    assert_eq!(world.plan(world.key(0)), Plan::TALK, "none was offered");
}

#[test]
fn an_audio_call_becomes_a_video_call_and_one_without_again() {
    let mut world = World::in_call();
    world.command(Command::SetCamera { call: None, on: true }).unwrap();
    assert_eq!(world.plan(world.key(0)), WITH);
    world.answer_invite(StatusCode::OK, Some(VIDEO));
    assert!(world.call().video.sending);
    world.command(Command::SetVideo { call: None, on: false }).unwrap();
    assert_eq!(world.plan(world.key(0)), Plan::TALK);
    world.answer_invite(StatusCode::OK, Some(NO_VIDEO));
    assert!(!world.call().video.sending);
    assert_eq!(world.sent_words(), ["INVITE", "ACK", "INVITE", "ACK"]);
    assert_eq!(world.events, [""; 0]);
}

#[test]
fn an_upgrade_that_is_refused_is_told_and_the_call_goes_on() {
    let mut world = World::in_call();
    world.command(Command::SetVideo { call: None, on: true }).unwrap();
    world.answer_invite(StatusCode::NOT_ACCEPTABLE_HERE, None);
    assert_eq!(world.events, ["outgoing VideoFailed: Not Acceptable Here"]);
    assert!(world.told(world.key(0), &MediaCommand::Rollback));
    world.command(Command::SetVideo { call: None, on: true }).unwrap();
    world.answer_invite(StatusCode::OK, Some(NO_VIDEO));
    assert!(!world.call().video.sending, "agreed to, without pictures");
    assert_eq!(world.sent_words(), ["INVITE", "ACK", "INVITE", "ACK"]);
}

#[test]
fn an_upgrade_without_a_camera_asks_nobody() {
    let mut world = World::in_call();
    world.no_camera = true;
    world.command(Command::SetCamera { call: None, on: true }).unwrap();
    assert_eq!(world.sent_words(), [""; 0]);
    assert_eq!(world.view().camera, Some(MicrophoneProblem::Refused));
    assert!(world.told(world.key(0), &MediaCommand::Rollback));
    world.no_camera = false;
    world.command(Command::SetCamera { call: None, on: true }).unwrap();
    assert_eq!(world.sent_words(), ["INVITE"]);
    assert_eq!(world.view().camera, None);
}

#[test]
fn without_a_camera_a_video_call_is_answered_and_looked_at() {
    let mut world = World::ready();
    world.no_camera = true;
    world.receive_invite("in-1", Some(VIDEO));
    world.command(Command::Answer { call: None, video: true }).unwrap();
    world.receive_ack("in-1");
    assert!(!world.call().video.sending);
    world.forget();
    world.command(Command::ToggleHold(None)).unwrap();
    assert_eq!(world.plan(world.key(0)), Plan { audio: Flow::Send, video: Some(Flow::Inactive) });
    world.answer_invite(StatusCode::OK, Some(VIDEO_HELD));
    world.command(Command::ToggleHold(None)).unwrap();
    assert_eq!(world.plan(world.key(0)), LOOKING);
}

#[test]
fn the_camera_is_switched_without_asking_the_other_side() {
    let mut world = in_video_call();
    let key = world.key(0);
    world.command(Command::SetCamera { call: None, on: false }).unwrap();
    assert!(!world.call().video.sending);
    world.command(Command::SetCamera { call: None, on: true }).unwrap();
    assert!(world.call().video.sending);
    let switches = [MediaCommand::Camera { on: false }, MediaCommand::Camera { on: true }];
    assert_eq!(world.media, switches.map(|command| (key, command)));
}

#[test]
fn hold_holds_the_pictures_too() {
    let mut world = in_video_call();
    world.command(Command::ToggleHold(None)).unwrap();
    assert_eq!(world.plan(world.key(0)), Plan { audio: Flow::Send, video: Some(Flow::Send) });
    world.answer_invite(StatusCode::OK, Some(VIDEO_HELD));
    assert!(!world.call().video.sending);
    world.command(Command::ToggleHold(None)).unwrap();
    assert_eq!(world.plan(world.key(0)), WITH);
    world.answer_invite(StatusCode::OK, Some(VIDEO));
    assert!(world.call().video.sending);
}

#[test]
fn an_upgrade_of_theirs_is_looked_at_and_our_camera_waits_for_the_persons_word() {
    let mut world = answered(SENDRECV, false);
    world.forget();
    world.receive_offer("in-1", 2, VIDEO);
    assert_eq!(world.plan(world.key(0)), LOOKING);
    assert!(world.call().video.offered && !world.call().video.sending);
    world.receive_in_dialog("ACK", "in-1", 2);
    assert_eq!(world.sent_words(), ["100", "200"]);
    world.command(Command::SetCamera { call: None, on: true }).unwrap();
    assert!(!world.call().video.offered);
    assert_eq!(world.plan(world.key(0)), WITH);
    world.answer_invite(StatusCode::OK, Some(VIDEO));
    assert!(world.call().video.sending);
}

#[test]
fn the_other_side_takes_the_pictures_away() {
    for offer in [NO_VIDEO, VIDEO_ENDED] {
        let mut world = answered(VIDEO, true);
        world.receive_offer("in-1", 2, offer);
        world.receive_in_dialog("ACK", "in-1", 2);
        assert_eq!(world.plan(world.key(0)), Plan::TALK);
        assert!(!world.call().video.sending);
        world.forget();
        world.command(Command::ToggleHold(None)).unwrap();
        world.answer_invite(StatusCode::OK, Some(RECVONLY));
        assert_eq!(world.sent_words(), ["INVITE", "ACK"]);
    }
}

#[test]
fn who_is_put_on_hold_keeps_the_pictures_for_later() {
    let mut world = answered(VIDEO, true);
    world.receive_offer("in-1", 2, HOLDS_US);
    world.receive_in_dialog("ACK", "in-1", 2);
    assert!(world.call().held_by_peer);
    world.receive_offer("in-1", 3, VIDEO);
    world.receive_in_dialog("ACK", "in-1", 3);
    assert_eq!(world.plan(world.key(0)), WITH);
    assert!(world.call().video.sending && !world.call().video.offered);
}

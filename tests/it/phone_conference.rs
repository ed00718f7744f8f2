//! The conference of two calls: begun, held, muted and left as one.

use xc_webrtc::phone::api::{Command, Refusal};
use xc_webrtc::phone::call::Hold;
use xc_webrtc::phone::effect::MediaCommand;
use xc_webrtc::sip::status::StatusCode;

use crate::support::phone_world::{RECVONLY, SENDRECV, THEIR_SDP, World};

/// A conference that is going on.
fn in_conference() -> World {
    let mut world = World::in_two_calls();
    world.command(Command::Conference).unwrap();
    world.answer_invite(StatusCode::OK, Some(SENDRECV));
    assert_eq!(world.conference, [world.key(0), world.key(1)]);
    world
}

/// Answers the INVITEs sent last, the newest first.
fn answer_both(world: &mut World, sdp: &str) {
    let both = world.sent.clone();
    world.forget_sent();
    for invite in both {
        world.sent = vec![invite];
        world.answer_invite(StatusCode::OK, Some(sdp));
    }
}

#[test]
fn the_held_call_is_resumed_and_both_hear_each_other() {
    let mut world = World::in_two_calls();
    world.command(Command::Conference).unwrap();
    assert_eq!(world.sent_words(), ["INVITE"]);
    assert!(world.conference.is_empty(), "not before the held one is back");
    world.answer_invite(StatusCode::OK, Some(SENDRECV));
    assert_eq!(world.conference, [world.key(0), world.key(1)]);
    assert!(world.view().calls.iter().all(|call| call.in_conference));
    assert_eq!(world.holds(), [Hold::Active, Hold::Active]);
    let events = ["outgoing Resume", "outgoing ConferenceStarted", "incoming ConferenceStarted"];
    assert_eq!(world.events, events);
}

#[test]
fn two_active_calls_are_joined_at_once() {
    let mut world = World::in_call();
    world.command(Command::Dial { destination: "1003".into(), video: false }).unwrap();
    world.answer_invite(StatusCode::NOT_ACCEPTABLE_HERE, None);
    world.answer_invite(StatusCode::OK, Some(THEIR_SDP));
    assert_eq!(world.holds(), [Hold::Active, Hold::Active]);
    world.command(Command::Conference).unwrap();
    assert_eq!(world.conference.len(), 2);
}

#[test]
fn it_takes_exactly_two_calls_that_were_answered() {
    let mut world = World::ready();
    assert_eq!(world.command(Command::Conference), Err(Refusal::NotTwoCalls));
    let mut world = World::in_call();
    assert_eq!(world.command(Command::Conference), Err(Refusal::NotTwoCalls));
    world.receive_invite("in-1", Some(THEIR_SDP));
    assert_eq!(world.command(Command::Conference), Err(Refusal::NotTwoCalls), "one rings");
}

#[test]
fn a_resume_that_is_refused_makes_no_conference() {
    let mut world = World::in_two_calls();
    world.command(Command::Conference).unwrap();
    world.answer_invite(StatusCode::NOT_ACCEPTABLE_HERE, None);
    assert!(world.conference.is_empty());
    assert_eq!(world.holds(), [Hold::Held, Hold::Active]);
    assert_eq!(world.events, ["outgoing ResumeFailed: Not Acceptable Here"]);
    world.command(Command::Conference).unwrap();
    assert_eq!(world.holds(), [Hold::Resuming, Hold::Active]);
}

#[test]
fn the_whole_is_held_and_resumed_by_either_command() {
    for command in
        [Command::ToggleHold(None), Command::Conference, Command::ToggleHold(Some(in_conference().key(1)))]
    {
        let mut world = in_conference();
        world.forget();
        world.command(command.clone()).unwrap();
        assert_eq!(world.holds(), [Hold::Holding, Hold::Holding]);
        answer_both(&mut world, RECVONLY);
        assert_eq!(world.holds(), [Hold::Held, Hold::Held]);
        assert_eq!(world.conference.len(), 2, "held, not dissolved");
        world.forget();
        world.command(command).unwrap();
        answer_both(&mut world, SENDRECV);
        assert_eq!(world.holds(), [Hold::Active, Hold::Active]);
    }
}

#[test]
fn mute_and_tones_reach_both() {
    let mut world = in_conference();
    world.command(Command::SetMicrophone { call: None, on: false }).unwrap();
    world.command(Command::Dtmf { call: None, digits: "1".into() }).unwrap();
    for key in [world.key(0), world.key(1)] {
        assert!(world.told(key, &MediaCommand::Microphone { on: false }));
        assert!(world.told(key, &MediaCommand::Dtmf { tones: "1".into() }));
    }
    assert!(world.view().calls.iter().all(|call| call.muted));
}

#[test]
fn when_one_leaves_the_other_goes_on() {
    let mut world = in_conference();
    world.forget();
    world.receive_in_dialog("BYE", "in-1", 2);
    assert!(world.conference.is_empty());
    let call = &world.view().calls[0];
    assert!(call.state.is_connected() && !call.in_conference);
    assert_eq!(call.hold, Hold::Active);
    assert_eq!(
        world.events,
        ["outgoing ConferenceEnded", "incoming ConferenceEnded", "incoming Terminated: Call terminated",]
    );
}

#[test]
fn hanging_up_without_a_name_ends_it_for_all() {
    let mut world = in_conference();
    world.forget();
    world.command(Command::HangUp(None)).unwrap();
    assert_eq!(world.sent_words(), ["BYE", "BYE"]);
    assert!(world.conference.is_empty());
    assert!(world.view().calls.iter().all(|call| !call.state.is_live()));
}

#[test]
fn no_call_is_begun_beside_it_and_no_member_is_transferred() {
    let mut world = in_conference();
    let dial = Command::Dial { destination: "1004".into(), video: false };
    assert_eq!(world.command(dial), Err(Refusal::TooManyCalls));
    let transfer = Command::DirectTransfer { call: Some(world.key(0)), destination: "1004".into() };
    assert_eq!(world.command(transfer), Err(Refusal::WrongState));
}

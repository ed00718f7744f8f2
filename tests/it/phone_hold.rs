//! Hold and resume: ours, theirs, refused, and the rule of which call is meant.

use xc_webrtc::phone::api::{Command, Refusal};
use xc_webrtc::phone::call::Hold;
use xc_webrtc::phone::effect::{Flow, Input, MediaCommand, MediaEvent, Plan};
use xc_webrtc::sip::status::StatusCode;

use crate::support::phone_world::{RECVONLY, SENDONLY, SENDRECV, THEIR_SDP, World};
use crate::support::secs;

const INACTIVE: &str = "v=0\r\nm=audio 9 RTP/AVP 0\r\na=inactive\r\n";
const OLD_HOLD: &str = "v=0\r\nc=IN IP4 0.0.0.0\r\nm=audio 9 RTP/AVP 0\r\n";

/// In a call that rang here.
fn in_received_call() -> World {
    let mut world = World::ringing();
    world.command(Command::Answer { call: None, video: false }).unwrap();
    world.receive_ack("in-1");
    world.forget();
    world
}

#[test]
fn hold_and_resume_by_re_invite() {
    let mut world = World::in_call();
    let key = world.key(0);
    world.command(Command::ToggleHold(None)).unwrap();
    assert_eq!(world.plan(key), Plan { audio: Flow::Send, video: None });
    assert_eq!(world.call().hold, Hold::Holding);
    world.answer_invite(StatusCode::OK, Some(RECVONLY));
    assert_eq!(world.call().hold, Hold::Held);
    assert!(world.told(key, &MediaCommand::Accept { answer: RECVONLY.into() }));
    world.command(Command::ToggleHold(Some(key))).unwrap();
    assert_eq!(world.plan(key), Plan::TALK);
    assert_eq!(world.call().hold, Hold::Resuming);
    world.answer_invite(StatusCode::OK, Some(SENDRECV));
    assert_eq!(world.call().hold, Hold::Active);
    assert_eq!(world.sent_words(), ["INVITE", "ACK", "INVITE", "ACK"]);
    assert_eq!(world.events, ["outgoing Hold", "outgoing Resume"]);
}

#[test]
fn what_is_so_already_stays_so_without_asking() {
    let mut world = World::in_call();
    world.command(Command::SetHold { call: world.key(0), on: false }).unwrap();
    assert_eq!(world.sent_words(), [""; 0]);
    world.command(Command::SetHold { call: world.key(0), on: true }).unwrap();
    world.answer_invite(StatusCode::OK, Some(RECVONLY));
    world.forget();
    world.command(Command::SetHold { call: world.key(0), on: true }).unwrap();
    assert_eq!(world.sent_words(), [""; 0]);
}

#[test]
fn a_mind_changed_while_the_other_side_thinks_is_carried_out_afterwards() {
    let mut world = World::in_call();
    world.command(Command::ToggleHold(None)).unwrap();
    world.command(Command::ToggleHold(None)).unwrap();
    assert_eq!(world.sent_words(), ["INVITE"]);
    world.answer_invite(StatusCode::OK, Some(RECVONLY));
    assert_eq!(world.sent_words(), ["INVITE", "ACK", "INVITE"]);
    world.answer_invite(StatusCode::OK, Some(SENDRECV));
    assert_eq!(world.call().hold, Hold::Active);
}

#[test]
fn of_an_active_and_a_held_call_the_active_one_is_meant_and_of_two_alike_none() {
    let mut world = World::in_two_calls();
    world.command(Command::ToggleHold(None)).unwrap();
    assert_eq!(world.holds(), [Hold::Held, Hold::Holding]);
    world.answer_invite(StatusCode::OK, Some(RECVONLY));
    assert_eq!(world.holds(), [Hold::Held, Hold::Held]);
    assert_eq!(world.command(Command::ToggleHold(None)), Err(Refusal::Ambiguous));

    let mut world = World::in_call();
    world.command(Command::Dial { destination: "1003".into(), video: false }).unwrap();
    world.answer_invite(StatusCode::NOT_ACCEPTABLE_HERE, None);
    world.answer_invite(StatusCode::OK, Some(THEIR_SDP));
    assert_eq!(world.holds(), [Hold::Active, Hold::Active]);
    assert_eq!(world.command(Command::ToggleHold(None)), Err(Refusal::Ambiguous));
}

#[test]
fn a_refused_hold_leaves_the_call_and_its_media_as_they_were() {
    let mut world = World::in_call();
    let key = world.key(0);
    world.command(Command::ToggleHold(None)).unwrap();
    world.answer_invite(StatusCode::NOT_ACCEPTABLE_HERE, None);
    assert_eq!(world.call().hold, Hold::Active);
    assert!(world.call().state.is_connected());
    assert!(world.told(key, &MediaCommand::Rollback));
    assert!(!world.is_hushed(key));
    assert_eq!(world.events, ["outgoing HoldFailed: Not Acceptable Here"]);
    world.pass(secs(40));
    assert_eq!(world.sent_words(), ["INVITE", "ACK"]);
}

#[test]
fn whoever_is_to_be_held_hears_nothing_of_us_while_an_offer_of_theirs_comes_before_the_hold() {
    let mut world = in_received_call();
    let key = world.key(0);
    world.command(Command::ToggleHold(None)).unwrap();
    assert!(world.is_hushed(key));
    world.answer_invite(StatusCode::REQUEST_PENDING, None);
    world.receive_offer("in-1", 2, SENDRECV);
    world.receive_in_dialog("ACK", "in-1", 2);
    // Agreed on is a talk; the person waits for their hold.
    assert_eq!((world.plan(key), world.is_hushed(key)), (Plan::TALK, true));
    world.pass(secs(5));
    world.answer_invite(StatusCode::OK, Some(RECVONLY));
    assert_eq!(
        (world.call().hold, world.plan(key).audio, world.is_hushed(key)),
        (Hold::Held, Flow::Send, false)
    );
}

#[test]
fn who_takes_back_a_hold_before_it_was_agreed_on_is_heard_again() {
    let mut world = in_received_call();
    let key = world.key(0);
    world.command(Command::ToggleHold(None)).unwrap();
    world.answer_invite(StatusCode::REQUEST_PENDING, None);
    world.command(Command::ToggleHold(None)).unwrap();
    assert_eq!((world.call().hold, world.is_hushed(key)), (Hold::Active, false));
    world.pass(secs(40));
    assert_eq!(world.call().hold, Hold::Active);
}

/// Found by the simulation of whole phones.
#[test]
fn a_hold_that_is_wanted_while_pictures_are_offered_has_its_turn_when_those_are_refused() {
    let mut world = World::in_call();
    world.command(Command::SetVideo { call: None, on: true }).unwrap();
    world.command(Command::ToggleHold(None)).unwrap();
    world.answer_invite(StatusCode::NOT_ACCEPTABLE_HERE, None);
    assert_eq!(world.call().hold, Hold::Holding);
    assert_eq!(world.plan(world.key(0)), Plan { audio: Flow::Send, video: None });
    world.answer_invite(StatusCode::OK, Some(RECVONLY));
    assert_eq!(world.call().hold, Hold::Held);
    assert_eq!(world.events, ["outgoing VideoFailed: Not Acceptable Here", "outgoing Hold"]);
}

#[test]
fn a_refused_resume_leaves_it_on_hold() {
    let mut world = World::in_call();
    world.command(Command::ToggleHold(None)).unwrap();
    world.answer_invite(StatusCode::OK, Some(RECVONLY));
    world.command(Command::ToggleHold(None)).unwrap();
    world.answer_invite(StatusCode::NOT_ACCEPTABLE_HERE, None);
    assert_eq!(world.call().hold, Hold::Held);
    assert_eq!(world.events, ["outgoing Hold", "outgoing ResumeFailed: Not Acceptable Here"]);
}

#[test]
fn hold_without_a_connection_fails_and_says_so() {
    let mut world = World::in_call();
    world.sip_refuses = true;
    world.cut_sip();
    world.forget();
    world.command(Command::ToggleHold(None)).unwrap();
    assert_eq!(world.events, ["outgoing HoldFailed: The connection to the server is lost"]);
    assert_eq!(world.call().hold, Hold::Active);
}

#[test]
fn a_connection_lost_during_a_hold_leaves_the_call_active() {
    let mut world = World::in_call();
    world.command(Command::ToggleHold(None)).unwrap();
    world.sip_refuses = true;
    world.cut_sip();
    assert_eq!(world.call().hold, Hold::Active);
    assert!(
        world.events.contains(&"outgoing HoldFailed: the connection was lost".to_owned()),
        "{:?}",
        world.events
    );
}

#[test]
fn media_that_cannot_offer_leaves_the_call_active() {
    let mut world = World::in_call();
    world.media_waits = true;
    let key = world.key(0);
    world.command(Command::ToggleHold(None)).unwrap();
    world.input(Input::Media { call: key, event: MediaEvent::Broken("no".into()) });
    assert_eq!(world.call().hold, Hold::Active);
    assert_eq!(world.events, ["outgoing HoldFailed: no"]);
    assert_eq!(world.sent_words(), [""; 0]);
}

#[test]
fn the_other_side_holds_and_resumes() {
    for hold in [SENDONLY, INACTIVE, OLD_HOLD] {
        let mut world = in_received_call();
        world.receive_offer("in-1", 2, hold);
        assert!(world.call().held_by_peer, "{hold}");
        assert_eq!(world.sent_words(), ["100", "200"]);
        world.receive_in_dialog("ACK", "in-1", 2);
        world.receive_offer("in-1", 3, SENDRECV);
        assert!(!world.call().held_by_peer);
        assert_eq!(world.events, ["incoming RemoteHold", "incoming RemoteResume"]);
        assert_eq!(world.call().hold, Hold::Active);
    }
}

#[test]
fn the_other_side_may_ask_for_an_offer_and_hold_in_its_answer() {
    let mut world = in_received_call();
    world.receive_in_dialog("INVITE", "in-1", 2);
    assert_eq!(world.plan(world.key(0)), Plan::TALK);
    world.receive_in_dialog_with("ACK", "in-1", 2, "Content-Type: application/sdp\r\n", SENDONLY);
    assert!(world.call().held_by_peer);
    assert!(world.told(world.key(0), &MediaCommand::Accept { answer: SENDONLY.into() }));
}

#[test]
fn held_by_both_nothing_flows_until_both_resume() {
    let mut world = in_received_call();
    let key = world.key(0);
    world.receive_offer("in-1", 2, SENDONLY);
    world.receive_in_dialog("ACK", "in-1", 2);
    world.command(Command::ToggleHold(None)).unwrap();
    assert_eq!(world.plan(key).audio, Flow::Inactive);
    world.answer_invite(StatusCode::OK, Some(INACTIVE));
    assert_eq!((world.call().hold, world.call().held_by_peer), (Hold::Held, true));
    // They resume: to them we stay on hold.
    world.receive_offer("in-1", 3, SENDRECV);
    assert_eq!(world.plan(key).audio, Flow::Send);
    assert_eq!((world.call().hold, world.call().held_by_peer), (Hold::Held, false));
}

#[test]
fn an_offer_of_theirs_while_ours_is_being_made_is_a_glare() {
    let mut world = in_received_call();
    world.media_waits = true;
    world.command(Command::ToggleHold(None)).unwrap();
    world.receive_offer("in-1", 2, SENDONLY);
    assert_eq!(world.sent_words(), ["100", "491"]);
    assert!(!world.call().held_by_peer);
    world.media_is_ready();
    assert_eq!(world.sent_words(), ["100", "491", "INVITE"]);
}

#[test]
fn an_offer_of_theirs_that_is_lost_or_cannot_be_taken_leaves_all_as_it_was() {
    for lost in [true, false] {
        let mut world = in_received_call();
        let key = world.key(0);
        world.media_waits = true;
        world.receive_offer("in-1", 2, SENDONLY);
        assert!(world.call().held_by_peer);
        if lost {
            world.cut_sip();
            assert!(!world.call().held_by_peer);
            // What the media have made of it is not an answer to anything any more, nor an offer.
            world.media_is_ready();
        } else {
            world.input(Input::Media { call: key, event: MediaEvent::Broken("no".into()) });
        }
        assert!(!world.call().held_by_peer);
        assert!(world.told(key, &MediaCommand::Rollback));
        world.events.retain(|event| event.starts_with("incoming "));
        assert_eq!(world.events, ["incoming RemoteHold", "incoming RemoteResume"]);
        let refused = if lost { vec!["100"] } else { vec!["100", "488"] };
        assert_eq!(world.sent_words(), refused);
        assert!(world.call().state.is_connected());
    }
}

#[test]
fn pictures_that_are_offered_and_lost_are_not_agreed_on() {
    let mut world = in_received_call();
    let key = world.key(0);
    world.media_waits = true;
    world.receive_offer("in-1", 2, "v=0\r\nm=audio 9 RTP/AVP 0\r\nm=video 9 RTP/AVP 96\r\n");
    assert_eq!(world.plan(key).video, Some(Flow::Receive));
    world.cut_sip();
    world.media_is_ready();
    world.media_waits = false;
    world.pass(secs(10));
    // Over the new websocket the call is offered as it is.
    world.answer_invite(StatusCode::OK, Some(SENDRECV));
    world.command(Command::ToggleHold(None)).unwrap();
    assert_eq!(world.plan(key), Plan { audio: Flow::Send, video: None });
}

#[test]
fn our_hold_waits_while_an_offer_of_theirs_is_being_answered() {
    let mut world = in_received_call();
    world.media_waits = true;
    world.receive_offer("in-1", 2, SENDRECV);
    world.command(Command::ToggleHold(None)).unwrap();
    assert_eq!(world.sent_words(), ["100"]);
    world.media_is_ready();
    assert_eq!(world.sent_words(), ["100", "200"]);
    world.receive_in_dialog("ACK", "in-1", 2);
    world.media_is_ready();
    world.pass(secs(1));
    world.media_is_ready();
    assert_eq!(world.sent_words(), ["100", "200", "INVITE"]);
    assert_eq!(world.call().hold, Hold::Holding);
}

#[test]
fn another_try_whose_time_comes_while_their_offer_is_being_answered_waits_for_that() {
    let mut world = in_received_call();
    world.command(Command::ToggleHold(None)).unwrap();
    world.answer_invite(StatusCode::REQUEST_PENDING, None);
    world.media_waits = true;
    world.receive_offer("in-1", 2, SENDRECV);
    world.pass(secs(10));
    assert_eq!(world.sent_words(), ["INVITE", "ACK", "100"]);
    world.media_waits = false;
    world.media_is_ready();
    world.receive_in_dialog("ACK", "in-1", 2);
    world.pass(secs(1));
    assert_eq!(world.sent_words(), ["INVITE", "ACK", "100", "200", "INVITE"]);
}

#[test]
fn the_server_may_hold_and_resume_by_call_id_or_by_context() {
    let mut world = World::in_call();
    let id = world.call().sip_call_id;
    world.receive_cti(
        serde_json::json!({"msgType": "WebRTCCmd", "ctiMessage": {"command": "Hold", "sipCallId": id}}),
    );
    world.answer_invite(StatusCode::OK, Some(RECVONLY));
    assert_eq!(world.call().hold, Hold::Held);
    world.receive_cti(serde_json::json!({"msgType": "WebRTCCmd", "ctiMessage": {"command": "Hold"}}));
    assert_eq!(world.call().hold, Hold::Resuming);
    world.receive_cti(
        serde_json::json!({"msgType": "WebRTCCmd", "ctiMessage": {"command": "Hold", "sipCallId": "x"}}),
    );
    assert_eq!(world.call().hold, Hold::Resuming);
}

//! Two calls: the active one is held before another is begun, answered or resumed; a third does not fit.

use xc_webrtc::phone::api::{Command, Refusal};
use xc_webrtc::phone::call::{CallState, Hold};
use xc_webrtc::phone::effect::{Flow, MediaCommand, Ring};
use xc_webrtc::sip::message::Request;
use xc_webrtc::sip::method::Method;
use xc_webrtc::sip::status::StatusCode;

use crate::support::peer::answer_as;
use crate::support::phone_world::{RECVONLY, SENDRECV, THEIR_SDP, World};
use crate::support::{With, millis, secs, status};

fn dial(destination: &str) -> Command {
    Command::Dial { destination: destination.into(), video: false }
}

const ANSWER: Command = Command::Answer { call: None, video: false };

#[test]
fn a_second_call_leaves_when_the_first_one_is_on_hold() {
    let mut world = World::in_call();
    world.command(dial("1003")).unwrap();
    assert_eq!(world.sent_words(), ["INVITE"], "the re-INVITE alone");
    assert_eq!(world.holds(), [Hold::Holding, Hold::Active]);
    assert_eq!(world.view().calls[1].state, CallState::Preparing);
    world.answer_invite(StatusCode::OK, Some(RECVONLY));
    assert_eq!(world.sent_words(), ["INVITE", "ACK", "INVITE"]);
    assert!(world.sent[2].to_string().starts_with("INVITE sip:1003@default"));
    assert_eq!(world.holds(), [Hold::Held, Hold::Active]);
    assert_eq!(world.events, ["outgoing Hold", "outgoing Establishing"]);
}

#[test]
fn a_second_call_goes_on_when_the_first_does_not_let_itself_be_held_and_an_event_says_so() {
    let mut world = World::in_call();
    world.command(dial("1003")).unwrap();
    world.answer_invite(StatusCode::NOT_ACCEPTABLE_HERE, None);
    assert_eq!(world.events, ["outgoing HoldFailed: Not Acceptable Here", "outgoing Establishing"]);
    assert_eq!(world.holds(), [Hold::Active, Hold::Active]);
    assert_eq!(world.view().calls[1].state, CallState::Calling);
}

/// Found by the simulation of whole phones.
#[test]
fn who_takes_the_first_call_back_before_the_second_is_answered_talks_to_one_at_a_time() {
    let mut world = World::in_call();
    world.command(dial("1003")).unwrap();
    world.answer_invite(StatusCode::OK, Some(RECVONLY));
    let second = world.last_request(&Method::Invite);
    let first = world.key(0);
    world.command(Command::SetHold { call: first, on: false }).unwrap();
    world.answer_invite(StatusCode::OK, Some(SENDRECV));
    assert_eq!(world.holds(), [Hold::Active, Hold::Active]);
    assert_eq!(world.view().calls[1].state, CallState::Calling);
    world.receive(answer_as(&second, 200, "carol-tag").sdp(THEIR_SDP).to_string());
    assert_eq!(world.holds(), [Hold::Active, Hold::Holding]);
}

#[test]
fn a_second_call_does_not_wait_for_ever_for_the_hold_of_the_first() {
    let mut world = World::in_call();
    world.command(dial("1003")).unwrap();
    world.pass(secs(5));
    assert_eq!(world.sent_words(), ["INVITE", "INVITE"]);
    assert_eq!(world.holds(), [Hold::Holding, Hold::Active]);
}

#[test]
fn a_third_call_of_ours_is_refused_with_a_reason() {
    let mut world = World::in_two_calls();
    assert_eq!(world.command(dial("1004")), Err(Refusal::TooManyCalls));
    assert_eq!(world.events, ["outgoing Failed: There are two calls already"]);
    assert_eq!(world.sent_words(), [""; 0]);
}

#[test]
fn a_third_call_that_comes_is_told_busy() {
    let mut world = World::in_two_calls();
    world.receive_invite("third", Some(THEIR_SDP));
    assert_eq!(world.sent_words(), ["100", "486"]);
    assert_eq!(world.view().calls.len(), 2);
    assert_eq!(world.events, [""; 0]);
}

#[test]
fn a_call_that_comes_during_a_talk_knocks_softly_and_rings_when_the_talk_is_on_hold() {
    let mut world = World::in_call();
    world.receive_invite("in-1", Some(THEIR_SDP));
    assert_eq!(world.ring, Ring::Waiting);
    world.command(Command::ToggleHold(Some(world.key(0)))).unwrap();
    world.answer_invite(StatusCode::OK, Some(RECVONLY));
    assert_eq!(world.ring, Ring::Incoming);
}

#[test]
fn the_waiting_call_is_answered_after_the_hold_of_the_other() {
    let mut world = World::in_call();
    world.receive_invite("in-1", Some(THEIR_SDP));
    world.forget();
    world.command(ANSWER).unwrap();
    assert_eq!(world.sent_words(), ["INVITE"]);
    assert_eq!(world.view().calls[1].state, CallState::Answering);
    assert_eq!(world.ring, Ring::Silent);
    world.answer_invite(StatusCode::OK, Some(RECVONLY));
    assert_eq!(world.sent_words(), ["INVITE", "ACK", "200"]);
    world.receive_ack("in-1");
    assert_eq!(world.holds(), [Hold::Held, Hold::Active]);
    assert_eq!(world.events, ["outgoing Hold", "incoming Connected: 1002"]);
}

#[test]
fn a_call_that_is_answered_while_the_person_talks_to_another_waits_on_hold() {
    let mut world = World::ready();
    world.command(dial("1003")).unwrap();
    let late = world.sent.clone();
    world.receive_invite("in-1", Some(THEIR_SDP));
    world.command(ANSWER).unwrap();
    world.receive_ack("in-1");
    assert_eq!(world.holds(), [Hold::Active, Hold::Active], "one of them is not answered yet");
    world.sent = late;
    world.answer_invite(StatusCode::OK, Some(THEIR_SDP));
    assert_eq!(world.holds(), [Hold::Holding, Hold::Active]);
    assert_eq!(world.sent_words(), ["INVITE", "ACK", "INVITE"]);
}

#[test]
fn a_call_on_hold_is_not_held_again_for_another() {
    let mut world = World::in_call();
    world.command(Command::ToggleHold(None)).unwrap();
    world.answer_invite(StatusCode::OK, Some(RECVONLY));
    world.forget();
    world.command(dial("1003")).unwrap();
    assert_eq!(world.sent_words(), ["INVITE"]);
    assert!(world.sent[0].to_string().starts_with("INVITE sip:1003@default"));
}

#[test]
fn resuming_one_holds_the_other_first() {
    let mut world = World::in_two_calls();
    let (first, second) = (world.key(0), world.key(1));
    world.command(Command::SetHold { call: first, on: false }).unwrap();
    assert_eq!(world.holds(), [Hold::Resuming, Hold::Holding]);
    assert_eq!(world.sent_words(), ["INVITE"]);
    assert_eq!(world.media.last().unwrap().0, second);
    world.answer_invite(StatusCode::OK, Some(RECVONLY));
    assert_eq!(world.sent_words(), ["INVITE", "ACK", "INVITE"]);
    world.answer_invite(StatusCode::OK, Some(SENDRECV));
    assert_eq!(world.holds(), [Hold::Active, Hold::Held]);
    assert_eq!(world.events, ["incoming Hold", "outgoing Resume"]);
}

#[test]
fn the_other_call_goes_on_when_one_of_two_ends() {
    let mut world = World::in_two_calls();
    world.receive_in_dialog("BYE", "in-1", 2);
    assert_eq!(world.holds()[0], Hold::Held);
    assert!(world.view().calls[0].state.is_connected());
    world.command(Command::ToggleHold(None)).unwrap();
    world.answer_invite(StatusCode::OK, Some(SENDRECV));
    assert_eq!(world.holds()[0], Hold::Active);
}

#[test]
fn giving_up_the_second_call_before_the_first_is_held_sends_nothing_of_it() {
    let mut world = World::in_call();
    world.command(dial("1003")).unwrap();
    world.command(Command::HangUp(Some(world.key(1)))).unwrap();
    world.answer_invite(StatusCode::OK, Some(RECVONLY));
    world.pass(secs(10));
    assert_eq!(world.sent_words(), ["INVITE", "ACK"]);
    assert_eq!(world.holds()[0], Hold::Held);
}

#[test]
fn hanging_up_without_a_name_ends_the_one_that_is_heard() {
    let mut world = World::in_two_calls();
    world.command(Command::HangUp(None)).unwrap();
    assert!(world.view().calls[0].state.is_connected());
    assert!(!world.view().calls[1].state.is_live());
    assert_eq!(world.events, ["incoming Terminated: Call terminated"]);
}

#[test]
fn the_server_may_have_a_call_answered_by_itself() {
    let mut world = World::in_call();
    let header = "Alert-Info: <http://wazo.community>;info=alert-autoanswer;delay=0;xivo-autoanswer\r\n";
    world.receive_invite_with("in-1", Some(THEIR_SDP), header);
    assert_eq!(world.ring, Ring::Silent);
    assert_eq!(world.events, ["incoming Setup: 1002"]);
    world.answer_invite(StatusCode::OK, Some(RECVONLY));
    world.receive_ack("in-1");
    assert_eq!(world.sent_words(), ["100", "INVITE", "ACK", "200"]);
    let events =
        ["incoming Setup: 1002", "outgoing Hold", "incoming AutoAnswered: 1002", "incoming Connected: 1002"];
    assert_eq!(world.events, events);
}

#[test]
fn an_automatic_answer_without_a_microphone_rings_instead() {
    let mut world = World::ready();
    world.no_microphone = Some(xc_webrtc::phone::call::MicrophoneProblem::Refused);
    world.receive_invite_with("in-1", Some(THEIR_SDP), "Alert-Info: xivo-autoanswer\r\n");
    assert_eq!(world.call().state, CallState::Offered);
    assert_eq!(world.ring, Ring::Incoming);
    assert_eq!(world.sent_words(), ["100", "180"]);
    assert_eq!(world.events, ["incoming Setup: 1002"]);
}

/// What an INVITE says that takes the place of whom we called.
fn replacing(invite: &Request) -> String {
    let call_id = invite.headers.call_id().unwrap();
    let ours = invite.headers.from().unwrap().tag().unwrap().to_owned();
    format!("Replaces: {call_id};to-tag={ours};from-tag=bob-tag\r\nRequire: replaces\r\n")
}

#[test]
fn who_takes_the_place_of_somebody_on_hold_waits_and_hears_as_little_of_who_is_muted() {
    let mut world = World::in_call();
    let invite = world.first_invite();
    world.command(Command::SetMicrophone { call: None, on: false }).unwrap();
    world.command(Command::ToggleHold(None)).unwrap();
    world.answer_invite(StatusCode::OK, Some(RECVONLY));
    world.receive_invite_with("in-1", Some(THEIR_SDP), &replacing(&invite));
    world.receive_ack("in-1");
    let call = world.view().calls.into_iter().find(|call| call.state.is_connected()).unwrap();
    assert_eq!((call.hold, call.muted), (Hold::Held, true));
    assert_eq!(world.plan(call.key).audio, Flow::Send);
    assert!(world.told(call.key, &MediaCommand::Microphone { on: false }));
}

#[test]
fn who_takes_the_place_of_a_member_is_a_member() {
    let mut world = World::in_two_calls();
    let first = world.first_invite();
    world.command(Command::Conference).unwrap();
    world.answer_invite(StatusCode::OK, Some(THEIR_SDP));
    world.receive_invite_with("in-2", Some(THEIR_SDP), &replacing(&first));
    world.receive_ack("in-2");
    let live: Vec<_> = world.view().calls.into_iter().filter(|call| call.state.is_connected()).collect();
    assert_eq!(live.len(), 2);
    assert!(live.iter().all(|call| call.in_conference && call.hold == Hold::Active), "{live:?}");
}

#[test]
fn a_call_that_takes_the_place_of_another_is_answered_and_the_other_ends() {
    let mut world = World::in_call();
    let replaces = replacing(&world.first_invite());
    world.receive_invite_with("in-1", Some(THEIR_SDP), &replaces);
    assert_eq!(world.sent_words(), ["100", "200", "BYE"]);
    world.receive_ack("in-1");
    assert_eq!(
        world.events,
        [
            "incoming Setup: 1002",
            "incoming AutoAnswered: 1002",
            "outgoing Terminated: Call transferred",
            "incoming Connected: 1002",
        ]
    );
    // What names no call of ours has no place to take.
    world.forget();
    world.receive_invite_with("in-2", Some(THEIR_SDP), "Replaces: x;to-tag=1;from-tag=2\r\n");
    assert_eq!(world.sent_words(), ["481"]);
}

#[test]
fn hold_is_asked_again_after_a_glare() {
    let mut world = World::in_call();
    world.command(Command::ToggleHold(None)).unwrap();
    world.answer_invite(StatusCode::REQUEST_PENDING, None);
    world.forget();
    world.pass(millis(2000));
    assert_eq!(world.sent_words(), [""; 0], "we made the Call-ID: not before 2.1 s");
    assert_eq!(world.holds(), [Hold::Holding]);
    world.pass(millis(2000));
    assert_eq!(world.sent_words(), ["INVITE"]);
    world.answer_invite(StatusCode::OK, Some(RECVONLY));
    assert_eq!(world.events, ["outgoing Hold"]);
}

#[test]
fn who_did_not_make_the_call_id_asks_again_sooner() {
    let mut world = World::ringing();
    world.command(ANSWER).unwrap();
    world.receive_ack("in-1");
    world.forget();
    world.command(Command::ToggleHold(None)).unwrap();
    world.answer_invite(StatusCode::REQUEST_PENDING, None);
    world.pass(secs(2));
    assert_eq!(world.sent_words(), ["INVITE", "ACK", "INVITE"]);
}

#[test]
fn hold_is_asked_again_when_the_other_side_says_when() {
    for (code, retry_after, again) in
        [(500, Some("3"), true), (503, Some("3"), true), (503, Some("300"), false), (500, None, false)]
    {
        let mut world = World::in_call();
        world.command(Command::ToggleHold(None)).unwrap();
        let lines: Vec<_> =
            retry_after.map(|value| (xc_webrtc::sip::header::Name::RETRY_AFTER, value)).into_iter().collect();
        world.answer_last(&Method::Invite, status(code), &lines);
        world.forget_sent();
        world.pass(secs(4));
        assert_eq!(world.sent_words().len(), usize::from(again), "{code} {retry_after:?}");
        let failed = world.events.iter().any(|event| event.starts_with("outgoing HoldFailed"));
        assert_eq!(failed, !again, "{code} {retry_after:?}");
    }
}

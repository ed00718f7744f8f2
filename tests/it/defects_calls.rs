//! What the original does wrong with calls (D1 to D5, D11, D19 to D26, D34 to D37 of the API reference), done right
//! by the core. What pages see of the rest is told in `lab/tests/library/defects_calls.rs`.

use xc_webrtc::phone::api::{Command, Refusal};
use xc_webrtc::phone::call::{Direction, Hold, MicrophoneProblem};
use xc_webrtc::sip::method::Method;
use xc_webrtc::sip::status::StatusCode;

use crate::support::phone_world::{RECVONLY, SENDRECV, THEIR_SDP, World};
use crate::support::secs;

const AUTO_ANSWER: &str =
    "Alert-Info: <http://wazo.community>;info=alert-autoanswer;delay=0;XiVO-AutoAnswer\r\n";

fn dial(destination: &str) -> Command {
    Command::Dial { destination: destination.into(), video: false }
}

#[test]
fn d1_an_automatic_answer_is_told_by_its_name() {
    let mut world = World::with_page_cti();
    world.receive_invite_with("in-1", Some(THEIR_SDP), "Alert-Info: xivo-autoanswer\r\n");
    assert_eq!(world.events, ["incoming Setup: 1002", "incoming AutoAnswered: 1002"]);
}

#[test]
fn d2_who_began_a_call_is_not_guessed_from_names() {
    let mut world = World::with_page_cti();
    world.receive(
        "INVITE sip:alice@x.invalid SIP/2.0\r\nVia: SIP/2.0/WSS pbx;branch=z9hG4bKx\r\n\
         From: \"Alice Martin\" <sip:1001@default>;tag=x\r\nTo: <sip:alice@default>\r\nCall-ID: own-mobile\r\n\
         CSeq: 1 INVITE\r\nContact: <sip:pbx@192.0.2.10>\r\nContent-Length: 0\r\n\r\n",
    );
    assert_eq!(world.call().direction, Direction::Incoming);
    assert_eq!(world.events, ["incoming Setup: 1001"]);
}

#[test]
fn d3_the_call_id_is_known_before_anything_is_sent() {
    let mut world = World::with_page_cti();
    world.media_waits = true;
    world.command(dial("1002")).unwrap();
    let id = world.call().sip_call_id;
    assert!(!id.is_empty() && world.sent.is_empty());
    world.media_is_ready();
    assert_eq!(world.last_request(&Method::Invite).headers.call_id(), Ok(id.as_str()));
}

#[test]
fn d5_of_two_calls_hold_takes_the_active_one_and_of_two_alike_none() {
    let mut world = World::in_two_calls();
    world.command(Command::ToggleHold(None)).unwrap();
    world.answer_invite(StatusCode::OK, Some(RECVONLY));
    assert_eq!(world.holds(), [Hold::Held, Hold::Held]);
    assert_eq!(world.command(Command::ToggleHold(None)), Err(Refusal::Ambiguous));
}

#[test]
fn d11_a_conference_takes_two_answered_calls_and_mixes_them_at_once() {
    for mut world in [World::ready(), World::in_call(), World::ringing()] {
        assert_eq!(world.command(Command::Conference), Err(Refusal::NotTwoCalls));
    }
    let mut world = World::in_call();
    world.command(dial("1003")).unwrap();
    // Both stay active.
    world.answer_invite(StatusCode::NOT_ACCEPTABLE_HERE, None);
    world.answer_invite(StatusCode::OK, Some(THEIR_SDP));
    world.command(Command::Conference).unwrap();
    assert_eq!(world.conference, [world.key(0), world.key(1)]);
}

#[test]
fn d19_a_provisional_answer_to_a_hold_leaves_the_call_what_it_is() {
    let mut world = World::in_call();
    world.command(Command::ToggleHold(None)).unwrap();
    world.answer_invite(StatusCode::TRYING, None);
    assert!(world.call().state.is_connected());
    world.answer_invite(StatusCode::NOT_ACCEPTABLE_HERE, None);
    assert_eq!(world.call().hold, Hold::Active);
    world.command(Command::Dtmf { call: None, digits: "5".into() }).unwrap();
}

#[test]
fn d21_in_a_conference_a_hold_of_one_holds_both_once() {
    let mut world = World::in_two_calls();
    world.command(Command::Conference).unwrap();
    world.answer_invite(StatusCode::OK, Some(SENDRECV));
    world.forget();
    let key = world.key(0);
    world.command(Command::ToggleHold(Some(key))).unwrap();
    assert_eq!(world.sent_words(), ["INVITE", "INVITE"]);
}

#[test]
fn d23_the_end_of_a_call_is_told_once() {
    let mut world = World::in_call();
    world.command(Command::HangUp(None)).unwrap();
    world.receive_from_callee("BYE", 1, "", "");
    world.pass(secs(60));
    assert_eq!(world.events, ["outgoing Terminated: Call terminated"]);
}

#[test]
fn d24_the_microphone_is_that_of_the_active_call() {
    let mut world = World::in_two_calls();
    world.command(Command::ToggleMicrophone(None)).unwrap();
    let muted: Vec<bool> = world.view().calls.iter().map(|call| call.muted).collect();
    assert_eq!((world.holds(), muted), (vec![Hold::Held, Hold::Active], vec![false, true]));
    let key = world.key(0);
    world.command(Command::SetMicrophone { call: Some(key), on: false }).unwrap();
    world.command(Command::SetMicrophone { call: Some(key), on: false }).unwrap();
    assert!(world.view().calls[0].muted);
}

#[test]
fn d26_hold_by_name_resumes_what_it_held() {
    let mut world = World::in_call();
    let key = world.key(0);
    world.command(Command::ToggleHold(Some(key))).unwrap();
    world.answer_invite(StatusCode::OK, Some(RECVONLY));
    world.command(Command::ToggleHold(Some(key))).unwrap();
    world.answer_invite(StatusCode::OK, Some(SENDRECV));
    assert_eq!(world.events, ["outgoing Hold", "outgoing Resume"]);
}

#[test]
fn d34_a_dial_that_fails_says_why_and_one_that_does_not_holds_the_other() {
    let mut world = World::new();
    assert_eq!(world.command(dial("1002")), Err(Refusal::NotStarted));
    assert_eq!(world.events, ["outgoing Failed: The phone was not started"]);
    let mut world = World::with_page_cti();
    world.no_microphone = Some(MicrophoneProblem::Refused);
    world.command(dial("1002")).unwrap();
    assert_eq!(world.events, ["outgoing Failed: Microphone refused"]);
    let mut world = World::in_two_calls();
    assert_eq!(world.command(dial("1004")), Err(Refusal::TooManyCalls));
    let mut world = World::in_call();
    world.command(dial("1003")).unwrap();
    assert_eq!(world.holds()[0], Hold::Holding);
}

#[test]
fn d35_the_wish_for_an_automatic_answer_is_read_by_its_words_and_holds_the_talk_once() {
    let mut world = World::in_call();
    world.receive_invite_with("in-1", Some(THEIR_SDP), AUTO_ANSWER);
    assert_eq!(world.sent_words().iter().filter(|word| *word == "INVITE").count(), 1);
    world.answer_invite(StatusCode::OK, Some(RECVONLY));
    assert_eq!(world.events, ["incoming Setup: 1002", "outgoing Hold", "incoming AutoAnswered: 1002"]);
    // One that could not be answered rings, and is not told as answered.
    let mut world = World::with_page_cti();
    world.no_microphone = Some(MicrophoneProblem::Absent);
    world.receive_invite_with("in-1", Some(THEIR_SDP), AUTO_ANSWER);
    assert_eq!(world.events, ["incoming Setup: 1002"]);
    assert!(world.call().state.can_be_answered());
}

#[test]
fn d36_a_call_is_answered_after_the_other_is_held_or_would_not_be() {
    for (status, told) in
        [(StatusCode::OK, "outgoing Hold"), (StatusCode::FORBIDDEN, "outgoing HoldFailed: Forbidden")]
    {
        let mut world = World::in_call();
        world.receive_invite("in-1", Some(THEIR_SDP));
        world.forget();
        world.command(Command::Answer { call: None, video: false }).unwrap();
        assert_eq!(world.sent_words(), ["INVITE"], "not answered before");
        world.answer_invite(status, (status == StatusCode::OK).then_some(RECVONLY));
        assert!(world.sent_words().contains(&"200".to_owned()));
        assert_eq!(world.events, [told]);
    }
}

#[test]
fn d37_tones_go_to_the_active_call_alone_and_are_checked() {
    let mut world = World::in_two_calls();
    world.command(Command::Dtmf { call: None, digits: "5".into() }).unwrap();
    assert!(world.media.iter().all(|(key, _)| *key == world.key(1)) && !world.media.is_empty());
    assert_eq!(world.command(Command::Dtmf { call: None, digits: "x".into() }), Err(Refusal::BadDigits));
}

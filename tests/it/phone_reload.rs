//! Calls over a reload of the page: the next page takes them back by an INVITE with Replaces (RFC 3891), as they were.

use std::time::Duration;

use xc_webrtc::phone::api::{Command, LoginProblem, Registration, Session};
use xc_webrtc::phone::call::{CallState, Direction, Hold, MicrophoneProblem, Outcome};
use xc_webrtc::phone::effect::{Flow, MediaCommand, Plan};
use xc_webrtc::sip::header::Name;
use xc_webrtc::sip::message::{Message, Request};
use xc_webrtc::sip::method::Method;
use xc_webrtc::sip::status::StatusCode;

use crate::support::phone_world::{RECVONLY, THEIR_SDP, World};
use crate::support::secs;

/// The INVITEs that were sent and not forgotten, in their order.
fn invites(world: &World) -> Vec<Request> {
    let invite = |message: &Message| match message {
        Message::Request(request) if request.method == Method::Invite => Some(request.clone()),
        Message::Request(_) | Message::Response(_) => None,
    };
    world.sent.iter().filter_map(invite).collect()
}

/// The server gives that call back.
fn give_back(world: &mut World, invite: &Request, sdp: &str) {
    let mut ok = invite.reply(StatusCode::OK, Some("new-tag"));
    ok.headers.push(Name::CONTACT, "<sip:bob@192.0.2.10>");
    ok.headers.push(Name::CONTENT_TYPE, "application/sdp");
    ok.body = sdp.to_owned();
    world.receive(Message::Response(ok).to_string());
}

fn outcome(world: &World) -> Outcome {
    match world.call().state {
        CallState::Ended { outcome, .. } => outcome,
        state => panic!("{state:?}"),
    }
}

/// A talk whose page is loaded again, with the INVITE that wants it back.
fn reloaded() -> (World, Request) {
    let mut world = World::in_call().reloaded();
    world.goes_on();
    let invite = world.last_request(&Method::Invite);
    (world, invite)
}

#[test]
fn a_talk_is_taken_back_with_who_is_there_and_since_when() {
    let mut before = World::in_call();
    let first = before.first_invite();
    let was = before.call();
    before.pass(secs(40));
    before.leave_page();
    assert_eq!(before.sent_words(), [""; 0], "nothing ends a call that may go on");

    let mut world = before.reloaded();
    assert!(world.call().returning && world.call().state == CallState::Preparing);
    world.goes_on();
    assert_eq!(world.sent_words(), ["INVITE"]);
    let invite = world.last_request(&Method::Invite);
    let (call_id, tag) = (first.headers.call_id().unwrap(), first.headers.tag(&Name::FROM).unwrap());
    let replaces = format!("{call_id};to-tag=bob-tag;from-tag={tag}");
    assert_eq!(invite.headers.get(&Name::REPLACES), Some(replaces.as_str()));
    assert_eq!(invite.headers.get(&Name::REQUIRE), Some("replaces"));
    assert_eq!(invite.uri.to_string(), first.uri.to_string());
    assert_ne!(invite.headers.call_id().unwrap(), call_id);
    assert_eq!(world.call().state, CallState::Calling);

    world.answer_invite(StatusCode::OK, Some(THEIR_SDP));
    assert_eq!(world.sent_words(), ["INVITE", "ACK"]);
    let call = world.call();
    assert_eq!((call.state, call.party, call.dialled), (was.state, was.party, was.dialled));
    assert!(!call.returning);
    assert_eq!(world.call().sip_call_id, invite.headers.call_id().unwrap());
}

#[test]
fn a_call_that_was_just_taken_ends_with_the_page() {
    let mut world = World::ready();
    world.receive_invite("in-1", Some(THEIR_SDP));
    world.command(Command::Answer { call: None, video: false }).unwrap();
    world.leave_page();
    world.receive_ack("in-1");
    assert_eq!(world.sent_words().last().map(String::as_str), Some("BYE"));
}

#[test]
fn a_call_that_came_is_taken_back_by_the_own_number() {
    let mut world = World::ready();
    world.line = serde_json::json!({
        "id": "31", "name": "alice", "password": "sip-secret", "xivoIp": "192.0.2.10", "number": "1001",
        "sipProxyName": "default", "webRtc": true, "hasDevice": false,
    });
    world.log_in();
    world.receive_invite("in-1", Some(THEIR_SDP));
    world.command(Command::Answer { call: None, video: false }).unwrap();
    world.receive_ack("in-1");
    let was = world.call();
    let mut world = world.reloaded();
    world.goes_on();
    let invite = world.last_request(&Method::Invite);
    assert_eq!(invite.uri.user_text(), "1001");
    assert!(invite.headers.get(&Name::REPLACES).unwrap().starts_with("in-1;to-tag=bobin-1;from-tag="));
    world.answer_invite(StatusCode::OK, Some(THEIR_SDP));
    let call = world.call();
    assert_eq!((call.direction, call.party, call.state), (Direction::Incoming, was.party, was.state));
}

#[test]
fn two_calls_come_back_one_held_one_muted() {
    let mut world = World::in_two_calls();
    let active = world.key(1);
    world.command(Command::SetMicrophone { call: Some(active), on: false }).unwrap();
    let mut world = world.reloaded();
    world.goes_on();
    let (held, active) = (world.key(0), world.key(1));
    // Whoever waits hears nothing of us, not even for a moment.
    assert_eq!((world.plan(held), world.is_hushed(held)), (Plan::TALK, true));
    assert_eq!((world.plan(active), world.is_hushed(active)), (Plan::TALK, false));
    assert!(world.told(active, &MediaCommand::Microphone { on: false }));
    assert!(!world.told(held, &MediaCommand::Microphone { on: false }));
    let invites = invites(&world);
    give_back(&mut world, &invites[1], THEIR_SDP);
    give_back(&mut world, &invites[0], THEIR_SDP);
    assert_eq!(world.holds(), [Hold::Holding, Hold::Active]);
    assert_eq!(world.plan(held), Plan { audio: Flow::Send, video: None });
    world.answer_invite(StatusCode::OK, Some(RECVONLY));
    assert_eq!(world.holds(), [Hold::Held, Hold::Active]);
    assert_eq!(world.view().calls.iter().map(|call| call.muted).collect::<Vec<_>>(), [false, true]);
    // And the person turns from one to the other, as ever.
    world.command(Command::ToggleHold(Some(held))).unwrap();
    assert_eq!(world.holds()[1], Hold::Holding);
}

#[test]
fn a_conference_comes_back_when_both_are_there() {
    let mut world = World::in_two_calls();
    world.command(Command::Conference).unwrap();
    world.answer_invite(StatusCode::OK, Some(THEIR_SDP));
    assert_eq!(world.conference.len(), 2);
    let mut world = world.reloaded();
    world.goes_on();
    let invites = invites(&world);
    give_back(&mut world, &invites[0], THEIR_SDP);
    assert_eq!(world.conference, []);
    give_back(&mut world, &invites[1], THEIR_SDP);
    assert_eq!(world.conference, [world.key(0), world.key(1)]);
    assert!(world.view().calls.iter().all(|call| call.in_conference && call.hold == Hold::Active));
}

#[test]
fn of_a_conference_of_which_one_is_refused_the_other_is_a_talk() {
    let mut world = World::in_two_calls();
    world.command(Command::Conference).unwrap();
    world.answer_invite(StatusCode::OK, Some(THEIR_SDP));
    let mut world = world.reloaded();
    world.goes_on();
    let invites = invites(&world);
    give_back(&mut world, &invites[0], THEIR_SDP);
    let refused = invites[1].reply(StatusCode::CALL_OR_TRANSACTION_DOES_NOT_EXIST, Some("x"));
    world.receive(Message::Response(refused).to_string());
    assert_eq!(world.conference, []);
    let call = world.view().calls.into_iter().find(|call| call.state.is_connected()).unwrap();
    assert!(!call.in_conference);
    world.command(Command::HangUp(None)).unwrap();
}

#[test]
fn what_the_server_does_not_give_back_is_ended_on_both_sides_and_told() {
    for status in [481, 603, 420, 500] {
        let (mut world, invite) = reloaded();
        let replaced = invite.headers.replaces().unwrap().unwrap();
        world.answer_invite(StatusCode::new(status).unwrap(), None);
        assert_eq!(outcome(&world), Outcome::NotTakenBack, "{status}");
        assert_eq!(world.events.last().unwrap(), "outgoing Terminated: The call could not be taken back");
        let bye = world.last_request(&Method::Bye);
        assert_eq!(bye.headers.call_id().unwrap(), replaced.call_id);
        assert_eq!(bye.headers.tag(&Name::FROM).as_deref(), Some(replaced.from_tag.as_str()));
        assert_eq!(bye.headers.tag(&Name::TO).as_deref(), Some(replaced.to_tag.as_str()));
        assert_eq!(bye.uri.to_string(), "sip:bob@192.0.2.10");
        assert_eq!(world.kept_calls(), "");
    }
}

#[test]
fn a_server_that_does_not_answer_is_given_up() {
    let (mut world, _) = reloaded();
    world.pass(secs(33));
    assert_eq!(outcome(&world), Outcome::NotTakenBack);
    assert!(world.has_sent(&Method::Bye));
}

#[test]
fn a_person_may_hang_up_before_the_call_is_back() {
    let (mut world, _) = reloaded();
    world.command(Command::HangUp(None)).unwrap();
    assert_eq!(outcome(&world), Outcome::Cancelled);
    assert!(world.has_sent(&Method::Bye));
}

#[test]
fn without_a_microphone_the_call_is_ended_and_the_reason_is_the_microphone() {
    let mut world = World::in_call().reloaded();
    world.no_microphone = Some(MicrophoneProblem::Refused);
    world.goes_on();
    assert_eq!(outcome(&world), Outcome::Microphone(MicrophoneProblem::Refused));
    assert!(world.has_sent(&Method::Bye));
}

#[test]
fn without_a_line_in_time_the_call_is_given_up_and_ended_when_there_is_one() {
    let mut world = World::in_call().reloaded();
    world.registrar_waits = true;
    world.goes_on();
    world.pass(secs(59));
    assert!(world.call().returning);
    world.pass(secs(2));
    assert_eq!(outcome(&world), Outcome::NotTakenBack);
    assert!(world.has_sent(&Method::Bye), "the websocket is open");
}

#[test]
fn a_log_in_that_has_expired_ends_the_waiting() {
    let mut world = World::in_call().reloaded();
    world.token_expired = true;
    world.goes_on();
    assert_eq!(world.view().session, Session::LoggedOut { problem: Some(LoginProblem::Expired) });
    assert_eq!(outcome(&world), Outcome::NotTakenBack);
    assert_eq!(world.kept_calls(), "");
}

#[test]
fn a_page_loaded_twice_takes_the_call_back_all_the_same() {
    let mut world = World::in_call().reloaded();
    let kept = world.kept_calls();
    world.leave_page();
    assert_eq!(world.kept_calls(), kept);
    let mut world = world.reloaded();
    world.goes_on();
    world.answer_invite(StatusCode::OK, Some(THEIR_SDP));
    assert!(world.call().state.is_connected());
    let again = world.kept_calls();
    assert!(!again.is_empty() && again != kept, "the new session is the one to go on with");
}

#[test]
fn a_page_that_goes_away_asks_the_other_side_not_to_wait_for_long() {
    let mut world = World::ready();
    world.command(Command::Dial { destination: "1002".into(), video: false }).unwrap();
    world.answer_invite_with(StatusCode::OK, &[(Name::ALLOW, "INVITE, ACK, BYE, UPDATE")], Some(THEIR_SDP));
    world.forget();
    world.leave_page();
    assert_eq!(world.sent_words(), ["UPDATE"]);
    let update = world.last_request(&Method::Update);
    assert_eq!(update.headers.get(&Name::SESSION_EXPIRES), Some("90;refresher=uac"));
}

#[test]
fn calls_that_nobody_has_taken_end_with_the_page() {
    let mut world = World::ready();
    world.command(Command::Dial { destination: "1002".into(), video: false }).unwrap();
    world.answer_invite(StatusCode::RINGING, None);
    world.leave_page();
    assert_eq!(world.sent_words(), ["INVITE", "CANCEL"]);
    assert_eq!(world.kept_calls(), "");

    let mut world = World::ringing();
    world.leave_page();
    assert_eq!(world.sent_words().last().unwrap(), "480");
}

#[test]
fn nothing_secret_is_kept_and_nothing_unreadable_harms() {
    let mut world = World::in_call();
    let kept = world.kept_calls();
    for secret in ["sip-secret", "a.b.c", "Authorization", "\"pw\""] {
        assert!(!kept.contains(secret), "{secret} in {kept}");
    }
    for odd in ["", "[", "{}", "[1]", "[[]]", "[[1,2,3,4,5,6,7,8,9,10,11]]", &kept.replace("BYE ", "")] {
        let mut world = World::ready();
        world.take_back(odd);
        assert_eq!(world.view().calls, [], "{odd}");
    }
    // No more than there can be.
    let one = &kept[1..kept.len() - 1];
    let mut world = World::ready();
    let other = |number: u32| one.replace("Call-ID: ", &format!("Call-ID: {number}"));
    world.take_back(&format!("[{one},{},{}]", other(1), other(2)));
    assert_eq!(world.view().calls.len(), 2);
}

#[test]
fn the_age_of_a_call_outlives_the_page() {
    let mut world = World::in_call();
    let CallState::Connected { since } = world.call().state else { panic!() };
    world.pass(Duration::from_millis(1500));
    let mut world = world.reloaded();
    world.goes_on();
    world.answer_invite(StatusCode::OK, Some(THEIR_SDP));
    assert_eq!(world.call().state, CallState::Connected { since });
}

#[test]
fn a_tab_that_stands_by_is_logged_in_and_uses_no_line_until_it_is_the_phone() {
    let mut world = World::new();
    world.stand_by();
    world.log_in();
    assert_eq!((world.registers, world.view().registration), (0, Registration::Elsewhere));
    assert!(matches!(world.view().session, Session::LoggedIn { .. }));
    world.begin_here("");
    assert!(matches!(world.view().registration, Registration::Registered { .. }));
}

#[test]
fn the_phone_is_given_to_another_tab_with_its_call_and_without_a_bye() {
    let mut first = World::in_call();
    let calls = first.give_away();
    assert_eq!(first.sent_words(), [""; 0], "nothing ends the call");
    assert_eq!((first.view().calls, first.view().registration), (Vec::new(), Registration::Elsewhere));

    let mut second = World::new();
    second.stand_by();
    second.log_in();
    second.begin_here(&calls);
    assert!(second.last_request(&Method::Invite).headers.replaces().unwrap().is_some());
    second.answer_invite(StatusCode::OK, Some(THEIR_SDP));
    assert!(second.call().state.is_connected());
    // The calls may be told twice: they are taken once.
    let mut third = World::new();
    third.stand_by();
    third.log_in();
    third.registrar_waits = true;
    third.begin_here(&calls);
    third.take_back(&calls);
    assert_eq!(third.view().calls.len(), 1);
}

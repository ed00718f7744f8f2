//! A proxy that recorded a flow which is gone (RFC 5626 §5.3.1) leads the other side nowhere: the call takes its own
//! place by a dialog that goes by the flow there is.

use xc_webrtc::phone::api::Command;
use xc_webrtc::phone::call::{CallState, Hold, Outcome};
use xc_webrtc::phone::effect::{MediaCommand, Plan};
use xc_webrtc::sip::header::Name;
use xc_webrtc::sip::message::{Message, Request};
use xc_webrtc::sip::method::Method;
use xc_webrtc::sip::status::StatusCode;

use crate::support::phone_world::{RECVONLY, THEIR_SDP, World};
use crate::support::secs;

/// The websocket is lost and another one opened, and the call is offered by it; a proxy says that the old one is gone.
fn whose_flow_failed(mut world: World) -> World {
    world.cut_sip();
    world.pass(secs(6));
    assert_eq!(world.sent_words(), ["INVITE"]);
    world.answer_invite(StatusCode::FLOW_FAILED, None);
    world
}

fn invites(world: &World) -> Vec<Request> {
    let invite = |message: &Message| match message {
        Message::Request(request) if request.method == Method::Invite => Some(request.clone()),
        Message::Request(_) | Message::Response(_) => None,
    };
    world.sent.iter().filter_map(invite).collect()
}

fn answer(world: &mut World, invite: &Request, status: StatusCode, sdp: &str) {
    let mut response = invite.reply(status, Some("new-tag"));
    response.headers.push(Name::CONTACT, "<sip:bob@192.0.2.10>");
    response.headers.push(Name::CONTENT_TYPE, "application/sdp");
    response.body = sdp.to_owned();
    world.receive(Message::Response(response).to_string());
}

#[test]
fn the_call_takes_its_own_place_with_all_that_the_person_wants() {
    let mut world = World::in_call();
    let key = world.key(0);
    world.command(Command::SetMicrophone { call: None, on: false }).unwrap();
    let was = world.call();
    let mut world = whose_flow_failed(world);
    assert_eq!(world.sent_words(), ["INVITE", "ACK", "INVITE"]);
    let invite = world.last_request(&Method::Invite);
    assert!(
        invite.headers.get(&Name::REPLACES).unwrap().starts_with(&format!("{};to-tag=", was.sip_call_id))
    );
    assert_eq!(invite.headers.get(&Name::REQUIRE), Some("replaces"));
    assert_eq!(invite.uri.user_text(), was.dialled.clone().unwrap());
    assert!(world.told(key, &MediaCommand::Anew));
    assert_eq!(world.plan(key), Plan::TALK);
    assert!(world.call().returning);

    world.answer_invite(StatusCode::OK, Some(THEIR_SDP));
    let call = world.call();
    assert_eq!((call.state, call.party, call.muted, call.returning), (was.state, was.party, true, false));
    assert_eq!(world.sent_words(), ["INVITE", "ACK", "INVITE", "ACK"]);
    assert!(!world.events.iter().any(|event| event.contains("Terminated")), "{:?}", world.events);
    world.command(Command::HangUp(None)).unwrap();
    assert_eq!(world.last_request(&Method::Bye).headers.call_id(), invite.headers.call_id());
}

#[test]
fn a_camera_that_is_off_stays_off() {
    let mut world = World::in_call();
    let key = world.key(0);
    world.command(Command::SetCamera { call: None, on: true }).unwrap();
    world.answer_invite(StatusCode::OK, Some(THEIR_SDP));
    world.command(Command::SetCamera { call: None, on: false }).unwrap();
    world.forget();
    let world = whose_flow_failed(world);
    assert!(world.told(key, &MediaCommand::Anew));
    assert!(world.told(key, &MediaCommand::Camera { on: false }));
}

#[test]
fn a_connection_that_is_lost_again_meanwhile_does_not_end_it() {
    let mut world = whose_flow_failed(World::in_call());
    let first = world.last_request(&Method::Invite);
    world.cut_sip();
    assert!(world.call().returning);
    world.pass(secs(12));
    let again = world.last_request(&Method::Invite);
    assert_ne!(again.headers.call_id(), first.headers.call_id());
    assert_eq!(again.headers.get(&Name::REPLACES), first.headers.get(&Name::REPLACES));
    world.answer_invite(StatusCode::OK, Some(THEIR_SDP));
    assert!(world.call().state.is_connected() && !world.call().returning);
    assert!(!world.has_sent(&Method::Bye));
    assert!(!world.events.iter().any(|event| event.contains("Terminated")), "{:?}", world.events);
}

#[test]
fn its_end_on_the_way_is_that_of_a_call() {
    let mut world = whose_flow_failed(World::in_call());
    world.cut_sip();
    world.forget();
    world.command(Command::HangUp(None)).unwrap();
    assert_eq!(world.events, ["outgoing Terminated: Call cancelled"]);
}

#[test]
fn who_waits_waits_on() {
    let mut world = World::in_call();
    let key = world.key(0);
    world.command(Command::ToggleHold(None)).unwrap();
    world.answer_invite(StatusCode::OK, Some(RECVONLY));
    world.forget();
    let mut world = whose_flow_failed(world);
    assert!(world.is_hushed(key));
    world.answer_invite(StatusCode::OK, Some(THEIR_SDP));
    world.answer_invite(StatusCode::OK, Some(RECVONLY));
    assert_eq!((world.call().hold, world.is_hushed(key)), (Hold::Held, false));
}

#[test]
fn two_that_were_joined_are_joined_again() {
    let mut world = World::in_two_calls();
    world.command(Command::Conference).unwrap();
    world.answer_invite(StatusCode::OK, Some(THEIR_SDP));
    assert!(world.view().calls.iter().all(|call| call.in_conference));
    world.forget();
    world.cut_sip();
    world.pass(secs(6));
    assert_eq!(world.sent_words(), ["INVITE", "INVITE"]);
    for offer in invites(&world) {
        answer(&mut world, &offer, StatusCode::FLOW_FAILED, "");
    }
    for invite in &invites(&world)[2..] {
        answer(&mut world, invite, StatusCode::OK, THEIR_SDP);
    }
    assert_eq!(world.holds(), [Hold::Active, Hold::Active]);
    assert!(world.view().calls.iter().all(|call| call.in_conference && call.state.is_connected()));
}

#[test]
fn a_call_that_is_not_given_back_is_over_on_both_sides() {
    let mut world = whose_flow_failed(World::in_call());
    let was = world.last_request(&Method::Ack);
    world.answer_invite(StatusCode::CALL_OR_TRANSACTION_DOES_NOT_EXIST, None);
    let CallState::Ended { outcome, .. } = world.call().state else { panic!("{:?}", world.call().state) };
    assert_eq!(outcome, Outcome::EndedMeanwhile);
    assert_eq!(world.last_request(&Method::Bye).headers.call_id(), was.headers.call_id());
    assert_eq!(world.events.iter().filter(|event| event.contains("Terminated")).count(), 1);
}

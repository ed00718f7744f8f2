//! A websocket that carries nothing although nobody has closed it: found out by the first thing that is to be said over it.

use xc_webrtc::phone::api::{Command, Registration};
use xc_webrtc::phone::call::{CallState, Outcome};
use xc_webrtc::sip::method::Method;
use xc_webrtc::sip::status::StatusCode;

use crate::support::phone_world::{THEIR_SDP, World};
use crate::support::secs;

/// The flow dies right after that.
fn dies(mut world: World) -> World {
    world.pass(secs(1));
    world.forget();
    world.sip_is_dead = true;
    world
}

/// Nothing comes back for five seconds, nor to the question after them; then another websocket is opened, which is alive.
fn is_found_out(world: &mut World) {
    let (registers, opened) = (world.registers, world.sip_opened);
    world.pass(secs(5));
    assert_eq!((world.registers, world.sip_opened), (registers + 1, opened));
    world.sip_is_dead = false;
    world.pass(secs(5));
    assert!(matches!(world.view().registration, Registration::Unregistered { .. }));
    world.pass(secs(6));
    assert_eq!(world.sip_opened, opened + 1);
    assert!(matches!(world.view().registration, Registration::Registered { .. }));
}

#[test]
fn who_wants_to_hold_over_it_keeps_the_call() {
    let mut world = dies(World::in_call());
    world.command(Command::ToggleHold(None)).unwrap();
    is_found_out(&mut world);
    assert_eq!(world.sent_words(), ["INVITE", "INVITE"]);
    world.answer_invite(StatusCode::OK, Some(THEIR_SDP));
    assert!(world.call().state.is_connected());
    assert!(!world.events.iter().any(|event| event.contains("Terminated")), "{:?}", world.events);
}

#[test]
fn who_hangs_up_over_it_is_heard_all_the_same() {
    let mut world = dies(World::in_call());
    world.command(Command::HangUp(None)).unwrap();
    is_found_out(&mut world);
    assert_eq!(world.sent_words(), ["BYE", "BYE"]);
    world.pass(secs(40));
    assert_eq!(world.sent_words(), ["BYE", "BYE"], "it was answered");
}

#[test]
fn who_calls_over_it_learns_that_the_connection_is_lost() {
    let mut world = dies(World::ready());
    world.command(Command::Dial { destination: "1002".into(), video: false }).unwrap();
    is_found_out(&mut world);
    let CallState::Ended { outcome, .. } = world.call().state else { panic!("{:?}", world.call().state) };
    assert_eq!(outcome, Outcome::ConnectionLost);
}

#[test]
fn a_server_that_is_there_is_asked_once_and_may_take_its_time() {
    let mut world = dies(World::ready());
    world.sip_is_dead = false;
    let (registers, opened) = (world.registers, world.sip_opened);
    world.command(Command::Dial { destination: "1002".into(), video: false }).unwrap();
    world.pass(secs(25));
    assert_eq!((world.registers, world.sip_opened), (registers + 1, opened));
    assert_eq!(world.call().state, CallState::Calling);
    world.answer_invite(StatusCode::OK, Some(THEIR_SDP));
    assert!(world.call().state.is_connected());
    world.command(Command::HangUp(None)).unwrap();
    assert!(world.has_sent(&Method::Bye));
}

#[test]
fn a_websocket_that_does_not_open_is_tried_anew() {
    let mut world = World::ready();
    world.sip_hangs = true;
    world.cut_sip();
    world.pass(secs(6));
    let opened = world.sip_opened;
    world.pass(secs(15));
    let Registration::Unregistered { reason, permanent: false, retry_at: Some(_) } =
        world.view().registration
    else {
        panic!("{:?}", world.view().registration);
    };
    assert_eq!(reason, "The server does not answer");
    world.sip_hangs = false;
    world.pass(secs(15));
    assert_eq!(world.sip_opened, opened + 1);
    assert!(matches!(world.view().registration, Registration::Registered { .. }));
}

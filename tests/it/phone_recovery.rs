//! The network goes away in a call: one authority mends signalling and media, and calls that ended meanwhile are found
//! out.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use serde_json::{Value, json};
use xc_webrtc::phone::api::{Command, CtiLink, IceChoice, IceServer, Place, Registration, Session};
use xc_webrtc::phone::call::{CallState, Hold, Outcome};
use xc_webrtc::phone::effect::{Input, MediaCommand, MediaEvent};
use xc_webrtc::secret::Secret;
use xc_webrtc::sip::message::{Message, Request};
use xc_webrtc::sip::method::Method;
use xc_webrtc::sip::status::StatusCode;

use crate::support::phone_world::{Edge, RECVONLY, SENDRECV, THEIR_SDP, World};
use crate::support::secs;

const ANY: MediaCommand = MediaCommand::Restart { relayed: false };
const RELAYED: MediaCommand = MediaCommand::Restart { relayed: true };

/// In a call that is heard.
fn talking() -> World {
    let mut world = World::in_call();
    media(&mut world, MediaEvent::Flowing);
    world
}

/// The media of the first call says something.
fn media(world: &mut World, event: MediaEvent) {
    let call = world.key(0);
    world.input(Input::Media { call, event });
}

/// Which restarts the media was told.
fn restarts(world: &World) -> Vec<MediaCommand> {
    let commands = world.media.iter().map(|(_, command)| command.clone());
    commands.filter(|command| *command == ANY || *command == RELAYED).collect()
}

fn outcome(world: &World) -> Outcome {
    match world.view().calls[0].state.clone() {
        CallState::Ended { outcome, .. } => outcome,
        state => panic!("{state:?}"),
    }
}

fn call_id(message: &Message) -> String {
    let Message::Request(request) = message else { panic!("{message:?}") };
    request.headers.call_id().unwrap().to_owned()
}

/// What the CTI server says of the first call.
fn phone_event(world: &World, kind: &str) -> Value {
    json!({
        "eventType": kind, "DN": "1001", "linkedId": "1.1", "uniqueId": "1.2",
        "userData": {"SIPCALLID": world.view().calls[0].sip_call_id},
    })
}

fn cti_says(world: &mut World, kind: &str) {
    let event = phone_event(world, kind);
    world.receive_cti(json!({"msgType": "PhoneEvent", "ctiMessage": event}));
}

fn turn() -> Command {
    let server = IceServer {
        urls: vec!["turn:turn.example.org".into()],
        username: Some("u".into()),
        credential: Some(Secret::new("p")),
    };
    Command::SetIceServers(IceChoice::These(vec![server]))
}

#[test]
fn after_a_lost_websocket_each_call_is_offered_again_once_and_goes_on() {
    let mut world = World::in_two_calls();
    world.cut_sip();
    world.pass(secs(6));
    assert!(matches!(world.view().registration, Registration::Registered { .. }));
    assert_eq!(world.sent_words(), ["INVITE", "INVITE"]);
    assert_eq!(restarts(&world), []);
    let call_ids: Vec<_> = world.sent.iter().map(call_id).collect();
    assert_eq!(call_ids, world.view().calls.iter().map(|call| call.sip_call_id.clone()).collect::<Vec<_>>());
    assert_eq!(world.holds(), [Hold::Held, Hold::Active]);
}

#[test]
fn the_answer_ends_the_repair_and_nobody_is_told_of_it() {
    let mut world = talking();
    world.cut_sip();
    world.pass(secs(6));
    world.answer_invite(StatusCode::OK, Some(THEIR_SDP));
    world.pass(secs(200));
    assert_eq!(world.sent_words(), ["INVITE", "ACK"]);
    let told = ["registration Unregistered: cut", "registration Registered"];
    assert_eq!(world.events, told);
}

#[test]
fn no_call_is_offered_before_the_line_is_registered_again() {
    let mut world = talking();
    world.registrar_waits = true;
    world.cut_sip();
    world.pass(secs(6));
    assert!(world.sip_opened == 2 && world.sent.is_empty(), "{:?}", world.sent_words());
}

#[test]
fn a_hold_that_was_refused_with_the_connection_is_not_made_up_for() {
    let mut world = talking();
    world.cut_sip();
    world.command(Command::ToggleHold(None)).unwrap();
    world.pass(secs(6));
    assert_eq!(world.call().hold, Hold::Active);
    world.answer_invite(StatusCode::OK, Some(SENDRECV));
    world.command(Command::ToggleHold(None)).unwrap();
    world.answer_invite(StatusCode::OK, Some(RECVONLY));
    assert_eq!(world.call().hold, Hold::Held);
}

#[test]
fn a_hold_wanted_while_the_call_is_offered_again_outlasts_the_refusal_of_that_offer() {
    let mut world = talking();
    world.cut_sip();
    world.pass(secs(6));
    world.command(Command::ToggleHold(None)).unwrap();
    world.answer_invite(StatusCode::NOT_ACCEPTABLE_HERE, None);
    assert_eq!(world.call().hold, Hold::Holding);
    world.answer_invite(StatusCode::OK, Some(RECVONLY));
    assert_eq!(world.call().hold, Hold::Held);
}

#[test]
fn a_lost_websocket_with_the_path_gone_leads_to_one_offer_with_an_ice_restart() {
    let mut world = talking();
    media(&mut world, MediaEvent::Interrupted);
    world.cut_sip();
    media(&mut world, MediaEvent::Failed);
    assert_eq!(world.sent_words(), [""; 0]);
    world.pass(secs(6));
    assert_eq!(world.sent_words(), ["INVITE"]);
    assert_eq!(restarts(&world), [ANY]);
    world.answer_invite(StatusCode::OK, Some(THEIR_SDP));
    media(&mut world, MediaEvent::Flowing);
    world.pass(secs(300));
    assert_eq!(world.sent_words(), ["INVITE", "ACK"]);
    assert!(world.call().state.is_connected());
}

#[test]
fn a_path_that_comes_back_by_itself_is_left_alone() {
    let mut world = talking();
    media(&mut world, MediaEvent::Interrupted);
    world.pass(secs(3));
    media(&mut world, MediaEvent::Flowing);
    world.pass(secs(60));
    assert_eq!(world.sent_words(), [""; 0]);
    assert!(world.call().state.is_connected());
}

#[test]
fn with_sound_signalling_a_path_that_stays_away_is_looked_for_anew() {
    let mut world = talking();
    let registers = world.registers;
    media(&mut world, MediaEvent::Interrupted);
    // Whether the signalling is sound was found out first.
    assert_eq!(world.registers, registers + 1);
    world.pass(secs(3));
    assert_eq!(restarts(&world), []);
    world.pass(secs(2));
    assert_eq!((world.sent_words(), restarts(&world)), (vec!["INVITE".to_owned()], vec![ANY]));
}

#[test]
fn media_that_stalls_finds_out_that_the_signalling_is_dead_too_and_only_that_is_mended_first() {
    let mut world = talking();
    world.registrar_waits = true;
    media(&mut world, MediaEvent::Failed);
    world.pass(Duration::from_millis(5100));
    assert_eq!(world.events, ["registration Unregistered: The server does not answer"]);
    assert_eq!(restarts(&world), []);
    world.registrar_waits = false;
    world.pass(secs(6));
    assert_eq!((world.sip_opened, world.sent_words()), (2, vec!["INVITE".to_owned()]));
    assert_eq!(restarts(&world), [ANY]);
}

#[test]
fn the_second_stall_is_mended_by_way_of_turn_servers_where_there_are_some() {
    for relays in [false, true] {
        let mut world = talking();
        if relays {
            world.command(turn()).unwrap();
        }
        media(&mut world, MediaEvent::Failed);
        world.answer_invite(StatusCode::OK, Some(THEIR_SDP));
        world.pass(secs(11));
        assert_eq!(restarts(&world), [ANY, if relays { RELAYED } else { ANY }]);
        world.answer_invite(StatusCode::OK, Some(THEIR_SDP));
        media(&mut world, MediaEvent::Flowing);
        world.pass(secs(60));
        // What has held for a while stalls for the first time again.
        media(&mut world, MediaEvent::Failed);
        assert_eq!(restarts(&world).last(), Some(&ANY));
    }
}

#[test]
fn a_path_that_is_never_found_again_ends_the_call_with_its_reason() {
    let mut world = talking();
    media(&mut world, MediaEvent::Failed);
    for _ in 0..3 {
        world.answer_invite(StatusCode::OK, Some(THEIR_SDP));
        world.pass(secs(11));
    }
    assert_eq!(restarts(&world).len(), 3);
    assert_eq!(world.sent_words().last().map(String::as_str), Some("BYE"));
    assert!(matches!(outcome(&world), Outcome::Failed { status: None, .. }));
}

#[test]
fn an_offer_that_crosses_another_is_made_again_with_its_restart() {
    let mut world = talking();
    media(&mut world, MediaEvent::Failed);
    world.answer_invite(StatusCode::REQUEST_PENDING, None);
    assert!(world.told(world.key(0), &MediaCommand::Rollback));
    world.pass(secs(5));
    assert_eq!(restarts(&world), [ANY, ANY]);
    world.answer_invite(StatusCode::OK, Some(THEIR_SDP));
    media(&mut world, MediaEvent::Flowing);
    assert!(world.call().state.is_connected());
    assert_eq!(world.events, [""; 0]);
}

#[test]
fn a_side_that_takes_no_offers_is_not_asked_for_ever() {
    let mut world = talking();
    world.cut_sip();
    world.pass(secs(6));
    world.answer_invite(StatusCode::NOT_ACCEPTABLE_HERE, None);
    world.pass(secs(300));
    assert_eq!(world.sent_words(), ["INVITE", "ACK"]);
    assert!(world.call().state.is_connected());
}

#[test]
fn without_network_and_sound_for_two_minutes_the_call_is_over_and_the_bye_still_comes() {
    let mut world = talking();
    world.sip_refuses = true;
    world.cut_sip();
    media(&mut world, MediaEvent::Failed);
    world.pass(secs(119));
    assert!(world.call().state.is_connected());
    world.pass(secs(2));
    assert_eq!(outcome(&world), Outcome::ConnectionLost);
    assert_eq!(world.sent_words(), [""; 0]);
    world.sip_refuses = false;
    world.pass(secs(61));
    assert_eq!(world.sent_words(), ["BYE"]);
}

#[test]
fn media_that_flows_needs_no_signalling_however_long_it_is_away() {
    let mut world = talking();
    world.sip_refuses = true;
    world.cut_sip();
    world.pass(secs(1800));
    assert!(world.call().state.is_connected());
    world.sip_refuses = false;
    world.pass(secs(61));
    assert_eq!(world.sent_words(), ["INVITE"]);
}

#[test]
fn a_call_that_the_server_does_not_know_any_more_is_over_with_its_reason() {
    let mut world = talking();
    world.cut_sip();
    world.pass(secs(6));
    world.answer_invite(StatusCode::CALL_OR_TRANSACTION_DOES_NOT_EXIST, None);
    assert_eq!(outcome(&world), Outcome::EndedMeanwhile);
    assert_eq!(world.events.last().unwrap(), "outgoing Terminated: Call ended meanwhile");
}

#[test]
fn what_cti_and_media_say_is_asked_of_the_sip_side_at_once() {
    let mut world = talking();
    cti_says(&mut world, "EventEstablished");
    media(&mut world, MediaEvent::Interrupted);
    world.pass(secs(1));
    assert_eq!(world.sent_words(), [""; 0]);
    cti_says(&mut world, "EventReleased");
    assert_eq!(world.sent_words(), ["INVITE"]);
    world.answer_invite(StatusCode::CALL_OR_TRANSACTION_DOES_NOT_EXIST, None);
    assert_eq!(outcome(&world), Outcome::EndedMeanwhile);
}

#[test]
fn one_witness_alone_ends_nothing() {
    let mut world = talking();
    cti_says(&mut world, "EventEstablished");
    cti_says(&mut world, "EventReleased");
    world.pass(secs(300));
    assert_eq!(world.sent_words(), [""; 0]);
    assert!(world.call().state.is_connected());
}

#[test]
fn where_the_sip_side_cannot_be_asked_the_cti_server_is_and_its_word_counts() {
    let mut world = talking();
    cti_says(&mut world, "EventEstablished");
    world.sip_refuses = true;
    world.cut_sip();
    world.cti_sent.clear();
    media(&mut world, MediaEvent::Failed);
    let asked = |world: &World| {
        world.cti_sent.iter().filter(|text| text.contains("getCurrentCallsPhoneEvents")).count()
    };
    assert_eq!(asked(&world), 1);
    let event = phone_event(&world, "EventEstablished");
    let current =
        |events: Value| json!({"msgType": "CurrentCallsPhoneEvents", "ctiMessage": {"events": events}});
    world.receive_cti(current(json!([event])));
    world.pass(secs(20));
    assert!(world.call().state.is_connected());
    assert_eq!(asked(&world), 1);
    world.receive_cti(current(json!([])));
    assert_eq!(outcome(&world), Outcome::EndedMeanwhile);
    world.sip_refuses = false;
    world.pass(secs(61));
    assert_eq!(world.sent_words(), ["BYE"]);
}

#[test]
fn a_network_that_is_said_to_be_gone_shows_a_dead_websocket_within_seconds() {
    for input in [Input::Doubt, Input::Awake] {
        let mut world = World::ready();
        world.registrar_waits = true;
        world.input(input);
        world.pass(Duration::from_millis(4900));
        assert!(matches!(world.view().registration, Registration::Registered { .. }));
        world.pass(Duration::from_millis(200));
        assert_eq!(world.events, ["registration Unregistered: The server does not answer"]);
        world.registrar_waits = false;
        world.pass(secs(6));
        assert!(matches!(world.view().registration, Registration::Registered { .. }));
    }
}

#[test]
fn a_websocket_that_is_alive_passes_the_test_in_silence() {
    let mut world = World::ready();
    for _ in 0..3 {
        world.input(Input::Doubt);
        world.pass(secs(10));
    }
    assert_eq!((world.sip_opened, world.events), (1, vec![]));
}

#[test]
fn a_call_that_rang_elsewhere_when_the_websocket_was_lost_is_cancelled_when_it_is_back() {
    let mut world = World::ready();
    world.command(Command::Dial { destination: "1002".into(), video: false }).unwrap();
    world.answer_invite(StatusCode::RINGING, None);
    let invite = world.last_request(&Method::Invite);
    world.forget();
    world.cut_sip();
    assert_eq!(outcome(&world), Outcome::ConnectionLost);
    world.pass(secs(6));
    assert_eq!(world.sent_words(), ["CANCEL"]);
    let cancel = world.last_request(&Method::Cancel);
    let branch = |request: &Request| request.headers.top_via().map(|via| via.branch().to_owned()).unwrap();
    assert_eq!(branch(&cancel), branch(&invite));
}

#[test]
fn of_several_addresses_the_next_one_is_taken_when_one_does_not_open() {
    let mut world = World::new();
    world.sip_refuses = true;
    let host = Some("a.example.org, b.example.org".to_owned());
    world.start_line(Place { host, ..World::place() }).unwrap();
    assert_eq!(world.sip_url, "wss://a.example.org:8443/wssip");
    world.pass(secs(6));
    assert_eq!(world.sip_url, "wss://b.example.org:8443/wssip");
    world.sip_refuses = false;
    world.pass(secs(61));
    assert!(matches!(world.view().registration, Registration::Registered { .. }));
    // The one that worked is tried first.
    let worked = world.sip_url.clone();
    world.cut_sip();
    world.pass(secs(6));
    assert_eq!(world.sip_url, worked);
}

#[test]
fn fifty_phones_behind_one_address_that_lost_everything_do_not_lock_themselves_out() {
    let edge = Rc::new(RefCell::new(Edge::default()));
    let mut phones: Vec<_> = (0..50_u8).map(|number| World::seeded([number; 32])).collect();
    for phone in &mut phones {
        phone.log_in();
        phone.edge = Some(Rc::clone(&edge));
        phone.cut_sip();
        phone.cut_cti();
    }
    let is_back = |phone: &World| {
        let view = phone.view();
        matches!(view.registration, Registration::Registered { .. })
            && view.session == Session::LoggedIn { cti: CtiLink::Up }
    };
    let mut minutes = 0;
    let mut back = 0;
    while back < phones.len() {
        // A second at a time, so that all share it.
        for _ in 0..60 {
            phones.iter_mut().for_each(|phone| phone.pass(secs(1)));
        }
        minutes += 1;
        back = phones.iter().filter(|phone| is_back(phone)).count();
        let edge = edge.borrow();
        println!("minute {minutes}: {back} of 50 are back; {} taken, {} refused", edge.taken, edge.refused);
        assert!(minutes <= 20, "{back} of 50 are back after 20 minutes");
    }
    // Three requests bring one phone back, and 20 a minute are taken.
    assert!(minutes >= 7);
}

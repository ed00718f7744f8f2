//! What the original does wrong from `init` to `stop` (D6 to D18, D20, D40 to D42 of the API reference), done right by
//! the stack and the core. What pages see of the rest is told in `lab/tests/library/defects_life_cycle.rs`.

use std::time::Duration;

use serde_json::json;
use xc_webrtc::cti::message::command::Command as CtiCommand;
use xc_webrtc::cti::message::{IceConfig, LineConfig};
use xc_webrtc::library::stack::{Output, Stack, Status};
use xc_webrtc::phone::api::{Command, IceChoice, LineProblem, Place, Registration};
use xc_webrtc::phone::effect::MediaCommand;
use xc_webrtc::phone::event::Event;
use xc_webrtc::sip::status::StatusCode;
use xc_webrtc::time::Instant;

use crate::support::phone_world::{THEIR_SDP, World};
use crate::support::secs;

fn at(seconds: u64) -> Instant {
    Instant::from_origin(Duration::from_secs(seconds))
}

fn line(name: &str) -> Option<LineConfig> {
    let payload = json!({"id": "31", "name": name, "password": "x", "xivoIp": "192.0.2.10"});
    LineConfig::of_payload(&payload.to_string().parse().unwrap())
}

fn without_password() -> Option<LineConfig> {
    LineConfig::of_payload(&json!({"id": "31", "name": "a", "xivoIp": "h"}).to_string().parse().unwrap())
}

fn ice(payload: serde_json::Value) -> IceConfig {
    IceConfig::of_payload(&payload.to_string().parse().unwrap()).unwrap_or_default()
}

/// What the stack wants done, in short.
fn wanted(stack: &mut Stack) -> Vec<String> {
    let short = |output| match output {
        Output::Ask(CtiCommand::GetConfig { .. }) => "getConfig".to_owned(),
        Output::Ask(CtiCommand::GetIceConfig) => "getIceConfig".to_owned(),
        Output::Ask(command) => panic!("{command:?}"),
        Output::Start(line, _) => format!("start {}", line.name.unwrap()),
        Output::Stop => "stop".to_owned(),
        Output::Failed(problem) => format!("failed {problem:?}"),
        Output::Ignored => "ignored".to_owned(),
    };
    std::iter::from_fn(|| stack.poll()).map(short).collect()
}

/// Started for the line `a`.
fn started() -> Stack {
    let mut stack = Stack::default();
    stack.init_by_line(Place::default(), line("a"), at(0));
    stack.ice_came(&IceConfig::default(), at(0));
    assert!(stack.heard(&Event::Started));
    assert_eq!(wanted(&mut stack), ["getIceConfig", "start a"]);
    stack
}

#[test]
fn init_asks_for_the_line_and_starts_when_it_comes() {
    let mut stack = Stack::default();
    stack.init(Place::default());
    assert_eq!((stack.status(), wanted(&mut stack)), (Status::NotInitialized, vec!["getConfig".to_owned()]));
    stack.line_came(line("a"), at(0));
    assert_eq!(
        (stack.status(), wanted(&mut stack)),
        (Status::WaitingForIce, vec!["getIceConfig".to_owned()])
    );
    stack.ice_came(&IceConfig::default(), at(0));
    assert_eq!((stack.status(), wanted(&mut stack)), (Status::Starting, vec!["start a".to_owned()]));
    stack.heard(&Event::Started);
    assert_eq!(stack.status(), Status::Started);
    // The line was asked for once, so another is not for us.
    stack.line_came(line("b"), at(9));
    assert_eq!(wanted(&mut stack), [""; 0]);
}

#[test]
fn ice_servers_that_come_before_the_line_are_waited_with() {
    let mut stack = Stack::default();
    stack.init(Place::default());
    stack.ice_came(&IceConfig::default(), at(0));
    assert_eq!((stack.status(), stack.status().as_str()), (Status::WaitingForSip, "WaitingForSip"));
    stack.line_came(line("a"), at(1));
    assert_eq!(stack.status(), Status::WaitingForIce);
    stack.ice_came(&IceConfig::default(), at(1));
    assert_eq!(wanted(&mut stack), ["getConfig", "getIceConfig", "start a"]);
    // One that could not start is started by itself and waits for no line.
    assert!(stack.heard(&Event::Failed { reason: "no way".into() }));
    stack.ice_came(&IceConfig::default(), at(2));
    assert_eq!(stack.status(), Status::NotInitialized);
    // Without a line there is nothing to start, whatever servers there are.
    let mut stack = Stack::default();
    stack.ice_came(&IceConfig::default(), at(0));
    stack.init_by_line(Place::default(), without_password(), at(1));
    assert_eq!(stack.status(), Status::NotInitialized);
}

#[test]
fn d6_stop_ends_the_calls_and_says_so_and_nothing_else_is_told_afterwards() {
    let mut world = World::in_call();
    world.command(Command::Stop).unwrap();
    assert_eq!(world.events[0], "outgoing Terminated: Call terminated");
    assert!(world.view().calls.iter().all(|call| !call.state.is_live()));
    assert!(world.media.iter().any(|(_, command)| *command == MediaCommand::Close));
    let mut stack = started();
    stack.stop();
    let gone = Event::Unregistered { reason: "Stopped".into() };
    assert!(!stack.heard(&gone));
    // The next start waits for its ice servers, and it is still the one before that leaves.
    stack.init_by_line(Place::default(), line("b"), at(9));
    assert!(!stack.heard(&gone));
    assert!(stack.heard(&Event::DialFailed { reason: "not started".into(), sip_call_id: None }));
}

#[test]
fn d7_a_line_starts_the_stack_again_after_a_stop() {
    let mut stack = started();
    stack.stop();
    assert_eq!((stack.status(), wanted(&mut stack)), (Status::Stopped, vec!["stop".to_owned()]));
    stack.init_by_line(Place::default(), line("b"), at(9));
    stack.ice_came(&IceConfig::default(), at(9));
    assert_eq!(wanted(&mut stack), ["getIceConfig", "start b"]);
    // And one that the server sends by itself, as it does when the user changes the device.
    stack.stop();
    stack.line_came(line("c"), at(10));
    stack.ice_came(&IceConfig::default(), at(10));
    assert_eq!(wanted(&mut stack), ["stop", "getIceConfig", "start c"]);
}

#[test]
fn d8_a_line_that_cannot_be_used_is_told_and_leaves_the_stack_ready_for_another() {
    for (line, problem) in [(without_password(), LineProblem::NoPassword), (None, LineProblem::NotKnownYet)] {
        let mut stack = Stack::default();
        stack.init_by_line(Place::default(), line, at(0));
        assert_eq!(
            (stack.status(), wanted(&mut stack)),
            (Status::NotInitialized, vec![format!("failed {problem:?}")])
        );
        stack.init_by_line(Place::default(), self::line("a"), at(1));
        assert_eq!(stack.status(), Status::WaitingForIce);
    }
}

#[test]
fn d9_the_host_is_that_of_the_line_and_not_of_an_earlier_start() {
    let mut world = World::with_page_cti();
    world.line["xivoIp"] = json!("192.0.2.99");
    world.start_line(Place { host: None, port: "5039".into(), ..World::place() }).unwrap();
    assert_eq!(world.sip_url, "wss://192.0.2.99:5039/wssip");
}

#[test]
fn d10_ice_servers_are_waited_for_and_not_for_ever() {
    let mut stack = Stack::default();
    stack.init_by_line(Place::default(), line("a"), at(0));
    assert_eq!(wanted(&mut stack), ["getIceConfig"]);
    stack.timeout(at(1));
    assert_eq!(wanted(&mut stack), [""; 0]);
    assert_eq!(stack.deadline(), Some(at(2)));
    stack.timeout(at(2));
    assert_eq!((stack.status(), wanted(&mut stack)), (Status::Starting, vec!["start a".to_owned()]));
}

#[test]
fn d12_a_start_that_failed_is_tried_again_and_can_be_begun_anew() {
    let mut stack = started();
    stack.stop();
    stack.init_by_line(Place::default(), line("a"), at(1));
    stack.ice_came(&IceConfig::default(), at(1));
    stack.heard(&Event::Failed { reason: "refused".into() });
    assert_eq!(stack.status(), Status::NotInitialized);
    // By itself …
    let mut again = World::new();
    again.sip_refuses = true;
    again.start_line(World::place()).unwrap();
    assert!(again.events.contains(&"general Failed: refused".to_owned()));
    again.sip_refuses = false;
    again.pass(secs(61));
    assert!(again.events.ends_with(&["general Started".into(), "registration Registered".into()]));
    // … and by the page.
    wanted(&mut stack);
    stack.init_by_line(Place::default(), line("b"), at(2));
    assert_eq!(wanted(&mut stack), ["getIceConfig"]);
}

#[test]
fn d13_a_line_that_comes_before_the_start_is_the_one_that_is_started() {
    let mut stack = Stack::default();
    stack.init_by_line(Place::default(), line("a"), at(0));
    stack.line_came(line("b"), at(0));
    stack.line_came(without_password(), at(0));
    stack.ice_came(&IceConfig::default(), at(1));
    assert_eq!(wanted(&mut stack), ["getIceConfig", "start b"]);
    stack.line_came(line("c"), at(2));
    assert_eq!(wanted(&mut stack), ["ignored"]);
}

#[test]
fn d14_a_lost_websocket_is_told_opened_again_and_the_call_goes_on() {
    let mut world = World::in_call();
    world.cut_sip();
    assert_eq!(world.events, ["registration Unregistered: cut"]);
    world.pass(secs(6));
    world.answer_invite(StatusCode::OK, Some(THEIR_SDP));
    world.pass(secs(61));
    assert_eq!(world.events.last().unwrap(), "registration Registered");
    assert!(world.call().state.is_connected());
}

#[test]
fn d15_a_registration_without_an_answer_is_a_failed_attempt() {
    let mut world = World::new();
    world.registrar_waits = true;
    world.start_line(World::place()).unwrap();
    world.pass(secs(33));
    assert_eq!(world.events.last().unwrap(), "registration Unregistered: The server does not answer");
    world.registrar_waits = false;
    world.pass(secs(61));
    assert_eq!(world.events.last().unwrap(), "registration Registered");
}

#[test]
fn d16_nothing_is_tried_again_after_a_stop() {
    let mut world = World::new();
    world.registrar_says = StatusCode::SERVICE_UNAVAILABLE;
    world.start_line(World::place()).unwrap();
    world.command(Command::Stop).unwrap();
    world.pass(secs(3));
    let registers = world.registers;
    world.pass(secs(300));
    assert_eq!((world.registers, world.view().registration), (registers, Registration::Stopped));
    let mut stack = started();
    stack.ice_came(
        &ice(json!({"turnConfig": {"urls": "turn:t", "username": "u", "credential": "c", "ttl": 100}})),
        at(5),
    );
    stack.stop();
    assert_eq!(stack.deadline(), None);
}

#[test]
fn d17_a_refusal_for_good_is_tried_more_slowly_than_one_for_now() {
    let attempts = |status| {
        let mut world = World::new();
        world.registrar_says = status;
        world.start_line(World::place()).unwrap();
        world.pass(secs(600));
        assert!(world.events[1].starts_with("registration Unregistered: "));
        world.registers
    };
    let (for_now, for_good) = (attempts(StatusCode::SERVICE_UNAVAILABLE), attempts(StatusCode::FORBIDDEN));
    assert!(for_now >= 10 && for_good <= 5, "{for_now} and {for_good} attempts in ten minutes");
}

#[test]
fn d18_the_token_can_be_replaced() {
    let mut world = World::with_page_cti();
    world.set_token("new.to.ken");
    world.cut_sip();
    world.pass(secs(61));
    assert!(world.sip_url.ends_with("?token=new.to.ken"));
}

#[test]
fn d20_what_the_page_says_of_ice_servers_outlasts_what_the_server_says() {
    let mut world = World::with_page_cti();
    world.command(Command::SetIceServers(IceChoice::None)).unwrap();
    world.page_cti(json!({"msgType": "IceConfig", "ctiMessage": {"stunConfig": {"urls": ["stun:s"]}}}));
    world.command(Command::Dial { destination: "1002".into(), video: false }).unwrap();
    assert!(matches!(&world.media[0].1, MediaCommand::Offer { ice, .. } if ice.is_empty()));
}

#[test]
fn d40_turn_passwords_are_renewed_at_half_of_their_life_and_never_in_a_flood() {
    for (ttl, after) in
        [(json!(3600), Some(1800)), (json!(1), Some(30)), (json!("soon"), None), (json!(0), None)]
    {
        let mut stack = started();
        let turn = json!({"urls": ["turn:t"], "username": "u", "credential": "c", "ttl": ttl});
        stack.ice_came(&ice(json!({"turnConfig": turn})), at(0));
        assert_eq!(stack.deadline(), after.map(at), "{ttl}");
        if let Some(after) = after {
            stack.timeout(at(after));
            assert_eq!(
                (wanted(&mut stack), stack.deadline()),
                (vec!["getIceConfig".into()], Some(at(after + 30)))
            );
        }
    }
}

#[test]
fn d41_null_in_the_place_of_servers_means_none() {
    assert_eq!(ice(json!({"stunConfig": null, "turnConfig": null})), IceConfig::default());
    let mut world = World::with_page_cti();
    world.page_cti(json!({"msgType": "IceConfig", "ctiMessage": {"stunConfig": null, "turnConfig": null}}));
    world.page_cti(json!({"msgType": "IceConfig", "ctiMessage": null}));
    world.command(Command::Dial { destination: "1002".into(), video: false }).unwrap();
}

#[test]
fn d42_no_server_is_asked_that_nobody_named() {
    let mut world = World::with_page_cti();
    world.command(Command::Dial { destination: "1002".into(), video: false }).unwrap();
    assert!(matches!(&world.media[0].1, MediaCommand::Offer { ice, .. } if ice.is_empty()));
}

//! The line: log-in, Init, registration, the websocket that is lost and comes back, stop and log-out.

use std::time::Duration;

use serde_json::json;
use xc_webrtc::phone::api::{Command, LineProblem, LoginProblem, Refusal, Registration, Session};
use xc_webrtc::phone::call::CallState;
use xc_webrtc::phone::effect::MediaCommand;
use xc_webrtc::sip::method::Method;
use xc_webrtc::sip::status::StatusCode;

use crate::support::phone_world::World;

#[test]
fn a_log_in_registers_the_line_and_keeps_the_token_for_the_tab() {
    let world = World::ready();
    assert!(matches!(world.view().session, Session::LoggedIn { .. }));
    assert!(matches!(world.view().registration, Registration::Registered { .. }));
    assert_eq!(world.kept.as_ref().unwrap().token.expose(), "a.b.c");
}

#[test]
fn a_line_that_cannot_be_used_is_told_with_its_reason() {
    let cases = [
        (json!({"id": "-"}), LineProblem::None, "The user has no line"),
        (
            json!({"id": "3", "name": "a", "webRtc": true, "sipProxyName": "default"}),
            LineProblem::NoPassword,
            "The line configuration has no password",
        ),
        (
            json!({"id": "3", "name": "a", "password": "x", "webRtc": false, "sipProxyName": "default"}),
            LineProblem::NotWebRtc,
            "The line is not a WebRTC line",
        ),
    ];
    for (line, problem, reason) in cases {
        let mut world = World::new();
        world.line = line;
        world.log_in();
        assert_eq!(world.events, [format!("general Failed: {reason}")]);
        assert_eq!(world.view().registration, Registration::Unusable(problem));
        assert_eq!(world.command(Command::Init), Err(Refusal::Line(problem)));
    }
}

#[test]
fn a_line_that_is_mended_later_is_used() {
    let mut world = World::new();
    world.line = json!({"id": "-"});
    world.log_in();
    world.events.clear();
    world.receive_cti(json!({"msgType": "LineConfig", "ctiMessage": World::new().line}));
    assert_eq!(world.events, ["general Started", "registration Registered"]);
}

#[test]
fn a_lost_websocket_is_told_and_opened_again_by_itself() {
    let mut world = World::ready();
    world.cut_sip();
    assert_eq!(world.events, ["registration Unregistered: cut"]);
    assert!(matches!(world.view().registration, Registration::Unregistered { retry_at: Some(_), .. }));
    let refused = world.command(Command::Dial { destination: "1002".into(), video: false });
    assert_eq!(refused, Err(Refusal::NotRegistered));
    world.events.clear();
    world.pass(Duration::from_secs(61));
    assert_eq!(world.events, ["registration Registered"]);
    assert_eq!(world.sip_opened, 2);
}

#[test]
fn a_websocket_that_is_refused_is_tried_again_more_and_more_slowly() {
    let mut world = World::new();
    world.sip_refuses = true;
    world.log_in();
    assert_eq!(world.events, ["general Failed: refused", "registration Unregistered: refused"]);
    world.pass(Duration::from_secs(600));
    assert!((10..60).contains(&world.sip_opened), "opened {} times in ten minutes", world.sip_opened);
    world.sip_refuses = false;
    world.pass(Duration::from_secs(61));
    assert!(matches!(world.view().registration, Registration::Registered { .. }));
}

#[test]
fn an_established_call_outlives_the_websocket_and_is_hung_up_when_it_is_back() {
    let mut world = World::in_call();
    world.cut_sip();
    assert!(world.call().state.is_connected());
    world.command(Command::HangUp(None)).unwrap();
    assert!(matches!(world.call().state, CallState::Ended { .. }));
    assert_eq!(world.sent_words(), [""; 0]);
    world.pass(Duration::from_secs(61));
    assert_eq!(world.sent_words(), ["BYE"]);
}

#[test]
fn a_refused_registration_is_told_and_tried_again() {
    let mut world = World::new();
    world.registrar_says = StatusCode::new(503).unwrap();
    world.log_in();
    assert_eq!(world.events[..2], ["general Started", "registration Unregistered: 503 Service Unavailable"]);
    world.registrar_says = StatusCode::OK;
    world.pass(Duration::from_secs(61));
    assert!(matches!(world.view().registration, Registration::Registered { .. }));
}

#[test]
fn the_registration_is_refreshed_in_silence() {
    let mut world = World::ready();
    world.pass(Duration::from_secs(125));
    assert!(world.registers >= 4, "{} registers", world.registers);
    assert_eq!(world.events, [""; 0]);
}

#[test]
fn stop_ends_the_call_and_the_registration_and_init_starts_again() {
    let mut world = World::in_call();
    world.command(Command::Stop).unwrap();
    world.pass(Duration::from_secs(3));
    assert_eq!(world.sent_words(), ["BYE"]);
    assert_eq!(world.events, ["outgoing Terminated: Call terminated", "registration Unregistered: Stopped"]);
    assert_eq!(world.view().registration, Registration::Stopped);
    assert_eq!(world.command(Command::Stop), Err(Refusal::NotStarted));
    world.events.clear();
    world.command(Command::Init).unwrap();
    assert_eq!(world.events, ["general Started", "registration Registered"]);
}

#[test]
fn stop_ends_both_calls_and_init_starts_again_with_another_line() {
    let mut world = World::in_two_calls();
    world.command(Command::Stop).unwrap();
    world.pass(Duration::from_secs(3));
    assert_eq!(world.sent_words(), ["BYE", "BYE"]);
    assert_eq!(
        world.events,
        [
            "outgoing Terminated: Call terminated",
            "incoming Terminated: Call terminated",
            "registration Unregistered: Stopped",
        ]
    );
    let closed = |call| world.media.contains(&(call, MediaCommand::Close));
    assert!(closed(world.key(0)) && closed(world.key(1)), "{:?}", world.media);
    let mut line = world.line.clone();
    line["name"] = json!("other-line");
    world.receive_cti(json!({"msgType": "LineConfig", "ctiMessage": line}));
    world.forget();
    world.command(Command::Dial { destination: "1003".into(), video: false }).unwrap();
    let from = world.last_request(&Method::Invite).headers.from().unwrap();
    assert_eq!(from.user(), "other-line");
}

#[test]
fn log_out_forgets_the_person() {
    let mut world = World::ready();
    world.command(Command::LogOut).unwrap();
    world.pass(Duration::from_secs(3));
    assert_eq!(world.view().session, Session::LoggedOut { problem: None });
    assert!(world.view().user.is_none());
    assert!(world.kept.is_none());
    assert_eq!(world.command(Command::LogOut), Err(Refusal::NotLoggedIn));
    assert_eq!(world.command(Command::Init), Err(Refusal::NotLoggedIn));
}

#[test]
fn a_token_that_expires_ends_the_log_in_but_not_the_call() {
    let mut world = World::in_call();
    world.token_expired = true;
    world.pass(Duration::from_secs(1801));
    assert!(world.call().state.is_connected());
    assert!(matches!(world.view().session, Session::LoggedIn { .. }));
    world.command(Command::HangUp(None)).unwrap();
    assert_eq!(world.sent_words(), ["BYE"]);
    assert_eq!(world.view().session, Session::LoggedOut { problem: Some(LoginProblem::Expired) });
    assert!(world.kept.is_none());
}

#[test]
fn a_token_that_expires_without_a_call_asks_for_the_password_at_once() {
    let mut world = World::ready();
    world.token_expired = true;
    world.pass(Duration::from_secs(1801));
    assert_eq!(world.view().session, Session::LoggedOut { problem: Some(LoginProblem::Expired) });
}

#[test]
fn what_the_cti_server_knows_of_a_call_stands_on_its_card() {
    let mut world = World::ringing();
    world.receive_cti(json!({"msgType": "PhoneEvent", "ctiMessage": {
        "eventType": "EventRinging", "DN": "1001", "otherDN": "1002", "otherDName": "ACME Support",
        "linkedId": "1.1", "uniqueId": "1.2", "queueName": "hotline",
        "userData": {"SIPCALLID": "in-1", "USR_ticket": "A-77"},
    }}));
    let call = world.call();
    assert_eq!(call.party.name.as_deref(), Some("ACME Support"));
    assert_eq!(call.queue.as_deref(), Some("hotline"));
    assert_eq!(call.attached, [("ticket".to_owned(), "A-77".to_owned())]);
    assert_eq!(world.view().user.unwrap().number.as_deref(), Some("1001"));
}

#[test]
fn what_the_cti_server_told_before_the_call_came_stands_on_its_card_too() {
    let event = json!({
        "eventType": "EventRinging", "DN": "1001", "otherDName": "ACME Support",
        "linkedId": "1.1", "uniqueId": "1.2", "userData": {"SIPCALLID": "in-1"},
    });
    for message in [
        json!({"msgType": "PhoneEvent", "ctiMessage": event}),
        json!({"msgType": "CurrentCallsPhoneEvents", "ctiMessage": {"events": [event]}}),
    ] {
        let mut world = World::ready();
        world.receive_cti(message);
        world.receive_invite("in-1", None);
        assert_eq!(world.call().party.name.as_deref(), Some("ACME Support"));
    }
}

#[test]
fn hostile_messages_leave_the_phone_as_it_was() {
    let mut world = World::in_call();
    for message in ["", "\0", "INVITE", "SIP/2.0 200\r\n\r\n", "BYE sip:x SIP/2.0\r\n\r\n", "<script>"] {
        world.receive(message);
        world.receive_cti(json!({"msgType": message, "ctiMessage": message}));
    }
    world.receive("x".repeat(2_000_000));
    assert!(world.call().state.is_connected());
}

#[test]
fn voice_mail_is_shown_whoever_tells_of_it() {
    let mut world = World::ready();
    assert!(!world.view().inbox.voice_mail.waiting);
    world.receive_outside(
        "NOTIFY",
        "Event: message-summary\r\nSubscription-State: terminated\r\n\
         Content-Type: application/simple-message-summary\r\n",
        "Messages-Waiting: yes\r\nVoice-Message: 2/0\r\n",
    );
    let mail = world.view().inbox.voice_mail;
    assert_eq!((mail.waiting, mail.new), (true, 2));
    let status = json!({"voiceMailId": 17, "newMessages": 0, "waitingMessages": 0, "oldMessages": 2});
    world.receive_cti(json!({"msgType": "VoiceMailStatusUpdate", "ctiMessage": status}));
    let mail = world.view().inbox.voice_mail;
    assert_eq!((mail.waiting, mail.old), (false, 2));
}

#[test]
fn what_is_written_is_shown_until_it_is_dismissed() {
    let mut world = World::ready();
    for number in 0..25 {
        world.receive_outside("MESSAGE", "Content-Type: text/plain\r\n", &format!("message {number}"));
    }
    let messages = world.view().inbox.messages;
    assert_eq!((messages.len(), messages[0].text.as_str()), (20, "message 5"));
    assert_eq!(messages[0].from.name.as_deref(), Some("Bob"));
    world.command(Command::DismissMessage(messages[0].key)).unwrap();
    assert_eq!(world.view().inbox.messages[0].text, "message 6");
    world.receive_outside("MESSAGE", "Content-Type: text/plain\r\n", &"é".repeat(5000));
    assert_eq!(world.view().inbox.messages.last().unwrap().text.chars().count(), 2000);
    // The next person does not read it.
    world.command(Command::LogOut).unwrap();
    assert_eq!(world.view().inbox.messages, []);
}

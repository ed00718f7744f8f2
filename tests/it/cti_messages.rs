//! CTI messages: JSON both ways, and JSON that no documented server would send.

use std::time::Duration;

use proptest::prelude::*;
use serde_json::{Value, json};
use xc_webrtc::cti::message::command::{Command, CommandError};
use xc_webrtc::cti::message::{
    CallDirection, EventType, IceConfig, IceServer, LONGEST_FRAME, LineConfig, LoggedOnError, Message,
    PhoneEvent, PhoneStatus, Received, UserConfig, WebRtcCmd, read,
};
use xc_webrtc::secret::Secret;

macro_rules! fixture {
    ($name:literal) => {
        include_str!(concat!("../data/cti/", $name, ".json"))
    };
}

/// The message of a frame that has nothing to complain about.
fn message(frame: &str) -> Message {
    let reading = read(frame);
    assert_eq!(reading.complaints, Vec::<String>::new());
    reading.received.expect("a message").message
}

/// Our JSON as an independent crate reads it.
fn plain(ours: &xc_webrtc::json::Value) -> Value {
    serde_json::from_str(&ours.to_string()).unwrap()
}

/// JSON for our own readers.
fn ours(value: &Value) -> xc_webrtc::json::Value {
    value.to_string().parse().unwrap()
}

/// The message of a payload, and how many complaints it left.
fn tolerated(msg_type: &str, payload: Value) -> (Message, usize) {
    let reading = read(&json!({ "msgType": msg_type, "ctiMessage": payload }).to_string());
    (reading.received.expect("a message").message, reading.complaints.len())
}

#[test]
fn every_documented_message_is_written_as_it_was_read() {
    for frame in [
        fixture!("logged_on"),
        fixture!("logged_on_error"),
        fixture!("user_config_update"),
        fixture!("line_config"),
        fixture!("ice_config"),
        fixture!("phone_event"),
        fixture!("current_calls_phone_events"),
        fixture!("phone_status_update"),
        fixture!("phone_hint_status_event"),
        fixture!("webrtc_cmd_answer"),
        fixture!("webrtc_cmd_send_dtmf"),
        fixture!("voice_mail_status_update"),
        fixture!("error"),
        fixture!("right_profile"),
    ] {
        let written = message(frame).to_json();
        assert_eq!(plain(&written), serde_json::from_str::<Value>(frame).unwrap());
        assert_eq!(message(&written.to_string()), message(frame));
    }
}

#[test]
fn of_data_that_comes_twice_the_last_counts_and_of_too_much_the_first_is_read() {
    let frame = r#"{"msgType":"PhoneEvent","ctiMessage":{"eventType":"EventRinging","userData":{"a":"1","b":"2","a":3}}}"#;
    let Message::PhoneEvent(event) = message(frame) else { panic!("not a phone event") };
    assert_eq!(event.user_data, Some(vec![("a".into(), "3".into()), ("b".into(), "2".into())]));
    let many: serde_json::Map<_, _> = (0..1000).map(|n| (n.to_string(), json!("x"))).collect();
    let (Message::PhoneEvent(event), 0) =
        tolerated("PhoneEvent", json!({ "eventType": "EventRinging", "userData": many }))
    else {
        panic!("not a phone event")
    };
    assert_eq!(event.user_data.map(|data| data.len()), Some(256));
}

#[test]
fn complaints_are_few() {
    let broken = vec![json!(7); 1000];
    let (_, complaints) = tolerated("CurrentCallsPhoneEvents", json!({ "events": broken }));
    assert_eq!(complaints, 8);
}

#[test]
fn a_line_is_read_with_its_domain_and_its_registrar() {
    let Message::LineConfig(line) = message(fixture!("line_config")) else { panic!("not a line") };
    assert_eq!(line.password, Some(Secret::new("q7Wv1z")));
    assert_eq!(line.media_server(), Some("mds_2"));
    assert_eq!(line.domain().as_deref(), Some("mds-2"));
    assert_eq!(line.registrar().as_deref(), Some("mds-2:5060"));
    assert!(line.exists());
    let (Message::LineConfig(none), 0) =
        tolerated("LineConfig", json!({ "id": "-", "xivoIp": "192.0.2.10" }))
    else {
        panic!("not a line")
    };
    assert!(!none.exists());
    assert_eq!(none.registrar().as_deref(), Some("192.0.2.10"));
}

#[test]
fn a_line_takes_numbers_for_strings_but_not_for_its_password() {
    let (message, complaints) = tolerated(
        "LineConfig",
        json!({ "id": 31, "name": 1001, "password": 1234, "sipPort": "", "webRtc": "true", "hasDevice": null, "vendor": [] }),
    );
    let expected = LineConfig {
        id: Some("31".into()),
        name: Some("1001".into()),
        web_rtc: true,
        ..LineConfig::default()
    };
    assert_eq!(message, Message::LineConfig(Box::new(expected)));
    assert_eq!(complaints, 1);
}

#[test]
fn a_phone_event_joins_a_call_to_its_sip_dialog() {
    let Message::PhoneEvent(event) = message(fixture!("phone_event")) else { panic!("not a phone event") };
    assert_eq!(event.event_type, EventType::Ringing);
    assert_eq!(event.direction, Some(CallDirection::Incoming));
    assert_eq!(event.sip_call_id(), Some("3c26e0d9f1@192.0.2.10:5060"));
    assert_eq!(event.variable("USR_ticket"), Some("A-77"));
}

#[test]
fn an_unknown_phone_event_is_kept_and_broken_entries_of_a_list_are_left_out() {
    let (message, complaints) = tolerated(
        "CurrentCallsPhoneEvents",
        json!({ "events": [null, 7, { "eventType": "EventParked", "userData": { "a": 1, "b": [], "c": null } }] }),
    );
    let expected = PhoneEvent {
        user_data: Some(vec![("a".into(), "1".into())]),
        ..PhoneEvent::new(EventType::Other("EventParked".into()))
    };
    assert_eq!(message, Message::CurrentCallsPhoneEvents(vec![expected]));
    assert_eq!(complaints, 3);
}

#[test]
fn a_phone_status_may_be_a_name_a_code_or_a_code_in_a_string() {
    for status in [json!("ONHOLD"), json!(16), json!("16")] {
        let (message, _) = tolerated("PhoneStatusUpdate", json!({ "status": status }));
        assert_eq!(message, Message::PhoneStatusUpdate(Some(PhoneStatus::OnHold)));
    }
    assert_eq!(tolerated("PhoneStatusUpdate", json!({ "status": null })).0, Message::PhoneStatusUpdate(None));
    let (message, _) = tolerated("PhoneStatusUpdate", json!({ "status": "PARKED" }));
    assert_eq!(message, Message::PhoneStatusUpdate(Some(PhoneStatus::Other("PARKED".into()))));
    assert_eq!((PhoneStatus::Error.as_str(), PhoneStatus::Error.code()), ("ERROR", Some(-99)));
}

#[test]
fn ice_servers_are_read_from_url_and_urls_and_a_useless_ttl_is_none() {
    let Message::IceConfig(ice) = message(fixture!("ice_config")) else { panic!("not an IceConfig") };
    assert_eq!(ice.turn_ttl, Some(Duration::from_secs(3600)));
    assert_eq!(ice.servers().count(), 2);
    for ttl in [json!(0), json!(-1), json!("soon"), json!(null), json!({})] {
        let (Message::IceConfig(ice), _) =
            tolerated("IceConfig", json!({ "turnConfig": { "url": "turn:192.0.2.20", "ttl": ttl } }))
        else {
            panic!("not an IceConfig")
        };
        assert_eq!(ice.turn_ttl, None);
        assert_eq!(ice.turn.expect("a TURN server").urls, ["turn:192.0.2.20"]);
    }
    let (message, _) = tolerated("IceConfig", json!({ "stunConfig": { "urls": [] }, "turnConfig": null }));
    assert_eq!(message, Message::IceConfig(Box::default()));
}

#[test]
fn a_page_names_ice_servers_by_url_or_urls_and_is_never_shown_their_credential() {
    let list = |json: Value| IceServer::list(&json.to_string().parse().expect("JSON"));
    let servers = list(json!([
        { "url": "stun:192.0.2.20" },
        { "urls": ["turn:192.0.2.20"], "username": "u", "credential": "s3cret" },
    ]));
    let shown =
        servers.expect("two servers").iter().map(|server| server.to_shown().to_string()).collect::<Vec<_>>();
    assert_eq!(shown[0], r#"{"urls":["stun:192.0.2.20"]}"#);
    assert!(shown[1].contains("turn:192.0.2.20") && !shown[1].contains("s3cret"), "{}", shown[1]);
    assert_eq!(list(json!([])), Some(Vec::new()));
    for bad in [json!({}), json!("stun:x"), json!([1]), json!([{}]), json!([{ "urls": [] }]), json!(null)] {
        assert_eq!(list(bad.clone()), None, "{bad}");
    }
}

#[test]
fn a_partial_user_update_keeps_the_identity_and_the_forwards_it_does_not_name() {
    let Message::UserConfigUpdate(mut user) = message(fixture!("user_config_update")) else {
        panic!("not a user")
    };
    let (Message::UserConfigUpdate(update), 0) = tolerated(
        "UserConfigUpdate",
        json!({ "userId": 42, "fullName": null, "dndEnabled": true,
                "busyFwdDestination": "2050", "busyFwdEnabled": true, "uncFwdDestination": null, "uncFwdEnabled": false }),
    ) else {
        panic!("not a user")
    };
    user.merge(*update);
    assert_eq!(user.full_name.as_deref(), Some("Maria Lopez"));
    assert_eq!(user.mobile_number.as_deref(), Some("0600000042"));
    assert_eq!(user.dnd, Some(true));
    assert!(user.busy.as_ref().is_some_and(|forward| forward.enabled && forward.destination == "2050"));
    assert!(
        user.unconditional.as_ref().is_some_and(|forward| forward.enabled && forward.destination == "2099")
    );
}

#[test]
fn a_whole_user_update_replaces_the_identity() {
    let Message::UserConfigUpdate(mut user) = message(fixture!("user_config_update")) else {
        panic!("not a user")
    };
    user.merge(UserConfig { full_name: Some("Maria Ruiz".into()), ..UserConfig::default() });
    assert_eq!(user.full_name.as_deref(), Some("Maria Ruiz"));
    assert_eq!(user.mobile_number, None);
    assert!(user.unconditional.is_some());
}

#[test]
fn a_refused_session_is_understood_whatever_its_shape() {
    let refused = |payload| tolerated("LoggedOnError", payload).0;
    assert_eq!(refused(json!({ "Error": "loggedOnFailed" })), Message::LoggedOnError(LoggedOnError::Failed));
    assert_eq!(refused(json!(null)), Message::LoggedOnError(LoggedOnError::Other(String::new())));
    assert_eq!(
        refused(json!({ "Error": "full" })),
        Message::LoggedOnError(LoggedOnError::Other("full".into()))
    );
}

#[test]
fn an_error_is_shown_in_any_shape_but_never_with_a_secret() {
    let text = |payload| match tolerated("Error", payload).0 {
        Message::Error(error) => error.text,
        other => panic!("{other:?}"),
    };
    assert_eq!(text(json!({ "Error": "<b>no</b>" })), "<b>no</b>");
    assert_eq!(text(json!("no")), "no");
    assert_eq!(text(json!({ "why": 3, "password": "q7" })), r#"{"password":"•••","why":3}"#);
}

#[test]
fn webrtc_commands_are_read_and_unknown_ones_kept_by_name() {
    let command = |payload| tolerated("WebRTCCmd", payload).0;
    assert_eq!(
        command(json!({ "command": "Answer" })),
        Message::WebRtcCmd(WebRtcCmd::Answer { sip_call_id: None })
    );
    assert_eq!(
        command(json!({ "command": "Explode" })),
        Message::WebRtcCmd(WebRtcCmd::Other("Explode".into()))
    );
    let (broken, _) = tolerated("WebRTCCmd", json!({ "command": "SendDtmf" }));
    assert!(matches!(broken, Message::Other { .. }), "a tone without a key is no tone");
}

#[test]
fn secrets_are_hidden_in_what_people_are_shown() {
    let Received { payload, msg_type, message } = read(fixture!("line_config")).received.expect("a message");
    assert_eq!(msg_type, "LineConfig");
    let payload = plain(&payload);
    assert_eq!(payload["password"], "•••");
    assert_eq!(payload["name"], "k4x9ab2f");
    assert!(!format!("{message:?}").contains("q7Wv1z"), "not in a log either");
    let ice = read(fixture!("ice_config")).received.expect("a message");
    assert_eq!(plain(&ice.payload)["turnConfig"]["credential"], "•••");
    let (Message::Other { payload, .. }, 0) =
        tolerated("AuthenticationToken", json!({ "value": "aaaa.bbbb" }))
    else {
        panic!("a known message")
    };
    assert_eq!(payload, "•••".into());
}

#[test]
fn a_frame_without_a_type_is_the_echo_of_a_ping() {
    for frame in ["{}", r#"{"claz":"ping"}"#, r#"{"msgType":7}"#] {
        assert_eq!(read(frame), Default::default());
    }
}

#[test]
fn what_is_no_message_leaves_a_complaint() {
    let deep = "[".repeat(200_000);
    let long = format!(r#"{{"msgType":"{}"}}"#, "x".repeat(LONGEST_FRAME));
    for frame in ["", "null", "[1]", "7", "\"x\"", "<html>", "{\"msgType\":", "\u{0}", &deep, &long] {
        let reading = read(frame);
        assert_eq!((reading.received, reading.complaints.len()), (None, 1));
    }
}

#[test]
fn a_known_message_that_cannot_be_read_is_shown_as_data() {
    for msg_type in
        ["LineConfig", "IceConfig", "PhoneEvent", "CurrentCallsPhoneEvents", "UserConfigUpdate", "WebRTCCmd"]
    {
        let (message, complaints) = tolerated(msg_type, json!([1, "two"]));
        assert_eq!(message, Message::Other { msg_type: msg_type.into(), payload: ours(&json!([1, "two"])) });
        assert_eq!(complaints, 1);
    }
}

#[test]
fn commands_are_written_as_documented() {
    let wire = |command: Command| plain(&command.to_json());
    assert_eq!(wire(Command::Ping), json!({ "claz": "ping" }));
    assert_eq!(
        wire(Command::GetConfig { object_type: "line".into() }),
        json!({ "claz": "web", "command": "getConfig", "objectType": "line" })
    );
    assert_eq!(
        wire(Command::Dial { destination: "2041".into(), variables: vec![] }),
        json!({ "claz": "web", "command": "dial", "destination": "2041" })
    );
    assert_eq!(
        wire(Command::Dial { destination: "2041".into(), variables: vec![("var1".into(), "x".into())] }),
        json!({ "claz": "web", "command": "dial", "destination": "2041", "variables": { "var1": "x" } })
    );
    assert_eq!(wire(Command::Hangup { unique_id: None }), json!({ "claz": "web", "command": "hangup" }));
    assert_eq!(
        wire(Command::Hangup { unique_id: Some("1.2".into()) }),
        json!({ "claz": "web", "command": "hangup", "uniqueId": "1.2" })
    );
    assert_eq!(
        wire(Command::AttendedTransfer { destination: "2042".into(), device: None }),
        json!({ "claz": "web", "command": "attendedTransfer", "destination": "2042" })
    );
}

#[test]
fn every_command_is_read_as_it_was_written() {
    let id = || Some("1716200461.318".to_owned());
    for command in [
        Command::Ping,
        Command::GetConfig { object_type: "line".into() },
        Command::GetIceConfig,
        Command::GetCurrentCallsPhoneEvents,
        Command::Dial { destination: "2041".into(), variables: vec![("a".into(), "b".into())] },
        Command::Hangup { unique_id: id() },
        Command::Answer { unique_id: id() },
        Command::Hold { unique_id: None },
        Command::ToggleMicrophone { unique_id: id() },
        Command::SendDtmf { key: "#".into() },
        Command::DirectTransfer { destination: "2042".into() },
        Command::AttendedTransfer { destination: "2042".into(), device: Some("WebRTC".into()) },
        Command::CompleteTransfer,
        Command::CancelTransfer,
        Command::SetData { variables: vec![("USR_a".into(), "b".into())] },
        Command::Dnd { state: true },
        Command::SubscribeToPhoneHints { numbers: vec!["2041".into(), "2042".into()] },
        Command::UnsubscribeFromAllPhoneHints,
    ] {
        assert_eq!(Command::from_frame(&command.to_frame()), Ok(command));
    }
}

#[test]
fn a_command_that_is_not_in_the_table_is_passed_on_as_it_is() {
    let typed = json!({ "claz": "evil", "command": "naFwd", "state": true, "destination": "2099" });
    let command = Command::from_json(&ours(&typed)).unwrap();
    assert_eq!(
        plain(&command.to_json()),
        json!({ "claz": "web", "command": "naFwd", "state": true, "destination": "2099" })
    );
}

#[test]
fn what_is_no_command_is_refused_with_its_reason() {
    assert_eq!(Command::from_frame("<html>"), Err(CommandError::NotAnObject));
    assert_eq!(Command::from_frame("[]"), Err(CommandError::NotAnObject));
    assert_eq!(Command::from_frame("{}"), Err(CommandError::NoCommand));
    assert_eq!(
        Command::from_frame(r#"{"command":"dial"}"#),
        Err(CommandError::Missing { argument: "destination" })
    );
    assert_eq!(Command::from_frame(r#"{"command":"dnd"}"#), Err(CommandError::Missing { argument: "state" }));
}

/// JSON of any shape, with the keys that the readers look for.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<i32>().prop_map(|quarters| Value::from(f64::from(quarters) / 4.0)),
        ".{0,8}".prop_map(Value::from),
    ];
    let key = prop::sample::select(vec![
        "id",
        "name",
        "password",
        "sipPort",
        "webRtc",
        "stunConfig",
        "turnConfig",
        "urls",
        "ttl",
        "eventType",
        "userData",
        "events",
        "status",
        "number",
        "command",
        "key",
        "Error",
        "fullName",
        "naFwdDestination",
        "naFwdEnabled",
        "newMessages",
        "destination",
        "variables",
        "phoneNumbers",
        "uniqueId",
    ]);
    leaf.prop_recursive(3, 24, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(key.clone().prop_map(str::to_owned), inner, 0..6)
                .prop_map(|object| Value::Object(object.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn no_payload_of_any_message_can_harm_the_reader(payload in any_json()) {
        for msg_type in [
            "LoggedOn", "LoggedOnError", "UserConfigUpdate", "LineConfig", "IceConfig", "PhoneEvent",
            "CurrentCallsPhoneEvents", "PhoneStatusUpdate", "PhoneHintStatusEvent", "WebRTCCmd",
            "VoiceMailStatusUpdate", "Error", "RightProfile",
        ] {
            let (message, _) = tolerated(msg_type, payload.clone());
            // What was understood is understood again when it is written.
            let (again, complaints) = tolerated(msg_type, plain(&message.to_json())["ctiMessage"].clone());
            prop_assert_eq!(&again, &message);
            let understood = !matches!(message, Message::Other { .. });
            prop_assert!(complaints == 0 || !understood);
        }
    }

    #[test]
    fn no_frame_can_harm_the_readers(frame in ".{0,64}") {
        let _ = (read(&frame), Command::from_frame(&frame));
    }

    #[test]
    fn no_command_can_harm_its_reader(value in any_json()) {
        if let Ok(command) = Command::from_json(&ours(&value)) {
            prop_assert_eq!(Command::from_json(&command.to_json()), Ok(command));
        }
    }
}

#[test]
fn an_ice_config_without_servers_means_host_candidates_only() {
    assert_eq!(IceConfig::default().servers().count(), 0);
}

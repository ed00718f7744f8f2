//! Whatever is sent to the doors and over CTI, each thing gets its answer and the lab goes on.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::TestRunner;
use serde_json::{Map, Value, json};
use tokio::runtime::Runtime;
use xc_lab::Lab;

use crate::lab;
use crate::support::cti::Cti;
use crate::support::http::{get, request};

const DOORS: [&str; 8] =
    ["faults", "ice", "send_sip", "send_cti", "webrtc_cmd", "voice_mail", "call", "calls"];

/// Commands that the lab knows, one that it does not, and what is none at all.
const COMMANDS: [&str; 27] = [
    "getConfig",
    "getIceConfig",
    "getCurrentCallsPhoneEvents",
    "dial",
    "hangup",
    "answer",
    "hold",
    "toggleMicrophone",
    "sendDtmf",
    "directTransfer",
    "attendedTransfer",
    "completeTransfer",
    "cancelTransfer",
    "setData",
    "dnd",
    "naFwd",
    "uncFwd",
    "busyFwd",
    "subscribeToPhoneHints",
    "unsubscribeFromAllPhoneHints",
    "Answer",
    "SendDtmf",
    "Hold",
    "auto_answer",
    "send_reinvite",
    "fly",
    "",
];

/// Names of the fields that doors and commands read.
const FIELDS: [&str; 22] = [
    "command",
    "what",
    "user",
    "text",
    "key",
    "state",
    "destination",
    "variables",
    "phoneNumbers",
    "objectType",
    "uniqueId",
    "sipCallId",
    "servers",
    "turn",
    "secret",
    "ttl",
    "newMessages",
    "from_number",
    "from_name",
    "form",
    "status",
    "claz",
];

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        select(vec!["alice", "bob", "1001", "1002", "*55", "*58", "line", "ping", "true", "turn:a", "0"])
            .prop_map(str::to_owned),
        select(COMMANDS.to_vec()).prop_map(str::to_owned),
        any::<String>(),
        "[ -~\r\n\0é]{0,400}",
    ]
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 5, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..5).prop_map(Value::from),
            vec((name(), inner), 0..6).prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof![4 => select(FIELDS.to_vec()).prop_map(str::to_owned), 1 => any::<String>()]
}

/// Mostly an object with a name that is known.
fn object() -> impl Strategy<Value = Value> {
    let fields = vec((name(), value()), 0..6);
    (select(COMMANDS.to_vec()), select(vec!["command", "what"]), fields).prop_map(|(command, key, fields)| {
        let mut object: Map<String, Value> = fields.into_iter().collect();
        object.insert(key.into(), command.into());
        object.insert("user".into(), "alice".into());
        Value::Object(object)
    })
}

fn body() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => object().prop_map(|value| value.to_string()),
        1 => value().prop_map(|value| value.to_string()),
        1 => any::<String>(),
    ]
}

/// Runs a story with many inputs, all against one lab: what one leaves behind the next one meets.
fn with_any<T: std::fmt::Debug>(
    strategy: impl Strategy<Value = T>,
    story: impl AsyncFn(&Lab, T) -> Result<(), TestCaseError>,
) {
    let runtime = Runtime::new().unwrap();
    let lab = runtime.block_on(lab());
    let mut runner =
        TestRunner::new(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) });
    runner.run(&strategy, |input| runtime.block_on(story(&lab, input))).unwrap();
}

#[test]
fn every_request_at_a_door_is_answered() {
    with_any((select(DOORS.to_vec()), body()), async |lab, (door, body)| {
        let headers = [("Content-Type", "application/json")];
        let (status, _) = request(lab.address, "POST", &format!("/lab/{door}"), &headers, &body).await;
        prop_assert!((200..300).contains(&status) || (400..500).contains(&status), "{door}: {status}");
        let (status, calls) = get(lab.address, "/lab/calls").await;
        prop_assert!(status == 200 && calls.is_array(), "the lab does not live any more");
        Ok(())
    });
}

#[test]
fn every_frame_over_cti_is_borne_and_rubbish_is_called_so() {
    with_any(vec(body(), 1..4), async |lab, frames| {
        let mut alice = Cti::of(lab.address, "alice").await;
        for frame in frames {
            // Not a command: the answer says why.
            let is_object = serde_json::from_str::<Value>(&frame).is_ok_and(|value| value.is_object());
            alice.send(&frame).await;
            if !is_object {
                alice.expect("Error").await;
            }
        }
        alice.send(r#"{"claz": "ping"}"#).await;
        while alice.next().await.is_some_and(|frame| frame != json!({ "claz": "ping" })) {}
        prop_assert_eq!(get(lab.address, "/lab/calls").await.0, 200);
        Ok(())
    });
}

//! What is done with calls, and what can be seen of them.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::super::{order, shown};
use super::{Library, log, tell, with};
use crate::browser::console::Kind;
use crate::json::{Object, Value};
use crate::phone::api::{Command, Refusal};
use crate::phone::call::{Call, CallKey, Direction};
use crate::phone::event::Group;
use crate::phone::refusal_reason;

/// A method that does something with a call: its name, the call's SIP Call-ID or `#` and its number, what else it was
/// given. Answers what the method answers; a refusal is logged.
#[wasm_bindgen]
pub fn order(name: &str, call: &str, text: &str, on: bool) -> JsValue {
    if call.starts_with('#') {
        log(Kind::Warn, &[name, "(sessionId) is deprecated: use ", name, "BySipCallId(sipCallId)"].concat());
    }
    // As it is now, for its hold may end it.
    let conference = name == "hold" && call.is_empty() && any_in_conference();
    let done = with(|library| carry_out(library, name, call, text, on)).unwrap_or(Err(Refusal::NotStarted));
    if let Err(refusal) = done {
        let reason = refusal_reason(&refusal);
        log(Kind::Error, &[name, ": ", reason].concat());
        if name == "hold" && refusal == Refusal::Ambiguous {
            hold_failed(reason);
        }
    }
    match name {
        "dial" if done.is_ok() => newest().map_or(JsValue::UNDEFINED, JsValue::from),
        "dial" => JsValue::UNDEFINED,
        "hold" if conference => JsValue::UNDEFINED,
        _ => done.is_ok().into(),
    }
}

fn carry_out(library: &Library, name: &str, call: &str, text: &str, on: bool) -> Result<(), Refusal> {
    let named = call_named(library, call);
    if named.is_none() && !call.is_empty() {
        return Err(Refusal::NoSuchCall);
    }
    let command = order::command(name, named, text, on)?;
    let through_page = order::through_page(&command);
    match (library.phone.command(command), through_page) {
        // A transfer that the phone does not know of may be one that the page began through its `Cti`.
        (Err(Refusal::NoTransfer), Some(command)) => library.phone.command(Command::Cti(Ok(command))),
        (result, _) => result,
    }
}

/// Two calls are alike: no call can be told that it could not be held, so the page is (D5).
fn hold_failed(reason: &str) {
    let (mut event, mut data) = (Object::default(), Object::default());
    data.insert("reason", reason);
    event.insert("type", "HoldFailed");
    event.insert("data", data);
    let text = Value::Object(event).to_string();
    with(|library| tell(&library.tell, "event", Group::General.as_str(), &text));
}

fn any_in_conference() -> bool {
    with(|library| library.phone.view().calls.iter().any(|call| call.in_conference)).unwrap_or_default()
}

/// The SIP Call-ID of the last call to somebody.
fn newest() -> Option<String> {
    let calls = with(|library| library.phone.view().calls)?;
    let outgoing = calls.into_iter().rev().find(|call| call.direction == Direction::Outgoing);
    outgoing.map(|call| call.sip_call_id)
}

/// The call with that SIP Call-ID, or with that number behind a `#`: no Call-ID has that sign (RFC 3261 §25.1).
fn call_named(library: &Library, name: &str) -> Option<CallKey> {
    let number = name.strip_prefix('#').map(|number| number.parse().ok());
    let is_meant = |call: &Call| match number {
        Some(number) => number == Some(call.key.0),
        None => call.sip_call_id == name,
    };
    let calls = library.phone.view().calls;
    calls.iter().find(|call| call.state.is_live() && is_meant(call)).map(|call| call.key)
}

/// The calls that are going on.
#[wasm_bindgen]
pub fn calls() -> String {
    with(|library| shown::calls(&library.phone.view().calls, library.origin).to_string()).unwrap_or_default()
}

/// What the browser has of a call: `connection`, `remote`, `local`, `element`; nothing where there is none.
#[wasm_bindgen]
pub fn part(what: &str, sip_call_id: &str) -> JsValue {
    let found = with(|library| {
        let (media, key) = (library.phone.media(), call_named(library, sip_call_id)?);
        match what {
            "connection" => media.connection(key).map(JsValue::from),
            "remote" => media.remote_audio(key).map(JsValue::from),
            "local" => media.local_audio(key).map(JsValue::from),
            _ => media.audio_element(key).map(JsValue::from),
        }
    });
    found.flatten().unwrap_or(JsValue::NULL)
}

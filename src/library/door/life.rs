//! From `init` to `stop`.

use wasm_bindgen::prelude::wasm_bindgen;

use super::super::stack::{Output, Stack};
use super::{publish, tell, with};
use crate::browser::clock;
use crate::cti::message::{IceConfig, LineConfig};
use crate::json::Value;
use crate::phone::api::{Command, Place, Refusal};
use crate::phone::event::Event;
use crate::phone::refusal_reason;
use crate::secret::Secret;

/// Does what the stack wants.
pub(super) fn follow() {
    while let Some(Some(output)) = with(|library| library.stack.borrow_mut().poll()) {
        match output {
            Output::Ask(command) => {
                with(|library| tell(&library.tell, "cti", &command.to_json().to_string(), ""));
            }
            Output::Start(line, place) => {
                if let Some(Err(refusal)) = with(|library| library.phone.start_line(*line, place)) {
                    with(|library| library.stack.borrow_mut().refused());
                    failed(&refusal);
                }
            }
            // One that does not run has nothing to stop.
            Output::Stop => _ = with(|library| library.phone.command(Command::Stop)),
            Output::Failed(problem) => failed(&Refusal::Line(problem)),
            Output::Ignored => drop(with(|library| tell(&library.tell, "line", "ignored", ""))),
        }
    }
    with(|library| library.alarm.set(library.stack.borrow().deadline()));
}

fn failed(refusal: &Refusal) {
    publish(&Event::Failed { reason: refusal_reason(refusal).to_owned() });
}

/// `init`; with a line: `initByLineConfig`. `place`: `{name, secure, host, port, token, program, root}`.
#[wasm_bindgen]
pub fn init(place: &str, line: Option<String>) {
    let Ok(arguments) = place.parse::<Value>() else { return };
    let text = |name| arguments.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let place = Place {
        name: text("name"),
        secure: arguments.get("secure") == Some(&Value::Bool(true)),
        host: Some(text("host")).filter(|host| !host.is_empty()),
        port: text("port"),
        token: Secret::new(text("token")),
        program: text("program"),
    };
    with(|library| {
        library.phone.media().set_audio_root(&text("root"));
        let mut stack = library.stack.borrow_mut();
        match line {
            Some(line) => stack.init_by_line(place, line_of(&line), clock::now()),
            None => stack.init(place),
        }
    });
    follow();
}

fn line_of(payload: &str) -> Option<LineConfig> {
    LineConfig::of_payload(&payload.parse::<Value>().ok()?)
}

/// `stop`.
#[wasm_bindgen]
pub fn stop() {
    with(|library| library.stack.borrow_mut().stop());
    follow();
}

/// As at the beginning: stopped, and ready to be started.
#[wasm_bindgen]
pub fn reset() {
    stop();
    with(|library| library.stack.replace(Stack::default()));
}

/// `getSipStackStatus`.
#[wasm_bindgen]
pub fn status() -> String {
    with(|library| library.stack.borrow().status().as_str()).unwrap_or_default().to_owned()
}

/// A message of the page's `Cti`: its type and its payload.
#[wasm_bindgen]
pub fn message(msg_type: &str, payload: &str) {
    match msg_type {
        "LineConfig" => {
            with(|library| library.stack.borrow_mut().line_came(line_of(payload), clock::now()));
        }
        _ => {
            let mut frame = String::from("{\"msgType\":\"");
            // One of the names that `xc_webrtc.js` subscribes to.
            frame.push_str(msg_type);
            frame.push_str("\",\"ctiMessage\":");
            frame.push_str(payload);
            frame.push('}');
            with(|library| {
                library.phone.page_cti(&frame);
                if let ("IceConfig", Ok(payload)) = (msg_type, payload.parse::<Value>()) {
                    let ice = IceConfig::of_payload(&payload).unwrap_or_default();
                    library.stack.borrow_mut().ice_came(&ice, clock::now());
                }
            });
        }
    }
    follow();
}

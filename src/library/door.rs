//! The few functions that `xc_webrtc.js` calls. Texts go both ways; what has parts is JSON.

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

use js_sys::Function;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::AudioContext;

use super::own_cti::OwnCti;
use super::stack::{Output, Stack};
use super::{order, shown};
use crate::browser::clock::{self, Alarm};
use crate::browser::console::Kind;
use crate::browser::entropy;
use crate::cti::message::{IceConfig, LineConfig};
use crate::json::Value;
use crate::phone::api::{Command, Notice, Place, Refusal};
use crate::phone::call::{CallKey, Direction};
use crate::phone::driver::Listening;
use crate::phone::event::Event;
use crate::phone::{Phone, refusal_reason};
use crate::rtc::audio_output::{AudioOutput, InUse};
use crate::secret::Secret;

/// The library of a page.
struct Library {
    phone: Phone,
    stack: RefCell<Stack>,
    alarm: Alarm,
    cti: Rc<OwnCti>,
    output: AudioOutput,
    /// The audio output runs from the moment that the page asked for it.
    context: RefCell<Option<InUse>>,
    tell: Function,
    _listening: Listening,
}

thread_local! {
    static LIBRARY: OnceCell<Library> = const { OnceCell::new() };
}

fn with<T>(use_it: impl FnOnce(&Library) -> T) -> Option<T> {
    LIBRARY.with(|library| library.get().map(use_it))
}

/// Tells the page: what kind of thing, and two texts.
fn tell(to: &Function, kind: &str, one: &str, other: &str) {
    // The page's own errors stay on its side.
    let _ = to.call3(&JsValue::NULL, &kind.into(), &one.into(), &other.into());
}

/// Begins. `page` is told:
///
/// | Kind | Texts |
/// |---|---|
/// | `event` | topic, event |
/// | `cti` | command, – |
/// | `log` | `info`, `warn` or `error`; line |
/// | `line` | `ignored`, – |
/// | `link` | a word of [`OwnCti`], its text |
#[wasm_bindgen]
pub fn begin(page: Function) {
    let output = AudioOutput::default();
    let phone = Phone::start_silent(output.clone(), log);
    let listening = phone.listen(heard);
    let alarm = Alarm::new(|| {
        with(|library| library.stack.borrow_mut().timeout(clock::now()));
        follow();
    });
    let to_page = page.clone();
    let words = move |word: &str, text: &str| tell(&to_page, "link", word, text);
    let seed = entropy::seed();
    let number = u64::from_le_bytes([0, 1, 2, 3, 4, 5, 6, 7].map(|place| seed[place]));
    let library = Library {
        phone,
        stack: RefCell::default(),
        alarm,
        cti: OwnCti::new(number, Box::new(words)),
        output,
        context: RefCell::default(),
        tell: page,
        _listening: listening,
    };
    LIBRARY.with(|place| place.set(library).ok());
}

fn log(kind: Kind, text: &str) {
    let kind = match kind {
        Kind::Info => "info",
        Kind::Warn => "warn",
        Kind::Error => "error",
    };
    with(|library| tell(&library.tell, "log", kind, text));
}

fn heard(notice: &Notice) {
    match notice {
        Notice::Event(event) => {
            // State first: what the page asks in its handler is answered as it is now.
            if with(|library| library.stack.borrow_mut().heard(event)) == Some(true) {
                publish(event);
            }
        }
        Notice::ToCti(command) => {
            with(|library| tell(&library.tell, "cti", &command.to_string(), ""));
        }
        Notice::Changed | Notice::Cti { .. } | Notice::Sip { .. } | Notice::Diagnostic { .. } => {}
    }
}

fn publish(event: &Event) {
    with(|library| tell(&library.tell, "event", event.group().as_str(), &event.to_json().to_string()));
}

/// Does what the stack wants.
fn follow() {
    while let Some(Some(output)) = with(|library| library.stack.borrow_mut().poll()) {
        match output {
            Output::Ask(command) => {
                with(|library| tell(&library.tell, "cti", &command.to_json().to_string(), ""));
            }
            Output::Start(line, place) => {
                if let Some(Err(refusal)) = with(|library| library.phone.start_line(*line, place)) {
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
    with(|library| library.stack.borrow_mut().refused());
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

/// The SIP Call-ID of the call that a dial began, else nothing.
///
/// # Errors
///
/// Why it was not done, in English words.
#[wasm_bindgen]
pub fn order(name: &str, sip_call_id: &str, text: &str, on: bool) -> Result<String, String> {
    let Some(call) = with(|library| call_named(library, sip_call_id)) else { return Ok(String::new()) };
    if call.is_none() && !sip_call_id.is_empty() {
        return Err(refusal_reason(&Refusal::NoSuchCall).to_owned());
    }
    let Some(command) = order::command(name, call, text, on) else {
        return Err(refusal_reason(&Refusal::BadIceServer).to_owned());
    };
    let result = with(|library| library.phone.command(command)).unwrap_or(Ok(()));
    result.map_err(|refusal| refusal_reason(&refusal).to_owned())?;
    let begun = (name == "dial").then(|| {
        with(|library| {
            let calls = library.phone.view().calls;
            let last = calls.iter().rev().find(|call| call.direction == Direction::Outgoing);
            last.map(|call| call.sip_call_id.clone())
        })
    });
    Ok(begun.flatten().flatten().unwrap_or_default())
}

fn call_named(library: &Library, sip_call_id: &str) -> Option<CallKey> {
    let calls = library.phone.view().calls;
    calls.iter().find(|call| call.sip_call_id == sip_call_id && call.state.is_live()).map(|call| call.key)
}

/// `setDebug`.
#[wasm_bindgen]
pub fn debug(level: &str, events: bool, handlers: bool) {
    with(|library| library.phone.command(Command::SetDebug(order::debug(level, events, handlers))));
}

/// The CTI token from now on.
#[wasm_bindgen]
pub fn token(token: String) {
    with(|library| library.phone.set_token(Secret::new(token)));
}

/// The microphone from now on; nothing for the browser's choice.
#[wasm_bindgen]
pub fn hear_by(id: Option<String>) {
    with(|library| library.phone.media().set_microphone(id));
}

/// The calls that are going on.
#[wasm_bindgen]
pub fn calls() -> String {
    with(|library| {
        shown::calls(&library.phone.view().calls, library.phone.now(), clock::wall_clock_ms()).to_string()
    })
    .unwrap_or_default()
}

/// The ICE servers of calls begun from now on.
#[wasm_bindgen]
pub fn ice() -> String {
    with(|library| {
        let servers = library.phone.ice_servers();
        Value::Array(servers.iter().map(|server| server.to_json()).collect()).to_string()
    })
    .unwrap_or_default()
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

/// The library's one `AudioContext`; it runs as soon as the browser lets it (D39).
#[wasm_bindgen]
pub fn context() -> Option<AudioContext> {
    with(|library| {
        let mut place = library.context.borrow_mut();
        let used = match place.take() {
            Some(used) => used,
            None => library.output.run().ok()?,
        };
        let context = used.context.clone();
        place.replace(used);
        Some(context)
    })
    .flatten()
}

/// Our own CTI link: log in by password. `false`: the server's address cannot be read.
#[wasm_bindgen]
pub fn log_in(server: &str, login: &str, password: &str) -> bool {
    with(|library| library.cti.log_in(server, login, password)).unwrap_or(false)
}

/// Our own CTI link: open it by a token.
#[wasm_bindgen]
pub fn open(server: &str, login: &str, token: &str) -> bool {
    with(|library| library.cti.open(server, login, token)).unwrap_or(false)
}

/// Our own CTI link: close it.
#[wasm_bindgen]
pub fn close() {
    with(|library| library.cti.close());
}

/// Our own CTI link: send a message. `false`: it is not up.
#[wasm_bindgen]
pub fn send(message: &str) -> bool {
    with(|library| library.cti.send(message)).unwrap_or(false)
}

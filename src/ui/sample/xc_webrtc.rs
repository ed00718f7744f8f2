//! The library as pages have it: the globals `xc_webrtc` and `Cti`, which a script tag before this program has made.
//!
//! What is called here is what any page calls, by the same names; nothing else of the library is in this program.

use js_sys::{Array, Function, JSON, Object, Promise, Reflect};
use wasm_bindgen::JsCast;
pub use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;

use super::method_call::{MethodCall, Owner};
use crate::browser::promise;
use crate::cti::message::mask;
use crate::json::Value;

/// A function that the library calls, for as long as this is kept.
pub type Handler = Closure<dyn FnMut(JsValue, JsValue)>;

/// What a method answered, or what it threw.
pub type Outcome = Result<JsValue, JsValue>;

fn object(owner: Owner) -> JsValue {
    Reflect::get(&js_sys::global(), &owner.name().into()).unwrap_or_default()
}

/// Calls a method with these arguments.
pub fn invoke(owner: Owner, method: &str, arguments: &[JsValue]) -> Outcome {
    apply(&object(owner), method, arguments)
}

/// The same of an object that this one has: `Cti.WebSocket.init(…)`.
pub fn invoke_of(owner: Owner, part: &str, method: &str, arguments: &[JsValue]) -> Outcome {
    apply(&Reflect::get(&object(owner), &part.into())?, method, arguments)
}

fn apply(object: &JsValue, method: &str, arguments: &[JsValue]) -> Outcome {
    let function: Function = Reflect::get(object, &method.into())?.dyn_into()?;
    let list = Array::new();
    for argument in arguments {
        list.push(argument);
    }
    function.apply(object, &list)
}

/// Calls a function that the library gave.
pub fn run(function: &JsValue) {
    if let Some(function) = function.dyn_ref::<Function>() {
        // What it undoes is undone, or was before.
        let _ = function.call0(&JsValue::UNDEFINED);
    }
}

/// Calls the method of a row.
pub fn call(call: &MethodCall) -> Outcome {
    let arguments: Vec<JsValue> =
        call.arguments().map(|argument| argument.map_or(JsValue::UNDEFINED, of)).collect();
    invoke(call.owner(), call.method(), &arguments)
}

/// Makes a function of two arguments at most.
pub fn handler(told: impl FnMut(JsValue, JsValue) + 'static) -> Handler {
    Closure::new(told)
}

/// A JSON value as pages have it.
pub fn of(value: &Value) -> JsValue {
    // What was printed can be read.
    JSON::parse(&value.to_string()).unwrap_or_default()
}

/// What pages have, as a JSON value; `null` where it has none.
pub fn value(of: &JsValue) -> Value {
    let text = JSON::stringify(&without_maps(of)).ok().and_then(|text| JsValue::from(text).as_string());
    text.and_then(|text| text.parse().ok()).unwrap_or(Value::Null)
}

/// Maps, such as reports of statistics, as objects, which JSON has.
fn without_maps(of: &JsValue) -> JsValue {
    match Object::from_entries(of) {
        Ok(object) if of.is_object() && !Array::is_array(of) => object.into(),
        _ => of.clone(),
    }
}

/// The same to be shown: secrets are masked.
pub fn masked(of: &JsValue) -> Value {
    let mut value = value(of);
    mask(&mut value);
    value
}

/// What a method answered, in the words of a console; secrets are masked.
pub fn words(answer: &JsValue) -> String {
    if answer.is_undefined() {
        "undefined".to_owned()
    } else if answer.is_function() {
        "function".to_owned()
    } else {
        masked(answer).to_string()
    }
}

/// What was thrown, or why a promise was not kept, in words.
pub fn reason(thrown: &JsValue) -> String {
    let message = Reflect::get(thrown, &"message".into()).ok().and_then(|message| message.as_string());
    message.or_else(|| thrown.as_string()).unwrap_or_else(|| words(thrown))
}

/// Waits for a promise; anything else is there already.
pub async fn settled(answer: JsValue) -> Outcome {
    match answer.dyn_into::<Promise>() {
        Ok(promise) => promise::settled(&promise).await,
        Err(answer) => Ok(answer),
    }
}

/// Whether it is a promise.
pub fn is_promise(answer: &JsValue) -> bool {
    answer.is_instance_of::<Promise>()
}

/// A text that `Cti` has under that name.
pub fn text_of_cti(name: &str) -> String {
    let text = Reflect::get(&object(Owner::Cti), &name.into()).ok();
    text.and_then(|text| text.as_string()).unwrap_or_default()
}

/// The types of messages that `Cti` knows.
pub fn message_types() -> Vec<String> {
    let types = Reflect::get(&object(Owner::Cti), &"MessageType".into()).ok();
    let types = types.and_then(|types| types.dyn_into::<Object>().ok());
    types
        .map(|types| Object::values(&types).iter().filter_map(|name| name.as_string()).collect())
        .unwrap_or_default()
}

/// An object with these functions.
pub fn object_of<'a>(functions: impl Iterator<Item = (&'a str, &'a Handler)>) -> JsValue {
    let object = Object::new();
    for (name, function) in functions {
        // A new object takes any name.
        let _ = Reflect::set(&object, &name.into(), function.as_ref());
    }
    object.into()
}

/// A text as it stands in an address.
pub fn in_address(text: &str) -> String {
    js_sys::encode_uri_component(text).into()
}

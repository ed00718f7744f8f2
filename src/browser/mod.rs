//! The rest of the outside world: sockets, clock, entropy, storage.
//!
//! One owner for each thing that the browser lends us. Dropping the owner takes the listener off, clears the timer,
//! closes the socket; nothing is ever left behind in the page.

pub mod channel;
pub mod clipboard;
pub mod clock;
pub mod console;
pub mod download;
pub mod entropy;
pub mod gesture;
pub mod http;
pub mod listener;
pub mod lock;
pub mod notification;
pub mod page;
pub mod promise;
pub mod screen;
pub mod signal;
pub mod socket;
pub mod storage;
pub mod wake;

use std::pin::Pin;

use js_sys::{Function, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;

/// Does something by and by. All tasks are begun here, so that the code for it is there once.
pub(crate) fn spawn(task: impl Future<Output = ()> + 'static) {
    spawn_boxed(Box::pin(task));
}

fn spawn_boxed(task: Pin<Box<dyn Future<Output = ()>>>) {
    spawn_local(task);
}

/// The window that the phone runs in.
pub(crate) fn window() -> web_sys::Window {
    web_sys::window().expect("the phone is started by a page, and a page has a window")
}

/// Calls a method that not every browser has, or that may throw: then what was thrown is the answer.
pub(crate) fn invoke(owner: &JsValue, method: &str, argument: &JsValue) -> Result<JsValue, JsValue> {
    let method: Function = Reflect::get(owner, &method.into())?.dyn_into()?;
    method.call1(owner, argument)
}

/// The name of a thrown value, `NotAllowedError` for instance; empty where it has none.
pub(crate) fn error_name(thrown: &JsValue) -> String {
    thrown.dyn_ref::<js_sys::Error>().map(|error| String::from(error.name())).unwrap_or_default()
}

/// A thrown value in words, for a log or an event: `NotAllowedError: Permission denied`.
pub(crate) fn error_text(thrown: &JsValue) -> String {
    match thrown.dyn_ref::<js_sys::Error>() {
        Some(error) => format!("{}: {}", String::from(error.name()), String::from(error.message())),
        None => thrown.as_string().unwrap_or_else(|| "unknown error".to_owned()),
    }
}

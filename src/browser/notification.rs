//! Notifications of the system: what is told outside of the browser's window.
//!
//! Not every browser has them, and some give them to installed pages only; then nothing is shown.

use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::EventTarget;

use super::listener::Listener;
use super::promise::settled;
use super::{invoke, spawn, window};

/// A notification on the screen. Dropping it takes it away.
#[must_use = "the notification goes when this is dropped"]
pub struct Notification {
    shown: EventTarget,
    _click: Listener,
}

impl Notification {
    /// Shows one, where the person has allowed it. A click on it brings the page to the front.
    pub fn show(title: &str) -> Option<Self> {
        let shown = Reflect::construct(&constructor()?, &Array::of1(&title.into())).ok()?;
        let shown: EventTarget = shown.unchecked_into();
        let click = Listener::new(&shown, "click", move |event| {
            // Neither has anything to say.
            let _ = invoke(&window(), "focus", &JsValue::UNDEFINED);
            let _ = invoke(&event.target().into(), "close", &JsValue::UNDEFINED);
        });
        Some(Self { shown, _click: click })
    }
}

impl Drop for Notification {
    fn drop(&mut self) {
        let _ = invoke(&self.shown, "close", &JsValue::UNDEFINED);
    }
}

/// Whether this browser has notifications.
pub fn is_possible() -> bool {
    constructor().is_some()
}

/// Whether the person has allowed them to this page.
pub fn is_allowed() -> bool {
    constructor()
        .and_then(|notification| Reflect::get(&notification, &"permission".into()).ok())
        .is_some_and(|permission| permission == "granted")
}

/// Has the browser ask the person, if it does not know; tells whether they are allowed. Only in answer to a click:
/// browsers ask nothing else of people who did nothing.
pub fn ask(told: Box<dyn FnOnce(bool)>) {
    let asked = constructor()
        .and_then(|notification| invoke(&notification, "requestPermission", &JsValue::UNDEFINED).ok())
        .and_then(|asked| asked.dyn_into::<Promise>().ok());
    spawn(async move {
        if let Some(asked) = asked {
            let _ = settled(&asked).await;
        }
        told(is_allowed());
    });
}

fn constructor() -> Option<Function> {
    Reflect::get(&window(), &"Notification".into()).ok()?.dyn_into().ok()
}

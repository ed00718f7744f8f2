//! What the pages of one origin tell each other.

use js_sys::{Array, Function, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{EventTarget, MessageEvent};

use super::listener::Listener;
use super::{invoke, window};

/// A channel on which all pages that have it open hear each other's words, not their own.
pub struct Channel {
    channel: EventTarget,
    _listener: Listener,
}

impl Channel {
    /// Opens it; `heard` is called with what another page says. `None`: this browser has none.
    pub fn open(name: &str, heard: impl Fn(String) + 'static) -> Option<Self> {
        let class: Function = Reflect::get(&window(), &"BroadcastChannel".into()).ok()?.dyn_into().ok()?;
        let channel = Reflect::construct(&class, &Array::of1(&name.into())).ok()?;
        let channel: EventTarget = channel.unchecked_into();
        let listener = Listener::new(&channel, "message", move |event| {
            let event: &MessageEvent = event.unchecked_ref();
            heard(event.data().as_string().unwrap_or_default());
        });
        Some(Self { channel, _listener: listener })
    }

    /// Says that to the other pages.
    pub fn say(&self, words: &str) {
        // Throws only once it is closed.
        let _ = invoke(&self.channel, "postMessage", &words.into());
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        let _ = invoke(&self.channel, "close", &JsValue::UNDEFINED);
    }
}

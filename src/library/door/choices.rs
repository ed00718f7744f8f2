//! What the page chooses.

use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::AudioContext;

use super::super::order;
use super::with;
use crate::json::Value;
use crate::phone::api::Command;
use crate::secret::Secret;

/// `setDebug`, but for handlers: they are the script's. `messages`: somebody wants to see SIP messages.
#[wasm_bindgen]
pub fn debug(level: &str, events: bool, messages: bool) {
    with(|library| library.phone.command(Command::SetDebug(order::debug(level, events, messages))));
}

/// `showPictures`.
#[wasm_bindgen]
pub fn show_pictures() {
    with(|library| library.phone.look_for_elements());
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

/// The camera from now on; nothing for the browser's choice.
#[wasm_bindgen]
pub fn see_by(id: Option<String>) {
    with(|library| library.phone.media().set_camera(id));
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

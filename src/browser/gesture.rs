//! The moments at which a browser lets a page make sound: when a person touches it.

use super::listener::Listener;
use super::window;

/// Events that count as user activation (HTML, "user activation triggering input event"). A finger counts when it is
/// lifted, a mouse and a key when they go down.
const EVENTS: [&str; 3] = ["pointerdown", "pointerup", "keydown"];

/// Calls back at every press of a key or pointer until it is dropped.
#[must_use = "nothing is called after this is dropped"]
pub struct Gesture {
    _listeners: [Listener; EVENTS.len()],
}

impl Gesture {
    /// Calls `callback` at every gesture from now on, while the browser still counts it as one.
    pub fn new(callback: impl Fn() + Clone + 'static) -> Self {
        let window = window();
        Self {
            _listeners: EVENTS.map(|name| {
                let callback = callback.clone();
                Listener::new(&window, name, move |_| callback())
            }),
        }
    }
}

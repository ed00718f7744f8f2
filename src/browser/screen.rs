//! Pictures out of their place in the page: over the whole screen, or in a small window above other programs.

use js_sys::{Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use super::listener::Listener;
use super::promise::settled;
use super::{invoke, window};

/// One way out, by the browser's words for it. All but `enter` are the document's.
#[derive(Clone, Copy, Debug)]
pub struct Way {
    able: &'static str,
    shown: &'static str,
    enter: &'static str,
    leave: &'static str,
}

/// Over the whole screen, for any element (Fullscreen API).
pub const FULL_SCREEN: Way = Way {
    able: "fullscreenEnabled",
    shown: "fullscreenElement",
    enter: "requestFullscreen",
    leave: "exitFullscreen",
};

/// In a window of its own, for a `video` (Picture-in-Picture). Firefox has that on every video by itself, and no words
/// for it.
pub const IN_PICTURE: Way = Way {
    able: "pictureInPictureEnabled",
    shown: "pictureInPictureElement",
    enter: "requestPictureInPicture",
    leave: "exitPictureInPicture",
};

/// What a document is told when something goes out or comes back.
const CHANGES: [&str; 3] = ["fullscreenchange", "enterpictureinpicture", "leavepictureinpicture"];

impl Way {
    /// Whether this browser has it and allows it.
    pub fn is_possible(self) -> bool {
        ask(self.able)
    }

    /// Whether something is out this way.
    pub fn is_on(self) -> bool {
        ask(self.shown)
    }

    /// Brings that element out; whatever is out already comes back instead.
    pub fn switch(self, element: &JsValue) {
        let done = match self.is_on() {
            true => invoke(&document(), self.leave, &JsValue::UNDEFINED),
            false => invoke(element, self.enter, &JsValue::UNDEFINED),
        };
        // Where it stands is read from the document; a refusal must only not be reported as unhandled.
        if let Some(promise) = done.ok().and_then(|promise| promise.dyn_into::<Promise>().ok()) {
            drop(settled(&promise));
        }
    }
}

/// Calls back whenever something went out or came back, until it is dropped.
pub fn on_change(callback: impl Fn() + Clone + 'static) -> [Listener; CHANGES.len()] {
    CHANGES.map(|name| {
        let callback = callback.clone();
        Listener::new(document().unchecked_ref(), name, move |_| callback())
    })
}

fn ask(name: &str) -> bool {
    Reflect::get(&document(), &name.into()).is_ok_and(|answer| answer.is_truthy())
}

fn document() -> JsValue {
    window().document().into()
}

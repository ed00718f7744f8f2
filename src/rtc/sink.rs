//! Where the other side is heard.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, HtmlMediaElement, MediaStream};

use crate::browser::gesture::Gesture;
use crate::browser::promise::settled;
use crate::browser::{error_name, invoke, spawn, window};

/// Whether the other side can be heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Playback {
    /// It plays.
    Playing,
    /// The browser wants the person to touch the page first; it plays from that moment on.
    Blocked,
}

/// The other side's audio, playing in an element of the page. Dropping it silences it, and removes the element where
/// it was made for it.
pub struct RemoteAudio(Rc<Sink>);

struct Sink {
    element: HtmlMediaElement,
    stream: MediaStream,
    /// The page had no such element.
    ours: bool,
    on_change: RefCell<Box<dyn FnMut(Playback)>>,
    retry: RefCell<Option<Gesture>>,
}

impl RemoteAudio {
    /// Plays it in the page's element of the first id, or in the page's element of the second one where that plays
    /// nothing yet, or in an `audio` element made with the first id and appended for it (D4).
    pub fn play(
        stream: &MediaStream,
        [id, shared]: [&str; 2],
        on_change: impl FnMut(Playback) + 'static,
    ) -> Self {
        let unused = || existing(shared).filter(|element| element.src_object().is_none());
        let (element, ours) = match existing(id).or_else(unused) {
            Some(element) => (element, false),
            None => (create(id), true),
        };
        element.set_autoplay(true);
        element.set_src_object(Some(stream));
        let sink = Rc::new(Sink {
            element,
            stream: Clone::clone(stream),
            ours,
            on_change: RefCell::new(Box::new(on_change)),
            retry: RefCell::default(),
        });
        sink.try_to_play();
        Self(sink)
    }

    /// Plays it by that loudspeaker; an empty name is the one of the system. A browser that cannot choose plays on.
    pub fn set_speaker(&self, id: &str) {
        if let Ok(chosen) = invoke(&self.0.element, "setSinkId", &id.into()) {
            // One that has just gone: the change of devices leads here again.
            drop(settled(chosen.unchecked_ref()));
        }
    }

    /// The element that it plays in.
    pub fn element(&self) -> &HtmlMediaElement {
        &self.0.element
    }
}

impl Sink {
    fn try_to_play(self: &Rc<Self>) {
        let Ok(started) = self.element.play() else { return };
        let sink = Rc::downgrade(self);
        spawn(async move {
            let outcome = settled(&started).await;
            if let Some(sink) = sink.upgrade() {
                sink.tried(outcome);
            }
        });
    }

    fn tried(self: &Rc<Self>, outcome: Result<JsValue, JsValue>) {
        match outcome {
            Ok(_) => {
                self.retry.take();
                self.tell(Playback::Playing);
            }
            Err(thrown) if error_name(&thrown) == "NotAllowedError" => {
                if self.retry.borrow().is_none() {
                    self.retry.replace(Some(retry_at_gesture(Rc::downgrade(self))));
                    self.tell(Playback::Blocked);
                }
            }
            // The element was given another stream meanwhile (AbortError).
            Err(_) => {}
        }
    }

    fn tell(&self, playback: Playback) {
        (self.on_change.borrow_mut())(playback);
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        // Another call may be playing in the page's element by now.
        if self.element.src_object().as_ref() == Some(&self.stream) {
            let _ = self.element.pause();
            self.element.set_src_object(None);
        }
        if self.ours {
            self.element.remove();
        }
    }
}

fn retry_at_gesture(sink: Weak<Sink>) -> Gesture {
    Gesture::new(move || {
        if let Some(sink) = sink.upgrade() {
            sink.try_to_play();
        }
    })
}

/// The page's own element of that id.
pub(super) fn existing(id: &str) -> Option<HtmlMediaElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

fn create(id: &str) -> HtmlMediaElement {
    let element = document().create_element("audio").expect("only a name with odd letters in it is refused");
    element.set_id(id);
    if let Some(body) = document().body() {
        // It plays outside the page as well; in it, the page's author finds it.
        let _ = body.append_child(&element);
    }
    element.unchecked_into()
}

fn document() -> Document {
    window().document().expect("a window that runs a page has its document")
}

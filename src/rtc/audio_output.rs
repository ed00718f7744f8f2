//! The page's one audio output, shared by all that makes or mixes sound.
//!
//! It is taken when it is needed first, and rests while nobody uses it: a running one keeps a thread busy and marks the
//! tab as audible. A browser that has not seen the person touch the page keeps it silent until they do.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::Promise;
use wasm_bindgen::JsValue;
use web_sys::{AudioContext, AudioContextState};

use crate::browser::gesture::Gesture;
use crate::browser::promise::settled;

/// The audio output. Clones are handles on the same one; dropping the last gives it back.
#[derive(Clone, Default)]
pub struct AudioOutput(Rc<Shared>);

#[derive(Default)]
struct Shared {
    context: RefCell<Option<AudioContext>>,
    users: Cell<u32>,
    /// While the browser wants a gesture first.
    unlock: RefCell<Option<Gesture>>,
}

/// Keeps the audio output running.
pub struct InUse {
    shared: Rc<Shared>,
    /// The output.
    pub context: AudioContext,
}

impl AudioOutput {
    /// Whether the browser lets it be heard.
    pub fn is_running(&self) -> bool {
        self.0.context.borrow().as_ref().is_some_and(is_running)
    }

    /// Has it run until the answer is dropped; fails where the browser has none.
    pub fn run(&self) -> Result<InUse, JsValue> {
        let mut place = self.0.context.borrow_mut();
        let context = match place.take() {
            Some(context) => context,
            None => AudioContext::new()?,
        };
        place.replace(context.clone());
        settle(context.resume());
        if !is_running(&context) {
            let context = context.clone();
            self.0.unlock.replace(Some(Gesture::new(move || {
                if !is_running(&context) {
                    settle(context.resume());
                }
            })));
        }
        self.0.users.set(self.0.users.get() + 1);
        Ok(InUse { shared: Rc::clone(&self.0), context })
    }
}

impl Drop for InUse {
    fn drop(&mut self) {
        let users = self.shared.users.get() - 1;
        self.shared.users.set(users);
        if users == 0 {
            self.shared.unlock.take();
            settle(self.context.suspend());
        }
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        if let Some(context) = &*self.context.borrow() {
            settle(context.close());
        }
    }
}

fn is_running(context: &AudioContext) -> bool {
    context.state() == AudioContextState::Running
}

/// The outcome is read from the context's state; a refusal must only not be reported as unhandled.
fn settle(promise: Result<Promise, JsValue>) {
    if let Ok(promise) = promise {
        drop(settled(&promise));
    }
}

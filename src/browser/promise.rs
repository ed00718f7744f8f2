//! Waits for promises.

use std::cell::Cell;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use js_sys::Promise;
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;

type Outcome = Result<JsValue, JsValue>;

/// What a promise comes to: kept or not.
///
/// Some are never settled, as those of a connection that was closed meanwhile. A `JsFuture` of one keeps its two functions
/// for ever, even after it was dropped itself. These belong to the promise: the browser forgets both together.
pub struct Settled(Rc<State>);

#[derive(Default)]
struct State {
    outcome: Cell<Option<Outcome>>,
    waiting: Cell<Option<Waker>>,
}

/// Waits for a promise, from now on. Where nobody waits on, what it comes to is of no interest, not even to the console.
pub fn settled(promise: &Promise) -> Settled {
    let state = Rc::new(State::default());
    let told = |is_kept| {
        let state = Rc::clone(&state);
        Closure::<dyn FnMut(JsValue)>::new(move |value| {
            state.outcome.set(Some(if is_kept { Ok(value) } else { Err(value) }));
            if let Some(waiting) = state.waiting.take() {
                waiting.wake();
            }
        })
    };
    let (kept, broken) = (told(true), told(false));
    let _ = promise.then2(&kept, &broken);
    let _ = (kept.into_js_value(), broken.into_js_value());
    Settled(state)
}

impl Future for Settled {
    type Output = Outcome;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Outcome> {
        if let Some(outcome) = self.0.outcome.take() {
            return Poll::Ready(outcome);
        }
        self.0.waiting.set(Some(context.waker().clone()));
        Poll::Pending
    }
}

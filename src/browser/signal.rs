//! A flag that is raised once, for tasks to wait for.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};

/// A flag that is raised once and stays up. Clones share it.
#[derive(Clone, Default)]
pub struct Signal(Rc<State>);

#[derive(Default)]
struct State {
    raised: Cell<bool>,
    waiting: RefCell<Vec<Waker>>,
}

impl Signal {
    /// Raises it and wakes all who wait; raising it again changes nothing.
    pub fn raise(&self) {
        self.0.raised.set(true);
        for waker in self.0.waiting.take() {
            waker.wake();
        }
    }

    /// Whether it is up.
    pub fn is_raised(&self) -> bool {
        self.0.raised.get()
    }

    /// Waits until it is up; at once when it already is.
    pub fn raised(&self) -> impl Future<Output = ()> + use<> {
        let state = self.0.clone();
        poll_fn(move |context| {
            if state.raised.get() {
                return Poll::Ready(());
            }
            let mut waiting = state.waiting.borrow_mut();
            if !waiting.iter().any(|waker| waker.will_wake(context.waker())) {
                waiting.push(context.waker().clone());
            }
            Poll::Pending
        })
    }
}

//! One negotiation after the other: whoever comes later waits for its turn.

use std::cell::RefCell;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};

/// Hands out turns in the order in which they were asked for.
#[derive(Clone, Default)]
pub(super) struct Turns(Rc<RefCell<Queue>>);

#[derive(Default)]
struct Queue {
    last: u64,
    /// The first one has its turn; the others wait.
    line: Vec<(u64, Option<Waker>)>,
}

impl Turns {
    /// Takes a place in the line at once; awaiting it waits for its turn, dropping it gives the place up.
    pub(super) fn place(&self) -> Place {
        let mut queue = self.0.borrow_mut();
        queue.last += 1;
        let number = queue.last;
        queue.line.push((number, None));
        Place { turns: self.clone(), number }
    }
}

/// A place in the line, and the turn itself once it has come.
pub(super) struct Place {
    turns: Turns,
    number: u64,
}

impl Place {
    /// Waits until all who came before are done.
    pub(super) async fn turn(&self) {
        poll_fn(|context| {
            let mut queue = self.turns.0.borrow_mut();
            let position = queue.line.iter().position(|(number, _)| *number == self.number);
            match position {
                None | Some(0) => Poll::Ready(()),
                Some(position) => {
                    queue.line[position].1 = Some(context.waker().clone());
                    Poll::Pending
                }
            }
        })
        .await;
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut queue = self.turns.0.borrow_mut();
        queue.line.retain(|(number, _)| *number != self.number);
        let next = queue.line.first_mut().and_then(|(_, waker)| waker.take());
        drop(queue);
        if let Some(waker) = next {
            waker.wake();
        }
    }
}

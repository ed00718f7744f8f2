//! Has the wishes of a state machine carried out until it waits, and wakes it when its moment has come.

use std::cell::Cell;
use std::ops::ControlFlow;

use crate::browser::clock::Alarm;
use crate::time::Deadline;

/// See the module.
pub struct Drain {
    under_way: Cell<bool>,
    alarm: Alarm,
}

impl Drain {
    /// `due` is called when the moment has come that the machine waits for.
    pub fn new(due: impl FnMut() + 'static) -> Self {
        Self { under_way: Cell::new(false), alarm: Alarm::new(due) }
    }

    /// Calls `step`, which carries out one wish, until it answers how long to wait. Whatever a step leads to may call
    /// this again: then the outer call goes on with what that brought.
    pub fn run(&self, step: &mut dyn FnMut() -> ControlFlow<Option<Deadline>>) {
        if self.under_way.replace(true) {
            return;
        }
        let wait = loop {
            if let ControlFlow::Break(deadline) = step() {
                break deadline;
            }
        };
        self.alarm.set(wait.map(|deadline| deadline.at));
        self.under_way.set(false);
    }
}

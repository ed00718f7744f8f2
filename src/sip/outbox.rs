//! What leaves the user agent, in the order in which it was decided.

use super::event::{Event, Output, RegistrationEvent, SessionEvent, SessionId};
use super::parser::Diagnostic;
use crate::queue::Queue;

/// The outputs that the caller has not drained yet, and whether the transport takes messages.
#[derive(Debug, Default)]
pub(super) struct Outbox {
    open: bool,
    queue: Queue<Output>,
}

impl Outbox {
    /// Whether the transport is open.
    pub(super) fn is_open(&self) -> bool {
        self.open
    }

    /// Notes that the transport opened or closed.
    pub(super) fn set_open(&mut self, open: bool) {
        self.open = open;
    }

    /// Sends a message; while the transport is closed it is lost, as it would be on a broken one.
    pub(super) fn send(&mut self, message: String) {
        if self.open {
            self.queue.push(Output::Send(message));
        }
    }

    /// Tells what happened to the registration.
    pub(super) fn registration(&mut self, event: RegistrationEvent) {
        self.queue.push(Output::Event(Event::Registration(event)));
    }

    /// Tells what happened to a session.
    pub(super) fn session(&mut self, id: SessionId, event: SessionEvent) {
        self.queue.push(Output::Event(Event::Session { id, event }));
    }

    /// Tells something else.
    pub(super) fn event(&mut self, event: Event) {
        self.queue.push(Output::Event(event));
    }

    /// Tells what was tolerated or dropped.
    pub(super) fn diagnostic(&mut self, diagnostic: Diagnostic) {
        self.queue.push(Output::Event(Event::Diagnostic(diagnostic)));
    }

    /// The oldest output.
    pub(super) fn next(&mut self) -> Option<Output> {
        self.queue.pop()
    }
}

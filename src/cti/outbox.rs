//! What the link wants done, in order; and what outlives its sessions, so that late answers and hasty attempts are seen.

use super::auth::Asking;
use super::event::{Event, HttpRequest, Output};
use super::message::command::Command;
use crate::backoff::Backoff;
use crate::queue::Queue;

/// Outputs not yet drained, the number of the last request, and the attempts made.
#[derive(Debug)]
pub(super) struct Outbox {
    pub(super) backoff: Backoff,
    queue: Queue<Output>,
    last_request: u32,
}

impl Outbox {
    pub(super) fn new(seed: u64) -> Self {
        Self { backoff: Backoff::new(seed), queue: Queue::default(), last_request: 0 }
    }

    pub(super) fn push(&mut self, output: Output) {
        self.queue.push(output);
    }

    pub(super) fn pop(&mut self) -> Option<Output> {
        self.queue.pop()
    }

    pub(super) fn event(&mut self, event: Event) {
        self.push(Output::Event(event));
    }

    pub(super) fn send(&mut self, command: &Command) {
        self.push(Output::Send(command.to_frame()));
    }

    /// Puts a request out under a number of its own.
    pub(super) fn ask(&mut self, (method, url, headers, body): Asking) -> u32 {
        self.last_request = self.last_request.wrapping_add(1);
        let id = self.last_request;
        self.push(Output::Http(HttpRequest { id, method, url, headers, body }));
        id
    }
}

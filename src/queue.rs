//! What waits to be fetched, first come, first served.

/// A queue of a few things: a list, whose code everything else shares, and which is soon moved up.
#[derive(Debug)]
pub(crate) struct Queue<T>(Vec<T>);

impl<T> Queue<T> {
    /// Adds one.
    pub(crate) fn push(&mut self, one: T) {
        self.0.push(one);
    }

    /// Takes the oldest out.
    pub(crate) fn pop(&mut self) -> Option<T> {
        if self.0.is_empty() { None } else { Some(self.0.remove(0)) }
    }
}

impl<T> Default for Queue<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

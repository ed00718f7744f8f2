//! Values that may be sent to another thread, but looked at only in the one they come from.
//!
//! Leptos keeps everything of the page in such wrappers. The crate of this name on crates.io asks std which thread it
//! is in, and std then brings all that a thread may need to the page: names, parking, and an allocator of its own, some
//! kilobytes of download. The crate `fragile` makes the same promise and the same panics by one number for each thread.

use std::fmt;
use std::ops::{Deref, DerefMut};

use fragile::Fragile;

/// A value of one thread. Everything but [`Self::valid`] panics in other threads, its drop too.
pub struct SendWrapper<T>(Fragile<T>);

impl<T> SendWrapper<T> {
    /// Of the present thread.
    pub fn new(value: T) -> Self {
        Self(Fragile::new(value))
    }

    /// Whether it is of the present thread.
    pub fn valid(&self) -> bool {
        self.0.is_valid()
    }

    /// The value alone.
    pub fn take(self) -> T {
        self.0.into_inner()
    }
}

impl<T> Deref for SendWrapper<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.0.get()
    }
}

impl<T> DerefMut for SendWrapper<T> {
    fn deref_mut(&mut self) -> &mut T {
        self.0.get_mut()
    }
}

impl<T: Clone> Clone for SendWrapper<T> {
    fn clone(&self) -> Self {
        Self::new(T::clone(self))
    }
}

impl<T: fmt::Debug> fmt::Debug for SendWrapper<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        T::fmt(self, f)
    }
}

/// Leptos's local actions and server functions wrap futures and streams. To run them there, they would have to be pinned
/// in the wrapper, which takes `unsafe` code. Pages here have no such actions: what they wait for they `spawn`.
#[cfg(feature = "futures")]
mod waiting {
    use std::pin::Pin;
    use std::task::{Context, Poll};

    use futures_util::Stream;

    use super::SendWrapper;

    impl<F: Future> Future for SendWrapper<F> {
        type Output = F::Output;

        fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<F::Output> {
            is_not_for_us()
        }
    }

    impl<S: Stream> Stream for SendWrapper<S> {
        type Item = S::Item;

        fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<S::Item>> {
            is_not_for_us()
        }
    }

    #[expect(clippy::panic, reason = "whoever writes such an action finds it out at once")]
    fn is_not_for_us() -> ! {
        panic!("no local actions and no server functions of Leptos can be used here: spawn a future instead")
    }
}

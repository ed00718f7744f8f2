//! What can go wrong in a task: always one sentence that says what to do.

use std::fmt;

/// The outcome of a step.
pub type Done<T = ()> = Result<T, Trouble>;

/// Why a task stops, for the person who typed it.
#[derive(Debug)]
pub enum Trouble {
    /// Something is wrong and must be mended.
    Failed(String),
    /// This machine lacks something that may not be installed from here: tests that need it are skipped.
    Missing(String),
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Trouble::Failed(sentence) | Trouble::Missing(sentence) => f.write_str(sentence),
        }
    }
}

/// A failure with its sentence.
pub fn failed<T>(sentence: impl Into<String>) -> Done<T> {
    Err(Trouble::Failed(sentence.into()))
}

/// A prerequisite that is not there, with the sentence that says how to get it.
pub fn missing<T>(sentence: impl Into<String>) -> Done<T> {
    Err(Trouble::Missing(sentence.into()))
}

/// Turns an error of the system into a sentence about what was being done.
pub trait OrSay<T> {
    /// Fails with `doing: cause`, for example "cannot write target/tls/key.pem: disk full".
    fn or_say(self, doing: impl FnOnce() -> String) -> Done<T>;
}

impl<T, E: fmt::Display> OrSay<T> for Result<T, E> {
    fn or_say(self, doing: impl FnOnce() -> String) -> Done<T> {
        self.map_err(|cause| Trouble::Failed(format!("{}: {cause}", doing())))
    }
}

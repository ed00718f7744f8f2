//! The log that the browser shows to developers.

use js_sys::Reflect;

use super::{invoke, window};

/// How a line is written: the console's own methods.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// For information.
    Info,
    /// A warning.
    Warn,
    /// An error.
    Error,
}

/// Writes a line. A console that cannot is none.
pub fn write(kind: Kind, text: &str) {
    let method = match kind {
        Kind::Info => "info",
        Kind::Warn => "warn",
        Kind::Error => "error",
    };
    if let Ok(console) = Reflect::get(&window(), &"console".into()) {
        let _ = invoke(&console, method, &text.into());
    }
}

//! JSON (RFC 8259), as much as the phone needs: values, a reader and a printer.
//!
//! What the CTI server sends is small and mostly unknown: it is looked at field by field and shown as it came. So there
//! is one kind of value and no mapping to types; numbers stay text, as nothing here reckons with them. That makes it a
//! tenth of what a general crate adds to the download.

mod print;
mod read;
mod value;

pub use self::read::ParseError;
pub use self::value::{Number, Object, Value, whole_number};

#[cfg(test)]
mod tests;

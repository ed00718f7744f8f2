//! `Error`: the server could not do what was asked (xuc-cti §6.11).

use super::fields::{Writer, text_of};
use super::mask::mask;
use crate::json::Value;

/// What the server says went wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorMessage {
    /// Its text or code; the whole payload as JSON text where the shape is not the known one. Show as text.
    pub text: String,
}

impl ErrorMessage {
    pub(super) fn read(payload: &Value) -> Self {
        let known = payload.get("Error").and_then(text_of).or_else(|| text_of(payload));
        let text = known.unwrap_or_else(|| {
            let mut payload = payload.clone();
            mask(&mut payload);
            payload.to_string()
        });
        Self { text }
    }

    pub(super) fn write(&self) -> Value {
        Writer::default().put("Error", self.text.as_str()).done()
    }
}

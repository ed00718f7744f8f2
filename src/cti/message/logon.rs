//! `LoggedOnError`: the server accepted the token but could not build the CTI session (xuc-cti §6.1).

use super::fields::{Fields, Writer};
use crate::json::Value;

/// Why there is no CTI session. The server closes the websocket right after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LoggedOnError {
    /// `loggedOnFailed`.
    Failed,
    /// `loggedOnTimeout`: the session was not built in time.
    Timeout,
    /// Anything else, in the server's words.
    Other(String),
}

impl LoggedOnError {
    /// The server's code for it.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Failed => "loggedOnFailed",
            Self::Timeout => "loggedOnTimeout",
            Self::Other(code) => code,
        }
    }

    pub(super) fn read(payload: &Value, complaints: &mut Vec<String>) -> Self {
        // A session that was refused in a strange way was still refused.
        let code =
            Fields::of("LoggedOnError", payload, complaints).and_then(|mut fields| fields.text("Error"));
        match code.as_deref() {
            Some("loggedOnFailed") => Self::Failed,
            Some("loggedOnTimeout") => Self::Timeout,
            Some(other) => Self::Other(other.to_owned()),
            None => Self::Other(String::new()),
        }
    }

    pub(super) fn write(&self) -> Value {
        Writer::default().put("Error", self.as_str()).done()
    }
}

//! What Asterisk is asked to do.

use std::fmt;

use md5::{Digest, Md5};
use xc_webrtc::secret::Secret;

/// An action and its fields.
#[derive(Clone, PartialEq, Eq)]
pub struct Action {
    name: &'static str,
    fields: Vec<(&'static str, String)>,
}

impl Action {
    /// An action without fields.
    pub fn new(name: &'static str) -> Self {
        Self { name, fields: Vec::new() }
    }

    /// Adds a field. A line end in a value would begin a field of its own, which a number that somebody dials must
    /// not: control characters become spaces.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        self.fields.push((name, value.replace(char::is_control, " ")));
        self
    }

    /// The name of the action.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The value of a field.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }

    /// The log-in. The secret itself stays here: what is sent is a digest of it and of Asterisk's challenge.
    pub(super) fn log_in(user: &str, secret: &Secret, challenge: &str) -> Self {
        let digest = Md5::new().chain_update(challenge).chain_update(secret.expose()).finalize();
        let key: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        Self::new("Login")
            .with("AuthType", "MD5")
            .with("Username", user)
            .with("Key", &key)
            // Of all there is: what happens to channels, and which applications the dial plan runs.
            .with("Events", "call,dialplan")
    }

    /// The lines that ask for it.
    pub fn to_wire(&self, id: u64) -> String {
        let fields: String = self.fields.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        format!("Action: {}\r\nActionID: {id}\r\n{fields}\r\n", self.name)
    }
}

impl fmt::Debug for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct(self.name).field("fields", &self.fields).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_go_line_by_line() {
        let action = Action::new("Hangup").with("Channel", "PJSIP/alice-00000001").with("Cause", "16");
        assert_eq!(
            action.to_wire(7),
            "Action: Hangup\r\nActionID: 7\r\nChannel: PJSIP/alice-00000001\r\nCause: 16\r\n\r\n"
        );
    }

    #[test]
    fn no_value_begins_a_field_or_an_action_of_its_own() {
        let evil = "1002\r\nApplication: System\r\nData: reboot\r\n\r\nAction: Originate";
        let wire = Action::new("Originate").with("Exten", evil).to_wire(1);
        assert_eq!(wire.matches("\r\n").count(), 4, "{wire}");
        assert!(wire.ends_with("\r\n\r\n"));
    }

    #[test]
    fn the_secret_is_not_sent() {
        let wire = Action::log_in("xc", &Secret::new("s3cret"), "168033").to_wire(1);
        assert!(!wire.contains("s3cret"), "{wire}");
        // MD5 of `168033s3cret`.
        assert!(wire.contains("Key: a6d997d3e28af270df036109caf8a647"), "{wire}");
    }
}

//! What Asterisk says.

/// What Asterisk writes where it knows no name or number.
const UNKNOWN: &str = "<unknown>";

/// A block of lines `Name: value`: an event, or the response to an action.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message {
    fields: Vec<(String, String)>,
}

impl Message {
    /// The value of a field, empty or not; the first where there are several.
    pub fn get(&self, name: &str) -> Option<&str> {
        let field = self.fields.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        field.map(|(_, value)| value.as_str())
    }

    /// The value of a field that says something.
    pub fn filled(&self, name: &str) -> Option<&str> {
        self.get(name).filter(|value| !value.is_empty() && *value != UNKNOWN)
    }

    /// The name of the event; `None` for a response.
    pub fn event(&self) -> Option<&str> {
        self.filled("Event")
    }

    /// What came of an action; `None` when this is not the response to one.
    pub fn response(&self) -> Option<Result<(), &str>> {
        if self.event().is_some() {
            return None;
        }
        match self.get("Response")? {
            "Success" => Some(Ok(())),
            _ => Some(Err(self.filled("Message").unwrap_or("Asterisk did not say why"))),
        }
    }

    /// The action that a response, or an event that belongs to one, answers.
    pub fn action(&self) -> Option<u64> {
        self.get("ActionID")?.parse().ok()
    }

    pub(super) fn push(&mut self, name: &str, value: &str) {
        self.fields.push((name.to_owned(), value.to_owned()));
    }

    pub(super) fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }
}

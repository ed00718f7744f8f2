//! A person whose calls are told over CTI, and their PJSIP endpoint.

use xc_webrtc::cti::message::{PhoneStatus, UserConfig};

/// The context that calls begin in when Asterisk does not tell the endpoint's own.
const CONTEXT: &str = "default";

/// Somebody's line.
#[derive(Debug)]
pub(super) struct Line {
    login: String,
    number: Option<String>,
    name: Option<String>,
    context: Option<String>,
    /// Asterisk has no phone to ring.
    pub unreachable: bool,
    /// What was told last.
    pub status: Option<PhoneStatus>,
    pub transfer: Option<Transfer>,
}

/// An attended transfer under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Transfer {
    /// The channel of the call that is to be transferred.
    pub of: String,
    /// The channel of the call to where it is to go.
    pub consultation: String,
}

impl Line {
    pub fn new(login: &str) -> Self {
        Self {
            login: login.to_owned(),
            number: None,
            name: None,
            context: None,
            unreachable: false,
            status: None,
            transfer: None,
        }
    }

    /// The number that others dial; the login until Asterisk has told a better one.
    pub fn number(&self) -> &str {
        self.number.as_deref().unwrap_or(&self.login)
    }

    /// Where the dial plan has the numbers that this phone may call.
    pub fn context(&self) -> &str {
        self.context.as_deref().unwrap_or(CONTEXT)
    }

    /// Asterisk has told the endpoint's `context`.
    pub fn learn_context(&mut self, context: &str) {
        self.context = Some(context.to_owned()).filter(|context| !context.is_empty());
    }

    /// Asterisk has told the endpoint's `callerid`: `"Alice Martin" <1001>`.
    pub fn learn_caller_id(&mut self, caller_id: &str) {
        let caller_id = if caller_id == "<unknown>" { "" } else { caller_id };
        let (name, number) = match caller_id.rsplit_once('<') {
            Some((name, number)) => (name, number.trim_end().trim_end_matches('>')),
            None => ("", caller_id),
        };
        let filled = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        self.name = filled(name.trim().trim_matches('"'));
        self.number = filled(number);
    }

    /// What the page is told of the person.
    pub fn user(&self) -> Option<UserConfig> {
        let name = self.name.as_ref()?;
        let (first, last) = name.split_once(' ').unwrap_or((name, ""));
        Some(UserConfig {
            full_name: Some(name.clone()),
            first_name: Some(first.to_owned()),
            last_name: Some(last.to_owned()),
            ..UserConfig::default()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_caller_id_is_read_in_all_its_forms() {
        let learn = |caller_id: &str| {
            let mut line = Line::new("alice");
            line.learn_caller_id(caller_id);
            (line.name.clone(), line.number().to_owned())
        };
        let name = |name: &str| Some(name.to_owned());
        assert_eq!(learn("\"Alice Martin\" <1001>"), (name("Alice Martin"), "1001".into()));
        assert_eq!(learn("Alice <1001>"), (name("Alice"), "1001".into()));
        assert_eq!(learn("<1001>"), (None, "1001".into()));
        assert_eq!(learn("1001"), (None, "1001".into()));
        assert_eq!(learn("\"Alice\" <>"), (name("Alice"), "alice".into()));
        assert_eq!(learn(""), (None, "alice".into()));
        assert_eq!(learn("<unknown>"), (None, "alice".into()));
    }
}

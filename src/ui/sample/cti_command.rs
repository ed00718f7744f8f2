//! A CTI command made of what a row's fields hold: pure.

use super::method_row::Asked;
use crate::json::{Object, Value};
use crate::phone::api::Command;
use crate::ui::texts::SampleTexts;

/// A command as it is written on the wire, or what is wrong with its arguments.
#[derive(Debug)]
pub struct CtiCommand {
    texts: &'static SampleTexts,
    written: Result<Object, String>,
}

impl CtiCommand {
    /// That command, without arguments.
    pub fn new(command: &str, texts: &'static SampleTexts) -> Self {
        let mut written = Object::default();
        written.insert("command", command);
        Self { texts, written: Ok(written) }
    }

    /// With that argument.
    pub fn put(mut self, name: &str, value: impl Into<Value>) -> Self {
        if let Ok(written) = &mut self.written {
            written.insert(name, value);
        }
        self
    }

    /// With an argument that has to be there.
    pub fn required(self, name: &str, typed: &str) -> Self {
        match typed.trim() {
            "" => self.refused(|texts| (texts.missing)(name)),
            typed => self.put(name, typed),
        }
    }

    /// With an argument that is left out where nothing is typed.
    pub fn optional(self, name: &str, typed: &str) -> Self {
        match typed.trim() {
            "" => self,
            typed => self.put(name, typed),
        }
    }

    /// With an argument that is an object, left out where nothing is typed.
    pub fn object(self, name: &str, typed: &str) -> Self {
        if typed.trim().is_empty() {
            return self;
        }
        match typed.parse() {
            Ok(value @ Value::Object(_)) => self.put(name, value),
            _ => self.refused(|texts| (texts.not_an_object)(name)),
        }
    }

    /// With an argument that is a list, typed with commas between its parts; it has to have some.
    pub fn list(self, name: &str, typed: &str) -> Self {
        let parts = typed.split(',').map(str::trim).filter(|part| !part.is_empty());
        let parts: Vec<Value> = parts.map(Value::from).collect();
        if parts.is_empty() { self.refused(|texts| (texts.missing)(name)) } else { self.put(name, parts) }
    }

    /// The first thing that is wrong is told.
    fn refused(mut self, why: impl FnOnce(&SampleTexts) -> String) -> Self {
        if self.written.is_ok() {
            self.written = Err(why(self.texts));
        }
        self
    }
}

impl From<CtiCommand> for Asked {
    fn from(command: CtiCommand) -> Self {
        match command.written {
            Ok(written) => Self::Command(Command::cti(&Value::Object(written))),
            Err(why) => Self::Refused(why),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::texts::Language;

    fn command(name: &str) -> CtiCommand {
        CtiCommand::new(name, Language::English.sample_texts())
    }

    fn written(command: CtiCommand) -> String {
        Value::Object(command.written.expect("a command")).to_string()
    }

    #[test]
    fn arguments_stand_beside_the_command() {
        assert_eq!(written(command("hangup").optional("uniqueId", " ")), r#"{"command":"hangup"}"#);
        let dial = command("dial").required("destination", " 1002 ").object("variables", r#"{"a": "b"}"#);
        assert_eq!(written(dial), r#"{"command":"dial","destination":"1002","variables":{"a":"b"}}"#);
        let hints = command("subscribeToPhoneHints").list("phoneNumbers", "1001, ,1002");
        assert_eq!(written(hints), r#"{"command":"subscribeToPhoneHints","phoneNumbers":["1001","1002"]}"#);
    }

    #[test]
    fn what_is_missing_or_no_json_is_told_first_things_first() {
        let refusal = |command: CtiCommand| command.written.expect_err("no command");
        let refused = refusal(command("dial").required("destination", "").object("variables", "{"));
        assert!(refused.contains("destination"), "{refused}");
        for bad in ["{", "1", "[]", "null", "x"] {
            assert!(refusal(command("setData").object("variables", bad)).contains("variables"), "{bad}");
        }
        assert!(refusal(command("x").list("phoneNumbers", " , ")).contains("phoneNumbers"));
    }
}

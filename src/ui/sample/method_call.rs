//! A method of the library with its arguments, as a page calls it and as it is written: pure.

use crate::cti::message::mask;
use crate::json::Value;
use crate::ui::texts::SampleTexts;

/// The two objects of the library.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// The phone in the browser.
    XcWebrtc,
    /// What the CTI server does.
    Cti,
}

impl Owner {
    /// Its name in pages.
    pub const fn name(self) -> &'static str {
        match self {
            Self::XcWebrtc => "xc_webrtc",
            Self::Cti => "Cti",
        }
    }
}

/// A method, and the arguments that are known of it; or what is wrong with what was typed.
#[derive(Clone, Debug)]
pub struct MethodCall {
    owner: Owner,
    method: &'static str,
    /// `None`: left out.
    arguments: Vec<Option<Value>>,
    problem: Option<String>,
}

impl MethodCall {
    /// That method of `xc_webrtc`, without arguments.
    pub fn xc_webrtc(method: &'static str) -> Self {
        Self { owner: Owner::XcWebrtc, method, arguments: Vec::new(), problem: None }
    }

    /// That method of `Cti`, without arguments.
    pub fn cti(method: &'static str) -> Self {
        Self { owner: Owner::Cti, ..Self::xc_webrtc(method) }
    }

    /// With that argument.
    pub fn with(self, value: impl Into<Value>) -> Self {
        self.and(Some(value.into()))
    }

    /// With that argument, or without.
    pub fn maybe(self, value: Option<String>) -> Self {
        self.and(value.map(Value::from))
    }

    fn and(mut self, value: Option<Value>) -> Self {
        self.arguments.push(value);
        self
    }

    /// With an argument that has to be there.
    pub fn required(self, name: &str, typed: &str, t: &SampleTexts) -> Self {
        match typed.trim() {
            "" => self.refused(|| (t.missing)(name)),
            typed => self.with(typed),
        }
    }

    /// With an argument that is left out where nothing is typed.
    pub fn optional(self, typed: &str) -> Self {
        self.maybe(Some(typed.trim().to_owned()).filter(|typed| !typed.is_empty()))
    }

    /// With an argument that is an object, left out where nothing is typed.
    pub fn object(self, name: &str, typed: &str, t: &SampleTexts) -> Self {
        match typed.parse() {
            _ if typed.trim().is_empty() => self.and(None),
            Ok(value @ Value::Object(_)) => self.with(value),
            _ => self.refused(|| (t.not_an_object)(name)),
        }
    }

    /// With an argument that is a list, typed with commas between its parts; it has to have some.
    pub fn list(self, name: &str, typed: &str, t: &SampleTexts) -> Self {
        let parts = typed.split(',').map(str::trim).filter(|part| !part.is_empty());
        let parts: Vec<Value> = parts.map(Value::from).collect();
        if parts.is_empty() { self.refused(|| (t.missing)(name)) } else { self.with(parts) }
    }

    /// Is not called, for that reason; the first one is told.
    pub fn refused(mut self, why: impl FnOnce() -> String) -> Self {
        if self.problem.is_none() {
            self.problem = Some(why());
        }
        self
    }

    /// Why it cannot be called.
    pub fn problem(&self) -> Option<&str> {
        self.problem.as_deref()
    }

    /// Whose method it is.
    pub fn owner(&self) -> Owner {
        self.owner
    }

    /// Its name.
    pub fn method(&self) -> &str {
        self.method
    }

    /// Its arguments, up to the last that is there; `None`: left out, and others follow.
    pub fn arguments(&self) -> impl Iterator<Item = Option<&Value>> {
        let count = self.arguments.iter().rposition(Option::is_some).map_or(0, |last| last + 1);
        self.arguments.iter().take(count).map(Option::as_ref)
    }

    /// As a page writes it; secrets are masked.
    pub fn to_text(&self) -> String {
        let mut text = [self.owner.name(), ".", self.method, "("].concat();
        for (at, argument) in self.arguments().enumerate() {
            if at > 0 {
                text.push_str(", ");
            }
            match argument {
                Some(argument) => {
                    let mut shown = argument.clone();
                    mask(&mut shown);
                    text.push_str(&shown.to_string());
                }
                None => text.push_str("undefined"),
            }
        }
        text.push(')');
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::texts::Language;

    #[test]
    fn it_is_written_as_pages_write_it() {
        let t = Language::English.sample_texts();
        assert_eq!(MethodCall::cti("hangup").optional(" ").to_text(), "Cti.hangup()");
        let dial = MethodCall::cti("dial").required("destination", " 1002 ", t).object(
            "variables",
            r#"{"a": "b"}"#,
            t,
        );
        assert_eq!(dial.to_text(), r#"Cti.dial("1002", {"a":"b"})"#);
        let answer = MethodCall::xc_webrtc("answerBySipCallId").maybe(None).with(true);
        assert_eq!(answer.to_text(), "xc_webrtc.answerBySipCallId(undefined, true)");
        let hints = MethodCall::cti("subscribeToPhoneHints").list("phoneNumbers", "1001, ,1002", t);
        assert_eq!(hints.to_text(), r#"Cti.subscribeToPhoneHints(["1001","1002"])"#);
        let other = MethodCall::cti("sendCallback").object("command", r#"{"token": "t0"}"#, t);
        assert_eq!(other.to_text(), r#"Cti.sendCallback({"token":"•••"})"#);
    }

    #[test]
    fn what_is_missing_or_no_json_is_told_first_things_first() {
        let t = Language::English.sample_texts();
        let problem = |call: MethodCall| call.problem().expect("a problem").to_owned();
        let dial = MethodCall::cti("dial").required("destination", "", t).object("variables", "{", t);
        assert!(problem(dial).contains("destination"));
        for bad in ["{", "1", "[]", "null", "x"] {
            assert!(
                problem(MethodCall::cti("setData").object("variables", bad, t)).contains("variables"),
                "{bad}"
            );
        }
        assert!(problem(MethodCall::cti("x").list("phoneNumbers", " , ", t)).contains("phoneNumbers"));
    }
}

//! What the sample page gathers: events, messages, and what the server told of the user.

use super::awaited::Awaited;
use super::library::{Heard, Library};
use super::method_call::MethodCall;
use super::pane::Pane;
use super::steps::Steps;
use super::xc_webrtc::{self, JsValue};
use crate::browser::spawn;
use crate::json::{Object, Value};
use crate::time::Instant;
use crate::ui::shapes::*;
use crate::ui::state::{Ui, move_on};

/// The fields of `UserConfigUpdate` and `VoiceMailStatusUpdate`, in the order of the panel.
pub const FIELDS: [&str; 16] = [
    "userId",
    "fullName",
    "mobileNumber",
    "agentId",
    "voiceMailId",
    "voiceMailEnabled",
    "newMessages",
    "waitingMessages",
    "oldMessages",
    "dndEnabled",
    "naFwdEnabled",
    "naFwdDestination",
    "uncFwdEnabled",
    "uncFwdDestination",
    "busyFwdEnabled",
    "busyFwdDestination",
];

/// The levels of the log, by their names in the API; and the place of the one that the page begins with.
pub const LEVELS: &[&str] = &["info", "warn", "error", "fatal"];
const WARN: usize = 1;

/// What was told of the user so far.
pub type Known = Object;

/// What is logged, as it was chosen last.
#[derive(Clone, Copy, Debug)]
pub struct Logged {
    /// The place of the level among their names.
    pub level: usize,
    /// Events are.
    pub events: bool,
    /// The coming and going of handlers is.
    pub handlers: bool,
    /// SIP messages are shown.
    pub messages: bool,
}

/// What came of a call of a method.
pub struct Answer {
    /// It did what it was asked, or has begun to.
    pub accepted: bool,
    /// The method as it was called, and what it answered.
    pub words: String,
    /// It answered that it will tell.
    pub promise: Option<JsValue>,
}

/// Handed to the parts of the sample page by context; outlives a change of language.
#[derive(Clone, Copy)]
pub struct Bench {
    ui: Ui,
    library: StoredValue<Library, LocalStorage>,
    /// What the handlers of `Cti` were called with.
    pub phone_events: Pane,
    /// What the handlers of `xc_webrtc` were called with, SIP messages where they are wanted, and the log.
    pub webrtc_events: Pane,
    /// SIP messages where they are wanted, and CTI messages, for the ladder.
    pub ladder: Pane,
    steps: StoredValue<Steps>,
    /// What was told of the user.
    known: StoredValue<Known>,
    /// Moves on when more was told.
    told: RwSignal<u32>,
    /// What is logged, as it was chosen last.
    pub logged: StoredValue<Logged>,
    awaited: StoredValue<Awaited>,
}

impl Bench {
    /// Gathers from now on.
    pub fn follow(ui: Ui, library: Library) -> Self {
        let bench = Self {
            ui,
            library: StoredValue::new_local(library.clone()),
            phone_events: Pane::new(1),
            webrtc_events: Pane::new(0),
            ladder: Pane::new(2),
            steps: StoredValue::new(Steps::default()),
            known: StoredValue::new(Known::default()),
            told: RwSignal::new(0),
            logged: StoredValue::new(Logged { level: WARN, events: false, handlers: false, messages: false }),
            awaited: StoredValue::new(Awaited::default()),
        };
        library.listen(move |heard| bench.record(heard));
        // At once, and what is logged of it is no answer to a row.
        bench.ask(&bench.apply(bench.logged.get_value()));
        // Who logs in next is somebody else.
        watch(move || {
            if !ui.logged_in.get() {
                bench.update_known(|known| *known = Known::default());
            }
        });
        bench
    }

    /// The one of this page.
    pub fn current() -> Self {
        expect_context()
    }

    /// Reads what was told of the user, and follows it.
    pub fn known<T>(self, read: impl FnOnce(&Known) -> T) -> T {
        self.told.track();
        self.known.with_value(read)
    }

    fn update_known(self, change: impl FnOnce(&mut Known)) {
        self.known.update_value(change);
        move_on(self.told);
    }

    /// Has the first event or message of one of these names told in `answer`.
    pub fn wait(self, names: &'static [&'static str], since: Instant, answer: RwSignal<String>) {
        self.awaited.update_value(|awaited| awaited.wait(names, since, answer));
    }

    /// Has nothing told there any more.
    pub fn forget(self, answer: RwSignal<String>) {
        self.awaited.update_value(|awaited| awaited.forget(answer));
    }

    /// Calls a method, and says what came of it.
    pub fn ask(self, call: &MethodCall) -> Answer {
        if let Some(problem) = call.problem() {
            let words = (self.ui.sample_texts().refused)(problem);
            return Answer { accepted: false, words, promise: None };
        }
        let library = self.library.with_value(Clone::clone);
        let outcome = library.call(call);
        let complaint = library.complaint();
        let mut words = call.to_text();
        words.push_str(" → ");
        match outcome {
            Ok(promise) if xc_webrtc::is_promise(&promise) => {
                words.push_str("Promise");
                Answer { accepted: true, words, promise: Some(promise) }
            }
            Ok(answer) => {
                words.push_str(&xc_webrtc::words(&answer));
                if !complaint.is_empty() {
                    words.push_str(" · ");
                    words.push_str(&complaint);
                }
                Answer {
                    accepted: complaint.is_empty() && answer.as_bool() != Some(false),
                    words,
                    promise: None,
                }
            }
            Err(thrown) => {
                words.push_str(&xc_webrtc::reason(&thrown));
                Answer { accepted: false, words, promise: None }
            }
        }
    }

    /// Tells in `answer` what became of a promise.
    pub fn follow_up(self, promise: JsValue, begun: Instant, answer: RwSignal<String>) {
        spawn(async move {
            let words = match xc_webrtc::settled(promise).await {
                Ok(kept) => xc_webrtc::words(&kept),
                Err(error) => xc_webrtc::reason(&error),
            };
            let took = (self.ui.sample_texts().took)(self.ui.moment().saturating_since(begun));
            // The row may be gone, with a change of language.
            answer.try_set([&words, " · ", &took].concat());
        });
    }

    /// Has that logged from now on.
    pub fn apply(self, logged: Logged) -> MethodCall {
        self.logged.set_value(logged);
        self.library.with_value(|library| library.show_sip(logged.messages));
        MethodCall::xc_webrtc("setDebug")
            .with(LEVELS.get(logged.level).copied().unwrap_or("error"))
            .with(logged.events)
            .with(logged.handlers)
    }

    /// Tells the rows that waited for it.
    fn answer(self, heard: &Heard) {
        let (now, texts) = (self.ui.moment(), self.ui.sample_texts());
        let mut answers = Vec::new();
        self.awaited.update_value(|awaited| answers = awaited.take(heard, now, texts));
        for (answer, words) in answers {
            answer.set(words);
        }
    }

    /// Draws a message on the ladder.
    fn climb(self, group: &'static str, message: &str, label: impl FnOnce(&mut Steps, Instant) -> String) {
        let now = self.ui.moment();
        let mut words = String::new();
        self.steps.update_value(|steps| words = label(steps, now));
        self.ladder.push(group, &words, message);
    }

    /// Writes it down in the pane of its side.
    fn record(self, heard: &Heard) {
        self.answer(heard);
        match heard {
            Heard::Event(topic, event) => {
                let kind = event.get("type").and_then(Value::as_str).unwrap_or_default();
                self.webrtc_events.push(topic, kind, &event.to_string());
            }
            Heard::Cti(msg_type, payload) => {
                let data = payload.to_string();
                self.phone_events.push("cti", msg_type, &data);
                // What the library says of the link is no message.
                if msg_type != "LinkStatusUpdate" {
                    self.climb("cti", &data, |steps, now| steps.of_cti(msg_type, payload, now));
                }
                if matches!(msg_type.as_str(), "UserConfigUpdate" | "VoiceMailStatusUpdate") {
                    self.update_known(|known| merge(known, payload));
                }
            }
            Heard::Sip { sent, text } => {
                let (line, rest) = text.split_once('\n').unwrap_or((text, ""));
                let group = if *sent { "sip out" } else { "sip in" };
                self.webrtc_events.push(group, line.trim_end(), rest);
                self.climb(group, text, |steps, now| steps.of_sip(*sent, text, now));
            }
            Heard::Log(function, line) => self.webrtc_events.push("log", function, line),
        }
    }
}

/// Takes over what an update says. `null` says nothing (xuc-cti §6.2: a partial update).
fn merge(known: &mut Known, update: &Value) {
    for field in FIELDS {
        if let Some(value) = update.get(field).filter(|value| !value.is_null()) {
            known.insert(field, value.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str) -> Value {
        text.parse().expect("JSON")
    }

    #[test]
    fn a_partial_update_keeps_what_was_known() {
        let mut known = Known::default();
        merge(&mut known, &json(r#"{"userId": 42, "fullName": "Maria Lopez", "dndEnabled": false}"#));
        merge(&mut known, &json(r#"{"fullName": null, "dndEnabled": true, "other": 1}"#));
        let told = r#"{"userId":42,"fullName":"Maria Lopez","dndEnabled":true}"#;
        assert_eq!(Value::from(known), json(told));
    }

    #[test]
    fn anything_else_than_an_object_changes_nothing() {
        let mut known = Known::default();
        for update in ["null", "[1]", "\"x\""] {
            merge(&mut known, &json(update));
        }
        assert!(known.is_empty());
    }
}

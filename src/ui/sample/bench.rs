//! What the sample page gathers: events, messages, and what the server told of the user.

use super::awaited::Awaited;
use super::pane::Pane;
use super::steps::Steps;
use crate::json::{Object, Value};
use crate::phone::api::{Debug, Notice};
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

/// What was told of the user so far.
pub type Known = Object;

/// Handed to the parts of the sample page by context; outlives a change of language.
#[derive(Clone, Copy)]
pub struct Bench {
    ui: Ui,
    /// Messages and diagnostics of the CTI side.
    pub phone_events: Pane,
    /// Events of the phone, SIP messages where they are wanted, and diagnostics of the SIP side.
    pub webrtc_events: Pane,
    /// SIP messages where they are wanted, and CTI messages, for the ladder.
    pub ladder: Pane,
    steps: StoredValue<Steps>,
    /// What was told of the user.
    known: StoredValue<Known>,
    /// Moves on when more was told.
    told: RwSignal<u32>,
    /// What is logged, as it was chosen last.
    pub debug: StoredValue<Debug>,
    awaited: StoredValue<Awaited>,
}

impl Bench {
    /// Gathers from now on.
    pub fn follow(ui: Ui) -> Self {
        let bench = Self {
            ui,
            phone_events: Pane::new(),
            webrtc_events: Pane::new(),
            ladder: Pane::new(),
            steps: StoredValue::new(Steps::default()),
            known: StoredValue::new(Known::default()),
            told: RwSignal::new(0),
            debug: StoredValue::new(Debug::default()),
            awaited: StoredValue::new(Awaited::default()),
        };
        ui.listen(move |notice| bench.record(notice));
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

    /// Tells the rows that waited for it.
    fn answer(self, notice: &Notice) {
        let (now, texts) = (self.ui.moment(), self.ui.sample_texts());
        let mut answers = Vec::new();
        self.awaited.update_value(|awaited| answers = awaited.take(notice, now, texts));
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

    /// Writes a notice down in the pane of its side.
    fn record(self, notice: &Notice) {
        self.answer(notice);
        match notice {
            Notice::Changed | Notice::ToCti(_) => {}
            Notice::Event(event) => {
                let data = event.to_json().to_string();
                self.webrtc_events.push(event.group().as_str(), event.type_name(), &data);
            }
            Notice::Cti { msg_type, payload } => {
                let data = payload.to_string();
                self.phone_events.push("cti", msg_type, &data);
                self.climb("cti", &data, |steps, now| steps.of_cti(msg_type, payload, now));
                if matches!(msg_type.as_str(), "UserConfigUpdate" | "VoiceMailStatusUpdate") {
                    self.update_known(|known| merge(known, payload));
                }
            }
            Notice::Sip { sent, text } => {
                let (line, rest) = text.split_once('\n').unwrap_or((text, ""));
                let group = if *sent { "sip out" } else { "sip in" };
                self.webrtc_events.push(group, line.trim_end(), rest);
                self.climb(group, text, |steps, now| steps.of_sip(*sent, text, now));
            }
            Notice::Diagnostic { source, text } => {
                let pane = if *source == "sip" { self.webrtc_events } else { self.phone_events };
                pane.push("diagnostic", source, text);
            }
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

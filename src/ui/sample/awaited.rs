//! What the rows wait for: the event or message that tells what came of a command.

use super::library::Heard;
use crate::json::Value;
use crate::time::Instant;
use crate::ui::shapes::*;
use crate::ui::texts::SampleTexts;

/// The rows that wait; each for the first of its names.
#[derive(Debug, Default)]
pub struct Awaited(Vec<Waiting>);

#[derive(Debug)]
struct Waiting {
    names: &'static [&'static str],
    since: Instant,
    /// Where the answer is shown.
    answer: RwSignal<String>,
}

impl Awaited {
    /// Waits for the first event or message of one of these names. What the same row waited for before does not matter
    /// any more.
    pub fn wait(&mut self, names: &'static [&'static str], since: Instant, answer: RwSignal<String>) {
        self.forget(answer);
        if !names.is_empty() {
            self.0.push(Waiting { names, since, answer });
        }
    }

    /// Waits no more.
    pub fn forget(&mut self, answer: RwSignal<String>) {
        self.0.retain(|waiting| waiting.answer != answer);
    }

    /// Who waited for this, and what is to be shown there.
    pub fn take(
        &mut self,
        heard: &Heard,
        now: Instant,
        texts: &SampleTexts,
    ) -> Vec<(RwSignal<String>, String)> {
        let Some((name, reason)) = (if self.0.is_empty() { None } else { told(heard) }) else {
            return Vec::new();
        };
        let found = self.0.extract_if(.., |waiting| waiting.names.contains(&name));
        found
            .map(|waiting| {
                let took = (texts.took)(now.saturating_since(waiting.since));
                let reason = reason.map(|reason| format!(" ({reason})")).unwrap_or_default();
                (waiting.answer, format!("{name}{reason} · {took}"))
            })
            .collect()
    }
}

/// The name that something is awaited by, and why it says no, where it does.
fn told(heard: &Heard) -> Option<(&str, Option<&str>)> {
    match heard {
        Heard::Event(_, event) => {
            let reason = event.get("data").and_then(|data| data.get("reason")).and_then(Value::as_str);
            Some((event.get("type")?.as_str()?, reason))
        }
        Heard::Cti(msg_type, payload) => {
            let text = |name| payload.get(name).and_then(Value::as_str);
            match msg_type.as_str() {
                "PhoneEvent" => text("eventType").map(|kind| (kind, None)),
                "Error" => Some(("Error", text("Error"))),
                other => Some((other, None)),
            }
        }
        Heard::Sip { .. } | Heard::Log(..) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_awaited_by_their_type_and_phone_events_by_theirs() {
        let event = |text: &str| Heard::Event("general", text.parse().expect("JSON"));
        let failed = event(r#"{"type": "Failed", "data": {"reason": "no socket"}}"#);
        assert_eq!(told(&failed), Some(("Failed", Some("no socket"))));
        assert_eq!(told(&event(r#"{"type": "Started"}"#)), Some(("Started", None)));
        assert_eq!(told(&event("[]")), None);
        let cti = |msg_type: &str, payload: &str| Heard::Cti(msg_type.into(), payload.parse().expect("JSON"));
        let dialing = cti("PhoneEvent", r#"{"eventType": "EventDialing"}"#);
        assert_eq!(told(&dialing), Some(("EventDialing", None)));
        assert_eq!(told(&cti("PhoneEvent", "[]")), None);
        assert_eq!(told(&cti("Error", r#"{"Error": "<b>no</b>"}"#)), Some(("Error", Some("<b>no</b>"))));
        assert_eq!(told(&cti("LineConfig", "null")), Some(("LineConfig", None)));
        assert_eq!(told(&Heard::Log("info", "Started".into())), None);
    }
}

//! What the server tells of the user, and the services of the line.

use stylers_macro::style_sheet;

use super::bench::{Bench, FIELDS, Known};
use super::service::Service;
use crate::json::Value;
use crate::ui::shapes::*;
use crate::ui::state::Ui;
use crate::ui::texts::SampleTexts;

/// Names and values, by the names of the protocol.
#[component]
pub fn UserPanel() -> impl IntoView {
    let class = style_sheet!("./style/user_panel.css");
    let t = Ui::current().sample_texts();
    let bench = Bench::current();
    // Keyed by the place in the table of fields.
    let told = move || {
        bench.known(|known| {
            (0..).zip(FIELDS).filter(|(_, field)| known.get(field).is_some()).map(|(at, _)| at).collect()
        })
    };
    let line = move |at: u64| {
        let field = FIELDS[at as usize];
        let value =
            move || bench.known(|known| known.get(field).map(|value| in_words(value, t)).unwrap_or_default());
        view! { class = class,
            <div class="pair">
                <dt class="field">{field}</dt>
                <dd class="value">{move || value()}</dd>
            </div>
        }
        .into_any()
    };
    view! { class = class,
        <dl class="pairs">{keyed(told, line)}</dl>
        <div class="services" hidden=move || bench.known(Known::is_empty)>
            <Service label=t.dnd command="dnd" state="dndEnabled" />
            <Service label=t.forward_no_answer command="naFwd" state="naFwdEnabled" target="naFwdDestination" />
            <Service label=t.forward_always command="uncFwd" state="uncFwdEnabled" target="uncFwdDestination" />
            <Service label=t.forward_busy command="busyFwd" state="busyFwdEnabled" target="busyFwdDestination" />
        </div>
        <p class="none" hidden=move || bench.known(|known| !known.is_empty())>{t.user_empty}</p>
    }
}

/// A value as the panel shows it.
fn in_words(value: &Value, texts: &SampleTexts) -> String {
    match value {
        Value::Bool(true) => texts.yes.to_owned(),
        Value::Bool(false) => texts.no.to_owned(),
        Value::String(text) => text.clone(),
        other @ (Value::Null | Value::Number(_) | Value::Array(_) | Value::Object(_)) => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::texts::Language;

    #[test]
    fn values_are_shown_without_their_json() {
        let texts = Language::English.sample_texts();
        let shown =
            [true.into(), false.into(), "<b>".into(), 42i64.into()].map(|value| in_words(&value, texts));
        assert_eq!(shown, ["yes", "no", "<b>", "42"]);
    }
}

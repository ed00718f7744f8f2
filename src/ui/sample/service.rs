//! A service of the user's line: do not disturb, or a forward.

use stylers_macro::style_sheet;

use super::bench::{Answer, Bench, Known};
use super::method_call::MethodCall;
use crate::json::Value;
use crate::ui::shapes::*;
use crate::ui::state::Ui;

/// A box that asks the server. It shows what the server says, not what was clicked: `UserConfigUpdate` moves it.
#[component]
pub fn Service(
    /// What it does.
    label: &'static str,
    /// The method of `Cti`.
    command: &'static str,
    /// The field of `UserConfigUpdate` that says whether it is on.
    state: &'static str,
    /// The field that says where calls go, for a forward.
    #[prop(optional)]
    target: &'static str,
) -> impl IntoView {
    let class = style_sheet!("./style/service.css");
    let t = Ui::current().sample_texts();
    let bench = Bench::current();
    let is_on = move |known: &Known| known.get(state) == Some(&Value::Bool(true));
    let destination =
        move |known: &Known| known.get(target).and_then(Value::as_str).unwrap_or_default().to_owned();
    // What the server said last, or what was typed since.
    let typed = RwSignal::new(String::new());
    let mut before = String::new();
    watch(move || {
        let now = bench.known(destination);
        if before != now {
            typed.set(now.clone());
            before = now;
        }
    });
    let problem = RwSignal::new(String::new());
    let click = on(move |event| {
        // The box stays as it is until the server confirms.
        event.prevent_default();
        let state = !untrack(|| bench.known(is_on));
        let call = MethodCall::cti(command);
        let call = if target.is_empty() { call } else { call.with(typed.get_untracked()) };
        let Answer { accepted, words, .. } = bench.ask(&call.with(state));
        problem.set(if accepted { String::new() } else { words });
    });
    let target_field = (!target.is_empty()).then(|| {
        view! { class = class,
            <input
                class="target"
                type="text"
                inputmode="tel"
                autocomplete="off"
                aria-label=(t.forward_to)(label)
                prop:value=move || typed.get()
                on:input=on(move |event| typed.set(event_target_value(&event)))
            />
        }
        .into_any()
    });
    view! { class = class,
        <div class="service">
            <label class="label">
                <input class="box" type="checkbox" prop:checked=move || bench.known(is_on) on:click=click />
                {label}
            </label>
            {maybe(target_field)}
            <p class="problem" role="alert">{move || problem.get()}</p>
        </div>
    }
}

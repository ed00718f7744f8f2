//! A service of the user's line: do not disturb, or a forward.

use leptos::ev::MouseEvent;
use leptos::html::Input;
use leptos::prelude::*;
use serde_json::{Map, Value};
use stylers_macro::style_sheet;

use super::bench::Bench;
use crate::phone::api::Command;
use crate::ui::state::Ui;

/// A box that asks the server. It shows what the server says, not what was clicked: `UserConfigUpdate` moves it.
#[component]
pub fn Service(
    /// What it does.
    label: &'static str,
    /// The CTI command.
    command: &'static str,
    /// The field of `UserConfigUpdate` that says whether it is on.
    state: &'static str,
    /// The field that says where calls go, for a forward.
    #[prop(optional)]
    target: &'static str,
) -> impl IntoView {
    let class = style_sheet!("./style/service.css");
    let ui = Ui::current();
    let texts = ui.texts();
    let known = Bench::current().known;
    let field = NodeRef::<Input>::new();
    let on = move || known.with(|known| known.get(state) == Some(&Value::Bool(true)));
    let destination =
        move || known.with(|known| known.get(target).and_then(Value::as_str).unwrap_or_default().to_owned());
    let problem = RwSignal::new("");
    let click = move |event: MouseEvent| {
        // The box stays as it is until the server confirms.
        event.prevent_default();
        let mut asked = Map::new();
        asked.insert("command".to_owned(), command.into());
        asked.insert("state".to_owned(), (!untrack(on)).into());
        if let Some(field) = field.get_untracked() {
            asked.insert("destination".to_owned(), field.value().into());
        }
        let refusal = ui.command(Command::Cti(Value::Object(asked))).err();
        problem.set(refusal.map_or("", |refusal| texts.refusal(&refusal)));
    };
    let target_field = (!target.is_empty()).then(|| {
        view! { class = class,
            <input
                class="target"
                type="text"
                inputmode="tel"
                autocomplete="off"
                aria-label=(texts.sample.forward_to)(label)
                node_ref=field
                prop:value=destination
            />
        }
    });
    view! { class = class,
        <div class="service">
            <label class="label">
                <input class="box" type="checkbox" prop:checked=on on:click=click />
                {label}
            </label>
            {target_field}
            <p class="problem" role="alert">{problem}</p>
        </div>
    }
}

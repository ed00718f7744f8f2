//! The optional argument of a method that acts on a call.

use leptos::prelude::*;
use stylers_macro::style_sheet;

use crate::phone::call::{Call, CallKey};
use crate::ui::announce::who;
use crate::ui::shapes::on;
use crate::ui::state::Ui;

/// One of the calls, or none: then the phone chooses by context.
#[component]
pub fn CallChoice(
    /// The chosen one.
    chosen: StoredValue<Option<CallKey>>,
) -> impl IntoView {
    let class = style_sheet!("./style/call_choice.css");
    let ui = Ui::current();
    let texts = ui.texts();
    let choose = on(move |event| chosen.set_value(event_target_value(&event).parse().ok().map(CallKey)));
    let option = move |call: &Call| {
        let is_chosen = chosen.get_value() == Some(call.key);
        let id = call.sip_call_id.chars().take(6).collect::<String>();
        let words = format!("{id}… {} · {}", who(&call.party, texts), texts.call_state(&call.state));
        view! { <option value=call.key.0.to_string() selected=is_chosen>{words}</option> }.into_any()
    };
    let options = move || {
        ui.view(|view| {
            // A call that is gone cannot stay chosen.
            let is_there = |key: &CallKey| view.calls.iter().any(|call| call.key == *key);
            chosen.update_value(|chosen| *chosen = chosen.filter(is_there));
            view.calls.iter().map(option).collect::<Vec<_>>()
        })
    };
    view! { class = class,
        <select class="choice" aria-label=texts.sample.call on:change=choose>
            <option value="">{texts.sample.by_context}</option>
            {move || options()}
        </select>
    }
}

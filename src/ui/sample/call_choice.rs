//! The optional argument of a method that acts on a call.

use stylers_macro::style_sheet;

use crate::phone::call::{Call, CallKey};
use crate::ui::announce::who;
use crate::ui::shapes::*;
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
    let t = ui.sample_texts();
    let choose = on(move |event| chosen.set_value(event_target_value(&event).parse().ok().map(CallKey)));
    let words = move |call: &Call| {
        let id = call.sip_call_id.chars().take(6).collect::<String>();
        format!("{id}… {} · {}", who(&call.party, texts), texts.call_state(&call.state))
    };
    let option = move |key: u64| {
        // Keys of calls are 32 bits wide.
        let key = CallKey(key as u32);
        let is_chosen = chosen.get_value() == Some(key);
        view! { <option value=key.0.to_string() selected=is_chosen>{move || ui.call(key, words)}</option> }
            .into_any()
    };
    let keys = move || {
        ui.view(|view| {
            // A call that is gone cannot stay chosen.
            let is_there = |key: &CallKey| view.calls.iter().any(|call| call.key == *key);
            chosen.update_value(|chosen| *chosen = chosen.filter(is_there));
            view.calls.iter().map(|call| call.key.0.into()).collect()
        })
    };
    view! { class = class,
        <select class="choice" aria-label=t.call on:change=choose>
            <option value="">{t.by_context}</option>
            {keyed(keys, option)}
        </select>
    }
}

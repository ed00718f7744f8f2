//! The optional argument of a method that acts on a call.

use leptos::prelude::*;
use stylers_macro::style_sheet;

use crate::phone::call::CallKey;
use crate::ui::announce::who;
use crate::ui::state::Ui;

/// One of the calls, or none: then the phone chooses by context.
#[component]
pub fn CallChoice(
    /// The chosen one.
    chosen: RwSignal<Option<CallKey>>,
) -> impl IntoView {
    let class = style_sheet!("./style/call_choice.css");
    let ui = Ui::current();
    let texts = ui.texts();
    let choose = move |event| chosen.set(event_target_value(&event).parse().ok().map(CallKey));
    let options = move || {
        let calls = ui.calls.get();
        // A call that is gone cannot stay chosen.
        chosen.update(|chosen| *chosen = chosen.filter(|key| calls.iter().any(|call| call.key == *key)));
        let options = calls.into_iter().map(|call| {
            let is_chosen = chosen.get_untracked() == Some(call.key);
            let id = call.sip_call_id.chars().take(6).collect::<String>();
            let words = format!("{id}… {} · {}", who(&call.party, texts), texts.call_state(&call.state));
            view! { <option value=call.key.0.to_string() selected=is_chosen>{words}</option> }
        });
        options.collect_view()
    };
    view! { class = class,
        <select class="choice" aria-label=texts.sample.call on:change=choose>
            <option value="">{texts.sample.by_context}</option>
            {options}
        </select>
    }
}

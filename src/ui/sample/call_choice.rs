//! The argument `sipCallId` of a method that acts on a call.

use stylers_macro::style_sheet;

use crate::phone::call::{Call, CallKey};
use crate::ui::announce::who;
use crate::ui::shapes::*;
use crate::ui::state::Ui;

/// One of the calls, or none: then the phone chooses by context.
#[component]
pub fn CallChoice(
    /// The chosen one.
    chosen: StoredValue<Option<String>>,
) -> impl IntoView {
    let class = style_sheet!("./style/call_choice.css");
    let ui = Ui::current();
    let texts = ui.texts();
    let t = ui.sample_texts();
    let choose = on(move |event| {
        chosen.set_value(Some(event_target_value(&event)).filter(|sip_call_id| !sip_call_id.is_empty()));
    });
    let words = move |call: &Call| {
        let id = call.sip_call_id.chars().take(6).collect::<String>();
        format!("{id}… {} · {}", who(&call.party, texts), texts.call_state(&call.state))
    };
    let option = move |key: u64| {
        // Keys of calls are 32 bits wide.
        let key = CallKey(key as u32);
        let id = ui.view_now(|view| {
            let call = view.calls.iter().find(|call| call.key == key);
            call.map(|call| call.sip_call_id.clone()).unwrap_or_default()
        });
        let is_chosen = chosen.with_value(|chosen| chosen.as_ref() == Some(&id));
        view! { <option value=id selected=is_chosen>{move || ui.call(key, words)}</option> }.into_any()
    };
    let keys = move || {
        ui.view(|view| {
            // A call that is gone cannot stay chosen.
            let live = || view.calls.iter().filter(|call| call.state.is_live());
            chosen.update_value(|chosen| {
                *chosen = chosen.take().filter(|id| live().any(|call| call.sip_call_id == *id));
            });
            live().map(|call| call.key.0.into()).collect()
        })
    };
    view! { class = class,
        <select class="choice" aria-label=t.call on:change=choose>
            <option value="">{t.by_context}</option>
            {keyed(keys, option)}
        </select>
    }
}

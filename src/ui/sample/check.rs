//! An argument that is true or false.

use stylers_macro::style_sheet;

use crate::ui::shapes::*;

/// A box to tick, with its name.
#[component]
pub fn Check(
    /// The argument's name.
    label: &'static str,
    /// Whether it is ticked.
    value: RwSignal<bool>,
) -> impl IntoView {
    let class = style_sheet!("./style/check.css");
    view! { class = class,
        <label class="check">
            <input
                class="box"
                type="checkbox"
                prop:checked=move || value.get()
                on:change=on(move |event| value.set(event_target_checked(&event)))
            />
            {label}
        </label>
    }
}

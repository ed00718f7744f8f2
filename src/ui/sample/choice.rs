//! An argument that is one of a few words.

use stylers_macro::style_sheet;

use crate::ui::shapes::*;

/// A list to choose from.
#[component]
pub fn Choice(
    /// The argument's name, shown above.
    label: &'static str,
    /// The words.
    words: &'static [&'static str],
    /// Which of them is chosen, counted from 0.
    chosen: RwSignal<usize>,
) -> impl IntoView {
    let class = style_sheet!("./style/choice.css");
    let choose = on(move |event| chosen.set(event_target_value(&event).parse().unwrap_or_default()));
    let options = words.iter().enumerate().map(|(at, word)| {
        let is_chosen = chosen.get_untracked() == at;
        view! { class = class, <option class="option" value=at.to_string() selected=is_chosen>{*word}</option> }
    });
    view! { class = class,
        <label class="choice">
            <span class="label">{label}</span>
            <select class="select" on:change=choose>{several(options)}</select>
        </label>
    }
}

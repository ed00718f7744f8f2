//! One of the things that can be done with a call: a large button on its card.

use stylers_macro::style_sheet;

use super::button::Look;
use super::icons::{Icon, icon};
use super::shapes::*;
use super::state::Ui;

/// A button with its picture above its words. What cannot be done now stays where it is and says why.
#[component]
pub fn Act(
    /// Its words, and so its name.
    label: Ask<&'static str>,
    /// What is above them.
    picture: Icon,
    /// How it looks.
    #[prop(optional)]
    look: Look,
    /// For a switch: whether it is on.
    #[prop(optional)]
    pressed: Option<Ask<bool>>,
    /// Why it cannot be done now; empty when it can.
    #[prop(optional)]
    hindered: Option<Ask<&'static str>>,
    /// What it does.
    #[prop(into)]
    press: Callback<()>,
) -> impl IntoView {
    let class = style_sheet!("./style/act.css");
    let ui = Ui::current();
    let why_not = move || hindered.map(|hindered| hindered.run(())).unwrap_or_default();
    let run = on(move |_| match untrack(why_not) {
        "" => press.run(()),
        // Who presses it all the same, on a screen without a pointer that could hover, is told.
        reason => ui.call_problem.set(reason.to_owned()),
    });
    view! { class = class,
        <button
            class="act"
            type="button"
            data-look=look.as_str()
            aria-pressed=move || pressed.map(|pressed| if pressed.run(()) { "true" } else { "false" })
            aria-disabled=move || (!why_not().is_empty()).then_some("true")
            title=move || Some(why_not()).filter(|reason| !reason.is_empty())
            on:click=run
        >
            {icon(picture)}
            <span class="label">{move || label.run(()).to_owned()}</span>
        </button>
    }
}

/// Words that do not change.
pub fn always(words: &'static str) -> Ask<&'static str> {
    Callback::new(move |()| words)
}

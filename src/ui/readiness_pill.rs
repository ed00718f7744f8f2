//! The pill that says whether calls can come. It opens what is wrong and the button that mends it.

use stylers_macro::style_sheet;

use super::button::{Button, Look};
use super::readiness::{Readiness, countdown};
use super::shapes::*;
use super::state::Ui;

/// The id of what the pill opens.
const PANEL: &str = "readiness";

/// One word, and behind it the whole story.
#[component]
pub fn ReadinessPill() -> impl IntoView {
    let class = style_sheet!("./style/readiness_pill.css");
    let ui = Ui::current();
    let texts = ui.texts();
    let problem = RwSignal::new(String::new());
    let readiness = move || ui.view(Readiness::of);
    let remedy = move || readiness().remedy(texts);
    let press = move |()| {
        if let Some((_, command)) = untrack(remedy) {
            problem.set(ui.ask(command));
        }
    };

    // Keyed by what it is for, so that it keeps the focus while the reason is told in other words.
    let remedies = move || {
        let is_start = |(label, _)| u64::from(label == texts.readiness.start);
        remedy().map(is_start).into_iter().collect()
    };
    let button = move |_| {
        let label = untrack(remedy).map(|(label, _)| label);
        maybe(label.map(|label| view! { <Button label=label look=Look::Main press=press /> }.into_any()))
    };

    view! { class = class,
        // The live region is around the button: inside, it would take the button's name away.
        <div role="status">
            <button class="pill" type="button" popovertarget=PANEL data-tone=move || readiness().tone().as_str()>
                <i class="dot"></i>
                <span class="word">{move || readiness().word(texts).to_owned()}</span>
            </button>
        </div>
        <div class="panel" id=PANEL popover="auto" role="dialog" aria-label=move || readiness().word(texts)>
            <p class="sentence">{move || readiness().sentence(texts)}</p>
            <p class="next">{move || ui.view(|view| countdown(view, ui.now(), texts))}</p>
            <p class="problem" role="alert">{move || problem.get()}</p>
            {keyed(remedies, button)}
        </div>
    }
}

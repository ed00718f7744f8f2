//! The pill that says whether calls can come. It opens what is wrong and the button that mends it.

use leptos::prelude::*;
use stylers_macro::style_sheet;

use super::button::{Button, Look};
use super::readiness::{Readiness, countdown};
use super::state::Ui;
use crate::phone::api::Refusal;

/// The id of what the pill opens.
const PANEL: &str = "readiness";

/// One word, and behind it the whole story.
#[component]
pub fn ReadinessPill() -> impl IntoView {
    let class = style_sheet!("./style/readiness_pill.css");
    let ui = Ui::current();
    let texts = ui.texts();
    let readiness = Memo::new(move |_| ui.view(Readiness::of));
    let refusal: RwSignal<Option<Refusal>> = RwSignal::new(None);

    let tone = Signal::derive(move || readiness.with(|readiness| readiness.tone().as_str()));
    let word = Signal::derive(move || readiness.with(|readiness| readiness.word(texts)));
    let sentence = Signal::derive(move || readiness.with(|readiness| readiness.sentence(texts)));
    let next_try = Signal::derive(move || ui.view(|view| countdown(view, ui.now.get(), texts)));
    let problem = Signal::derive(move || {
        refusal.with(|refusal| refusal.as_ref().map_or("", |refusal| texts.refusal(refusal)))
    });
    let remedy = move || {
        let (label, command) = readiness.with(|readiness| readiness.remedy(texts))?;
        let press = move |()| refusal.set(ui.command(command.clone()).err());
        Some(view! { <Button label=label look=Look::Main press=press /> })
    };

    view! { class = class,
        <button class="pill" type="button" popovertarget=PANEL data-tone=tone>
            <i class="dot"></i>
            <span class="word" role="status">{word}</span>
        </button>
        <div class="panel" id=PANEL popover="auto" role="dialog" aria-label=word>
            <p class="sentence">{sentence}</p>
            <p class="next">{next_try}</p>
            <p class="problem" role="alert">{problem}</p>
            {remedy}
        </div>
    }
}

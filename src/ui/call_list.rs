//! The calls, or what to do while there is none.

use leptos::ev::FocusEvent;
use leptos::prelude::*;
use stylers_macro::style_sheet;

use super::button::Button;
use super::call_card::{CallCard, card_id};
use super::focus;
use super::icons::Icon;
use super::state::Ui;
use super::video::Video;

/// The number at which one hears oneself.
const ECHO: &str = "*55";
/// The id of the region.
const REGION: &str = "calls";

/// Cards, what rings on top. The focus stays here when the button that had it goes.
#[component]
pub fn CallList() -> impl IntoView {
    let class = style_sheet!("./style/call_list.css");
    let ui = Ui::current();
    let texts = ui.texts();
    let t = &texts.call;
    let focused: StoredValue<Option<String>> = StoredValue::new(None);

    let none = Memo::new(move |_| ui.calls.with(Vec::is_empty));
    let sentence = Signal::derive(move || {
        ui.call_problem.with(|problem| problem.as_ref().map_or("", |problem| texts.refusal(problem)))
    });
    let focus_in = move |event: FocusEvent| focused.set_value(Some(focus::card_around(&event)));
    // Without a next element the focus was lost, not moved: the button under it went away.
    let focus_out = move |event: FocusEvent| {
        if event.related_target().is_some() {
            focused.set_value(None);
        }
    };
    // Any change of a call may take the button away that has the focus.
    Effect::new(move |_| {
        ui.calls.track();
        if let Some(card) = focused.get_value() {
            request_animation_frame(move || keep_focus(ui, &card));
        }
    });

    view! { class = class,
        <section
            class="calls"
            id=REGION
            tabindex="-1"
            aria-label=t.region
            on:focusin=focus_in
            on:focusout=focus_out
        >
            <p class="problem" role="alert">{sentence}</p>
            <For each=move || ui.calls.get() key=|call| call.key let:call>
                <CallCard call=call />
            </For>
            <div class="empty" hidden=move || !none.get()>
                <p class="none">{t.none}</p>
                <p class="hint">{(t.none_hint)(ECHO)}</p>
                <Button
                    label=t.echo
                    picture=Icon::Phone
                    press=move |()| {
                        ui.dial(ECHO.to_owned());
                    }
                />
            </div>
            <Video />
        </section>
    }
}

/// Gives a lost focus to the card that had it, else to the topmost one, else to the region.
fn keep_focus(ui: Ui, card: &str) {
    if focus::is_lost() && !focus::focus(card) {
        let first = ui.calls.with_untracked(|calls| calls.first().map(|call| card_id(call.key.0)));
        focus::focus(first.as_deref().unwrap_or(REGION));
    }
}

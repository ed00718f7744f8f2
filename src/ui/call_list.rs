//! The calls, or what to do while there is none.

use stylers_macro::style_sheet;

use super::button::Button;
use super::call_card::{CallCard, card_id};
use super::focus;
use super::icons::Icon;
use super::shapes::*;
use super::state::{Ui, screen_order};
use super::video::Video;
use crate::phone::call::CallKey;

/// The number at which one hears oneself.
const ECHO: &str = "*55";
/// The id of the region.
const REGION: &str = "calls";

/// Cards, what rings on top. The focus stays here when the button that had it goes.
#[component]
pub fn CallList() -> impl IntoView {
    let class = style_sheet!("./style/call_list.css");
    let ui = Ui::current();
    let t = &ui.texts().call;
    let focused: StoredValue<Option<String>> = StoredValue::new(None);

    let focus_in = on(move |event| focused.set_value(Some(focus::card_around(&event))));
    // Without a next element the focus was lost, not moved: the button under it went away.
    let focus_out = on(move |event| {
        if focus::is_moving(&event) {
            focused.set_value(None);
        }
    });
    // Any change of a call may take the button away that has the focus.
    watch(move || {
        ui.view(|_| ());
        if let Some(card) = focused.get_value() {
            next_frame(move || keep_focus(ui, &card));
        }
    });

    let keys = move || ui.view(|view| screen_order(&view.calls).map(|call| call.key.0.into()).collect());
    // Keys of calls are 32 bits wide.
    let card = move |key| view! { <CallCard key=CallKey(key as u32) /> }.into_any();

    view! { class = class,
        <section
            class="calls"
            id=REGION
            tabindex="-1"
            aria-label=t.region
            on:focusin=focus_in
            on:focusout=focus_out
        >
            <p class="problem" role="alert">{move || ui.call_problem.get()}</p>
            <Video />
            {keyed(keys, card)}
            <div class="empty" hidden=move || ui.view(|view| !view.calls.is_empty())>
                <p class="none">{t.none}</p>
                <p class="hint">{t.none_hint.with(&[ECHO])}</p>
                <Button
                    label=t.echo
                    picture=Icon::Phone
                    press=move |()| {
                        ui.dial(ECHO.to_owned());
                    }
                />
            </div>
        </section>
    }
}

/// Gives a lost focus to the card that had it, else to the topmost one, else to the region.
fn keep_focus(ui: Ui, card: &str) {
    if focus::is_lost() && !focus::focus(card) {
        let first = ui.view_now(|view| screen_order(&view.calls).next().map(|call| card_id(call.key)));
        focus::focus(first.as_deref().unwrap_or(REGION));
    }
}

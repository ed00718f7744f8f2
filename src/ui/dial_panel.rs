//! The number field, the button that calls, and the pad.

use stylers_macro::style_sheet;

use super::button::{Button, Look};
use super::dial_pad::DialPad;
use super::focus;
use super::icons::{Icon, icon};
use super::shapes::*;
use super::state::Ui;

/// The id of the number field.
pub const NUMBER: &str = "number";
/// The id of the sentence that says why a number was not called.
const PROBLEM: &str = "number-problem";

/// Enter calls. What cannot be called stays in the field, with the reason beneath.
#[component]
pub fn DialPanel() -> impl IntoView {
    let class = style_sheet!("./style/dial_panel.css");
    let ui = Ui::current();
    let t = &ui.texts().dial;

    let submit = on(move |event| {
        event.prevent_default();
        ui.dial_typed(false);
    });
    let typed = on(move |event| {
        ui.dial_problem.set(String::new());
        ui.number.set(event_target_value(&event));
    });
    let press = move |sign| {
        ui.dial_problem.set(String::new());
        ui.number.update(|number| number.push(sign));
    };
    let dial_video = on(move |_| ui.dial_typed(true));
    let erase = on(move |_| {
        ui.number.update(|number| {
            number.pop();
        });
        // The button goes with the last digit; the field is where one goes on.
        if ui.number.with_untracked(String::is_empty) {
            focus::focus(NUMBER);
        }
    });
    view! { class = class,
        <section class="panel" aria-labelledby="dial-title">
            <h2 class="title" id="dial-title">{t.title}</h2>
            <form class="form" on:submit=submit>
                <div class="box">
                    <input
                        class="number"
                        id=NUMBER
                        name="number"
                        type="text"
                        inputmode="tel"
                        enterkeyhint="go"
                        autocomplete="off"
                        spellcheck="false"
                        aria-label=t.number
                        placeholder=t.number
                        aria-describedby=PROBLEM
                        aria-invalid=move || (!ui.dial_problem.with(String::is_empty)).then_some("true")
                        prop:value=move || ui.number.get()
                        on:input=typed
                    />
                    <button class="erase" type="button" aria-label=t.erase hidden=move || ui.number.with(String::is_empty) on:click=erase>
                        {icon(Icon::Erase)}
                    </button>
                </div>
                <Button label=t.call picture=Icon::Phone look=Look::Call submits=true />
                <button class="video" type="button" aria-label=t.video_call title=t.video_call on:click=dial_video>
                    {icon(Icon::Camera)}
                </button>
            </form>
            <p class="problem" id=PROBLEM role="alert">{move || ui.dial_problem.get()}</p>
            <DialPad press=press />
        </section>
    }
}

//! The list of keyboard shortcuts.

use stylers_macro::style_sheet;

use super::button::Button;
use super::focus;
use super::shapes::*;
use super::state::Ui;

/// The id of the list, which `?` and the settings menu open.
pub const KEYS_LIST: &str = "keys";

/// Which keys do what, and the switch that turns them off.
#[component]
pub fn KeysList() -> impl IntoView {
    let class = style_sheet!("./style/keys_list.css");
    let ui = Ui::current();
    let texts = ui.texts();
    let t = &texts.keys;
    let lines = [
        (&[t.enter][..], t.dial),
        (&[t.control, t.enter], t.answer),
        (&[t.control, "M"], t.mute),
        (&[t.control, t.shift, "H"], t.hold),
        (&["0–9 * #"], t.tones),
        (&[t.escape], t.close),
        (&["?"], t.list),
    ]
    .map(|(keys, does)| {
        let keys = keys.iter().map(|key| view! { class = class, <kbd class="key">{*key}</kbd> });
        view! { class = class,
            <div class="line">
                <dt class="does">{does}</dt>
                <dd class="keys">{several(keys)}</dd>
            </div>
        }
    });
    let switch =
        on(move |event| ui.prefer(|preferences| preferences.shortcuts = event_target_checked(&event)));
    // A list that is not open needs no closing.
    let close = |()| drop(focus::element(KEYS_LIST).map(|list| list.hide_popover()));
    view! { class = class,
        <div class="list" id=KEYS_LIST popover="auto" role="dialog" aria-labelledby="keys-title">
            <h2 class="title" id="keys-title">{t.title}</h2>
            <dl class="lines">{several(lines)}</dl>
            <label class="switch">
                <input class="box" type="checkbox" prop:checked=move || ui.preferences().shortcuts on:change=switch />
                {t.on}
            </label>
            <Button label=texts.close press=close />
        </div>
    }
}

//! The twelve keys of a telephone.

use stylers_macro::style_sheet;

use super::shapes::*;
use super::state::Ui;

/// The keys and their letters (ITU-T E.161). The zero, held down, is the plus of international numbers.
const KEYS: [(char, &str); 12] = [
    ('1', ""),
    ('2', "ABC"),
    ('3', "DEF"),
    ('4', "GHI"),
    ('5', "JKL"),
    ('6', "MNO"),
    ('7', "PQRS"),
    ('8', "TUV"),
    ('9', "WXYZ"),
    ('*', ""),
    ('0', "+"),
    ('#', ""),
];

/// For how long a key is held before it means its second sign, in milliseconds.
const HELD: f64 = 500.0;

/// Twelve keys.
#[component]
pub fn DialPad(
    /// Is given the sign of the key.
    #[prop(into)]
    press: Callback<char>,
) -> impl IntoView {
    let class = style_sheet!("./style/dial_pad.css");
    let ui = Ui::current();
    let pressed_at = StoredValue::new(f64::INFINITY);
    let down = move |event: Event| pressed_at.set_value(event.time_stamp());
    let keys = KEYS.map(|(key, letters)| {
        let up = move |event: Event| {
            let held = event.time_stamp() - pressed_at.get_value() >= HELD;
            pressed_at.set_value(f64::INFINITY);
            press.run(if held && key == '0' { '+' } else { key });
        };
        view! { class = class,
            <button class="key" type="button" on:pointerdown=on(down) on:click=on(up)>
                {key.to_string()}
                <small class="letters" aria-hidden="true">{letters}</small>
            </button>
        }
    });
    view! { class = class,
        <div class="pad" role="group" aria-label=ui.texts().dial.pad>{several(keys)}</div>
    }
}

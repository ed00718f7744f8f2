//! The keys of a call, which send tones.

use stylers_macro::style_sheet;

use super::dial_pad::DialPad;
use super::shapes::*;
use super::state::Ui;
use crate::phone::call::CallKey;

/// The id of the keypad.
pub const KEYPAD: &str = "keypad";

/// Twelve keys, and what was sent.
#[component]
pub fn Keypad(
    /// Of which call.
    key: CallKey,
) -> impl IntoView {
    let class = style_sheet!("./style/keypad.css");
    let ui = Ui::current();
    let t = &ui.texts().call;
    // There is no plus among the tones: the zero stays one however long it is held.
    let press = move |sign: char| ui.send_tones(key, &if sign == '+' { '0' } else { sign }.to_string());
    view! { class = class,
        <div class="keypad" id=KEYPAD>
            <p class="sent">{move || ui.sent_tones(key)}</p>
            <DialPad press=press />
            <p class="hint">{t.keypad_hint}</p>
        </div>
    }
}

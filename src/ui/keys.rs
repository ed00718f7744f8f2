//! Keyboard shortcuts of the whole page.

use leptos::ev;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::KeyboardEvent;

use super::call_acts;
use super::focus;
use super::keypad::KEYPAD;
use super::keys_list::KEYS_LIST;
use super::shapes::*;
use super::state::{Ui, screen_order};
use crate::browser::clipboard;
use crate::browser::listener::Listener;
use crate::phone::api::Command;
use crate::phone::call::{Call, CallKey, Hold};

/// What a key asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shortcut {
    /// Answer what rings.
    Answer,
    /// Mute or unmute.
    Mute,
    /// Hold what is active, or resume what is on hold.
    Hold,
    /// Send this tone, or wait.
    Tone(char),
    /// Show the list of shortcuts.
    List,
}

impl Shortcut {
    /// The shortcut of a key. `typing`: in a field, where a plain key is text.
    pub fn of(key: &str, control: bool, shift: bool, typing: bool) -> Option<Self> {
        match (key, control) {
            ("Enter", true) => Some(Self::Answer),
            ("m" | "M", true) => Some(Self::Mute),
            ("H" | "h", true) if shift => Some(Self::Hold),
            (key, false) if !typing && key.len() == 1 && key.contains(is_tone) => {
                key.chars().next().map(Self::Tone)
            }
            ("?", false) if !typing => Some(Self::List),
            _ => None,
        }
    }
}

/// Listens for as long as the page lives. Escape is not here: the browser closes what is open.
pub fn listen(ui: Ui) {
    let handle = window_event_listener(ev::keydown, move |event| {
        let usable = untrack(|| ui.preferences().shortcuts);
        if !usable || event.repeat() || event.alt_key() || event.meta_key() {
            return;
        }
        let typing = focus::is_typing(document().active_element());
        let done = match Shortcut::of(&event.key(), event.ctrl_key(), event.shift_key(), typing) {
            Some(Shortcut::Answer) => answer(ui),
            Some(Shortcut::Mute) => mute(ui),
            Some(Shortcut::Hold) => hold(ui),
            Some(Shortcut::Tone(tone)) => send(ui, tone),
            Some(Shortcut::List) => focus::element(KEYS_LIST).is_some_and(|list| list.show_popover().is_ok()),
            None => false,
        };
        if done {
            event.prevent_default();
        }
    });
    on_cleanup(move || handle.remove());
    keep(Box::new(Listener::new(&window(), "paste", move |event| {
        if paste(ui, &event) {
            event.prevent_default();
        }
    })));
}

/// Answers the call that rings. Tells whether one did.
fn answer(ui: Ui) -> bool {
    let rings = ui.view_now(|view| view.calls.iter().any(|call| call.state.can_be_answered()));
    if rings {
        ui.ask_of_call(Command::Answer { call: None, video: false });
    }
    rings
}

/// Switches the microphone of the call in front. Tells whether there is one.
fn mute(ui: Ui) -> bool {
    let key = front(ui, |call| call.state.is_live());
    key.map(|key| call_acts::switch_microphone(ui, key)).is_some()
}

/// Holds or resumes the call in front. Tells whether there is one.
fn hold(ui: Ui) -> bool {
    let key = front(ui, |call| call.state.is_connected());
    key.map(|key| call_acts::switch_hold(ui, key)).is_some()
}

/// Sends a tone on the active call. Tells whether there is one.
fn send(ui: Ui, tone: char) -> bool {
    let key = front(ui, |call| call.state.is_connected() && call.hold == Hold::Active);
    key.map(|key| ui.send_tones(key, &tone.to_string())).is_some()
}

/// Sends what is pasted at a card, or while a keypad is open. Tells whether that was meant.
fn paste(ui: Ui, event: &Event) -> bool {
    let at = document().active_element();
    let is_meant = focus::element(KEYPAD).is_some()
        || at.as_ref().is_some_and(|at| at.closest("article").is_ok_and(|card| card.is_some()));
    let key = front(ui, |call| call.state.is_connected() && call.hold == Hold::Active)
        .filter(|_| is_meant && !focus::is_typing(at));
    key.map(|key| ui.send_tones(key, &tones_in(&clipboard::pasted(event)))).is_some()
}

/// The tones of a number as people write it: grouped, with `p` for a pause. What else is in it is refused by the phone.
fn tones_in(text: &str) -> String {
    let is_filler = |sign: &char| sign.is_whitespace() || "-./()".contains(*sign);
    let tone = |sign| if matches!(sign, 'p' | 'P') { ',' } else { sign };
    text.chars().filter(|sign| !is_filler(sign)).map(tone).collect()
}

/// The first call of the screen that fits.
fn front(ui: Ui, fits: fn(&Call) -> bool) -> Option<CallKey> {
    ui.view_now(|view| screen_order(&view.calls).find(|call| fits(call)).map(|call| call.key))
}

/// What can be sent as a tone, and the comma for a pause.
fn is_tone(sign: char) -> bool {
    matches!(sign, '0'..='9' | '*' | '#' | 'A'..='D' | ',')
}

/// Whether the key is the one that closes what is open.
pub fn is_escape(event: &Event) -> bool {
    event.dyn_ref::<KeyboardEvent>().is_some_and(|event| event.key() == "Escape")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shortcuts_need_control_except_the_list() {
        assert_eq!(Shortcut::of("Enter", true, false, true), Some(Shortcut::Answer));
        assert_eq!(Shortcut::of("Enter", false, false, false), None);
        assert_eq!(Shortcut::of("m", true, false, true), Some(Shortcut::Mute));
        assert_eq!(Shortcut::of("m", false, false, false), None);
        assert_eq!(Shortcut::of("H", true, true, true), Some(Shortcut::Hold));
        assert_eq!(Shortcut::of("h", true, false, true), None);
        assert_eq!(Shortcut::of("?", false, true, false), Some(Shortcut::List));
        assert_eq!(Shortcut::of("?", false, true, true), None);
    }

    #[test]
    fn a_pasted_number_may_be_written_as_people_do() {
        assert_eq!(tones_in(" 12 34-56.78\n"), "12345678");
        assert_eq!(tones_in("(0) 1p2,P#"), "01,2,,#");
        assert_eq!(tones_in("call me"), "callme");
    }

    #[test]
    fn a_digit_outside_of_fields_is_a_tone() {
        assert_eq!(Shortcut::of("7", false, false, false), Some(Shortcut::Tone('7')));
        assert_eq!(Shortcut::of("#", false, true, false), Some(Shortcut::Tone('#')));
        assert_eq!(Shortcut::of("7", false, false, true), None);
        assert_eq!(Shortcut::of("7", true, false, false), None);
        assert_eq!(Shortcut::of("F7", false, false, false), None);
    }
}

//! Keyboard shortcuts of the whole page.

use leptos::ev;

use super::focus;
use super::keys_list::KEYS_LIST;
use super::shapes::*;
use super::state::Ui;
use crate::phone::api::Command;

/// What a key asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shortcut {
    /// Answer what rings.
    Answer,
    /// Mute or unmute.
    Mute,
    /// Show the list of shortcuts.
    List,
}

impl Shortcut {
    /// The shortcut of a key. `typing`: in a field, where a plain key is text.
    pub fn of(key: &str, control: bool, typing: bool) -> Option<Self> {
        match (key, control) {
            ("Enter", true) => Some(Self::Answer),
            ("m" | "M", true) => Some(Self::Mute),
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
        let done = match Shortcut::of(&event.key(), event.ctrl_key(), typing) {
            Some(Shortcut::Answer) => answer(ui),
            Some(Shortcut::Mute) => mute(ui),
            Some(Shortcut::List) => focus::element(KEYS_LIST).is_some_and(|list| list.show_popover().is_ok()),
            None => false,
        };
        if done {
            event.prevent_default();
        }
    });
    on_cleanup(move || handle.remove());
}

/// Answers the call that rings. Tells whether one did.
fn answer(ui: Ui) -> bool {
    let rings = ui.view_now(|view| view.calls.iter().any(|call| call.state.can_be_answered()));
    if rings {
        ui.ask_of_call(Command::Answer { call: None, video: false });
    }
    rings
}

/// Switches the microphone of the call that goes on. Tells whether one does.
fn mute(ui: Ui) -> bool {
    let call = ui.view_now(|view| view.calls.iter().find(|call| call.state.is_live()).cloned());
    let there = call.is_some();
    if let Some(call) = call {
        ui.ask_of_call(Command::SetMicrophone { call: Some(call.key), on: call.muted });
    }
    there
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shortcuts_need_control_except_the_list() {
        assert_eq!(Shortcut::of("Enter", true, true), Some(Shortcut::Answer));
        assert_eq!(Shortcut::of("Enter", false, false), None);
        assert_eq!(Shortcut::of("m", true, true), Some(Shortcut::Mute));
        assert_eq!(Shortcut::of("m", false, false), None);
        assert_eq!(Shortcut::of("?", false, false), Some(Shortcut::List));
        assert_eq!(Shortcut::of("?", false, true), None);
    }
}

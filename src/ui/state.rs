//! What the components share: the phone, what it last showed, and what this page itself remembers.

use leptos::prelude::*;

use super::past::Past;
use super::preferences::{self, Preferences};
use super::texts::{Language, Texts};
use crate::phone::Phone;
use crate::phone::api::{Command, Notice, Refusal, Session, View};
use crate::phone::call::{Call, CallKey};
use crate::phone::driver::Listening;
use crate::time::Instant;

/// Handed to every component by context; cheap to copy.
#[derive(Clone, Copy)]
pub struct Ui {
    phone: StoredValue<Phone, LocalStorage>,
    /// What the phone shows. Only the phone's notices write it.
    view: RwSignal<View>,
    /// The present moment for running times; moved on by `clock` while something runs.
    pub now: RwSignal<Instant>,
    /// Someone is logged in.
    pub logged_in: Memo<bool>,
    /// The calls, in the order of the screen.
    pub calls: Memo<Vec<Call>>,
    /// The calls that are over, newest first; written by `past`.
    pub past: RwSignal<Vec<Past>>,
    /// Language, theme, shortcuts.
    pub preferences: RwSignal<Preferences>,
    /// What is in the number field.
    pub number: RwSignal<String>,
    /// Why the last call was not begun.
    pub dial_problem: RwSignal<Option<Refusal>>,
    /// Why the last thing asked of a call was not done.
    pub call_problem: RwSignal<Option<Refusal>>,
}

impl Ui {
    /// Starts the phone and follows it. Once per page. `auto_init`: the phone starts by itself once the line is known.
    pub fn start(auto_init: bool) -> Self {
        let phone = Phone::start(auto_init);
        let view = RwSignal::new(phone.view());
        let ui = Self {
            view,
            now: RwSignal::new(phone.now()),
            logged_in: Memo::new(move |_| {
                view.with(|view| match view.session {
                    Session::LoggedIn { .. } => true,
                    Session::LoggedOut { .. } | Session::LoggingIn => false,
                })
            }),
            calls: Memo::new(move |_| view.with(|view| in_screen_order(&view.calls))),
            past: RwSignal::new(Vec::new()),
            preferences: RwSignal::new(preferences::load()),
            number: RwSignal::new(String::new()),
            dial_problem: RwSignal::new(None),
            call_problem: RwSignal::new(None),
            phone: StoredValue::new_local(phone),
        };
        ui.listen(move |notice| match notice {
            Notice::Changed => view.set(ui.phone.with_value(Phone::view)),
            Notice::Event(_) | Notice::Cti { .. } | Notice::Diagnostic { .. } => {}
        });
        ui
    }

    /// The one of this page.
    pub fn current() -> Self {
        expect_context()
    }

    /// The words of the chosen language. Untracked: the whole page is drawn anew when the language changes.
    pub fn texts(self) -> &'static Texts {
        self.language().texts()
    }

    /// The chosen language, untracked.
    pub fn language(self) -> Language {
        self.preferences.with_untracked(|preferences| preferences.language)
    }

    /// Reads the view and follows it.
    pub fn view<T>(self, read: impl FnOnce(&View) -> T) -> T {
        self.view.with(read)
    }

    /// Reads the view as it is now.
    pub fn view_now<T>(self, read: impl FnOnce(&View) -> T) -> T {
        self.view.with_untracked(read)
    }

    /// One call, followed.
    pub fn call(self, key: CallKey) -> Option<Call> {
        self.view.with(|view| view.calls.iter().find(|call| call.key == key).cloned())
    }

    /// Asks the phone.
    pub fn command(self, command: Command) -> Result<(), Refusal> {
        self.phone.with_value(Phone::clone).command(command)
    }

    /// Asks something of a call; a refusal is shown above the calls.
    pub fn ask_of_call(self, command: Command) {
        self.call_problem.set(self.command(command).err());
    }

    /// Calls what the number field holds; a refusal is shown beside the field.
    pub fn dial_typed(self) {
        if self.dial(self.number.get_untracked()) {
            self.number.set(String::new());
        }
    }

    /// Calls that number; a refusal is shown beside the number field. Tells whether the call was begun.
    pub fn dial(self, destination: String) -> bool {
        let refusal = self.command(Command::Dial { destination }).err();
        let begun = refusal.is_none();
        self.dial_problem.set(refusal);
        begun
    }

    /// The present moment on the phone's clock.
    pub fn moment(self) -> Instant {
        self.phone.with_value(Phone::now)
    }

    /// Follows the phone's notices for as long as the present owner lives.
    pub fn listen(self, told: impl FnMut(&Notice) + 'static) {
        let listening: StoredValue<Option<Listening>, LocalStorage> =
            StoredValue::new_local(Some(self.phone.with_value(|phone| phone.listen(told))));
        on_cleanup(move || drop(listening.try_update_value(Option::take)));
    }
}

/// What rings comes first, then what goes on, then what is over; the newest first of each.
fn in_screen_order(calls: &[Call]) -> Vec<Call> {
    let mut ordered: Vec<Call> = calls.iter().rev().cloned().collect();
    ordered.sort_by_key(|call| (!call.state.can_be_answered(), !call.state.is_live()));
    ordered
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::phone::call::{CallState, Direction, Outcome, Party};

    fn call(key: u32, state: CallState) -> Call {
        Call {
            key: CallKey(key),
            sip_call_id: String::new(),
            direction: Direction::Incoming,
            party: Party::default(),
            queue: None,
            attached: Vec::new(),
            state,
            muted: false,
        }
    }

    #[test]
    fn what_rings_is_on_top_and_what_is_over_below() {
        let ended = || CallState::Ended { outcome: Outcome::Missed, lasted: None };
        let calls =
            [call(1, ended()), call(2, CallState::Answering), call(3, ended()), call(4, CallState::Offered)];
        let order: Vec<u32> = in_screen_order(&calls).iter().map(|call| call.key.0).collect();
        assert_eq!(order, [4, 2, 3, 1]);
    }
}

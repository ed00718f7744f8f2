//! What the components share: the phone, what it last showed, and what this page itself remembers.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::past::{self, Past};
use super::preferences::{self, Preferences};
use super::shapes::*;
use super::telephone::Telephone;
use super::texts::{SampleTexts, Texts};
use super::words;
use crate::browser::clock;
use crate::phone::api::{Command, Notice, Refusal, Session, View};
use crate::phone::call::{Call, CallKey, Hold, Trouble};
use crate::phone::event::Event;
use crate::phone::quality::Meter;
use crate::time::Instant;

/// Handed to every component by context; cheap to copy.
#[derive(Clone, Copy)]
pub struct Ui {
    shared: StoredValue<Rc<Shared>, LocalStorage>,
    /// Moves on when the view has changed.
    view_changed: RwSignal<u32>,
    /// Moves on when shown times have to.
    ticked: RwSignal<u32>,
    /// Moves on when a preference was chosen.
    chosen: RwSignal<u32>,
    /// Someone is logged in.
    pub logged_in: Memo<bool>,
    /// What is in the number field.
    pub number: RwSignal<String>,
    /// Why the last call was not begun, in words; empty when it was.
    pub dial_problem: RwSignal<String>,
    /// Why the last thing asked of a call was not done, in words; empty when it was.
    pub call_problem: RwSignal<String>,
}

struct Shared {
    phone: Box<dyn Telephone>,
    /// What the phone shows. Only its notices write it.
    view: RefCell<Rc<View>>,
    now: Cell<Instant>,
    preferences: Cell<Preferences>,
    past: RefCell<Rc<Vec<Past>>>,
    /// The tones that were sent, by call.
    tones: RefCell<Vec<(CallKey, String)>>,
    /// The quality of calls.
    meters: RefCell<Vec<(CallKey, Meter)>>,
}

impl Ui {
    /// Follows that phone. Once per page.
    pub fn of(phone: Box<dyn Telephone>) -> Self {
        let shared = StoredValue::new_local(Rc::new(Shared {
            view: RefCell::new(Rc::new(phone.view())),
            now: Cell::new(clock::now()),
            preferences: Cell::new(words::that_can_be_spoken(preferences::load())),
            past: RefCell::default(),
            tones: RefCell::default(),
            meters: RefCell::default(),
            phone,
        }));
        let view_changed = RwSignal::new(0);
        let ui = Self {
            shared,
            view_changed,
            ticked: RwSignal::new(0),
            chosen: RwSignal::new(0),
            logged_in: Memo::new(move |_| {
                view_changed.track();
                shared.with_value(|shared| match shared.view.borrow().session {
                    Session::LoggedIn { .. } => true,
                    Session::LoggedOut { .. } | Session::LoggingIn => false,
                })
            }),
            number: RwSignal::new(String::new()),
            dial_problem: RwSignal::new(String::new()),
            call_problem: RwSignal::new(String::new()),
        };
        ui.listen(move |notice| match notice {
            Notice::Changed => ui.take_view(),
            Notice::Event(Event::Call { kind, .. }) => {
                if let Some(problem) = ui.texts().call_problem(kind) {
                    ui.call_problem.set(problem);
                }
            }
            Notice::Event(_)
            | Notice::Cti { .. }
            | Notice::ToCti(_)
            | Notice::Sip { .. }
            | Notice::Diagnostic { .. } => {}
        });
        ui
    }

    /// The one of this page.
    pub fn current() -> Self {
        expect_context()
    }

    fn shared(self) -> Rc<Shared> {
        self.shared.with_value(Rc::clone)
    }

    /// Reads what the phone shows now.
    fn take_view(self) {
        let shared = self.shared();
        let mut view = shared.phone.view();
        measure(&mut shared.meters.borrow_mut(), &mut view.calls);
        let camera = view.camera.as_ref().filter(|_| shared.view.borrow().camera.is_none());
        if let Some(problem) = camera {
            self.call_problem.set(self.texts().camera(problem).into_owned());
        }
        past::remember(Rc::make_mut(&mut shared.past.borrow_mut()), &view, clock::time_of_day());
        shared.view.replace(Rc::new(view));
        move_on(self.view_changed);
    }

    /// The words of the chosen language. Untracked: the whole page is drawn anew when the language changes.
    pub fn texts(self) -> &'static Texts {
        self.shared().preferences.get().language.texts()
    }

    /// The words of the developer's page, likewise.
    pub fn sample_texts(self) -> &'static SampleTexts {
        self.shared().preferences.get().language.sample_texts()
    }

    /// What the person chose, followed.
    pub fn preferences(self) -> Preferences {
        self.chosen.track();
        self.shared().preferences.get()
    }

    /// Chooses.
    pub fn prefer(self, change: impl FnOnce(&mut Preferences)) {
        let mut preferences = untrack(|| self.preferences());
        change(&mut preferences);
        self.choose(preferences);
    }

    /// Apart from [`Self::prefer`], so that it is compiled once.
    #[inline(never)]
    fn choose(self, preferences: Preferences) {
        self.shared().preferences.set(preferences);
        preferences::save(&preferences);
        // What was said before may be in the other language.
        self.dial_problem.set(String::new());
        self.call_problem.set(String::new());
        move_on(self.chosen);
    }

    /// Reads the view and follows it.
    pub fn view<T>(self, read: impl FnOnce(&View) -> T) -> T {
        self.view_changed.track();
        read(&self.shown())
    }

    /// Reads the view as it is now.
    pub fn view_now<T>(self, read: impl FnOnce(&View) -> T) -> T {
        read(&self.shown())
    }

    /// The view, as it is now.
    fn shown(self) -> Rc<View> {
        Rc::clone(&self.shared().view.borrow())
    }

    /// Reads one call and follows it. A call that is gone reads as nothing.
    pub fn call<T: Default>(self, key: CallKey, read: impl FnOnce(&Call) -> T) -> T {
        self.view(|view| find(view, key).map(read).unwrap_or_default())
    }

    /// Reads the past calls and follows them.
    pub fn past<T>(self, read: impl FnOnce(&[Past]) -> T) -> T {
        self.view_changed.track();
        let past = Rc::clone(&self.shared().past.borrow());
        read(&past)
    }

    /// Reads the quality of a call and follows it.
    pub fn meter<T>(self, key: CallKey, read: impl FnOnce(&Meter) -> T) -> T {
        self.view_changed.track();
        let shared = self.shared();
        let meters = shared.meters.borrow();
        match meters.iter().find(|(of, _)| *of == key) {
            Some((_, meter)) => read(meter),
            None => read(&Meter::default()),
        }
    }

    /// Has calls use that loudspeaker, or that microphone; empty: the one of the system.
    pub fn use_device(self, is_speaker: bool, id: &str) {
        self.shared().phone.use_device(is_speaker, id);
    }

    /// The moment that shown times count to, followed.
    pub fn now(self) -> Instant {
        self.ticked.track();
        self.shared().now.get()
    }

    /// Moves shown times on to the present moment.
    pub fn tick(self) {
        let shared = self.shared();
        shared.now.set(clock::now());
        move_on(self.ticked);
    }

    /// Has pictures shown in the elements that the page has now.
    pub fn look_for_elements(self) {
        self.shared().phone.show_pictures();
    }

    /// The present moment on the phone's clock.
    pub fn moment(self) -> Instant {
        clock::now()
    }

    /// Asks the phone.
    pub fn command(self, command: Command) -> Result<(), Refusal> {
        self.shared().phone.command(command)
    }

    /// Asks the phone; a refusal comes back in words.
    pub fn ask(self, command: Command) -> String {
        self.command(command)
            .err()
            .map(|refusal| self.texts().refusal(&refusal).to_owned())
            .unwrap_or_default()
    }

    /// Asks something of a call; a refusal is shown above the calls.
    pub fn ask_of_call(self, command: Command) {
        self.call_problem.set(self.ask(command));
    }

    /// Calls what the number field holds; a refusal is shown beside the field.
    pub fn dial_typed(self, video: bool) {
        if self.dial_with(self.number.get_untracked(), video) {
            self.number.set(String::new());
        }
    }

    /// Calls that number; a refusal is shown beside the number field. Tells whether the call was begun.
    pub fn dial(self, destination: String) -> bool {
        self.dial_with(destination, false)
    }

    fn dial_with(self, destination: String, video: bool) -> bool {
        let problem = self.ask(Command::Dial { destination, video });
        let begun = problem.is_empty();
        self.dial_problem.set(problem);
        begun
    }

    /// Sends tones on a call and remembers them for its card; a refusal is shown above the calls.
    pub fn send_tones(self, key: CallKey, digits: &str) {
        let problem = self.ask(Command::Dtmf { call: Some(key), digits: digits.to_owned() });
        if problem.is_empty() {
            let shared = self.shared();
            let mut tones = shared.tones.borrow_mut();
            // Those of the calls before it are over.
            tones.retain(|(of, _)| find(&shared.view.borrow(), *of).is_some());
            match tones.iter_mut().find(|(of, _)| *of == key) {
                Some((_, sent)) => sent.push_str(digits),
                None => tones.push((key, digits.to_owned())),
            }
        }
        self.call_problem.set(problem);
        move_on(self.view_changed);
    }

    /// The tones that a call was sent, followed.
    pub fn sent_tones(self, key: CallKey) -> String {
        self.view_changed.track();
        let shared = self.shared();
        let tones = shared.tones.borrow();
        tones.iter().find(|(of, _)| *of == key).map(|(_, sent)| sent.clone()).unwrap_or_default()
    }

    /// Follows the phone's notices for as long as the present owner lives.
    pub fn listen(self, told: impl FnMut(&Notice) + 'static) {
        keep(self.shared().phone.listen(Box::new(told)));
    }
}

/// Measures the calls by their newest samples. A bad quality is a trouble where there is no worse one.
fn measure(meters: &mut Vec<(CallKey, Meter)>, calls: &mut [Call]) {
    meters.retain(|(key, _)| calls.iter().any(|call| call.key == *key));
    for call in calls {
        let Some(sample) = call.sample.take() else { continue };
        let place = meters.iter().position(|(key, _)| *key == call.key).unwrap_or_else(|| {
            meters.push((call.key, Meter::default()));
            meters.len() - 1
        });
        let meter = &mut meters[place].1;
        meter.take(&sample);
        if meter.is_poor() && call.state.is_connected() {
            call.trouble = call.trouble.or(Some(Trouble::Poor));
        }
    }
}

fn find(view: &View, key: CallKey) -> Option<&Call> {
    view.calls.iter().find(|call| call.key == key)
}

/// Has whoever follows the signal read again.
pub fn move_on(version: RwSignal<u32>) {
    version.update(|version| *version = version.wrapping_add(1));
}

/// What goes on comes first, then what rings, then what is on hold, then what is over; the newest first of each.
/// While nobody talks or is being called, what rings is first.
pub fn screen_order(calls: &[Call]) -> impl Iterator<Item = &Call> {
    let rank = |call: &Call| match call.hold {
        _ if !call.state.is_live() => 3,
        _ if call.state.can_be_answered() => 1,
        Hold::Held => 2,
        Hold::Active | Hold::Holding | Hold::Resuming => 0,
    };
    (0..4).flat_map(move |wanted| calls.iter().rev().filter(move |call| rank(call) == wanted))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::phone::call::{CallState, Direction, Outcome, Party};

    fn call(key: u32, state: CallState) -> Call {
        Call::new(CallKey(key), String::new(), Direction::Incoming, Party::default(), state)
    }

    #[test]
    fn the_talk_is_on_top_and_what_is_over_below() {
        let ended = || CallState::Ended { outcome: Outcome::Missed, lasted: None };
        let order = |calls: &[Call]| screen_order(calls).map(|call| call.key.0).collect::<Vec<_>>();
        let offered = |key| call(key, CallState::Offered);
        assert_eq!(order(&[call(1, ended()), call(2, ended()), offered(3)]), [3, 2, 1]);
        assert_eq!(order(&[call(1, ended()), call(2, CallState::Answering), offered(3)]), [2, 3, 1]);
        let mut held = call(2, CallState::Connected { since: Instant::default() });
        held.hold = Hold::Held;
        assert_eq!(order(&[offered(1), held.clone()]), [1, 2]);
        held.hold = Hold::Resuming;
        assert_eq!(order(&[offered(1), held]), [2, 1]);
    }
}

//! Of the tabs in which a person is logged in, one is the phone: the one that holds the lock of that person. The others
//! stand by, and become the phone when it closes, or when the person wants them to; then its calls come along.
//!
//! ```text
//! log-in ─> asks ─free──────────────────────────────> is the phone ─"give"─> stands by
//!             └─taken─> stands by ─it closed, a while─┘
//!                          └─the person: "give", its calls─┘
//! ```

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use std::time::Duration;

use super::super::core::Core;
use super::kept;
use super::shell::Shell;
use crate::browser::channel::Channel;
use crate::browser::clock::{self, Alarm};
use crate::browser::lock::{self, Ask, Held, Told};
use crate::time::Instant;

/// What the names of our locks and channels begin with.
const PREFIX: &str = "xc-webrtc ";

/// How long a tab waits before it takes the place of one that is gone: that one may only be loaded again.
const GONE_FOR: Duration = Duration::from_secs(2);

/// How long the tab that is the phone may take to give it away. One that takes longer is frozen.
const PATIENCE: Duration = Duration::from_secs(1);

/// What a tab says that wants to be the phone. What it is answered with are the calls, which begin with a bracket.
const GIVE: &str = "give";

/// A person's tab.
pub(super) struct OneTab {
    /// Whose: login and server.
    pub(super) person: String,
    shell: Weak<Shell>,
    myself: Weak<OneTab>,
    channel: Option<Channel>,
    lock: RefCell<Option<Held>>,
    is_phone: Cell<bool>,
    /// The person, or the page before, wants this tab to be the phone.
    wants: Cell<bool>,
    /// The calls that came along.
    calls: RefCell<String>,
    alarm: Alarm,
}

/// What the lock and the channel of a person are called.
fn name_of(person: &str) -> String {
    [PREFIX, person].concat()
}

impl OneTab {
    /// Asks to be the phone of that person.
    pub(super) fn of(person: String, shell: &Weak<Shell>) -> Rc<Self> {
        let tab = Rc::new_cyclic(|myself: &Weak<Self>| {
            let (hearing, late) = (myself.clone(), myself.clone());
            Self {
                channel: Channel::open(&name_of(&person), move |words| {
                    if let Some(tab) = hearing.upgrade() {
                        tab.heard(words);
                    }
                }),
                person,
                shell: shell.clone(),
                myself: myself.clone(),
                lock: RefCell::default(),
                is_phone: Cell::new(false),
                wants: Cell::new(kept::was_phone()),
                calls: RefCell::default(),
                alarm: Alarm::new(move || {
                    if let Some(tab) = late.upgrade() {
                        tab.alarmed();
                    }
                }),
            }
        });
        tab.ask(Ask::IfFree);
        tab
    }

    /// The person wants this tab to be the phone.
    pub(super) fn take_over(&self) {
        self.wants.set(true);
        if self.lock.borrow().is_some() {
            return self.begin();
        }
        self.say(GIVE);
        self.alarm.set(Some(clock::now() + PATIENCE));
    }

    fn ask(&self, how: Ask) {
        let myself = self.myself.clone();
        let told = Rc::new(move |told| {
            if let Some(tab) = myself.upgrade() {
                tab.told(told, how);
            }
        });
        if !lock::ask(&name_of(&self.person), how, told) {
            self.begin();
        }
    }

    fn told(&self, told: Told, how: Ask) {
        match told {
            Told::Held(held) => {
                // Asked twice, it may come twice.
                let before = self.lock.replace(Some(held));
                drop(before);
                if how == Ask::WhenFree && !self.wants.get() {
                    self.alarm.set(Some(clock::now() + GONE_FOR));
                } else {
                    self.begin();
                }
            }
            Told::Refused => {
                if self.wants.get() {
                    self.take_over();
                }
                self.ask(Ask::WhenFree);
            }
            // A browser that lets no page have locks: each of its tabs is a phone.
            Told::Lost if self.lock.borrow().is_none() => self.begin(),
            Told::Lost => self.give(),
        }
    }

    fn heard(&self, words: String) {
        if words == GIVE {
            if self.lock.borrow().is_some() {
                self.give();
            }
        } else if self.is_phone.get() {
            // They come after the lock now and then.
            self.tell_core(|core, now| core.take_back(&words, now));
        } else if self.wants.get() {
            self.calls.replace(words);
        }
    }

    fn alarmed(&self) {
        if self.lock.borrow().is_some() {
            self.begin();
        } else if self.wants.get() {
            self.ask(Ask::Now);
        }
    }

    /// This tab is the phone from now on.
    fn begin(&self) {
        self.alarm.set(None);
        self.wants.set(false);
        if self.is_phone.replace(true) {
            return;
        }
        let calls = Some(self.calls.take()).filter(|calls| !calls.is_empty()).unwrap_or_else(kept::calls);
        kept::keep_whether_phone(true);
        self.tell_core(|core, now| core.begin_here(&calls, now));
    }

    /// Another tab is the phone from now on, with the calls of this one.
    fn give(&self) {
        self.alarm.set(None);
        if self.is_phone.replace(false) {
            kept::keep_whether_phone(false);
            self.tell_core(|core, now| self.say(&core.give_away(now)));
        }
        if self.lock.take().is_some() {
            self.ask(Ask::WhenFree);
        }
    }

    fn tell_core(&self, tell: impl FnOnce(&mut Core, Instant)) {
        if let Some(shell) = self.shell.upgrade() {
            tell(&mut shell.core.borrow_mut(), clock::now());
            shell.drain();
        }
    }

    fn say(&self, words: &str) {
        if let Some(channel) = &self.channel {
            channel.say(words);
        }
    }
}

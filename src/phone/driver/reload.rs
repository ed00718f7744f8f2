//! Keeps the calls for the page after this one in its tab, and has one tab at a time be the phone of a person.
//!
//! When a page goes away it cannot know whether it is loaded again or closed for good, and after that it can say nothing:
//! so it ends no call, but makes the other side end it soon unless somebody goes on with it.

use std::cell::RefCell;
use std::rc::Rc;

use super::super::api::Notice;
use super::one_tab::OneTab;
use super::shell::Shell;
use super::{Listening, kept};
use crate::browser::clock;
use crate::browser::listener::Listener;
use crate::browser::page;

/// What does it, as long as the phone is there.
pub(super) struct Keeper {
    /// Which tab it is, while somebody is logged in.
    pub(super) tab: RefCell<Option<Rc<OneTab>>>,
    _changes: Listening,
    _end: Listener,
}

/// Has the calls of this phone outlive a reload.
pub(super) fn survive(shell: &Rc<Shell>) {
    let mut before = String::new();
    let weak = Rc::downgrade(shell);
    // Whatever has changed is kept at once: a page that crashes says nothing.
    let changes = shell.listen(Rc::new(RefCell::new(move |notice: &Notice| {
        if let (Notice::Changed, Some(shell)) = (notice, weak.upgrade()) {
            let calls = shell.core.borrow_mut().kept_calls();
            if calls != before {
                kept::keep_calls(&calls);
                before = calls;
            }
            follow(&shell);
        }
    })));
    let weak = Rc::downgrade(shell);
    let end = page::when_left(move || {
        if let Some(shell) = weak.upgrade() {
            shell.core.borrow_mut().leave_page(clock::now());
            shell.drain();
        }
    });
    shell.core.borrow_mut().stand_by();
    shell.keeper.replace(Some(Keeper { tab: RefCell::default(), _changes: changes, _end: end }));
}

/// Asks to be the phone of who has begun to log in.
fn follow(shell: &Shell) {
    let keeper = shell.keeper.borrow();
    let Some(keeper) = &*keeper else { return };
    let person = shell.core.borrow().person();
    let before = keeper.tab.borrow().as_ref().map(|tab| tab.person.clone());
    if before == person {
        return;
    }
    keeper.tab.replace(None);
    shell.core.borrow_mut().stand_by();
    keeper.tab.replace(person.map(|person| OneTab::of(person, &shell.myself)));
}

//! The moments at which the world may have changed behind the page's back.

use std::cell::RefCell;
use std::rc::Rc;

use super::listener::Listener;
use super::{page, window};

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wake {
    /// The network is there again.
    Online,
    /// The network is gone.
    Offline,
    /// The page is seen again: it was in the background, frozen, kept for the back button, or the computer slept.
    Shown,
}

/// Tells of [`Wake`]s until it is dropped.
#[must_use = "nothing is told after this is dropped"]
pub struct Watch {
    _listeners: Vec<Listener>,
}

/// Calls `callback` at each of them from now on.
pub fn watch(callback: impl FnMut(Wake) + 'static) -> Watch {
    let window = window();
    let callback = Rc::new(RefCell::new(callback));
    let tell = |wake: Wake| {
        let callback = callback.clone();
        move |_| (callback.borrow_mut())(wake)
    };
    let mut listeners = vec![
        Listener::new(&window, "online", tell(Wake::Online)),
        Listener::new(&window, "offline", tell(Wake::Offline)),
        Listener::new(&window, "pageshow", tell(Wake::Shown)),
    ];
    if let Some(document) = window.document() {
        let shown = tell(Wake::Shown);
        listeners.push(Listener::new(&document, "resume", tell(Wake::Shown)));
        listeners.push(Listener::new(&document, "visibilitychange", move |event| {
            if page::is_visible() {
                shown(event);
            }
        }));
    }
    Watch { _listeners: listeners }
}

/// Whether the browser believes that there is a network. It may be wrong: only an answer proves one.
pub fn is_online() -> bool {
    window().navigator().on_line()
}

//! The worker that keeps the time for all alarms of the page, and the page's own timers where there is none.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use std::time::Duration;

use js_sys::Array;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, BlobPropertyBag, Event, MessageEvent, Url, Worker};

use super::super::listener::Listener;
use super::super::window;
use super::now;
use crate::time::Instant;

/// All that the worker does: `[ticket, milliseconds]` starts a timer, `[ticket]` clears it, and `ticket` comes back.
const SCRIPT: &str = "const t={};onmessage=({data:[k,d]})=>{clearTimeout(t[k]);\
    if(d===undefined)delete t[k];else t[k]=setTimeout(()=>{delete t[k];postMessage(k)},d)}";

/// Browsers take a longer wait for none at all (a signed 32 bit number of milliseconds). We ask again after it.
const LONGEST_WAIT: Duration = Duration::from_secs(24 * 60 * 60);

/// What an alarm calls.
pub(super) type Callback = Rc<RefCell<dyn FnMut()>>;

/// Names one setting of one alarm; never used twice, so a message that crosses a cancellation finds nothing.
pub(super) type Ticket = u32;

/// Keeps the time for all alarms; ends its worker when the last alarm is dropped.
pub(super) struct Timekeeper {
    lane: RefCell<Lane>,
    /// A handful at most.
    waiting: RefCell<Vec<(Ticket, Waiting)>>,
    last: Cell<Ticket>,
}

/// Who runs the timers.
enum Lane {
    /// A worker, which the browser does not slow down in the background.
    Worker(TimerWorker),
    /// The page, where its policy (CSP `worker-src`) allows no worker.
    Page,
}

struct Waiting {
    at: Instant,
    callback: Callback,
    /// Only on the page's lane.
    _timer: Option<PageTimer>,
}

thread_local! {
    static SHARED: RefCell<Weak<Timekeeper>> = const { RefCell::new(Weak::new()) };
}

impl Timekeeper {
    /// The one that is there, or a new one.
    pub(super) fn shared() -> Rc<Self> {
        SHARED.with_borrow_mut(|shared| {
            shared.upgrade().unwrap_or_else(|| {
                let keeper = Self::start();
                *shared = Rc::downgrade(&keeper);
                keeper
            })
        })
    }

    fn take(&self, ticket: Ticket) -> Option<Waiting> {
        let mut waiting = self.waiting.borrow_mut();
        let index = waiting.iter().position(|(waiting, _)| *waiting == ticket)?;
        Some(waiting.swap_remove(index).1)
    }

    fn start() -> Rc<Self> {
        Rc::new_cyclic(|keeper| Self {
            lane: RefCell::new(TimerWorker::start(keeper).map_or(Lane::Page, Lane::Worker)),
            waiting: RefCell::default(),
            last: Cell::new(0),
        })
    }

    /// Calls `callback` at that moment.
    pub(super) fn arm(self: &Rc<Self>, at: Instant, callback: Callback) -> Ticket {
        let ticket = self.last.get().wrapping_add(1);
        self.last.set(ticket);
        self.start_timer(ticket, at, callback);
        ticket
    }

    /// Whether that one is still to come.
    pub(super) fn has(&self, ticket: Ticket) -> bool {
        self.waiting.borrow().iter().any(|(waiting, _)| *waiting == ticket)
    }

    /// Forgets it.
    pub(super) fn cancel(&self, ticket: Ticket) {
        let waited = self.take(ticket);
        if let (Some(_), Lane::Worker(worker)) = (waited, &*self.lane.borrow()) {
            worker.post(&Array::of1(&ticket.into()));
        }
    }

    fn start_timer(self: &Rc<Self>, ticket: Ticket, at: Instant, callback: Callback) {
        let wait = at.saturating_since(now()).min(LONGEST_WAIT);
        // Rounded up: the alarm never comes before its moment.
        let milliseconds = wait.as_secs() as i32 * 1000 + wait.subsec_micros().div_ceil(1000) as i32;
        let timer = match &*self.lane.borrow() {
            Lane::Worker(worker) => {
                worker.post(&Array::of2(&ticket.into(), &milliseconds.into()));
                None
            }
            Lane::Page => {
                let keeper = Rc::downgrade(self);
                Some(PageTimer::start(milliseconds, move || {
                    if let Some(keeper) = keeper.upgrade() {
                        keeper.fire(ticket);
                    }
                }))
            }
        };
        self.waiting.borrow_mut().push((ticket, Waiting { at, callback, _timer: timer }));
    }

    fn fire(self: &Rc<Self>, ticket: Ticket) {
        let Some(waited) = self.take(ticket) else { return };
        if now() < waited.at {
            self.start_timer(ticket, waited.at, waited.callback.clone());
        } else {
            (waited.callback.borrow_mut())();
        }
    }

    /// The worker could not be run after all: the page takes over what waits.
    fn take_over(self: &Rc<Self>) {
        drop(self.lane.replace(Lane::Page));
        for (ticket, waited) in self.waiting.take() {
            self.start_timer(ticket, waited.at, waited.callback);
        }
    }
}

/// A worker made from text, ended when dropped.
struct TimerWorker {
    worker: Worker,
    url: String,
    _listeners: [Listener; 2],
}

impl TimerWorker {
    fn start(keeper: &Weak<Timekeeper>) -> Result<Self, JsValue> {
        let kind = BlobPropertyBag::new();
        kind.set_type("text/javascript");
        let script = Blob::new_with_str_sequence_and_options(&Array::of1(&SCRIPT.into()), &kind)?;
        let url = Url::create_object_url_with_blob(&script)?;
        let worker = Worker::new(&url).inspect_err(|_| revoke(&url))?;
        let (fired, failed) = (keeper.clone(), keeper.clone());
        let listeners = [
            Listener::new(&worker, "message", move |event: Event| {
                let ticket = event.unchecked_ref::<MessageEvent>().data().as_f64();
                if let (Some(keeper), Some(ticket)) = (fired.upgrade(), ticket) {
                    keeper.fire(ticket as Ticket);
                }
            }),
            Listener::new(&worker, "error", move |_| {
                if let Some(keeper) = failed.upgrade() {
                    keeper.take_over();
                }
            }),
        ];
        Ok(Self { worker, url, _listeners: listeners })
    }

    fn post(&self, message: &Array) {
        // Fails only for what cannot be copied, which numbers can.
        let _ = self.worker.post_message(message);
    }
}

impl Drop for TimerWorker {
    fn drop(&mut self) {
        self.worker.terminate();
        revoke(&self.url);
    }
}

fn revoke(url: &str) {
    let _ = Url::revoke_object_url(url);
}

/// One timer of the page, cleared when dropped.
struct PageTimer {
    id: i32,
    _callback: Closure<dyn FnMut()>,
}

impl PageTimer {
    fn start(milliseconds: i32, callback: impl FnMut() + 'static) -> Self {
        let callback = Closure::wrap(Box::new(callback) as Box<dyn FnMut()>);
        let id = window()
            .set_timeout_with_callback_and_timeout_and_arguments_0(
                callback.as_ref().unchecked_ref(),
                milliseconds,
            )
            // Throws for nothing but a missing function; zero names no timer.
            .unwrap_or_default();
        Self { id, _callback: callback }
    }
}

impl Drop for PageTimer {
    fn drop(&mut self) {
        window().clear_timeout_with_handle(self.id);
    }
}

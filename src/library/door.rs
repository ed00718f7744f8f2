//! The few functions that `xc_webrtc.js` calls. Texts go both ways; what has parts is JSON.
//!
//! | File | What is called there |
//! |---|---|
//! | this one | the beginning; how the page is told of everything |
//! | `life` | from `init` to `stop`, and the messages of the page's `Cti` |
//! | `calls` | what is done with calls, and what can be seen of them |
//! | `choices` | what the page chooses: devices, the log, the token |
//! | `cti` | our own `Cti` |

mod calls;
mod choices;
mod cti;
mod life;

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

use js_sys::Function;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::own_cti::OwnCti;
use super::stack::Stack;
use crate::browser::clock::{self, Alarm};
use crate::browser::console::Kind;
use crate::browser::entropy;
use crate::phone::Phone;
use crate::phone::api::Notice;
use crate::phone::driver::Listening;
use crate::phone::event::Event;
use crate::rtc::audio_output::{AudioOutput, InUse};
use crate::time::Instant;

/// The library of a page.
struct Library {
    phone: Phone,
    stack: RefCell<Stack>,
    alarm: Alarm,
    cti: Rc<OwnCti>,
    output: AudioOutput,
    /// The beginning of our clock in milliseconds since 1970: one for the life of the page, so that the same call is
    /// always told with the same time.
    origin: f64,
    /// The audio output runs from the moment that the page asked for it.
    context: RefCell<Option<InUse>>,
    tell: Function,
    _listening: Listening,
}

thread_local! {
    static LIBRARY: OnceCell<Library> = const { OnceCell::new() };
}

fn with<T>(use_it: impl FnOnce(&Library) -> T) -> Option<T> {
    LIBRARY.with(|library| library.get().map(use_it))
}

/// Tells the page: what kind of thing, and two texts.
fn tell(to: &Function, kind: &str, one: &str, other: &str) {
    // The page's own errors stay on its side.
    let _ = to.call3(&JsValue::NULL, &kind.into(), &one.into(), &other.into());
}

/// Begins. `page` is told:
///
/// | Kind | Texts |
/// |---|---|
/// | `event` | topic, event |
/// | `cti` | command, – |
/// | `log` | `info`, `warn` or `error`; line |
/// | `line` | `ignored`, – |
/// | `changed` | –: something in the calls is other than it was |
/// | `sip` | `sent` or `received`; a SIP message without what is secret |
/// | `link` | a word of [`OwnCti`], its text |
#[wasm_bindgen]
pub fn begin(page: Function) {
    let output = AudioOutput::default();
    let phone = Phone::start_silent(output.clone(), log);
    let listening = phone.listen(heard);
    let alarm = Alarm::new(|| {
        with(|library| library.stack.borrow_mut().timeout(clock::now()));
        life::follow();
    });
    let to_page = page.clone();
    let words = move |word: &str, text: &str| tell(&to_page, "link", word, text);
    let seed = entropy::seed();
    let number = u64::from_le_bytes([0, 1, 2, 3, 4, 5, 6, 7].map(|place| seed[place]));
    let library = Library {
        phone,
        stack: RefCell::default(),
        alarm,
        cti: OwnCti::new(number, Box::new(words)),
        output,
        origin: clock::wall_clock_ms() - clock::now().saturating_since(Instant::default()).as_millis() as f64,
        context: RefCell::default(),
        tell: page,
        _listening: listening,
    };
    LIBRARY.with(|place| place.set(library).ok());
}

fn log(kind: Kind, text: &str) {
    let kind = match kind {
        Kind::Info => "info",
        Kind::Warn => "warn",
        Kind::Error => "error",
    };
    with(|library| tell(&library.tell, "log", kind, text));
}

fn heard(notice: &Notice) {
    match notice {
        Notice::Event(event) => {
            // State first: what the page asks in its handler is answered as it is now.
            if with(|library| library.stack.borrow_mut().heard(event)) == Some(true) {
                publish(event);
            }
        }
        Notice::ToCti(command) => {
            with(|library| tell(&library.tell, "cti", &command.to_string(), ""));
        }
        Notice::Changed => _ = with(|library| tell(&library.tell, "changed", "", "")),
        Notice::Sip { sent, text } => {
            let way = if *sent { "sent" } else { "received" };
            with(|library| tell(&library.tell, "sip", way, text));
        }
        Notice::Cti { .. } | Notice::Diagnostic { .. } => {}
    }
}

fn publish(event: &Event) {
    with(|library| tell(&library.tell, "event", event.group().as_str(), &event.to_json().to_string()));
}

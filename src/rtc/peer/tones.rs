//! Tones in the stream of speech (RFC 4733), one after the other however fast they are asked for.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{RtcRtpSender, RtcdtmfSender, RtcdtmfToneChangeEvent};

use crate::browser::invoke;
use crate::browser::listener::Listener;

/// What sends the tones of one connection.
pub(super) struct Tones {
    sender: RtcRtpSender,
    line: Rc<Line>,
    _tone_change: Listener,
}

struct Line {
    dtmf: RtcdtmfSender,
    /// While tones are being sent: those that come after them. Giving the browser more tones meanwhile makes it begin
    /// the next one before the pause after the last one is over.
    waiting: RefCell<Option<String>>,
}

impl Tones {
    /// None where the browser has no tones for that sender.
    pub(super) fn of(sender: RtcRtpSender) -> Option<Self> {
        let line = Rc::new(Line { dtmf: sender.dtmf()?, waiting: RefCell::default() });
        let tone_change = Listener::new(&line.dtmf, "tonechange", {
            let line = line.clone();
            move |event| {
                // An empty tone is the end of the last one and of the pause after it.
                if event.unchecked_ref::<RtcdtmfToneChangeEvent>().tone().is_empty() {
                    line.go_on();
                }
            }
        });
        Some(Self { sender, line, _tone_change: tone_change })
    }

    /// Sends them behind those that are being sent; `false` when they cannot be sent: the other side takes none, or we
    /// send nothing at the moment.
    pub(super) fn send(&self, tones: &str) -> bool {
        if self.sender.track().is_none() {
            return false;
        }
        if let Some(waiting) = &mut *self.line.waiting.borrow_mut() {
            waiting.push_str(tones);
            return true;
        }
        self.line.begin(tones)
    }
}

impl Line {
    fn begin(&self, tones: &str) -> bool {
        let begun = invoke(&self.dtmf, "insertDTMF", &tones.into()).is_ok();
        self.waiting.replace(begun.then(String::new));
        begun
    }

    fn go_on(&self) {
        let next = self.waiting.take().unwrap_or_default();
        if !next.is_empty() {
            self.begin(&next);
        }
    }
}

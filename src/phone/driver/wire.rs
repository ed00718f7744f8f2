//! A websocket that is lost and opened again: the one to the CTI server, or the one to the telephony server.

use std::cell::RefCell;
use std::rc::Rc;

use super::super::effect::Input;
use crate::browser::socket::{LONGEST_MESSAGE, Socket, SocketEvent};
use crate::secret::Secret;

/// See the module.
pub(super) struct Wire {
    protocol: Option<&'static str>,
    socket: RefCell<Option<Socket>>,
    tell: Rc<dyn Fn(SocketEvent)>,
}

impl Wire {
    /// Not open yet. `tell` is told what happens.
    pub(super) fn new(protocol: Option<&'static str>, tell: impl Fn(SocketEvent) + 'static) -> Self {
        Self { protocol, socket: RefCell::default(), tell: Rc::new(tell) }
    }

    /// Opens it, in the place of the one before. An address that the browser does not take is told like a refusal.
    pub(super) fn open(&self, url: &Secret) {
        let tell = Rc::clone(&self.tell);
        match Socket::open(url.expose(), self.protocol, move |event| tell(event)) {
            Ok(socket) => drop(self.socket.replace(Some(socket))),
            Err(error) => {
                drop(self.socket.take());
                (self.tell)(SocketEvent::Closed { code: 0, reason: error.to_string(), clean: false });
            }
        }
    }

    /// Sends a message. A websocket that is not open any more says so by an event of its own.
    pub(super) fn send(&self, text: &str) {
        if let Some(socket) = &*self.socket.borrow() {
            let _ = socket.send(text);
        }
    }

    /// Closes it; nothing more is told.
    pub(super) fn close(&self) {
        drop(self.socket.take());
    }
}

/// A message of `length` that was too long.
pub(super) fn oversized(source: &'static str, length: u32) -> Input {
    let text = format!("a message of {length} bytes was dropped: the longest taken has {LONGEST_MESSAGE}");
    Input::Unreadable { source, text }
}

//! A websocket whose messages are text.

use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;

use js_sys::{JsString, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{BinaryType, CloseEvent, Event, MessageEvent, WebSocket};

use super::error_name;
use super::listener::Listener;

/// A longer message is not read. The longest honest one, a SIP message with two descriptions, is below 64 KB.
pub const LONGEST_MESSAGE: u32 = 1024 * 1024;

/// Why an address is not even tried.
const CSP: &str = "the Content-Security-Policy of the page does not allow this address";

/// What a websocket tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SocketEvent {
    /// It is open; messages can be sent.
    Opened,
    /// A message came; bytes that are not UTF-8 are replaced: those of a part of a body, mostly, and the rest wants an
    /// answer (RFC 4475 §3.1.1.11).
    Received(String),
    /// A message came that is longer than [`LONGEST_MESSAGE`] (its length in characters or bytes); it was dropped.
    Oversized(u32),
    /// It is closed, or could not be opened. Nothing comes after this.
    Closed {
        /// The code of RFC 6455 §7.4.1; 1006 when the connection was refused or broke.
        code: u16,
        /// The server's words; mostly none.
        reason: String,
        /// Whether both sides agreed to close.
        clean: bool,
    },
}

/// Why a websocket could not be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SocketError {
    /// The address or the sub-protocol cannot be read.
    BadAddress(String),
    /// The browser forbids it here: an unencrypted websocket from a page served over TLS, or an address that the page's
    /// CSP does not name.
    Forbidden(String),
    /// It is not open, so nothing can be sent.
    NotOpen,
}

impl fmt::Display for SocketError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BadAddress(reason) | Self::Forbidden(reason) => f.write_str(reason),
            Self::NotOpen => f.write_str("the websocket is not open"),
        }
    }
}

/// One websocket. Dropping it takes its listeners off, so that nothing of it is heard any more, and closes it.
pub struct Socket {
    socket: WebSocket,
    // Declared after the socket only for reading; `drop` below empties it first.
    listeners: Vec<Listener>,
}

impl Socket {
    /// Begins to open a websocket to `url` (`ws:` or `wss:`) with that sub-protocol; [`SocketEvent::Opened`] or
    /// [`SocketEvent::Closed`] follows. `on_event` may drop the socket.
    pub fn open(
        url: &str,
        protocol: Option<&str>,
        on_event: impl FnMut(SocketEvent) + 'static,
    ) -> Result<Self, SocketError> {
        let socket = match protocol {
            Some(protocol) => WebSocket::new_with_str(url, protocol),
            None => WebSocket::new(url),
        }
        .map_err(|thrown| refused(&thrown, url))?;
        // Chromium tells by nothing else that the page's own CSP does not allow the address: no `close` follows.
        if socket.ready_state() == WebSocket::CLOSED {
            return Err(SocketError::Forbidden(CSP.to_owned()));
        }
        socket.set_binary_type(BinaryType::Arraybuffer);
        let on_event = Rc::new(RefCell::new(on_event));
        let listen = |name, read: fn(&Event) -> SocketEvent| {
            let on_event = on_event.clone();
            Listener::new(&socket, name, move |event| (on_event.borrow_mut())(read(&event)))
        };
        let listeners = vec![
            listen("open", |_| SocketEvent::Opened),
            listen("message", received),
            listen("close", closed),
        ];
        Ok(Self { socket, listeners })
    }

    /// Sends a text message, or says that the socket is not open.
    pub fn send(&self, text: &str) -> Result<(), SocketError> {
        if self.socket.ready_state() != WebSocket::OPEN {
            return Err(SocketError::NotOpen);
        }
        self.socket.send_with_str(text).map_err(|_| SocketError::NotOpen)
    }

    /// Bytes handed to [`Socket::send`] that have not left yet.
    pub fn buffered(&self) -> u32 {
        self.socket.buffered_amount()
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.listeners.clear();
        let _ = self.socket.close();
    }
}

/// The browser's own words may tell the whole address, in which the token is: they are not passed on.
fn refused(thrown: &JsValue, url: &str) -> SocketError {
    let place = url.split('?').next().unwrap_or_default();
    match error_name(thrown).as_str() {
        "SecurityError" => SocketError::Forbidden(["the browser does not allow ", place, " here"].concat()),
        _ => SocketError::BadAddress([place, " is no address of a websocket"].concat()),
    }
}

fn received(event: &Event) -> SocketEvent {
    let data = event.unchecked_ref::<MessageEvent>().data();
    match data.dyn_into::<JsString>() {
        // The length is looked at before the text is copied.
        Ok(text) if text.length() > LONGEST_MESSAGE => SocketEvent::Oversized(text.length()),
        Ok(text) => SocketEvent::Received(String::from(text)),
        Err(data) => binary(&data),
    }
}

fn binary(data: &JsValue) -> SocketEvent {
    let bytes = Uint8Array::new(data);
    if bytes.length() > LONGEST_MESSAGE {
        return SocketEvent::Oversized(bytes.length());
    }
    SocketEvent::Received(String::from_utf8_lossy(&bytes.to_vec()).into_owned())
}

fn closed(event: &Event) -> SocketEvent {
    let event = event.unchecked_ref::<CloseEvent>();
    SocketEvent::Closed { code: event.code(), reason: event.reason(), clean: event.was_clean() }
}

//! Websockets: refused, closed, and told what cannot be read.

use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{EventTarget, MessageEvent, MessageEventInit, WebSocket};
use xc_webrtc::browser::socket::{LONGEST_MESSAGE, Socket, SocketError, SocketEvent};

use crate::support::{Told, last_made, lent};

/// Port 9 (discard) is served nowhere.
const NOBODY: &str = "ws://127.0.0.1:9/";

fn open(url: &str) -> (Result<Socket, SocketError>, Told<SocketEvent>) {
    let told = Told::new();
    (Socket::open(url, Some("sip"), told.teller()), told)
}

/// Lets a message arrive at the websocket that was made last.
fn arrive(data: &JsValue) {
    let message = MessageEventInit::new();
    message.set_data(data);
    let event = MessageEvent::new_with_event_init_dict("message", &message).unwrap();
    last_made("WebSocket").unchecked_into::<EventTarget>().dispatch_event(&event).unwrap();
}

#[wasm_bindgen_test]
async fn a_socket_to_nobody_is_told_closed() {
    let (socket, told) = open(NOBODY);
    let closed = told.find("Closed", |_| true).await;
    assert_eq!(closed, SocketEvent::Closed { code: 1006, reason: String::new(), clean: false });
    assert_eq!(socket.unwrap().send("REGISTER"), Err(SocketError::NotOpen));
}

#[wasm_bindgen_test]
async fn a_dropped_socket_is_not_heard_of_again_and_is_closed() {
    let before = lent();
    let (dropped, silence) = open(NOBODY);
    let inner: WebSocket = last_made("WebSocket").unchecked_into();
    drop(dropped);
    assert!(matches!(inner.ready_state(), WebSocket::CLOSING | WebSocket::CLOSED));
    assert_eq!(lent(), before);
    let (_kept, told) = open(NOBODY);
    told.find("Closed of the other", |_| true).await;
    assert!(silence.all().is_empty());
}

#[wasm_bindgen_test]
fn an_address_that_cannot_be_read_is_told_at_once() {
    for url in [
        "ws://[broken?token=s3cret",
        "gopher://127.0.0.1/?token=s3cret",
        "wss://10.0.0.256/wssip?token=s3cret",
    ] {
        let (socket, _) = open(url);
        let Some(SocketError::BadAddress(words)) = socket.err() else { panic!("{url} is taken") };
        assert!(
            words.contains(&url[..url.len() - "?token=s3cret".len()]) && !words.contains("s3cret"),
            "{words}"
        );
    }
}

#[wasm_bindgen_test]
fn messages_are_text_whatever_the_frame_and_never_too_long() {
    let (_socket, told) = open(NOBODY);
    arrive(&"OPTIONS sip:é".into());
    arrive(&Uint8Array::from("SIP/2.0 é".as_bytes()).buffer());
    arrive(&Uint8Array::from([b'a', b' ', 0xff, 0xfe].as_slice()).buffer());
    arrive(&"x".repeat(LONGEST_MESSAGE as usize + 1).into());
    arrive(&Uint8Array::new_with_length(LONGEST_MESSAGE + 1).buffer());
    assert_eq!(
        told.all(),
        [
            SocketEvent::Received("OPTIONS sip:é".into()),
            SocketEvent::Received("SIP/2.0 é".into()),
            SocketEvent::Received("a \u{fffd}\u{fffd}".into()),
            SocketEvent::Oversized(LONGEST_MESSAGE + 1),
            SocketEvent::Oversized(LONGEST_MESSAGE + 1),
        ]
    );
}

#[wasm_bindgen_test]
async fn a_socket_may_be_dropped_by_what_it_tells() {
    let before = lent();
    let slot = std::rc::Rc::new(std::cell::RefCell::new(None));
    let told = Told::new();
    let (mine, mut tell) = (slot.clone(), told.teller());
    let socket = Socket::open(NOBODY, None, move |_| {
        drop(mine.take());
        tell(());
    });
    slot.replace(Some(socket.unwrap()));
    told.find("Closed", |_| true).await;
    assert!(slot.borrow().is_none());
    assert_eq!(lent(), before);
}

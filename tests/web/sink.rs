//! The element in which the other side is heard.

use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Document, Element, Event, HtmlMediaElement, MediaStream};
use xc_webrtc::rtc::devices::Microphone;
use xc_webrtc::rtc::sink::{Playback, RemoteAudio};

use crate::support::{Told, call, dom_exception, lent, replace};

const ID: &str = "audio_remote3";

fn document() -> Document {
    web_sys::window().unwrap().document().unwrap()
}

fn in_the_page() -> Option<Element> {
    document().get_element_by_id(ID)
}

/// An element that the page brings along.
fn pages_own() -> HtmlMediaElement {
    let element = document().create_element("audio").unwrap();
    element.set_id(ID);
    document().body().unwrap().append_child(&element).unwrap();
    element.unchecked_into()
}

#[wasm_bindgen_test]
async fn an_element_is_made_where_the_page_has_none_and_removed_afterwards() {
    let before = lent();
    let microphone = Microphone::open(None).await.unwrap();
    let told = Told::new();
    let audio = RemoteAudio::play(microphone.stream(), [ID, ID], told.teller());
    told.find("Playing", |playback| *playback == Playback::Playing).await;
    assert_eq!(in_the_page().as_ref(), Some(audio.element().as_ref()));
    let element = audio.element().clone();
    drop(audio);
    assert_eq!(in_the_page(), None);
    assert!(element.src_object().is_none() && element.paused());
    assert_eq!(lent(), before);
}

#[wasm_bindgen_test]
async fn the_pages_own_element_is_used_and_left_in_place() {
    let element = pages_own();
    let microphone = Microphone::open(None).await.unwrap();
    let told = Told::new();
    let audio = RemoteAudio::play(microphone.stream(), [ID, ID], told.teller());
    told.find("Playing", |playback| *playback == Playback::Playing).await;
    assert_eq!(element.src_object().as_ref(), Some(microphone.stream()));
    drop(audio);
    assert!(element.src_object().is_none());
    assert!(in_the_page().is_some());
    element.remove();
}

#[wasm_bindgen_test]
async fn a_call_that_ends_does_not_silence_the_next_one_in_the_same_element() {
    let element = pages_own();
    let next = MediaStream::new().unwrap();
    let ended = RemoteAudio::play(&MediaStream::new().unwrap(), [ID, ID], |_| {});
    let lasting = RemoteAudio::play(&next, [ID, ID], |_| {});
    drop(ended);
    assert_eq!(element.src_object(), Some(next));
    drop(lasting);
    element.remove();
}

#[wasm_bindgen_test]
async fn audio_that_the_browser_blocks_is_told_and_plays_at_the_first_touch() {
    let before = lent();
    let element = pages_own();
    let refuse =
        Closure::<dyn FnMut() -> Promise>::new(|| Promise::reject(&dom_exception("NotAllowedError")));
    let restore = replace(&element, "play", refuse.as_ref());
    let microphone = Microphone::open(None).await.unwrap();
    let told = Told::new();
    let audio = RemoteAudio::play(microphone.stream(), [ID, ID], told.teller());
    told.find("Blocked", |playback| *playback == Playback::Blocked).await;
    call(&restore);
    web_sys::window().unwrap().dispatch_event(&Event::new("pointerdown").unwrap()).unwrap();
    told.find("Playing", |playback| *playback == Playback::Playing).await;
    assert_eq!(lent(), before, "touches are not listened to any more");
    drop(audio);
    element.remove();
}

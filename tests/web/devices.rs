//! Microphones: the fake ones of the browser, and what it says when there is none to be had.

use futures_util::future::{Either, ready, select};
use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Event, MediaStream, MediaStreamTrackState};
use xc_webrtc::rtc::devices::{self, DeviceError, Microphone};

use crate::support::{Ear, Told, call, dom_exception, eventually, hesitate, lent, property, replace};

fn browser_devices() -> JsValue {
    web_sys::window().unwrap().navigator().media_devices().unwrap().into()
}

/// What opening gives when the browser answers with an exception of that name.
async fn opened_when_browser_throws(name: &str) -> Option<DeviceError> {
    let thrown = dom_exception(name);
    let refuse = Closure::<dyn FnMut() -> Promise>::new(move || Promise::reject(&thrown));
    let restore = replace(&browser_devices(), "getUserMedia", refuse.as_ref());
    let outcome = Microphone::open(None).await;
    call(&restore);
    outcome.err()
}

#[wasm_bindgen_test]
async fn a_microphone_is_heard_until_it_is_off_and_ends_when_dropped() {
    let microphone = Microphone::open(None).await.unwrap();
    let track = Clone::clone(microphone.track());
    let ear = Ear::on(microphone.stream());
    assert!(microphone.is_on());
    ear.hears_something("the page").await;
    microphone.set_on(false);
    assert!(!microphone.is_on());
    ear.hears_nothing("the page").await;
    drop(microphone);
    assert_eq!(track.ready_state(), MediaStreamTrackState::Ended);
}

#[wasm_bindgen_test]
async fn microphones_are_listed_and_can_be_chosen() {
    let _allowed = Microphone::open(None).await.unwrap();
    let inputs = devices::list(devices::Listed::Microphones).await;
    let chosen = inputs.last().unwrap();
    assert!(!chosen.label.is_empty());
    let microphone = Microphone::open(Some(&chosen.id)).await.unwrap();
    assert_eq!(property(&microphone.track().get_settings(), "deviceId"), JsValue::from(&chosen.id));
}

#[wasm_bindgen_test]
async fn a_microphone_that_is_not_there_any_more_gives_way_to_another() {
    assert!(Microphone::open(Some("left at home")).await.is_ok());
}

#[wasm_bindgen_test]
async fn each_way_of_having_no_microphone_is_told_apart() {
    assert_eq!(opened_when_browser_throws("NotAllowedError").await, Some(DeviceError::Refused));
    assert_eq!(opened_when_browser_throws("NotFoundError").await, Some(DeviceError::Absent));
    assert_eq!(opened_when_browser_throws("NotReadableError").await, Some(DeviceError::InUse));
    let other = opened_when_browser_throws("InvalidStateError").await;
    assert_eq!(other, Some(DeviceError::Other("InvalidStateError: made by a test".into())));
}

#[wasm_bindgen_test]
async fn a_page_without_tls_is_told_from_a_refusal() {
    let window = web_sys::window().unwrap();
    let secure = replace(&window, "isSecureContext", &JsValue::FALSE);
    let devices = replace(&window.navigator(), "mediaDevices", &JsValue::UNDEFINED);
    let outcome = Microphone::open(None).await;
    call(&devices);
    call(&secure);
    assert_eq!(outcome.err(), Some(DeviceError::InsecurePage));
}

#[wasm_bindgen_test]
async fn a_microphone_that_is_allowed_when_nobody_waits_any_more_is_switched_off() {
    let prompt = hesitate();
    let asked = select(Box::pin(Microphone::open(None)), ready(())).await;
    assert!(matches!(asked, Either::Right(_)), "the browser is still asking the person");
    drop(asked);
    call(&property(&prompt, "go"));
    let opened = property(&prompt, "opened");
    let stream = || property(&opened, "stream").dyn_into::<MediaStream>().ok();
    eventually("the person allows it", || stream().is_some()).await;
    call(&property(&prompt, "restore"));
    let track: web_sys::MediaStreamTrack = stream().unwrap().get_audio_tracks().get(0).unchecked_into();
    eventually("it is switched off", || track.ready_state() == MediaStreamTrackState::Ended).await;
}

#[wasm_bindgen_test]
async fn a_microphone_that_is_unplugged_tells() {
    let before = lent();
    let mut microphone = Microphone::open(None).await.unwrap();
    let told = Told::new();
    let mut tell = told.teller();
    microphone.on_ended(move || tell(()));
    microphone.track().dispatch_event(&Event::new("ended").unwrap()).unwrap();
    assert_eq!(told.all().len(), 1);
    drop(microphone);
    assert_eq!(lent(), before);
}

//! What the stories share: waiting with a limit, listening to audio, and the ledger of what the browser lent.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use futures_util::future::{Either, select};
use js_sys::{Array, Function, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::{AnalyserNode, AudioContext, MediaStream};
use xc_webrtc::browser::clock::{self, Alarm};
use xc_webrtc::browser::signal::Signal;

#[wasm_bindgen(module = "/tests/web/ledger.js")]
extern "C" {
    /// Listeners that are on.
    pub fn listeners() -> i32;
    /// Workers that run.
    pub fn workers() -> i32;
    /// Object URLs that are not revoked.
    pub fn urls() -> i32;
    /// Timers of the page that wait.
    pub fn page_timers() -> i32;
    /// The object made last of that class.
    pub fn last_made(class: &str) -> JsValue;
    /// "no", "at once" or "later".
    pub fn let_workers_fail(how: &str);
    /// Puts another value in place of a property; the result puts the old one back.
    pub fn replace(owner: &JsValue, name: &str, value: &JsValue) -> Function;
    /// A `DOMException` of that name.
    pub fn dom_exception(name: &str) -> JsValue;
    /// `{go, restore, opened: {asked, stream}}`: `getUserMedia` waits for `go()`.
    pub fn hesitate() -> JsValue;
    /// `{restore, silence}`: microphones opened until `restore()` give a tone of that pitch, until `silence()`.
    pub fn speak_as(pitch: f32) -> JsValue;
    /// `{frames, changes, black, stop}`: what an element presents from now on.
    pub fn watch(element: &JsValue) -> JsValue;
    /// Cameras are refused by an exception of that name, until the result is called.
    pub fn refuse_cameras(name: &str) -> Function;
    #[wasm_bindgen(js_name = statistic)]
    async fn js_statistic(connection: &JsValue, kind: &str, medium: &str, field: &str) -> JsValue;
    /// A `fetch` whose server never answers.
    pub fn fetch_for_ever(url: &JsValue, options: &JsValue) -> JsValue;
}

/// What the browser has lent at this moment: listeners, workers, object URLs, timers of the page.
pub fn lent() -> [i32; 4] {
    [listeners(), workers(), urls(), page_timers()]
}

/// Longer than anything here takes, even on a busy machine.
pub const LIMIT: Duration = Duration::from_secs(10);

/// Waits for so long; for stories in which nothing may happen.
pub async fn pass(time: Duration) {
    let over = Signal::default();
    let alarm = Alarm::new({
        let over = over.clone();
        move || over.raise()
    });
    alarm.set(Some(clock::now() + time));
    over.raised().await;
}

/// Waits for the future, but not for ever.
pub async fn within<T>(what: &str, future: impl Future<Output = T>) -> T {
    match select(Box::pin(future), Box::pin(pass(LIMIT))).await {
        Either::Left((value, _)) => value,
        Either::Right(_) => panic!("waited in vain: {what}"),
    }
}

/// Waits until it holds; for what tells nobody when it changes.
pub async fn eventually(what: &str, holds: impl Fn() -> bool) {
    within(what, async {
        while !holds() {
            pass(Duration::from_millis(10)).await;
        }
    })
    .await;
}

/// Things told one after the other, to be waited for.
pub struct Told<T>(Rc<(RefCell<Vec<T>>, RefCell<Signal>)>);

impl<T> Clone for Told<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T: Clone + 'static> Told<T> {
    /// Nothing told yet.
    pub fn new() -> Self {
        Self(Rc::new((RefCell::default(), RefCell::default())))
    }

    /// The callback that tells.
    pub fn teller(&self) -> impl FnMut(T) + use<T> {
        let told = self.clone();
        move |thing| {
            told.0.0.borrow_mut().push(thing);
            told.0.1.take().raise();
        }
    }

    /// All that was told.
    pub fn all(&self) -> Vec<T> {
        self.0.0.borrow().clone()
    }

    /// Waits for one of that kind, told already or later.
    pub async fn find(&self, what: &str, wanted: impl Fn(&T) -> bool) -> T {
        within(what, async {
            loop {
                if let Some(found) = self.0.0.borrow().iter().find(|thing| wanted(thing)) {
                    return found.clone();
                }
                let next = self.0.1.borrow().clone();
                next.raised().await;
            }
        })
        .await
    }
}

/// An ear on a stream.
pub struct Ear {
    context: AudioContext,
    analyser: AnalyserNode,
}

impl Ear {
    /// Listens to the stream until it is dropped.
    pub fn on(stream: &MediaStream) -> Self {
        let context = AudioContext::new().unwrap();
        let analyser = context.create_analyser().unwrap();
        analyser.set_fft_size(8192);
        let source = context.create_media_stream_source(stream).unwrap();
        source.connect_with_audio_node(&analyser).unwrap();
        Self { context, analyser }
    }

    /// The loudest sample of the last fifth of a second (8192 samples).
    pub fn level(&self) -> f32 {
        let mut samples = vec![0.0; 8192];
        self.analyser.get_float_time_domain_data(&mut samples);
        samples.iter().fold(0.0, |peak, sample| sample.abs().max(peak))
    }

    /// How strong that pitch is, in decibels.
    pub fn strength(&self, pitch: f32) -> f32 {
        let mut spectrum = vec![0.0; 4096];
        self.analyser.get_float_frequency_data(&mut spectrum);
        let place = (pitch * 8192.0 / self.context.sample_rate()) as usize;
        spectrum[place.saturating_sub(2)..=place + 2]
            .iter()
            .fold(f32::NEG_INFINITY, |peak, here| here.max(peak))
    }

    /// Waits for a tone of that pitch.
    pub async fn hears(&self, who: &str, pitch: f32) {
        eventually(&format!("{who} hears {pitch} Hz"), || self.strength(pitch) > -50.0).await;
    }

    /// Waits until that pitch is gone, and stays gone for a while.
    pub async fn loses(&self, who: &str, pitch: f32) {
        within(&format!("{who} does not hear {pitch} Hz"), async {
            let mut gone_since = clock::now();
            while clock::now().saturating_since(gone_since) < Duration::from_millis(700) {
                pass(Duration::from_millis(50)).await;
                if self.strength(pitch) > -70.0 {
                    gone_since = clock::now();
                }
            }
        })
        .await;
    }

    /// Waits for the beeps of the fake microphone.
    pub async fn hears_something(&self, who: &str) {
        eventually(&format!("{who} hears something"), || self.level() > 0.05).await;
    }

    /// Waits for a silence longer than the pause between two beeps.
    pub async fn hears_nothing(&self, who: &str) {
        within(&format!("{who} hears nothing"), async {
            let mut silent_since = clock::now();
            while clock::now().saturating_since(silent_since) < Duration::from_millis(1500) {
                pass(Duration::from_millis(50)).await;
                if self.level() > 0.005 {
                    silent_since = clock::now();
                }
            }
        })
        .await;
    }
}

impl Drop for Ear {
    fn drop(&mut self) {
        let _ = self.context.close();
    }
}

/// A number from the statistics of a connection (W3C WebRTC Statistics), such as `inbound-rtp`, `video`,
/// `framesDecoded`.
pub async fn statistic(connection: &JsValue, kind: &str, medium: &str, field: &str) -> f64 {
    js_statistic(connection, kind, medium, field).await.as_f64().unwrap_or_default()
}

/// Waits until that statistic has grown by so much from now on.
pub async fn grows(what: &str, connection: &JsValue, of: [&str; 3], by: f64) {
    let [kind, medium, field] = of;
    let before = statistic(connection, kind, medium, field).await;
    within(&format!("{what}: {field} grows"), async {
        while statistic(connection, kind, medium, field).await < before + by {
            pass(Duration::from_millis(50)).await;
        }
    })
    .await;
}

/// Waits until that statistic does not change for half a second.
pub async fn stays(what: &str, connection: &JsValue, [kind, medium, field]: [&str; 3]) {
    within(&format!("{what}: {field} stays"), async {
        loop {
            let before = statistic(connection, kind, medium, field).await;
            pass(Duration::from_millis(500)).await;
            if statistic(connection, kind, medium, field).await == before {
                return;
            }
        }
    })
    .await;
}

/// A property of a JavaScript object.
pub fn property(owner: &JsValue, name: &str) -> JsValue {
    Reflect::get(owner, &name.into()).unwrap()
}

/// Calls a function without arguments.
pub fn call(function: &JsValue) {
    let function: &Function = function.dyn_ref().unwrap();
    Reflect::apply(function, &JsValue::UNDEFINED, &Array::new()).unwrap();
}

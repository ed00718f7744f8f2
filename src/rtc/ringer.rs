//! Ringing: what the person hears before there is a call.
//!
//! A tone is one period of samples that the audio thread repeats, so its cadence needs no timer and keeps its time in
//! a background tab.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use js_sys::Promise;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    AudioBuffer, AudioBufferSourceNode, AudioContext, AudioContextState, AudioScheduledSourceNode,
};

use super::tone::{SAMPLE_RATE, Tone};
use crate::browser::gesture::Gesture;
use crate::browser::listener::Listener;

/// Plays one [`Tone`] at a time. Dropping it stops the tone and gives the audio output back.
///
/// A browser that has not seen the person touch the page keeps it silent; the tone is heard from the first touch on.
pub struct Ringer(Rc<State>);

#[derive(Default)]
struct State {
    output: RefCell<Option<Output>>,
    playing: RefCell<Option<Playing>>,
}

impl Ringer {
    /// A silent ringer. The audio output is taken at the first tone.
    #[expect(clippy::new_without_default, reason = "a thing of the outside world has no default")]
    pub fn new() -> Self {
        Self(Rc::default())
    }

    /// Plays that tone instead of what was playing. Where the browser has no audio output, nothing is heard and
    /// nothing fails: the call is on the screen as well.
    pub fn start(&self, tone: Tone) {
        self.0.playing.take();
        if let Ok(playing) = self.0.play(tone) {
            self.0.playing.replace(Some(playing));
        }
    }

    /// Stops it.
    pub fn stop(&self) {
        self.0.rest();
    }

    /// A short sign that the sound works, unless a tone is playing.
    pub fn chirp(&self) {
        if self.playing().is_none() {
            self.start(Tone::Chirp);
        }
    }

    /// What is playing, heard or not.
    pub fn playing(&self) -> Option<Tone> {
        self.0.playing.borrow().as_ref().map(|playing| playing.tone)
    }

    /// Whether the browser lets it be heard.
    pub fn is_heard(&self) -> bool {
        self.0.output.borrow().as_ref().is_some_and(Output::is_running)
    }
}

impl State {
    fn play(self: &Rc<Self>, tone: Tone) -> Result<Playing, JsValue> {
        let mut output = self.output.borrow_mut();
        let output = match &mut *output {
            Some(output) => output,
            none => none.insert(Output::new()?),
        };
        output.resume();
        Playing::start(&output.context, tone, Rc::downgrade(self))
    }

    /// Stops the tone and rests the output: a running one keeps a thread busy and marks the tab as audible.
    fn rest(&self) {
        self.playing.take();
        if let Some(output) = &mut *self.output.borrow_mut() {
            output.rest();
        }
    }
}

/// The audio output, closed when dropped.
struct Output {
    context: AudioContext,
    /// While the browser wants a gesture first.
    unlock: Option<Gesture>,
}

impl Output {
    fn new() -> Result<Self, JsValue> {
        Ok(Self { context: AudioContext::new()?, unlock: None })
    }

    fn is_running(&self) -> bool {
        self.context.state() == AudioContextState::Running
    }

    fn resume(&mut self) {
        resume(&self.context);
        if !self.is_running() {
            let context = self.context.clone();
            self.unlock = Some(Gesture::new(move || {
                if context.state() != AudioContextState::Running {
                    resume(&context);
                }
            }));
        }
    }

    fn rest(&mut self) {
        self.unlock = None;
        settle(self.context.suspend());
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        settle(self.context.close());
    }
}

fn resume(context: &AudioContext) {
    settle(context.resume());
}

/// The outcome is read from the context's state; a refusal must only not be reported as unhandled.
fn settle(promise: Result<Promise, JsValue>) {
    if let Ok(promise) = promise {
        spawn_local(async move {
            let _ = JsFuture::from(promise).await;
        });
    }
}

/// A tone that plays, stopped when dropped.
struct Playing {
    tone: Tone,
    source: AudioBufferSourceNode,
    _ended: Listener,
}

impl Playing {
    fn start(context: &AudioContext, tone: Tone, state: Weak<State>) -> Result<Self, JsValue> {
        let samples = tone.samples();
        let buffer: AudioBuffer = context.create_buffer(1, samples.len() as u32, SAMPLE_RATE as f32)?;
        buffer.copy_to_channel(&samples, 0)?;
        let source = context.create_buffer_source()?;
        source.set_buffer(Some(&buffer));
        source.set_loop(tone.repeats());
        source.connect_with_audio_node(&context.destination())?;
        source.start()?;
        // Only a tone that does not repeat ends by itself.
        let ended = Listener::new(&source, "ended", move |_| {
            if let Some(state) = state.upgrade() {
                state.rest();
            }
        });
        Ok(Self { tone, source, _ended: ended })
    }
}

impl Drop for Playing {
    fn drop(&mut self) {
        // Throws only for a source that was never started.
        let _ = AudioScheduledSourceNode::stop(&self.source);
        let _ = self.source.disconnect();
    }
}

//! Ringing: what the person hears before there is a call.
//!
//! A tone is one period of samples that the audio thread repeats, so its cadence needs no timer and keeps its time in
//! a background tab.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use wasm_bindgen::JsValue;
use web_sys::{AudioBuffer, AudioBufferSourceNode, AudioScheduledSourceNode};

use super::audio_output::{AudioOutput, InUse};
use super::tone::{self, SAMPLE_RATE, Tone};
use crate::browser::listener::Listener;

/// Plays one [`Tone`] at a time, and beside it those of keys. Dropping it stops them.
///
/// A browser that has not seen the person touch the page keeps it silent; the tone is heard from the first touch on.
pub struct Ringer(Rc<State>);

struct State {
    output: AudioOutput,
    playing: RefCell<Option<Playing>>,
    keys: RefCell<Option<Playing>>,
}

impl Ringer {
    /// A silent ringer on that audio output, which is taken at the first tone.
    pub fn new(output: AudioOutput) -> Self {
        Self(Rc::new(State { output, playing: RefCell::default(), keys: RefCell::default() }))
    }

    /// Plays that tone instead of what was playing. Where the browser has no audio output, nothing is heard and
    /// nothing fails: the call is on the screen as well.
    pub fn start(&self, tone: Tone) {
        self.0.play(Some(tone), &tone.samples(), |state| &state.playing);
    }

    /// Stops it.
    pub fn stop(&self) {
        self.0.playing.take();
    }

    /// Plays the tones of keys that were pressed, beside what is playing and in place of keys pressed before.
    pub fn keys(&self, keys: &str) {
        let samples = tone::keys(keys);
        if !samples.is_empty() {
            self.0.play(None, &samples, |state| &state.keys);
        }
    }

    /// A short sign that the sound works, unless a tone is playing.
    pub fn chirp(&self) {
        if self.playing().is_none() {
            self.start(Tone::Chirp);
        }
    }

    /// What is playing, heard or not.
    pub fn playing(&self) -> Option<Tone> {
        self.0.playing.borrow().as_ref().and_then(|playing| playing.tone)
    }

    /// Whether the tones of keys are playing, heard or not.
    pub fn plays_keys(&self) -> bool {
        self.0.keys.borrow().is_some()
    }

    /// Whether the browser lets it be heard.
    pub fn is_heard(&self) -> bool {
        self.0.output.is_running()
    }
}

impl State {
    fn play(
        self: &Rc<Self>,
        tone: Option<Tone>,
        samples: &[f32],
        place: fn(&Self) -> &RefCell<Option<Playing>>,
    ) {
        // The next one first: the output need not rest in between.
        let next = Playing::start(&self.output, tone, samples, Rc::downgrade(self), place);
        let _former = place(self).replace(next.ok());
    }
}

/// A tone that plays, stopped when dropped.
struct Playing {
    /// None for keys.
    tone: Option<Tone>,
    source: AudioBufferSourceNode,
    _ended: Listener,
    _output: InUse,
}

impl Playing {
    fn start(
        output: &AudioOutput,
        tone: Option<Tone>,
        samples: &[f32],
        state: Weak<State>,
        place: fn(&State) -> &RefCell<Option<Self>>,
    ) -> Result<Self, JsValue> {
        let output = output.run()?;
        let context = &output.context;
        let buffer: AudioBuffer = context.create_buffer(1, samples.len() as u32, SAMPLE_RATE as f32)?;
        buffer.copy_to_channel(samples, 0)?;
        let source = context.create_buffer_source()?;
        source.set_buffer(Some(&buffer));
        source.set_loop(tone.is_some_and(Tone::repeats));
        source.connect_with_audio_node(&context.destination())?;
        source.start()?;
        // Only a tone that does not repeat ends by itself. The listener of one whose place was taken is gone.
        let ended = Listener::new(&source, "ended", move |_| {
            if let Some(state) = state.upgrade() {
                place(&state).take();
            }
        });
        Ok(Self { tone, source, _ended: ended, _output: output })
    }
}

impl Drop for Playing {
    fn drop(&mut self) {
        // Throws only for a source that was never started.
        let _ = AudioScheduledSourceNode::stop(&self.source);
        let _ = self.source.disconnect();
    }
}

//! A conference in the browser: what one party of it is sent.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{AudioNode, MediaStream, MediaStreamAudioDestinationNode, MediaStreamTrack};

use super::audio_output::{AudioOutput, InUse};

/// Several streams of speech in one, until this is dropped.
pub struct Mix {
    inputs: Vec<AudioNode>,
    sum: MediaStreamAudioDestinationNode,
    output: InUse,
}

impl Mix {
    /// Adds them up. Chromium feeds a stream that comes from another computer to this only while an element of the page
    /// plays it, which a call that is heard does anyway.
    pub fn new(output: &AudioOutput, streams: &[MediaStream]) -> Result<Self, JsValue> {
        let output = output.run()?;
        let sum = output.context.create_media_stream_destination()?;
        let mut mix = Self { inputs: Vec::new(), sum, output };
        for stream in streams {
            let input = mix.output.context.create_media_stream_source(stream)?;
            input.connect_with_audio_node(&mix.sum)?;
            mix.inputs.push(input.unchecked_into());
        }
        Ok(mix)
    }

    /// The sum.
    pub fn track(&self) -> Option<MediaStreamTrack> {
        self.sum.stream().get_audio_tracks().get(0).dyn_into().ok()
    }
}

impl Drop for Mix {
    fn drop(&mut self) {
        for input in &self.inputs {
            let _ = input.disconnect();
        }
        if let Some(track) = self.track() {
            track.stop();
        }
    }
}

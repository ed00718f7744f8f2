//! Microphones.

use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;

use js_sys::{Array, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    MediaDeviceInfo, MediaDeviceKind, MediaDevices, MediaStream, MediaStreamConstraints, MediaStreamTrack,
    MediaTrackConstraints,
};

use crate::browser::listener::Listener;
use crate::browser::signal::Signal;
use crate::browser::{error_name, error_text, page, window};

/// Why there is no microphone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MicrophoneError {
    /// The person or the browser's policy said no: allow it in the address bar.
    Refused,
    /// There is none: plug one in.
    Absent,
    /// Another program or the system holds it: close that.
    InUse,
    /// The page is not served over TLS, so the browser gives none: open it with `https:`.
    InsecurePage,
    /// Anything else, in the browser's words.
    Other(String),
}

impl fmt::Display for MicrophoneError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Refused => "the microphone is not allowed",
            Self::Absent => "there is no microphone",
            Self::InUse => "the microphone is in use",
            Self::InsecurePage => "a page without TLS gets no microphone",
            Self::Other(reason) => reason,
        })
    }
}

/// An open microphone. Dropping it switches the device off.
pub struct Microphone {
    stream: MediaStream,
    track: MediaStreamTrack,
    ended: Option<Listener>,
}

impl Microphone {
    /// Asks for a microphone: the one with that id where it is there, else the one that the browser takes by default.
    /// The browser may ask the person first.
    ///
    /// Dropping the future switches the microphone off again, even when the person allows it only later.
    pub async fn open(device_id: Option<&str>) -> Result<Self, MicrophoneError> {
        let asked = Signal::default();
        let answer = Rc::new(RefCell::new(None));
        // A browser cannot be told that nobody waits for the microphone any more. So a task of its own takes it; when
        // nobody takes it from there, it is dropped with the task.
        spawn_local({
            let (asked, answer) = (asked.clone(), answer.clone());
            let device_id = device_id.map(str::to_owned);
            async move {
                answer.replace(Some(ask(device_id.as_deref()).await));
                asked.raise();
            }
        });
        asked.raised().await;
        answer.take().unwrap_or(Err(MicrophoneError::Absent))
    }

    /// Switches it on or off without giving the device back; when off, silence is sent.
    pub fn set_on(&self, on: bool) {
        self.track.set_enabled(on);
    }

    /// Whether it is on.
    pub fn is_on(&self) -> bool {
        self.track.enabled()
    }

    /// The stream with its one track.
    pub fn stream(&self) -> &MediaStream {
        &self.stream
    }

    /// Its one track.
    pub fn track(&self) -> &MediaStreamTrack {
        &self.track
    }

    /// Calls back when the device is gone: unplugged, taken, or no longer allowed. Not when this is dropped.
    pub fn on_ended(&mut self, mut callback: impl FnMut() + 'static) {
        self.ended = Some(Listener::new(&self.track, "ended", move |_| callback()));
    }

    fn of(stream: MediaStream) -> Result<Self, MicrophoneError> {
        let track = stream.get_audio_tracks().get(0).dyn_into::<MediaStreamTrack>();
        let track = track.map_err(|_| MicrophoneError::Absent)?;
        Ok(Self { stream, track, ended: None })
    }
}

impl Drop for Microphone {
    fn drop(&mut self) {
        self.track.stop();
    }
}

/// A microphone that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputDevice {
    /// What [`Microphone::open`] takes. Empty until a microphone was allowed once.
    pub id: String,
    /// Its name for people. Empty until a microphone was allowed once.
    pub label: String,
}

/// The microphones that there are now; none where the browser does not tell.
pub async fn inputs() -> Vec<InputDevice> {
    let Ok(devices) = media_devices() else { return Vec::new() };
    let Ok(listed) = devices.enumerate_devices() else { return Vec::new() };
    let listed = JsFuture::from(listed).await.unwrap_or_default();
    let inputs = Array::from(&listed).into_iter().map(JsCast::unchecked_into::<MediaDeviceInfo>);
    inputs
        .filter(|device| device.kind() == MediaDeviceKind::Audioinput)
        .map(|device| InputDevice { id: device.device_id(), label: device.label() })
        .collect()
}

/// A page without TLS has no `navigator.mediaDevices` at all.
fn media_devices() -> Result<MediaDevices, MicrophoneError> {
    let devices = window().navigator().media_devices().ok().filter(|devices| !devices.is_undefined());
    devices.ok_or_else(|| match page::is_secure_context() {
        true => MicrophoneError::Absent,
        false => MicrophoneError::InsecurePage,
    })
}

async fn ask(device_id: Option<&str>) -> Result<Microphone, MicrophoneError> {
    let devices = media_devices()?;
    let chosen = match device_id {
        Some(_) => ask_for(&devices, device_id).await,
        None => return ask_for(&devices, None).await.map_err(problem),
    };
    match chosen {
        // The chosen headset was left at home: any microphone is better than no call.
        Err(thrown) if is_not_there(&thrown) => ask_for(&devices, None).await.map_err(problem),
        chosen => chosen.map_err(problem),
    }
}

fn is_not_there(thrown: &JsValue) -> bool {
    matches!(error_name(thrown).as_str(), "OverconstrainedError" | "NotFoundError")
}

async fn ask_for(devices: &MediaDevices, device_id: Option<&str>) -> Result<Microphone, JsValue> {
    let audio = MediaTrackConstraints::new();
    audio.set_echo_cancellation_bool(true);
    audio.set_noise_suppression_bool(true);
    audio.set_auto_gain_control_bool(true);
    if let Some(device_id) = device_id {
        let exact = Object::new();
        Reflect::set(&exact, &"exact".into(), &device_id.into())?;
        audio.set_device_id(&exact);
    }
    let constraints = MediaStreamConstraints::new();
    constraints.set_audio_media_track_constraints(&audio);
    let stream = JsFuture::from(devices.get_user_media_with_constraints(&constraints)?).await?;
    Microphone::of(stream.unchecked_into()).map_err(|_| JsValue::from_str("the stream has no audio track"))
}

/// The names are those of Media Capture and Streams, `getUserMedia`, step "reject".
fn problem(thrown: JsValue) -> MicrophoneError {
    match error_name(&thrown).as_str() {
        "NotAllowedError" | "SecurityError" => MicrophoneError::Refused,
        "NotFoundError" | "OverconstrainedError" => MicrophoneError::Absent,
        "NotReadableError" | "AbortError" => MicrophoneError::InUse,
        _ => MicrophoneError::Other(error_text(&thrown)),
    }
}

//! Microphones and cameras.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    MediaDeviceInfo, MediaDeviceKind, MediaDevices, MediaStream, MediaStreamConstraints, MediaStreamTrack,
    MediaTrackConstraints,
};

use crate::browser::listener::Listener;
use crate::browser::promise::settled;
use crate::browser::signal::Signal;
use crate::browser::{error_name, error_text, invoke, page, spawn, window};

/// Why there is no microphone or no camera.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeviceError {
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

/// An open microphone. Dropping it switches the device off.
pub struct Microphone {
    capture: Capture,
    ended: Option<Listener>,
}

impl Microphone {
    /// Asks for a microphone: the one with that id where it is there, else the one that the browser takes by default.
    /// The browser may ask the person first.
    ///
    /// Dropping the future switches the microphone off again, even when the person allows it only later.
    pub async fn open(device_id: Option<&str>) -> Result<Self, DeviceError> {
        let capture = Capture::open(Kind::Microphone, device_id).await?;
        Ok(Self { capture, ended: None })
    }

    /// Switches it on or off without giving the device back; when off, silence is sent.
    pub fn set_on(&self, on: bool) {
        self.track().set_enabled(on);
    }

    /// Whether it is on.
    pub fn is_on(&self) -> bool {
        self.track().enabled()
    }

    /// The stream with its one track.
    pub fn stream(&self) -> &MediaStream {
        &self.capture.stream
    }

    /// Its one track.
    pub fn track(&self) -> &MediaStreamTrack {
        &self.capture.track
    }

    /// Which one it is, as [`list`] has it.
    pub fn device(&self) -> Device {
        let settings = invoke(self.track(), "getSettings", &JsValue::UNDEFINED).unwrap_or_default();
        let id = Reflect::get(&settings, &"deviceId".into()).unwrap_or_default();
        Device { id: id.as_string().unwrap_or_default(), label: self.track().label() }
    }

    /// Whether the device is still there and allowed.
    pub fn is_live(&self) -> bool {
        Reflect::get(self.track(), &"readyState".into()).is_ok_and(|state| state == "live")
    }

    /// Calls back when the device is gone: unplugged, taken, or no longer allowed. Not when this is dropped.
    pub fn on_ended(&mut self, mut callback: impl FnMut() + 'static) {
        self.ended = Some(Listener::new(&self.capture.track, "ended", move |_| callback()));
    }
}

/// An open camera. Dropping it switches the device and its light off.
pub struct Camera(Capture);

impl Camera {
    /// Asks for a camera: the one with that id where it is there, else the one that the browser takes by default. The
    /// browser may ask the person first.
    ///
    /// Dropping the future switches the camera off again, even when the person allows it only later.
    pub async fn open(device_id: Option<&str>) -> Result<Self, DeviceError> {
        Capture::open(Kind::Camera, device_id).await.map(Self)
    }

    /// Switches it on or off without giving the device back; when off, black pictures are sent.
    pub fn set_on(&self, on: bool) {
        self.track().set_enabled(on);
    }

    /// The stream with its one track.
    pub fn stream(&self) -> &MediaStream {
        &self.0.stream
    }

    /// Its one track.
    pub fn track(&self) -> &MediaStreamTrack {
        &self.0.track
    }
}

#[derive(Clone, Copy)]
enum Kind {
    Microphone,
    Camera,
}

/// What a device gives, until this is dropped.
struct Capture {
    stream: MediaStream,
    track: MediaStreamTrack,
}

impl Capture {
    async fn open(kind: Kind, device_id: Option<&str>) -> Result<Self, DeviceError> {
        let asked = Signal::default();
        let answer = Rc::new(RefCell::new(None));
        // A browser cannot be told that nobody waits for the device any more. So a task of its own takes it; when
        // nobody takes it from there, it is dropped with the task.
        spawn({
            let (asked, answer) = (asked.clone(), answer.clone());
            let device_id = device_id.map(str::to_owned);
            async move {
                answer.replace(Some(ask(kind, device_id.as_deref()).await));
                asked.raise();
            }
        });
        asked.raised().await;
        answer.take().unwrap_or(Err(DeviceError::Absent))
    }

    fn of(stream: MediaStream) -> Result<Self, JsValue> {
        let track = stream.get_tracks().get(0).dyn_into::<MediaStreamTrack>();
        let track = track.map_err(|_| JsValue::from_str("the stream has no track"))?;
        Ok(Self { stream, track })
    }
}

impl Drop for Capture {
    fn drop(&mut self) {
        self.track.stop();
    }
}

/// A microphone or loudspeaker that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// Its name for programs: what [`Microphone::open`] takes. Empty until a microphone was allowed once.
    pub id: String,
    /// Its name for people. Empty until a microphone was allowed once.
    pub label: String,
}

/// What the browser calls the one that the system prefers; it is listed beside that one's own name.
const DEFAULT: &str = "default";

/// What is listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listed {
    /// What one is heard by.
    Microphones,
    /// What the others are heard by.
    Speakers,
}

/// Those devices that there are now; none where the browser does not tell.
pub async fn list(listed: Listed) -> Vec<Device> {
    let kind = match listed {
        Listed::Microphones => MediaDeviceKind::Audioinput,
        Listed::Speakers => MediaDeviceKind::Audiooutput,
    };
    let Ok(devices) = media_devices() else { return Vec::new() };
    let Ok(listed) = devices.enumerate_devices() else { return Vec::new() };
    let listed = settled(&listed).await.unwrap_or_default();
    let devices = Array::from(&listed).into_iter().map(JsCast::unchecked_into::<MediaDeviceInfo>);
    devices
        .filter(|device| device.kind() == kind)
        .map(|device| Device { id: device.device_id(), label: device.label() })
        .collect()
}

/// Whether another microphone should be opened than the one that is used: the chosen one is there (again), the system
/// prefers another one, or the one in use is gone.
pub fn should_change(there: &[Device], chosen: Option<&str>, used: Option<&Device>) -> bool {
    let named = |id: &str| there.iter().find(|device| device.id == id);
    let Some(used) = used else { return true };
    match chosen.and_then(named).or_else(|| named(DEFAULT)) {
        // The preferred one keeps its name for programs when it becomes another one.
        Some(best) => best.id != used.id || !best.label.is_empty() && best.label != used.label,
        // This browser does not say which the system prefers.
        None => !there.is_empty() && named(&used.id).is_none(),
    }
}

/// A page without TLS has no `navigator.mediaDevices` at all.
pub(super) fn media_devices() -> Result<MediaDevices, DeviceError> {
    let devices = window().navigator().media_devices().ok().filter(|devices| !devices.is_undefined());
    devices.ok_or_else(|| match page::is_secure_context() {
        true => DeviceError::Absent,
        false => DeviceError::InsecurePage,
    })
}

async fn ask(kind: Kind, device_id: Option<&str>) -> Result<Capture, DeviceError> {
    let devices = media_devices()?;
    let mut wish = device_id;
    loop {
        match ask_for(&devices, kind, wish).await {
            // The chosen headset was left at home: any microphone is better than no call.
            Err(thrown) if wish.is_some() && is_not_there(&thrown) => wish = None,
            answer => return answer.map_err(problem),
        }
    }
}

fn is_not_there(thrown: &JsValue) -> bool {
    matches!(error_name(thrown).as_str(), "OverconstrainedError" | "NotFoundError")
}

async fn ask_for(devices: &MediaDevices, kind: Kind, device_id: Option<&str>) -> Result<Capture, JsValue> {
    let constraints = MediaStreamConstraints::new();
    let track = MediaTrackConstraints::new();
    if let Some(device_id) = device_id {
        let exact = Object::new();
        Reflect::set(&exact, &"exact".into(), &device_id.into())?;
        track.set_device_id(&exact);
    }
    match kind {
        Kind::Microphone => {
            track.set_echo_cancellation_bool(true);
            track.set_noise_suppression_bool(true);
            track.set_auto_gain_control_bool(true);
            constraints.set_audio_media_track_constraints(&track);
        }
        Kind::Camera => constraints.set_video_media_track_constraints(&track),
    }
    let stream = settled(&devices.get_user_media_with_constraints(&constraints)?).await?;
    Capture::of(stream.unchecked_into())
}

/// The names are those of Media Capture and Streams, `getUserMedia`, step "reject".
fn problem(thrown: JsValue) -> DeviceError {
    match error_name(&thrown).as_str() {
        "NotAllowedError" | "SecurityError" => DeviceError::Refused,
        "NotFoundError" | "OverconstrainedError" => DeviceError::Absent,
        "NotReadableError" | "AbortError" => DeviceError::InUse,
        _ => DeviceError::Other(error_text(&thrown)),
    }
}

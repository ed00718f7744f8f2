//! The camera of one call, and where its pictures are seen.

use std::cell::{Cell, RefCell};

use web_sys::{MediaStream, MediaStreamTrack};

use crate::rtc::devices::{Camera, DeviceError};
use crate::rtc::picture::Picture;

/// The page's element for our own pictures, and the one for the other side's.
const LOCAL: &str = "video-local";
const REMOTE: &str = "video-remote";

/// The pictures of one call.
pub(super) struct Pictures {
    camera: RefCell<Option<Camera>>,
    camera_on: Cell<bool>,
    hushed: Cell<bool>,
    local: RefCell<Option<Picture>>,
    remote: RefCell<Option<Picture>>,
    closed: Cell<bool>,
}

impl Default for Pictures {
    fn default() -> Self {
        Self {
            camera: RefCell::default(),
            camera_on: Cell::new(true),
            hushed: Cell::default(),
            local: RefCell::default(),
            remote: RefCell::default(),
            closed: Cell::default(),
        }
    }
}

impl Pictures {
    /// Opens the camera, the chosen one where it is there, if none is open and the call not over, and shows what it sees.
    pub(super) async fn open_camera(&self, chosen: Option<&str>) -> Result<(), DeviceError> {
        if self.closed.get() || self.camera.borrow().is_some() {
            return Ok(());
        }
        let camera = Camera::open(chosen).await?;
        camera.set_on(self.is_camera_on());
        if !self.closed.get() {
            self.local.replace(Some(Picture::show(camera.stream(), LOCAL)));
            self.camera.replace(Some(camera));
        }
        Ok(())
    }

    /// Gives the camera back.
    pub(super) fn close_camera(&self) {
        drop(self.local.take());
        drop(self.camera.take());
        self.camera_on.set(true);
    }

    /// Switches the camera; holds for one that is opened later, too.
    pub(super) fn switch_camera(&self, on: bool) {
        self.camera_on.set(on);
        if let Some(camera) = &*self.camera.borrow() {
            camera.set_on(self.is_camera_on());
        }
    }

    fn is_camera_on(&self) -> bool {
        self.camera_on.get() && !self.hushed.get()
    }

    /// Lets nothing be seen of us, or again what was.
    pub(super) fn hush(&self, on: bool) {
        self.hushed.set(on);
        self.switch_camera(self.camera_on.get());
    }

    /// What the camera sees, while it is open.
    pub(super) fn camera_track(&self) -> Option<MediaStreamTrack> {
        // Not `.clone()` of the track: that is the browser's, which opens the device a second time.
        self.camera.borrow().as_ref().map(|camera| Clone::clone(camera.track()))
    }

    /// Shows the other side's pictures, or that there are none; whether that is new.
    pub(super) fn show_remote(&self, stream: Option<MediaStream>) -> bool {
        let shown = self.remote.borrow().is_some();
        if shown == stream.is_some() {
            return false;
        }
        self.remote.replace(stream.map(|stream| Picture::show(&stream, REMOTE)));
        true
    }

    /// Shows all in the elements that the page has now.
    pub(super) fn look_again(&self) {
        for place in [&self.local, &self.remote] {
            if let Some(picture) = &*place.borrow() {
                picture.look_again();
            }
        }
    }

    /// Gives everything back; what was still being opened is not kept.
    pub(super) fn close(&self) {
        self.closed.set(true);
        self.close_camera();
        drop(self.remote.take());
    }
}

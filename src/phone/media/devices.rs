//! Microphones and loudspeakers that come and go while people talk.
//!
//! A call goes on with the next best one, and comes back to the chosen one when it is there again. Only the track is
//! replaced: nothing is negotiated, and the other side learns nothing of it.

use std::rc::{Rc, Weak};

use super::super::effect::MediaEvent;
use super::Shared;
use super::call::CallMedia;
use super::words::device_problem;
use crate::browser::spawn;
use crate::rtc::device_watch::DeviceWatch;
use crate::rtc::devices::{self, Microphone};

/// Has the calls look for devices when there may be others.
pub(super) fn watch(shared: Weak<Shared>) -> DeviceWatch {
    DeviceWatch::new(move || {
        if let Some(shared) = shared.upgrade() {
            shared.look_for_devices();
        }
    })
}

impl Shared {
    /// Has every call use the best devices that there are.
    pub(super) fn look_for_devices(&self) {
        for call in self.calls.borrow().iter() {
            Rc::clone(call).look_for_microphone();
            Rc::clone(call).look_for_speaker();
        }
    }
}

impl CallMedia {
    /// Uses the best microphone that there is. One look at a time: what changes meanwhile is looked at afterwards.
    pub(super) fn look_for_microphone(self: Rc<Self>) {
        if self.looks.replace(self.looks.get() + 1) > 0 {
            return;
        }
        spawn(async move {
            loop {
                let looks = self.looks.get();
                self.look().await;
                if self.looks.get() == looks {
                    break self.looks.set(0);
                }
            }
        });
    }

    async fn look(self: &Rc<Self>) {
        // One that is being opened for the first time is the best that there is.
        let Some(former) = self.microphone.borrow().clone() else { return };
        let there = devices::list(devices::Listed::Microphones).await;
        let Some(chosen) = self.shared.upgrade().map(|shared| shared.microphone.borrow().clone()) else {
            return;
        };
        let used = former.is_live().then(|| former.device());
        if self.closed.get() || !devices::should_change(&there, chosen.as_deref(), used.as_ref()) {
            return;
        }
        match Microphone::open(chosen.as_deref()).await {
            Ok(microphone) => self.change_microphone(microphone),
            // What is used goes on being used.
            Err(_) if former.is_live() => {}
            Err(problem) => self.say(MediaEvent::Microphone(Err(device_problem(problem)))),
        }
    }

    fn change_microphone(self: &Rc<Self>, microphone: Microphone) {
        if self.closed.get() {
            return;
        }
        let name = microphone.device().label;
        let microphone = self.ready(microphone);
        // Whatever becomes of the former one, it is not heard from here on, muted or not.
        if let Some(former) = self.microphone.replace(Some(microphone)) {
            former.set_on(false);
        }
        self.microphone_changed.set(true);
        if let Some(shared) = self.shared.upgrade() {
            shared.mix();
        }
        self.say(MediaEvent::Microphone(Ok(name)));
    }

    /// A microphone as the person wants it, before anything is sent of it: on or off, and looked after.
    pub(super) fn ready(self: &Rc<Self>, mut microphone: Microphone) -> Rc<Microphone> {
        microphone.set_on(self.is_microphone_on());
        let call = Rc::downgrade(self);
        microphone.on_ended(move || {
            if let Some(call) = call.upgrade() {
                call.look_for_microphone();
            }
        });
        Rc::new(microphone)
    }

    /// Uses the chosen loudspeaker where it is there, else the one of the system.
    pub(super) fn look_for_speaker(self: Rc<Self>) {
        let Some(shared) = self.shared.upgrade() else { return };
        let chosen = shared.speaker.borrow().clone();
        let was_chosen = self.speaker_chosen.replace(!chosen.is_empty());
        if chosen.is_empty() && !was_chosen {
            return;
        }
        spawn(async move {
            let there = devices::list(devices::Listed::Speakers).await;
            let id = if there.iter().any(|device| device.id == chosen) { &chosen } else { "" };
            if let Some(speaker) = &*self.speaker.borrow() {
                speaker.set_speaker(id);
            }
        });
    }
}

//! Pictures: with the call, added to it, taken away. No camera is sent that the person did not ask for.

use super::super::api::Refusal;
use super::super::call::{CallKey, CameraProblem};
use super::super::effect::{Flow, MediaCommand};
use super::{Calls, Effect, Purpose, Record};

impl Calls {
    /// Switches our camera. A call without video becomes one with; where there is video, the other side is not asked.
    pub(in crate::phone) fn set_camera(&mut self, named: Option<CallKey>, on: bool) -> Result<(), Refusal> {
        let key = self.meant(named, |call| call.state.is_connected())?;
        let Some(record) = self.get_mut(key) else { return Err(Refusal::NoSuchCall) };
        record.camera_off = !on;
        if on {
            record.wanted.video = Some(Flow::SendReceive);
            record.call.video.offered = false;
        }
        self.effects.push(Effect::Media(key, MediaCommand::Camera { on }));
        Ok(())
    }

    /// Makes a call one with pictures, or one without, by asking the other side.
    pub(in crate::phone) fn set_video(&mut self, named: Option<CallKey>, on: bool) -> Result<(), Refusal> {
        if on {
            return self.set_camera(named, true);
        }
        let key = self.meant(named, |call| call.state.is_connected())?;
        if let Some(record) = self.get_mut(key) {
            record.wanted.video = None;
            record.call.video.offered = false;
        }
        Ok(())
    }

    /// There is no camera: the call goes on, or begins, without it. What the other side shows is looked at all the same.
    pub(super) fn on_no_camera(&mut self, key: CallKey, problem: CameraProblem) {
        self.camera = Some(problem);
        let Some(record) = self.get_mut(key) else { return };
        let looks = match &record.describing {
            Some(Purpose::Accept | Purpose::Reply) => Some(Flow::Receive),
            Some(Purpose::Change) => record.agreed.video.map(|_| Flow::Receive),
            Some(Purpose::Invite { .. } | Purpose::Nothing) | None => None,
        };
        record.wanted.video = looks;
        match (&record.describing, &mut record.change.offered) {
            (Some(Purpose::Change), Some(offered)) => offered.video = looks,
            (Some(Purpose::Reply), _) => record.agreed.video = looks,
            _ => {}
        }
    }

    /// The other side's offer has video or has none. What it newly offers is looked at; our camera waits for the
    /// person's word.
    pub(super) fn hear_video(&mut self, key: CallKey, video: bool) {
        let Some(record) = self.get_mut(key) else { return };
        record.lose_video_unless(video);
        if video && record.agreed.video.is_none() {
            let looks = record.wanted.video.unwrap_or(Flow::Receive);
            record.wanted.video = Some(looks);
            record.agreed.video = Some(looks);
            record.call.video.offered = looks == Flow::Receive;
        }
    }

    /// The other side's pictures came or went.
    pub(super) fn on_remote_video(&mut self, key: CallKey, on: bool) {
        if let Some(record) = self.get_mut(key) {
            record.call.video.receiving = on;
        }
    }
}

impl Record {
    /// The other side takes no pictures, or no more.
    pub(super) fn lose_video_unless(&mut self, video: bool) {
        if !video {
            self.wanted.video = None;
            self.agreed.video = None;
            self.call.video.receiving = false;
            self.call.video.offered = false;
        }
    }

    /// Shows on the card whether our camera is sent.
    pub(super) fn show_video(&mut self) {
        self.call.video.sending = self.call.state.is_connected()
            && !self.camera_off
            && !self.agreed.hold
            && self.agreed.video == Some(Flow::SendReceive);
    }
}

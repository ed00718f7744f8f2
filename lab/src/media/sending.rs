//! What goes to a phone: recordings, digits, and what another leg hands over, as the program says.

use str0m::format::{Codec, PayloadParams};
use str0m::media::{Frequency, KeyframeRequestKind, MediaKind, Pt, Writer};
use tokio::time::{Instant, MissedTickBehavior, interval};

use super::Program;
use super::dtmf;
use super::frame::Frame;
use super::leg::{Command, Leg, count};
use super::recording::{FRAME_TIME, Player, SAMPLES_PER_FRAME};

impl Leg {
    pub(super) fn play(&mut self, program: Program) {
        let player = match &program {
            Program::Play(sound) => Some(Player::endless(*sound)),
            Program::Keys(keys) => Some(Player::keys(keys.chars().filter_map(dtmf::event))),
            Program::Silence | Program::Echo | Program::Bridge(_) => None,
        };
        self.player = player.map(|player| {
            let mut clock = interval(FRAME_TIME);
            // A late frame is followed by the ones missed, so that the sound keeps its pace.
            clock.set_missed_tick_behavior(MissedTickBehavior::Burst);
            (clock, player)
        });
        self.sound.change_source();
        self.picture.change_source();
        self.dialler.clear();
        if let Program::Bridge(other) = &program {
            // Who sees a picture for the first time needs a whole one.
            other.tell(Command::Refresh(KeyframeRequestKind::Pli));
        }
        self.program = program;
    }

    pub(super) fn send_recorded(&mut self) {
        let Some((_, player)) = &mut self.player else { return };
        let Some(frame) = player.next_frame() else {
            self.player = None;
            return;
        };
        // The clock runs on while the phone's media is not connected yet: a sound has no beginning to miss.
        let now = Instant::now();
        let Some(writer) = self.mid_to_send(MediaKind::Audio).and_then(|mid| self.rtc.writer(mid)) else {
            return;
        };
        let Some(pt) = opus(&writer) else { return };
        let time = self.sound.next(SAMPLES_PER_FRAME, Frequency::FORTY_EIGHT_KHZ, now);
        if writer.write(pt, now.into_std(), time, frame).is_ok() {
            count(&self.counters.audio_sent);
        }
    }

    /// Sends a frame as it is, under the payload type that this phone has for it. What this phone has no codec
    /// for, or does not want to hear (hold), is left out.
    pub(super) fn send(&mut self, frame: Frame) {
        if let Some(digit) = frame.digit {
            return self.dialler.push(digit);
        }
        let Some(writer) = self.mid_to_send(frame.kind()).and_then(|mid| self.rtc.writer(mid)) else {
            return;
        };
        let Some(pt) = writer.match_params(frame.params) else { return };
        let audio = frame.kind().is_audio();
        let timeline = if audio { &mut self.sound } else { &mut self.picture };
        let time = timeline.place(frame.time, frame.received_at);
        if writer.write(pt, frame.received_at.into_std(), time, frame.data).is_ok() {
            count(if audio { &self.counters.audio_sent } else { &self.counters.video_sent });
        }
    }

    /// Sends the digits that are due. A phone that has not negotiated them gets none.
    pub(super) fn send_digits(&mut self) {
        let now = Instant::now();
        while let Some(digit) = self.dialler.next(now) {
            let time = self.sound.at(Frequency::FORTY_EIGHT_KHZ, now);
            let Some(writer) = self.mid_to_send(MediaKind::Audio).and_then(|mid| self.rtc.writer(mid)) else {
                return;
            };
            if let Some(pt) = opus(&writer) {
                let _ = writer.telephone_event(digit).write(pt, now.into_std(), time, Vec::new());
            }
        }
    }

    /// Asks the phone for a whole picture, because who sees it asked for one.
    pub(super) fn refresh(&mut self, kind: KeyframeRequestKind) {
        if let Some(mut writer) = self.mid(MediaKind::Video).and_then(|mid| self.rtc.writer(mid)) {
            // Refused while the phone sends no video: then there is no picture to ask for.
            let _ = writer.request_keyframe(None, kind);
        }
    }
}

/// The payload type that a phone has for Opus.
fn opus(writer: &Writer<'_>) -> Option<Pt> {
    writer.payload_params().find(|params| params.spec().codec == Codec::Opus).map(PayloadParams::pt)
}

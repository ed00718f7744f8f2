//! Two people who can see each other, as stories of several suites tell it.

use super::page::Role;
use super::people::People;
use super::phone::{CALLS, Phone};
use super::stage::Stage;

/// The tone (Hz) at each one's microphone.
const TONES: [u32; 2] = [700, 1300];

/// Who calls and who is called.
pub struct Two {
    /// Who calls.
    pub caller: Phone,
    /// Who is called.
    pub callee: Phone,
}

impl Two {
    /// Both are ready for calls.
    pub async fn ready(stage: &Stage, people: &'static People) -> Self {
        let [of_caller, of_callee] = TONES;
        let caller = stage.phone(people, of_caller).await;
        Self { caller, callee: stage.phone(people, of_callee).await }
    }

    /// A video call that is answered with video.
    pub async fn see_each_other(&self) {
        let Self { caller, callee } = self;
        caller.fill("Number", &callee.person.number).await;
        caller.press("Video call").await;
        callee.press_in(CALLS, "Answer with video").await;
        caller.is_in_call().await;
        for phone in [caller, callee] {
            phone.shows("video-local").await;
            phone.shows("video-remote").await;
        }
        self.hear_each_other().await;
    }

    /// A call without pictures.
    pub async fn talk(&self) {
        let Self { caller, callee } = self;
        caller.calls(&callee.person.number).await;
        callee.press_in(CALLS, "Answer").await;
        self.hear_each_other().await;
    }

    /// Pictures are added to the talk, first of one side and then of both. No camera is on that its owner did not
    /// switch on.
    pub async fn add_pictures(&self) {
        let Self { caller, callee } = self;
        caller.press_in(CALLS, "Camera").await;
        callee.sees_in(CALLS, "The other side wants to see you.").await;
        callee.shows("video-remote").await;
        callee.sees_pressed("Camera", false).await;
        callee.press_in(CALLS, "Camera").await;
        caller.shows("video-remote").await;
        self.hear_each_other().await;
    }

    /// The talk goes on without pictures.
    pub async fn take_pictures_away(&self) {
        let Self { caller, callee } = self;
        caller.press_in(CALLS, "End video").await;
        callee.sees_no(Role::Button, "End video").await;
        callee.sees_pressed("Camera", false).await;
        self.hear_each_other().await;
    }

    /// The caller hangs up.
    pub async fn part(&self) {
        self.caller.hangs_up().await;
        self.callee.sees_in(CALLS, "The other side hung up.").await;
    }

    async fn hear_each_other(&self) {
        let [of_caller, of_callee] = TONES;
        self.callee.hears(of_caller).await;
        self.caller.hears(of_callee).await;
    }
}

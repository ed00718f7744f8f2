//! Pictures beside the voice.

use crate::LAB;
use crate::support::phone::{CALLS, Phone};
use crate::support::stage::story;

/// Makes a video call to the echo: own and returned pictures move, the tone at the microphone comes back.
pub async fn sees_and_hears_itself(phone: &Phone, tone: u32) {
    phone.fill("Number", "*55").await;
    phone.press("Video call").await;
    phone.is_in_call().await;
    phone.shows("video-local").await;
    phone.shows("video-remote").await;
    phone.hears(tone).await;
}

#[tokio::test]
async fn a_video_call_shows_both_sides_and_the_camera_can_be_taken_away() {
    story(async |stage| {
        let phone = stage.phone(&LAB, 700).await;
        sees_and_hears_itself(&phone, 700).await;
        phone.sees_pressed("Camera", true).await;

        phone.press_in(CALLS, "Camera").await;
        phone.sees_pressed("Camera", false).await;
        phone.hears(700).await;
        phone.hangs_up().await;
    })
    .await;
}

//! Pictures beside the voice. The camera of the tests is Chromium's own: a face that rolls.

use serde_json::json;

use crate::LAB;
use crate::support::browser::Browser;
use crate::support::phone::{CALLS, Phone};
use crate::support::stage::story;

/// How long pictures may take to come, in seconds.
const PATIENCE: u32 = 30;

/// Waits until that element shows pictures that move.
async fn shows(browser: &Browser, element: &str) {
    let script = r#"
        const video = () => document.getElementById(given.element);
        await until(`${given.element}: pictures`, () => video()?.videoWidth > 0, given.seconds);
        const canvas = new OffscreenCanvas(32, 32);
        const seen = () => {
            const ink = canvas.getContext("2d", { willReadFrequently: true });
            ink.drawImage(video(), 0, 0, 32, 32);
            return ink.getImageData(0, 0, 32, 32).data.join();
        };
        const first = seen();
        await until(`${given.element}: another picture than the first`, () => seen() !== first, given.seconds);
    "#;
    browser.look(script, json!({ "element": element, "seconds": PATIENCE })).await;
}

/// Makes a video call to the echo: own and returned pictures move, the tone at the microphone comes back.
pub async fn sees_and_hears_itself(phone: &Phone, tone: u32) {
    phone.fill("Number", "*55").await;
    phone.press("Video call").await;
    phone.is_in_call().await;
    shows(phone, "video-local").await;
    shows(phone, "video-remote").await;
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

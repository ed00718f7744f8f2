//! Stopping the phone and starting it again, with the same line and with another.

use crate::ASTERISK;
use crate::ami::Ami;
use crate::support::phone::{CALLS, Phone};
use crate::support::sample::{OFF, WEBRTC, WEBRTC_EVENTS};
use crate::support::stage::{Stage, story};

#[tokio::test]
async fn a_phone_is_stopped_in_a_call_and_started_again() {
    story(async |stage| {
        let phone = stage.at_sample_page(&ASTERISK).await;
        phone.reaches("600").await;
        phone.hears(700).await;
        stop(&phone).await;

        phone.press_in(WEBRTC_EVENTS, "Clear").await;
        phone.press_in(WEBRTC, "Init").await;
        phone.sees_in_order(WEBRTC_EVENTS, &["Registered", "Started"]).await;
        phone.reaches("600").await;
        phone.hears(700).await;
        phone.press_in(WEBRTC, "Hang up").await;
        phone.sees_in(WEBRTC_EVENTS, "Terminated").await;
    })
    .await;
}

#[tokio::test]
async fn a_phone_is_started_again_with_another_line() {
    story(async |stage| {
        let mut phone = stage.at_sample_page(&ASTERISK).await;
        stop(&phone).await;
        another_line(stage, &mut phone).await;

        let caller = stage.phone(&ASTERISK, 1300).await;
        caller.calls(&phone.person.number).await;
        phone.sees_in(WEBRTC_EVENTS, "Setup").await;
        phone.press_in(WEBRTC, "Answer").await;
        caller.sees_in(CALLS, &phone.person.name).await;
        caller.hears(700).await;
        phone.hears(1300).await;
        caller.hangs_up().await;
    })
    .await;
}

/// Stops the phone; Asterisk knows it no more.
async fn stop(phone: &Phone) {
    phone.press_in(WEBRTC, "Stop").await;
    phone.sees(OFF).await;
    Ami::connect().await.until_without_contacts(&phone.person.login).await;
}

/// Somebody else logs in at the same page and starts the phone.
async fn another_line(stage: &Stage, phone: &mut Phone) {
    phone.press("Log out").await;
    phone.person = stage.person(&ASTERISK).await;
    phone.press_in(WEBRTC_EVENTS, "Clear").await;
    phone.starts_at_sample_page().await;
}

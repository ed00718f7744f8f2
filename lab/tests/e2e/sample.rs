//! The developer's page.

use serde_json::json;

use crate::LAB;
use crate::door::Door;
use crate::support::browser::Setup;
use crate::support::phone::{CALLS, Phone, READY};
use crate::support::stage::{Stage, story};

/// The pane with what the phone in the browser says.
const WEBRTC_EVENTS: &str = "WebRTC events";

/// The pane with what the CTI server says.
const PHONE_EVENTS: &str = "Phone events";

/// Someone at the sample page whose phone is started.
async fn started(stage: &Stage) -> Phone {
    let phone = stage.phone_at_login(&LAB, Setup::default()).await;
    phone.open("/sample").await;
    phone.logs_in().await;
    phone.sees(&format!("Logged on as {}", phone.person.login)).await;
    phone.press("Init").await;
    phone.sees_in_order(WEBRTC_EVENTS, &["Registered", "Started"]).await;
    phone
}

#[tokio::test]
async fn a_call_step_by_step_leaves_its_events_in_order() {
    story(async |stage| {
        let phone = started(stage).await;
        let callee = stage.phone(&LAB, 1300).await;
        phone.fill_in("WebRTC", "Destination", &callee.person.number).await;
        phone.press_in("WebRTC", "Dial").await;
        phone.sees_in(WEBRTC_EVENTS, "Ringing").await;
        callee.press_in(CALLS, "Answer").await;
        phone.sees_in(WEBRTC_EVENTS, "Connected").await;
        phone.hears(1300).await;
        phone.press_in("WebRTC", "Hang up").await;

        // The newest is on top.
        let whole_call = ["Terminated", "Connected", "Ringing", "Establishing", "Registered", "Started"];
        phone.sees_in_order(WEBRTC_EVENTS, &whole_call).await;
        phone.sees_in_order(PHONE_EVENTS, &["EventReleased", "EventEstablished", "EventDialing"]).await;
    })
    .await;
}

#[tokio::test]
async fn malformed_messages_are_shown_as_text_and_the_phone_goes_on() {
    story(async |stage| {
        let phone = started(stage).await;
        let door = Door::new();
        let sip = [
            "NOT SIP AT ALL <b>bold</b>\r\n\r\n".to_owned(),
            "INVITE sip:x SIP/2.0\r\nVia: rubbish\r\nCSeq: <i>first</i> INVITE\r\n\r\n".to_owned(),
            format!("OPTIONS sip:x SIP/2.0\r\nSubject: {}\r\n\r\n", "x".repeat(200_000)),
            "SIP/2.0 200 OK\r\nVia: SIP/2.0/WSS x.invalid;branch=z9hG4bKnobody\r\nCSeq: 1 INVITE\r\n\r\n"
                .to_owned(),
        ];
        for text in sip {
            door.send_sip(&phone.person, &text).await;
        }
        phone.sees_in(WEBRTC_EVENTS, "diagnostic").await;

        let cti = [
            "{\"msgType\":".to_owned(),
            json!({ "msgType": "PhoneEvent", "ctiMessage": ["<u>no event</u>"] }).to_string(),
            json!({ "msgType": "LineConfig", "ctiMessage": "<u>no line</u>" }).to_string(),
            json!({ "msgType": "<u>unknown</u>", "ctiMessage": null }).to_string(),
        ];
        for text in cti {
            door.send_cti(&phone.person, &text).await;
        }
        phone.sees_in(PHONE_EVENTS, "diagnostic").await;
        phone.sees_in(PHONE_EVENTS, "<u>unknown</u>").await;

        phone.fill_in("WebRTC", "Destination", "*55").await;
        phone.press_in("WebRTC", "Dial").await;
        phone.sees_in(WEBRTC_EVENTS, "Connected").await;
        phone.hears(700).await;
    })
    .await;
}

#[tokio::test]
async fn events_can_be_cleared() {
    story(async |stage| {
        let phone = started(stage).await;
        phone.press_in(WEBRTC_EVENTS, "Clear").await;
        phone.sees_in(WEBRTC_EVENTS, "Nothing yet.").await;
        phone.press("Stop").await;
        phone.sees_no_more(READY).await;
    })
    .await;
}

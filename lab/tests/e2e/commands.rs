//! What the server asks the phone to do (`WebRTCCmd`), for who presses a button elsewhere.

use serde_json::json;

use crate::LAB;
use crate::door::Door;
use crate::support::phone::CALLS;
use crate::support::stage::story;

#[tokio::test]
async fn a_call_is_answered_held_and_muted_from_elsewhere() {
    story(async |stage| {
        let agent = stage.phone(&LAB, 700).await;
        let caller = stage.phone(&LAB, 1300).await;
        let door = Door::new();
        caller.calls(&agent.person.number).await;
        agent.sees_in(CALLS, &caller.person.name).await;
        caller.sees_in(CALLS, "Ringing").await;
        door.webrtc_cmd(&agent.person, json!({ "command": "Answer" })).await;
        agent.is_in_call().await;
        agent.hears(1300).await;
        caller.hears(700).await;

        door.webrtc_cmd(&agent.person, json!({ "command": "ToggleMicrophone" })).await;
        agent.sees_pressed("Mute", true).await;
        caller.hears_nothing().await;
        door.webrtc_cmd(&agent.person, json!({ "command": "ToggleMicrophone" })).await;
        agent.sees_pressed("Mute", false).await;
        caller.hears(700).await;

        door.webrtc_cmd(&agent.person, json!({ "command": "Hold" })).await;
        caller.sees_in(CALLS, "On hold by the other side").await;
        door.webrtc_cmd(&agent.person, json!({ "command": "Hold" })).await;
        caller.hears(700).await;
        agent.hangs_up().await;
    })
    .await;
}

#[tokio::test]
async fn of_two_calls_the_one_with_that_call_id_is_meant() {
    story(async |stage| {
        let agent = stage.phone(&LAB, 700).await;
        let caller = stage.phone(&LAB, 1300).await;
        let door = Door::new();
        agent.talks_to("*56").await;
        let tone = door.newest_sip_call_id_of(&agent.person).await;
        caller.calls(&agent.person.number).await;
        agent.sees_in(CALLS, &caller.person.name).await;
        let callers = door.newest_sip_call_id_of(&agent.person).await;

        // A Call-ID of nobody's means no call.
        door.webrtc_cmd(&agent.person, json!({ "command": "Answer", "sipCallId": "nobody's" })).await;
        door.webrtc_cmd(&agent.person, json!({ "command": "Answer", "sipCallId": callers })).await;
        agent.sees_in_order(CALLS, &["In call", &caller.person.name, "On hold", "*56"]).await;
        agent.hears(1300).await;
        door.webrtc_cmd(&agent.person, json!({ "command": "ToggleMicrophone", "sipCallId": callers })).await;
        caller.hears_nothing().await;
        door.webrtc_cmd(&agent.person, json!({ "command": "Hold", "sipCallId": tone })).await;
        agent.sees_in_order(CALLS, &["In call", "*56", "On hold", &caller.person.name]).await;
        agent.hears(1000).await;
    })
    .await;
}

#[tokio::test]
async fn tones_are_sent_from_elsewhere() {
    story(async |stage| {
        let phone = stage.phone(&LAB, 700).await;
        let door = Door::new();
        phone.talks_to("*60").await;
        for key in ["4", "2", "#"] {
            door.webrtc_cmd(&phone.person, json!({ "command": "SendDtmf", "key": key })).await;
        }
        phone.sees_in_order(CALLS, &["digits", "42"]).await;
        phone.hangs_up().await;
    })
    .await;
}

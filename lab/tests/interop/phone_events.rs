//! Calls of a real Asterisk as they are told and driven over CTI.

use serde_json::json;

use crate::ASTERISK;
use crate::ami::Ami;
use crate::cti::{Cti, sip_call_id};
use crate::support::browser::Setup;
use crate::support::phone::{CALLS, READY};
use crate::support::sample::WEBRTC_EVENTS;
use crate::support::stage::{story, story_alone};

#[tokio::test]
async fn an_outgoing_call_is_told_from_dialling_to_its_end() {
    story(async |stage| {
        let phone = stage.at_sample_page(&ASTERISK).await;
        let mut cti = Cti::of(&phone.person).await;
        phone.fill_in("WebRTC", "Destination", "600").await;
        phone.press_in("WebRTC", "Dial").await;
        let dialing = cti.event("EventDialing", "600").await;
        assert_eq!(
            (&dialing["DN"], &dialing["callDirection"]),
            (&json!(phone.person.number), &json!("Outgoing"))
        );
        phone.sees_in(WEBRTC_EVENTS, sip_call_id(&dialing)).await;
        let established = cti.event("EventEstablished", "600").await;
        for key in ["uniqueId", "linkedId", "userData"] {
            assert_eq!(established[key], dialing[key], "{key}");
        }
        cti.command(json!({ "command": "getCurrentCallsPhoneEvents" })).await;
        assert_eq!(cti.expect("CurrentCallsPhoneEvents").await["events"], json!([established]));

        phone.press_in("WebRTC", "Hang up").await;
        assert_eq!(cti.event("EventReleased", "600").await["uniqueId"], dialing["uniqueId"]);
        assert_eq!(cti.expect("PhoneStatusUpdate").await["status"], "AVAILABLE");
        cti.command(json!({ "command": "getCurrentCallsPhoneEvents" })).await;
        assert_eq!(cti.expect("CurrentCallsPhoneEvents").await["events"], json!([]));
    })
    .await;
}

#[tokio::test]
async fn an_incoming_call_is_told_to_both_people() {
    story(async |stage| {
        let caller = stage.phone(&ASTERISK, 700).await;
        // Another tone than the caller: to an echo canceller the same one would be an echo.
        let setup = Setup { tone: 1300, ..Setup::default() };
        let callee = stage.at_sample_page_in(&ASTERISK, setup, "").await;
        let (mut from, mut to) = (Cti::of(&caller.person).await, Cti::of(&callee.person).await);
        from.command(json!({ "command": "subscribeToPhoneHints", "phoneNumbers": [callee.person.number] }))
            .await;
        caller.calls(&callee.person.number).await;
        let ringing = to.event("EventRinging", &caller.person.number).await;
        assert_eq!(ringing["otherDName"], caller.person.name);
        assert_eq!(
            (&ringing["DN"], &ringing["callDirection"]),
            (&json!(callee.person.number), &json!("Incoming"))
        );
        callee.sees_in(WEBRTC_EVENTS, sip_call_id(&ringing)).await;
        let dialing = from.event("EventDialing", &callee.person.number).await;
        assert_eq!(dialing["linkedId"], ringing["linkedId"]);
        assert_ne!(sip_call_id(&dialing), sip_call_id(&ringing));
        let ringing_hint = json!({ "number": callee.person.number, "status": 8 });
        while from.expect("PhoneHintStatusEvent").await != ringing_hint {}

        // The page is asked by its CTI link to do what only it can.
        to.command(json!({ "command": "answer", "uniqueId": ringing["uniqueId"] })).await;
        assert_eq!(to.expect("WebRTCCmd").await["sipCallId"], sip_call_id(&ringing));
        callee.press_in("WebRTC", "Answer").await;
        from.event("EventEstablished", &callee.person.number).await;
        to.event("EventEstablished", &caller.person.number).await;
        callee.hears(700).await;
        caller.hangs_up().await;
        to.event("EventReleased", &caller.person.number).await;
    })
    .await;
}

#[tokio::test]
async fn a_refused_call_is_told_to_both_people() {
    story(async |stage| {
        let caller = stage.at_sample_page(&ASTERISK).await;
        let callee = stage.phone(&ASTERISK, 1300).await;
        let (mut from, mut to) = (Cti::of(&caller.person).await, Cti::of(&callee.person).await);
        caller.fill_in("WebRTC", "Destination", &callee.person.number).await;
        caller.press_in("WebRTC", "Dial").await;
        let dialing = from.event("EventDialing", &callee.person.number).await;
        caller.sees_in(WEBRTC_EVENTS, sip_call_id(&dialing)).await;
        to.event("EventRinging", &caller.person.number).await;
        callee.press_in(CALLS, "Decline").await;
        to.event("EventReleased", &caller.person.number).await;
        let released = from.event("EventReleased", &callee.person.number).await;
        assert_eq!(sip_call_id(&released), sip_call_id(&dialing));
    })
    .await;
}

#[tokio::test]
async fn a_call_is_hung_up_over_cti() {
    story(async |stage| {
        let caller = stage.phone(&ASTERISK, 700).await;
        let callee = stage.phone(&ASTERISK, 1300).await;
        let (mut from, mut to) = (Cti::of(&caller.person).await, Cti::of(&callee.person).await);
        assert_eq!(from.refusal(json!({ "command": "hangup" })).await, "there is no such call");
        caller.calls(&callee.person.number).await;
        let ringing = to.event("EventRinging", &caller.person.number).await;

        // Not by anybody else.
        let another = from.refusal(json!({ "command": "hangup", "uniqueId": ringing["uniqueId"] })).await;
        assert_eq!(another, "there is no such call");
        to.command(json!({ "command": "hangup", "uniqueId": ringing["uniqueId"] })).await;
        to.event("EventReleased", &caller.person.number).await;
        caller.sees_in(CALLS, "The other side declined the call.").await;
        from.event("EventReleased", &callee.person.number).await;

        caller.talks_to("600").await;
        from.event("EventEstablished", "600").await;
        from.command(json!({ "command": "hangup" })).await;
        from.event("EventReleased", "600").await;
        caller.sees(READY).await;
    })
    .await;
}

#[tokio::test]
async fn only_who_knows_the_password_sees_and_ends_calls() {
    story(async |stage| {
        let phone = stage.phone(&ASTERISK, 700).await;
        let mut owner = Cti::of(&phone.person).await;
        let mut stranger = Cti::with_password(&phone.person, "guessed").await;
        phone.talks_to("600").await;
        let event = owner.event("EventEstablished", "600").await;
        let refused = stranger.refusal(json!({ "command": "hangup", "uniqueId": event["uniqueId"] })).await;
        assert_eq!(refused, "your phone is not registered");
        stranger.command(json!({ "command": "getCurrentCallsPhoneEvents" })).await;
        assert_eq!(stranger.expect("CurrentCallsPhoneEvents").await["events"], json!([]));
        phone.hears(700).await;
        phone.hangs_up().await;
    })
    .await;
}

#[tokio::test]
async fn calls_are_told_again_after_asterisk_was_restarted() {
    story_alone(async |stage| {
        let phone = stage.phone(&ASTERISK, 700).await;
        let mut cti = Cti::of(&phone.person).await;
        phone.talks_to("600").await;
        cti.event("EventEstablished", "600").await;
        let ami = Ami::connect().await;
        tokio::join!(phone.sees_no_more(READY), ami.restart());
        // The link comes back, and finds that the call is gone.
        cti.event("EventReleased", "600").await;
        phone.sees_within(READY, 60).await;
        phone.talks_to("600").await;
        cti.event("EventEstablished", "600").await;
        phone.hangs_up().await;
    })
    .await;
}

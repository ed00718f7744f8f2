//! What a CTI client elsewhere asks the phone to do: the lab passes it on (`WebRTCCmd`), Asterisk sees what came of it.

use serde_json::json;

use crate::ASTERISK;
use crate::cti::Cti;
use crate::support::hearing::MUSIC;
use crate::support::phone::CALLS;
use crate::support::stage::story;
use crate::tones::{READER, Reader};

#[tokio::test]
async fn a_call_is_answered_held_and_muted_from_elsewhere() {
    story(async |stage| {
        let agent = stage.phone(&ASTERISK, 700).await;
        let caller = stage.phone(&ASTERISK, 1300).await;
        let mut cti = Cti::of(&agent.person).await;
        caller.calls(&agent.person.number).await;
        agent.sees_in(CALLS, &caller.person.name).await;
        let ringing = cti.event("EventRinging", &caller.person.number).await;
        let of_call = |command| json!({ "command": command, "uniqueId": ringing["uniqueId"] });
        cti.command(of_call("answer")).await;
        agent.hears(1300).await;
        caller.hears(700).await;

        cti.command(of_call("toggleMicrophone")).await;
        agent.sees_pressed("Mute", true).await;
        caller.hears_nothing().await;
        cti.command(of_call("toggleMicrophone")).await;
        caller.hears(700).await;

        cti.command(of_call("hold")).await;
        caller.hears(MUSIC).await;
        cti.command(of_call("hold")).await;
        caller.hears(700).await;
        agent.hangs_up().await;
    })
    .await;
}

#[tokio::test]
async fn digits_are_sent_from_elsewhere() {
    story(async |stage| {
        let phone = stage.phone(&ASTERISK, 700).await;
        let mut reader = Reader::of(&phone.person.number).await;
        let mut cti = Cti::of(&phone.person).await;
        phone.talks_to(READER).await;
        cti.event("EventEstablished", READER).await;
        phone.hears(MUSIC).await;
        for key in ["4", "7", "1", "1", "#"] {
            cti.command(json!({ "command": "sendDtmf", "key": key })).await;
        }
        assert_eq!(reader.digits().await, "4711");
        phone.sees_in(CALLS, "The other side hung up.").await;
    })
    .await;
}

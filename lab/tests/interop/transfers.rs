//! Transfers that Asterisk makes, asked for over CTI.

use serde_json::json;

use crate::ASTERISK;
use crate::ami::Ami;
use crate::cti::Cti;
use crate::support::page::Role;
use crate::support::phone::{CALLS, Phone, READY};
use crate::support::stage::{Stage, story_alone};

/// Alice talks to Bob and asks her server for a consultation with Carol, whose phone rings.
async fn consulting(stage: &Stage) -> (Phone, Phone, Phone, Cti) {
    let alice = stage.phone(&ASTERISK, 700).await;
    let bob = stage.phone(&ASTERISK, 1300).await;
    let carol = stage.phone(&ASTERISK, 2100).await;
    in_no_calls([&alice, &bob, &carol]).await;
    let mut cti = Cti::of(&alice.person).await;
    alice.calls(&bob.person.number).await;
    bob.press_in(CALLS, "Answer").await;
    cti.event("EventEstablished", &bob.person.number).await;
    cti.command(json!({ "command": "attendedTransfer", "destination": carol.person.number })).await;
    // Alice's own phone answers by itself, and puts Bob on hold for that.
    cti.event("EventDialing", &carol.person.number).await;
    carol.sees_in(CALLS, &alice.person.name).await;
    let early = cti.refusal(json!({ "command": "completeTransfer" })).await;
    assert_eq!(early, "nobody has answered the consultation call yet");
    carol.press_in(CALLS, "Answer").await;
    cti.event("EventEstablished", &carol.person.number).await;
    carol.hears(700).await;
    alice.hears(2100).await;
    (alice, bob, carol, cti)
}

/// What the CTI server says here is of these calls alone.
async fn in_no_calls(phones: [&Phone; 3]) {
    let mut ami = Ami::connect().await;
    for phone in phones {
        ami.end_calls_of(&phone.person.login).await;
    }
}

#[tokio::test]
async fn an_attended_transfer_is_completed() {
    story_alone(async |stage| {
        let (alice, bob, carol, mut cti) = consulting(stage).await;
        cti.command(json!({ "command": "completeTransfer" })).await;
        carol.hears(1300).await;
        bob.hears(2100).await;
        alice.sees_no(Role::Button, "Hang up").await;
        cti.command(json!({ "command": "getCurrentCallsPhoneEvents" })).await;
        assert_eq!(cti.expect("CurrentCallsPhoneEvents").await["events"], json!([]));
        bob.hangs_up().await;
        carol.sees_in(CALLS, "The other side hung up.").await;
    })
    .await;
}

#[tokio::test]
async fn an_attended_transfer_is_cancelled() {
    story_alone(async |stage| {
        let (alice, bob, carol, mut cti) = consulting(stage).await;
        cti.command(json!({ "command": "cancelTransfer" })).await;
        cti.event("EventReleased", &carol.person.number).await;
        carol.sees_in(CALLS, "The other side hung up.").await;
        // The phone takes Bob back when it is told to.
        cti.command(json!({ "command": "hold" })).await;
        cti.event("EventEstablished", &bob.person.number).await;
        bob.hears(700).await;
        alice.hears(1300).await;
        let none = cti.refusal(json!({ "command": "completeTransfer" })).await;
        assert_eq!(none, "there is no transfer under way");
        bob.hangs_up().await;
        cti.event("EventReleased", &bob.person.number).await;
    })
    .await;
}

#[tokio::test]
async fn a_direct_transfer_brings_the_other_two_together() {
    story_alone(async |stage| {
        let alice = stage.phone(&ASTERISK, 700).await;
        let bob = stage.phone(&ASTERISK, 1300).await;
        let carol = stage.phone(&ASTERISK, 2100).await;
        in_no_calls([&alice, &bob, &carol]).await;
        let mut cti = Cti::of(&alice.person).await;
        let nobody = cti.refusal(json!({ "command": "directTransfer", "destination": "1" })).await;
        assert_eq!(nobody, "there is no call that could be transferred");

        bob.calls(&alice.person.number).await;
        alice.press_in(CALLS, "Answer").await;
        bob.is_in_call().await;
        cti.event("EventEstablished", &bob.person.number).await;
        let nowhere = cti.refusal(json!({ "command": "directTransfer", "destination": "4711" })).await;
        assert_eq!(nowhere, "this number does not exist");
        bob.hears(700).await;

        let mut of_bob = Cti::of(&bob.person).await;
        let transfer = json!({ "command": "directTransfer", "destination": carol.person.number });
        cti.command(transfer).await;
        cti.event("EventReleased", &bob.person.number).await;
        alice.sees(READY).await;
        carol.sees_in(CALLS, &bob.person.name).await;
        carol.press_in(CALLS, "Answer").await;
        carol.is_in_call().await;
        carol.hears(1300).await;
        bob.hears(2100).await;
        of_bob.event("EventEstablished", &carol.person.number).await;
        carol.hangs_up().await;
        of_bob.event("EventReleased", &carol.person.number).await;
    })
    .await;
}

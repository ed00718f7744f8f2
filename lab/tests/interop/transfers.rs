//! Transfers that Asterisk makes, asked for over CTI.

use serde_json::json;

use crate::ASTERISK;
use crate::cti::Cti;
use crate::support::phone::{CALLS, READY};
use crate::support::stage::story_alone;

#[tokio::test]
async fn a_direct_transfer_brings_the_other_two_together() {
    story_alone(async |stage| {
        let alice = stage.phone(&ASTERISK, 700).await;
        let bob = stage.phone(&ASTERISK, 1300).await;
        let carol = stage.phone(&ASTERISK, 2100).await;
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

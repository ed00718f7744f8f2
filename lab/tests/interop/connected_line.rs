//! Who is really there: after a transfer, a pick-up, or whatever else makes Asterisk tell it by SIP (P-Asserted-Identity
//! in an UPDATE or an answer). The lab of these stories knows nothing of the calls, so the card has it from there.

use crate::ASTERISK;
use crate::ami::Ami;
use crate::support::browser::{Setup, Site};
use crate::support::phone::{CALLS, Phone, READY};
use crate::support::stage::{Stage, story};
use crate::support::three::Three;

fn without_manager(tone: u32) -> Setup {
    Setup { site: Site::WithoutManager, tone, ..Setup::default() }
}

async fn phone(stage: &Stage, tone: u32) -> Phone {
    stage.phone_with(&ASTERISK, without_manager(tone)).await
}

#[tokio::test]
async fn after_a_transfer_each_card_shows_who_is_there() {
    story(async |stage| {
        let three = Three::talking(stage, &ASTERISK, without_manager(700)).await;
        three.caller.sees_in(CALLS, &three.agent.person.name).await;
        three.transfer_now().await;
        three.caller.sees_in(CALLS, &three.third.person.name).await;
        three.third.sees_in(CALLS, &three.caller.person.name).await;
        three.caller.hangs_up().await;
    })
    .await;
}

#[tokio::test]
async fn after_a_consultation_each_card_shows_who_is_there() {
    story(async |stage| {
        let three = Three::talking(stage, &ASTERISK, without_manager(700)).await;
        three.consult().await;
        three.third.sees_in(CALLS, &three.agent.person.name).await;
        three.complete_transfer().await;
        three.caller.sees_in(CALLS, &three.third.person.name).await;
        three.third.sees_in(CALLS, &three.caller.person.name).await;
        three.third.hangs_up().await;
    })
    .await;
}

#[tokio::test]
async fn after_a_pick_up_each_card_shows_who_is_there() {
    story(async |stage| {
        let caller = phone(stage, 700).await;
        let callee = phone(stage, 1300).await;
        let colleague = phone(stage, 2300).await;
        caller.calls(&callee.person.number).await;
        callee.sees_in(CALLS, "Incoming call").await;

        colleague.talks_to(&format!("*8{}", callee.person.number)).await;
        callee.sees(READY).await;
        colleague.hears(700).await;
        caller.hears(2300).await;
        caller.sees_in(CALLS, &colleague.person.name).await;
        colleague.sees_in(CALLS, &caller.person.name).await;
        caller.hangs_up().await;
    })
    .await;
}

#[tokio::test]
async fn whoever_the_server_says_is_there_stands_on_the_card() {
    story(async |stage| {
        let phone = phone(stage, 700).await;
        let mut ami = Ami::connect().await;
        ami.end_calls_of(&phone.person.login).await;
        phone.talks_to("600").await;
        ami.connect_line(&phone.person.login, "Zoé Zimmer", "4242").await;
        phone.sees_in(CALLS, "Zoé Zimmer").await;
        phone.sees_in(CALLS, "4242").await;
        phone.hears(700).await;
        phone.hangs_up().await;
    })
    .await;
}

/// Nobody else makes this phone call somebody: the REFER is refused, and the call goes on.
#[tokio::test]
async fn a_call_goes_on_whose_other_side_wanted_another_one() {
    story(async |stage| {
        let phone = phone(stage, 700).await;
        phone.talks_to("606").await;
        phone.hears(700).await;
        phone.hangs_up().await;
    })
    .await;
}

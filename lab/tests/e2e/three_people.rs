//! One person at the phone with two others: handing a call over, talking to both at once.

use crate::LAB;
use crate::support::browser::Setup;
use crate::support::phone::CALLS;
use crate::support::stage::story;
use crate::support::three::Three;

#[tokio::test]
async fn a_call_is_handed_over_without_asking() {
    story(async |stage| {
        let three = Three::talking(stage, &LAB, Setup::default()).await;
        three.agent.press_in(CALLS, "Transfer").await;
        three.agent.press_in(CALLS, "Transfer now").await;
        three.agent.sees_in(CALLS, "Type a number first.").await;
        three.agent.press_in(CALLS, "Transfer").await;
        three.transfer_now().await;
        three.third.hangs_up().await;
    })
    .await;
}

#[tokio::test]
async fn a_call_is_handed_over_after_asking() {
    story(async |stage| {
        let three = Three::talking(stage, &LAB, Setup::default()).await;
        three.consult().await;
        three.complete_transfer().await;
        three.caller.hangs_up().await;
    })
    .await;
}

#[tokio::test]
async fn who_does_not_want_the_call_leaves_it_with_the_agent() {
    story(async |stage| {
        let three = Three::talking(stage, &LAB, Setup::default()).await;
        three.consult().await;
        three.cancel_transfer().await;
        three.agent.hangs_up().await;
    })
    .await;
}

#[tokio::test]
async fn three_people_talk_to_each_other_until_one_leaves() {
    story(async |stage| {
        let three = Three::talking(stage, &LAB, Setup::default()).await;
        three.confer().await;
        three.mute_in_conference().await;
        three.third_leaves().await;
        three.agent.hangs_up().await;
        three.caller.sees_in(CALLS, "The other side hung up.").await;
    })
    .await;
}

#[tokio::test]
async fn three_people_are_held_and_resumed_together_until_the_host_leaves() {
    story(async |stage| {
        let three = Three::talking(stage, &LAB, Setup::default()).await;
        three.confer().await;
        three.hold_all().await;
        three.agent_leaves().await;
    })
    .await;
}

//! The page is loaded again, or closed, in the middle of a call.

use crate::LAB;
use crate::door::Door;
use crate::support::browser::{Kind, Setup};
use crate::support::hearing::MUSIC;
use crate::support::phone::{CALLS, READY};
use crate::support::stage::story;
use crate::support::two::Two;

#[tokio::test]
async fn a_talk_goes_on_after_a_reload_of_either_side() {
    // More of them in a release run.
    let times = std::env::var("XC_REPEAT").map_or(1, |times| times.parse().expect("XC_REPEAT is a number"));
    story(async |stage| {
        let two = Two::ready(stage, &LAB).await;
        let Two { caller, callee } = &two;
        two.talk().await;
        for _ in 0..times {
            for (one, other, own, theirs) in [(caller, callee, 700, 1300), (callee, caller, 1300, 700)] {
                one.reloads_while_heard(other, own).await;
                one.hears(theirs).await;
            }
        }
        two.part().await;
    })
    .await;
}

#[tokio::test]
async fn a_talk_goes_on_after_a_reload_in_firefox() {
    story(async |stage| {
        let setup = Setup { kind: Kind::Firefox, tone: 700, ..Setup::default() };
        let two = Two { caller: stage.phone_with(&LAB, setup).await, callee: stage.phone(&LAB, 1300).await };
        two.talk().await;
        two.caller.reloads_while_heard(&two.callee, 700).await;
        two.caller.hears(1300).await;
        two.part().await;
    })
    .await;
}

#[tokio::test]
async fn who_waits_waits_on_and_who_is_muted_stays_so() {
    story(async |stage| {
        let two = Two::ready(stage, &LAB).await;
        let Two { caller: agent, callee: first } = &two;
        two.talk().await;
        agent.press_in(CALLS, "Hold").await;
        first.hears(MUSIC).await;
        agent.calls("*55").await;
        agent.hears(700).await;
        agent.press_in(CALLS, "Mute").await;
        agent.sees_pressed("Mute", true).await;

        agent.reload().await;
        agent.sees_in_order(CALLS, &["In call", "*55", "On hold", &first.person.name]).await;
        agent.sees_pressed("Mute", true).await;
        agent.hears_nothing().await;
        first.hears(MUSIC).await;
        agent.press_in(CALLS, "Mute").await;
        agent.hears(700).await;
        agent.press_in(CALLS, "Resume").await;
        agent.hears(1300).await;
        first.hears(700).await;
    })
    .await;
}

#[tokio::test]
async fn a_call_that_the_server_does_not_give_back_ends_on_both_sides() {
    for status in [481, 603] {
        story(async |stage| {
            let two = Two::ready(stage, &LAB).await;
            let Two { caller, callee } = &two;
            two.talk().await;
            Door::new().refuse_replaces(&caller.person, status).await;
            caller.reload().await;
            callee.sees_in(CALLS, "The other side hung up.").await;
            caller.sees_in(CALLS, "the server did not give the call back").await;
            two.talk().await;
            two.part().await;
        })
        .await;
    }
}

#[tokio::test]
async fn closing_the_page_for_good_ends_the_call() {
    story(async |stage| {
        let two = Two::ready(stage, &LAB).await;
        two.talk().await;
        two.caller.closes_its_page().await;
        // The lab waits for 35 s for a phone that is away.
        two.callee.sees_within("The other side hung up.", 60).await;
    })
    .await;
}

#[tokio::test]
async fn what_only_rings_ends_with_the_page() {
    story(async |stage| {
        let Two { caller, callee } = Two::ready(stage, &LAB).await;
        caller.calls(&callee.person.number).await;
        callee.sees_in(CALLS, "Incoming call").await;
        caller.reload().await;
        callee.sees_in(CALLS, "You missed this call.").await;
        caller.sees(READY).await;

        callee.calls(&caller.person.number).await;
        caller.sees_in(CALLS, "Incoming call").await;
        caller.reload().await;
        callee.sees_in(CALLS, "Nobody answered.").await;
    })
    .await;
}

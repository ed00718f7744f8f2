//! Two people at two phones.

use crate::LAB;
use crate::support::page::Role;
use crate::support::phone::{CALLS, READY};
use crate::support::stage::story;

#[tokio::test]
async fn two_people_hear_each_other() {
    story(async |stage| {
        let caller = stage.phone(&LAB, 700).await;
        let callee = stage.phone(&LAB, 1300).await;
        caller.calls(&callee.person.number).await;
        callee.sees_in(CALLS, &caller.person.name).await;
        caller.sees_in(CALLS, "Ringing").await;
        callee.press_in(CALLS, "Answer").await;
        caller.is_in_call().await;
        callee.is_in_call().await;
        callee.hears(700).await;
        caller.hears(1300).await;

        caller.press_in(CALLS, "Hang up").await;
        caller.sees_in(CALLS, "You hung up.").await;
        callee.sees_in(CALLS, "The other side hung up.").await;
    })
    .await;
}

#[tokio::test]
async fn a_declined_call_is_told_to_the_caller() {
    story(async |stage| {
        let caller = stage.phone(&LAB, 700).await;
        let callee = stage.phone(&LAB, 1300).await;
        caller.calls(&callee.person.number).await;
        callee.press_in(CALLS, "Decline").await;
        callee.sees_in(CALLS, "You declined this call.").await;
        caller.sees_in(CALLS, "The other side declined the call.").await;
    })
    .await;
}

#[tokio::test]
async fn a_caller_who_gives_up_leaves_a_missed_call() {
    story(async |stage| {
        let caller = stage.phone(&LAB, 700).await;
        let callee = stage.phone(&LAB, 1300).await;
        caller.calls(&callee.person.number).await;
        callee.sees_a(Role::Button, "Answer").await;
        caller.press_in(CALLS, "Hang up").await;
        caller.sees_in(CALLS, "You gave up before it was answered.").await;
        callee.sees_in(CALLS, "You missed this call.").await;
        callee.sees_no(Role::Button, "Answer").await;
        callee.sees(READY).await;
    })
    .await;
}

#[tokio::test]
async fn a_muted_microphone_sends_silence_until_it_is_on_again() {
    story(async |stage| {
        let caller = stage.phone(&LAB, 700).await;
        let callee = stage.phone(&LAB, 1300).await;
        caller.calls(&callee.person.number).await;
        callee.press_in(CALLS, "Answer").await;
        callee.hears(700).await;

        caller.press_in(CALLS, "Mute").await;
        caller.sees_pressed("Mute", true).await;
        callee.hears_nothing().await;
        // Only one direction is silent.
        caller.hears(1300).await;

        caller.press_in(CALLS, "Mute").await;
        caller.sees_pressed("Mute", false).await;
        callee.hears(700).await;
    })
    .await;
}

#[tokio::test]
async fn the_other_side_may_hang_up() {
    story(async |stage| {
        let caller = stage.phone(&LAB, 700).await;
        let callee = stage.phone(&LAB, 1300).await;
        caller.calls(&callee.person.number).await;
        callee.press_in(CALLS, "Answer").await;
        caller.is_in_call().await;
        callee.hangs_up().await;
        caller.sees_in(CALLS, "The other side hung up.").await;

        // Both can call again, this time the other way round.
        callee.calls(&caller.person.number).await;
        caller.press_in(CALLS, "Answer").await;
        caller.hears(1300).await;
        callee.hears(700).await;
        caller.hangs_up().await;
    })
    .await;
}

#[tokio::test]
async fn a_second_call_waits_under_the_first_and_the_person_changes_between_them() {
    story(async |stage| {
        let agent = stage.phone(&LAB, 700).await;
        let first = stage.phone(&LAB, 1300).await;
        first.calls(&agent.person.number).await;
        agent.press_in(CALLS, "Answer").await;
        agent.hears(1300).await;

        agent.press_in(CALLS, "Hold").await;
        agent.sees_in(CALLS, "On hold").await;
        first.sees_in(CALLS, "On hold by the other side").await;
        agent.press_in(CALLS, "Resume").await;
        agent.sees_a(Role::Button, "Hold").await;
        first.hears(700).await;

        // Calling somebody else puts the first one on hold, smaller and below.
        agent.calls("*56").await;
        agent.sees_in_order(CALLS, &["In call", "*56", "On hold", &first.person.name]).await;
        agent.hears(1000).await;
        agent.press_in(CALLS, "Resume").await;
        agent.sees_in_order(CALLS, &["In call", &first.person.name, "On hold", "*56"]).await;
        agent.hears(1300).await;
    })
    .await;
}

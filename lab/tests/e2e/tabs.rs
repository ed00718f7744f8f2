//! Two tabs of one person: one of them is the phone.

use crate::LAB;
use crate::door::Door;
use crate::support::page::Role;
use crate::support::phone::{CALLS, READY};
use crate::support::stage::story;
use crate::support::two::Two;

/// What the tab says that is not the phone.
const ELSEWHERE: &str = "In another tab";

#[tokio::test]
async fn the_second_tab_says_where_the_phone_is_and_takes_it_over_with_its_call() {
    story(async |stage| {
        let two = Two::ready(stage, &LAB).await;
        let Two { caller, callee } = &two;
        two.talk().await;
        let first = caller.opens_beside("/").await;
        caller.logs_in().await;
        caller.sees(ELSEWHERE).await;
        caller.sees_no(Role::Button, "Hang up").await;
        callee.hears(700).await;

        caller.press(ELSEWHERE).await;
        caller.press("Use the phone here").await;
        caller.is_in_call().await;
        caller.sees(READY).await;
        caller.sees_in(CALLS, &callee.person.name).await;
        caller.hears(1300).await;
        callee.hears(700).await;
        let second = caller.hides_its_page().await;
        caller.turns_to(first).await;
        caller.sees(ELSEWHERE).await;
        caller.sees_no(Role::Button, "Hang up").await;
        caller.turns_to(second).await;
        two.part().await;
    })
    .await;
}

#[tokio::test]
async fn the_tab_that_is_left_becomes_the_phone() {
    story(async |stage| {
        let phone = stage.phone(&LAB, 700).await;
        let first = phone.opens_beside("/").await;
        phone.logs_in().await;
        phone.sees(ELSEWHERE).await;
        let second = phone.hides_its_page().await;
        phone.turns_to(first).await;
        phone.closes_its_page().await;
        phone.turns_to(second).await;
        phone.sees(READY).await;
        phone.talks_to("*55").await;
        phone.hears(700).await;
    })
    .await;
}

#[tokio::test]
async fn the_phone_stays_in_its_tab_when_that_is_loaded_again() {
    story(async |stage| {
        let phone = stage.phone(&LAB, 700).await;
        let first = phone.opens_beside("/").await;
        phone.logs_in().await;
        phone.sees(ELSEWHERE).await;
        let second = phone.hides_its_page().await;
        phone.turns_to(first).await;
        phone.talks_to("*56").await;
        phone.hears(1000).await;
        phone.reload().await;
        phone.is_in_call().await;
        phone.hears(1000).await;
        phone.sees(READY).await;
        phone.turns_to(second).await;
        phone.sees(ELSEWHERE).await;
    })
    .await;
}

#[tokio::test]
async fn logging_out_in_one_tab_leaves_the_phone_to_the_other() {
    story(async |stage| {
        let phone = stage.phone(&LAB, 700).await;
        let first = phone.opens_beside("/").await;
        phone.logs_in().await;
        phone.sees(ELSEWHERE).await;
        let second = phone.hides_its_page().await;
        phone.turns_to(first).await;
        phone.logs_out().await;
        phone.turns_to(second).await;
        phone.sees(READY).await;
        assert!(Door::new().is_registered(&phone.person).await);
    })
    .await;
}

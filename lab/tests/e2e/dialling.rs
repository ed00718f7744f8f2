//! Numbers that do not answer, and what is typed that is no number.

use crate::LAB;
use crate::door::Door;
use crate::support::browser::Setup;
use crate::support::phone::{CALLS, Phone, READY};
use crate::support::stage::story;

#[tokio::test]
async fn a_busy_number_says_so() {
    story(async |stage| {
        let phone = stage.phone(&LAB, 700).await;
        phone.calls("*57").await;
        phone.sees_in(CALLS, "The other side is busy. Try again later.").await;
        phone.sees(READY).await;
    })
    .await;
}

#[tokio::test]
async fn a_number_that_does_not_exist_says_so() {
    story(async |stage| {
        let phone = stage.phone(&LAB, 700).await;
        phone.calls("4711").await;
        phone.sees_in(CALLS, "This number does not exist. Check it and call again.").await;
    })
    .await;
}

#[tokio::test]
async fn a_refused_call_says_why() {
    story(async |stage| {
        let phone = stage.phone(&LAB, 700).await;
        phone.calls("*59").await;
        phone.sees_in(CALLS, "The call failed: “503").await;
    })
    .await;
}

#[tokio::test]
async fn a_call_that_rings_for_ever_is_given_up() {
    story(async |stage| {
        let phone = stage.phone(&LAB, 700).await;
        phone.calls("*58").await;
        phone.sees_in(CALLS, "Ringing").await;
        phone.press_in(CALLS, "Hang up").await;
        phone.sees_in(CALLS, "You gave up before it was answered.").await;
        Door::new().until_without_calls(&phone.person).await;
    })
    .await;
}

#[tokio::test]
async fn what_is_no_number_is_refused_with_a_sentence() {
    story(async |stage| {
        let phone = stage.phone(&LAB, 700).await;
        refuses(&phone, "", "Type a number first.").await;
        refuses(&phone, "   ", "Type a number first.").await;
        refuses(&phone, "alice", "This is not a number.").await;
        refuses(&phone, &"1".repeat(300), "This is too long for a number.").await;
        refuses(&phone, "sip:alice", "This address is not complete.").await;
    })
    .await;
}

async fn refuses(phone: &Phone, typed: &str, sentence: &str) {
    let door = Door::new();
    let before = door.call_ids_of(&phone.person).await;
    phone.calls(typed).await;
    phone.sees(sentence).await;
    phone.sees(READY).await;
    door.assert_no_new_call(&phone.person, &before, &format!("{typed:?} was dialled")).await;
}

#[tokio::test]
async fn a_number_is_dialled_however_it_is_written() {
    story(async |stage| {
        let phone = stage.phone(&LAB, 700).await;
        for typed in [" * 5 5 ", "tel:*55"] {
            phone.talks_to(typed).await;
            phone.hangs_up().await;
        }
    })
    .await;
}

#[tokio::test]
async fn without_a_microphone_nothing_is_dialled() {
    story(async |stage| {
        let setup = Setup { microphone_allowed: false, ..Setup::default() };
        let phone = stage.phone_with(&LAB, setup).await;
        let door = Door::new();
        let before = door.call_ids_of(&phone.person).await;
        phone.calls("*55").await;
        phone.sees("The browser was not allowed to use the microphone.").await;
        door.assert_no_new_call(&phone.person, &before, "an INVITE was sent").await;
    })
    .await;
}

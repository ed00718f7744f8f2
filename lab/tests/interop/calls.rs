//! Calls through a real Asterisk.

use crate::ASTERISK;
use crate::ami::Ami;
use crate::support::phone::{CALLS, READY};
use crate::support::stage::story;

#[tokio::test]
async fn the_echo_gives_the_own_voice_back() {
    story(async |stage| {
        let phone = stage.phone(&ASTERISK, 700).await;
        phone.talks_to("600").await;
        phone.hears(700).await;
        phone.hangs_up().await;
    })
    .await;
}

#[tokio::test]
async fn a_tone_of_the_server_is_heard() {
    story(async |stage| {
        let phone = stage.phone(&ASTERISK, 700).await;
        phone.talks_to("601").await;
        phone.hears(1004).await;
        phone.hangs_up().await;
    })
    .await;
}

#[tokio::test]
async fn a_call_that_the_server_makes_is_answered_and_ended_by_it() {
    story(async |stage| {
        let phone = stage.phone(&ASTERISK, 700).await;
        let mut ami = Ami::connect().await;
        ami.call(&phone.person.login, "\"Claire Dubois\" <0145000001>", "601").await;
        phone.sees_in(CALLS, "Claire Dubois").await;
        phone.press_in(CALLS, "Answer").await;
        phone.is_in_call().await;
        phone.hears(1004).await;

        ami.hang_up(&phone.person.login).await;
        phone.sees_in(CALLS, "The other side hung up.").await;
        phone.sees(READY).await;
    })
    .await;
}

#[tokio::test]
async fn a_busy_number_says_so() {
    story(async |stage| {
        let phone = stage.phone(&ASTERISK, 700).await;
        phone.calls("603").await;
        phone.sees_in(CALLS, "The other side is busy.").await;
    })
    .await;
}

#[tokio::test]
async fn a_number_that_does_not_exist_says_so() {
    story(async |stage| {
        let phone = stage.phone(&ASTERISK, 700).await;
        phone.calls("4711").await;
        phone.sees_in(CALLS, "This number does not exist.").await;
    })
    .await;
}

#[tokio::test]
async fn two_people_hear_each_other() {
    story(async |stage| {
        let caller = stage.phone(&ASTERISK, 700).await;
        let callee = stage.phone(&ASTERISK, 1300).await;
        caller.calls(&callee.person.number).await;
        callee.sees_in(CALLS, &caller.person.name).await;
        callee.press_in(CALLS, "Answer").await;
        caller.is_in_call().await;
        callee.hears(700).await;
        caller.hears(1300).await;
        callee.hangs_up().await;
        caller.sees_in(CALLS, "The other side hung up.").await;
    })
    .await;
}

#[tokio::test]
async fn a_declined_call_is_told_to_the_caller() {
    story(async |stage| {
        let caller = stage.phone(&ASTERISK, 700).await;
        let callee = stage.phone(&ASTERISK, 1300).await;
        caller.calls(&callee.person.number).await;
        callee.press_in(CALLS, "Decline").await;
        caller.sees_in(CALLS, "The other side declined the call.").await;
        caller.sees(READY).await;
    })
    .await;
}

#[tokio::test]
async fn a_caller_who_gives_up_leaves_a_missed_call() {
    story(async |stage| {
        let caller = stage.phone(&ASTERISK, 700).await;
        let callee = stage.phone(&ASTERISK, 1300).await;
        caller.calls(&callee.person.number).await;
        caller.sees_in(CALLS, "Ringing").await;
        callee.sees_in(CALLS, "Incoming call").await;
        caller.press_in(CALLS, "Hang up").await;
        caller.sees_in(CALLS, "You gave up before it was answered.").await;
        callee.sees_in(CALLS, "You missed this call.").await;
    })
    .await;
}

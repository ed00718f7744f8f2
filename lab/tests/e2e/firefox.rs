//! The phone in Firefox: what is heard, who is called, how one logs in.

use crate::support::browser::{Kind, Setup};
use crate::support::hearing::MUSIC;
use crate::support::page::Role;
use crate::support::people::People;
use crate::support::phone::{CALLS, Phone, READY};
use crate::support::stage::{Stage, story};
use crate::support::three::Three;
use crate::{LAB, door::Door, video::sees_and_hears_itself};

/// Someone at a phone in Firefox.
async fn phone(stage: &Stage, people: &'static People, tone: u32) -> Phone {
    stage.phone_with(people, Setup { kind: Kind::Firefox, tone, ..Setup::default() }).await
}

#[tokio::test]
async fn the_echo_test_gives_the_own_voice_back() {
    story(async |stage| {
        let phone = phone(stage, &LAB, 700).await;
        phone.talks_to("*55").await;
        phone.hears(700).await;
        phone.hangs_up().await;
    })
    .await;
}

#[tokio::test]
async fn the_tone_is_heard() {
    story(async |stage| {
        let phone = phone(stage, &LAB, 700).await;
        phone.talks_to("*56").await;
        phone.hears(1000).await;
        phone.hangs_up().await;
    })
    .await;
}

#[tokio::test]
async fn it_is_called_from_chromium_and_calls_back() {
    story(async |stage| {
        let chromium = stage.phone(&LAB, 700).await;
        let firefox = phone(stage, &LAB, 1300).await;
        chromium.calls(&firefox.person.number).await;
        firefox.sees_in(CALLS, &chromium.person.name).await;
        firefox.press_in(CALLS, "Answer").await;
        chromium.is_in_call().await;
        firefox.hears(700).await;
        chromium.hears(1300).await;
        chromium.hangs_up().await;
        firefox.sees_in(CALLS, "The other side hung up.").await;

        firefox.calls(&chromium.person.number).await;
        chromium.press_in(CALLS, "Answer").await;
        firefox.is_in_call().await;
        chromium.hears(1300).await;
        firefox.hears(700).await;
        firefox.hangs_up().await;
    })
    .await;
}

#[tokio::test]
async fn logging_in_goes_wrong_with_a_sentence_and_ends_by_logging_out() {
    story(async |stage| {
        let door = Door::new();
        let setup = Setup { kind: Kind::Firefox, ..Setup::default() };
        let phone = stage.phone_at_login(&LAB, setup).await;
        phone.press("Log in").await;
        phone.sees("Type your login.").await;
        phone.log_in("wrong").await;
        phone.sees("Wrong login or password. Check both and try again.").await;
        assert_eq!(phone.content("Login").await, phone.person.login);
        assert_eq!(phone.content("Password").await, "");

        phone.logs_in().await;
        phone.sees(READY).await;
        phone.reload().await;
        phone.sees(READY).await;
        assert!(door.is_registered(&phone.person).await, "the page says {READY:?}, the lab says otherwise");
        phone.logs_out().await;
        phone.sees_a(Role::Button, "Log in").await;
        door.until_unregistered(&phone.person).await;
    })
    .await;
}

#[tokio::test]
async fn without_a_microphone_nothing_is_dialled() {
    story(async |stage| {
        let setup = Setup { kind: Kind::Firefox, microphone_allowed: false, ..Setup::default() };
        let phone = stage.phone_with(&LAB, setup).await;
        phone.calls("*55").await;
        phone.sees("The browser was not allowed to use the microphone.").await;
    })
    .await;
}

#[tokio::test]
async fn it_holds_is_held_and_sends_tones() {
    story(async |stage| {
        let chromium = stage.phone(&LAB, 700).await;
        let firefox = phone(stage, &LAB, 1300).await;
        firefox.calls(&chromium.person.number).await;
        chromium.press_in(CALLS, "Answer").await;
        firefox.hears(700).await;

        firefox.press_in(CALLS, "Hold").await;
        firefox.sees_in(CALLS, "On hold").await;
        chromium.hears(MUSIC).await;
        firefox.press_in(CALLS, "Resume").await;
        chromium.hears(1300).await;
        firefox.hears(700).await;

        chromium.press_in(CALLS, "Hold").await;
        firefox.sees_in(CALLS, "On hold by the other side").await;
        chromium.press_in(CALLS, "Resume").await;
        firefox.hears(700).await;
        firefox.hangs_up().await;

        firefox.talks_to("*60").await;
        firefox.press_in(CALLS, "Keypad").await;
        firefox.type_keys("147#").await;
        firefox.sees_in_order(CALLS, &["digits", "147"]).await;
        firefox.hangs_up().await;
    })
    .await;
}

#[tokio::test]
async fn a_video_call_shows_both_sides() {
    story(async |stage| {
        let phone = phone(stage, &LAB, 700).await;
        sees_and_hears_itself(&phone, 700).await;
        phone.hangs_up().await;
    })
    .await;
}

#[tokio::test]
async fn it_changes_between_two_calls() {
    story(async |stage| {
        let chromium = stage.phone(&LAB, 700).await;
        let firefox = phone(stage, &LAB, 1300).await;
        chromium.calls(&firefox.person.number).await;
        firefox.press_in(CALLS, "Answer").await;
        firefox.hears(700).await;

        firefox.calls("*56").await;
        firefox.sees_in_order(CALLS, &["In call", "*56", "On hold", &chromium.person.name]).await;
        firefox.hears(1000).await;
        chromium.hears(MUSIC).await;
        firefox.press_in(CALLS, "Resume").await;
        firefox.sees_in_order(CALLS, &["In call", &chromium.person.name, "On hold", "*56"]).await;
        firefox.hears(700).await;
        chromium.hears(1300).await;
        chromium.hangs_up().await;
    })
    .await;
}

#[tokio::test]
async fn it_hands_a_call_over_after_asking() {
    story(async |stage| {
        let setup = Setup { kind: Kind::Firefox, ..Setup::default() };
        let three = Three::talking(stage, &LAB, setup).await;
        three.consult().await;
        three.complete_transfer().await;
        three.third.hangs_up().await;
    })
    .await;
}

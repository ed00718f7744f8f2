//! What is heard: the numbers of the lab that answer.

use std::env;

use crate::LAB;
use crate::support::stage::story;

#[tokio::test]
async fn the_echo_test_gives_the_own_voice_back() {
    story(async |stage| {
        let phone = stage.phone(&LAB, 700).await;
        phone.talks_to("*55").await;
        phone.hears(700).await;
        phone.hangs_up().await;
    })
    .await;
}

#[tokio::test]
async fn the_tone_is_heard() {
    story(async |stage| {
        let phone = stage.phone(&LAB, 700).await;
        phone.talks_to("*56").await;
        phone.hears(1000).await;
        phone.hangs_up().await;
    })
    .await;
}

#[tokio::test]
async fn one_call_after_the_other_has_its_echo() {
    // More of them in a release run.
    let times = env::var("XC_REPEAT").map_or(2, |times| times.parse().expect("XC_REPEAT is a number"));
    story(async |stage| {
        let phone = stage.phone(&LAB, 850).await;
        for time in 1..=times {
            println!("call {time} of {times}");
            phone.talks_to("*55").await;
            phone.hears(850).await;
            phone.hangs_up().await;
        }
    })
    .await;
}

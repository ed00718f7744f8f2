//! What people do who have different phones. Each story is told with each of the others' stacks.

use serde_json::Value;

use super::{Peer, Stack};
use crate::ASTERISK;
use crate::support::browser::{Setup, Site};
use crate::support::hearing::MUSIC;
use crate::support::phone::{CALLS, Phone, READY};
use crate::support::stage::{Stage, story};

/// The tones (Hz) at the microphones.
const OURS: u32 = 700;
const THEIRS: u32 = 1300;

/// Where a tone of this frequency (Hz) is heard.
const TONE: (&str, u32) = ("601", 1004);

/// Where one hears oneself; it takes the place of who asked there, which the generator of a tone does not survive.
const ECHO: &str = "600";

async fn both(stage: &Stage, stack: Stack, video: bool) -> (Phone, Peer) {
    (stage.phone(&ASTERISK, OURS).await, Peer::ready(stage, stack, THEIRS, video).await)
}

/// We call, they answer.
async fn we_call(phone: &Phone, peer: &Peer) {
    phone.calls(&peer.person.number).await;
    peer.shows_state(&format!("called by {}", phone.person.name)).await;
    peer.does("answer", Value::Null).await;
    phone.is_in_call().await;
    hear_each_other(phone, peer).await;
}

/// They call, we answer.
async fn they_call(phone: &Phone, peer: &Peer) {
    peer.does("call", phone.person.number.as_str().into()).await;
    phone.sees_in(CALLS, &peer.person.name).await;
    phone.press_in(CALLS, "Answer").await;
    phone.is_in_call().await;
    hear_each_other(phone, peer).await;
}

async fn hear_each_other(phone: &Phone, peer: &Peer) {
    peer.hears(OURS).await;
    phone.hears(THEIRS).await;
}

async fn calls_go_both_ways_and_end_from_both_sides(stack: Stack) {
    story(async |stage| {
        let (phone, peer) = both(stage, stack, false).await;
        we_call(&phone, &peer).await;
        phone.hangs_up().await;
        peer.shows_state("ready").await;
        they_call(&phone, &peer).await;
        peer.does("hangUp", Value::Null).await;
        phone.sees_in(CALLS, "The other side hung up.").await;
        peer.shows_state("ready").await;
    })
    .await;
}

async fn each_puts_the_other_on_hold(stack: Stack) {
    story(async |stage| {
        let (phone, peer) = both(stage, stack, false).await;
        they_call(&phone, &peer).await;
        phone.press_in(CALLS, "Hold").await;
        peer.hears(MUSIC).await;
        phone.press_in(CALLS, "Resume").await;
        hear_each_other(&phone, &peer).await;
        peer.does("hold", Value::Null).await;
        peer.shows_state("on hold").await;
        phone.hears(MUSIC).await;
        peer.does("resume", Value::Null).await;
        peer.shows_state("in call").await;
        hear_each_other(&phone, &peer).await;
        phone.hangs_up().await;
    })
    .await;
}

async fn both_see_each_other(stack: Stack) {
    story(async |stage| {
        let (phone, peer) = both(stage, stack, true).await;
        peer.does("call", phone.person.number.as_str().into()).await;
        phone.press_in(CALLS, "Answer with video").await;
        phone.is_in_call().await;
        phone.shows("video-remote").await;
        peer.shows("pictures").await;
        hear_each_other(&phone, &peer).await;
        phone.hangs_up().await;
    })
    .await;
}

async fn we_hand_them_over(stack: Stack) {
    story(async |stage| {
        let (phone, peer) = both(stage, stack, false).await;
        we_call(&phone, &peer).await;
        phone.press_in(CALLS, "Transfer").await;
        phone.fill_in(CALLS, "Transfer to", TONE.0).await;
        phone.press_in(CALLS, "Transfer now").await;
        phone.sees(READY).await;
        peer.hears(TONE.1).await;
        peer.does("hangUp", Value::Null).await;
    })
    .await;
}

/// Ours asks Asterisk by REFER with Replaces: there is no server here that could do it otherwise.
async fn we_hand_them_over_after_asking(stack: Stack) {
    story(async |stage| {
        let setup = Setup { site: Site::WithoutManager, tone: OURS, ..Setup::default() };
        let phone = stage.phone_with(&ASTERISK, setup).await;
        let peer = Peer::ready(stage, stack, THEIRS, false).await;
        we_call(&phone, &peer).await;
        phone.press_in(CALLS, "Transfer").await;
        phone.fill_in(CALLS, "Transfer to", ECHO).await;
        phone.press_in(CALLS, "Consult first").await;
        peer.hears(MUSIC).await;
        phone.hears(OURS).await;
        phone.press_in(CALLS, "Complete transfer").await;
        phone.sees(READY).await;
        peer.hears(THEIRS).await;
        peer.does("hangUp", Value::Null).await;
    })
    .await;
}

async fn they_hand_us_over_after_asking(stack: Stack) {
    story(async |stage| {
        let (phone, peer) = both(stage, stack, false).await;
        they_call(&phone, &peer).await;
        peer.does("consult", ECHO.into()).await;
        phone.hears(MUSIC).await;
        peer.hears(THEIRS).await;
        peer.does("complete", Value::Null).await;
        phone.hears(OURS).await;
        peer.shows_state("ready").await;
        phone.hangs_up().await;
    })
    .await;
}

async fn they_hand_us_over(stack: Stack) {
    story(async |stage| {
        let (phone, peer) = both(stage, stack, false).await;
        they_call(&phone, &peer).await;
        peer.does("transfer", TONE.0.into()).await;
        phone.hears(TONE.1).await;
        phone.hangs_up().await;
    })
    .await;
}

/// A module for each stack, with all stories.
macro_rules! told_with {
    ($stack:ident: $name:ident) => {
        mod $name {
            use super::Stack::$stack;

            #[tokio::test]
            async fn calls_go_both_ways_and_end_from_both_sides() {
                super::calls_go_both_ways_and_end_from_both_sides($stack).await;
            }

            #[tokio::test]
            async fn each_puts_the_other_on_hold() {
                super::each_puts_the_other_on_hold($stack).await;
            }

            #[tokio::test]
            async fn both_see_each_other() {
                super::both_see_each_other($stack).await;
            }

            #[tokio::test]
            async fn we_hand_them_over() {
                super::we_hand_them_over($stack).await;
            }

            #[tokio::test]
            async fn we_hand_them_over_after_asking() {
                super::we_hand_them_over_after_asking($stack).await;
            }

            #[tokio::test]
            async fn they_hand_us_over_after_asking() {
                super::they_hand_us_over_after_asking($stack).await;
            }

            #[tokio::test]
            async fn they_hand_us_over() {
                super::they_hand_us_over($stack).await;
            }
        }
    };
}

told_with!(SipJs: sipjs);
told_with!(JsSip: jssip);

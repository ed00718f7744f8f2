//! The page is loaded again, or closed, in a call through a real Asterisk: it gives the call back by INVITE with
//! Replaces (RFC 3891), and ends by its session timer (RFC 4028) what nobody wants back.

use crate::ASTERISK;
use crate::ami::Ami;
use crate::support::hearing::MUSIC;
use crate::support::phone::CALLS;
use crate::support::stage::story;
use crate::support::two::Two;

#[tokio::test]
async fn a_talk_goes_on_after_a_reload_of_either_side() {
    story(async |stage| {
        let two = Two::ready(stage, &ASTERISK).await;
        let Two { caller, callee } = &two;
        two.talk().await;
        for (one, other, own, theirs) in [(caller, callee, 700, 1300), (callee, caller, 1300, 700)] {
            one.reloads_while_heard(other, own).await;
            one.hears(theirs).await;
        }
        two.part().await;
    })
    .await;
}

#[tokio::test]
async fn who_waits_waits_on_and_who_is_muted_stays_so() {
    story(async |stage| {
        let two = Two::ready(stage, &ASTERISK).await;
        let Two { caller: agent, callee: first } = &two;
        two.talk().await;
        agent.press_in(CALLS, "Hold").await;
        first.hears(MUSIC).await;
        agent.calls("600").await;
        agent.hears(700).await;
        agent.press_in(CALLS, "Mute").await;
        agent.sees_pressed("Mute", true).await;

        agent.reload().await;
        agent.sees_in_order(CALLS, &["In call", "600", "On hold", &first.person.name]).await;
        agent.sees_pressed("Mute", true).await;
        first.hears(MUSIC).await;
        agent.press_in(CALLS, "Mute").await;
        agent.hears(700).await;
        agent.press_in(CALLS, "Resume").await;
        agent.hears(1300).await;
        first.hears(700).await;
        // Closing the browser would leave the call on hold behind for a while.
        Ami::connect().await.end_calls_of(&agent.person.login).await;
    })
    .await;
}

#[tokio::test]
async fn closing_the_page_for_good_ends_even_a_call_on_hold() {
    story(async |stage| {
        let two = Two::ready(stage, &ASTERISK).await;
        two.talk().await;
        // Of who holds a call nothing is heard anyway: its silence is no reason to end it.
        two.caller.press_in(CALLS, "Hold").await;
        two.callee.hears(MUSIC).await;
        two.caller.closes_its_page().await;
        // The page's last word makes the session one of 90 s, which ends 30 s before its time.
        two.callee.sees_within("The other side hung up.", 85).await;
    })
    .await;
}

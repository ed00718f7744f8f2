//! One call on hold, two calls at once: what each side hears of it.

use crate::ASTERISK;
use crate::cti::Cti;
use crate::support::browser::Setup;
use crate::support::hearing::MUSIC;
use crate::support::phone::CALLS;
use crate::support::stage::story;
use crate::support::three::Three;

#[tokio::test]
async fn who_is_on_hold_hears_the_music_of_asterisk() {
    story(async |stage| {
        let agent = stage.phone(&ASTERISK, 700).await;
        let caller = stage.phone(&ASTERISK, 1300).await;
        caller.calls(&agent.person.number).await;
        agent.press_in(CALLS, "Answer").await;
        agent.hears(1300).await;
        let mut of_agent = Cti::of(&agent.person).await;

        agent.press_in(CALLS, "Hold").await;
        agent.sees_in(CALLS, "On hold").await;
        of_agent.event("EventOnHold", &caller.person.number).await;
        caller.hears(MUSIC).await;

        agent.press_in(CALLS, "Resume").await;
        of_agent.event("EventEstablished", &caller.person.number).await;
        caller.hears(700).await;
        agent.hears(1300).await;

        // The other way round, of the call that this phone made.
        caller.press_in(CALLS, "Hold").await;
        agent.hears(MUSIC).await;
        caller.press_in(CALLS, "Resume").await;
        agent.hears(1300).await;
        caller.hangs_up().await;
    })
    .await;
}

#[tokio::test]
async fn a_second_call_knocks_and_the_person_changes_between_the_two() {
    story(async |stage| {
        let three = Three::talking(stage, &ASTERISK, Setup::default()).await;
        let Three { agent, caller, third } = &three;
        third.calls(&agent.person.number).await;
        agent.sees_in_order(CALLS, &["Incoming call", &third.person.name]).await;
        // Whoever talks goes on talking.
        three.talk().await;

        agent.press_in(CALLS, "Answer").await;
        agent.sees_in_order(CALLS, &["In call", &third.person.name, "On hold", &caller.person.name]).await;
        caller.hears(MUSIC).await;
        agent.hears(2300).await;
        third.hears(700).await;

        // There is no third place: who is on hold calls once more.
        caller.calls(&agent.person.number).await;
        caller.sees_in(CALLS, "The other side is busy.").await;
        caller.press_in(CALLS, "Resume").await;

        agent.press_in(CALLS, "Resume").await;
        agent.sees_in_order(CALLS, &["In call", &caller.person.name, "On hold", &third.person.name]).await;
        third.hears(MUSIC).await;
        agent.hears(1300).await;
        agent.press_in(CALLS, "Hang up").await;
        agent.sees_in(CALLS, "On hold").await;
        agent.press_in(CALLS, "Resume").await;
        third.hears(700).await;
        third.hangs_up().await;
    })
    .await;
}

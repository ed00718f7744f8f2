//! One person at the phone with two others: handing a call over, talking to both at once.

use crate::LAB;
use crate::support::phone::{CALLS, Phone, READY};
use crate::support::stage::{Stage, story};

/// An agent (700 Hz) who talks to somebody that called (1300 Hz), and a third person (2100 Hz).
async fn agent_caller_and_third(stage: &Stage) -> [Phone; 3] {
    let agent = stage.phone(&LAB, 700).await;
    let caller = stage.phone(&LAB, 1300).await;
    let third = stage.phone(&LAB, 2100).await;
    caller.calls(&agent.person.number).await;
    agent.press_in(CALLS, "Answer").await;
    agent.hears(1300).await;
    [agent, caller, third]
}

/// The agent asks the third person before the caller is handed over.
async fn consults(agent: &Phone, third: &Phone) {
    agent.press_in(CALLS, "Transfer").await;
    agent.fill_in(CALLS, "Transfer to", &third.person.number).await;
    agent.press_in(CALLS, "Consult first").await;
    third.press_in(CALLS, "Answer").await;
    agent.hears(2100).await;
    third.hears(700).await;
}

#[tokio::test]
async fn a_call_is_handed_over_without_asking() {
    story(async |stage| {
        let [agent, caller, third] = agent_caller_and_third(stage).await;
        agent.press_in(CALLS, "Transfer").await;
        agent.press_in(CALLS, "Transfer now").await;
        agent.sees_in(CALLS, "Type a number first.").await;
        agent.fill_in(CALLS, "Transfer to", &third.person.number).await;
        agent.press_in(CALLS, "Transfer now").await;
        third.press_in(CALLS, "Answer").await;
        third.hears(1300).await;
        caller.hears(2100).await;
        agent.sees(READY).await;
        third.hangs_up().await;
    })
    .await;
}

#[tokio::test]
async fn a_call_is_handed_over_after_asking() {
    story(async |stage| {
        let [agent, caller, third] = agent_caller_and_third(stage).await;
        consults(&agent, &third).await;
        agent.press_in(CALLS, "Complete transfer").await;
        third.hears(1300).await;
        caller.hears(2100).await;
        agent.sees(READY).await;
        caller.hangs_up().await;
    })
    .await;
}

#[tokio::test]
async fn who_does_not_want_the_call_leaves_it_with_the_agent() {
    story(async |stage| {
        let [agent, caller, third] = agent_caller_and_third(stage).await;
        consults(&agent, &third).await;
        agent.press_in(CALLS, "Cancel transfer").await;
        third.sees_in(CALLS, "The other side hung up.").await;
        // The agent has the caller back at once.
        caller.hears(700).await;
        agent.hears(1300).await;
        agent.hangs_up().await;
    })
    .await;
}

#[tokio::test]
async fn three_people_talk_to_each_other() {
    story(async |stage| {
        let [agent, caller, third] = agent_caller_and_third(stage).await;
        agent.calls(&third.person.number).await;
        third.press_in(CALLS, "Answer").await;
        agent.hears(2100).await;
        agent.press_in(CALLS, "Join all three").await;
        agent.sees_in(CALLS, "In conference").await;

        // Without the agent's own voice each of the others is left with the other's.
        agent.press_in(CALLS, "Mute").await;
        caller.hears(2100).await;
        third.hears(1300).await;
        agent.press_in(CALLS, "Mute").await;

        // Without the third one the caller is left with the agent, and the agent with the caller.
        third.press_in(CALLS, "Mute").await;
        caller.hears(700).await;
        agent.hears(1300).await;
        third.press_in(CALLS, "Mute").await;

        // When one leaves, the other two talk on.
        third.hangs_up().await;
        caller.hears(700).await;
        agent.hears(1300).await;
        agent.press_in(CALLS, "Hang up").await;
        caller.sees_in(CALLS, "The other side hung up.").await;
    })
    .await;
}

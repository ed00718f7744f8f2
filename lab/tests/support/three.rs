//! One person at the phone with two others, as stories of several suites tell it: handing a call over, talking to both.

use super::browser::{Kind, Setup};
use super::hearing::MUSIC;
use super::people::People;
use super::phone::{CALLS, Phone, READY};
use super::stage::Stage;

/// The tone (Hz) at each one's microphone. None is a harmonic of another, a sum or a difference of the others.
const TONES: [u32; 3] = [700, 1300, 2300];

/// An agent, somebody who called, and a third person.
pub struct Three {
    /// Who has the calls.
    pub agent: Phone,
    /// Who called the agent.
    pub caller: Phone,
    /// Who is asked, or gets the call.
    pub third: Phone,
}

impl Three {
    /// The agent talks to the caller; the third person is ready. `setup` is for the agent's browser.
    pub async fn talking(stage: &Stage, people: &'static People, setup: Setup) -> Self {
        let [of_agent, of_caller, of_third] = TONES;
        let others = |tone| Setup { kind: Kind::Chromium, tone, ..setup.clone() };
        let three = Self {
            agent: stage.phone_with(people, Setup { tone: of_agent, ..setup.clone() }).await,
            caller: stage.phone_with(people, others(of_caller)).await,
            third: stage.phone_with(people, others(of_third)).await,
        };
        let Self { agent, caller, .. } = &three;
        caller.calls(&agent.person.number).await;
        agent.press_in(CALLS, "Answer").await;
        agent.hears(of_caller).await;
        three
    }

    /// The call is handed over without asking the third person.
    pub async fn transfer_now(&self) {
        let Self { agent, third, .. } = self;
        agent.press_in(CALLS, "Transfer").await;
        agent.fill_in(CALLS, "Transfer to", &third.person.number).await;
        agent.press_in(CALLS, "Transfer now").await;
        third.press_in(CALLS, "Answer").await;
        self.are_joined().await;
    }

    /// The agent asks the third person before the caller is handed over.
    pub async fn consult(&self) {
        let Self { agent, third, .. } = self;
        let [of_agent, _, of_third] = TONES;
        agent.press_in(CALLS, "Transfer").await;
        agent.fill_in(CALLS, "Transfer to", &third.person.number).await;
        agent.press_in(CALLS, "Consult first").await;
        third.press_in(CALLS, "Answer").await;
        agent.hears(of_third).await;
        third.hears(of_agent).await;
    }

    /// The third person takes the call.
    pub async fn complete_transfer(&self) {
        self.agent.press_in(CALLS, "Complete transfer").await;
        self.are_joined().await;
    }

    /// The third person does not want the call: the agent has the caller back at once.
    pub async fn cancel_transfer(&self) {
        self.agent.press_in(CALLS, "Cancel transfer").await;
        self.third.sees_in(CALLS, "The other side hung up.").await;
        self.talk().await;
    }

    /// The agent calls the third person too and joins all three. Each hears both others, and not itself.
    pub async fn confer(&self) {
        let Self { agent, third, .. } = self;
        let [_, _, of_third] = TONES;
        agent.calls(&third.person.number).await;
        third.press_in(CALLS, "Answer").await;
        agent.hears(of_third).await;
        agent.press_in(CALLS, "Join all three").await;
        agent.sees_in(CALLS, "In conference").await;
        self.all_talk().await;
    }

    /// Muted, the agent leaves the others the words.
    pub async fn mute_in_conference(&self) {
        let Self { agent, caller, third } = self;
        let [of_agent, of_caller, of_third] = TONES;
        agent.press_in(CALLS, "Mute").await;
        agent.sees_pressed("Mute", true).await;
        caller.hears(of_third).await;
        third.hears(of_caller).await;
        agent.hears_others([of_caller, of_third], of_agent).await;
        agent.press_in(CALLS, "Mute").await;
        self.all_talk().await;
    }

    /// The agent puts both on hold at once, and takes both back.
    pub async fn hold_all(&self) {
        let Self { agent, caller, third } = self;
        agent.press_in(CALLS, "Hold all").await;
        caller.hears(MUSIC).await;
        third.hears(MUSIC).await;
        agent.press_in(CALLS, "Resume all").await;
        self.all_talk().await;
    }

    /// One of three leaves: the other two talk on.
    pub async fn third_leaves(&self) {
        self.third.hangs_up().await;
        self.talk().await;
        self.agent.sees_no_more("In conference").await;
    }

    /// The agent ends both calls.
    pub async fn agent_leaves(&self) {
        let Self { agent, caller, third } = self;
        agent.press_in(CALLS, "Hang up").await;
        agent.sees_no_more("In conference").await;
        agent.press_in(CALLS, "Hang up").await;
        for other in [caller, third] {
            other.sees_in(CALLS, "The other side hung up.").await;
        }
    }

    /// Each of the three hears both others, and not itself.
    async fn all_talk(&self) {
        let [of_agent, of_caller, of_third] = TONES;
        self.agent.hears_others([of_caller, of_third], of_agent).await;
        self.caller.hears_others([of_agent, of_third], of_caller).await;
        self.third.hears_others([of_agent, of_caller], of_third).await;
    }

    /// Agent and caller hear each other.
    pub async fn talk(&self) {
        let [of_agent, of_caller, _] = TONES;
        self.caller.hears(of_agent).await;
        self.agent.hears(of_caller).await;
    }

    /// Caller and third person hear each other, and the agent is out of it.
    async fn are_joined(&self) {
        let Self { agent, caller, third } = self;
        let [_, of_caller, of_third] = TONES;
        third.hears(of_caller).await;
        caller.hears(of_third).await;
        // Each sees who is there now.
        for (one, other) in [(third, caller), (caller, third)] {
            one.sees_in(CALLS, &other.person.name).await;
            one.sees_in(CALLS, &other.person.number).await;
        }
        agent.sees(READY).await;
    }
}

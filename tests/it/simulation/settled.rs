//! What has to be so in the end: both sides agree, can still talk about changes, and leave nothing behind.

use std::collections::BTreeMap;
use std::time::Duration;

use super::agent::{Act, Agent, Call, Stage};
use super::watch::Broken;
use super::world::World;
use crate::support::secs;

/// 64·T1 for the last request, the same for what it leads to, and a while.
const AFTER_THE_END: Duration = Duration::from_secs(120);

/// A call that both sides have: its Call-ID, who made it, who took it.
pub struct Pair {
    pub call_id: String,
    pub caller: usize,
    pub callee: usize,
}

impl World<Agent> {
    /// Lets the network be well, the phones be started and the people be obliging, then waits until both ends agree.
    ///
    /// What was lost with a websocket comes out by the session timer at the latest. Returns how long it took.
    pub fn settle(&mut self) -> Result<Duration, Broken> {
        self.ladder.note(None, self.now, "======== the commands are over, the network is well ========");
        self.network.heal();
        for who in 0..self.parties.len() {
            self.parties[who].obliging = true;
            self.does(who, |agent, now| agent.act(Act::Start, now))?;
            self.does(who, |agent, now| agent.act(Act::Register, now))?;
        }
        let began = self.now;
        // The session may just have been refreshed; a websocket may be dark, and a BYE wait for another; timer C.
        let bound = self.proxy.longest_session() + secs(600);
        loop {
            self.pass(secs(20))?;
            // Some have stopped while this began.
            for who in 0..self.parties.len() {
                self.does(who, |agent, now| agent.act(Act::Start, now))?;
            }
            let disagreement = match self.agreement() {
                Ok(_) => return Ok(self.now.saturating_since(began)),
                Err(disagreement) => disagreement,
            };
            if self.now.saturating_since(began) > bound {
                return Err(format!("no agreement after {bound:?}: {disagreement}"));
            }
        }
    }

    /// The calls that two sides have, or why there is no agreement yet.
    pub fn agreement(&self) -> Result<Vec<Pair>, String> {
        let mut sides: BTreeMap<&str, Vec<(usize, &Call)>> = BTreeMap::new();
        for (who, agent) in self.parties.iter().enumerate() {
            for call in agent.calls.iter().filter(|call| call.stage != Stage::Over) {
                sides.entry(&call.call_id).or_default().push((who, call));
            }
            let is_well = self.network.reaches(who) && agent.is_open() && agent.ua.is_registered();
            if !is_well || !agent.is_done() {
                return Err(format!("{who} is not at rest"));
            }
        }
        let mut pairs = Vec::new();
        for (call_id, sides) in sides {
            let talking = sides.iter().all(|(_, call)| call.stage == Stage::Talking && call.asked.is_none());
            let caller = sides.iter().find(|(_, call)| call.is_ours);
            let callee = sides.iter().find(|(_, call)| !call.is_ours);
            match (sides.len(), talking, caller, callee) {
                (2, true, Some((caller, _)), Some((callee, _))) => {
                    pairs.push(Pair { call_id: call_id.to_owned(), caller: *caller, callee: *callee });
                }
                _ => return Err(format!("{call_id} is seen in {} ways: {sides:?}", sides.len())),
            }
        }
        Ok(pairs)
    }

    /// Both ends of each call mean the same dialog and are not stuck: what each offers arrives there and is answered.
    pub fn probe(&mut self) -> Result<(), Broken> {
        let pairs = self.agreement()?;
        if self.network.cuts == 0 {
            for pair in &pairs {
                self.same_terms(pair, "after a run without a cut")?;
            }
        }
        for pair in pairs {
            for ours in [true, false] {
                let who = if ours { pair.caller } else { pair.callee };
                self.reoffer(&pair, who, ours)?;
            }
        }
        Ok(())
    }

    fn reoffer(&mut self, pair: &Pair, who: usize, is_ours: bool) -> Result<(), Broken> {
        // A refresh of the session, or what a glare has put off, may be under way.
        for _ in 0..8 {
            let before = self.parties[pair.caller].described() + self.parties[pair.callee].described();
            self.does(who, |agent, now| {
                if let Some(session) = agent.session(&pair.call_id, is_ours) {
                    agent.reoffer(session, false, now);
                }
            })?;
            self.pass(secs(5))?;
            let after = self.parties[pair.caller].described() + self.parties[pair.callee].described();
            if after >= before + 2 && self.same_terms(pair, "after another offer").is_ok() {
                return Ok(());
            }
        }
        // An ACK that was lost with a websocket before ends a call a while later: for both, and in order.
        let goes_on = self.parties[pair.caller].is_live(&pair.call_id, true)
            || self.parties[pair.callee].is_live(&pair.call_id, false);
        if self.network.cuts > 0 && !goes_on {
            return Ok(());
        }
        self.same_terms(pair, "after eight further offers")?;
        Err(format!("{}: nobody answers what {who} offers", pair.call_id))
    }

    /// What each believes to be agreed on is what the other does.
    fn same_terms(&self, pair: &Pair, when: &str) -> Result<(), Broken> {
        let terms = |who: usize, is_ours: bool| {
            let agent: &Agent = &self.parties[who];
            let call = agent.session(&pair.call_id, is_ours).and_then(|id| agent.call_of(id));
            call.and_then(|call| call.agreed.clone())
        };
        let caller = terms(pair.caller, true);
        let callee = terms(pair.callee, false).map(|(ours, theirs)| (theirs, ours));
        if caller.is_some() && caller == callee {
            return Ok(());
        }
        Err(format!("{} {when}: one believes {caller:?}, the other {callee:?}", pair.call_id))
    }

    /// While calls go on, nothing else does.
    pub fn nothing_loose(&mut self) -> Result<(), Broken> {
        let mut left = Vec::new();
        // A refresh or a keep-alive may be under way at any one moment.
        for _ in 0..20 {
            self.pass(secs(7))?;
            left = self.parties.iter().map(loose_ends).collect::<Vec<_>>();
            if left.iter().all(Vec::is_empty) {
                return Ok(());
            }
        }
        Err(format!("left behind while calls go on: {left:?}"))
    }

    /// All hang up and un-register: nothing is left, anywhere.
    pub fn leave(&mut self) -> Result<(), Broken> {
        self.ladder.note(None, self.now, "======== everybody hangs up ========");
        for who in 0..self.parties.len() {
            for id in self.parties[who].live() {
                self.does(who, |agent, now| agent.hang_up(id, now))?;
            }
            self.does(who, |agent, now| agent.act(Act::Unregister, now))?;
        }
        self.pass(AFTER_THE_END)?;
        for agent in &self.parties {
            if !agent.ua.is_idle() {
                return Err(format!("left behind at the end: {:?}", agent.ua));
            }
            if !agent.written.is_empty() {
                return Err(format!("never told what became of {:?}", agent.written));
            }
            if agent.waits() {
                return Err(format!("it wants to be woken although nothing is under way: {:?}", agent.ua));
            }
            if let Some(call) = agent.calls.iter().find(|call| call.stage != Stage::Over) {
                return Err(format!("its end was never told: {call:?}"));
            }
        }
        if self.proxy.relays() > 0 || !self.network.is_still() {
            return Err(format!("{} transactions are left in the proxy", self.proxy.relays()));
        }
        Ok(())
    }
}

/// The transactions and dialogs beside the calls of a user agent, as its `Debug` shows them.
fn loose_ends(agent: &Agent) -> Vec<&'static str> {
    let text = format!("{:?}", agent.ua);
    let tables = [
        ("requests sent", "sent: []"),
        ("requests received", "received: []"),
        ("dialogs being ended", "live: []"),
    ];
    tables.into_iter().filter(|(_, empty)| !text.contains(empty)).map(|(what, _)| what).collect()
}

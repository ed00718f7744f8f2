//! What happens in a run: commands of all sides at any time, some at the same moment, and a network that has bad days.

use std::time::Duration;

use super::agent::{Act, Agent};
use super::chance::Chance;
use super::network::Cut;
use super::watch::Broken;
use super::world::{Party, World};

/// One thing that happens.
#[derive(Clone, Debug)]
pub enum Step<A> {
    /// Somebody does something.
    Act(usize, A),
    /// Both sides do, at the same moment.
    Both(A, A),
    Cut(usize, Cut),
    Outage,
    Heal,
    SlowDown,
}

/// The people: alice, bob, and bob's other phone.
const PEOPLE: [&str; 4] = ["alice", "bob", "bob", "nobody"];

fn dial(chance: &mut Chance, who: usize) -> Act {
    let to = match who {
        0 => chance.pick(&["bob", "bob", "bob", "bob", "bob", "nobody", "alice"]),
        _ => chance.pick(&["alice", "alice", "alice", "alice", "bob"]),
    };
    Act::Dial { to, offers: !chance.one_in(4), reliable: chance.one_in(3) }
}

fn act(chance: &mut Chance, who: usize) -> Act {
    match chance.below(40) {
        0..=9 => dial(chance, who),
        10..=13 => Act::Accept,
        14 => Act::Refuse(chance.pick(&[302, 404, 480, 486, 488, 600, 603])),
        15..=16 => Act::Progress(chance.pick(&[180, 181, 183])),
        17..=20 => Act::HangUp,
        21..=24 => Act::Reinvite,
        25..=28 => Act::Update,
        29..=30 => Act::Info,
        31 => Act::Refer,
        32 => Act::ReferToOther,
        33..=34 => Act::Register,
        35 => Act::Unregister,
        36 => Act::Probe,
        37 => Act::Write,
        38 => Act::Stop,
        _ => Act::Start,
    }
}

/// What comes when.
pub fn drawn(chance: &mut Chance, parties: usize) -> Vec<(Duration, Step<Act>)> {
    let calm = chance.one_in(3);
    let mut at = Duration::from_secs(2);
    let mut steps = Vec::new();
    for _ in 0..5 + chance.below(45) {
        at += if chance.one_in(4) { chance.millis(0, 60) } else { chance.millis(0, 9000) };
        let who = chance.below(parties);
        let step = match chance.below(30) {
            0..=1 if !calm => Step::Cut(who, Cut::Clean),
            2 if !calm => Step::Cut(who, Cut::Dark),
            3 if !calm => chance.pick(&[Step::Outage, Step::Heal, Step::SlowDown, Step::SlowDown]),
            4..=6 => {
                let change = |chance: &mut Chance| chance.pick(&[Act::Reinvite, Act::Update]);
                let (one, other) = (change(chance), change(chance));
                Step::Both(one, other)
            }
            7 => Step::Both(Act::HangUp, chance.pick(&[Act::HangUp, Act::Accept, Act::Reinvite])),
            8 => Step::Both(chance.pick(&[Act::HangUp, Act::Update]), Act::Accept),
            9 => Step::Both(dial(chance, 0), dial(chance, 1)),
            _ => Step::Act(who, act(chance, who)),
        };
        steps.push((at, step));
    }
    steps
}

impl World<Agent> {
    /// Does one of these.
    pub fn step(&mut self, step: Step<Act>) -> Result<(), Broken> {
        match step {
            Step::Act(who, act) => self.does(who, |agent, now| agent.act(act, now))?,
            Step::Both(one, other) => {
                self.does(0, |agent, now| agent.act(one, now))?;
                for who in 1..self.parties.len() {
                    self.does(who, |agent, now| agent.act(other, now))?;
                }
            }
            of_network => self.weather(&of_network),
        }
        Ok(())
    }
}

impl<P: Party> World<P> {
    /// What the network does.
    pub fn weather<A>(&mut self, step: &Step<A>) {
        match step {
            Step::Act(..) | Step::Both(..) => {}
            Step::Cut(who, how) => self.cut(*who, *how),
            Step::Outage => {
                self.network.outage = true;
                self.ladder.note(None, self.now, "no websocket can be opened from now on");
            }
            Step::Heal => {
                self.network.heal();
                self.ladder.note(None, self.now, "the network is well again");
            }
            Step::SlowDown => {
                self.network.slow_down();
                self.ladder.note(None, self.now, "the network has changed its pace");
            }
        }
    }
}

/// The people of a run: bob sometimes has two phones.
pub fn people(chance: &mut Chance, now: xc_webrtc::time::Instant) -> Vec<Agent> {
    let names = ["alice", "bob", "bob-2"];
    let count = if chance.one_in(2) { 2 } else { 3 };
    (0..count).map(|at| Agent::new(names[at], PEOPLE[at], chance.part(), now)).collect()
}

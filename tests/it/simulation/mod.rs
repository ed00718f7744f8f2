//! People with our phone and a proxy between them, on a virtual clock: thousands of runs of random commands on all
//! sides over websockets that delay, are cut and come back. In the end both sides agree and nothing is left behind.
//! Played twice: with user agents alone, who ask each other anything that SIP has, and with whole phones.
//!
//! `cargo test --test it simulation` plays a fixed range of seeds; `XC_SIMULATION_RUNS=20000` more of them. A seed that
//! breaks a rule prints the ladder of its messages; `XC_SIMULATION_SEED=4711` plays that one alone, the same each time.

mod agent;
mod chance;
mod ladder;
mod network;
mod phone;
mod proxy;
mod script;
mod settled;
mod watch;
mod world;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use xc_webrtc::time::Instant;

use self::chance::Chance;
use self::watch::Broken;
use self::world::{Party, World};
use crate::support::secs;

/// The runs of every test run.
const RUNS: u64 = 100;

/// What a run was like.
#[derive(Default)]
struct Report {
    messages: usize,
    calls: usize,
    cuts: usize,
    still_up: usize,
    settled_after: Duration,
}

/// What became of a run: a rule that was broken is told twice, as it is, and with the Call-IDs as the diagram has them.
type Outcome = Result<Report, (Broken, String)>;

/// Plays one story in a world, with its diagram where that is wanted.
fn play<P: Party>(
    mut world: World<P>,
    story: impl FnOnce(&mut World<P>) -> Result<Report, Broken>,
) -> (Outcome, String) {
    let outcome = catch_unwind(AssertUnwindSafe(|| story(&mut world)));
    let outcome = outcome.unwrap_or_else(|_| Err("the user agent or the test panicked".into()));
    let outcome = outcome.map_err(|broken| {
        let named = world.ladder.with_short_names(&broken);
        (broken, named)
    });
    (outcome, world.ladder.drawn())
}

/// Two user agents.
fn play_agents(seed: u64, draw: bool) -> (Outcome, String) {
    let mut chance = Chance::new(seed);
    let people = script::people(&mut chance, Instant::from_origin(secs(1000)));
    let steps = script::drawn(&mut chance, people.len());
    play(World::new(people, &mut chance, draw), |world| {
        let began = world.begin()?;
        for (at, step) in steps {
            world.pass((began + at).saturating_since(world.now))?;
            world.step(step)?;
        }
        let settled_after = world.settle()?;
        let still_up = world.agreement()?.len();
        world.probe()?;
        world.nothing_loose()?;
        world.leave()?;
        let calls = world.parties.iter().map(|agent| agent.calls.len()).sum();
        Ok(Report { messages: world.messages, calls, cuts: world.network.cuts, still_up, settled_after })
    })
}

/// Two or three whole phones.
fn play_phones(seed: u64, draw: bool) -> (Outcome, String) {
    let mut chance = Chance::new(seed);
    let people = phone::people(&mut chance, Instant::from_origin(secs(1000)));
    let steps = phone::drawn(&mut chance, people.len());
    play(World::new(people, &mut chance, draw), |world| {
        let began = world.begin()?;
        for (at, step) in steps {
            world.pass((began + at).saturating_since(world.now))?;
            world.step(step)?;
        }
        let settled_after = world.settle()?;
        let still_up = world.still_up()?;
        world.probe()?;
        world.leave()?;
        let calls = world.parties.iter().map(phone::Phone::ends).sum();
        Ok(Report { messages: world.messages, calls, cuts: world.network.cuts, still_up, settled_after })
    })
}

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

#[test]
fn two_user_agents_agree_in_the_end_whatever_happens() {
    play_all("user agents", play_agents);
}

#[test]
fn two_phones_agree_in_the_end_whatever_happens() {
    play_all("phones", play_phones);
}

fn play_all(who: &str, play: fn(u64, bool) -> (Outcome, String)) {
    let seeds = match (number("XC_SIMULATION_SEED"), number("XC_SIMULATION_RUNS")) {
        (Some(seed), _) => seed..seed + 1,
        (None, runs) => 0..runs.unwrap_or(RUNS),
    };
    let mut all = Report::default();
    let mut failed = Vec::new();
    let count = seeds.end - seeds.start;
    for seed in seeds {
        match play(seed, false).0 {
            Ok(report) => {
                all.messages += report.messages;
                all.calls += report.calls;
                all.cuts += report.cuts;
                all.still_up += report.still_up;
                all.settled_after = all.settled_after.max(report.settled_after);
            }
            Err((broken, _)) => failed.push((seed, broken)),
        }
    }
    println!(
        "{count} runs of {who}: {} messages, {} ends of calls, {} cuts, {} calls still up after the commands, settled after {:?} at most",
        all.messages, all.calls, all.cuts, all.still_up, all.settled_after
    );
    if let Some((seed, broken)) = failed.first() {
        let (again, ladder) = play(*seed, true);
        println!("{ladder}\n{}\n", again.as_ref().err().map_or("", |(_, named)| named));
        for (seed, broken) in &failed {
            println!("XC_SIMULATION_SEED={seed}: {broken}");
        }
        assert_eq!(
            again.err().map(|(broken, _)| broken).as_ref(),
            Some(broken),
            "seed {seed} does not repeat exactly"
        );
        panic!(
            "{} of {count} runs broke a rule; the first: XC_SIMULATION_SEED={seed}: {broken}",
            failed.len()
        );
    }
}

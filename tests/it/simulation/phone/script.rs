//! What the people of a run do, and when.

use std::time::Duration;

use xc_webrtc::time::Instant;

use super::{Act, Phone};
use crate::simulation::chance::Chance;
use crate::simulation::network::Cut;
use crate::simulation::script::Step;
use crate::simulation::watch::Broken;
use crate::simulation::world::World;
use crate::support::secs;

const NUMBERS: [&str; 3] = ["1001", "1002", "1003"];

/// The people of a run: two or three, the third sometimes with another phone of the second's.
pub fn people(chance: &mut Chance, now: Instant) -> Vec<Phone> {
    let count = if chance.one_in(3) { 2 } else { 3 };
    let third = if chance.one_in(4) { NUMBERS[1] } else { NUMBERS[2] };
    let numbers = [NUMBERS[0], NUMBERS[1], third];
    numbers[..count].iter().map(|number| Phone::new(number, chance.part(), now)).collect()
}

fn somebody(chance: &mut Chance, who: usize) -> &'static str {
    match chance.below(12) {
        0 => "sip:nobody@example.org",
        1 => NUMBERS[who],
        _ => NUMBERS[(who + 1 + chance.below(2)) % 3],
    }
}

fn act(chance: &mut Chance, who: usize) -> Act {
    match chance.below(48) {
        0..=10 => Act::Dial(somebody(chance, who)),
        11 => Act::DialVideo(somebody(chance, who)),
        12..=16 => Act::Answer,
        17 => Act::Reject,
        18..=21 => Act::HangUp,
        22..=26 => Act::ToggleHold,
        27..=29 => Act::Hold(chance.one_in(2)),
        30..=32 => Act::Conference,
        33..=34 => Act::Attended(somebody(chance, who)),
        35..=36 => Act::Complete,
        37 => Act::CancelTransfer,
        38 => Act::Direct(somebody(chance, who)),
        39 => Act::Tones,
        40 => Act::Mute,
        41..=42 => Act::Camera(chance.one_in(2)),
        43 => Act::Video(chance.one_in(2)),
        44 => Act::Awake,
        45 => Act::Stop,
        _ => Act::Start,
    }
}

/// What comes when.
pub fn drawn(chance: &mut Chance, parties: usize) -> Vec<(Duration, Step<Act>)> {
    let calm = chance.one_in(3);
    let mut at = secs(2);
    let mut steps = Vec::new();
    for _ in 0..8 + chance.below(50) {
        at += if chance.one_in(4) { chance.millis(0, 60) } else { chance.millis(0, 7000) };
        let who = chance.below(parties);
        let step = match chance.below(30) {
            0..=1 if !calm => Step::Cut(who, Cut::Clean),
            2 if !calm => Step::Cut(who, Cut::Dark),
            3 if !calm => chance.pick(&[Step::Outage, Step::Heal, Step::SlowDown, Step::SlowDown]),
            4..=5 => Step::Both(Act::ToggleHold, Act::ToggleHold),
            6 => Step::Both(Act::HangUp, chance.pick(&[Act::HangUp, Act::Answer, Act::ToggleHold])),
            7 => Step::Both(chance.pick(&[Act::HangUp, Act::Camera(true)]), Act::Answer),
            8 => Step::Both(Act::Dial(NUMBERS[1]), Act::Dial(NUMBERS[0])),
            _ => Step::Act(who, act(chance, who)),
        };
        // Who starts a phone that runs ends its calls: not all the time.
        let ends_all = matches!(step, Step::Act(_, Act::Start | Act::Stop));
        if !ends_all || chance.one_in(3) {
            steps.push((at, step));
        }
    }
    steps
}

impl World<Phone> {
    /// Does one of these.
    pub fn step(&mut self, step: Step<Act>) -> Result<(), Broken> {
        match step {
            Step::Act(who, act) => self.does(who, |phone, now| phone.act(act, now))?,
            Step::Both(one, other) => {
                self.does(0, |phone, now| phone.act(one, now))?;
                for who in 1..self.parties.len() {
                    self.does(who, |phone, now| phone.act(other, now))?;
                }
            }
            of_network => self.weather(&of_network),
        }
        Ok(())
    }
}

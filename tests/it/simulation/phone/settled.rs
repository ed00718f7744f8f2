//! What has to be so in the end: both ends agree on who holds whom, go on agreeing, and leave nothing behind.

use std::collections::BTreeMap;
use std::time::Duration;

use xc_webrtc::phone::api::Command;
use xc_webrtc::phone::call::{Call, CallKey, Direction, Hold};
use xc_webrtc::phone::effect::Ring;

use super::{Phone, Told};
use crate::simulation::watch::Broken;
use crate::simulation::world::World;
use crate::support::secs;

/// 64·T1 for the last request, the same for what it leads to, and a while.
const AFTER_THE_END: Duration = Duration::from_secs(120);

/// A call that two phones have.
struct Pair {
    caller: (usize, CallKey),
    callee: (usize, CallKey),
}

impl World<Phone> {
    /// Lets the network be well and the phones be started, then waits until both ends agree. Returns how long it took.
    pub fn settle(&mut self) -> Result<Duration, Broken> {
        self.ladder.note(None, self.now, "======== the commands are over, the network is well ========");
        self.network.heal();
        for who in 0..self.parties.len() {
            self.parties[who].obliging = true;
        }
        let began = self.now;
        let bound = self.proxy.longest_session() + secs(600);
        loop {
            self.pass(secs(20))?;
            for who in 0..self.parties.len() {
                self.does(who, |phone, now| {
                    if phone.is_stopped() {
                        phone.start(now)
                    }
                })?;
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

    /// How many calls both ends have, and agree on.
    pub fn still_up(&self) -> Result<usize, Broken> {
        self.agreement().map(|pairs| pairs.len())
    }

    /// The calls that two phones have, or why there is no agreement yet.
    fn agreement(&self) -> Result<Vec<Pair>, String> {
        let mut sides: BTreeMap<String, Vec<(usize, Call)>> = BTreeMap::new();
        for (who, phone) in self.parties.iter().enumerate() {
            if !self.network.reaches(who) || !phone.is_registered() || !phone.todo.is_empty() {
                return Err(format!("{} is not at rest", phone.number));
            }
            for call in phone.live() {
                sides.entry(call.sip_call_id.clone()).or_default().push((who, call));
            }
        }
        let mut pairs = Vec::new();
        for (call_id, sides) in sides {
            let of = |direction| sides.iter().position(|(_, call)| call.direction == direction);
            // One that was called, and has taken its own place since, is no caller for that.
            let (Some(callee), 2) = (of(Direction::Incoming), sides.len()) else {
                return Err(format!("{call_id} is seen in {} ways: {sides:?}", sides.len()));
            };
            let (caller, callee) = (&sides[1 - callee], &sides[callee]);
            self.agree(caller, callee).map_err(|problem| format!("{call_id}: {problem}: {sides:?}"))?;
            pairs.push(Pair { caller: (caller.0, caller.1.key), callee: (callee.0, callee.1.key) });
        }
        Ok(pairs)
    }

    fn agree(&self, caller: &(usize, Call), callee: &(usize, Call)) -> Result<(), &'static str> {
        let media = |(who, call): &(usize, Call)| self.parties[*who].media.get(&call.key);
        let (Some(callers), Some(callees)) = (media(caller), media(callee)) else { return Err("no media") };
        for (side, media, other) in [(caller, callers, callee), (callee, callees, caller)] {
            if !side.1.state.is_connected() || !media.is_stable() {
                return Err("not at rest");
            }
            match side.1.hold {
                Hold::Holding | Hold::Resuming => return Err("a hold is under way"),
                Hold::Held if media.talks() => return Err("on hold, and yet talking"),
                Hold::Active if !media.talks() => return Err("active, and yet silent"),
                Hold::Held | Hold::Active => {}
            }
            if (side.1.hold == Hold::Held) != other.1.held_by_peer {
                return Err("one believes to hold the other, who does not");
            }
        }
        let terms = callers.agreed.as_ref().map(|(ours, theirs, _)| (ours, theirs));
        if terms != callees.agreed.as_ref().map(|(ours, theirs, _)| (theirs, ours)) {
            return Err("each has agreed on something else");
        }
        Ok(())
    }

    /// Both ends of each call mean the same dialog and are not stuck: each can hold the other and go on.
    pub fn probe(&mut self) -> Result<(), Broken> {
        // Who talks to themselves meets their own offers for ever, and is told so.
        let others = self.agreement()?.into_iter().filter(|pair| pair.caller.0 != pair.callee.0);
        for pair in others.collect::<Vec<_>>() {
            for (who, key) in [pair.caller, pair.callee] {
                for on in [true, false] {
                    self.does(who, |phone, now| phone.command(Command::SetHold { call: key, on }, now))?;
                    self.comes_to_rest(who, key, on)?;
                }
            }
        }
        Ok(())
    }

    fn comes_to_rest(&mut self, who: usize, key: CallKey, on: bool) -> Result<(), Broken> {
        let mut problem = String::new();
        // A refresh of the session, or what a glare has put off, may be under way.
        for _ in 0..12 {
            self.pass(secs(5))?;
            let wanted = if on { Hold::Held } else { Hold::Active };
            let call = self.parties[who].live().into_iter().find(|call| call.key == key);
            match self.agreement() {
                Ok(_) if call.as_ref().is_none_or(|call| call.hold == wanted) => return Ok(()),
                Ok(_) => problem = format!("{call:?}"),
                Err(disagreement) => problem = disagreement,
            }
        }
        Err(format!("{key:?} of {who} was to be held: {on}; a minute later: {problem}"))
    }

    /// All hang up and stop: nothing is left, anywhere.
    pub fn leave(&mut self) -> Result<(), Broken> {
        self.ladder.note(None, self.now, "======== everybody hangs up ========");
        for who in 0..self.parties.len() {
            for call in self.parties[who].live() {
                self.does(who, |phone, now| phone.hang_up(call.key, now))?;
            }
        }
        self.pass(AFTER_THE_END)?;
        self.comes_to_be_idle()?;
        for who in 0..self.parties.len() {
            self.does(who, |phone, now| phone.command(Command::Stop, now))?;
        }
        self.pass(secs(40))?;
        for phone in &self.parties {
            phone.left_nothing().map_err(|problem| format!("{}: {problem}", phone.number))?;
        }
        if self.proxy.relays() > 0 || !self.network.is_still() {
            return Err(format!("{} transactions are left in the proxy", self.proxy.relays()));
        }
        Ok(())
    }

    /// A refresh or a keep-alive may be under way at any one moment.
    fn comes_to_be_idle(&mut self) -> Result<(), Broken> {
        for _ in 0..20 {
            if self.parties.iter_mut().all(|phone| phone.core.is_idle()) {
                return Ok(());
            }
            self.pass(secs(7))?;
        }
        Err("a transaction or a dialog is left behind".into())
    }
}

impl Phone {
    fn is_stopped(&self) -> bool {
        self.core.view().registration == xc_webrtc::phone::api::Registration::Stopped
    }

    fn left_nothing(&self) -> Result<(), String> {
        if let Some((key, _)) = self.told.iter().find(|(_, told)| **told == Told::Begun) {
            return Err(format!("the end of {key:?} was never told"));
        }
        if let Some((key, _)) = self.media.iter().find(|(_, media)| !media.closed) {
            return Err(format!("the media of {key:?} is left open"));
        }
        if self.deadline.is_some() || self.open {
            return Err("it is stopped, and wants to be woken or has a websocket".into());
        }
        if self.ring != Ring::Silent || !self.conference.is_empty() {
            return Err("something is heard although there is no call".into());
        }
        Ok(())
    }
}

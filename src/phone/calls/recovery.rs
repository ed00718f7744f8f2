//! Calls whose network went away, and how they are repaired: one authority for signalling and media, so that they are
//! never repaired against each other.
//!
//! | Signalling | Media | What is done |
//! |---|---|---|
//! | lost or in doubt | any | nothing here: [`Signalling`](super::super::signalling) reconnects and registers |
//! | back by a new flow | flow | one re-INVITE: the other side learns where we are now |
//! | back by a new flow | stalled | the same, with an ICE restart |
//! | sound | flow, but nothing came within two seconds after a hold | ICE restart by re-INVITE, once |
//! | sound | stalled | ICE restart by re-INVITE; by TURN servers only from the second one on |
//!
//! A stall is also one of three witnesses that a call may be over without anybody having told us. The CTI server is the
//! second; the SIP dialog is asked by the re-INVITE, and where it cannot be asked, two witnesses are enough.

use std::time::Duration;

use crate::cti::calls::CallTable;
use crate::cti::message::command::Command as CtiCommand;
use crate::sip::user_agent::UserAgent;
use crate::time::{Deadline, Instant};

use super::super::call::{CallKey, Outcome};
use super::{Calls, Effect};

/// A path that is silent may come back by itself, and the signalling needs that long to show whether it is sound.
const PATIENCE: Duration = Duration::from_secs(4);
/// A path that was looked for anew is found by then, or it is not there.
const FOUND_WITHIN: Duration = Duration::from_secs(10);
/// Nobody listens to silence for longer.
const GIVEN_UP_AFTER: Duration = Duration::from_secs(120);
/// Media that flowed for so long had recovered: its next stall is a first one.
const RECOVERED_AFTER: Duration = Duration::from_secs(30);
/// The path is looked for anew this often for one stall.
const MOST_RESTARTS: u8 = 3;

/// What is known of a call's connections, and what was tried for them.
#[derive(Debug, Default)]
pub(super) struct Recovery {
    media: Media,
    /// The flow by which the other side last heard from us.
    flow: u32,
    restarts: u8,
    cti: Witness,
    /// Nothing came after a hold, and nothing was done about it yet.
    deaf: bool,
}

#[derive(Clone, Copy, Debug, Default)]
enum Media {
    /// It has not flowed yet.
    #[default]
    Awaited,
    Flowing {
        since: Instant,
    },
    /// It does not flow any more, or never will by itself. `until`: what is under way may mend it.
    Stalled {
        since: Instant,
        until: Option<Instant>,
    },
}

/// What the CTI server says of a call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Witness {
    /// Nothing.
    #[default]
    Silent,
    /// It goes on.
    GoesOn,
    /// The same; it was asked during this stall.
    Asked,
    /// It is over.
    Over,
}

/// What a re-INVITE mends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Repair {
    /// By this flow the other side learns where we are.
    flow: u32,
    /// The media looks for a path anew.
    pub(super) path: Option<Path>,
}

/// Which paths are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Path {
    /// Any.
    Any,
    /// By way of TURN servers: the direct ones did not hold.
    Relayed,
}

impl Recovery {
    /// Media flows.
    fn flows(&mut self, now: Instant) {
        self.media = Media::Flowing { since: now };
    }

    /// Media does not flow; `until`: it may again by itself.
    fn stalls(&mut self, until: Option<Instant>, now: Instant) {
        let since = match self.media {
            Media::Stalled { since, .. } => since,
            Media::Flowing { since } => {
                if now.saturating_since(since) >= RECOVERED_AFTER {
                    self.restarts = 0;
                }
                now
            }
            Media::Awaited => now,
        };
        if self.cti == Witness::Asked {
            self.cti = Witness::GoesOn;
        }
        self.media = Media::Stalled { since, until };
    }

    /// Nothing comes after a hold. It is mended once: silence may be all that the other side sends.
    pub(super) fn is_deaf(&mut self) {
        self.deaf = true;
    }

    /// The other side has heard from us by that flow.
    pub(super) fn heard_by(&mut self, flow: u32) {
        self.flow = flow;
    }

    /// Our re-INVITE was answered, or refused for good: the call goes on with what came of it.
    pub(super) fn tried(&mut self, repair: Repair, answered: bool, now: Instant) {
        self.flow = repair.flow;
        self.deaf = false;
        // The SIP side has spoken: what the CTI server said before is answered.
        self.cti = Witness::Silent;
        if let (Some(_), Media::Stalled { until, .. }) = (repair.path, &mut self.media) {
            self.restarts += u8::from(answered);
            *until = Some(now + FOUND_WITHIN);
        }
    }

    /// What is to be mended now, by way of the other side.
    pub(super) fn repair(&self, user_agent: &UserAgent, relays: bool) -> Option<Repair> {
        if !user_agent.is_sound() {
            return None;
        }
        let flow = user_agent.flow();
        let path = match self.media {
            Media::Stalled { until, .. } if until.is_none() || flow != self.flow => {
                let relayed = relays && self.restarts > 0;
                Some(if relayed { Path::Relayed } else { Path::Any })
            }
            _ if self.deaf => Some(Path::Any),
            Media::Stalled { .. } | Media::Flowing { .. } | Media::Awaited => None,
        };
        (path.is_some() || flow != self.flow).then_some(Repair { flow, path })
    }

    /// When it wants to be asked again.
    pub(super) fn deadline(&self) -> Option<Deadline> {
        let Media::Stalled { since, until } = self.media else { return None };
        let given_up = since + GIVEN_UP_AFTER;
        Some(Deadline::new(until.map_or(given_up, |until| until.min(given_up)), "media that stalls"))
    }
}

impl Calls {
    /// Media of a call flows, for the first time or again.
    pub(super) fn media_flows(&mut self, key: CallKey, now: Instant) {
        if let Some(record) = self.get_mut(key) {
            record.recovery.flows(now);
        }
    }

    /// Media of a call has stopped; `for_good`: it will not come back by itself. The signalling is asked whether it is
    /// sound, for that decides what is to be mended.
    pub(super) fn media_stalls(
        &mut self,
        key: CallKey,
        for_good: bool,
        user_agent: &mut UserAgent,
        now: Instant,
    ) {
        let Some(record) = self.get_mut(key) else { return };
        let never = matches!(record.recovery.media, Media::Awaited);
        if !record.call.state.is_connected() || never {
            // There never was a path.
            if for_good {
                self.give_up(key, no_path(), user_agent, now);
            }
            return;
        }
        record.recovery.stalls((!for_good).then(|| now + PATIENCE), now);
        user_agent.doubt(now);
    }

    /// Takes what the CTI server knows of the calls. One that it knew and does not know any more is over for it.
    pub(in crate::phone) fn cti_says(&mut self, table: &CallTable) {
        for record in &mut self.records {
            let knows = table.by_sip_call_id(&record.call.sip_call_id).is_some();
            let cti = &mut record.recovery.cti;
            *cti = match (knows, *cti) {
                (true, Witness::Asked) => Witness::Asked,
                (true, _) => Witness::GoesOn,
                (false, Witness::Silent) => Witness::Silent,
                (false, _) => Witness::Over,
            };
        }
    }

    /// Looks after a call whose media has stalled.
    pub(super) fn look_after(&mut self, key: CallKey, user_agent: &mut UserAgent, now: Instant) {
        let Some(record) = self.get_mut(key) else { return };
        let recovery = &mut record.recovery;
        let Media::Stalled { since, until } = &mut recovery.media else { return };
        let (sound, registered) = (user_agent.is_sound(), user_agent.is_registered());
        // What two say needs no patience: the third is asked.
        *until = until.filter(|until| *until > now && recovery.cti != Witness::Over);
        let waited = *since + GIVEN_UP_AFTER <= now;
        let tried = until.is_none() && recovery.restarts >= MOST_RESTARTS;
        let outcome = match recovery.cti {
            Witness::Over if !registered => Outcome::EndedMeanwhile,
            _ if waited && !sound => Outcome::ConnectionLost,
            _ if waited || (tried && sound) => no_path(),
            Witness::GoesOn if !registered => {
                recovery.cti = Witness::Asked;
                return self.effects.push(Effect::Cti(CtiCommand::GetCurrentCallsPhoneEvents));
            }
            _ => return,
        };
        self.give_up(key, outcome, user_agent, now);
    }
}

fn no_path() -> Outcome {
    Outcome::Failed { status: None, reason: "No audio path to the other side was found".to_owned() }
}

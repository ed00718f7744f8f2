//! Whether anything is heard: packets that do not flow, and packets that carry nothing but silence.
//!
//! Sampled once a second, a trouble is told on the fourth sample after it began: within five seconds. On hold nothing is
//! expected; muted, nothing of our microphone is.

use std::mem::take;
use std::time::Duration;

use crate::time::Instant;

use super::super::call::{Call, CallKey, Hold, Trouble};
use super::super::quality::Sample;
use super::Calls;

/// What is looked at in each sample, the gravest first: what is wrong when it does not grow for so long, by how much
/// it has to grow in a sample. Timers are late now and then, never early by a tenth of a second.
const WITNESSES: [(Trouble, Duration, u64); 4] = [
    (Trouble::NothingComes, Duration::from_millis(2_900), 0),
    (Trouble::NothingGoes, Duration::from_millis(2_900), 0),
    // Browsers make a faint noise of nothing (Chromium: 96 dB below the loudest, some four billionths a second); what the
    // quietest room leaves of itself behind a noise suppressor is well above this.
    (Trouble::SilentHere, Duration::from_millis(3_900), 30),
    (Trouble::SilentThere, Duration::from_millis(3_900), 30),
];

/// After a hold, packets have to flow that soon.
const AFTER_HOLD: Duration = Duration::from_millis(1_900);

/// A page that was frozen or asleep for longer than this between two samples knows nothing of the time between.
const GAP: Duration = Duration::from_secs(3);

/// What was seen of a call until now.
#[derive(Default)]
pub(super) struct Hearing {
    /// What the witnesses said last; `None` where the browser does not tell.
    last: Option<(Instant, [Option<u64>; 4])>,
    /// When each of them was last as it should be.
    well: [Instant; 4],
    /// Nothing has come yet since the call began or was on hold.
    fresh: bool,
    /// It was on hold, and nothing has come since.
    held: bool,
}

impl Hearing {
    /// A hold is over; it may have been so short that no sample saw it.
    pub(super) fn resumed(&mut self) {
        if !self.held {
            *self = Self { held: true, ..Self::default() };
        }
    }

    /// Takes a sample; answers what is wrong. `talks`: neither side holds the call. `muted`: our microphone is off.
    pub(super) fn take(&mut self, sample: &Sample, talks: bool, muted: bool) -> Option<Trouble> {
        let now = sample.at;
        let said = [Some(sample.received), Some(sample.sent), sample.spoken, sample.heard];
        let last = self.last.replace((now, said)).filter(|(at, _)| now.saturating_since(*at) < GAP);
        let Some((_, before)) = last else {
            (self.well, self.fresh) = ([now; 4], true);
            return None;
        };
        let mut wrong = None;
        let mut flows = [false; 2];
        for (at, (trouble, patience, least)) in WITNESSES.into_iter().enumerate().rev() {
            let grows = match (before[at], said[at]) {
                // Counters begin anew with a new stream: that is growth, too.
                (Some(before), Some(said)) => said < before || said > before + least,
                _ => true,
            };
            if let Some(flow) = flows.get_mut(at) {
                *flow = grows;
            }
            if grows || !talks || (muted && trouble == Trouble::SilentHere) {
                self.well[at] = now;
            }
            let patience = if self.fresh && trouble == Trouble::NothingComes { AFTER_HOLD } else { patience };
            if now.saturating_since(self.well[at]) >= patience {
                wrong = Some(trouble);
            }
        }
        // Where nothing flows nothing can be silent.
        let [comes, goes] = flows;
        self.well[3] = if comes { self.well[3] } else { now };
        self.well[2] = if goes { self.well[2] } else { now };
        self.fresh = !talks || (self.fresh && !comes);
        self.held = !talks || (self.held && !comes);
        wrong
    }
}

impl Calls {
    /// A sample of a call came.
    pub(super) fn on_sample(&mut self, key: CallKey, sample: Sample) {
        let Some(record) = self.get_mut(key) else { return };
        let call = &mut record.call;
        if !call.state.is_connected() {
            return;
        }
        let wrong = record.hearing.take(&sample, talks(call), call.muted);
        call.sample = Some(sample);
        if wrong == Some(Trouble::NothingComes) && take(&mut record.hearing.held) {
            record.recovery.is_deaf();
        }
        // Without a microphone there is no need to say that it is silent.
        if !matches!(call.trouble, Some(Trouble::NoMicrophone)) {
            call.trouble = wrong;
        }
    }
}

/// Whether both sides should hear each other now.
fn talks(call: &Call) -> bool {
    call.hold == Hold::Active && !call.held_by_peer
}

//! Once a second, what the browser has counted of each call.

use std::rc::{Rc, Weak};
use std::time::Duration;

use super::super::effect::MediaEvent;
use super::super::quality::Sample;
use super::Shared;
use super::call::CallMedia;
use crate::browser::clock::{self, Alarm};
use crate::browser::spawn;
use crate::rtc::stats::{self, Counter};
use crate::time::Instant;

/// How often a call is looked at.
const EVERY: Duration = Duration::from_secs(1);

/// The alarm that has the calls looked at; the first one whose media can flow sets it.
pub(super) fn sampler(shared: &Weak<Shared>) -> Alarm {
    let shared = Weak::clone(shared);
    Alarm::new(move || {
        if let Some(shared) = shared.upgrade() {
            shared.take_samples();
        }
    })
}

impl Shared {
    /// Looks at the calls now, and again in a second.
    pub(super) fn take_samples(&self) {
        for call in self.calls.borrow().iter() {
            Rc::clone(call).take_sample();
        }
        self.sampler.set(Some(clock::now() + EVERY));
    }
}

impl CallMedia {
    fn take_sample(self: Rc<Self>) {
        let Some(connection) = self.connection() else { return };
        spawn(async move {
            let at = clock::now();
            let counted = stats::count(&connection).await;
            self.say(MediaEvent::Sampled(sample(at, counted)));
        });
    }
}

fn sample(at: Instant, counted: stats::Counted) -> Sample {
    let number = |counter| counted.get(counter).unwrap_or(0);
    Sample {
        at,
        received: number(Counter::PacketsReceived),
        lost: number(Counter::PacketsLost),
        sent: number(Counter::PacketsSent),
        bytes_received: number(Counter::BytesReceived),
        bytes_sent: number(Counter::BytesSent),
        heard: counted.get(Counter::EnergyHeard),
        spoken: counted.get(Counter::EnergySpoken),
        jitter: number(Counter::Jitter),
        round_trip: counted.get(Counter::RoundTrip),
        lost_there: number(Counter::LostThere),
        codec: counted.codec,
    }
}

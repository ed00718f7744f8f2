//! Whether the flow to the server still carries anything: probes, answers, and what silence means.
//!
//! RFC 5626 §3.5.1 and §4.4.1 over RFC 7118 §6: a page cannot send the pings of the websocket itself. Not every server
//! answers those of SIP, so silence only counts where there was an answer before: a server that never answers them, as
//! Asterisk 22, is asked by OPTIONS, and one that does not answer these either is left alone.

use std::time::Duration;

use super::endpoint::Endpoint;
use super::method::Method;
use super::transaction::Owner;
use crate::time::{Deadline, Instant};

/// A ping of the other side, and ours.
const PING: &str = "\r\n\r\n";
/// The answer to one.
const PONG: &str = "\r\n";
/// RFC 5626 §4.4.1: a flow whose pong has not come by then has failed.
const PONG_WITHIN: Duration = Duration::from_secs(10);
/// The longest and the shortest time between probes in seconds, where the server names none; somewhere between, so that
/// the phones of an office do not ping together. The RFC's own two minutes are long for somebody who waits for calls.
const EVERY: (u64, u64) = (30, 24);
/// The same for OPTIONS, which costs the server more: as RFC 5626 §4.4.1 has it, and only while nothing else comes.
const OPTIONS_EVERY: (u64, u64) = (120, 95);
/// What a server may ask for, in seconds.
const FLOW_TIMER: std::ops::RangeInclusive<u32> = 15..=3600;

/// The probes of one flow.
#[derive(Debug, Default)]
pub(super) struct KeepAlive {
    state: State,
    probe: Probe,
    /// The server has answered such a probe, or has said that it will.
    proven: bool,
    /// What the server asks for (RFC 5626 §4.4).
    flow_timer: Option<u32>,
    /// Between the last probe that was answered and its answer.
    pub(super) round_trip: Option<Duration>,
}

#[derive(Clone, Copy, Debug, Default)]
enum State {
    /// Nobody is registered over the flow, or nothing answers over it.
    #[default]
    Off,
    Idle {
        next: Instant,
        every: Duration,
    },
    /// A probe is out; without `until` its transaction tells when there is no answer.
    Asked {
        at: Instant,
        until: Option<Instant>,
    },
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Probe {
    #[default]
    Ping,
    Options,
    Nothing,
}

impl KeepAlive {
    /// When it wants to be asked again.
    pub(super) fn deadline(&self) -> Option<Deadline> {
        match self.state {
            State::Idle { next, .. } => Some(Deadline::new(next, "keep-alive")),
            State::Asked { until, .. } => Some(Deadline::new(until?, "pong")),
            State::Off => None,
        }
    }

    /// A time between probes; `random` chooses it.
    fn interval(&self, random: u64) -> Duration {
        let (longest, shortest) = match (self.flow_timer, self.probe) {
            // RFC 5626 §4.4.1: between 80 and 100 percent of it.
            (Some(seconds), _) => (u64::from(seconds), u64::from(seconds) * 4 / 5),
            (None, Probe::Options) => OPTIONS_EVERY,
            (None, Probe::Ping | Probe::Nothing) => EVERY,
        };
        let shortest = shortest * 1000;
        Duration::from_millis(shortest + random % (longest * 1000 - shortest + 1))
    }
}

/// The flow does not carry anything any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FlowFailed;

impl Endpoint {
    /// The registrar holds our contact over this flow.
    pub(super) fn keep_alive(&mut self, flow_timer: Option<u32>, now: Instant) {
        let keep_alive = &mut self.keep_alive;
        keep_alive.flow_timer =
            flow_timer.map(|seconds| seconds.clamp(*FLOW_TIMER.start(), *FLOW_TIMER.end()));
        // RFC 5626 §5.4: who names a Flow-Timer answers pings.
        keep_alive.proven |= flow_timer.is_some() && keep_alive.probe == Probe::Ping;
        if matches!(keep_alive.state, State::Off) && keep_alive.probe != Probe::Nothing {
            self.rest(now);
        }
    }

    /// It does not any more.
    pub(super) fn let_go(&mut self) {
        self.keep_alive = KeepAlive::default();
    }

    fn rest(&mut self, now: Instant) {
        let every = self.keep_alive.interval(self.tokens.number());
        self.keep_alive.state = State::Idle { next: now + every, every };
    }

    /// Something came: a sign of life.
    pub(super) fn signed(&mut self, now: Instant) {
        if let (Probe::Options, State::Idle { next, every }) =
            (self.keep_alive.probe, &mut self.keep_alive.state)
        {
            *next = now + *every;
        }
    }

    /// Line ends came instead of a message.
    pub(super) fn line_ends(&mut self, text: &str, now: Instant) {
        if text == PING {
            self.outbox.send(PONG.to_owned());
        } else if self.keep_alive.probe == Probe::Ping {
            self.answered(now);
        }
    }

    /// The probe that is out was answered.
    pub(super) fn answered(&mut self, now: Instant) {
        if let State::Asked { at, .. } = self.keep_alive.state {
            self.keep_alive.round_trip = Some(now.saturating_since(at));
            self.keep_alive.proven = true;
            self.rest(now);
        }
    }

    /// Asks for a sign of life now instead of later.
    pub(super) fn probe_now(&mut self, now: Instant) {
        if let State::Idle { .. } = self.keep_alive.state {
            self.probe(now);
        }
    }

    fn probe(&mut self, now: Instant) {
        let until = match self.keep_alive.probe {
            Probe::Ping => {
                self.outbox.send(PING.to_owned());
                Some(now + PONG_WITHIN)
            }
            Probe::Options | Probe::Nothing => {
                let options = self.begin(Method::Options, self.config.registrar.clone());
                self.send(options, Owner::KeepAlive, now);
                None
            }
        };
        self.keep_alive.state = State::Asked { at: now, until };
    }

    /// Does what is due.
    pub(super) fn keep_alive_timeout(&mut self, now: Instant) -> Result<(), FlowFailed> {
        match self.keep_alive.state {
            State::Idle { next, .. } if next <= now => self.probe(now),
            // The page slept through it: the pong may lie there unread.
            State::Asked { until: Some(until), .. } if until + PONG_WITHIN < now => self.probe(now),
            State::Asked { until: Some(until), .. } if until <= now => return self.probe_unanswered(now),
            State::Idle { .. } | State::Asked { .. } | State::Off => {}
        }
        Ok(())
    }

    /// The probe that is out was not answered in time.
    pub(super) fn probe_unanswered(&mut self, now: Instant) -> Result<(), FlowFailed> {
        if !matches!(self.keep_alive.state, State::Asked { .. }) {
            return Ok(());
        }
        if self.keep_alive.proven {
            // Told once: while a REGISTER that takes the contact away is out, nothing else becomes of it.
            self.keep_alive.state = State::Off;
            return Err(FlowFailed);
        }
        match self.keep_alive.probe {
            Probe::Ping => {
                self.keep_alive.probe = Probe::Options;
                self.rest(now);
            }
            Probe::Options | Probe::Nothing => {
                self.keep_alive.probe = Probe::Nothing;
                self.keep_alive.state = State::Off;
            }
        }
        Ok(())
    }
}

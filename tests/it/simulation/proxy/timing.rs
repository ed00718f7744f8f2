//! What the proxy does of itself: timers, and websockets that are gone (RFC 3261 §16.8, §16.9).

use xc_webrtc::sip::method::Method;
use xc_webrtc::time::Instant;

use super::Proxy;
use super::relay::{LegState, Stage};
use crate::simulation::network::SocketId;

impl Proxy {
    /// When something is due.
    pub fn deadline(&self) -> Option<Instant> {
        let mut soonest: Option<Instant> = None;
        let mut note = |at: Instant| soonest = Some(soonest.map_or(at, |other| other.min(at)));
        for relay in &self.relays {
            if let Stage::Completed { until } | Stage::Accepted { until } = relay.stage {
                note(until);
            }
            for leg in relay.legs.iter().filter(|leg| leg.state != LegState::Over) {
                note(leg.give_up);
            }
        }
        soonest
    }

    /// Does what is due.
    pub fn due(&mut self, now: Instant) {
        for at in 0..self.relays.len() {
            for leg in 0..self.relays[at].legs.len() {
                if self.relays[at].legs[leg].give_up <= now {
                    self.give_up(at, leg, now);
                }
            }
        }
        for relay in &mut self.relays {
            if let Stage::Completed { until } | Stage::Accepted { until } = relay.stage
                && until <= now
            {
                relay.stage = Stage::Over;
            }
        }
        self.tidy(now);
    }

    fn give_up(&mut self, at: usize, leg: usize, now: Instant) {
        let relay = &mut self.relays[at];
        match (&relay.request.method, relay.legs[leg].state) {
            (_, LegState::Over) => {}
            // Timer C: the callee is told, and has some time to say 487.
            (Method::Invite, LegState::Proceeding { cancelled: false }) => {
                self.cancel_legs(at, None, now);
            }
            (Method::Invite, _) => self.refuse_leg(at, leg, 408, now),
            // RFC 4320 §4.2: no 408 to anything else, who asked has waited as long.
            _ => {
                relay.legs[leg].state = LegState::Over;
                relay.stage = Stage::Over;
            }
        }
    }

    /// Forgets what is over.
    pub fn tidy(&mut self, now: Instant) {
        self.relays.retain(|relay| !relay.is_over(now));
    }

    /// A websocket is gone: nobody is reached over it any more, and what was asked over it gets no answer.
    pub fn closed(&mut self, socket: SocketId, now: Instant) {
        self.open.remove(&socket);
        self.bindings.retain(|binding| binding.socket != socket);
        for at in 0..self.relays.len() {
            for leg in 0..self.relays[at].legs.len() {
                let gone = &self.relays[at].legs[leg];
                if gone.socket == socket && gone.state != LegState::Over {
                    let code = self.habits.gone;
                    self.refuse_leg(at, leg, code, now);
                }
            }
            let relay = &self.relays[at];
            let orphaned = relay.socket == socket && relay.is_invite() && relay.stage == Stage::Proceeding;
            if orphaned && self.habits.cancels_orphans {
                self.cancel_legs(at, None, now);
            }
        }
        self.tidy(now);
    }
}

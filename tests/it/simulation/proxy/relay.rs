//! One request on its way through the proxy: where it was sent, what came back (RFC 3261 §16.6–§16.10).

use xc_webrtc::sip::header::{CSeq, Headers, Name, Via};
use xc_webrtc::sip::message::{Request, Response};
use xc_webrtc::sip::method::Method;
use xc_webrtc::sip::status::StatusCode;
use xc_webrtc::time::Instant;

use super::{PATIENCE, Proxy, ROUTE, without_first};
use crate::simulation::network::SocketId;
use crate::support::status;

/// A request and what becomes of it.
pub struct Relay {
    pub(super) socket: SocketId,
    branch: String,
    /// As it came, with the Via of who sent it.
    pub(super) request: Request,
    pub(super) legs: Vec<Leg>,
    best: Option<Response>,
    pub(super) stage: Stage,
}

/// What was said to who asked.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    Proceeding,
    /// An INVITE was refused; the ACK is to come.
    Completed {
        until: Instant,
    },
    /// An INVITE was accepted; copies of the 2xx may come (RFC 6026 §7.1).
    Accepted {
        until: Instant,
    },
    Over,
}

/// One of the targets.
pub(super) struct Leg {
    pub(super) socket: SocketId,
    branch: String,
    pub(super) request: Request,
    pub(super) state: LegState,
    pub(super) give_up: Instant,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum LegState {
    Calling { cancel: bool },
    Proceeding { cancelled: bool },
    Over,
}

impl Relay {
    pub(super) fn is_invite(&self) -> bool {
        self.request.method == Method::Invite
    }

    pub(super) fn is_over(&self, now: Instant) -> bool {
        let answered = match self.stage {
            Stage::Proceeding => false,
            Stage::Completed { until } | Stage::Accepted { until } => until <= now,
            Stage::Over => true,
        };
        answered && self.legs.iter().all(|leg| leg.state == LegState::Over)
    }
}

impl Proxy {
    /// Answers a request itself. The ACK to the refusal of an INVITE is waited for.
    pub(super) fn refuse(&mut self, socket: SocketId, request: &Request, response: Response, now: Instant) {
        self.send(socket, response.to_string());
        if request.method == Method::Invite {
            let mut relay = self.begin(socket, request.clone());
            relay.stage = Stage::Completed { until: now + PATIENCE };
            self.relays.push(relay);
        }
    }

    fn begin(&self, socket: SocketId, request: Request) -> Relay {
        let branch = request.headers.top_via().expect("Via").branch().to_owned();
        Relay { socket, branch, request, legs: Vec::new(), best: None, stage: Stage::Proceeding }
    }

    /// Sends a request on.
    pub(super) fn relay(&mut self, socket: SocketId, request: Request, now: Instant) {
        let targets = match self.targets(&request.uri, now) {
            Ok(targets) => targets,
            Err(status) => {
                let response = request.reply(status, Some("proxy"));
                return self.refuse(socket, &request, response, now);
            }
        };
        let mut relay = self.begin(socket, request);
        if relay.is_invite() {
            self.send(socket, relay.request.reply(StatusCode::TRYING, None).to_string());
        }
        for (socket, uri) in targets {
            let mut request = relay.request.clone();
            request.uri = uri;
            let branch = self.stamp(&mut request);
            if relay.is_invite() && self.habits.record_routes {
                request.headers.push(Name::RECORD_ROUTE, ROUTE);
            }
            self.send(socket, request.to_string());
            // Who has not even said 100 cannot be cancelled: it has longer than the slowest way there and back.
            let patience = if relay.is_invite() { self.habits.timer_c.max(PATIENCE * 2) } else { PATIENCE };
            let state = LegState::Calling { cancel: false };
            relay.legs.push(Leg { socket, branch, request, state, give_up: now + patience });
        }
        self.relays.push(relay);
    }

    fn stamp(&mut self, request: &mut Request) -> String {
        self.branches += 1;
        let branch = format!("z9hG4bKproxy{}", self.branches);
        request.headers.push_front(Name::VIA, Via::new("WSS", "proxy.example.org", &branch).to_string());
        let hops = request.headers.max_forwards().unwrap_or(70).saturating_sub(1);
        request.headers.set(Name::MAX_FORWARDS, hops.to_string());
        branch
    }

    /// An ACK: to a refusal of ours, else to a 2xx, which goes on its way.
    pub(super) fn acknowledged(&mut self, mut ack: Request) {
        let branch = ack.headers.top_via().expect("Via").branch().to_owned();
        let invites = self.relays.iter_mut().filter(|relay| relay.is_invite());
        if let Some(relay) = invites.into_iter().find(|relay| relay.branch == branch) {
            relay.stage = Stage::Over;
            return;
        }
        if let Ok(targets) = self.targets(&ack.uri, Instant::default()) {
            ack.headers.remove(&Name::PROXY_AUTHORIZATION);
            self.stamp(&mut ack);
            for (socket, _) in targets {
                self.send(socket, ack.to_string());
            }
        }
    }

    /// RFC 3261 §16.10.
    pub(super) fn cancelled(&mut self, socket: SocketId, cancel: &Request, now: Instant) {
        let branch = cancel.headers.top_via().expect("Via").branch().to_owned();
        let is_it = |relay: &Relay| relay.is_invite() && relay.branch == branch;
        let Some(at) = self.relays.iter().position(is_it) else {
            let response = cancel.reply(status(481), Some("proxy"));
            return self.send(socket, response.to_string());
        };
        self.send(socket, cancel.reply(StatusCode::OK, Some("proxy")).to_string());
        self.cancel_legs(at, None, now);
    }

    /// Cancels what is still open of an INVITE.
    pub(super) fn cancel_legs(&mut self, at: usize, reason: Option<&str>, now: Instant) {
        for leg in 0..self.relays[at].legs.len() {
            let leg = &mut self.relays[at].legs[leg];
            match leg.state {
                LegState::Calling { .. } => leg.state = LegState::Calling { cancel: true },
                LegState::Proceeding { cancelled: false } => {
                    leg.state = LegState::Proceeding { cancelled: true };
                    leg.give_up = now + PATIENCE;
                    let mut cancel = beside(&leg.request, Method::Cancel);
                    if let Some(reason) = reason {
                        cancel.headers.push(Name::REASON, reason);
                    }
                    let socket = leg.socket;
                    self.send(socket, cancel.to_string());
                }
                LegState::Proceeding { cancelled: true } | LegState::Over => {}
            }
        }
    }

    /// A response of one of the targets.
    pub(super) fn response(&mut self, mut response: Response, now: Instant) {
        let branch = response.headers.top_via().expect("Via").branch().to_owned();
        let method = response.headers.cseq().expect("CSeq").method;
        response.headers = without_first(&response.headers, &Name::VIA);
        let of = |relay: &Relay| {
            (relay.request.method == method)
                .then(|| relay.legs.iter().position(|leg| leg.branch == branch))?
        };
        let found = self.relays.iter().enumerate().find_map(|(at, relay)| Some((at, of(relay)?)));
        // The answer to a CANCEL, or one that comes too late (RFC 6026 §7.3).
        let Some((at, leg)) = found else { return };
        if response.status.is_provisional() {
            return self.progressed(at, leg, &response, now);
        }
        let relay = &mut self.relays[at];
        let was_over = relay.legs[leg].state == LegState::Over;
        relay.legs[leg].state = LegState::Over;
        if !relay.is_invite() {
            if !was_over {
                relay.stage = Stage::Over;
                self.back(at, &response);
            }
        } else if response.status.is_success() {
            match relay.stage {
                Stage::Proceeding => relay.stage = Stage::Accepted { until: now + PATIENCE },
                Stage::Accepted { .. } => {}
                Stage::Completed { .. } | Stage::Over => return,
            }
            self.back(at, &response);
            self.cancel_legs(at, Some("SIP;cause=200;text=\"Call completed elsewhere\""), now);
        } else {
            let mut ack = beside(&relay.legs[leg].request, Method::Ack);
            ack.headers.set(Name::TO, response.headers.get(&Name::TO).expect("To"));
            let socket = relay.legs[leg].socket;
            self.send(socket, ack.to_string());
            if !was_over {
                self.refused(at, response, now);
            }
        }
    }

    fn progressed(&mut self, at: usize, leg: usize, response: &Response, now: Instant) {
        let timer_c = now + self.habits.timer_c;
        let relay = &mut self.relays[at];
        let cancel = match &mut relay.legs[leg].state {
            LegState::Over => return,
            LegState::Calling { cancel } => *cancel,
            LegState::Proceeding { .. } => false,
        };
        if matches!(relay.legs[leg].state, LegState::Calling { .. }) {
            relay.legs[leg].state = LegState::Proceeding { cancelled: false };
        }
        if response.status != StatusCode::TRYING {
            if relay.is_invite() && matches!(relay.legs[leg].state, LegState::Proceeding { cancelled: false })
            {
                relay.legs[leg].give_up = timer_c;
            }
            if relay.stage == Stage::Proceeding {
                self.back(at, response);
            }
        }
        if cancel {
            self.cancel_legs(at, None, now);
        }
    }

    /// An INVITE was refused by one target, or it could not be reached: the best refusal of all goes back
    /// (RFC 3261 §16.7 step 6).
    pub(super) fn refused(&mut self, at: usize, response: Response, now: Instant) {
        let rank = |response: &Response| {
            let class = response.status.code() / 100;
            if class == 6 { 0 } else { class }
        };
        let relay = &mut self.relays[at];
        if relay.best.as_ref().is_none_or(|best| rank(&response) < rank(best)) {
            relay.best = Some(response);
        }
        if relay.best.as_ref().is_some_and(|best| best.status.code() >= 600) {
            self.cancel_legs(at, None, now);
        }
        let relay = &mut self.relays[at];
        if relay.stage == Stage::Proceeding && relay.legs.iter().all(|leg| leg.state == LegState::Over) {
            relay.stage = Stage::Completed { until: now + PATIENCE };
            if let Some(best) = relay.best.take() {
                self.back(at, &best);
            }
        }
    }

    /// A response of the proxy's own for one of the targets.
    pub(super) fn refuse_leg(&mut self, at: usize, leg: usize, code: u16, now: Instant) {
        let relay = &mut self.relays[at];
        relay.legs[leg].state = LegState::Over;
        let response = relay.request.reply(status(code), Some("proxy"));
        if relay.is_invite() {
            self.refused(at, response, now);
        } else {
            relay.stage = Stage::Over;
            self.back(at, &response);
        }
    }

    /// To who asked, over the websocket that it asked over, or the newest one (RFC 3261 §18.2.2).
    fn back(&mut self, at: usize, response: &Response) {
        let relay = &self.relays[at];
        let host = relay.request.headers.top_via().expect("Via").host;
        let newest = self.flows.get(&host).copied().filter(|_| self.habits.follows);
        let asked_over = Some(relay.socket).filter(|socket| self.open.contains(socket));
        if let Some(socket) = asked_over.or(newest) {
            self.send(socket, response.to_string());
        }
    }
}

/// CANCEL, or the ACK to a refusal: in the transaction of the INVITE (RFC 3261 §9.1, §17.1.1.3).
fn beside(invite: &Request, method: Method) -> Request {
    let mut headers = Headers::new();
    for (name, value) in invite.headers.iter() {
        let kept = [Name::MAX_FORWARDS, Name::FROM, Name::TO, Name::CALL_ID, Name::ROUTE];
        let top_via = *name == Name::VIA && headers.get(&Name::VIA).is_none();
        if top_via || kept.contains(name) {
            headers.push(name.clone(), value);
        }
    }
    let number = invite.headers.cseq().expect("CSeq").number;
    headers.push(Name::CSEQ, CSeq { number, method: method.clone() }.to_string());
    Request { method, uri: invite.uri.clone(), headers, body: String::new() }
}

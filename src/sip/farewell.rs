//! Dialogs whose session is over for the user, but not yet on the wire: the BYE is still to be sent, or to be answered.
//!
//! A BYE may have to wait: for the ACK to our 2xx (RFC 3261 §15), for the transport to come back, or for the other side,
//! when a proxy says that it cannot be reached at the moment.
//! The CANCEL of a call that was begun over a transport that was lost waits for the next one: it would ring on otherwise.

use std::time::Duration;

use super::authentication::is_challenge;
use super::dialog::Dialog;
use super::endpoint::Endpoint;
use super::header::{Name, Replaces};
use super::message::{Request, Response};
use super::method::Method;
use super::offer_answer::Answered;
use super::status::StatusCode;
use super::transaction::timer::Due;
use super::transaction::{Heard, Owner};
use crate::time::{Deadline, Instant};

/// More dialogs than this are not ended properly; only a peer that answers one INVITE many times makes so many.
const MOST_FAREWELLS: usize = 64;
/// How long a BYE waits for the transport; afterwards the other side has noticed by itself.
const TRANSPORT_PATIENCE: Duration = Duration::from_secs(300);
/// How long a BYE waits for who cannot be reached; twice as long each time.
const PEER_PATIENCE: Duration = Duration::from_secs(4);
/// So often it is sent again: a minute in all. Who is away for longer finds out by the session timer.
const MOST_MISSED: u8 = 4;

/// A dialog that is being ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct FarewellId(u64);

/// All dialogs that are being ended.
#[derive(Debug, Default)]
pub(super) struct Farewells {
    next: u64,
    live: Vec<Farewell>,
    /// The CANCELs of INVITEs whose transport was lost, and how long they mean something.
    cancels: Vec<(Request, Instant)>,
}

#[derive(Debug)]
struct Farewell {
    id: FarewellId,
    dialog: Dialog,
    stage: Stage,
    /// What the BYE says of why it is sent (RFC 3326); empty: nothing.
    reason: &'static str,
    /// How often the BYE did not reach the other side.
    missed: u8,
}

#[derive(Debug)]
enum Stage {
    /// Our 2xx is not acknowledged yet: the BYE must wait (RFC 3261 §15).
    AwaitingAck(Answered),
    /// The BYE waits for the transport.
    AwaitingTransport { until: Instant },
    /// The other side cannot be reached: the BYE is sent again then.
    AwaitingPeer { at: Instant },
    /// The BYE is sent.
    Leaving,
}

impl Farewells {
    fn take(&mut self, id: FarewellId) -> Option<Farewell> {
        let at = self.live.iter().position(|farewell| farewell.id == id)?;
        Some(self.live.remove(at))
    }

    /// Keeps CANCELs for the next transport.
    pub(super) fn keep_cancels(&mut self, cancels: Vec<Request>, now: Instant) {
        self.cancels.retain(|(_, until)| now < *until);
        for cancel in cancels {
            self.cancels.push((cancel, now + TRANSPORT_PATIENCE));
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.live.is_empty()
    }

    /// Whether that names a dialog which is over for the person (RFC 3891 §3).
    pub(super) fn has_named_by(&self, replaces: &Replaces) -> bool {
        self.live.iter().any(|farewell| farewell.dialog.is_named_by(replaces))
    }

    /// When one of them wants to be asked again.
    pub(super) fn deadline(&self) -> Option<Deadline> {
        let mut soonest = None;
        for farewell in &self.live {
            soonest = Deadline::soonest(soonest, farewell.stage.deadline());
        }
        soonest
    }
}

impl Stage {
    fn deadline(&self) -> Option<Deadline> {
        match self {
            Self::AwaitingAck(answered) => Some(Deadline::new(answered.repetition.at(), "ACK before a BYE")),
            Self::AwaitingTransport { until } => Some(Deadline::new(*until, "transport for a BYE")),
            Self::AwaitingPeer { at } => Some(Deadline::new(*at, "other side for a BYE")),
            Self::Leaving => None,
        }
    }
}

impl Endpoint {
    /// Ends a dialog: sends BYE, now or when the transport is back.
    pub(super) fn bid_farewell(&mut self, dialog: Dialog, now: Instant) {
        self.bid_farewell_because(dialog, "", now);
    }

    /// Ends a dialog, and says why in a Reason header field (RFC 3326).
    pub(super) fn bid_farewell_because(&mut self, dialog: Dialog, reason: &'static str, now: Instant) {
        let stage = Stage::AwaitingTransport { until: now + TRANSPORT_PATIENCE };
        if let Some(id) = self.keep_farewell(dialog, reason, stage)
            && self.outbox.is_open()
        {
            self.send_bye(id, now);
        }
    }

    /// Ends a dialog as soon as our 2xx is acknowledged.
    pub(super) fn bid_farewell_after_ack(&mut self, dialog: Dialog, answered: Answered) {
        self.keep_farewell(dialog, "", Stage::AwaitingAck(answered));
    }

    /// Ends the dialog that a 2xx made which nobody wants any more: it crossed our CANCEL, or comes from another branch
    /// of a forked call (RFC 3261 §13.2.2.4: ACK, then BYE). A late 2xx to a re-INVITE only needs its ACK.
    pub(super) fn disown(&mut self, heard: &Heard, response: &Response, now: Instant) {
        // A 2xx to anything else makes nothing.
        if heard.request.method != Method::Invite {
            return;
        }
        let Ok(mut dialog) = Dialog::from_response(&heard.request, response) else { return };
        let ack = dialog.ack(&heard.request);
        self.acknowledge(heard.id, dialog.remote_tag(), ack);
        if heard.request.headers.tag(&Name::TO).is_none() {
            // PRACKs may have been sent there.
            dialog.skip_numbers();
            self.bid_farewell(dialog, now);
        }
    }

    fn keep_farewell(&mut self, dialog: Dialog, reason: &'static str, stage: Stage) -> Option<FarewellId> {
        if self.farewells.live.len() >= MOST_FAREWELLS {
            return None;
        }
        self.farewells.next += 1;
        let id = FarewellId(self.farewells.next);
        self.farewells.live.push(Farewell { id, dialog, stage, reason, missed: 0 });
        Some(id)
    }

    fn send_bye(&mut self, id: FarewellId, now: Instant) {
        let Some(mut farewell) = self.farewells.take(id) else { return };
        let mut bye = farewell.dialog.request(Method::Bye);
        if !farewell.reason.is_empty() {
            bye.headers.push(Name::REASON, farewell.reason);
        }
        farewell.stage = if self.outbox.is_open() {
            self.send(bye, Owner::Farewell(id), now);
            Stage::Leaving
        } else {
            Stage::AwaitingTransport { until: now + TRANSPORT_PATIENCE }
        };
        self.farewells.live.push(farewell);
    }

    /// A response to the BYE came. Whatever it is, the dialog is over, except that a challenge can be met and that a
    /// proxy may not have reached the other side, for whom the call would go on.
    pub(super) fn farewell_heard(&mut self, id: FarewellId, heard: Heard, response: &Response, now: Instant) {
        if response.status.is_provisional() {
            return;
        }
        let Some(mut farewell) = self.farewells.take(id) else { return };
        if is_challenge(response.status) {
            let number = farewell.dialog.next_cseq();
            if self.retry(heard, response, number, now).is_ok() {
                farewell.stage = Stage::Leaving;
                self.farewells.live.push(farewell);
            }
        } else if is_out_of_reach(response.status) && farewell.missed < MOST_MISSED {
            farewell.stage = Stage::AwaitingPeer { at: now + PEER_PATIENCE * (1 << farewell.missed) };
            farewell.missed += 1;
            self.farewells.live.push(farewell);
        }
    }

    /// The BYE got no answer.
    pub(super) fn farewell_unanswered(&mut self, id: FarewellId) {
        self.farewells.take(id);
    }

    /// Takes a request inside a dialog that is being ended; `false`: there is no such dialog.
    pub(super) fn farewell_request(&mut self, request: &Request, now: Instant) -> bool {
        let cseq = request.headers.cseq_number();
        let found = self.farewells.live.iter().find(|farewell| farewell.dialog.has(&request.headers));
        let Some(farewell) = found else { return false };
        let id = farewell.id;
        match (&request.method, &farewell.stage) {
            (Method::Ack, Stage::AwaitingAck(answered)) if cseq == Some(answered.cseq) => {
                self.send_bye(id, now)
            }
            // Both hung up at once: theirs ends what ours would have ended later.
            (
                Method::Bye,
                Stage::AwaitingAck(_) | Stage::AwaitingTransport { .. } | Stage::AwaitingPeer { .. },
            ) => {
                self.farewells.take(id);
            }
            _ => {}
        }
        true
    }

    /// The transport is open: what waited for it is sent.
    pub(super) fn farewells_opened(&mut self, now: Instant) {
        for (cancel, until) in std::mem::take(&mut self.farewells.cancels) {
            if now < until {
                self.transactions.send(cancel, Owner::Nobody, 0, now, &mut self.outbox);
            }
        }
        let waiting = |farewell: &Farewell| match farewell.stage {
            Stage::AwaitingTransport { .. } => Some(farewell.id),
            Stage::AwaitingAck(_) | Stage::AwaitingPeer { .. } | Stage::Leaving => None,
        };
        let ids: Vec<_> = self.farewells.live.iter().filter_map(waiting).collect();
        for id in ids {
            self.send_bye(id, now);
        }
    }

    /// The transport is gone: a BYE without an answer is sent again over the next one.
    pub(super) fn farewells_closed(&mut self, now: Instant) {
        for farewell in &mut self.farewells.live {
            match farewell.stage {
                Stage::Leaving | Stage::AwaitingPeer { .. } => {
                    farewell.stage = Stage::AwaitingTransport { until: now + TRANSPORT_PATIENCE };
                }
                Stage::AwaitingAck(_) | Stage::AwaitingTransport { .. } => {}
            }
        }
    }

    /// Does what is due.
    pub(super) fn farewells_timeout(&mut self, now: Instant) {
        let mut ready = Vec::new();
        let outbox = &mut self.outbox;
        self.farewells.live.retain_mut(|farewell| match &mut farewell.stage {
            Stage::AwaitingAck(answered) => {
                match answered.repetition.due(now) {
                    Due::Nothing => {}
                    Due::Again => outbox.send(answered.text.clone()),
                    Due::GiveUp => ready.push(farewell.id),
                }
                true
            }
            Stage::AwaitingPeer { at } => {
                if *at <= now {
                    ready.push(farewell.id);
                }
                true
            }
            Stage::AwaitingTransport { until } => now < *until,
            Stage::Leaving => true,
        });
        for id in ready {
            self.send_bye(id, now);
        }
    }
}

/// Whether a proxy says that the other side cannot be reached at the moment: its websocket is being opened again
/// (RFC 5626 §5.3.1, §11.5).
fn is_out_of_reach(status: StatusCode) -> bool {
    matches!(status.code(), 408 | 430 | 480 | 503 | 504)
}

//! Handing a call to somebody else: by the CTI server, which knows both legs, or by REFER where there is none that
//! could do it (RFC 3515, RFC 5589). The person sees the same either way.
//!
//! ```text
//! attended, CTI:  hold ─> attendedTransfer ─> the server calls us, answered by itself ─> completeTransfer ─> BYE, BYE
//! attended, SIP:  hold ─> INVITE to the destination ─> REFER with Replaces ─> NOTIFY 200 ─> BYE, BYE
//! direct:         directTransfer, or REFER ─> NOTIFY 200, BYE
//! ```
//!
//! A server that answers the first command with an error has begun nothing: the transfer goes on the other way.

mod progress;

use std::time::Duration;

use crate::cti::message::command::Command as CtiCommand;
use crate::sip::uri::Uri;
use crate::sip::user_agent::UserAgent;
use crate::time::{Deadline, Instant};

use super::super::api::Refusal;
use super::super::call::{Call, CallKey, Hold, TransferStep};
use super::{Calls, Effect};

/// The hold of the call is waited for no longer than this.
const HOLD_WITHIN: Duration = Duration::from_secs(5);
/// The CTI server, or the other side, has done its part by then, or will not.
const DONE_WITHIN: Duration = Duration::from_secs(30);
/// The other side, which has agreed to call the destination, tells by then what came of it: proxies let a phone ring for
/// three minutes (RFC 3261 §16.6, Timer C).
const TOLD_WITHIN: Duration = Duration::from_secs(200);
/// After a cancelled transfer the server has ended the consultation by then, or we do.
const CANCELLED_WITHIN: Duration = Duration::from_secs(5);

/// The transfer that is under way; there is one at most.
#[derive(Debug)]
pub(super) struct Transferring {
    /// The call that is handed over.
    call: CallKey,
    /// The call with the destination, once there is one.
    consultation: Option<CallKey>,
    destination: Destination,
    way: Way,
    step: TransferStep,
    /// The CTI server has told something of the call since it was asked to hand it over.
    told: bool,
    /// The person goes back to the call as soon as the consultation is over.
    cancelled: bool,
    give_up: Option<Instant>,
}

/// Who is to have the call.
#[derive(Clone, Debug)]
pub(in crate::phone) struct Destination {
    /// As dialled.
    pub(in crate::phone) number: String,
    /// Its address.
    pub(in crate::phone) target: Uri,
}

/// Who joins the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::phone) enum Way {
    /// The CTI server.
    Cti,
    /// The other sides, asked by REFER.
    Refer,
}

impl Transferring {
    fn begin(
        call: CallKey,
        destination: Destination,
        way: Way,
        step: TransferStep,
        give_up: Instant,
    ) -> Self {
        let give_up = Some(give_up);
        Self { call, consultation: None, destination, way, step, told: false, cancelled: false, give_up }
    }

    /// When it is given up.
    pub(super) fn deadline(&self) -> Option<Deadline> {
        self.give_up.map(|at| Deadline::new(at, "step of a transfer"))
    }
}

impl Calls {
    /// Begins an attended transfer: the call is put on hold, then the destination is called.
    pub(in crate::phone) fn attended_transfer(
        &mut self,
        named: Option<CallKey>,
        destination: Destination,
        way: Way,
        now: Instant,
    ) -> Result<(), Refusal> {
        let call = self.transferable(named)?;
        if self.is_full() {
            return Err(Refusal::TooManyCalls);
        }
        self.hold(call);
        self.transfer =
            Some(Transferring::begin(call, destination, way, TransferStep::Holding, now + HOLD_WITHIN));
        Ok(())
    }

    /// Hands the call over without asking the destination. The CTI server only knows of a current call: any other
    /// one is handed over by REFER.
    pub(in crate::phone) fn direct_transfer(
        &mut self,
        named: Option<CallKey>,
        destination: Destination,
        way: Way,
        user_agent: &mut UserAgent,
        now: Instant,
    ) -> Result<(), Refusal> {
        let call = self.transferable(named)?;
        let is_current =
            |other: &Call| other.key == call || !other.state.is_live() || other.hold == Hold::Held;
        let way = if self.iter().all(is_current) { way } else { Way::Refer };
        match way {
            Way::Cti => {
                let destination = destination.number.clone();
                self.effects.push(Effect::Cti(CtiCommand::DirectTransfer { destination }));
            }
            Way::Refer => self.refer(call, destination.target.clone(), user_agent, now)?,
        }
        self.transfer =
            Some(Transferring::begin(call, destination, way, TransferStep::Referring, now + DONE_WITHIN));
        Ok(())
    }

    /// Asks the other side of that call to call `target` instead.
    fn refer(
        &self,
        call: CallKey,
        target: Uri,
        user_agent: &mut UserAgent,
        now: Instant,
    ) -> Result<(), Refusal> {
        let session = self.get(call).and_then(|record| record.session).ok_or(Refusal::WrongState)?;
        user_agent.refer(session, target, now).map_err(|_| Refusal::WrongState)
    }

    fn transferable(&self, named: Option<CallKey>) -> Result<CallKey, Refusal> {
        let call = self.meant(named, |call| call.state.is_connected())?;
        if self.transfer.is_some() {
            return Err(Refusal::TransferInProgress);
        }
        if self.is_member(call) { Err(Refusal::WrongState) } else { Ok(call) }
    }

    /// Joins the two others, and leaves.
    pub(in crate::phone) fn complete_transfer(
        &mut self,
        cti: bool,
        user_agent: &mut UserAgent,
        now: Instant,
    ) -> Result<(), Refusal> {
        let Some(transfer) = &self.transfer else { return Err(Refusal::NoTransfer) };
        let (TransferStep::Consulting, Some(consultation)) = (transfer.step, transfer.consultation) else {
            return Err(Refusal::WrongState);
        };
        if transfer.cancelled {
            return Err(Refusal::WrongState);
        }
        match transfer.way {
            Way::Cti if !cti => return Err(Refusal::CtiNotReady),
            Way::Cti => self.effects.push(Effect::Cti(CtiCommand::CompleteTransfer)),
            Way::Refer => {
                let session = |key| self.get(key).and_then(|record| record.session);
                let (call, other) = (session(transfer.call), session(consultation));
                let (Some(call), Some(other)) = (call, other) else { return Err(Refusal::WrongState) };
                user_agent.refer_to_session(call, other, now).map_err(|_| Refusal::WrongState)?;
            }
        }
        self.step(TransferStep::Completing, Some(now + DONE_WITHIN));
        Ok(())
    }

    /// Ends the consultation and goes back to the call.
    pub(in crate::phone) fn cancel_transfer(
        &mut self,
        cti: bool,
        user_agent: &mut UserAgent,
        now: Instant,
    ) -> Result<(), Refusal> {
        let Some(transfer) = &mut self.transfer else { return Err(Refusal::NoTransfer) };
        match transfer.step {
            TransferStep::Completing | TransferStep::Referring => return Err(Refusal::WrongState),
            TransferStep::Holding | TransferStep::Consulting => {}
        }
        let (call, consultation, way) = (transfer.call, transfer.consultation, transfer.way);
        let asked_server = way == Way::Cti && transfer.step == TransferStep::Consulting && cti;
        transfer.cancelled = true;
        transfer.give_up = Some(now + CANCELLED_WITHIN);
        if asked_server {
            self.effects.push(Effect::Cti(CtiCommand::CancelTransfer));
        }
        match consultation {
            // The server ends it; its end brings the person back.
            Some(_) if asked_server => {}
            Some(consultation) => _ = self.hang_up(Some(consultation), user_agent, now),
            None => {
                self.end_transfer();
                self.resume(call, now);
            }
        }
        Ok(())
    }
}

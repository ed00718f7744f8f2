//! Handing a call to somebody else: by the CTI server, which knows both legs, or by REFER where there is none that
//! could do it (RFC 3515, RFC 5589). The person sees the same either way.
//!
//! ```text
//! attended, CTI:  hold ─> attendedTransfer ─> the server calls us, answered by itself ─> completeTransfer ─> BYE, BYE
//! attended, SIP:  hold ─> INVITE to the destination ─> REFER with Replaces ─> NOTIFY 200 ─> BYE, BYE
//! direct:         directTransfer, or REFER ─> NOTIFY 200, BYE
//! ```

use std::time::Duration;

use crate::cti::message::command::Command as CtiCommand;
use crate::sip::event::Referral;
use crate::sip::uri::Uri;
use crate::sip::user_agent::UserAgent;
use crate::time::{Deadline, Instant};

use super::super::api::Refusal;
use super::super::call::{Call, CallKey, CallState, Direction, Hold, Outcome, Party, Transfer, TransferStep};
use super::super::event::CallEvent;
use super::{Calls, Effect, Purpose};

/// The hold of the call is waited for no longer than this.
const HOLD_WITHIN: Duration = Duration::from_secs(5);
/// The CTI server, or the other side, has done its part by then, or will not.
const DONE_WITHIN: Duration = Duration::from_secs(30);
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
    /// When it is given up.
    pub(super) fn deadline(&self) -> Option<Deadline> {
        self.give_up.map(|at| Deadline { at, what: "step of a transfer" })
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
        let (step, give_up) = (TransferStep::Holding, Some(now + HOLD_WITHIN));
        self.transfer = Some(Transferring {
            call,
            consultation: None,
            destination,
            way,
            step,
            cancelled: false,
            give_up,
        });
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
                self.effects.push_back(Effect::Cti(CtiCommand::DirectTransfer { destination }));
            }
            Way::Refer => {
                let session = self.get(call).and_then(|record| record.session).ok_or(Refusal::WrongState)?;
                user_agent
                    .refer(session, destination.target.clone(), now)
                    .map_err(|_| Refusal::WrongState)?;
            }
        }
        let (step, give_up) = (TransferStep::Referring, Some(now + DONE_WITHIN));
        self.transfer = Some(Transferring {
            call,
            consultation: None,
            destination,
            way,
            step,
            cancelled: false,
            give_up,
        });
        Ok(())
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
            Way::Cti => self.effects.push_back(Effect::Cti(CtiCommand::CompleteTransfer)),
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
            self.effects.push_back(Effect::Cti(CtiCommand::CancelTransfer));
        }
        match consultation {
            // The server ends it; its end brings the person back.
            Some(_) if asked_server => {}
            Some(consultation) => drop(self.hang_up(Some(consultation), user_agent, now)),
            None => {
                self.end_transfer();
                self.resume(call, now);
            }
        }
        Ok(())
    }

    /// Does the next step of the transfer when its time has come.
    pub(super) fn go_on_transferring(&mut self, user_agent: &mut UserAgent, now: Instant) {
        let Some(transfer) = &self.transfer else { return };
        let (call, way, late) = (transfer.call, transfer.way, transfer.give_up.is_some_and(|at| at <= now));
        match transfer.step {
            TransferStep::Holding => {
                let held = self.get(call).is_some_and(|record| !record.is_being_held());
                if held || late {
                    let destination = transfer.destination.clone();
                    self.begin_consultation(call, way, destination, user_agent, now);
                }
            }
            TransferStep::Consulting if late && transfer.cancelled => match transfer.consultation {
                Some(consultation) => drop(self.hang_up(Some(consultation), user_agent, now)),
                None => self.end_transfer(),
            },
            TransferStep::Consulting | TransferStep::Completing | TransferStep::Referring if late => {
                self.fail_transfer("The server did not transfer the call");
            }
            TransferStep::Consulting | TransferStep::Completing | TransferStep::Referring => {}
        }
        self.show_transfer();
    }

    fn begin_consultation(
        &mut self,
        call: CallKey,
        way: Way,
        destination: Destination,
        user_agent: &mut UserAgent,
        now: Instant,
    ) {
        let Destination { number, target } = destination;
        match way {
            Way::Cti => {
                let command = CtiCommand::AttendedTransfer { destination: number, device: None };
                self.effects.push_back(Effect::Cti(command));
                self.step(TransferStep::Consulting, Some(now + DONE_WITHIN));
            }
            Way::Refer => {
                let (call_id, party) = (user_agent.fresh_call_id(), Party { number, name: None });
                let new = |key| Call::new(key, call_id, Direction::Outgoing, party, CallState::Preparing);
                let record = self.add(new);
                record.call.consults_for = Some(call);
                record.turned_to = true;
                let key = record.call.key;
                if let Some(transfer) = &mut self.transfer {
                    transfer.consultation = Some(key);
                }
                self.step(TransferStep::Consulting, None);
                self.describe(key, Purpose::Invite { target: Box::new(target) });
            }
        }
    }

    /// A call that the server had answered by itself: the consultation, when one is waited for.
    pub(super) fn consult(&mut self, key: CallKey) {
        let Some(transfer) = &mut self.transfer else { return };
        if transfer.way == Way::Cti
            && transfer.step == TransferStep::Consulting
            && transfer.consultation.is_none()
        {
            transfer.consultation = Some(key);
            transfer.give_up = None;
            let call = transfer.call;
            if let Some(record) = self.get_mut(key) {
                record.call.consults_for = Some(call);
            }
        }
    }

    /// What the other side says of a REFER of ours.
    pub(super) fn on_referral(
        &mut self,
        key: CallKey,
        referral: Referral,
        user_agent: &mut UserAgent,
        now: Instant,
    ) {
        let Some(transfer) = self.transfer.as_ref().filter(|transfer| transfer.call == key) else { return };
        match referral {
            Referral::Accepted => {}
            Referral::Succeeded => {
                for done in [Some(transfer.call), transfer.consultation].into_iter().flatten() {
                    self.leave(done, user_agent, now);
                    self.end(done, Outcome::Transferred, None, now);
                }
            }
            Referral::Failed { status, reason } => {
                let phrase = || status.map_or("Refused", |status| status.reason_phrase()).to_owned();
                let reason = if reason.is_empty() { phrase() } else { reason };
                self.fail_transfer(&reason);
            }
        }
    }

    /// The CTI server could not be asked.
    pub(in crate::phone) fn cti_failed(&mut self) {
        if self.transfer.as_ref().is_some_and(|transfer| transfer.way == Way::Cti && !transfer.cancelled) {
            self.fail_transfer("The CTI server cannot be reached now");
        }
    }

    /// The CTI server said that it could not do something. It does not say what: while it is being waited for in a
    /// transfer, that is what is meant.
    pub(in crate::phone) fn cti_refused(&mut self, reason: &str, now: Instant) {
        let Some(transfer) = &mut self.transfer else { return };
        let waits = transfer.give_up.is_some() && transfer.step != TransferStep::Holding;
        if transfer.way != Way::Cti || !waits {
            return;
        }
        if transfer.cancelled {
            transfer.give_up = Some(now);
        } else {
            self.fail_transfer(reason);
        }
    }

    /// It did not work: both calls are there, and the consultation may be tried to complete again.
    fn fail_transfer(&mut self, reason: &str) {
        let Some(transfer) = &mut self.transfer else { return };
        let call = transfer.call;
        if transfer.consultation.is_some() {
            self.step(TransferStep::Consulting, None);
        } else {
            self.end_transfer();
        }
        self.publish(call, CallEvent::TransferFailed { reason: reason.to_owned() });
    }

    /// Whether the end of that call by the other side is the transfer's success.
    pub(super) fn is_handed_over(&self, key: CallKey) -> bool {
        self.transfer.as_ref().is_some_and(|transfer| match transfer.step {
            TransferStep::Completing => transfer.call == key || transfer.consultation == Some(key),
            TransferStep::Referring => transfer.call == key,
            TransferStep::Holding | TransferStep::Consulting => false,
        })
    }

    /// A call is over, and the transfer may be with it.
    pub(super) fn transferring_ended(&mut self, key: CallKey, reason: &str, now: Instant) {
        let Some(transfer) = &mut self.transfer else { return };
        let (call, cancelled) = (transfer.call, transfer.cancelled);
        let completing = transfer.step == TransferStep::Completing;
        if transfer.call == key {
            // The other call goes on by itself; after a completed transfer its own end is on its way.
            if !completing || transfer.consultation.is_none() {
                self.transfer = None;
            }
        } else if transfer.consultation == Some(key) {
            transfer.consultation = None;
            let waits = self.get(call).is_some_and(|record| record.call.state.is_live());
            if !(waits && completing) {
                self.transfer = None;
            }
            if waits && cancelled {
                self.resume(call, now);
            } else if waits && !completing {
                self.publish(call, CallEvent::TransferFailed { reason: reason.to_owned() });
            }
        }
        self.show_transfer();
    }

    fn end_transfer(&mut self) {
        self.transfer = None;
        self.show_transfer();
    }

    fn step(&mut self, step: TransferStep, give_up: Option<Instant>) {
        if let Some(transfer) = &mut self.transfer {
            transfer.step = step;
            transfer.give_up = give_up;
        }
    }

    /// Shows on the cards what is under way.
    fn show_transfer(&mut self) {
        let transfer = self.transfer.as_ref();
        for record in &mut self.records {
            let call = &mut record.call;
            let is_its = |transfer: &&Transferring| transfer.call == call.key && call.state.is_live();
            call.transfer = transfer.filter(is_its).map(|transfer| Transfer {
                destination: transfer.destination.number.clone(),
                step: transfer.step,
            });
            call.consults_for = call
                .consults_for
                .filter(|_| transfer.is_some_and(|transfer| transfer.consultation == Some(call.key)));
        }
    }
}

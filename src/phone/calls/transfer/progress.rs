//! What becomes of a transfer: its next step, the words of the CTI server and of the other sides, its end.

use crate::cti::message::command::Command as CtiCommand;
use crate::sip::event::Referral;
use crate::sip::user_agent::UserAgent;
use crate::time::Instant;

use super::super::super::call::{CallKey, CallState, Direction, Outcome, Party, Transfer, TransferStep};
use super::super::super::event::CallEvent;
use super::super::{Calls, Effect, Purpose, Record};
use super::{DONE_WITHIN, Destination, TOLD_WITHIN, Transferring, Way};

impl Calls {
    /// Does the next step of the transfer when its time has come.
    pub(in super::super) fn go_on_transferring(&mut self, user_agent: &mut UserAgent, now: Instant) {
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
                Some(consultation) => _ = self.hang_up(Some(consultation), user_agent, now),
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
                self.effects.push(Effect::Cti(command));
                self.step(TransferStep::Consulting, Some(now + DONE_WITHIN));
            }
            Way::Refer => {
                let (call_id, party) = (user_agent.fresh_call_id(), Party { number, name: None });
                // Who has taken the call back meanwhile talks there: the consultation waits on hold once it is answered.
                let turned_to = self.get(call).is_some_and(Record::is_to_be_held);
                let record = self.add(call_id, Direction::Outgoing, party, CallState::Preparing);
                record.call.consults_for = Some(call);
                record.turned_to = turned_to;
                let key = record.call.key;
                if let Some(transfer) = &mut self.transfer {
                    transfer.consultation = Some(key);
                }
                self.step(TransferStep::Consulting, None);
                self.describe(key, Purpose::Invite { target: Box::new(target) });
            }
        }
    }

    /// Whether there will be a consultation that is not there yet.
    pub(in super::super) fn expects_consultation(&self) -> bool {
        self.transfer.as_ref().is_some_and(|transfer| {
            transfer.consultation.is_none()
                && matches!(transfer.step, TransferStep::Holding | TransferStep::Consulting)
        })
    }

    /// Whether the consultation will be a call of the CTI server, which was asked for it.
    pub(in super::super) fn expects_call_of_server(&self) -> bool {
        self.expects_consultation()
            && self
                .transfer
                .as_ref()
                .is_some_and(|transfer| transfer.way == Way::Cti && transfer.step == TransferStep::Consulting)
    }

    /// A call that the server had answered by itself: the consultation, when one is waited for.
    pub(in super::super) fn consult(&mut self, key: CallKey) {
        let expected = self.expects_call_of_server();
        let Some(transfer) = &mut self.transfer else { return };
        if expected {
            transfer.consultation = Some(key);
            transfer.give_up = None;
            let call = transfer.call;
            if let Some(record) = self.get_mut(key) {
                record.call.consults_for = Some(call);
            }
        }
    }

    /// What the other side says of a REFER of ours.
    pub(in super::super) fn on_referral(
        &mut self,
        key: CallKey,
        referral: Referral,
        user_agent: &mut UserAgent,
        now: Instant,
    ) {
        let Some(transfer) = self.transfer.as_mut().filter(|transfer| transfer.call == key) else { return };
        match referral {
            Referral::Accepted => transfer.give_up = Some(now + TOLD_WITHIN),
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

    /// The CTI server said that it could not do something, or could not be asked. It does not say what: while it is
    /// being waited for in a transfer, that is what is meant. What it has not begun is done without it.
    pub(in crate::phone) fn cti_refused(&mut self, reason: &str, user_agent: &mut UserAgent, now: Instant) {
        let Some(transfer) = &mut self.transfer else { return };
        if transfer.way != Way::Cti || transfer.give_up.is_none() {
            return;
        }
        let begun = match transfer.step {
            TransferStep::Holding => return,
            TransferStep::Consulting => transfer.consultation.is_some(),
            TransferStep::Completing => true,
            TransferStep::Referring => transfer.told,
        };
        if transfer.cancelled {
            transfer.give_up = Some(now);
        } else if begun {
            self.fail_transfer(reason);
        } else {
            transfer.way = Way::Refer;
            let (call, destination) = (transfer.call, transfer.destination.clone());
            if transfer.step == TransferStep::Consulting {
                self.begin_consultation(call, Way::Refer, destination, user_agent, now);
            } else if self.refer(call, destination.target, user_agent, now).is_ok() {
                self.step(TransferStep::Referring, Some(now + DONE_WITHIN));
            } else {
                self.fail_transfer(reason);
            }
        }
    }

    /// The CTI server told something of the call with that SIP Call-ID.
    pub(in crate::phone) fn cti_told(&mut self, sip_call_id: &str) {
        let Some(transfer) = &self.transfer else { return };
        let is_its = self.get(transfer.call).is_some_and(|record| record.call.sip_call_id == sip_call_id);
        if let Some(transfer) = self.transfer.as_mut().filter(|_| is_its) {
            transfer.told |= transfer.step == TransferStep::Referring;
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
    pub(in super::super) fn is_handed_over(&self, key: CallKey) -> bool {
        self.transfer.as_ref().is_some_and(|transfer| match transfer.step {
            TransferStep::Completing => transfer.call == key || transfer.consultation == Some(key),
            TransferStep::Referring => transfer.call == key,
            TransferStep::Holding | TransferStep::Consulting => false,
        })
    }

    /// Whether that call is a consultation that the person has ended.
    pub(in super::super) fn is_cancelled_consultation(&self, key: CallKey) -> bool {
        self.transfer
            .as_ref()
            .is_some_and(|transfer| transfer.cancelled && transfer.consultation == Some(key))
    }

    /// A call is over, and the transfer may be with it.
    pub(in super::super) fn transferring_ended(&mut self, key: CallKey, reason: &str, now: Instant) {
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

    pub(super) fn end_transfer(&mut self) {
        self.transfer = None;
        self.show_transfer();
    }

    pub(super) fn step(&mut self, step: TransferStep, give_up: Option<Instant>) {
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

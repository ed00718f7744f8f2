//! Beginning calls and transfers: what was typed becomes an address of the line.

use crate::time::Instant;

use super::super::api::{Refusal, TransferMethod};
use super::super::call::CallKey;
use super::super::calls::{self, Way};
use super::super::destination::{Destination, DestinationError};
use super::super::event::Event;
use super::super::refusal;
use super::Core;

impl Core {
    pub(super) fn dial(&mut self, typed: &str, video: bool, now: Instant) -> Result<(), Refusal> {
        self.begin_call(typed, video, now).inspect_err(|refused| {
            let reason = refusal::reason(refused).to_owned();
            self.publish(Event::DialFailed { reason, sip_call_id: None });
        })
    }

    fn begin_call(&mut self, typed: &str, video: bool, now: Instant) -> Result<(), Refusal> {
        let calls::Destination { number, target } = self.destination(typed)?;
        if !self.signalling.is_registered() {
            return Err(Refusal::NotRegistered);
        }
        let (calls, user_agent) = self.at_work()?;
        calls.dial(user_agent.fresh_call_id(), target, number, video, now)
    }

    pub(super) fn attended_transfer(
        &mut self,
        call: Option<CallKey>,
        typed: &str,
        now: Instant,
    ) -> Result<(), Refusal> {
        let (destination, way) = (self.destination(typed)?, self.way());
        self.calls.attended_transfer(call, destination, way, now)
    }

    pub(super) fn direct_transfer(
        &mut self,
        call: Option<CallKey>,
        typed: &str,
        now: Instant,
    ) -> Result<(), Refusal> {
        let (destination, way) = (self.destination(typed)?, self.way());
        let (calls, user_agent) = self.at_work()?;
        calls.direct_transfer(call, destination, way, user_agent, now)
    }

    fn way(&self) -> Way {
        match self.transfer_method {
            TransferMethod::Cti if self.cti_is_up() => Way::Cti,
            TransferMethod::Cti | TransferMethod::Refer => Way::Refer,
        }
    }

    fn destination(&mut self, typed: &str) -> Result<calls::Destination, Refusal> {
        let destination = Destination::parse(typed).map_err(Refusal::Destination)?;
        if !self.signalling.is_running() {
            return Err(Refusal::NotStarted);
        }
        let Some(user_agent) = self.signalling.user_agent() else { return Err(Refusal::NotStarted) };
        let target = user_agent
            .resolve(&destination.to_string())
            .map_err(|_| Refusal::Destination(DestinationError::BrokenAddress))?;
        let number = match &destination {
            Destination::Number(number) => number.clone(),
            Destination::Address(address) => {
                Some(target.user_text()).filter(|user| !user.is_empty()).unwrap_or_else(|| address.clone())
            }
        };
        Ok(calls::Destination { number, target })
    }
}

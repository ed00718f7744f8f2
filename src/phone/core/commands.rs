//! What each command asks of which part.

use crate::sip::user_agent::UserAgent;
use crate::time::Instant;

use super::super::api::{Command, Refusal};
use super::super::call::CallKey;
use super::super::calls::{Calls, digits_of};
use super::super::effect::Output;
use super::Core;

impl Core {
    pub(super) fn carry_out(&mut self, command: Command, now: Instant) -> Result<(), Refusal> {
        match command {
            Command::LogIn { server, login, password, client } => {
                self.log_in(server, login, password, &client, now)
            }
            // Only the driver knows what the tab kept, and of other tabs.
            Command::Resume | Command::TakeOver => Ok(()),
            Command::LogOut => self.log_out(now),
            Command::Init => self.init(now),
            Command::Stop => self.stop(now),
            Command::Dial { destination, video } => self.dial(&destination, video, now),
            Command::Answer { call, video } => self.calls.answer(call, video, now),
            Command::Reject(call) => {
                let (calls, user_agent) = self.at_work()?;
                calls.reject(call, user_agent, now)
            }
            Command::HangUp(call) => {
                let (calls, user_agent) = self.at_work()?;
                calls.hang_up(call, user_agent, now)
            }
            Command::Dismiss(call) => self.calls.dismiss(call),
            Command::DismissMessage(key) => {
                self.inbox.dismiss(key);
                Ok(())
            }
            Command::SetMicrophone { call, on } => self.calls.set_microphone(call, on),
            Command::ToggleMicrophone(call) => self.calls.toggle_microphone(call),
            Command::ToggleHold(call) => self.calls.toggle_hold(call, now),
            Command::SetHold { call, on } => self.calls.set_hold(call, on, now),
            Command::Dtmf { call, digits } => self.dtmf(call, &digits),
            Command::SetDtmfMethod(method) => {
                self.calls.set_dtmf_method(method);
                Ok(())
            }
            Command::Conference => self.calls.conference(),
            Command::AttendedTransfer { call, destination } => {
                self.attended_transfer(call, &destination, now)
            }
            Command::CompleteTransfer => {
                let cti = self.cti_is_up();
                let (calls, user_agent) = self.at_work()?;
                calls.complete_transfer(cti, user_agent, now)
            }
            Command::CancelTransfer => {
                let cti = self.cti_is_up();
                let (calls, user_agent) = self.at_work()?;
                calls.cancel_transfer(cti, user_agent, now)
            }
            Command::DirectTransfer { call, destination } => self.direct_transfer(call, &destination, now),
            Command::SetTransferMethod(method) => {
                self.transfer_method = method;
                Ok(())
            }
            Command::SetCamera { call, on } => self.calls.set_camera(call, on),
            Command::SetVideo { call, on } => self.calls.set_video(call, on),
            Command::SetIceServers(choice) => self.calls.choose_ice(choice),
            Command::SetDebug(debug) => self.set_debug(debug),
            Command::Cti(command) => {
                let command = command.map_err(Refusal::BadCtiCommand)?;
                self.tell_cti(&command, now).map_err(|_| Refusal::CtiNotReady)
            }
        }
    }

    /// The calls, and the user agent that has to act for them.
    pub(super) fn at_work(&mut self) -> Result<(&mut Calls, &mut UserAgent), Refusal> {
        let user_agent = self.signalling.user_agent().ok_or(Refusal::NotStarted)?;
        Ok((&mut self.calls, user_agent))
    }

    pub(super) fn dtmf(&mut self, call: Option<CallKey>, digits: &str) -> Result<(), Refusal> {
        let digits = digits_of(digits)?;
        self.calls.dtmf(call, &digits)?;
        self.outputs.push(Output::KeyTones(digits.replace(',', "")));
        Ok(())
    }
}

//! What people ask over CTI (xuc-cti §4).

use std::sync::Arc;
use std::time::SystemTime;

use xc_webrtc::cti::message::command::Command;
use xc_webrtc::cti::message::{
    CallDirection, ErrorMessage, EventType, LineConfig, LoggedOnError, Message, WebRtcCmd,
};
use xc_webrtc::sip::status::StatusCode;

use super::Exchange;
use super::call::{Call, CallId, End, Identity, Side, Stage};
use super::services;
use super::socket::{Outbox, SocketId};
use crate::account::{Account, Directory};
use crate::media::MediaKind;

impl Exchange {
    /// A CTI websocket was opened: its user is greeted.
    pub fn cti_opened(&mut self, account: Arc<Account>, outbox: Outbox) -> SocketId {
        let id = SocketId(self.next_id());
        let status = self.status(&account);
        let greeting = self.asterisk_greeting(&account);
        let services = self.services.get(&account.login).cloned().unwrap_or_default();
        self.cti.insert(id, Some(account.clone()), outbox);
        if self.faults.refuse_logon {
            self.send_cti(id, &Message::LoggedOnError(LoggedOnError::Failed));
            // Without its outbox the websocket is closed as soon as this was sent.
            self.cti.remove(id);
            return id;
        }
        self.send_cti(id, &Message::LoggedOn);
        if let Directory::Lab(_) = self.directory {
            self.send_cti(id, &Message::UserConfigUpdate(Box::new(services.told_of(&account))));
            self.send_cti(id, &Message::PhoneStatusUpdate(Some(status)));
            self.send_cti(id, &Message::VoiceMailStatusUpdate(services.voice_mail(&account)));
        } else {
            self.send_cti(id, &Message::UserConfigUpdate(Box::new(services::identity(&account))));
        }
        greeting.iter().for_each(|message| self.send_cti(id, message));
        id
    }

    /// A CTI websocket is gone. Calls are not touched: CTI and SIP live apart.
    pub fn cti_closed(&mut self, socket: SocketId) {
        self.cti.remove(socket);
        self.watched.remove(&socket);
    }

    /// A frame came by a CTI websocket.
    pub fn cti_received(&mut self, socket: SocketId, frame: &str) {
        let Some(account) = self.cti.account(socket).cloned() else { return };
        if self.faults.silent_cti.meets(Some(&account.login)) {
            return;
        }
        let outcome = match Command::from_frame(frame) {
            Ok(command) => self.obey(socket, &account, &command),
            Err(error) => Err(error.to_string()),
        };
        if let Err(text) = outcome {
            self.send_cti(socket, &Message::Error(ErrorMessage { text }));
        }
    }

    fn obey(&mut self, socket: SocketId, account: &Arc<Account>, command: &Command) -> Result<(), String> {
        let login = account.login.as_str();
        match command {
            // Any frame will do (xuc-cti §3.4).
            Command::Ping => self.cti.send(socket, command.to_json().to_string()),
            Command::GetConfig { object_type } if object_type == "line" => {
                self.send_cti(socket, &Message::LineConfig(Box::new(self.line_config(account))));
            }
            Command::GetIceConfig => {
                let servers = self.ice_of.get(login).unwrap_or(&self.ice);
                let config = servers.told_to(login, SystemTime::now());
                self.send_cti(socket, &Message::IceConfig(Box::new(config)));
            }
            _ if self.asterisk.is_some() => self.obey_by_asterisk(socket, account, command)?,
            Command::GetCurrentCallsPhoneEvents => {
                self.send_cti(socket, &Message::CurrentCallsPhoneEvents(self.current_calls(login)));
            }
            Command::Dial { destination, variables } => self.dial(account, destination, variables, None)?,
            Command::DirectTransfer { destination } => self.direct_transfer(login, destination)?,
            Command::AttendedTransfer { destination, .. } => self.attended_transfer(account, destination)?,
            Command::CompleteTransfer => self.complete_transfer(login)?,
            Command::CancelTransfer => self.cancel_transfer(login)?,
            Command::SetData { variables } => self.set_data(login, variables)?,
            Command::Hangup { unique_id } => {
                let (id, side) = self.call_meant(login, unique_id.as_deref())?;
                self.end_call(id, refusal_by(side), None);
            }
            Command::Answer { unique_id } => {
                let sip_call_id = Some(self.sip_call_meant(login, unique_id.as_deref())?);
                self.send_to_login(login, &Message::WebRtcCmd(WebRtcCmd::Answer { sip_call_id }));
            }
            Command::Hold { unique_id } => {
                let sip_call_id = Some(self.sip_call_meant(login, unique_id.as_deref())?);
                self.send_to_login(login, &Message::WebRtcCmd(WebRtcCmd::Hold { sip_call_id }));
            }
            Command::ToggleMicrophone { unique_id } => {
                let sip_call_id = Some(self.sip_call_meant(login, unique_id.as_deref())?);
                self.send_to_login(login, &Message::WebRtcCmd(WebRtcCmd::ToggleMicrophone { sip_call_id }));
            }
            Command::SendDtmf { key } => {
                self.call_meant(login, None)?;
                self.send_to_login(login, &Message::WebRtcCmd(WebRtcCmd::SendDtmf { key: key.clone() }));
            }
            Command::SubscribeToPhoneHints { numbers } => self.watch(socket, numbers),
            Command::UnsubscribeFromAllPhoneHints => {
                self.watched.remove(&socket);
            }
            Command::GetConfig { .. } | Command::Dnd { .. } | Command::Other { .. } => {
                if !self.set_service(account, command)? {
                    return Err(format!("the lab does not serve {}", command.name()));
                }
            }
        }
        Ok(())
    }

    fn line_config(&self, account: &Account) -> LineConfig {
        LineConfig {
            id: Some(account.user_id.to_string()),
            name: Some(account.line_name.clone()),
            password: Some(account.line_password.clone()),
            number: Some(account.number.clone()),
            xivo_ip: Some(self.host.clone()),
            sip_proxy_name: Some(account.domain.clone()),
            web_rtc: true,
            ..LineConfig::default()
        }
    }

    /// The end of a call that a command means: the one with that channel, or else of the newest call.
    fn call_meant(&self, login: &str, unique_id: Option<&str>) -> Result<(CallId, Side), String> {
        self.ends_of(login)
            .rev()
            .find(|(_, call, side)| unique_id.is_none_or(|wanted| call.end(*side).unique_id == wanted))
            .map(|(id, _, side)| (id, side))
            .ok_or_else(|| "there is no such call".to_owned())
    }

    fn sip_call_meant(&self, login: &str, unique_id: Option<&str>) -> Result<String, String> {
        let (id, side) = self.call_meant(login, unique_id)?;
        self.calls
            .get(&id)
            .map(|call| call.end(side).call_id.clone())
            .ok_or_else(|| "there is no such call".to_owned())
    }

    /// Calls for someone: their own phone first, which answers of itself, then the number (xuc-cti §7). A consultation
    /// reaches only the phone that has the other call.
    pub(super) fn dial(
        &mut self,
        account: &Arc<Account>,
        destination: &str,
        variables: &[(String, String)],
        consults_for: Option<CallId>,
    ) -> Result<(), String> {
        let (id, unique_id, call_id) = (CallId(self.next_id()), self.next_unique_id(), self.names.call_id());
        let caller = End::new(Identity::of(account), unique_id.clone(), call_id, CallDirection::Outgoing);
        let callee = self.called_end(destination);
        let mut call = Call::new(unique_id, [caller, callee], Stage::Summoning, vec![MediaKind::Audio]);
        call.variables = variables.iter().map(|(name, value)| (usr(name), value.clone())).collect();
        call.consults_for = consults_for;
        self.calls.insert(id, call);
        if self.ring_phones(id, Side::Caller, &self.auto_answer.fields()) {
            self.tell(id, Side::Caller, EventType::Dialing);
            Ok(())
        } else {
            self.calls.remove(&id);
            Err("your phone is not registered".to_owned())
        }
    }

    /// Attaches data to the newest call of someone; both ends are told.
    fn set_data(&mut self, login: &str, variables: &[(String, String)]) -> Result<(), String> {
        let (id, _) = self.call_meant(login, None)?;
        for (name, value) in variables {
            self.attach(id, &usr(name), value);
        }
        Ok(())
    }

    fn watch(&mut self, socket: SocketId, numbers: &[String]) {
        self.watched.entry(socket).or_default().extend(numbers.iter().cloned());
        for number in numbers {
            if let Some(account) = self.directory.by_number(number) {
                self.tell_hint(socket, account);
            }
        }
    }
}

/// What the caller hears of a call that somebody hung up by CTI before it was answered.
pub(super) const fn refusal_by(side: Side) -> StatusCode {
    match side {
        Side::Caller => StatusCode::REQUEST_TERMINATED,
        Side::Callee => StatusCode::DECLINE,
    }
}

/// Data attached to a call comes back under this prefix (xuc-cti §4.1).
fn usr(name: &str) -> String {
    if name.starts_with("USR_") { name.to_owned() } else { format!("USR_{name}") }
}

//! Where a call goes that the called person wants elsewhere, or does not want (xuc-cti §4.2).

use xc_webrtc::cti::message::command::Command;
use xc_webrtc::cti::message::{EventType, Message};
use xc_webrtc::sip::status::StatusCode;

use super::Exchange;
use super::call::{CallId, Side};
use super::leg::{Leg, State};
use crate::account::{Account, Directory};

/// Calls that were forwarded more often are in a circle.
const MOST_FORWARDS: u8 = 5;

impl Exchange {
    /// Asks the called person's phones, unless they are to be left alone.
    pub(super) fn reach(&mut self, id: CallId, account: &Account) {
        let services = self.services.get(&account.login);
        if let Some(always) = services.map(|services| &services.unconditional).filter(|it| it.enabled) {
            let destination = always.destination.clone();
            self.forward(id, &destination);
        } else if services.is_some_and(|services| services.dnd) {
            self.not_taken(id, StatusCode::BUSY_HERE);
        } else if !self.ring_phones(id, Side::Callee, &[]) {
            self.not_taken(id, StatusCode::TEMPORARILY_UNAVAILABLE);
        }
    }

    /// The called person does not take the call: it goes on where they want it, or has failed.
    pub(super) fn not_taken(&mut self, id: CallId, status: StatusCode) {
        let called = self.calls.get(&id).and_then(|call| call.callee.account.as_ref());
        let services = called.and_then(|account| self.services.get(&account.login));
        match services.and_then(|services| services.onward(status)).map(str::to_owned) {
            Some(destination) => self.forward(id, &destination),
            None => self.call_failed(id, status),
        }
    }

    fn forward(&mut self, id: CallId, destination: &str) {
        let callee = self.called_end(destination);
        let Some(call) = self.calls.get(&id) else { return };
        self.tell_left(call, Side::Callee);
        let Some(call) = self.calls.get_mut(&id) else { return };
        let left = std::mem::replace(&mut call.callee, callee);
        call.forwards += 1;
        let (forwards, told) = (call.forwards, call.caller.told.clone());
        for leg in left.legs {
            self.give_up(leg, None);
        }
        if forwards > MOST_FORWARDS {
            return self.call_failed(id, StatusCode::LOOP_DETECTED);
        }
        self.say_forwarded(id);
        if told == Some(EventType::Dialing) {
            // Again, because it is to somebody else.
            self.tell(id, Side::Caller, EventType::Dialing);
        }
        self.place(id);
    }

    /// Tells the caller's phone that somebody else is asked now (RFC 3261 §21.1.3).
    fn say_forwarded(&self, id: CallId) {
        let Some(call) = self.calls.get(&id) else { return };
        for leg in call.caller.legs.iter().filter_map(|leg| self.legs.get(leg)) {
            if let (Leg { state: State::Asked { invite, .. }, dialog, .. }, Some(socket)) =
                (leg, leg.socket())
            {
                let status = StatusCode::CALL_IS_BEING_FORWARDED;
                self.send(socket, &invite.reply(status, dialog.local.tag()));
            }
        }
    }

    /// Sets a forward or do-not-disturb; every page of that person is told. False: the command is about something else.
    pub(super) fn set_service(&mut self, account: &Account, command: &Command) -> Result<bool, String> {
        let Directory::Lab(_) = self.directory else { return Ok(false) };
        let services = self.services.entry(account.login.clone()).or_default();
        let Some(update) = services.obey(account, command) else { return Ok(false) };
        self.send_to_login(&account.login, &Message::UserConfigUpdate(Box::new(update?)));
        Ok(true)
    }

    /// So many messages are in someone's voice mail box; they are told. False when there is no such person.
    pub fn leave_messages(&mut self, login: &str, messages: [u32; 3]) -> bool {
        let Some(account) = self.directory.by_name(login).cloned() else { return false };
        let services = self.services.entry(account.login.clone()).or_default();
        services.messages = messages;
        let status = services.voice_mail(&account);
        self.send_to_login(login, &Message::VoiceMailStatusUpdate(status));
        true
    }
}

//! The calls of an Asterisk behind the lab, as people see and drive them over CTI.

use std::collections::BTreeMap;

use tokio::sync::mpsc::UnboundedSender;
use xc_webrtc::cti::message::command::Command;
use xc_webrtc::cti::message::{Message, PhoneHintStatus};
use xc_webrtc::secret::Secret;

use super::Exchange;
use super::socket::SocketId;
use crate::account::Account;
use crate::ami::Notice;
use crate::random;
use crate::switchboard::{Output, Switchboard};

/// What is known of the Asterisk and its people.
pub(super) struct Asterisk {
    switchboard: Switchboard,
    /// The way to its manager interface.
    actions: UnboundedSender<String>,
    /// The passwords that the lines were registered with, by login. Anybody gets a token from us, because only Asterisk
    /// knows the passwords; so nobody sees or drives calls before Asterisk has taken theirs.
    proved: BTreeMap<String, Secret>,
}

impl Asterisk {
    fn has_proved(&self, account: &Account) -> bool {
        self.proved.get(&account.login) == Some(&account.line_password)
    }
}

impl Exchange {
    /// From now on calls are followed over the manager interface, which takes these lines.
    pub fn drive_asterisk(&mut self, actions: UnboundedSender<String>) {
        let [a, b, c, d, e, f, g, h, ..] = random::seed();
        let switchboard = Switchboard::new(u64::from_le_bytes([a, b, c, d, e, f, g, h]));
        self.asterisk = Some(Asterisk { switchboard, actions, proved: BTreeMap::new() });
    }

    /// The manager interface has something to tell.
    pub fn asterisk_noticed(&mut self, notice: &Notice) {
        if let Some(asterisk) = &mut self.asterisk {
            asterisk.switchboard.handle(notice);
            self.run_switchboard();
        }
    }

    /// Asterisk has registered a phone of this account, so the password is right.
    pub fn line_proved(&mut self, account: &Account) {
        let Some(asterisk) = &mut self.asterisk else { return };
        if asterisk.has_proved(account) {
            return;
        }
        asterisk.proved.insert(account.login.clone(), account.line_password.clone());
        asterisk.switchboard.follow(&account.login);
        for message in self.asterisk_greeting(account) {
            self.tell_proved(&account.login, &message);
        }
        self.run_switchboard();
    }

    /// What a page is told of its line as soon as it may know.
    pub(super) fn asterisk_greeting(&self, account: &Account) -> Vec<Message> {
        let Some(asterisk) = self.asterisk.as_ref().filter(|asterisk| asterisk.has_proved(account)) else {
            return Vec::new();
        };
        let mut greeting = asterisk.switchboard.greeting(&account.login);
        let calls = asterisk.switchboard.current_calls(&account.login);
        if !calls.is_empty() {
            greeting.push(Message::CurrentCallsPhoneEvents(calls));
        }
        greeting
    }

    /// Does what somebody asks about calls.
    pub(super) fn obey_by_asterisk(
        &mut self,
        socket: SocketId,
        account: &Account,
        command: &Command,
    ) -> Result<(), String> {
        let Some(asterisk) = &mut self.asterisk else { return Ok(()) };
        let proved = asterisk.has_proved(account);
        let outcome = match command {
            Command::GetCurrentCallsPhoneEvents => {
                let calls = match proved {
                    true => asterisk.switchboard.current_calls(&account.login),
                    false => Vec::new(),
                };
                self.send_cti(socket, &Message::CurrentCallsPhoneEvents(calls));
                Ok(())
            }
            Command::UnsubscribeFromAllPhoneHints => {
                self.watched.remove(&socket);
                Ok(())
            }
            _ if !proved => Err("your phone is not registered".to_owned()),
            Command::SubscribeToPhoneHints { numbers } => {
                self.watch_in_asterisk(socket, numbers);
                Ok(())
            }
            _ => asterisk.switchboard.obey(&account.login, command),
        };
        self.run_switchboard();
        outcome
    }

    fn watch_in_asterisk(&mut self, socket: SocketId, numbers: &[String]) {
        self.watched.entry(socket).or_default().extend(numbers.iter().cloned());
        let Some(asterisk) = &self.asterisk else { return };
        for number in numbers {
            if let Some(status) = asterisk.switchboard.hint(number) {
                let hint = PhoneHintStatus { number: number.clone(), status: Some(status) };
                self.send_cti(socket, &Message::PhoneHintStatus(hint));
            }
        }
    }

    fn run_switchboard(&mut self) {
        while let Some(asterisk) = &mut self.asterisk
            && let Some(output) = asterisk.switchboard.poll()
        {
            match output {
                Output::Ask { id, action } => {
                    // Without a link the switchboard asks nothing; one that was just lost says so.
                    let _ = asterisk.actions.send(action.to_wire(id));
                }
                Output::Tell { login, message } => self.tell_proved(&login, &message),
                Output::Hint { number, status } => {
                    let hint = PhoneHintStatus { number: number.clone(), status: Some(status) };
                    let watching = self.watched.iter().filter(|(_, numbers)| numbers.contains(&number));
                    for (socket, _) in watching {
                        self.send_cti(*socket, &Message::PhoneHintStatus(hint.clone()));
                    }
                }
                Output::Complain(text) => eprintln!("{text}"),
            }
        }
    }

    /// Tells all pages of a person, except those that know the login only.
    fn tell_proved(&self, login: &str, message: &Message) {
        let Some(asterisk) = &self.asterisk else { return };
        for socket in self.cti.of(Some(login)) {
            if self.cti.account(socket).is_some_and(|account| asterisk.has_proved(account)) {
                self.send_cti(socket, message);
            }
        }
    }
}

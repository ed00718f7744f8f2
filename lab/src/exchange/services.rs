//! What somebody has set for the calls that come to them, and their voice mail box (xuc-cti §4.2, §6.2, §6.10).

use xc_webrtc::cti::message::command::Command;
use xc_webrtc::cti::message::{Forward, UserConfig, VoiceMailStatus};
use xc_webrtc::json::{Object, Value};
use xc_webrtc::sip::status::StatusCode;

use crate::account::Account;

/// No number that can be dialled is longer.
const LONGEST_NUMBER: usize = 64;

/// The services of one line.
#[derive(Clone, Debug, Default)]
pub struct Services {
    /// Calls go on to another number at once.
    pub unconditional: Forward,
    /// Calls go on when the phones are busy, or refuse them.
    pub busy: Forward,
    /// Calls go on when no phone answers, or none is there.
    pub no_answer: Forward,
    /// Phones are not to ring.
    pub dnd: bool,
    /// Messages: new, waiting, old.
    pub messages: [u32; 3],
}

/// Tells of one forward and of nothing else.
type Update = fn(Forward) -> UserConfig;

impl Services {
    /// Sets what that command asks for; gives what is new. `None`: it is about something else.
    pub fn obey(&mut self, account: &Account, command: &Command) -> Option<Result<UserConfig, String>> {
        match command {
            Command::Dnd { state } => {
                self.dnd = *state;
                Some(Ok(UserConfig { dnd: Some(*state), ..UserConfig::default() }))
            }
            Command::Other { command, arguments } => {
                let (forward, told) = self.forward(command)?;
                Some(set(forward, account, command, arguments).map(|()| told(forward.clone())))
            }
            _ => None,
        }
    }

    /// The forward that a command sets, and how it is told.
    fn forward(&mut self, command: &str) -> Option<(&mut Forward, Update)> {
        Some(match command {
            "uncFwd" => (&mut self.unconditional, |forward| UserConfig {
                unconditional: Some(forward),
                ..UserConfig::default()
            }),
            "busyFwd" => {
                (&mut self.busy, |forward| UserConfig { busy: Some(forward), ..UserConfig::default() })
            }
            "naFwd" => (&mut self.no_answer, |forward| UserConfig {
                no_answer: Some(forward),
                ..UserConfig::default()
            }),
            _ => return None,
        })
    }

    /// Where a call goes on that was refused so.
    pub fn onward(&self, refusal: StatusCode) -> Option<&str> {
        let forward = match refusal {
            StatusCode::BUSY_HERE | StatusCode::BUSY_EVERYWHERE | StatusCode::DECLINE => &self.busy,
            StatusCode::REQUEST_TIMEOUT | StatusCode::TEMPORARILY_UNAVAILABLE => &self.no_answer,
            _ => return None,
        };
        forward.enabled.then_some(&forward.destination)
    }

    /// Who that is and all they have set.
    pub fn told_of(&self, account: &Account) -> UserConfig {
        UserConfig {
            voice_mail_id: Some(account.user_id.to_string()),
            voice_mail_enabled: Some(true),
            no_answer: Some(self.no_answer.clone()),
            unconditional: Some(self.unconditional.clone()),
            busy: Some(self.busy.clone()),
            dnd: Some(self.dnd),
            ..identity(account)
        }
    }

    /// The messages in their box.
    pub fn voice_mail(&self, account: &Account) -> VoiceMailStatus {
        let [new_messages, waiting_messages, old_messages] = self.messages;
        let voice_mail_id = Some(account.user_id.to_string());
        VoiceMailStatus { voice_mail_id, new_messages, waiting_messages, old_messages }
    }
}

/// Who somebody is.
pub fn identity(account: &Account) -> UserConfig {
    UserConfig {
        user_id: Some(account.user_id.to_string()),
        full_name: Some(account.full_name()),
        first_name: Some(account.first_name.clone()),
        last_name: Some(account.last_name.clone()),
        ..UserConfig::default()
    }
}

fn set(forward: &mut Forward, account: &Account, command: &str, arguments: &Object) -> Result<(), String> {
    let enabled = match arguments.get("state") {
        Some(Value::Bool(state)) => *state,
        _ => return Err(format!("{command} lacks state, true or false")),
    };
    let given = match arguments.get("destination") {
        Some(Value::String(text)) => text.trim().to_owned(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    };
    if given.len() > LONGEST_NUMBER || !given.chars().all(|c| c.is_ascii_graphic()) {
        return Err("calls can be forwarded to a number only".to_owned());
    }
    if given == account.number {
        return Err("calls cannot be forwarded to the number that they are for".to_owned());
    }
    // Switched off without a number, a forward keeps the one it had.
    let destination = if given.is_empty() { forward.destination.clone() } else { given };
    if enabled && destination.is_empty() {
        return Err("calls cannot be forwarded without a number".to_owned());
    }
    *forward = Forward { enabled, destination };
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::Directory;

    fn obey(services: &mut Services, command: &str) -> Option<Result<UserConfig, String>> {
        let directory = Directory::lab();
        let alice = directory.by_name("alice").unwrap();
        services.obey(alice, &Command::from_frame(command).unwrap())
    }

    #[test]
    fn a_forward_is_told_alone_and_keeps_its_number_when_it_is_off() {
        let mut services = Services::default();
        let on = r#"{"command": "busyFwd", "state": true, "destination": " 1002 "}"#;
        let told = obey(&mut services, on).unwrap().unwrap();
        let busy = Some(Forward { enabled: true, destination: "1002".into() });
        assert_eq!(told, UserConfig { busy, ..UserConfig::default() });
        assert_eq!(services.onward(StatusCode::BUSY_HERE), Some("1002"));
        assert_eq!(services.onward(StatusCode::REQUEST_TIMEOUT), None);
        obey(&mut services, r#"{"command": "busyFwd", "state": false, "destination": ""}"#).unwrap().unwrap();
        assert_eq!(services.busy, Forward { enabled: false, destination: "1002".into() });
        assert_eq!(services.onward(StatusCode::BUSY_HERE), None);
    }

    #[test]
    fn what_cannot_be_meant_is_refused_and_changes_nothing() {
        let mut services = Services::default();
        for command in [
            r#"{"command": "uncFwd", "state": true}"#,
            r#"{"command": "uncFwd", "state": "yes", "destination": "1002"}"#,
            r#"{"command": "uncFwd", "destination": "1002"}"#,
            r#"{"command": "uncFwd", "state": true, "destination": "1001"}"#,
            r#"{"command": "naFwd", "state": true, "destination": "10\r\n02"}"#,
            r#"{"command": "naFwd", "state": true, "destination": ["1002"]}"#,
        ] {
            assert!(obey(&mut services, command).unwrap().is_err(), "{command}");
        }
        assert_eq!(services.unconditional, Forward::default());
        assert!(obey(&mut services, r#"{"command": "fly"}"#).is_none());
    }
}

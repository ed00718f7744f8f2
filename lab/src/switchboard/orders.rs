//! What people ask for over CTI (xuc-cti §4.1), and the actions that do it.

use xc_webrtc::cti::message::command::Command;
use xc_webrtc::cti::message::{Message, WebRtcCmd};

use super::Switchboard;
use super::channels::State;
use super::leg::Leg;
use super::responses::Pending;
use crate::ami::Action;

/// How long the person's own phone may take to answer, which it does by itself, in milliseconds.
const OWN_PHONE: &str = "15000";

/// Q.850 causes: what the other end is told.
const NORMAL_CLEARING: &str = "16";
const CALL_REJECTED: &str = "21";

/// Asterisk calls a person's own phone to reach somebody for them.
#[derive(Clone, Debug)]
pub(super) struct Errand {
    pub destination: String,
    /// Data for the call: `USR_…`.
    pub attached: Vec<(String, String)>,
    /// Not wanted any more: ended as soon as it begins.
    pub cancelled: bool,
}

/// What is done with a number once it is known to exist.
#[derive(Clone, Debug)]
pub(super) enum Placing {
    /// It is called by the person's own phone, as this channel.
    Errand { channel: String },
    /// It gets the other side of that channel's call.
    DirectTransfer { of: String, destination: String },
}

impl Switchboard {
    /// Does what a person asks.
    ///
    /// # Errors
    ///
    /// In words for the person, when it cannot be done. What fails later is told then.
    pub fn obey(&mut self, login: &str, command: &Command) -> Result<(), String> {
        if let Some(reason) = &self.down {
            return Err(reason.clone());
        }
        match command {
            Command::Dial { destination, variables } => {
                let attached = variables.iter().map(|(name, value)| (usr(name), value.clone())).collect();
                self.place(login, number(destination)?, attached);
            }
            Command::Hangup { unique_id } => {
                let unique_id = self.leg_meant(login, unique_id.as_deref())?.unique_id.clone();
                self.hang_up(login, &unique_id);
            }
            Command::Answer { unique_id } => {
                let sip_call_id = self.sip_call_meant(login, unique_id.as_deref())?;
                self.tell(login, Message::WebRtcCmd(WebRtcCmd::Answer { sip_call_id }));
            }
            Command::Hold { unique_id } => {
                let sip_call_id = self.sip_call_meant(login, unique_id.as_deref())?;
                self.tell(login, Message::WebRtcCmd(WebRtcCmd::Hold { sip_call_id }));
            }
            Command::ToggleMicrophone { unique_id } => {
                let sip_call_id = self.sip_call_meant(login, unique_id.as_deref())?;
                self.tell(login, Message::WebRtcCmd(WebRtcCmd::ToggleMicrophone { sip_call_id }));
            }
            Command::SendDtmf { key } => {
                self.leg_meant(login, None)?;
                self.tell(login, Message::WebRtcCmd(WebRtcCmd::SendDtmf { key: key.clone() }));
            }
            Command::SetData { variables } => self.set_data(login, variables),
            Command::DirectTransfer { destination } => self.transfer_directly(login, number(destination)?)?,
            Command::AttendedTransfer { destination, .. } => self.consult(login, number(destination)?)?,
            Command::CompleteTransfer => self.complete_transfer(login)?,
            Command::CancelTransfer => self.cancel_transfer(login)?,
            Command::Ping
            | Command::GetConfig { .. }
            | Command::GetIceConfig
            | Command::GetCurrentCallsPhoneEvents
            | Command::SubscribeToPhoneHints { .. }
            | Command::UnsubscribeFromAllPhoneHints
            | Command::Dnd { .. }
            | Command::Other { .. } => {
                return Err(format!("the lab does not serve {} with an Asterisk", command.name()));
            }
        }
        Ok(())
    }

    /// The call that a command means: the one with that channel, or else the newest.
    fn leg_meant<'a>(&'a self, login: &'a str, unique_id: Option<&str>) -> Result<&'a Leg, String> {
        self.legs_of(login)
            .rev()
            .find(|leg| unique_id.is_none_or(|wanted| leg.unique_id == wanted))
            .ok_or_else(|| "there is no such call".to_owned())
    }

    fn sip_call_meant(&self, login: &str, unique_id: Option<&str>) -> Result<Option<String>, String> {
        let leg = self.leg_meant(login, unique_id)?;
        Ok(leg.sip_call_id().map(str::to_owned))
    }

    /// Ends a channel: declined, when its phone rings.
    pub(super) fn hang_up(&mut self, login: &str, unique_id: &str) {
        let Some(channel) = self.channels.get(unique_id) else { return };
        // That the phone will not have answered is no news then.
        self.pending.retain(
            |_, pending| !matches!(pending, Pending::Originate { channel, .. } if channel == unique_id),
        );
        let declined = channel.called && channel.state != State::Up;
        let cause = if declined { CALL_REJECTED } else { NORMAL_CLEARING };
        let action = Action::new("Hangup").with("Channel", &channel.name).with("Cause", cause);
        self.ask(action, Pending::Order { login: login.to_owned(), what: "the call could not be ended" });
    }

    /// Has the person's own phone call that number; gives the channel that will be.
    pub(super) fn place(
        &mut self,
        login: &str,
        destination: String,
        attached: Vec<(String, String)>,
    ) -> String {
        self.last_channel += 1;
        let channel = format!("{}-{}", self.prefix, self.last_channel);
        let errand = Errand { destination: destination.clone(), attached, cancelled: false };
        self.errands.insert(channel.clone(), errand);
        self.look_up(login, &destination, Placing::Errand { channel: channel.clone() });
        channel
    }

    /// Asks whether a number exists, because Asterisk ends the call of whoever is sent to one that does not.
    pub(super) fn look_up(&mut self, login: &str, destination: &str, placing: Placing) {
        let context = self.lines.get(login).map(|line| line.context().to_owned()).unwrap_or_default();
        let variable = format!("DIALPLAN_EXISTS({context},{destination},1)");
        let pending = Pending::Exists { login: login.to_owned(), placing };
        self.ask(Action::new("Getvar").with("Variable", &variable), pending);
    }

    /// The number exists, as far as Asterisk tells.
    pub(super) fn go_on(&mut self, login: &str, placing: Placing) {
        let context = self.lines.get(login).map(|line| line.context().to_owned()).unwrap_or_default();
        match placing {
            Placing::Errand { channel } => {
                let Some(errand) = self.errands.get(&channel) else { return };
                let destination = errand.destination.clone();
                if errand.cancelled {
                    self.errands.remove(&channel);
                    return;
                }
                let action = Action::new("Originate")
                    .with("Channel", &format!("PJSIP/{login}"))
                    .with("Context", &context)
                    .with("Exten", &destination)
                    .with("Priority", "1")
                    .with("Timeout", OWN_PHONE)
                    .with("Async", "true")
                    .with("ChannelId", &channel)
                    .with("Variable", "PJSIP_HEADER(add,Alert-Info)=xivo-autoanswer")
                    // Who the phone shows. `CallerID` would also become who the called one sees.
                    .with("Variable", &format!("CONNECTEDLINE(num,i)={destination}"));
                self.ask(action, Pending::Originate { login: login.to_owned(), channel });
            }
            Placing::DirectTransfer { of, destination } => {
                let Some(channel) = self.channels.get(&of) else { return };
                let action = Action::new("BlindTransfer")
                    .with("Channel", &channel.name)
                    .with("Context", &context)
                    .with("Exten", &destination);
                let what = "the call could not be transferred";
                self.ask(action, Pending::Order { login: login.to_owned(), what });
            }
        }
    }

    fn set_data(&mut self, login: &str, variables: &[(String, String)]) {
        for leg in self.legs.iter_mut().filter(|leg| leg.login == login) {
            for (name, value) in variables {
                let name = usr(name);
                leg.attached.retain(|(known, _)| *known != name);
                leg.attached.push((name, value.clone()));
            }
        }
        self.look_at_all(login);
    }
}

/// Data attached to a call comes back under this prefix (xuc-cti §4.1).
fn usr(name: &str) -> String {
    if name.starts_with("USR_") { name.to_owned() } else { format!("USR_{name}") }
}

/// A destination as the dial plan knows it: the number, without what people put between its digits.
fn number(destination: &str) -> Result<String, String> {
    let written = |c: char| c.is_ascii_digit() || "+*# .-/()".contains(c);
    let number: String = match destination.chars().all(written) {
        true => destination.chars().filter(|c| c.is_ascii_digit() || "+*#".contains(*c)).collect(),
        false => destination.trim().to_owned(),
    };
    let fits = |c: char| c.is_ascii_alphanumeric() || "+*#_.-".contains(c);
    match !number.is_empty() && number.len() <= 80 && number.chars().all(fits) {
        true => Ok(number),
        false => Err("that is no number".to_owned()),
    }
}

#[cfg(test)]
mod unit {
    use super::number;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        assert_eq!(number("+33 1 (45) 00-00.01").as_deref(), Ok("+33145000001"));
        assert_eq!(number("*55").as_deref(), Ok("*55"));
        assert_eq!(number(" bob.keller ").as_deref(), Ok("bob.keller"));
        for evil in
            ["", " ", "()", "1,2", "1002)=x", "${SHELL(x)}", "1\r\nAction: Hangup", "é", &"1".repeat(81)]
        {
            assert!(number(evil).is_err(), "{evil:?}");
        }
    }
}

//! What the calls of an Asterisk are to the people whose phones make them: the XUC server's view of its telephony
//! server, as a state machine without I/O.
//!
//! AMI messages and CTI commands go in, AMI actions and CTI messages come out. Only people who have shown that the
//! line is theirs are followed (`follow`): whoever follows a line can also end its calls.
//!
//! | File | What it holds |
//! | --- | --- |
//! | `channels` | Asterisk's channels and who talks to whom |
//! | `line` | the people and their endpoints |
//! | `leg` | phone events: what a channel is to its owner |
//! | `telling` | what is told, and to whom |
//! | `orders` | what people ask for, and the actions that do it |
//! | `transfer` | transfers |
//! | `responses` | what came of the actions |

mod channels;
mod leg;
mod line;
mod orders;
mod responses;
mod telling;
mod transfer;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use xc_webrtc::cti::message::{Message, PhoneStatus};

use crate::ami::{self, Action, Notice};
use channels::{Change, Channels};
use leg::{CallId, Leg};
use line::Line;
use orders::Errand;
use responses::Pending;

/// What the switchboard wants done.
#[derive(Clone, Debug, PartialEq)]
pub enum Output {
    /// Asterisk is to be asked.
    Ask {
        /// The number of the action.
        id: u64,
        /// What for.
        action: Action,
    },
    /// All the pages of a person are to be told.
    Tell {
        /// Who.
        login: String,
        /// What.
        message: Box<Message>,
    },
    /// Those who watch a number are to be told.
    Hint {
        /// The number.
        number: String,
        /// How busy it is.
        status: PhoneStatus,
    },
    /// Whoever runs the lab is to know.
    Complain(String),
}

/// The switchboard.
#[derive(Debug)]
pub struct Switchboard {
    /// Why Asterisk cannot be asked now; `None` when it can.
    down: Option<String>,
    channels: Channels,
    /// The people that are followed, by login, which is the name of their endpoint.
    lines: BTreeMap<String, Line>,
    /// Their calls, oldest first.
    legs: Vec<Leg>,
    /// Channels that we had Asterisk make and that are not there yet, by the identifier that we gave them.
    errands: BTreeMap<String, Errand>,
    /// How busy numbers are for which the dial plan has a hint.
    hints: BTreeMap<String, PhoneStatus>,
    pending: BTreeMap<u64, Pending>,
    last_action: u64,
    /// Begins the identifiers that we give to channels; no other switchboard has the same.
    prefix: String,
    last_channel: u64,
    /// Actions that our manager user may not do.
    forbidden: BTreeSet<&'static str>,
    out: VecDeque<Output>,
}

impl Switchboard {
    /// A switchboard that has heard nothing yet. `seed` tells its channels from those of others.
    pub fn new(seed: u64) -> Self {
        Self {
            down: Some("Asterisk was not reached yet".into()),
            channels: Channels::default(),
            lines: BTreeMap::new(),
            legs: Vec::new(),
            errands: BTreeMap::new(),
            hints: BTreeMap::new(),
            pending: BTreeMap::new(),
            last_action: 0,
            prefix: format!("xc-{seed:016x}"),
            last_channel: 0,
            forbidden: BTreeSet::new(),
            out: VecDeque::new(),
        }
    }

    /// What is to be done next.
    pub fn poll(&mut self) -> Option<Output> {
        self.out.pop_front()
    }

    /// The link to Asterisk has something to tell.
    pub fn handle(&mut self, notice: &Notice) {
        match notice {
            Notice::Up => self.up(),
            Notice::Heard(message) => self.heard(message),
            Notice::Down(reason) => {
                // Calls go on without us. What was asked stays without response.
                self.down = Some(reason.clone());
                self.pending.clear();
                self.errands.clear();
            }
        }
    }

    /// Tells a person's calls from now on. They must have shown that the line is theirs.
    pub fn follow(&mut self, login: &str) {
        if !self.lines.contains_key(login) && is_endpoint(login) {
            self.lines.insert(login.to_owned(), Line::new(login));
            self.learn_line(login);
            let there: Vec<String> =
                self.channels.of_endpoint(login).map(|channel| channel.unique_id.clone()).collect();
            there.iter().for_each(|unique_id| self.look(unique_id));
            if self.down.is_none() {
                self.ask(Action::new("DeviceStateList"), Pending::List);
            }
        }
    }

    /// Whether a person's calls are told.
    pub fn follows(&self, login: &str) -> bool {
        self.lines.contains_key(login)
    }

    /// What is on the other side of the link is not known yet: everything is asked for.
    fn up(&mut self) {
        self.down = None;
        self.forbidden.clear();
        self.channels.begin_list();
        for list in ["CoreShowChannels", "DeviceStateList", "ExtensionStateList"] {
            self.ask(Action::new(list), Pending::List);
        }
        let logins: Vec<String> = self.lines.keys().cloned().collect();
        logins.iter().for_each(|login| self.learn_line(login));
        // What the link before this one took with it.
        for leg in 0..self.legs.len() {
            if self.legs[leg].call_id == CallId::Asked {
                let unique_id = self.legs[leg].unique_id.clone();
                self.ask_call_id(&unique_id);
            }
        }
    }

    fn learn_line(&mut self, login: &str) {
        if self.down.is_some() {
            return;
        }
        let asked = [
            ("context", Pending::Context { login: login.to_owned() }),
            ("callerid", Pending::CallerId { login: login.to_owned() }),
        ];
        for (setting, pending) in asked {
            let variable = format!("PJSIP_ENDPOINT({login},{setting})");
            self.ask(Action::new("Getvar").with("Variable", &variable), pending);
        }
    }

    fn ask_call_id(&mut self, unique_id: &str) {
        if let (None, Some(channel)) = (&self.down, self.channels.get(unique_id)) {
            let action = Action::new("Getvar").with("Channel", &channel.name);
            let pending = Pending::CallId { unique_id: unique_id.to_owned() };
            self.ask(action.with("Variable", "CHANNEL(pjsip,call-id)"), pending);
        }
    }

    fn ask(&mut self, action: Action, pending: Pending) {
        self.last_action += 1;
        self.pending.insert(self.last_action, pending);
        self.out.push_back(Output::Ask { id: self.last_action, action });
    }

    fn heard(&mut self, message: &ami::Message) {
        let Some(event) = message.event() else {
            self.answered(message);
            return;
        };
        match event {
            "OriginateResponse" => self.originated(message),
            "DeviceStateChange" => self.device_changed(message),
            "ExtensionStatus" => self.hint_changed(message),
            "CoreShowChannelsComplete" => {
                let gone = self.channels.end_list();
                gone.iter().for_each(|channel| self.gone(channel));
                self.forget_lost_transfers();
            }
            _ => match self.channels.apply(event, message) {
                Some(Change::Changed(unique_id)) => self.look(&unique_id),
                Some(Change::Gone(channel)) => self.gone(&channel),
                None => {}
            },
        }
    }
}

/// Whether that can be the name of a PJSIP endpoint, and stand in a variable's name.
fn is_endpoint(login: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || "-_.@+".contains(c);
    !login.is_empty() && login.chars().all(fits)
}

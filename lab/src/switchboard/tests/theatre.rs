//! A switchboard, and an Asterisk that plays a recording.

use std::fmt::Write as _;

use xc_webrtc::cti::message::command::Command;
use xc_webrtc::cti::message::{Message, PhoneEvent};

use super::super::{Output, Switchboard};
use crate::ami::{self, Action, Notice, Parser};

pub const ATTENDED_TRANSFER: &str = include_str!("recorded/attended_transfer.ami");
pub const BUSY: &str = include_str!("recorded/busy.ami");
pub const DIRECT_TRANSFER: &str = include_str!("recorded/direct_transfer.ami");
pub const ECHO: &str = include_str!("recorded/echo.ami");
pub const OWN_PHONE_REFUSES: &str = include_str!("recorded/own_phone_refuses.ami");
pub const REFUSED: &str = include_str!("recorded/refused.ami");
pub const REFUSED_CONSULTATION: &str = include_str!("recorded/refused_consultation.ami");
pub const TALK: &str = include_str!("recorded/talk.ami");

/// The channel of the first call that the switchboard has Asterisk make.
pub const ERRAND: &str = "xc-0000000000000001-1";

pub fn messages(text: &str) -> Vec<ami::Message> {
    let mut parser = Parser::default();
    parser.push(text.as_bytes()).unwrap();
    std::iter::from_fn(|| parser.poll()).collect()
}

/// A switchboard, an Asterisk that plays a recording, and what came of it.
pub struct Theatre {
    pub switchboard: Switchboard,
    recording: std::vec::IntoIter<ami::Message>,
    /// The Asterisk has no such number.
    pub number_exists: bool,
    /// The Asterisk answers questions at once, not when the story says so.
    pub answering: bool,
    pub questions: Vec<(u64, Action)>,
    pub told: Vec<(String, Message)>,
    pub asked: Vec<Action>,
    pub originate: u64,
}

impl Theatre {
    /// These people are followed.
    pub fn of(people: &[&str], recording: &str) -> Self {
        let mut theatre = Self {
            switchboard: Switchboard::new(1),
            recording: messages(recording).into_iter(),
            number_exists: true,
            answering: true,
            questions: Vec::new(),
            told: Vec::new(),
            asked: Vec::new(),
            originate: 0,
        };
        theatre.switchboard.handle(&Notice::Up);
        for login in people {
            theatre.switchboard.follow(login);
            theatre.hear(&format!("Event: DeviceStateChange\nDevice: PJSIP/{login}\nState: NOT_INUSE\n\n"));
        }
        theatre.told.clear();
        theatre.asked.clear();
        theatre
    }

    pub fn hear(&mut self, text: &str) {
        for message in messages(text) {
            self.switchboard.handle(&Notice::Heard(message));
            self.run();
        }
    }

    /// Plays the recording up to the first event of that name about that channel, which stays to be played.
    pub fn play_until(&mut self, event: &str, channel: &str) {
        let wanted = |message: &ami::Message| {
            message.event() == Some(event)
                && message.get("Channel").is_some_and(|name| name.starts_with(channel))
        };
        let rest: Vec<_> = self.recording.by_ref().collect();
        let at = rest.iter().position(wanted).expect("the recording has that event");
        let mut rest = rest.into_iter();
        let now: Vec<_> = rest.by_ref().take(at).collect();
        self.recording = rest;
        now.into_iter().for_each(|message| self.play(message));
    }

    pub fn play_next(&mut self) {
        let message = self.recording.next().expect("the recording goes on");
        self.play(message);
    }

    pub fn play_on(&mut self) {
        let rest: Vec<_> = self.recording.by_ref().collect();
        rest.into_iter().for_each(|message| self.play(message));
    }

    pub fn play(&mut self, message: ami::Message) {
        if message.event() == Some("OriginateResponse") {
            let response = message.get("Response").unwrap();
            let id = self.originate;
            self.hear(&format!("Event: OriginateResponse\nActionID: {id}\nResponse: {response}\n\n"));
        } else {
            self.switchboard.handle(&Notice::Heard(message));
            self.run();
        }
    }

    pub fn run(&mut self) {
        while let Some(output) = self.switchboard.poll() {
            match output {
                Output::Tell { login, message } => self.told.push((login, *message)),
                Output::Ask { id, action } => {
                    if action.name() == "Originate" {
                        self.originate = id;
                    }
                    self.asked.push(action.clone());
                    match self.answering {
                        true => self.answer(id, &action),
                        false => self.questions.push((id, action)),
                    }
                }
                Output::Hint { .. } | Output::Complain(_) => {}
            }
        }
    }

    pub fn answer(&mut self, id: u64, action: &Action) {
        let variable = action.get("Variable").unwrap_or_default();
        let value = match (action.name(), action.get("Channel")) {
            ("Getvar", Some(channel)) => format!("call-of-{}", &channel[..channel.len() - 9]),
            ("Getvar", None) => match variable {
                "PJSIP_ENDPOINT(alice,callerid)" => "\"Alice Martin\" <1001>".into(),
                "PJSIP_ENDPOINT(bob,callerid)" => "\"Bob Keller\" <1002>".into(),
                "PJSIP_ENDPOINT(carol,callerid)" => "\"Carol Silva\" <1003>".into(),
                _ if variable.ends_with(",context)") => "office".into(),
                _ => u8::from(self.number_exists).to_string(),
            },
            _ => String::new(),
        };
        self.hear(&format!("Response: Success\nActionID: {id}\nVariable: {variable}\nValue: {value}\n\n"));
    }

    pub fn obey(&mut self, login: &str, command: Command) -> Result<(), String> {
        let outcome = self.switchboard.obey(login, &command);
        self.run();
        outcome
    }

    pub fn events_of(&self, login: &str) -> Vec<&PhoneEvent> {
        let events = self.told.iter().filter(|(whose, _)| whose == login);
        events
            .filter_map(|(_, message)| match message {
                Message::PhoneEvent(event) => Some(&**event),
                _ => None,
            })
            .collect()
    }

    /// What a person was told of calls and of their phone's status, one word each; repetitions left out.
    pub fn story_of(&self, login: &str) -> String {
        let mut story = String::new();
        let mut last = String::new();
        for (_, message) in self.told.iter().filter(|(whose, _)| whose == login) {
            let word = match message {
                Message::PhoneEvent(event) => format!(
                    "{}({})",
                    event.event_type.as_str().trim_start_matches("Event"),
                    event.other_dn.as_deref().unwrap_or_default()
                ),
                Message::PhoneStatusUpdate(Some(status)) => status.as_str().to_owned(),
                Message::Error(error) => format!("[{}]", error.text),
                _ => continue,
            };
            if word != last {
                let _ = write!(story, "{}{word}", if story.is_empty() { "" } else { " " });
                last = word;
            }
        }
        story
    }

    /// The last action of that name.
    pub fn asked(&self, name: &str) -> &Action {
        self.asked.iter().rfind(|action| action.name() == name).unwrap_or_else(|| panic!("no {name}"))
    }
}

pub fn dial(number: &str) -> Command {
    Command::Dial { destination: number.into(), variables: vec![("ticket".into(), "A-77".into())] }
}

pub fn attended(number: &str) -> Command {
    Command::AttendedTransfer { destination: number.into(), device: None }
}

pub fn direct(number: &str) -> Command {
    Command::DirectTransfer { destination: number.into() }
}

//! The channels of an Asterisk, as its events tell them.

use std::collections::BTreeMap;

use crate::ami::Message;

/// How far a channel is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// Nothing happened yet.
    Down,
    /// Its phone has called.
    Calling,
    /// Its phone rings.
    Ringing,
    /// It was answered.
    Up,
    /// Anything else, none of which lasts.
    Other,
}

impl State {
    /// By the number that Asterisk gives it.
    fn of(number: &str) -> Self {
        match number {
            "0" => Self::Down,
            "4" => Self::Calling,
            "5" => Self::Ringing,
            "6" => Self::Up,
            _ => Self::Other,
        }
    }
}

/// One phone's side of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Channel {
    /// `PJSIP/ENDPOINT-00000001`.
    pub name: String,
    /// What the channel is called in phone events.
    pub unique_id: String,
    /// What the channels of a call share; changes when calls are joined.
    pub linked_id: String,
    pub state: State,
    /// Asterisk has called the phone, not the phone Asterisk.
    pub called: bool,
    /// The number that the phone has called.
    pub dialled: Option<String>,
    /// Number and name of who is at the other end.
    pub other: (Option<String>, Option<String>),
    /// Where it hears others.
    pub bridge: Option<String>,
    /// Its phone has put the other end on hold.
    pub holds: bool,
    /// The dial plan has answered: a number where nobody else is.
    pub answered_here: bool,
}

impl Channel {
    /// The account whose phone it is.
    pub fn endpoint(&self) -> Option<&str> {
        let (endpoint, _) = self.name.strip_prefix("PJSIP/")?.rsplit_once('-')?;
        Some(endpoint)
    }

    fn new(message: &Message, unique_id: &str) -> Self {
        let called = match message.get("Application") {
            // Of a channel that was there before us, only its application says which way it began.
            Some(application) => application.starts_with("AppDial"),
            None => message.get("ChannelState").map(State::of) == Some(State::Down),
        };
        let mut channel = Self {
            name: String::new(),
            unique_id: unique_id.to_owned(),
            linked_id: unique_id.to_owned(),
            state: State::Down,
            called,
            dialled: message.filled("Exten").filter(|_| !called).map(str::to_owned),
            other: (None, None),
            bridge: None,
            holds: false,
            answered_here: false,
        };
        channel.update(message);
        channel
    }

    /// Takes over what every event about a channel tells of it.
    fn update(&mut self, message: &Message) {
        if let Some(name) = message.filled("Channel") {
            name.clone_into(&mut self.name);
        }
        if let Some(linked_id) = message.filled("Linkedid") {
            linked_id.clone_into(&mut self.linked_id);
        }
        if let Some(state) = message.get("ChannelState") {
            self.state = State::of(state);
        }
        let other = ["ConnectedLineNum", "ConnectedLineName"].map(|name| message.filled(name));
        if let [Some(number), name] = other {
            self.other = (Some(number.to_owned()), name.map(str::to_owned));
        }
    }
}

/// What an event did to a channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// It is there, or something about it is different.
    Changed(String),
    /// It is no more; this is how it was.
    Gone(Box<Channel>),
}

/// All channels, by their unique identifiers.
#[derive(Debug, Default)]
pub(super) struct Channels {
    known: BTreeMap<String, Channel>,
    /// Not yet named while the list of all channels is read.
    doubtful: Vec<String>,
}

impl Channels {
    pub fn get(&self, unique_id: &str) -> Option<&Channel> {
        self.known.get(unique_id)
    }

    /// The channels of somebody's phones.
    pub fn of_endpoint(&self, endpoint: &str) -> impl Iterator<Item = &Channel> {
        self.known.values().filter(move |channel| channel.endpoint() == Some(endpoint))
    }

    /// The one that this channel talks to; `None` where there is none, or more than one.
    pub fn peer(&self, unique_id: &str) -> Option<&Channel> {
        let bridge = self.get(unique_id)?.bridge.as_ref()?;
        let mut peers = self
            .known
            .values()
            .filter(|channel| channel.bridge.as_ref() == Some(bridge) && channel.unique_id != unique_id);
        peers.next().filter(|_| peers.next().is_none())
    }

    /// A list of all channels begins.
    pub fn begin_list(&mut self) {
        self.doubtful = self.known.keys().cloned().collect();
    }

    /// The list is complete: gives those that were not in it.
    pub fn end_list(&mut self) -> Vec<Channel> {
        let gone = std::mem::take(&mut self.doubtful);
        gone.iter().filter_map(|unique_id| self.known.remove(unique_id)).collect()
    }

    /// Takes in an event; `None` when it is not about a channel that is known.
    pub fn apply(&mut self, event: &str, message: &Message) -> Option<Change> {
        let unique_id = message.filled("Uniqueid")?;
        if matches!(event, "Newchannel" | "CoreShowChannel") {
            let channel = || Channel::new(message, unique_id);
            self.known.entry(unique_id.to_owned()).or_insert_with(channel);
        }
        self.doubtful.retain(|doubtful| doubtful != unique_id);
        if event == "Hangup" {
            return self.known.remove(unique_id).map(|channel| Change::Gone(Box::new(channel)));
        }
        let channel = self.known.get_mut(unique_id)?;
        channel.update(message);
        match event {
            "Rename" => message.filled("Newname").unwrap_or_default().clone_into(&mut channel.name),
            "BridgeEnter" => channel.bridge = message.filled("BridgeUniqueid").map(str::to_owned),
            "CoreShowChannel" => channel.bridge = message.filled("BridgeId").map(str::to_owned),
            "BridgeLeave" if channel.bridge.as_deref() == message.filled("BridgeUniqueid") => {
                channel.bridge = None;
            }
            "Hold" => channel.holds = true,
            "Unhold" => channel.holds = false,
            "Newexten" if message.get("Application") == Some("Answer") => channel.answered_here = true,
            _ => {}
        }
        Some(Change::Changed(channel.unique_id.clone()))
    }
}

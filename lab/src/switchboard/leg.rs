//! A call of somebody whose calls are told over CTI: one channel of their phone.

use xc_webrtc::cti::message::{CallDirection, EventType, PhoneEvent, SIP_CALL_ID};

use super::channels::{Channel, State};
use super::line::Line;

/// A person's channel.
#[derive(Debug)]
pub(super) struct Leg {
    /// Whose.
    pub login: String,
    /// The channel.
    pub unique_id: String,
    /// What the call is called in phone events. Asterisk renames it when calls are joined, which would look like
    /// another call to the phone; so the first name stays.
    linked_id: String,
    /// Asterisk called the phone on this person's own behalf, to reach that number.
    errand: Option<String>,
    /// The SIP Call-ID; events wait until it is known.
    pub call_id: CallId,
    /// Data that was attached: `USR_…`.
    pub attached: Vec<(String, String)>,
    /// The other end has answered, or we have.
    answered: bool,
    /// How it was when the Call-ID was asked for.
    began: Option<EventType>,
    /// The last event.
    pub told: Option<PhoneEvent>,
}

/// The SIP Call-ID of a channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum CallId {
    /// Asterisk was asked for it.
    Asked,
    Known(String),
    /// Asterisk does not tell it.
    Untold,
}

impl Leg {
    pub fn new(login: &str, channel: &Channel, errand: Option<String>) -> Self {
        Self {
            login: login.to_owned(),
            unique_id: channel.unique_id.clone(),
            linked_id: channel.linked_id.clone(),
            errand,
            call_id: CallId::Asked,
            attached: Vec::new(),
            answered: false,
            began: None,
            told: None,
        }
    }

    pub fn is_answered(&self) -> bool {
        self.answered
    }

    pub fn sip_call_id(&self) -> Option<&str> {
        match &self.call_id {
            CallId::Known(call_id) => Some(call_id),
            CallId::Asked | CallId::Untold => None,
        }
    }

    /// Takes in how the channel is now; gives the events that tell what is new.
    pub fn look(&mut self, line: &Line, channel: &Channel) -> Vec<PhoneEvent> {
        self.answered |= channel.state == State::Up
            // On an errand our own phone answers by itself; it is the other end that counts.
            && (self.errand.is_none() || channel.bridge.is_some() || channel.answered_here);
        let Some(now) = self.event_type(channel) else { return Vec::new() };
        if self.call_id == CallId::Asked {
            self.began.get_or_insert(now);
            return Vec::new();
        }
        // Every call is told from its beginning, also one that was answered before its Call-ID was known.
        let began = self.began.take().filter(|began| *began != now);
        let mut events = Vec::new();
        for event_type in began.into_iter().chain([now]) {
            let event = self.event(line, channel, event_type);
            if self.told.as_ref() != Some(&event) {
                self.told = Some(event.clone());
                events.push(event);
            }
        }
        events
    }

    /// The event that tells the end of the call, when its beginning was told.
    pub fn released(&self) -> Option<PhoneEvent> {
        Some(PhoneEvent { event_type: EventType::Released, ..self.told.clone()? })
    }

    fn is_outgoing(&self, channel: &Channel) -> bool {
        !channel.called || self.errand.is_some()
    }

    fn event_type(&self, channel: &Channel) -> Option<EventType> {
        match (self.answered, self.is_outgoing(channel)) {
            (true, _) if channel.holds => Some(EventType::OnHold),
            (true, _) => Some(EventType::Established),
            (false, true) => Some(EventType::Dialing),
            (false, false) => Some(EventType::Ringing).filter(|_| channel.state == State::Ringing),
        }
    }

    fn event(&self, line: &Line, channel: &Channel, event_type: EventType) -> PhoneEvent {
        let outgoing = self.is_outgoing(channel);
        let own = line.number();
        let (number, name) = channel.other.clone();
        let dialled = self.errand.clone().or_else(|| channel.dialled.clone());
        let number = number.or_else(|| dialled.clone());
        let (from, to) = match outgoing {
            true => (Some(own), dialled.as_deref()),
            false => (number.as_deref(), Some(own)),
        };
        let variables = [(SIP_CALL_ID, self.sip_call_id()), ("XIVO_SRCNUM", from), ("XIVO_DSTNUM", to)];
        let mut data: Vec<(String, String)> = variables
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value?.to_owned())))
            .collect();
        data.extend(self.attached.iter().cloned());
        PhoneEvent {
            dn: Some(own.to_owned()),
            other_dn: number,
            other_name: name,
            linked_id: Some(self.linked_id.clone()),
            unique_id: Some(self.unique_id.clone()),
            direction: Some(if outgoing { CallDirection::Outgoing } else { CallDirection::Incoming }),
            user_data: Some(data),
            ..PhoneEvent::new(event_type)
        }
    }
}

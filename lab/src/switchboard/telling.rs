//! What is told of channels, and to whom.

use xc_webrtc::cti::message::{ErrorMessage, EventType, Message, PhoneEvent, PhoneStatus};

use super::channels::Channel;
use super::leg::{CallId, Leg};
use super::{Output, Switchboard};
use crate::ami;

impl Switchboard {
    /// What a page is told that was just opened.
    pub fn greeting(&self, login: &str) -> Vec<Message> {
        let Some(line) = self.lines.get(login) else { return Vec::new() };
        let user = line.user().map(|user| Message::UserConfigUpdate(Box::new(user)));
        user.into_iter().chain([Message::PhoneStatusUpdate(Some(self.status(login)))]).collect()
    }

    /// The calls of a person, one event each.
    pub fn current_calls(&self, login: &str) -> Vec<PhoneEvent> {
        self.legs_of(login).filter_map(|leg| leg.told.clone()).collect()
    }

    /// How busy a number is, when the dial plan has a hint for it.
    pub fn hint(&self, number: &str) -> Option<PhoneStatus> {
        self.hints.get(number).cloned()
    }

    pub(super) fn legs_of<'a>(&'a self, login: &'a str) -> impl DoubleEndedIterator<Item = &'a Leg> {
        self.legs.iter().filter(move |leg| leg.login == login)
    }

    pub(super) fn tell(&mut self, login: &str, message: Message) {
        self.out.push_back(Output::Tell { login: login.to_owned(), message: Box::new(message) });
    }

    pub(super) fn tell_failure(&mut self, login: &str, text: String) {
        self.tell(login, Message::Error(ErrorMessage { text }));
    }

    /// A channel is there or has changed.
    pub(super) fn look(&mut self, unique_id: &str) {
        let Some(channel) = self.channels.get(unique_id) else { return };
        let Some(line) = channel.endpoint().and_then(|endpoint| self.lines.get(endpoint)) else { return };
        let Some(leg) = self.legs.iter_mut().find(|leg| leg.unique_id == unique_id) else {
            self.adopt(unique_id);
            return;
        };
        let (login, events) = (leg.login.clone(), leg.look(line, channel));
        for event in events {
            self.tell(&login, Message::PhoneEvent(Box::new(event)));
            self.tell_status(&login);
        }
    }

    /// A person's channel is new.
    fn adopt(&mut self, unique_id: &str) {
        let Some(channel) = self.channels.get(unique_id) else { return };
        let Some(login) = channel.endpoint().map(str::to_owned) else { return };
        let errand = self.errands.remove(unique_id);
        let mut leg = Leg::new(&login, channel, errand.as_ref().map(|errand| errand.destination.clone()));
        if let Some(errand) = errand {
            leg.attached = errand.attached;
            if errand.cancelled {
                self.hang_up(&login, unique_id);
            }
        }
        self.legs.push(leg);
        self.ask_call_id(unique_id);
        self.look(unique_id);
    }

    /// A channel is no more.
    pub(super) fn gone(&mut self, channel: &Channel) {
        let unique_id = &channel.unique_id;
        let Some(at) = self.legs.iter().position(|leg| leg.unique_id == *unique_id) else { return };
        let mut leg = self.legs.remove(at);
        let Some(line) = self.lines.get_mut(&leg.login) else { return };
        line.transfer =
            line.transfer.take().filter(|it| it.of != *unique_id && it.consultation != *unique_id);
        let mut events = Vec::new();
        if leg.call_id == CallId::Asked {
            // Too short for its Call-ID to be learnt, yet it was a call.
            leg.call_id = CallId::Untold;
            events = leg.look(line, channel);
        }
        events.extend(leg.released());
        for event in events {
            self.tell(&leg.login, Message::PhoneEvent(Box::new(event)));
        }
        self.tell_status(&leg.login);
    }

    /// Looks at all calls of a person again.
    pub(super) fn look_at_all(&mut self, login: &str) {
        let legs: Vec<String> = self.legs_of(login).map(|leg| leg.unique_id.clone()).collect();
        legs.iter().for_each(|unique_id| self.look(unique_id));
    }

    /// Tells a person how busy their phone is, when that has changed.
    pub(super) fn tell_status(&mut self, login: &str) {
        let now = self.status(login);
        let Some(line) = self.lines.get_mut(login) else { return };
        if line.status.as_ref() != Some(&now) {
            line.status = Some(now.clone());
            self.tell(login, Message::PhoneStatusUpdate(Some(now)));
        }
    }

    /// How busy a person's phone is. Asterisk's own device state is of no use in a call: it calls the phone that
    /// *was put* on hold `ONHOLD`, not the one that holds.
    fn status(&self, login: &str) -> PhoneStatus {
        let told = || self.legs_of(login).filter_map(|leg| leg.told.as_ref()).map(|event| &event.event_type);
        let rings = told().any(|event| *event == EventType::Ringing);
        let holds = told().any(|event| *event == EventType::OnHold);
        let talks = told().any(|event| matches!(event, EventType::Dialing | EventType::Established));
        match (rings, talks, holds) {
            (true, false, false) => PhoneStatus::Ringing,
            (true, _, _) => PhoneStatus::BusyAndRinging,
            (false, true, _) => PhoneStatus::Calling,
            (false, false, true) => PhoneStatus::OnHold,
            (false, false, false) => match self.lines.get(login) {
                Some(line) if !line.unreachable => PhoneStatus::Available,
                Some(_) | None => PhoneStatus::Unavailable,
            },
        }
    }

    /// The state of a device: whether there is a phone at all.
    pub(super) fn device_changed(&mut self, message: &ami::Message) {
        let device = message.get("Device").unwrap_or_default();
        let Some(login) = device.strip_prefix("PJSIP/") else { return };
        if let Some(line) = self.lines.get_mut(login) {
            line.unreachable = matches!(message.get("State"), Some("UNAVAILABLE" | "INVALID"));
            self.tell_status(login);
        }
    }

    /// The state of a number that has a hint.
    pub(super) fn hint_changed(&mut self, message: &ami::Message) {
        let (number, status) = (message.filled("Exten"), message.filled("Status"));
        if let (Some(number), Some(status)) = (number, status.and_then(by_code)) {
            self.hints.insert(number.to_owned(), status.clone());
            self.out.push_back(Output::Hint { number: number.to_owned(), status });
        }
    }
}

/// The status with that code (xuc-cti §8), which is how Asterisk tells it too.
fn by_code(code: &str) -> Option<PhoneStatus> {
    Some(match code {
        "0" => PhoneStatus::Available,
        "1" => PhoneStatus::Calling,
        "2" => PhoneStatus::Busy,
        "4" => PhoneStatus::Unavailable,
        "8" => PhoneStatus::Ringing,
        "9" => PhoneStatus::BusyAndRinging,
        // 17: one call on hold, another not.
        "16" | "17" => PhoneStatus::OnHold,
        "-1" => PhoneStatus::Deactivated,
        "-2" => PhoneStatus::Unexisting,
        _ => return None,
    })
}

//! What the people are told of their calls over CTI (xuc-cti §6.5–6.8).

use std::collections::BTreeMap;

use xc_webrtc::cti::message::{EventType, Message, PhoneEvent, PhoneHintStatus, PhoneStatus, SIP_CALL_ID};

use super::Exchange;
use super::call::{Call, CallId, Referrer, Side};
use super::socket::SocketId;
use crate::account::{Account, Directory};

impl Exchange {
    /// Tells the person at that end what happened to the call, once.
    pub(super) fn tell(&mut self, id: CallId, side: Side, what: EventType) {
        let Some(call) = self.calls.get_mut(&id) else { return };
        let with = (call.end(side.other()).number.clone(), call.end(side).call_id.clone());
        let end = call.end_mut(side);
        if end.told.as_ref() == Some(&what) && end.told_with == with {
            return;
        }
        end.told = Some(what);
        end.told_with = with;
        self.tell_again(id, side);
        self.tell_statuses();
    }

    /// Attaches data to a call, and tells both people, as far as they were told of the call.
    pub(super) fn attach(&mut self, id: CallId, name: &str, value: &str) {
        let Some(call) = self.calls.get_mut(&id) else { return };
        match call.variables.iter_mut().find(|(known, _)| known == name) {
            Some((_, known)) => value.clone_into(known),
            None => call.variables.push((name.to_owned(), value.to_owned())),
        }
        for side in Call::SIDES {
            self.tell_again(id, side);
        }
    }

    /// Tells the person at that end where the call stands.
    fn tell_again(&self, id: CallId, side: Side) {
        let Some(call) = self.calls.get(&id) else { return };
        let end = call.end(side);
        if let (Some(account), Some(what)) = (&end.account, &end.told) {
            let event = event(call, side, what.clone());
            self.send_to_login(&account.login, &Message::PhoneEvent(Box::new(event)));
        }
    }

    /// Tells both people that a call is over, as far as they were told of it.
    pub(super) fn tell_released(&mut self, call: &Call) {
        for side in Call::SIDES {
            self.tell_left(call, side);
        }
        self.tell_statuses();
    }

    /// Tells the person at that end that they are not in the call any more, as far as they were told of it.
    pub(super) fn tell_left(&self, call: &Call, side: Side) {
        let end = call.end(side);
        if let (Some(account), Some(_)) = (&end.account, &end.told) {
            let event = event(call, side, EventType::Released);
            self.send_to_login(&account.login, &Message::PhoneEvent(Box::new(event)));
        }
    }

    /// Tells who transferred a call by REFER that they are not in it any more.
    pub(super) fn tell_referrer_left(&self, linked_id: &str, referrer: &Referrer) {
        if let Some(account) = &referrer.end.account {
            let event = PhoneEvent {
                linked_id: Some(linked_id.to_owned()),
                unique_id: Some(referrer.end.unique_id.clone()),
                dn: Some(referrer.end.number.clone()),
                user_data: Some(vec![(SIP_CALL_ID.to_owned(), referrer.end.call_id.clone())]),
                ..PhoneEvent::new(EventType::Released)
            };
            self.send_to_login(&account.login, &Message::PhoneEvent(Box::new(event)));
        }
    }

    /// The calls of a person, one event each.
    pub(super) fn current_calls(&self, login: &str) -> Vec<PhoneEvent> {
        self.ends_of(login)
            .filter_map(|(_, call, side)| Some(event(call, side, call.end(side).told.clone()?)))
            .collect()
    }

    /// The ends of calls where that person is, oldest call first.
    pub(super) fn ends_of<'a>(
        &'a self,
        login: &'a str,
    ) -> impl DoubleEndedIterator<Item = (CallId, &'a Call, Side)> {
        self.calls.iter().flat_map(|(id, call)| Call::SIDES.map(|side| (*id, call, side))).filter(
            move |(_, call, side)| {
                call.end(*side).account.as_ref().is_some_and(|account| account.login == login)
            },
        )
    }

    pub(super) fn send_to_login(&self, login: &str, message: &Message) {
        for socket in self.cti.of(Some(login)) {
            self.send_cti(socket, message);
        }
    }

    pub(super) fn send_cti(&self, socket: SocketId, message: &Message) {
        let login = self.cti.account(socket).map(|account| account.login.as_str());
        if !self.faults.silent_cti.meets(login) {
            self.cti.send(socket, message.to_frame());
        }
    }

    /// Tells how busy people's phones are, where that has changed.
    pub(super) fn tell_statuses(&mut self) {
        let Directory::Lab(accounts) = &self.directory else { return };
        let now: BTreeMap<String, PhoneStatus> =
            accounts.values().map(|account| (account.login.clone(), self.status(account))).collect();
        let changed: Vec<_> = accounts
            .values()
            .filter(|account| self.statuses.get(&account.login) != now.get(&account.login))
            .cloned()
            .collect();
        self.statuses = now;
        for account in changed {
            let status = self.status(&account);
            self.send_to_login(&account.login, &Message::PhoneStatusUpdate(Some(status)));
            for (socket, numbers) in &self.watched {
                if numbers.contains(&account.number) {
                    self.tell_hint(*socket, &account);
                }
            }
        }
    }

    pub(super) fn tell_hint(&self, socket: SocketId, account: &Account) {
        let hint = PhoneHintStatus { number: account.number.clone(), status: Some(self.status(account)) };
        self.send_cti(socket, &Message::PhoneHintStatus(hint));
    }

    /// How busy a person's phone is.
    pub(super) fn status(&self, account: &Account) -> PhoneStatus {
        let told = || self.ends_of(&account.login).filter_map(|(_, call, side)| call.end(side).told.as_ref());
        let rings = told().any(|event| *event == EventType::Ringing);
        let held = told().any(|event| *event == EventType::OnHold);
        let talks = told().any(|event| matches!(event, EventType::Dialing | EventType::Established));
        match (rings, talks, held) {
            (true, false, false) => PhoneStatus::Ringing,
            (true, _, _) => PhoneStatus::BusyAndRinging,
            (false, true, _) => PhoneStatus::Calling,
            (false, false, true) => PhoneStatus::OnHold,
            (false, false, false) if self.registrar.of(&account.login).next().is_none() => {
                PhoneStatus::Unavailable
            }
            (false, false, false) => PhoneStatus::Available,
        }
    }
}

/// What happened to a call, as one of its ends is told.
fn event(call: &Call, side: Side, what: EventType) -> PhoneEvent {
    let (own, other) = (call.end(side), call.end(side.other()));
    let mut data = vec![
        (SIP_CALL_ID.to_owned(), own.call_id.clone()),
        ("XIVO_SRCNUM".to_owned(), call.caller.number.clone()),
        ("XIVO_DSTNUM".to_owned(), call.callee.number.clone()),
    ];
    data.extend(own.account.iter().map(|account| ("XIVO_USERID".to_owned(), account.user_id.to_string())));
    data.extend(call.variables.iter().cloned());
    PhoneEvent {
        dn: Some(own.number.clone()),
        other_dn: Some(other.number.clone()),
        other_name: Some(other.name.clone()).filter(|name| !name.is_empty()),
        linked_id: Some(call.linked_id.clone()),
        unique_id: Some(own.unique_id.clone()),
        direction: Some(own.direction.clone()),
        user_data: Some(data),
        ..PhoneEvent::new(what)
    }
}

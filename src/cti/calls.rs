//! The user's calls as the CTI server tells them, and how they join the calls of the SIP side (xuc-cti §6.5).

use super::message::{CallDirection, EventType, PhoneEvent};

/// More calls than this are not kept: the oldest goes. Nobody has so many; a broken server might.
const MOST: usize = 64;

/// Data that a page attached to a call has names that begin with this.
const ATTACHED: &str = "USR_";

/// A call as the CTI server tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CtiCall {
    /// Shared by all channels of the call.
    pub linked_id: Option<String>,
    /// The user's own channel: the argument of CTI commands.
    pub unique_id: Option<String>,
    /// The SIP Call-ID of the user's own leg.
    pub sip_call_id: Option<String>,
    /// What happened last; never [`EventType::Released`].
    pub state: EventType,
    /// The user's own number.
    pub own_number: Option<String>,
    /// Who began the call.
    pub direction: Option<CallDirection>,
    /// The other party's number.
    pub number: Option<String>,
    /// The other party's name.
    pub name: Option<String>,
    /// The queue the call came through.
    pub queue: Option<String>,
    /// Channel variables, name and value.
    pub variables: Vec<(String, String)>,
}

impl CtiCall {
    /// The data that a page attached: name without `USR_`, and value.
    pub fn attached(&self) -> Vec<(String, String)> {
        let attached = |(name, value): &(String, String)| {
            let name = name.strip_prefix(ATTACHED).filter(|name| !name.is_empty())?;
            Some((name.to_owned(), value.clone()))
        };
        self.variables.iter().filter_map(attached).collect()
    }

    fn of(event: &PhoneEvent) -> Self {
        let mut call = Self {
            linked_id: event.linked_id.clone(),
            unique_id: None,
            sip_call_id: None,
            state: event.event_type.clone(),
            own_number: None,
            direction: None,
            number: None,
            name: None,
            queue: None,
            variables: Vec::new(),
        };
        call.update(event);
        call
    }

    /// Takes an event in. What it leaves out of names and numbers is not unknown, only untold.
    fn update(&mut self, event: &PhoneEvent) {
        fn keep(ours: &mut Option<String>, theirs: Option<&String>) {
            if let Some(theirs) = theirs {
                *ours = Some(theirs.clone());
            }
        }
        match event.sip_call_id() {
            Some(id) => self.sip_call_id = Some(id.to_owned()),
            // A new channel is a new SIP dialog: the old Call-ID would join the wrong one.
            None if event.unique_id.is_some() && event.unique_id != self.unique_id => self.sip_call_id = None,
            None => {}
        }
        self.state = event.event_type.clone();
        keep(&mut self.unique_id, event.unique_id.as_ref());
        keep(&mut self.own_number, event.dn.as_ref());
        keep(&mut self.number, event.other_dn.as_ref());
        keep(&mut self.name, event.other_name.as_ref());
        keep(&mut self.queue, event.queue_name.as_ref());
        if event.direction.is_some() {
            self.direction.clone_from(&event.direction);
        }
        if let Some(variables) = &event.user_data {
            self.variables.clone_from(variables);
        }
    }
}

/// The user's calls, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CallTable {
    calls: Vec<CtiCall>,
}

impl CallTable {
    /// The calls, oldest first.
    pub fn calls(&self) -> &[CtiCall] {
        &self.calls
    }

    /// Takes in one event. An event that names no call is ignored.
    pub fn apply(&mut self, event: &PhoneEvent) {
        if event.event_type == EventType::Released {
            self.calls.retain(|call| !is_released(call, event));
            return;
        }
        match self.calls.iter_mut().find(|call| is_same(call, event)) {
            Some(call) => call.update(event),
            None if event.linked_id.is_none() && event.unique_id.is_none() => {}
            None => {
                if self.calls.len() == MOST {
                    self.calls.remove(0);
                }
                self.calls.push(CtiCall::of(event));
            }
        }
    }

    /// Takes in the answer to `getCurrentCallsPhoneEvents`: calls that are not in it ended while the link was lost.
    pub fn replace(&mut self, events: &[PhoneEvent]) {
        self.calls.retain(|call| events.iter().any(|event| is_same(call, event)));
        events.iter().for_each(|event| self.apply(event));
    }

    /// Forgets every call.
    pub fn clear(&mut self) {
        self.calls.clear();
    }

    /// The call that a SIP dialog belongs to. Where two claim it, after a transfer, the newer is right.
    pub fn by_sip_call_id(&self, sip_call_id: &str) -> Option<&CtiCall> {
        self.calls.iter().rev().find(|call| call.sip_call_id.as_deref() == Some(sip_call_id))
    }

    /// The call that the only SIP dialog belongs to, on a server that does not tell SIP Call-IDs: the only call.
    pub fn only_call(&self) -> Option<&CtiCall> {
        match self.calls.as_slice() {
            [call] if call.sip_call_id.is_none() => Some(call),
            _ => None,
        }
    }
}

/// Whether an event is about a call: `linkedId` decides, `uniqueId` only where there is none.
fn is_same(call: &CtiCall, event: &PhoneEvent) -> bool {
    match &event.linked_id {
        Some(_) => call.linked_id == event.linked_id,
        None => event.unique_id.is_some() && call.unique_id == event.unique_id,
    }
}

/// Whether a call ends with an event: also one whose channels a transfer has linked anew.
fn is_released(call: &CtiCall, event: &PhoneEvent) -> bool {
    let linked = event.linked_id.is_some() && call.linked_id == event.linked_id;
    let own = event.unique_id.is_some() && call.unique_id == event.unique_id;
    let linked_anew = event.unique_id.is_some() && call.linked_id == event.unique_id;
    linked || own || linked_anew
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An event of call `linked` on channel `unique`.
    fn event(event_type: EventType, linked: &str, unique: &str) -> PhoneEvent {
        let id = |id: &str| Some(id.to_owned()).filter(|id| !id.is_empty());
        PhoneEvent { linked_id: id(linked), unique_id: id(unique), ..PhoneEvent::new(event_type) }
    }

    fn with_data(event: PhoneEvent, data: &[(&str, &str)]) -> PhoneEvent {
        let data = data.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        PhoneEvent { user_data: Some(data), ..event }
    }

    fn table(events: &[PhoneEvent]) -> CallTable {
        let mut table = CallTable::default();
        events.iter().for_each(|event| table.apply(event));
        table
    }

    #[test]
    fn a_call_rings_is_established_and_ends() {
        let ringing = PhoneEvent { other_dn: Some("0145".into()), ..event(EventType::Ringing, "L1", "U1") };
        let mut table = table(&[ringing, event(EventType::Established, "L1", "U1")]);
        assert_eq!(table.calls().len(), 1);
        assert_eq!(table.calls()[0].state, EventType::Established);
        table.apply(&event(EventType::Released, "L1", "U1"));
        assert_eq!(table.calls(), []);
    }

    #[test]
    fn names_and_numbers_are_kept_until_others_come() {
        let ringing = PhoneEvent {
            other_dn: Some("0145".into()),
            other_name: Some("ACME".into()),
            queue_name: Some("hotline".into()),
            ..event(EventType::Ringing, "L1", "U1")
        };
        let transferred =
            PhoneEvent { other_dn: Some("2042".into()), ..event(EventType::Established, "L1", "U1") };
        let table = table(&[ringing, transferred]);
        let call = &table.calls()[0];
        assert_eq!(call.number.as_deref(), Some("2042"));
        assert_eq!(call.name.as_deref(), Some("ACME"));
        assert_eq!(call.queue.as_deref(), Some("hotline"));
    }

    #[test]
    fn a_call_is_found_by_its_sip_call_id_with_the_data_attached_to_it() {
        let data = [("SIPCALLID", "3c26@pbx"), ("USR_ticket", "A-77"), ("XIVO_USERID", "42"), ("USR_", "?")];
        let established = with_data(event(EventType::Established, "L1", "U1"), &data);
        let table = table(&[established, event(EventType::Ringing, "L2", "U2")]);
        let call = table.by_sip_call_id("3c26@pbx").expect("the call");
        assert_eq!(call.linked_id.as_deref(), Some("L1"));
        assert_eq!(call.attached(), [("ticket".to_owned(), "A-77".to_owned())]);
        assert_eq!(table.by_sip_call_id("other"), None);
    }

    #[test]
    fn the_sip_call_id_outlives_events_that_do_not_tell_it_but_not_the_channel() {
        let ringing = with_data(event(EventType::Ringing, "L1", "U1"), &[("SIPCALLID", "3c26@pbx")]);
        let hold = with_data(event(EventType::OnHold, "L1", "U1"), &[("XIVO_USERID", "42")]);
        let mut table = table(&[ringing, hold]);
        assert!(table.by_sip_call_id("3c26@pbx").is_some());
        table.apply(&event(EventType::Established, "L1", "U9"));
        assert_eq!(table.by_sip_call_id("3c26@pbx"), None);
    }

    #[test]
    fn of_two_calls_that_claim_one_dialog_the_newer_is_right() {
        let claim =
            |linked| with_data(event(EventType::Established, linked, "U1"), &[("SIPCALLID", "3c26@pbx")]);
        let table = table(&[claim("L1"), claim("L2")]);
        assert_eq!(table.by_sip_call_id("3c26@pbx").and_then(|call| call.linked_id.as_deref()), Some("L2"));
    }

    #[test]
    fn a_release_ends_calls_that_a_transfer_linked_anew() {
        let consultation = [event(EventType::Established, "L1", "U1"), event(EventType::Dialing, "L2", "U2")];
        let mut by_channel = table(&consultation);
        by_channel.apply(&event(EventType::Released, "L2", "U1"));
        assert_eq!(by_channel.calls(), [], "U1 is on the first call, L2 is the second");
        let mut by_old_link = table(&consultation);
        by_old_link.apply(&event(EventType::Released, "L9", "L1"));
        assert_eq!(by_old_link.calls().len(), 1, "L1 is the first call, named by its channel");
    }

    #[test]
    fn a_release_of_nothing_ends_nothing() {
        let mut table =
            table(&[event(EventType::Established, "L1", ""), event(EventType::Established, "", "U2")]);
        table.apply(&event(EventType::Released, "", ""));
        table.apply(&event(EventType::Released, "L7", "U7"));
        assert_eq!(table.calls().len(), 2);
    }

    #[test]
    fn events_that_name_no_call_and_calls_without_end_are_harmless() {
        let mut table = table(&[event(EventType::Ringing, "", "")]);
        assert_eq!(table.calls(), []);
        for n in 0..1000 {
            table.apply(&event(EventType::Ringing, &format!("L{n}"), ""));
        }
        assert_eq!(table.calls().len(), MOST);
        assert_eq!(table.calls()[MOST - 1].linked_id.as_deref(), Some("L999"));
    }

    #[test]
    fn a_snapshot_keeps_what_is_known_of_its_calls_and_ends_the_others() {
        let ringing = PhoneEvent { other_name: Some("ACME".into()), ..event(EventType::Ringing, "L1", "U1") };
        let mut table = table(&[ringing, event(EventType::Established, "L2", "U2")]);
        table.replace(&[event(EventType::Established, "L1", "U1"), event(EventType::OnHold, "L3", "U3")]);
        let ids: Vec<_> = table.calls().iter().map(|call| call.linked_id.as_deref()).collect();
        assert_eq!(ids, [Some("L1"), Some("L3")]);
        assert_eq!(table.calls()[0].name.as_deref(), Some("ACME"));
        table.replace(&[]);
        assert_eq!(table.calls(), []);
    }

    #[test]
    fn without_sip_call_ids_the_only_call_is_the_one() {
        let mut table = table(&[event(EventType::Ringing, "L1", "U1")]);
        assert!(table.only_call().is_some());
        table.apply(&event(EventType::Ringing, "L2", "U2"));
        assert_eq!(table.only_call(), None);
        table.apply(&event(EventType::Released, "L2", "U2"));
        table.apply(&with_data(event(EventType::Established, "L1", "U1"), &[("SIPCALLID", "3c26@pbx")]));
        assert_eq!(table.only_call(), None, "it says itself whose it is");
    }
}

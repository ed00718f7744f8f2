//! `PhoneEvent` and `CurrentCallsPhoneEvents`: what happens to the user's calls (xuc-cti §6.5, §6.6).

use super::fields::{Fields, Writer};
use crate::json::Value;

/// The SIP Call-ID of the user's own leg: joins the event to the SIP dialog in the browser.
pub const SIP_CALL_ID: &str = "SIPCALLID";

/// What happened to a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EventType {
    /// The user calls.
    Dialing,
    /// The phone rings.
    Ringing,
    /// Both sides talk; also the end of a hold.
    Established,
    /// The call is on hold.
    OnHold,
    /// The call is over.
    Released,
    /// A call placed from the mobile failed. Its name on the wire is expected, not proven.
    Failure,
    /// Anything else.
    Other(String),
}

impl EventType {
    /// Its name on the wire.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Dialing => "EventDialing",
            Self::Ringing => "EventRinging",
            Self::Established => "EventEstablished",
            Self::OnHold => "EventOnHold",
            Self::Released => "EventReleased",
            Self::Failure => "EventFailure",
            Self::Other(name) => name,
        }
    }

    fn named(name: String) -> Self {
        match name.as_str() {
            "EventDialing" => Self::Dialing,
            "EventRinging" => Self::Ringing,
            "EventEstablished" => Self::Established,
            "EventOnHold" => Self::OnHold,
            "EventReleased" => Self::Released,
            "EventFailure" => Self::Failure,
            _ => Self::Other(name),
        }
    }
}

/// Who began the call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallDirection {
    /// The other side.
    Incoming,
    /// The user.
    Outgoing,
    /// Anything else.
    Other(String),
}

impl CallDirection {
    /// Its name on the wire.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Incoming => "Incoming",
            Self::Outgoing => "Outgoing",
            Self::Other(name) => name,
        }
    }

    fn named(name: String) -> Self {
        match name.as_str() {
            "Incoming" => Self::Incoming,
            "Outgoing" => Self::Outgoing,
            _ => Self::Other(name),
        }
    }
}

/// Something happened to one of the user's calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhoneEvent {
    /// What happened.
    pub event_type: EventType,
    /// The user's own number.
    pub dn: Option<String>,
    /// The other party's number; absent does not mean unknown, only untold.
    pub other_dn: Option<String>,
    /// The other party's name; absent likewise.
    pub other_name: Option<String>,
    /// Shared by all channels of the call.
    pub linked_id: Option<String>,
    /// The user's own channel: the argument of `hangup`, `answer`, `hold`.
    pub unique_id: Option<String>,
    /// The queue the call came through.
    pub queue_name: Option<String>,
    /// Who began the call.
    pub direction: Option<CallDirection>,
    /// Channel variables: `SIPCALLID`, `XIVO_…`, `USR_…`. `None` when the event has none to tell.
    pub user_data: Option<Vec<(String, String)>>,
}

impl PhoneEvent {
    /// An event that tells nothing but its type.
    pub fn new(event_type: EventType) -> Self {
        Self {
            event_type,
            dn: None,
            other_dn: None,
            other_name: None,
            linked_id: None,
            unique_id: None,
            queue_name: None,
            direction: None,
            user_data: None,
        }
    }

    /// A channel variable by its name.
    pub fn variable(&self, name: &str) -> Option<&str> {
        let variables = self.user_data.as_deref()?;
        variables.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The SIP Call-ID of the user's own leg.
    pub fn sip_call_id(&self) -> Option<&str> {
        self.variable(SIP_CALL_ID).filter(|id| !id.is_empty())
    }

    pub(super) fn read(payload: &Value, complaints: &mut Vec<String>) -> Option<Self> {
        let mut fields = Fields::of("PhoneEvent", payload, complaints)?;
        Some(Self {
            event_type: EventType::named(fields.text("eventType").unwrap_or_default()),
            dn: fields.filled("DN"),
            other_dn: fields.filled("otherDN"),
            other_name: fields.filled("otherDName"),
            linked_id: fields.filled("linkedId"),
            unique_id: fields.filled("uniqueId"),
            queue_name: fields.filled("queueName"),
            direction: fields.filled("callDirection").map(CallDirection::named),
            user_data: fields.texts("userData"),
        })
    }

    /// The events of a `CurrentCallsPhoneEvents`, one per call; what is not an object is left out.
    pub(super) fn read_list(payload: &Value, complaints: &mut Vec<String>) -> Option<Vec<Self>> {
        let events = Fields::of("CurrentCallsPhoneEvents", payload, complaints)?.list("events");
        Some(events.iter().filter_map(|event| Self::read(event, complaints)).collect())
    }

    pub(super) fn write(&self) -> Value {
        let writer = Writer::default()
            .put("eventType", self.event_type.as_str())
            .put_some("DN", self.dn.as_deref())
            .put_some("otherDN", self.other_dn.as_deref())
            .put_some("otherDName", self.other_name.as_deref())
            .put_some("linkedId", self.linked_id.as_deref())
            .put_some("uniqueId", self.unique_id.as_deref())
            .put_some("queueName", self.queue_name.as_deref())
            .put_some("callDirection", self.direction.as_ref().map(CallDirection::as_str));
        match &self.user_data {
            Some(data) => writer.put_texts("userData", data).done(),
            None => writer.done(),
        }
    }

    pub(super) fn write_list(events: &[Self]) -> Value {
        let events: Vec<Value> = events.iter().map(Self::write).collect();
        Writer::default().put("events", events).done()
    }
}

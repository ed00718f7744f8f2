//! `PhoneStatusUpdate` and `PhoneHintStatusEvent`: how busy a phone is (xuc-cti §6.7, §6.8, codes in §8).

use super::fields::{Fields, Writer, integer_of, text_of};
use crate::json::Value;

/// How busy a phone is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PhoneStatus {
    /// Free.
    Available,
    /// In a call that it made.
    Calling,
    /// In a call.
    Busy,
    /// Not there: `INDISPONIBLE`.
    Unavailable,
    /// It rings.
    Ringing,
    /// In a call, and another one rings.
    BusyAndRinging,
    /// Its call is on hold.
    OnHold,
    /// Switched off.
    Deactivated,
    /// There is no such phone.
    Unexisting,
    /// The server does not know.
    Error,
    /// A name or a code that is not in the table.
    Other(String),
}

/// The table of xuc-cti §8.
const TABLE: [(PhoneStatus, &str, i64); 10] = [
    (PhoneStatus::Available, "AVAILABLE", 0),
    (PhoneStatus::Calling, "CALLING", 1),
    (PhoneStatus::Busy, "BUSY", 2),
    (PhoneStatus::Unavailable, "INDISPONIBLE", 4),
    (PhoneStatus::Ringing, "RINGING", 8),
    (PhoneStatus::BusyAndRinging, "BUSY_AND_RINGING", 9),
    (PhoneStatus::OnHold, "ONHOLD", 16),
    (PhoneStatus::Deactivated, "DEACTIVATED", -1),
    (PhoneStatus::Unexisting, "UNEXISTING", -2),
    (PhoneStatus::Error, "ERROR", -99),
];

impl PhoneStatus {
    /// Its name.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Other(name) => name,
            known => TABLE.iter().find(|(status, ..)| status == known).map_or("", |(_, name, _)| name),
        }
    }

    /// Its code; none for what is not in the table.
    pub fn code(&self) -> Option<i64> {
        TABLE.iter().find(|(status, ..)| status == self).map(|(.., code)| *code)
    }

    /// By name, by code, or by a code written as a string: which of them a server sends is not documented.
    fn of(value: &Value) -> Option<Self> {
        let text = text_of(value)?;
        let code = integer_of(value);
        let known = TABLE.iter().find(|(_, name, known)| *name == text || Some(*known) == code);
        Some(known.map_or(Self::Other(text), |(status, ..)| status.clone()))
    }

    /// The status of a `PhoneStatusUpdate`; `None`: it tells none.
    pub(super) fn read(payload: &Value, complaints: &mut Vec<String>) -> Option<Option<Self>> {
        let fields = Fields::of("PhoneStatusUpdate", payload, complaints)?;
        Some(fields.value("status").and_then(Self::of))
    }

    pub(super) fn write(status: Option<&Self>) -> Value {
        Writer::default().put("status", status.map_or(Value::Null, |status| status.as_str().into())).done()
    }
}

/// How busy a watched number is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhoneHintStatus {
    /// The number.
    pub number: String,
    /// How busy it is; `None`: not told.
    pub status: Option<PhoneStatus>,
}

impl PhoneHintStatus {
    pub(super) fn read(payload: &Value, complaints: &mut Vec<String>) -> Option<Self> {
        let mut fields = Fields::of("PhoneHintStatusEvent", payload, complaints)?;
        let number = fields.filled("number")?;
        Some(Self { number, status: fields.value("status").and_then(PhoneStatus::of) })
    }

    pub(super) fn write(&self) -> Value {
        let status = self.status.as_ref().map(|status| match status.code() {
            Some(code) => Value::from(code),
            None => status.as_str().into(),
        });
        Writer::default().put("number", self.number.as_str()).put_some("status", status).done()
    }
}

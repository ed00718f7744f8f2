//! `VoiceMailStatusUpdate`: how many messages wait (xuc-cti §6.10).

use super::fields::{Fields, Writer, id_value};
use crate::json::Value;

/// How many messages are in the user's voice mail box.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VoiceMailStatus {
    /// The box.
    pub voice_mail_id: Option<String>,
    /// New ones.
    pub new_messages: u32,
    /// Waiting ones.
    pub waiting_messages: u32,
    /// Old ones.
    pub old_messages: u32,
}

impl VoiceMailStatus {
    pub(super) fn read(payload: &Value, complaints: &mut Vec<String>) -> Option<Self> {
        let mut fields = Fields::of("VoiceMailStatusUpdate", payload, complaints)?;
        let mut count = |key| fields.integer(key).and_then(|count| u32::try_from(count).ok()).unwrap_or(0);
        Some(Self {
            new_messages: count("newMessages"),
            waiting_messages: count("waitingMessages"),
            old_messages: count("oldMessages"),
            voice_mail_id: fields.filled("voiceMailId"),
        })
    }

    pub(super) fn write(&self) -> Value {
        Writer::default()
            .put_some("voiceMailId", self.voice_mail_id.as_deref().map(id_value))
            .put("newMessages", self.new_messages)
            .put("waitingMessages", self.waiting_messages)
            .put("oldMessages", self.old_messages)
            .done()
    }
}

//! `UserConfigUpdate`: who the user is, and the user's forwards (xuc-cti §6.2).

use super::fields::{Fields, Writer, id_value};
use crate::json::Value;

/// Where calls are sent on, and whether they are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Forward {
    /// Calls are sent on.
    pub enabled: bool,
    /// To this number; empty when none was ever set.
    pub destination: String,
}

/// What one update tells, or the merged copy of all that was told so far. `None`: not told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserConfig {
    /// The user's identifier.
    pub user_id: Option<String>,
    /// The full name; an update without it is partial and says nothing about the identity.
    pub full_name: Option<String>,
    /// The first name.
    pub first_name: Option<String>,
    /// The last name.
    pub last_name: Option<String>,
    /// The mobile number.
    pub mobile_number: Option<String>,
    /// The agent's identifier, for a contact-centre agent.
    pub agent_id: Option<String>,
    /// The voice mail box.
    pub voice_mail_id: Option<String>,
    /// Whether the voice mail box takes messages.
    pub voice_mail_enabled: Option<bool>,
    /// Forward on no answer.
    pub no_answer: Option<Forward>,
    /// Forward of every call.
    pub unconditional: Option<Forward>,
    /// Forward on busy.
    pub busy: Option<Forward>,
    /// Do not disturb.
    pub dnd: Option<bool>,
}

impl UserConfig {
    /// Takes an update into this merged copy.
    pub fn merge(&mut self, update: Self) {
        if update.full_name.is_some() {
            // A whole identity: what it leaves out, the user does not have.
            let Self { no_answer, unconditional, busy, dnd, .. } = std::mem::take(self);
            *self = Self {
                no_answer: update.no_answer.or(no_answer),
                unconditional: update.unconditional.or(unconditional),
                busy: update.busy.or(busy),
                dnd: update.dnd.or(dnd),
                ..update
            };
            return;
        }
        fn take<T>(ours: &mut Option<T>, theirs: Option<T>) {
            if theirs.is_some() {
                *ours = theirs;
            }
        }
        take(&mut self.user_id, update.user_id);
        take(&mut self.first_name, update.first_name);
        take(&mut self.last_name, update.last_name);
        take(&mut self.mobile_number, update.mobile_number);
        take(&mut self.agent_id, update.agent_id);
        take(&mut self.voice_mail_id, update.voice_mail_id);
        take(&mut self.voice_mail_enabled, update.voice_mail_enabled);
        take(&mut self.no_answer, update.no_answer);
        take(&mut self.unconditional, update.unconditional);
        take(&mut self.busy, update.busy);
        take(&mut self.dnd, update.dnd);
    }

    pub(super) fn read(payload: &Value, complaints: &mut Vec<String>) -> Option<Self> {
        let mut fields = Fields::of("UserConfigUpdate", payload, complaints)?;
        Some(Self {
            user_id: fields.filled("userId"),
            full_name: fields.text("fullName"),
            first_name: fields.text("firstName"),
            last_name: fields.text("lastName"),
            mobile_number: fields.filled("mobileNumber"),
            agent_id: fields.filled("agentId"),
            voice_mail_id: fields.filled("voiceMailId"),
            voice_mail_enabled: fields.flag("voiceMailEnabled"),
            no_answer: forward(&mut fields, "naFwdDestination", "naFwdEnabled"),
            unconditional: forward(&mut fields, "uncFwdDestination", "uncFwdEnabled"),
            busy: forward(&mut fields, "busyFwdDestination", "busyFwdEnabled"),
            dnd: fields.flag("dndEnabled"),
        })
    }

    pub(super) fn write(&self) -> Value {
        let id = |id: &Option<String>| id.as_deref().map(id_value);
        let mut writer = Writer::default()
            .put_some("userId", id(&self.user_id))
            .put_some("fullName", self.full_name.as_deref())
            .put_some("firstName", self.first_name.as_deref())
            .put_some("lastName", self.last_name.as_deref())
            .put_some("mobileNumber", self.mobile_number.as_deref())
            .put_some("agentId", id(&self.agent_id))
            .put_some("voiceMailId", id(&self.voice_mail_id))
            .put_some("voiceMailEnabled", self.voice_mail_enabled)
            .put_some("dndEnabled", self.dnd);
        for (forward, destination, enabled) in [
            (&self.no_answer, "naFwdDestination", "naFwdEnabled"),
            (&self.unconditional, "uncFwdDestination", "uncFwdEnabled"),
            (&self.busy, "busyFwdDestination", "busyFwdEnabled"),
        ] {
            if let Some(forward) = forward {
                writer = writer.put(destination, forward.destination.as_str()).put(enabled, forward.enabled);
            }
        }
        writer.done()
    }
}

/// One forward; an update without its destination says nothing about it.
fn forward(fields: &mut Fields<'_, '_>, destination: &'static str, enabled: &'static str) -> Option<Forward> {
    let destination = fields.text(destination)?;
    Some(Forward { enabled: fields.flag(enabled).unwrap_or(false), destination })
}

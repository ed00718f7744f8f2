//! What others have left for the person: how much voice mail waits, and what was written to them.

use crate::cti::message::VoiceMailStatus;
pub use crate::sip::message_summary::MessageSummary;

use super::call::Party;

/// Older messages make room.
const MOST_MESSAGES: usize = 20;
/// What is longer is cut, in characters.
const LONGEST_TEXT: usize = 2000;

/// What others have left for the person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inbox {
    /// How many voice messages wait, as the telephony or the CTI server says.
    pub voice_mail: MessageSummary,
    /// What was written, oldest first, until dismissed.
    pub messages: Vec<Written>,
    last: u32,
}

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Which; never used twice.
    pub key: u32,
    /// Who wrote it.
    pub from: Party,
    /// What: to be shown as text.
    pub text: String,
}

impl Inbox {
    pub(super) fn written(&mut self, from: Party, text: &str) {
        if self.messages.len() >= MOST_MESSAGES {
            self.messages.remove(0);
        }
        self.last += 1;
        let text = text.trim().chars().take(LONGEST_TEXT).collect();
        self.messages.push(Written { key: self.last, from, text });
    }

    pub(super) fn dismiss(&mut self, key: u32) {
        self.messages.retain(|message| message.key != key);
    }

    pub(super) fn cti_told(&mut self, status: &VoiceMailStatus) {
        let new = status.new_messages;
        self.voice_mail = MessageSummary { waiting: new > 0, new, old: status.old_messages };
    }
}

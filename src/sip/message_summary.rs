//! How many voice messages wait: `application/simple-message-summary` (RFC 3842 §5.2).

use super::grammar::number;

/// The type of the body.
pub const MESSAGE_SUMMARY: &str = "application/simple-message-summary";

/// More lines than this are not read.
const MOST_LINES: usize = 64;

/// How many voice messages wait.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MessageSummary {
    /// There are messages that were not heard yet.
    pub waiting: bool,
    /// How many, where the server counts them.
    pub new: u32,
    /// How many were heard and kept.
    pub old: u32,
}

impl MessageSummary {
    /// Reads the body; `None` when it does not say whether messages wait.
    pub fn parse(body: &str) -> Option<Self> {
        let mut waiting = None;
        let mut summary = Self::default();
        for line in body.lines().take(MOST_LINES) {
            let Some((name, value)) = line.split_once(':') else { continue };
            let (name, value) = (name.trim(), value.trim());
            if name.eq_ignore_ascii_case("Messages-Waiting") {
                waiting = Some(value.eq_ignore_ascii_case("yes"));
            } else if name.eq_ignore_ascii_case("Voice-Message") {
                // `2/8 (0/2)`: new and old, in brackets those of them that are urgent.
                let counts = value.split('(').next().unwrap_or_default();
                let (new, old) = counts.split_once('/').unwrap_or((counts, ""));
                summary.new = number(new.trim()).unwrap_or_default();
                summary.old = number(old.trim()).unwrap_or_default();
            }
        }
        summary.waiting = waiting?;
        Some(summary)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_rfc_3842_is_read() {
        let body = "Messages-Waiting: yes\r\nMessage-Account: sip:alice@vmail.example.com\r\n\
            Voice-Message: 2/8 (0/2)\r\n";
        assert_eq!(MessageSummary::parse(body), Some(MessageSummary { waiting: true, new: 2, old: 8 }));
    }

    #[test]
    fn what_is_left_out_or_broken_is_nothing() {
        let read = MessageSummary::parse;
        assert_eq!(read("messages-waiting:NO"), Some(MessageSummary::default()));
        let no_count = Some(MessageSummary { waiting: true, ..MessageSummary::default() });
        assert_eq!(read("Messages-Waiting: yes\nVoice-Message: many/x (\n"), no_count);
        assert_eq!(read("Voice-Message: 1/2"), None);
        assert_eq!(read(""), None);
    }
}

//! Tones: in the media stream where the other side takes them there (RFC 4733), else by INFO; in order, none lost.

use std::time::Duration;

use crate::sip::status::StatusCode;
use crate::sip::user_agent::UserAgent;
use crate::time::{Deadline, Instant};

use super::super::api::{DtmfMethod, Refusal};
use super::super::call::{CallKey, Hold};
use super::super::effect::MediaCommand;
use super::super::event::CallEvent;
use super::{Calls, Effect};

/// What a comma stands for.
const PAUSE: Duration = Duration::from_secs(1);

/// How long the media takes for one tone, with the silence after it.
const TONE: Duration = Duration::from_millis(170);

/// More digits at once are not typed but a mistake.
const MOST: usize = 256;

const CONTENT_TYPE: &str = "application/dtmf-relay";

/// The tones of one call that were asked for and not sent yet.
#[derive(Debug, Default)]
pub(super) struct Tones {
    queue: Vec<char>,
    /// So many at the front of the queue the media has given back.
    given_back: usize,
    /// The tones handed to the media are heard until then, and a pause lasts until then.
    busy_until: Instant,
    pausing: bool,
    /// An INFO is out.
    informing: bool,
    /// The media stream takes none.
    by_info: bool,
}

impl Tones {
    /// When the pause is over.
    pub(super) fn deadline(&self) -> Option<Deadline> {
        let waits = self.pausing && !self.queue.is_empty() && !self.informing;
        waits.then_some(Deadline::new(self.busy_until, "pause between tones"))
    }
}

/// The digits as they are sent; refused as a whole when one of them is none.
pub(in crate::phone) fn digits_of(typed: &str) -> Result<String, Refusal> {
    let digits = typed.trim().to_ascii_uppercase();
    let is_digit = |c: char| matches!(c, '0'..='9' | 'A'..='D' | '*' | '#' | ',');
    let good = !digits.is_empty() && digits.len() <= MOST && digits.chars().all(is_digit);
    if good { Ok(digits) } else { Err(Refusal::BadDigits) }
}

impl Calls {
    /// Sends tones on that call, else on the active one, or on both of a conference.
    pub(in crate::phone) fn dtmf(&mut self, named: Option<CallKey>, digits: &str) -> Result<(), Refusal> {
        let keys = self.heard(named, |call| call.state.is_connected() && call.hold == Hold::Active)?;
        for key in keys {
            if let Some(record) = self.get_mut(key) {
                record.tones.queue.extend(digits.chars());
            }
        }
        Ok(())
    }

    /// How tones are sent from now on.
    pub(in crate::phone) fn set_dtmf_method(&mut self, method: DtmfMethod) {
        self.dtmf_method = method;
    }

    /// Sends what can be sent now.
    pub(super) fn send_tones(&mut self, key: CallKey, user_agent: &mut UserAgent, now: Instant) {
        let by_choice = self.dtmf_method == DtmfMethod::Info;
        loop {
            let Some(record) = self.get_mut(key) else { return };
            let tones = &mut record.tones;
            if tones.informing || (tones.pausing && tones.busy_until > now) {
                return;
            }
            tones.pausing = false;
            let Some(first) = tones.queue.first().copied() else { return };
            if first == ',' {
                tones.queue.remove(0);
                tones.busy_until = tones.busy_until.max(now) + PAUSE;
                tones.pausing = true;
            } else if tones.by_info || by_choice {
                tones.queue.remove(0);
                tones.given_back = tones.given_back.saturating_sub(1);
                let body = format!("Signal={first}\r\nDuration=120\r\n");
                let sent = record.session.map(|session| user_agent.info(session, CONTENT_TYPE, &body, now));
                match sent {
                    Some(Ok(())) => record.tones.informing = true,
                    Some(Err(_)) | None => self.tones_failed(key, "The connection to the server is lost"),
                }
            } else {
                let run: String = {
                    let length = tones.queue.iter().take_while(|tone| **tone != ',').count();
                    tones.queue.drain(..length).collect()
                };
                tones.busy_until = tones.busy_until.max(now);
                for _ in 0..run.len() {
                    tones.busy_until += TONE;
                }
                self.effects.push(Effect::Media(key, MediaCommand::Dtmf { tones: run }));
            }
        }
    }

    /// The media cannot send these: they go by INFO, before those that were asked for after them.
    pub(super) fn on_dtmf_unavailable(&mut self, key: CallKey, unsent: &str) {
        let Some(record) = self.get_mut(key) else { return };
        let tones = &mut record.tones;
        tones.by_info = true;
        tones.pausing = false;
        for tone in unsent.chars() {
            tones.queue.insert(tones.given_back.min(tones.queue.len()), tone);
            tones.given_back += 1;
        }
    }

    /// The other side took a tone that came by INFO, or did not; then the rest would be as lost.
    pub(super) fn on_info_answered(&mut self, key: CallKey, status: Option<StatusCode>) {
        let Some(record) = self.get_mut(key) else { return };
        record.tones.informing = false;
        match status {
            Some(status) if status.is_success() => {}
            Some(status) => self.tones_failed(key, status.reason_phrase()),
            None => self.tones_failed(key, "No answer"),
        }
    }

    fn tones_failed(&mut self, key: CallKey, reason: &str) {
        if let Some(record) = self.get_mut(key) {
            record.tones.queue.clear();
            record.tones.given_back = 0;
        }
        self.publish(key, CallEvent::DtmfFailed { reason: reason.to_owned() });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_taken_as_a_whole_or_not_at_all() {
        assert_eq!(digits_of(" 1a*#,d9 "), Ok("1A*#,D9".into()));
        for typed in ["", " ", "12e", "1 2", "é", "+33", &"1".repeat(MOST + 1)] {
            assert_eq!(digits_of(typed), Err(Refusal::BadDigits), "{typed}");
        }
    }
}

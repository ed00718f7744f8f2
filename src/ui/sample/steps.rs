//! What the ladder says of each message: what it is, and how long after what it follows: pure.

use crate::json::Value;
use crate::time::Instant;

/// More requests than these do not wait for an answer at once; the oldest are not waited for any more.
const KEPT: usize = 32;

/// The messages so far, as far as the next ones follow them.
#[derive(Debug, Default)]
pub struct Steps {
    /// Requests, by what their answers have in common with them, and when they went or came.
    asked: Vec<(String, Instant)>,
    last: Option<Instant>,
}

impl Steps {
    /// Of a SIP message: `INVITE 1002 (offer) · +31 ms` after the message before it, or
    /// `401 Unauthorized (INVITE) · 4 ms` after what it answers.
    pub fn of_sip(&mut self, sent: bool, text: &str, now: Instant) -> String {
        let first = text.lines().next().unwrap_or_default();
        let cseq = header(text, "cseq");
        let described = header(text, "content-type").eq_ignore_ascii_case("application/sdp");
        let key = |asker: bool| format!("{asker} {} {cseq}", header(text, "call-id"));
        if let Some(status) = first.strip_prefix("SIP/2.0 ") {
            let method = cseq.split_whitespace().nth(1).unwrap_or_default();
            let answers = key(!sent);
            let asked = self.asked.iter().find(|(asked, _)| *asked == answers).map(|(_, at)| *at);
            let label = format!("{status} ({method}{})", if described { ", answer" } else { "" });
            return self.after(label, asked, now);
        }
        let mut words = first.split_whitespace();
        let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let mut label = method.to_owned();
        if let Some((user, _)) = target.split_once('@') {
            label.push(' ');
            label.push_str(user.split_once(':').map_or(user, |(_, user)| user));
        }
        let has_digest =
            ["authorization", "proxy-authorization"].iter().any(|name| !header(text, name).is_empty());
        let parts = [(described, "offer"), (has_digest, "digest")];
        let parts: Vec<_> = parts.into_iter().filter(|(there, _)| *there).map(|(_, part)| part).collect();
        if !parts.is_empty() {
            label.push_str(&format!(" ({})", parts.join(", ")));
        }
        // An ACK has the number of its INVITE and gets no answer (RFC 3261 §17).
        if method != "ACK" {
            self.asked.push((key(sent), now));
            let forgotten = self.asked.len().saturating_sub(KEPT);
            self.asked.drain(..forgotten);
        }
        self.after(label, None, now)
    }

    /// Of a CTI message: its name, and what it tells of.
    pub fn of_cti(&mut self, name: &str, payload: &Value, now: Instant) -> String {
        let mut label = name.to_owned();
        if let Some(event) = payload.get("eventType").and_then(Value::as_str) {
            label.push(' ');
            label.push_str(event);
        }
        self.after(label, None, now)
    }

    fn after(&mut self, mut label: String, asked: Option<Instant>, now: Instant) -> String {
        let (sign, since) = if asked.is_some() { ("", asked) } else { ("+", self.last) };
        if let Some(since) = since {
            label.push_str(&format!(" · {sign}{} ms", now.saturating_since(since).as_millis()));
        }
        self.last = Some(now);
        label
    }
}

/// The value of the first header field of that name; empty where there is none. Names are in small letters.
fn header<'a>(text: &'a str, name: &str) -> &'a str {
    let fields = text.lines().skip(1).take_while(|line| !line.is_empty());
    let mut named = fields.filter_map(|line| line.split_once(':'));
    named.find(|(field, _)| field.trim().eq_ignore_ascii_case(name)).map_or("", |(_, value)| value.trim())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const INVITE: &str = "INVITE sip:1002@x SIP/2.0\r\nCall-ID: a\r\nCSeq: 1 INVITE\r\n\
        Content-Type: application/sdp\r\n\r\nv=0\r\nCSeq: 9 BYE\r\n";

    fn at(milliseconds: u64) -> Instant {
        Instant::from_origin(Duration::from_millis(milliseconds))
    }

    #[test]
    fn an_answer_is_timed_from_what_it_answers_and_the_rest_from_what_was_before() {
        let mut steps = Steps::default();
        assert_eq!(steps.of_sip(true, INVITE, at(1_000)), "INVITE 1002 (offer)");
        let refused = "SIP/2.0 401 Unauthorized\r\ncall-id: a\r\nCSEQ : 1 INVITE\r\n\r\n";
        let other = refused.replace("1 INVITE", "2 INVITE");
        assert_eq!(steps.of_sip(false, refused, at(1_004)), "401 Unauthorized (INVITE) · 4 ms");
        assert_eq!(steps.of_sip(false, &other, at(1_010)), "401 Unauthorized (INVITE) · +6 ms");
        // What goes the same way is no answer.
        assert_eq!(steps.of_sip(true, refused, at(1_011)), "401 Unauthorized (INVITE) · +1 ms");
        let ack = "ACK sip:1002@x SIP/2.0\r\nCall-ID: a\r\nCSeq: 1 ACK\r\n\r\n";
        assert_eq!(steps.of_sip(true, ack, at(1_012)), "ACK 1002 · +1 ms");
        let again = INVITE.replace("Content-Type", "Authorization: Digest x\r\nContent-Type");
        assert_eq!(steps.of_sip(true, &again, at(1_020)), "INVITE 1002 (offer, digest) · +8 ms");
        let taken =
            "SIP/2.0 200 OK\r\nCall-ID: a\r\nCSeq: 1 INVITE\r\nContent-Type: application/sdp\r\n\r\nv=0";
        assert_eq!(steps.of_sip(false, taken, at(2_000)), "200 OK (INVITE, answer) · 1000 ms");
    }

    #[test]
    fn a_cti_message_says_what_it_tells_of() {
        let mut steps = Steps::default();
        let payload: Value = r#"{"eventType":"EventDialing"}"#.parse().expect("JSON");
        assert_eq!(steps.of_cti("PhoneEvent", &payload, at(5)), "PhoneEvent EventDialing");
        assert_eq!(steps.of_cti("Sheet", &Value::Null, at(7)), "Sheet · +2 ms");
    }

    #[test]
    fn what_is_no_message_is_shown_all_the_same() {
        let mut steps = Steps::default();
        assert_eq!(steps.of_sip(false, "", at(0)), "");
        assert_eq!(steps.of_sip(false, "\u{1F4A3}\r\n", at(3)), "\u{1F4A3} · +3 ms");
        for number in 0..1_000 {
            steps.of_sip(true, &INVITE.replace("1 INVITE", &format!("{number} INVITE")), at(4));
        }
        assert_eq!(steps.asked.len(), KEPT);
    }
}

//! Digits that are typed in a call: as sound events (RFC 4733) or by INFO (RFC 6086).

use xc_webrtc::sip::header::Name;
use xc_webrtc::sip::message::Request;
use xc_webrtc::sip::status::StatusCode;

use super::Exchange;
use super::call::Side;
use super::dialplan::Destination;
use super::socket::SocketId;
use crate::media::{LegId, Program};

/// The bodies of INFO that carry a digit.
const RELAY: &str = "application/dtmf-relay";
const BARE: &str = "application/dtmf";
/// More digits of one call than this are not kept.
const MOST: usize = 1000;
/// Under this name the digits that were said back are attached to the call.
const ATTACHED: &str = "USR_digits";

impl Exchange {
    /// INFO: a digit, or nothing that the lab knows.
    pub(super) fn info(&mut self, socket: SocketId, request: &Request, id: LegId) {
        let digit = match request.headers.content_type() {
            _ if request.body.is_empty() => return self.send(socket, &request.reply(StatusCode::OK, None)),
            Some(kind) if kind.eq_ignore_ascii_case(RELAY) => signal(&request.body),
            Some(kind) if kind.eq_ignore_ascii_case(BARE) => key(&request.body),
            Some(_) | None => {
                let mut response = request.reply(StatusCode::UNSUPPORTED_MEDIA_TYPE, None);
                response.headers.push(Name::ACCEPT, format!("{RELAY}, {BARE}"));
                return self.send(socket, &response);
            }
        };
        let Some(digit) = digit else {
            return self.refuse(socket, request, StatusCode::BAD_REQUEST);
        };
        self.send(socket, &request.reply(StatusCode::OK, None));
        // One that came as a sound event goes on with the sound.
        if let Some(other) = self.other_phone(id).and_then(|other| self.legs.get(&other)) {
            other.media.dial(digit);
        }
        self.digit_heard(id, digit);
    }

    /// A phone has sent a digit, one way or another.
    pub(super) fn digit_heard(&mut self, id: LegId, digit: char) {
        let Some(leg) = self.legs.get_mut(&id) else { return };
        if leg.digits.len() < MOST {
            leg.digits.push(digit);
        }
        let typed = match leg.digits.strip_suffix('#') {
            Some(typed) if digit == '#' => typed.rsplit('#').next().unwrap_or(typed).to_owned(),
            Some(_) | None => return,
        };
        let Some(call) = leg.call.filter(|_| leg.side == Side::Caller) else { return };
        let media = leg.media.clone();
        let number = self.calls.get(&call).map(|call| call.callee.number.as_str()).unwrap_or_default();
        if let Destination::Digits = Destination::of(number, &self.directory) {
            media.play(Program::Keys(typed.clone()));
            self.attach(call, ATTACHED, &typed);
        }
    }

    /// The phone at the other end of a phone's call.
    fn other_phone(&self, id: LegId) -> Option<LegId> {
        let leg = self.legs.get(&id)?;
        let call = self.calls.get(&leg.call?)?;
        call.end(leg.side.other()).legs.first().copied()
    }
}

/// The key in `Signal=5`, which other lines may surround.
fn signal(body: &str) -> Option<char> {
    body.lines().find_map(|line| {
        let (name, value) = line.split_once('=')?;
        if name.trim().eq_ignore_ascii_case("signal") { key(value) } else { None }
    })
}

/// A single key.
fn key(text: &str) -> Option<char> {
    let mut signs = text.trim().chars();
    let key = signs.next().map(|sign| sign.to_ascii_uppercase())?;
    let known = matches!(key, '0'..='9' | '*' | '#' | 'A'..='D');
    (known && signs.next().is_none()).then_some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signal_is_read_however_it_is_written() {
        for body in ["Signal=5\r\nDuration=160\r\n", "Signal= 5", "Duration=1\nsignal=5"] {
            assert_eq!(signal(body), Some('5'), "{body}");
        }
        assert_eq!((signal("Signal=d"), key(" # ")), (Some('D'), Some('#')));
        for body in ["", "Signal", "Signal=", "Signal=55", "Signal=E", "Signal=é", "Duration=5"] {
            assert_eq!(signal(body), None, "{body}");
        }
    }
}

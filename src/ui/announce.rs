//! What a screen reader says when calls change: pure.

use super::format;
use super::texts::Texts;
use crate::phone::call::{Call, CallState, Hold, Party};

/// One announcement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// Interrupts what is being read: only an incoming call does.
    pub urgent: bool,
    /// The words.
    pub text: String,
}

/// The party's name, else its number in groups, else that it is unknown.
pub fn who(party: &Party, texts: &Texts) -> String {
    match &party.name {
        Some(name) if !name.trim().is_empty() => name.clone(),
        _ if party.number.is_empty() => texts.call.unknown_caller.to_owned(),
        _ => format::number(&party.number),
    }
}

/// What changed between two lists of calls, in words.
pub fn changes(before: &[Call], after: &[Call], texts: &'static Texts) -> Vec<Said> {
    after
        .iter()
        .filter_map(|call| {
            let old = before.iter().find(|old| old.key == call.key);
            match old {
                Some(old) if old.state == call.state => {
                    talk_change(old, call, texts).or_else(|| mute_change(old, call, texts))
                }
                _ => state_change(call, texts),
            }
        })
        .collect()
}

fn state_change(call: &Call, texts: &'static Texts) -> Option<Said> {
    let who = who(&call.party, texts);
    let t = &texts.said;
    let text = match &call.state {
        CallState::Offered => return Some(Said { urgent: true, text: (t.incoming)(&who) }),
        CallState::Calling => (t.calling)(&who),
        CallState::Ringing { .. } => (t.ringing)(&who),
        CallState::Connected { .. } => (t.connected)(&who),
        CallState::Ended { outcome, .. } => (t.ended)(&who, &texts.call_outcome(outcome)),
        // The next state follows within moments and says more.
        CallState::Preparing | CallState::Answering => return None,
    };
    Some(Said { urgent: false, text })
}

/// Hold on either side, and the conference.
fn talk_change(old: &Call, call: &Call, texts: &'static Texts) -> Option<Said> {
    let t = &texts.said;
    let say = match call.hold {
        Hold::Held if old.hold != Hold::Held => t.on_hold,
        _ if call.in_conference && !old.in_conference => t.conference,
        Hold::Active if old.hold != Hold::Active => t.resumed,
        _ if call.held_by_peer && !old.held_by_peer => t.held_by_peer,
        _ if !call.held_by_peer && old.held_by_peer => t.resumed_by_peer,
        _ => return None,
    };
    Some(Said { urgent: false, text: say(&who(&call.party, texts)) })
}

fn mute_change(old: &Call, call: &Call, texts: &'static Texts) -> Option<Said> {
    let text = if call.muted { texts.said.muted } else { texts.said.unmuted };
    (old.muted != call.muted).then(|| Said { urgent: false, text: text.to_owned() })
}

/// The tab's title: who calls, or who one talks with, before the product's name.
pub fn title(calls: &[Call], product: &str, texts: &'static Texts) -> String {
    let ringing = calls.iter().find(|call| call.state.can_be_answered());
    let talking = calls.iter().find(|call| call.state.is_connected());
    match (ringing, talking) {
        (Some(call), _) => format!("● {} · {product}", (texts.said.title_incoming)(&who(&call.party, texts))),
        (None, Some(call)) => {
            format!("{} · {product}", (texts.said.title_connected)(&who(&call.party, texts)))
        }
        (None, None) => product.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::phone::call::{CallKey, Direction, Outcome};
    use crate::time::Instant;
    use crate::ui::texts::Language;

    fn call(state: CallState) -> Call {
        let party = Party { number: "0145000001".into(), name: Some("Claire Dubois".into()) };
        Call::new(CallKey(1), String::new(), Direction::Incoming, party, state)
    }

    fn said(before: &[Call], after: &[Call]) -> Vec<(bool, String)> {
        let said = changes(before, after, Language::English.texts());
        said.into_iter().map(|said| (said.urgent, said.text)).collect()
    }

    #[test]
    fn an_incoming_call_interrupts_and_the_rest_waits() {
        let offered = [call(CallState::Offered)];
        let connected = [call(CallState::Connected { since: Instant::default() })];
        let ended = [call(CallState::Ended { outcome: Outcome::Busy, lasted: None })];
        assert_eq!(said(&[], &offered), [(true, "Incoming call from Claire Dubois".to_owned())]);
        assert_eq!(said(&offered, &connected), [(false, "In call with Claire Dubois".to_owned())]);
        assert_eq!(said(&connected, &connected), []);
        assert!(said(&connected, &ended)[0].1.contains("busy"));
        assert_eq!(said(&ended, &[]), []);
    }

    #[test]
    fn muting_is_told_once() {
        let open = [call(CallState::Connected { since: Instant::default() })];
        let mut muted = open.clone();
        muted[0].muted = true;
        assert_eq!(said(&open, &muted), [(false, "Microphone muted".to_owned())]);
        assert_eq!(said(&muted, &open), [(false, "Microphone on".to_owned())]);
    }

    #[test]
    fn hold_and_conference_are_told() {
        let open = [call(CallState::Connected { since: Instant::default() })];
        let mut held = open.clone();
        held[0].hold = Hold::Held;
        assert_eq!(said(&open, &held), [(false, "Claire Dubois is on hold".to_owned())]);
        assert_eq!(said(&held, &open), [(false, "Talking to Claire Dubois again".to_owned())]);
        let mut waits = open.clone();
        waits[0].held_by_peer = true;
        assert_eq!(said(&open, &waits), [(false, "Claire Dubois has put you on hold".to_owned())]);
        let mut joined = open.clone();
        joined[0].in_conference = true;
        assert_eq!(said(&held, &joined), [(false, "Claire Dubois is in the conference".to_owned())]);
    }

    #[test]
    fn a_party_without_a_name_is_called_by_its_number() {
        let texts = Language::English.texts();
        let party =
            |number: &str, name: Option<&str>| Party { number: number.into(), name: name.map(Into::into) };
        assert_eq!(who(&party("1002", None), texts), "1002");
        assert_eq!(who(&party("1002", Some(" ")), texts), "1002");
        assert_eq!(who(&party("", None), texts), "Unknown caller");
    }

    #[test]
    fn the_title_shows_who_rings_before_who_talks() {
        let texts = Language::English.texts();
        let talk = call(CallState::Connected { since: Instant::default() });
        let mut ring = call(CallState::Offered);
        ring.party.name = Some("Marc".into());
        assert_eq!(title(&[], "XC Phone", texts), "XC Phone");
        assert_eq!(
            title(std::slice::from_ref(&talk), "XC Phone", texts),
            "In call: Claire Dubois · XC Phone"
        );
        assert_eq!(title(&[talk, ring], "XC Phone", texts), "● Marc is calling · XC Phone");
    }
}

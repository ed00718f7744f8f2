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
                Some(old) if old.state == call.state => talk_change(old, call, texts),
                _ => state_change(call, texts),
            }
        })
        .collect()
}

fn state_change(call: &Call, texts: &'static Texts) -> Option<Said> {
    let who = who(&call.party, texts);
    let t = &texts.said;
    let text = match &call.state {
        CallState::Offered => return Some(Said { urgent: true, text: t.incoming.with(&[&who]) }),
        CallState::Calling if !call.returning => t.calling.with(&[&who]),
        CallState::Ringing { .. } => t.ringing.with(&[&who]),
        CallState::Connected { .. } => t.connected.with(&[&who]),
        CallState::Ended { outcome, .. } => t.ended.with(&[&who, &texts.call_outcome(outcome)]),
        // The next state follows within moments and says more.
        CallState::Preparing | CallState::Calling | CallState::Answering => return None,
    };
    Some(Said { urgent: false, text })
}

/// What changed in a call that goes on; of what changes at once, what says most.
fn talk_change(old: &Call, call: &Call, texts: &'static Texts) -> Option<Said> {
    let t = &texts.said;
    let who = who(&call.party, texts);
    let step = |call: &Call| call.transfer.as_ref().map(|transfer| transfer.step);
    let (video, before) = (call.video, old.video);
    let text = match (&call.transfer, call.hold) {
        (Some(transfer), _) if step(old) != step(call) => texts.transfer(transfer),
        (_, Hold::Held) if old.hold != Hold::Held => t.on_hold.with(&[&who]),
        _ if call.in_conference && !old.in_conference => t.conference.with(&[&who]),
        _ if !call.in_conference && old.in_conference => t.conference_over.to_owned(),
        (_, Hold::Active) if old.hold != Hold::Active => t.resumed.with(&[&who]),
        _ if call.held_by_peer && !old.held_by_peer => t.held_by_peer.with(&[&who]),
        _ if !call.held_by_peer && old.held_by_peer => t.resumed_by_peer.with(&[&who]),
        _ if video.offered && !before.offered => texts.call.video_offered.to_owned(),
        _ if video.receiving && !before.receiving => t.seen.with(&[&who]),
        _ if !video.receiving && before.receiving => t.unseen.with(&[&who]),
        _ if video.sending && !before.sending => t.camera_on.to_owned(),
        _ if !video.sending && before.sending => t.camera_off.to_owned(),
        _ if call.microphone != old.microphone => {
            texts.trouble.microphone.with(&[call.microphone.as_deref().unwrap_or_default()])
        }
        _ if call.trouble != old.trouble => match call.trouble {
            Some(trouble) => texts.trouble(trouble).to_owned(),
            // What is not expected to be heard is not said to be heard again.
            None if call.muted || call.held_by_peer || call.hold != Hold::Active => return None,
            None => texts.trouble.over.to_owned(),
        },
        _ if call.muted && !old.muted => t.muted.to_owned(),
        _ if !call.muted && old.muted => t.unmuted.to_owned(),
        _ => return None,
    };
    Some(Said { urgent: false, text })
}

/// The call that rings, if one does.
pub fn ringing(calls: &[Call]) -> Option<&Call> {
    calls.iter().find(|call| call.state.can_be_answered())
}

/// The tab's title: who calls, or who one talks with, before the product's name.
pub fn title(calls: &[Call], product: &str, texts: &'static Texts) -> String {
    let talking = calls.iter().find(|call| call.state.is_connected());
    match (ringing(calls), talking) {
        (Some(call), _) => {
            format!("● {} · {product}", texts.said.title_incoming.with(&[&who(&call.party, texts)]))
        }
        (None, Some(call)) => {
            format!("{} · {product}", texts.said.title_connected.with(&[&who(&call.party, texts)]))
        }
        (None, None) => product.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::phone::call::{CallKey, Direction, Outcome, Transfer, TransferStep, Trouble};
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
    fn troubles_and_another_microphone_are_told() {
        let texts = Language::English.texts();
        let open = [call(CallState::Connected { since: Instant::default() })];
        let mut silent = open.clone();
        silent[0].trouble = Some(Trouble::SilentHere);
        assert_eq!(said(&open, &silent), [(false, texts.trouble.silent_here.to_owned())]);
        assert_eq!(said(&silent, &open), [(false, "The sound is back".to_owned())]);
        let mut muted = silent.clone();
        muted[0].muted = true;
        let mut quiet = muted.clone();
        quiet[0].trouble = None;
        assert_eq!(said(&muted, &quiet), []);
        let mut other = open.clone();
        other[0].microphone = Some("Headset".into());
        assert_eq!(said(&silent, &other), [(false, "You are heard by Headset now.".to_owned())]);
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
    fn the_end_of_a_conference_is_told_of_who_is_left() {
        let mut joined = [call(CallState::Connected { since: Instant::default() })];
        joined[0].in_conference = true;
        let alone = [call(CallState::Connected { since: Instant::default() })];
        assert_eq!(said(&joined, &alone), [(false, "The conference is over".to_owned())]);
    }

    #[test]
    fn each_step_of_a_transfer_is_told_once() {
        let talk = [call(CallState::Connected { since: Instant::default() })];
        let at = |step| {
            let mut call = talk.clone();
            call[0].transfer = Some(Transfer { destination: "1003".into(), step });
            // The hold that comes with the first step is part of it.
            call[0].hold = Hold::Held;
            call
        };
        let (holding, consulting) = (at(TransferStep::Holding), at(TransferStep::Consulting));
        let texts = Language::English.texts();
        assert_eq!(said(&talk, &holding), [(false, texts.call.transfer_holding.with(&["1003"]))]);
        assert_eq!(said(&holding, &consulting), [(false, texts.call.transfer_consulting.with(&["1003"]))]);
        assert_eq!(said(&consulting, &consulting), []);
        assert_eq!(said(&consulting, &talk), [(false, "Talking to Claire Dubois again".to_owned())]);
    }

    #[test]
    fn pictures_that_come_and_go_are_told() {
        let talk = [call(CallState::Connected { since: Instant::default() })];
        let mut seen = talk.clone();
        seen[0].video.receiving = true;
        let mut both = seen.clone();
        both[0].video.sending = true;
        assert_eq!(said(&talk, &seen), [(false, "You see Claire Dubois".to_owned())]);
        assert_eq!(said(&seen, &both), [(false, "Camera on".to_owned())]);
        assert_eq!(said(&both, &seen), [(false, "Camera off".to_owned())]);
        assert_eq!(said(&seen, &talk), [(false, "You do not see Claire Dubois any more".to_owned())]);
        let mut offered = talk.clone();
        offered[0].video.offered = true;
        assert_eq!(said(&talk, &offered)[0].1, Language::English.texts().call.video_offered);
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

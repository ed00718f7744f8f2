//! Calls as `xc_webrtc.calls()` has them, read into what the screen shows: pure.

use crate::json::Value;
use crate::library::shown::TROUBLES;
use crate::phone::call::{
    Call, CallKey, CallState, Direction, Hold, Outcome, Party, Transfer, TransferStep, Video,
};
use crate::time::Instant;

/// The reasons in the event `Terminated`, and what they mean to a person.
const REASONS: [(&str, Outcome); 9] = [
    ("Call transferred", Outcome::Transferred),
    ("Call completed elsewhere", Outcome::AnsweredElsewhere),
    ("Call rejected", Outcome::Rejected),
    ("Busy Here", Outcome::Busy),
    ("Not Found", Outcome::NoSuchNumber),
    ("Decline", Outcome::Declined),
    ("No answer", Outcome::NoAnswer),
    ("Connection to the server lost", Outcome::ConnectionLost),
    ("Call ended meanwhile", Outcome::EndedMeanwhile),
];

/// How a call ended. `by_us`: this page was just asking for it.
pub fn outcome(direction: Direction, reason: &str, by_us: bool) -> Outcome {
    match (reason, direction) {
        ("Call terminated", _) => Outcome::HungUp { by_us },
        ("Call cancelled", Direction::Incoming) => Outcome::Missed,
        ("Call cancelled", Direction::Outgoing) => Outcome::Cancelled,
        _ => {
            let known = REASONS.iter().find(|(known, _)| *known == reason);
            let other = || Outcome::Failed { status: None, reason: reason.to_owned() };
            known.map_or_else(other, |(_, outcome)| outcome.clone())
        }
    }
}

/// The calls after these were told. Those that are gone have ended, and stay until they are taken away.
pub fn follow(before: Vec<Call>, told: &Value, now: Instant) -> Vec<Call> {
    let Value::Array(told) = told else { return before };
    let mut live: Vec<Call> = told.iter().filter_map(|call| read(call, now)).collect();
    let mut after = Vec::new();
    for mut call in before {
        match live.iter().position(|new| new.key == call.key) {
            Some(at) => {
                let mut new = live.remove(at);
                // Since when is told in the computer's time, which may jump; what was read first counts.
                if call.state.is_connected() && new.state.is_connected() {
                    new.state = call.state;
                }
                after.push(new);
            }
            None => {
                if call.state.is_live() {
                    let outcome = Outcome::HungUp { by_us: false };
                    call.state = CallState::Ended { outcome, lasted: None };
                }
                after.push(call);
            }
        }
    }
    after.append(&mut live);
    after
}

/// One call; `None`: it is none.
fn read(told: &Value, now: Instant) -> Option<Call> {
    let text = |name| told.get(name).and_then(Value::as_str);
    let owned = |name| text(name).map(str::to_owned);
    let is = |name| told.get(name) == Some(&Value::Bool(true));
    let key = |name| match told.get(name) {
        Some(Value::Number(number)) => number.as_i64().and_then(|number| number.try_into().ok()).map(CallKey),
        _ => None,
    };
    let party = |told: &Value| {
        let text = |name| told.get(name).and_then(Value::as_str).map(str::to_owned);
        Party { number: text("number").unwrap_or_default(), name: text("name") }
    };
    let direction = if text("direction")? == "incoming" { Direction::Incoming } else { Direction::Outgoing };
    let state = match text("state")? {
        "preparing" => CallState::Preparing,
        "calling" => CallState::Calling,
        "ringing" => CallState::Ringing { early_media: false },
        "offered" => CallState::Offered,
        "answering" => CallState::Answering,
        _ => CallState::Connected { since: now },
    };
    let mut call = Call::new(key("id")?, owned("sipCallId")?, direction, party(told.get("party")?), state);
    call.forwarded_by = told.get("forwardedBy").filter(|by| !by.is_null()).map(party);
    call.queue = owned("queue");
    let attached = told.get("attached").and_then(Value::as_object);
    call.attached = attached
        .into_iter()
        .flat_map(|attached| attached.iter())
        .filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())))
        .collect();
    call.muted = is("muted");
    call.hold = match text("hold")? {
        "holding" => Hold::Holding,
        "held" => Hold::Held,
        "resuming" => Hold::Resuming,
        _ => Hold::Active,
    };
    call.held_by_peer = is("heldByPeer");
    let trouble = text("trouble");
    call.trouble = TROUBLES.iter().find(|(_, word)| Some(*word) == trouble).map(|(trouble, _)| *trouble);
    call.in_conference = is("inConference");
    call.video =
        Video { sending: is("videoSending"), receiving: is("videoReceiving"), offered: is("videoOffered") };
    call.transfer = told.get("transfer").and_then(|transfer| {
        let step = match transfer.get("step")?.as_str()? {
            "holding" => TransferStep::Holding,
            "consulting" => TransferStep::Consulting,
            "completing" => TransferStep::Completing,
            _ => TransferStep::Referring,
        };
        Some(Transfer { destination: transfer.get("destination")?.as_str()?.to_owned(), step })
    });
    call.consults_for = key("consultsFor");
    Some(call)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library::shown;
    use crate::phone::call::Trouble;

    fn call(key: u32, state: CallState) -> Call {
        let party = Party { number: "1002".into(), name: Some("<b>Bob</b>".into()) };
        Call::new(CallKey(key), format!("id {key}"), Direction::Incoming, party, state)
    }

    fn told(calls: &[Call]) -> Value {
        shown::calls(calls, 0.0)
    }

    #[test]
    fn what_the_library_shows_is_read_whole() {
        let mut all = call(3, CallState::Connected { since: Instant::default() });
        all.queue = Some("sales".into());
        all.forwarded_by = Some(Party { number: "1003".into(), name: None });
        all.attached = vec![("ticket".into(), "12".into())];
        (all.muted, all.hold, all.held_by_peer, all.in_conference) = (true, Hold::Held, true, true);
        all.trouble = Some(Trouble::SilentHere);
        all.video = Video { sending: true, receiving: true, offered: true };
        all.transfer = Some(Transfer { destination: "1003".into(), step: TransferStep::Consulting });
        all.consults_for = Some(CallKey(2));
        let ringing = call(4, CallState::Ringing { early_media: false });
        let calls = vec![all, ringing, call(5, CallState::Offered)];
        assert_eq!(follow(Vec::new(), &told(&calls), Instant::default()), calls);
    }

    #[test]
    fn who_is_gone_has_ended_and_stays_in_place() {
        let calls = [call(1, CallState::Offered), call(2, CallState::Offered)];
        let after = follow(calls.to_vec(), &told(&calls[1..]), Instant::default());
        assert_eq!(after.iter().map(|call| call.state.is_live()).collect::<Vec<_>>(), [false, true]);
        assert_eq!(follow(after.clone(), &told(&calls[1..]), Instant::default()), after);
    }

    #[test]
    fn what_is_no_call_is_left_out() {
        for bad in ["null", "{}", "[null]", "[{}]", r#"[{"id": "1", "party": []}]"#, r#"[{"id": -1}]"#] {
            let told = bad.parse().expect("JSON");
            assert_eq!(follow(Vec::new(), &told, Instant::default()), [], "{bad}");
        }
    }

    #[test]
    fn reasons_are_read_as_the_phone_writes_them() {
        assert_eq!(outcome(Direction::Incoming, "Call cancelled", false), Outcome::Missed);
        assert_eq!(outcome(Direction::Outgoing, "Call terminated", true), Outcome::HungUp { by_us: true });
        assert_eq!(outcome(Direction::Outgoing, "Busy Here", false), Outcome::Busy);
        let other = Outcome::Failed { status: None, reason: "503 <b>".into() };
        assert_eq!(outcome(Direction::Outgoing, "503 <b>", true), other);
    }
}

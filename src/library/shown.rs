//! Calls as the API shows them.

use std::time::Duration;

use crate::json::{Object, Value};
use crate::phone::call::{Call, CallState, Direction, Hold, Party, Transfer, TransferStep, Trouble};
use crate::time::Instant;

/// What may be wrong with a call, and its word. How poor the quality is, pages judge by `getStats`.
pub const TROUBLES: [(Trouble, &str); 5] = [
    (Trouble::NoMicrophone, "noMicrophone"),
    (Trouble::NothingComes, "nothingComes"),
    (Trouble::NothingGoes, "nothingGoes"),
    (Trouble::SilentHere, "silentHere"),
    (Trouble::SilentThere, "silentThere"),
];

/// The calls that are going on. `origin`: the beginning of our clock, in milliseconds since 1970.
pub fn calls(calls: &[Call], origin: f64) -> Value {
    let live = calls.iter().filter(|call| call.state.is_live());
    let shown: Vec<Value> = live.map(|call| shown(call, origin)).collect();
    shown.into()
}

fn shown(call: &Call, origin: f64) -> Value {
    let mut shown = Object::default();
    shown.insert("id", call.key.0);
    shown.insert("sipCallId", call.sip_call_id.as_str());
    shown.insert(
        "direction",
        match call.direction {
            Direction::Incoming => "incoming",
            Direction::Outgoing => "outgoing",
        },
    );
    shown.insert(
        "state",
        match call.state {
            CallState::Preparing => "preparing",
            CallState::Calling => "calling",
            CallState::Ringing { .. } => "ringing",
            CallState::Offered => "offered",
            CallState::Answering => "answering",
            CallState::Connected { .. } => "connected",
            CallState::Ended { .. } => "ended",
        },
    );
    let since = match call.state {
        CallState::Connected { since } => {
            Value::from((origin + milliseconds(since.saturating_since(Instant::default()))) as i64)
        }
        _ => Value::Null,
    };
    shown.insert("connectedAt", since);
    shown.insert("party", party(&call.party));
    shown.insert("forwardedBy", call.forwarded_by.as_ref().map_or(Value::Null, party));
    shown.insert("queue", call.queue.as_deref().map_or(Value::Null, Value::from));
    let mut attached = Object::default();
    for (name, value) in &call.attached {
        attached.insert(name, value.as_str());
    }
    shown.insert("attached", attached);
    let has_video = call.video.sending || call.video.receiving;
    shown.insert("media", if has_video { "audio/video" } else { "audio" });
    shown.insert("videoOffered", call.video.offered);
    shown.insert("videoSending", call.video.sending);
    shown.insert("videoReceiving", call.video.receiving);
    shown.insert("muted", call.muted);
    shown.insert(
        "hold",
        match call.hold {
            Hold::Active => "active",
            Hold::Holding => "holding",
            Hold::Held => "held",
            Hold::Resuming => "resuming",
        },
    );
    shown.insert("heldByPeer", call.held_by_peer);
    let trouble = TROUBLES.iter().find(|(trouble, _)| Some(*trouble) == call.trouble);
    shown.insert("trouble", trouble.map_or(Value::Null, |(_, word)| (*word).into()));
    shown.insert("inConference", call.in_conference);
    shown.insert("transferring", call.transfer.is_some());
    shown.insert("transfer", call.transfer.as_ref().map_or(Value::Null, transfer));
    shown.insert("consultsFor", call.consults_for.map_or(Value::Null, |key| key.0.into()));
    shown.into()
}

fn party(party: &Party) -> Value {
    let mut shown = Object::default();
    shown.insert("number", party.number.as_str());
    shown.insert("name", party.name.as_deref().map_or(Value::Null, Value::from));
    shown.into()
}

fn transfer(transfer: &Transfer) -> Value {
    let mut shown = Object::default();
    shown.insert("destination", transfer.destination.as_str());
    shown.insert(
        "step",
        match transfer.step {
            TransferStep::Holding => "holding",
            TransferStep::Consulting => "consulting",
            TransferStep::Completing => "completing",
            TransferStep::Referring => "referring",
        },
    );
    shown.into()
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_millis() as f64
}

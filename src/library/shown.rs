//! Calls as the API shows them.

use std::time::Duration;

use crate::json::{Object, Value};
use crate::phone::call::{Call, CallState, Direction, Hold};
use crate::time::Instant;

/// The calls that are going on. `epoch`: `now` in milliseconds since 1970.
pub(super) fn calls(calls: &[Call], now: Instant, epoch: f64) -> Value {
    let live = calls.iter().filter(|call| call.state.is_live());
    let shown: Vec<Value> = live.map(|call| shown(call, now, epoch)).collect();
    shown.into()
}

fn shown(call: &Call, now: Instant, epoch: f64) -> Value {
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
            Value::from((epoch - milliseconds(now.saturating_since(since))) as i64)
        }
        _ => Value::Null,
    };
    shown.insert("connectedAt", since);
    let mut party = Object::default();
    party.insert("number", call.party.number.as_str());
    party.insert("name", call.party.name.as_deref().map_or(Value::Null, Value::from));
    shown.insert("party", party);
    shown.insert("queue", call.queue.as_deref().map_or(Value::Null, Value::from));
    let mut attached = Object::default();
    for (name, value) in &call.attached {
        attached.insert(name, value.as_str());
    }
    shown.insert("attached", attached);
    let has_video = call.video.sending || call.video.receiving;
    shown.insert("media", if has_video { "audio/video" } else { "audio" });
    shown.insert("videoOffered", call.video.offered);
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
    shown.insert("inConference", call.in_conference);
    shown.insert("transferring", call.transfer.is_some());
    shown.into()
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_millis() as f64
}

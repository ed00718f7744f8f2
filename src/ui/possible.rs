//! What can be done with a call now, and the sentence that says why not: pure.
//!
//! Only so that a button can say so beforehand: the phone itself refuses what cannot be done.

use super::state::screen_order;
use super::texts::Texts;
use crate::phone::api::View;
use crate::phone::call::{Call, CallKey, Hold};

/// What a card is, and so which buttons it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// It waits for an answer.
    Rings,
    /// What the person is doing: the large card.
    GoesOn,
    /// The other one of two answered calls: the small card.
    Waits,
    /// It is over.
    Over,
}

impl Phase {
    /// What the card of that call is, beside those of the other calls.
    pub fn of(calls: &[Call], call: &Call) -> Self {
        let in_front = |other: &&Call| other.state.is_live() && !other.state.can_be_answered();
        if call.state.can_be_answered() {
            Self::Rings
        } else if !call.state.is_live() {
            Self::Over
        } else if screen_order(calls).find(in_front).is_some_and(|front| front.key != call.key) {
            Self::Waits
        } else {
            Self::GoesOn
        }
    }

    /// Its name in `data-phase`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rings => "rings",
            Self::GoesOn => "goes-on",
            Self::Waits => "waits",
            Self::Over => "over",
        }
    }
}

/// The call whose pictures are seen: the one in front, if it has any.
pub fn seen(calls: &[Call]) -> Option<&Call> {
    let front = screen_order(calls).next()?;
    let has_video = front.video.sending || front.video.receiving;
    Some(front).filter(|call| call.state.is_connected() && call.hold != Hold::Held && has_video)
}

/// Why it can be neither put on hold nor resumed now; empty when it can.
pub fn no_hold(call: &Call, texts: &Texts) -> &'static str {
    match call.hold {
        _ if !call.state.is_connected() => texts.possible.once_answered,
        Hold::Holding | Hold::Resuming => texts.possible.being_asked,
        Hold::Active | Hold::Held => "",
    }
}

/// Why tones and pictures cannot be sent now; empty when they can.
pub fn not_active(call: &Call, texts: &Texts) -> &'static str {
    match call.hold {
        _ if !call.state.is_connected() => texts.possible.once_answered,
        Hold::Active => "",
        Hold::Holding | Hold::Held | Hold::Resuming => texts.possible.once_resumed,
    }
}

/// Why it cannot be transferred now; empty when it can, or is being.
pub fn no_transfer(view: &View, call: &Call, texts: &Texts) -> &'static str {
    if !call.state.is_connected() {
        texts.possible.once_answered
    } else if call.in_conference {
        texts.possible.not_in_conference
    } else if call.transfer.is_none() && view.calls.iter().any(|other| other.transfer.is_some()) {
        texts.refusal.transfer_in_progress
    } else {
        ""
    }
}

/// Why the destination of a transfer cannot be asked first; empty when it can.
pub fn no_consultation(view: &View, texts: &Texts) -> &'static str {
    let live = view.calls.iter().filter(|call| call.state.is_live()).count();
    if live > 1 { texts.refusal.too_many_calls } else { "" }
}

/// Why the two calls cannot be joined now; empty when they can.
pub fn no_conference(view: &View, texts: &Texts) -> &'static str {
    if view.calls.iter().filter(|call| call.state.is_connected()).count() != 2 {
        texts.refusal.not_two_calls
    } else if view.calls.iter().any(|call| call.transfer.is_some()) {
        texts.refusal.transfer_in_progress
    } else {
        ""
    }
}

/// Why the transfer cannot be completed yet; empty when it can. Of the call with the destination.
pub fn no_completion(view: &View, consultation: CallKey, texts: &Texts) -> &'static str {
    let answered = |call: &Call| call.key == consultation && call.state.is_connected();
    if view.calls.iter().any(answered) { "" } else { texts.possible.once_answered }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::phone::call::{CallState, Direction, Party};
    use crate::time::Instant;
    use crate::ui::texts::Language;

    fn call(key: u32, state: CallState, hold: Hold) -> Call {
        let mut call = Call::new(CallKey(key), String::new(), Direction::Incoming, Party::default(), state);
        call.hold = hold;
        call
    }

    const TALK: CallState = CallState::Connected { since: Instant::from_origin(std::time::Duration::ZERO) };

    fn phases(calls: &[Call]) -> Vec<Phase> {
        calls.iter().map(|call| Phase::of(calls, call)).collect()
    }

    #[test]
    fn one_of_two_answered_calls_is_large() {
        let [active, held] = [Hold::Active, Hold::Held].map(|hold| move |key| call(key, TALK, hold));
        assert_eq!(phases(&[held(1)]), [Phase::GoesOn]);
        assert_eq!(phases(&[active(1), held(2)]), [Phase::GoesOn, Phase::Waits]);
        assert_eq!(phases(&[held(1), active(2)]), [Phase::Waits, Phase::GoesOn]);
        assert_eq!(phases(&[held(1), held(2)]), [Phase::Waits, Phase::GoesOn]);
        let dialled = call(2, CallState::Calling, Hold::Active);
        assert_eq!(phases(&[held(1), dialled]), [Phase::Waits, Phase::GoesOn]);
        let ringing = call(2, CallState::Offered, Hold::Active);
        assert_eq!(phases(&[held(1), ringing]), [Phase::GoesOn, Phase::Rings]);
    }

    #[test]
    fn what_cannot_be_done_has_its_reason() {
        let texts = Language::English.texts();
        let calling = call(1, CallState::Calling, Hold::Active);
        for reason in [no_hold(&calling, texts), not_active(&calling, texts)] {
            assert_eq!(reason, texts.possible.once_answered);
        }
        assert_eq!(no_hold(&call(1, TALK, Hold::Active), texts), "");
        assert_eq!(no_hold(&call(1, TALK, Hold::Holding), texts), texts.possible.being_asked);
        assert_eq!(not_active(&call(1, TALK, Hold::Held), texts), texts.possible.once_resumed);
        assert_eq!(no_hold(&call(1, TALK, Hold::Held), texts), "");
    }

    #[test]
    fn pictures_are_those_of_the_call_in_front() {
        let mut with = call(1, TALK, Hold::Active);
        with.video.receiving = true;
        assert_eq!(seen(std::slice::from_ref(&with)).map(|call| call.key), Some(CallKey(1)));
        with.hold = Hold::Held;
        assert_eq!(seen(&[with, call(2, TALK, Hold::Active)]), None);
    }
}

//! A call: two ends and where it stands.

use std::sync::Arc;

use xc_webrtc::cti::message::{CallDirection, EventType};
use xc_webrtc::sip::status::StatusCode;

use crate::account::Account;
use crate::media::{LegId, MediaKind};

/// One call; never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CallId(pub u64);

/// One of the two ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Who calls.
    Caller,
    /// Who is called.
    Callee,
}

impl Side {
    /// The other end.
    pub const fn other(self) -> Self {
        match self {
            Self::Caller => Self::Callee,
            Self::Callee => Self::Caller,
        }
    }
}

/// A call.
#[derive(Debug)]
pub struct Call {
    /// What its channels share in phone events.
    pub linked_id: String,
    /// Who calls.
    pub caller: End,
    /// Who is called.
    pub callee: End,
    /// Where it stands.
    pub stage: Stage,
    /// The side whose phone changed the session last.
    pub leader: Side,
    /// The kinds of media the caller offered.
    pub kinds: Vec<MediaKind>,
    /// Data attached to the call: `USR_…`.
    pub variables: Vec<(String, String)>,
    /// It is a consultation: the call that is to be transferred.
    pub consults_for: Option<CallId>,
    /// How often it was forwarded.
    pub forwards: u8,
    /// Who has it transferred by REFER and waits for what comes of it.
    pub referrer: Option<Referrer>,
}

/// Who transfers a call by REFER.
#[derive(Debug)]
pub struct Referrer {
    /// The end that is about to leave; it comes back when the transfer fails.
    pub end: End,
    /// Its phone.
    pub leg: LegId,
    /// Wants to know what comes of it (RFC 4488).
    pub notified: bool,
}

/// Where a call stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// A CTI `dial`: the caller's own phone is asked first, and answers of itself.
    Summoning,
    /// The called end is being asked.
    Ringing,
    /// Both ends are there.
    Talking,
}

/// Who is at an end.
#[derive(Clone, Debug)]
pub struct Identity {
    /// Who; `None` for the lab itself and for people outside.
    pub account: Option<Arc<Account>>,
    /// The number shown to the other end.
    pub number: String,
    /// The name shown to the other end.
    pub name: String,
}

impl Identity {
    /// Somebody with an account.
    pub fn of(account: &Arc<Account>) -> Self {
        Self { number: account.number.clone(), name: account.full_name(), account: Some(account.clone()) }
    }
}

/// One end of a call.
#[derive(Debug)]
pub struct End {
    /// Who; `None` for the lab itself.
    pub account: Option<Arc<Account>>,
    /// The number shown to the other end.
    pub number: String,
    /// The name shown to the other end.
    pub name: String,
    /// The channel in phone events.
    pub unique_id: String,
    /// The SIP Call-ID of this end's phones. Phones that ring together share it, as those of a forking proxy do.
    pub call_id: String,
    /// Its phones: one, or several while they ring.
    pub legs: Vec<LegId>,
    /// How phones refused that are no longer among `legs`.
    pub refusals: Vec<StatusCode>,
    /// Who began the call, as this end sees it; a transfer changes nothing about that.
    pub direction: CallDirection,
    /// The phone event told last.
    pub told: Option<EventType>,
    /// With whom and on which dialog the call was then.
    pub told_with: (String, String),
    /// Someone without a phone here holds the call.
    pub holds: bool,
}

impl Call {
    /// A call that has just begun.
    pub fn new(linked_id: String, ends: [End; 2], stage: Stage, kinds: Vec<MediaKind>) -> Self {
        let [caller, callee] = ends;
        Self {
            linked_id,
            caller,
            callee,
            stage,
            leader: Side::Caller,
            kinds,
            variables: Vec::new(),
            consults_for: None,
            forwards: 0,
            referrer: None,
        }
    }

    /// The two ends: that one, and the other.
    pub fn split(self, side: Side) -> (End, End) {
        match side {
            Side::Caller => (self.caller, self.callee),
            Side::Callee => (self.callee, self.caller),
        }
    }

    /// One of the ends.
    pub const fn end(&self, side: Side) -> &End {
        match side {
            Side::Caller => &self.caller,
            Side::Callee => &self.callee,
        }
    }

    /// One of the ends, to be changed.
    pub const fn end_mut(&mut self, side: Side) -> &mut End {
        match side {
            Side::Caller => &mut self.caller,
            Side::Callee => &mut self.callee,
        }
    }

    /// Both sides.
    pub const SIDES: [Side; 2] = [Side::Caller, Side::Callee];
}

impl End {
    /// An end that nothing was done about.
    pub fn new(identity: Identity, unique_id: String, call_id: String, direction: CallDirection) -> Self {
        let Identity { account, number, name } = identity;
        Self {
            account,
            number,
            name,
            unique_id,
            call_id,
            legs: Vec::new(),
            refusals: Vec::new(),
            direction,
            told: None,
            told_with: Default::default(),
            holds: false,
        }
    }

    /// The refusal that speaks for all phones of this end (RFC 3261 §16.7, step 6): a 6xx, or else the lowest.
    pub fn best_refusal(&self) -> StatusCode {
        let global = self.refusals.iter().find(|status| status.code() >= 600);
        let best = global.or_else(|| self.refusals.iter().min_by_key(|status| status.code()));
        match best {
            // What only the lab's own request to that phone met says nothing to the caller.
            Some(status) if status.code() >= 402 && status.code() != 407 => *status,
            Some(_) | None => StatusCode::TEMPORARILY_UNAVAILABLE,
        }
    }
}

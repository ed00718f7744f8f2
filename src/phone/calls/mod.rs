//! The policy of calls: what a command, an event of the user agent or a word of the media means for a call.
//!
//! Two calls at most; a third one that comes is told that we are busy. Of two, one at most is active: the other is put
//! on hold before a call is begun, answered or resumed. A call that ended keeps its card until it is dismissed or the
//! next call begins. When a person hangs up, the call is over for them at once: what the protocol still has to say to
//! the other side, the user agent says by itself.
//!
//! Commands and events only note what is wanted and what is; [`Calls::go_on`] does what follows of it.

mod commands;
mod conference;
mod dtmf;
mod hearing;
mod hold;
mod ice;
mod incoming;
mod left;
mod media;
mod negotiation;
mod recovery;
mod session;
mod transfer;
mod video;

use crate::cti::message::command::Command as CtiCommand;
use crate::queue::Queue;
use crate::sip::event::SessionId;
use crate::sip::left::Left;
use crate::sip::uri::Uri;
use crate::sip::user_agent::UserAgent;
use crate::time::{Deadline, Instant};

use self::conference::Conference;
use self::dtmf::Tones;
pub(super) use self::dtmf::digits_of;
use self::hearing::Hearing;
use self::ice::Ice;
use self::left::LeftCall;
use self::negotiation::{Before, Change, Terms};
use self::recovery::Recovery;
pub(super) use self::session::party_of;
use self::transfer::Transferring;
pub(super) use self::transfer::{Destination, Way};
use super::api::{DtmfMethod, Refusal};
use super::call::{
    Call, CallKey, CallState, CameraProblem, Direction, Hold, MicrophoneProblem, Outcome, Party,
};
use super::effect::{MediaCommand, Ring};
use super::event::{CallEvent, Event};
use super::outcome;

/// More calls than this are not taken.
const MOST: usize = 2;

/// What the policy wants done.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Effect {
    /// Tell the media of a call.
    Media(CallKey, MediaCommand),
    /// These calls hear each other from now on.
    Conference(Vec<CallKey>),
    /// Ask the CTI server.
    Cti(CtiCommand),
    /// Tell those who listen.
    Publish(Event),
}

/// All calls.
#[derive(Default)]
pub(super) struct Calls {
    /// Oldest first; a handful at most.
    records: Vec<Record>,
    last_key: u32,
    ice: Ice,
    microphone: Option<MicrophoneProblem>,
    camera: Option<CameraProblem>,
    dtmf_method: DtmfMethod,
    conference: Conference,
    transfer: Option<Transferring>,
    /// Sessions of the page before that are still to be ended.
    to_end: Vec<Left>,
    effects: Queue<Effect>,
}

/// A call and what joins it to the user agent and to its media.
struct Record {
    call: Call,
    /// `None` before the INVITE was sent, and after the call ended.
    session: Option<SessionId>,
    /// The offer that waits for our answer.
    offer: Option<String>,
    /// What the session description that the media is making now is for.
    describing: Option<Purpose>,
    /// What waits until the other call is on hold, and until when it waits at most.
    queued: Option<(Queued, Instant)>,
    /// The person turned to it from the other call, which was to be held for it.
    turned_to: bool,
    /// What the person wants of hold and video.
    wanted: Terms,
    /// What both sides agreed on.
    agreed: Terms,
    /// How it was before the offer that is being answered.
    before: Before,
    /// The media was told that nobody is to hear anybody.
    hushed: bool,
    /// Our offer that is to bring the one to the other.
    change: Change,
    recovery: Recovery,
    tones: Tones,
    hearing: Hearing,
    /// The server wants it answered by itself, and pages are told when that is done: the caller's number.
    auto_answer: Option<String>,
    /// The person switched the camera off.
    camera_off: bool,
    /// The call whose place it takes when it is answered.
    replaces: Option<CallKey>,
    /// What the page before left of it, until it is taken back.
    left: Option<Box<LeftCall>>,
}

/// What a session description of ours is for.
enum Purpose {
    /// The offer in our INVITE.
    Invite { target: Box<Uri> },
    /// Our side of the 200 to an INVITE.
    Accept,
    /// Our side of the 200 to a re-INVITE, or of the ACK to a 200 that had the offer.
    Reply,
    /// The offer in a re-INVITE of ours.
    Change,
    /// Nothing any more: the offer that it was to answer was taken back.
    Nothing,
}

/// What waits until the other call is on hold.
enum Queued {
    /// The media is to describe our side.
    Describe(Purpose),
    /// The call is to be resumed.
    Resume,
}

impl Calls {
    /// The calls, oldest first.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Call> {
        self.records.iter().map(|record| &record.call)
    }

    /// Whether a call is going on in any way.
    pub(super) fn any_live(&self) -> bool {
        self.iter().any(|call| call.state.is_live())
    }

    /// The call with this SIP Call-ID, to add to what is known of its other side.
    pub(super) fn by_sip_call_id(&mut self, sip_call_id: &str) -> Option<&mut Call> {
        self.records.iter_mut().map(|record| &mut record.call).find(|call| call.sip_call_id == sip_call_id)
    }

    /// Why the microphone could not be opened the last time; `None` when it could.
    pub(super) fn microphone(&self) -> Option<&MicrophoneProblem> {
        self.microphone.as_ref()
    }

    /// Why the camera could not be opened the last time; `None` when it could.
    pub(super) fn camera(&self) -> Option<&CameraProblem> {
        self.camera.as_ref()
    }

    /// What is to be done next.
    pub(super) fn poll(&mut self) -> Option<Effect> {
        self.effects.pop()
    }

    /// What is to be heard now.
    pub(super) fn ring(&self) -> Ring {
        let talks = |call: &Call| {
            call.hold == Hold::Active
                && match call.state {
                    CallState::Calling | CallState::Ringing { .. } | CallState::Connected { .. } => true,
                    CallState::Preparing
                    | CallState::Offered
                    | CallState::Answering
                    | CallState::Ended { .. } => false,
                }
        };
        if self.iter().any(|call| call.state == CallState::Offered) {
            if self.iter().any(talks) { Ring::Waiting } else { Ring::Incoming }
        } else if self.iter().any(|call| call.state == CallState::Ringing { early_media: false }) {
            Ring::Ringback
        } else {
            Ring::Silent
        }
    }

    /// Does what follows of what is wanted and of what has happened. `own_number`: empty while it is not known.
    pub(super) fn go_on(&mut self, user_agent: &mut UserAgent, own_number: &str, now: Instant) {
        self.go_back(user_agent, own_number, now);
        for key in self.keys() {
            self.look_after(key, user_agent, now);
            self.dequeue(key, now);
            self.pursue(key, user_agent, now);
            self.send_tones(key, user_agent, now);
        }
        self.mix();
        self.go_on_transferring(user_agent, now);
        self.records.iter_mut().for_each(Record::show);
    }

    /// When something here wants to be asked again.
    pub(super) fn deadline(&self) -> Option<Deadline> {
        let mut soonest = self.transfer.as_ref().and_then(Transferring::deadline);
        for record in &self.records {
            let queued = record.queued.as_ref().map(|(_, at)| Deadline::new(*at, "hold of another call"));
            let left = record.left().and_then(LeftCall::deadline);
            let own = [record.change.deadline(), record.recovery.deadline(), record.tones.deadline()];
            for deadline in own.into_iter().chain([queued, left]) {
                soonest = Deadline::soonest(soonest, deadline);
            }
        }
        soonest
    }

    fn keys(&self) -> Vec<CallKey> {
        self.keys_of(&|_| true)
    }

    /// The keys of the calls that `fit`.
    fn keys_of(&self, fit: &dyn Fn(&Call) -> bool) -> Vec<CallKey> {
        let mut keys = Vec::new();
        for call in self.iter().filter(|call| fit(call)) {
            keys.push(call.key);
        }
        keys
    }

    fn get(&self, key: CallKey) -> Option<&Record> {
        self.records.iter().find(|record| record.call.key == key)
    }

    fn get_mut(&mut self, key: CallKey) -> Option<&mut Record> {
        self.records.iter_mut().find(|record| record.call.key == key)
    }

    /// Whether no more call fits. The consultation of a transfer has its place before it is there.
    fn is_full(&self) -> bool {
        let live = self.iter().filter(|call| call.state.is_live()).count();
        live + usize::from(self.expects_consultation()) >= MOST
    }

    /// Adds a call; the cards of ended ones make room for it.
    fn add(
        &mut self,
        sip_call_id: String,
        direction: Direction,
        party: Party,
        state: CallState,
    ) -> &mut Record {
        self.records.retain(|record| record.call.state.is_live());
        self.last_key += 1;
        let record = Record {
            call: Call::new(CallKey(self.last_key), sip_call_id, direction, party, state),
            session: None,
            offer: None,
            describing: None,
            queued: None,
            turned_to: false,
            wanted: Terms::default(),
            agreed: Terms::default(),
            before: Before::default(),
            hushed: false,
            change: Change::default(),
            recovery: Recovery::default(),
            tones: Tones::default(),
            hearing: Hearing::default(),
            auto_answer: None,
            camera_off: false,
            replaces: None,
            left: None,
        };
        // `push_mut` is younger than the oldest compiler that is supported.
        self.records.push(record);
        let last = self.records.len() - 1;
        &mut self.records[last]
    }

    /// The call named, if it `fits`.
    fn named(&self, key: CallKey, fits: impl Fn(&Call) -> bool) -> Result<CallKey, Refusal> {
        let record = self.get(key).ok_or(Refusal::NoSuchCall)?;
        if fits(&record.call) { Ok(key) } else { Err(Refusal::WrongState) }
    }

    /// The call named; else the only one that `fits`, or of several the one that is not on hold.
    fn meant(&self, named: Option<CallKey>, fits: fn(&Call) -> bool) -> Result<CallKey, Refusal> {
        if let Some(key) = named {
            return self.named(key, fits);
        }
        let fitting = self.keys_of(&fits);
        let active = self.keys_of(&|call| fits(call) && call.hold == Hold::Active);
        match (fitting.as_slice(), active.as_slice()) {
            ([], _) => Err(Refusal::NoSuchCall),
            ([only], _) | (_, [only]) => Ok(*only),
            _ => Err(Refusal::Ambiguous),
        }
    }

    /// Ends a call for the person: state, media, event. `None` as `reason`: the outcome's own words.
    fn end(&mut self, key: CallKey, outcome: Outcome, reason: Option<String>, now: Instant) {
        let returns = self.get(key).is_some_and(|record| record.call.returning);
        let (outcome, reason) = self.end_left(key, outcome, reason);
        let Some(record) = self.get_mut(key) else { return };
        let announced = match record.call.direction {
            Direction::Incoming => true,
            Direction::Outgoing => returns || record.session.is_some(),
        };
        let lasted = match record.call.state {
            CallState::Connected { since } => Some(now.saturating_since(since)),
            CallState::Ended { .. } => return,
            CallState::Preparing
            | CallState::Calling
            | CallState::Ringing { .. }
            | CallState::Offered
            | CallState::Answering => None,
        };
        let reason = reason.unwrap_or_else(|| outcome::reason(&outcome));
        record.call.state = CallState::Ended { outcome, lasted };
        record.queued = None;
        record.wanted = Terms::default();
        record.forget_dialog();
        let sip_call_id = record.call.sip_call_id.clone();
        self.leave_conference(key);
        self.effects.push(Effect::Media(key, MediaCommand::Close));
        if announced {
            self.publish(key, CallEvent::Terminated { reason: reason.clone() });
        } else {
            // Nothing was sent and nobody was told of a call: it failed to begin.
            let event = Event::DialFailed { reason: reason.clone(), sip_call_id: Some(sip_call_id) };
            self.effects.push(Effect::Publish(event));
        }
        self.transferring_ended(key, &reason, now);
    }

    fn publish(&mut self, key: CallKey, kind: CallEvent) {
        if let Some(record) = self.get(key) {
            let Call { sip_call_id, direction, .. } = &record.call;
            let event =
                Event::Call { call: key, sip_call_id: sip_call_id.clone(), direction: *direction, kind };
            self.effects.push(Effect::Publish(event));
        }
    }

    /// Tells how a call begins, but not of one that began long ago and is taken back.
    fn publish_first(&mut self, key: CallKey, kind: CallEvent) {
        if self.get(key).is_some_and(|record| !record.call.returning) {
            self.publish(key, kind);
        }
    }
}

impl Record {
    /// There is no session any more, nor anything that was agreed on or is under way in it.
    fn forget_dialog(&mut self) {
        self.call.trouble = None;
        self.session = None;
        self.describing = None;
        self.offer = None;
        self.agreed = Terms::default();
        self.hushed = false;
        self.change = Change::default();
        self.recovery = Recovery::default();
        self.tones = Tones::default();
    }
}

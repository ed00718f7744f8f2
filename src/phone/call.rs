//! One call as a person sees it.

use super::quality::Sample;
use crate::time::Instant;

/// A call of this phone; never used twice, known before anything is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CallKey(pub u32);

/// Who began the call: known from who made the dialog, never guessed from names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// The other side calls.
    Incoming,
    /// This phone calls.
    Outgoing,
}

/// The other side.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Party {
    /// The number: the user part of the address. What the events call `caller` or `callee`.
    pub number: String,
    /// The name, where one is known.
    pub name: Option<String>,
}

/// Where a call stands.
///
/// ```text
/// outgoing: Preparing ─> Calling ─> Ringing ─┐
///                           └────────────────┼─> Connected ─> (gone)
/// incoming: Offered ─> Answering ────────────┘
/// ```
///
/// Any state may be followed by the end of the call; an ended call stays as [`CallState::Ended`] for as long as the
/// screen shows why it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallState {
    /// The microphone is being opened and the offer made; nothing was sent.
    Preparing,
    /// The INVITE was sent.
    Calling,
    /// The other side rings.
    Ringing {
        /// What is heard comes from the network: no ringback of our own.
        early_media: bool,
    },
    /// The other side calls and waits for our answer.
    Offered,
    /// We answered; media is being set up.
    Answering,
    /// Both sides can talk.
    Connected {
        /// Since when.
        since: Instant,
    },
    /// The call is over.
    Ended {
        /// How it ended.
        outcome: Outcome,
        /// How long it was connected, if it was.
        lasted: Option<std::time::Duration>,
    },
}

impl CallState {
    /// Whether `answer` and `reject` mean something now.
    pub fn can_be_answered(&self) -> bool {
        match self {
            Self::Offered => true,
            Self::Preparing
            | Self::Calling
            | Self::Ringing { .. }
            | Self::Answering
            | Self::Connected { .. }
            | Self::Ended { .. } => false,
        }
    }

    /// Whether the call is still going on in any way.
    pub fn is_live(&self) -> bool {
        match self {
            Self::Preparing
            | Self::Calling
            | Self::Ringing { .. }
            | Self::Offered
            | Self::Answering
            | Self::Connected { .. } => true,
            Self::Ended { .. } => false,
        }
    }

    /// Whether both sides can talk.
    pub fn is_connected(&self) -> bool {
        match self {
            Self::Connected { .. } => true,
            Self::Preparing
            | Self::Calling
            | Self::Ringing { .. }
            | Self::Offered
            | Self::Answering
            | Self::Ended { .. } => false,
        }
    }
}

/// How a call ended, in the user's terms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Somebody hung up a connected call.
    HungUp {
        /// We did.
        by_us: bool,
    },
    /// We gave up before it was answered.
    Cancelled,
    /// The caller gave up before we answered.
    Missed,
    /// It was handed to somebody else, or somebody else took our place.
    Transferred,
    /// Another phone of ours took it.
    AnsweredElsewhere,
    /// The page was loaded anew, and the server did not give the call back.
    NotTakenBack,
    /// We refused it.
    Rejected,
    /// The other side is busy (486, 600).
    Busy,
    /// There is no such number (404, 484, 604).
    NoSuchNumber,
    /// The other side refused (403, 603, 607, 608).
    Declined,
    /// Nobody answered, or nobody is there (408, 480).
    NoAnswer,
    /// The microphone could not be used.
    Microphone(MicrophoneProblem),
    /// The connection to the server was lost.
    ConnectionLost,
    /// It had ended without this phone having been told, and the phone has found out.
    EndedMeanwhile,
    /// Anything else.
    Failed {
        /// The server's number for it, where it gave one.
        status: Option<u16>,
        /// The server's words, or ours.
        reason: String,
    },
}

/// Why there is no microphone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MicrophoneProblem {
    /// The person or the browser's policy said no.
    Refused,
    /// There is none.
    Absent,
    /// Another program holds it.
    InUse,
    /// The page is not served over TLS, so the browser gives none.
    InsecurePage,
    /// Anything else, in the browser's words.
    Other(String),
}

/// Why there is no camera: what keeps a microphone away keeps a camera away.
pub type CameraProblem = MicrophoneProblem;

/// What keeps the two sides from hearing each other, though the call goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The microphone is gone, or not allowed any more, and there is no other.
    NoMicrophone,
    /// No packets come.
    NothingComes,
    /// No packets go.
    NothingGoes,
    /// What goes is silence: the microphone gives none, though it is on.
    SilentHere,
    /// What comes is silence.
    SilentThere,
    /// So much is lost or late that words are. Judged by who shows the quality.
    Poor,
}

/// Our side's hold, with the step under way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Hold {
    /// Not on hold.
    #[default]
    Active,
    /// The other side is being asked to wait.
    Holding,
    /// On hold by us.
    Held,
    /// The other side is being asked to go on.
    Resuming,
}

/// The pictures of a call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Video {
    /// Our camera is sent.
    pub sending: bool,
    /// The other side's pictures come.
    pub receiving: bool,
    /// The other side offers video, or wants ours, and the person has not said yet.
    pub offered: bool,
}

/// A call that is being handed to somebody else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transfer {
    /// Who is to have it, as dialled.
    pub destination: String,
    /// How far it is.
    pub step: TransferStep,
}

/// How far a transfer is.
///
/// ```text
/// attended: Holding ─> Consulting ─> Completing ─> (both calls gone)
/// direct:   Referring ─> (call gone)
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransferStep {
    /// The call is being put on hold.
    Holding,
    /// The person talks to the destination, or waits for it to answer.
    Consulting,
    /// The two others are being joined.
    Completing,
    /// The other side is being sent to the destination.
    Referring,
}

/// A call, for the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Names it in commands.
    pub key: CallKey,
    /// The SIP Call-ID: in every event, and what joins it to the CTI side.
    pub sip_call_id: String,
    /// Who began it.
    pub direction: Direction,
    /// The other side.
    pub party: Party,
    /// What was dialled, where we called: whoever takes the call, this calls again.
    pub dialled: Option<String>,
    /// Who sent the call on to us.
    pub forwarded_by: Option<Party>,
    /// The queue it came through, where the CTI side says so.
    pub queue: Option<String>,
    /// Data that the CTI side attached: name and value, `USR_` left out of the names.
    pub attached: Vec<(String, String)>,
    /// Where it stands.
    pub state: CallState,
    /// Our microphone is off for this call.
    pub muted: bool,
    /// The microphone that took the place of the first one, by its name for people.
    pub microphone: Option<String>,
    /// What keeps the two sides from hearing each other now.
    pub trouble: Option<Trouble>,
    /// What the browser has counted of it, a moment ago.
    pub sample: Option<Sample>,
    /// Whether we hold it.
    pub hold: Hold,
    /// The other side holds it: nothing is heard of them but their music.
    pub held_by_peer: bool,
    /// It is one of the two of the conference.
    pub in_conference: bool,
    /// The page was loaded anew in this call, which is being taken back.
    pub returning: bool,
    /// Its pictures.
    pub video: Video,
    /// It is being transferred.
    pub transfer: Option<Transfer>,
    /// It is the consultation of the transfer of that call.
    pub consults_for: Option<CallKey>,
}

impl Call {
    /// A call that begins.
    pub fn new(
        key: CallKey,
        sip_call_id: String,
        direction: Direction,
        party: Party,
        state: CallState,
    ) -> Self {
        Self {
            key,
            sip_call_id,
            direction,
            dialled: (direction == Direction::Outgoing).then(|| party.number.clone()),
            party,
            forwarded_by: None,
            queue: None,
            attached: Vec::new(),
            state,
            muted: false,
            microphone: None,
            trouble: None,
            sample: None,
            hold: Hold::Active,
            held_by_peer: false,
            in_conference: false,
            returning: false,
            video: Video::default(),
            transfer: None,
            consults_for: None,
        }
    }

    /// The number that calls the other side again.
    pub fn again(&self) -> &str {
        self.dialled.as_deref().unwrap_or(&self.party.number)
    }
}

//! What goes into the user agent and what comes out of it.

use std::time::Duration;

use super::header::Headers;
use super::message_summary::MessageSummary;
use super::parser::Diagnostic;
use super::status::StatusCode;
use super::uri::NameAddr;
use crate::time::Deadline;

/// A fact about the outside world, handed to [`UserAgent::handle`](super::user_agent::UserAgent::handle).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// The transport is open: messages can be sent.
    Opened,
    /// The transport is gone, or could not be opened.
    Closed {
        /// Why, in words for a person; shown as the reason of `Unregistered`.
        reason: String,
    },
    /// One websocket message: one SIP message, or a keep-alive (RFC 7118 §5).
    Received(String),
}

/// What the user agent wants done, or says; drained with [`UserAgent::poll`](super::user_agent::UserAgent::poll).
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::large_enum_variant, reason = "one at a time, handed on at once; not large in wasm")]
pub enum Output {
    /// Send this as one websocket message.
    Send(String),
    /// Something happened.
    Event(Event),
    /// Nothing more to do until there is input or this moment has come; `None`: until there is input.
    Wait(Option<Deadline>),
}

/// One INVITE session of this user agent; never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionId(pub u64);

/// One subscription of this user agent; never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SubscriptionId(pub u64);

/// One message that this user agent sent; never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageId(pub u64);

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::large_enum_variant, reason = "one at a time, handed on at once; not large in wasm")]
pub enum Event {
    /// The registration changed.
    Registration(RegistrationEvent),
    /// A session changed.
    Session {
        /// Which.
        id: SessionId,
        /// How.
        event: SessionEvent,
    },
    /// How many voice messages wait, as the server says, asked or not (RFC 3842).
    MessageWaiting(MessageSummary),
    /// A subscription says something.
    Subscription {
        /// Which.
        id: SubscriptionId,
        /// What.
        event: SubscriptionEvent,
    },
    /// Somebody has written to us (RFC 3428).
    Message(TextMessage),
    /// What became of a message of ours.
    MessageAnswered {
        /// Which.
        id: MessageId,
        /// The answer; `None`: there was none, or the transport was lost.
        status: Option<StatusCode>,
    },
    /// A message was tolerated against the grammar, or dropped.
    Diagnostic(Diagnostic),
}

/// What a subscription says (RFC 6665).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SubscriptionEvent {
    /// What was subscribed to is so now.
    Notified {
        /// The body, of the type that the package has.
        body: String,
    },
    /// It is over, and of no use to ask for again. Told once, and last.
    Ended,
}

/// A message from somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextMessage {
    /// Who wrote it: P-Asserted-Identity, else From.
    pub from: NameAddr,
    /// What they wrote: to be shown as text.
    pub text: String,
}

/// How the registration changed (RFC 3261 §10).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RegistrationEvent {
    /// The registrar holds our contact; told for the first 200 of a registration, not for refreshes.
    Registered {
        /// How long the registrar holds it unless refreshed.
        expires: Duration,
    },
    /// The registrar does not hold our contact, or can no longer be asked.
    Unregistered(Unregistered),
}

/// Why there is no registration, and what the user agent does about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unregistered {
    /// The cause.
    pub cause: UnregisteredCause,
    /// When the user agent tries again of itself; `None`: not before it is told to, or the transport is back.
    pub retry_in: Option<Duration>,
}

/// Why there is no registration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UnregisteredCause {
    /// We asked for it.
    Asked,
    /// The registrar refused.
    Refused {
        /// Its answer.
        status: StatusCode,
        /// The words that came with it.
        reason: String,
    },
    /// The registrar asked for a password again after it had been given.
    WrongCredentials,
    /// No answer in time: to a REGISTER (RFC 3261 §17.1.2.2, Timer F) or to a keep-alive (RFC 5626 §4.4.1). The transport
    /// looks open but carries nothing: it is best closed and opened again.
    TimedOut,
    /// The transport is gone.
    TransportLost {
        /// Why, as the caller said.
        reason: String,
    },
}

/// How a session changed.
///
/// ```text
/// outgoing: invite ─> Progress* ─> Accepted ─> Ended        incoming: Incoming ─> (accept) ─> Confirmed ─> Ended
///                        └──────────────────────┘                        └───────────────────────┘
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SessionEvent {
    /// An INVITE from the other side made this session; 100 was sent, nothing else yet.
    Incoming(Box<Incoming>),
    /// A provisional response other than 100 to our INVITE.
    Progress {
        /// 180, 183, …
        status: StatusCode,
        /// The session description in it: early media.
        answer: Option<String>,
        /// Who is being called, as the other side says (P-Asserted-Identity, else Remote-Party-ID).
        identity: Option<NameAddr>,
    },
    /// Our INVITE was accepted. With `answer` the ACK was sent. Without it our INVITE had no offer: `offer` is in
    /// the 200 and the ACK waits for [`answer_offer`](super::user_agent::UserAgent::answer_offer).
    Accepted {
        /// The answer to our offer.
        answer: Option<String>,
        /// The other side's offer, when our INVITE had none.
        offer: Option<String>,
        /// Who has answered, as the other side says.
        identity: Option<NameAddr>,
    },
    /// The ACK to our 200 came.
    Confirmed {
        /// The answer in it, when the INVITE had no offer and our 200 had one.
        answer: Option<String>,
    },
    /// The other side wants to change the session by re-INVITE; answer with
    /// [`answer_offer`](super::user_agent::UserAgent::answer_offer) or
    /// [`refuse_offer`](super::user_agent::UserAgent::refuse_offer).
    Offer {
        /// Its offer; `None`: it wants ours in the 200.
        offer: Option<String>,
        /// Who is there now, as the other side says.
        identity: Option<NameAddr>,
    },
    /// The other side's offer is not to be answered any more: it was taken back, or lost with the transport. The session
    /// goes on as it was.
    OfferWithdrawn,
    /// Our re-INVITE was accepted.
    Answer {
        /// The answer to our offer.
        answer: String,
    },
    /// Our re-INVITE was refused; the session goes on as it was (RFC 3261 §14.1).
    OfferRefused {
        /// The refusal.
        status: StatusCode,
        /// The words that came with it.
        reason: String,
        /// A fresh offer may fare better after this (RFC 3261 §14.1 for a glare, else Retry-After).
        retry_in: Option<Duration>,
    },
    /// Our INFO was answered; `None`: it was not, or the transport was lost.
    InfoAnswered {
        /// The answer.
        status: Option<StatusCode>,
    },
    /// What becomes of our REFER (RFC 3515 §2.4).
    Referral(Referral),
    /// The other side is somebody else now: it said so in an UPDATE without an offer, as after a transfer.
    Identity(NameAddr),
    /// The session is over. Told once, and last. When it was ended by a command of ours it is told at once; what is
    /// left to do on the wire (the race of a CANCEL, the answer to a BYE) goes on unheard.
    Ended(Ended),
}

/// What becomes of a REFER of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Referral {
    /// The other side will try.
    Accepted,
    /// The call that the other side made was answered. Ours is its to end, or ours.
    Succeeded,
    /// The other side will not, or its call was not answered; ours goes on.
    Failed {
        /// Its answer, or that of whom it called.
        status: Option<StatusCode>,
        /// The words that came with it.
        reason: String,
    },
}

/// An INVITE from the other side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incoming {
    /// The Call-ID.
    pub call_id: String,
    /// The caller: From.
    pub from: NameAddr,
    /// Who is called: To.
    pub to: NameAddr,
    /// The caller as a trusted server says: P-Asserted-Identity (RFC 3325), else Remote-Party-ID.
    pub identity: Option<NameAddr>,
    /// The session description; `None`: our 200 has to carry the offer.
    pub offer: Option<String>,
    /// The established session whose place it takes once it is accepted (RFC 3891): end that one then.
    pub replaces: Option<SessionId>,
    /// Every header field, for those that look for `Alert-Info` and the like.
    pub headers: Headers,
}

/// Why a session is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// Who ended it and how.
    pub cause: EndedCause,
    /// The Reason header field's text, or the reason phrase (RFC 3326).
    pub reason: Option<String>,
}

/// Who ended a session and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EndedCause {
    /// We hung up an established call.
    LocalBye,
    /// We gave up before it was answered.
    LocalCancel,
    /// We refused it.
    LocalRefusal(StatusCode),
    /// The other side hung up.
    RemoteBye,
    /// The other side gave up before we answered. `answered_elsewhere`: another phone took it (RFC 3326, cause 200).
    RemoteCancel {
        /// Another phone took it.
        answered_elsewhere: bool,
    },
    /// The other side refused.
    Refused(StatusCode),
    /// No answer to a request in time.
    TimedOut,
    /// The transport was lost before the call was established.
    TransportLost,
    /// The other side broke the protocol: an answer without a session description, for example.
    Protocol(&'static str),
}

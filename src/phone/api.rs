//! What can be asked of the phone, and what can be seen of it.

use std::time::Duration;

use super::call::{Call, CallKey, CameraProblem, MicrophoneProblem};
use super::destination::DestinationError;
use super::event::Event;
use super::inbox::Inbox;
pub use crate::cti::auth::{Client, LoginError as LoginProblem};
pub use crate::cti::message::IceServer;
pub use crate::cti::message::command::{Command as CtiCommand, CommandError};
use crate::json::Value;
use crate::secret::Secret;
use crate::time::Instant;

/// What a person or a page asks of the phone.
#[derive(Clone, Debug)]
pub enum Command {
    /// Log in to the XUC server.
    LogIn {
        /// `host[:port]`, `http(s)://host[:port]`, or empty for the server of the page.
        server: String,
        /// The CTI login.
        login: String,
        /// Its password; forgotten as soon as the request is answered.
        password: Secret,
        /// What the program says it is.
        client: Client,
    },
    /// Log in again by the token that this tab kept (after a reload). Does nothing when there is none.
    Resume,
    /// Be the phone instead of the other tab in which the person is logged in; its calls come along.
    TakeOver,
    /// End calls, un-register, leave the server, forget the token.
    LogOut,
    /// Start the phone for the line: open the SIP websocket and register.
    Init,
    /// End calls, un-register, close the SIP websocket. The CTI link stays.
    Stop,
    /// Call.
    Dial {
        /// As typed.
        destination: String,
        /// With our camera; as an audio call where there is none.
        video: bool,
    },
    /// Answer that call, or the first one that rings. Another call that is active is put on hold first.
    Answer {
        /// Which call.
        call: Option<CallKey>,
        /// With our camera, where the other side offers video.
        video: bool,
    },
    /// Refuse that call, or the first one that rings.
    Reject(Option<CallKey>),
    /// End that call whatever its state; else the conference, the only call, or the active one.
    HangUp(Option<CallKey>),
    /// Take an ended call's card away.
    Dismiss(CallKey),
    /// Take a written message away.
    DismissMessage(u32),
    /// Switch the microphone of that call; else of the conference, the only call, or the active one.
    SetMicrophone {
        /// Which call.
        call: Option<CallKey>,
        /// On or off.
        on: bool,
    },
    /// The same, the other way than it is.
    ToggleMicrophone(Option<CallKey>),
    /// Put that call on hold, or resume it when it is on hold. `None`: the conference, the only call, or the active
    /// one of an active and a held call.
    ToggleHold(Option<CallKey>),
    /// Put that call on hold, or resume it; one that is so already stays so.
    SetHold {
        /// Which call.
        call: CallKey,
        /// On hold or not.
        on: bool,
    },
    /// Send tones on that call; else on both of the conference, on the only call, or the active one.
    Dtmf {
        /// Which call.
        call: Option<CallKey>,
        /// `0-9`, `*`, `#`, `A-D`, and `,` for a pause of a second.
        digits: String,
    },
    /// Choose how tones are sent from now on.
    SetDtmfMethod(DtmfMethod),
    /// Join the two calls that there are into a conference; put it on hold or resume it when there is one.
    Conference,
    /// Hold that call, or the active one, and call `destination`, to hand the call over after talking to them.
    AttendedTransfer {
        /// Which call.
        call: Option<CallKey>,
        /// As typed.
        destination: String,
    },
    /// Join the two others of the attended transfer, and leave.
    CompleteTransfer,
    /// End the consultation and go back to the call that was to be transferred.
    CancelTransfer,
    /// Hand that call, or the active one, to `destination` without talking to them.
    DirectTransfer {
        /// Which call.
        call: Option<CallKey>,
        /// As typed.
        destination: String,
    },
    /// Switch our camera in that call, or in the active one; a call without video becomes one with.
    SetCamera {
        /// Which call.
        call: Option<CallKey>,
        /// On or off.
        on: bool,
    },
    /// Make that call, or the active one, one with pictures, or one without, by asking the other side.
    SetVideo {
        /// Which call.
        call: Option<CallKey>,
        /// With or without.
        on: bool,
    },
    /// Choose who carries transfers out from now on.
    SetTransferMethod(TransferMethod),
    /// Choose the servers that help calls to find a path.
    SetIceServers(IceChoice),
    /// Choose what is logged.
    SetDebug(Debug),
    /// A CTI command that was read by [`Command::cti`]; refused when it is none.
    Cti(Result<CtiCommand, CommandError>),
}

/// Where a line is used, and as whom: what a page says that has a CTI link of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The display name of the user.
    pub name: String,
    /// The SIP websocket runs over TLS.
    pub secure: bool,
    /// Its host; `None`: the telephony server that the line names.
    pub host: Option<String>,
    /// Its port; empty: the scheme's own.
    pub port: String,
    /// The CTI token; empty where the server wants none.
    pub token: Secret,
    /// What the SIP header `User-Agent` says.
    pub program: String,
}

impl Command {
    /// A CTI command as it is written on the wire, for pages that take any: `{"command": "dial", …}`; `claz` is added.
    pub fn cti(written: &Value) -> Self {
        Self::Cti(CtiCommand::from_json(written))
    }
}

/// How tones are sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DtmfMethod {
    /// In the media stream (RFC 4733) where the other side takes it, else by INFO.
    #[default]
    Rtp,
    /// By SIP INFO, `application/dtmf-relay`.
    Info,
}

/// Who carries transfers out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TransferMethod {
    /// The CTI server while it can be reached, else the other sides by REFER.
    #[default]
    Cti,
    /// The other sides, asked by SIP REFER (RFC 3515): for a server whose CTI side knows no transfers.
    Refer,
}

/// Who says which servers help calls to find a path. What a page chooses outlasts what the server says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum IceChoice {
    /// The CTI server (`IceConfig`).
    #[default]
    Server,
    /// No servers at all.
    None,
    /// These.
    These(Vec<IceServer>),
}

/// What is logged. A page that shows no events or messages does not download the words for them.
#[derive(Clone, Copy, Debug, Default)]
pub struct Debug {
    /// What is less grave than this is left out.
    pub level: Level,
    /// Every event, behind `RE<<<`, in these words: [`Event::to_line`].
    pub events: Option<fn(&Event) -> String>,
    /// The coming and going of handlers.
    pub handlers: bool,
    /// SIP messages, as [`Notice::Sip`], without what is secret: [`masked`](crate::sip::masked::masked).
    pub messages: Option<fn(&str) -> String>,
}

/// How grave a line of the log is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// All is well.
    Info,
    /// Something was tolerated.
    Warn,
    /// Something did not work.
    #[default]
    Error,
    /// Nothing works.
    Fatal,
}

/// Why a command was not carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// What was typed cannot be dialled.
    Destination(DestinationError),
    /// Not logged in.
    NotLoggedIn,
    /// The login form lacks the login.
    EmptyLogin,
    /// The login form lacks the password.
    EmptyPassword,
    /// The server's address cannot be read.
    BadServer,
    /// The phone was not started: Init comes first.
    NotStarted,
    /// The line is not registered.
    NotRegistered,
    /// There are two calls already.
    TooManyCalls,
    /// More than one call could be meant: name one.
    Ambiguous,
    /// A conference takes exactly two calls that were answered.
    NotTwoCalls,
    /// Not digits that can be sent as tones.
    BadDigits,
    /// There is no transfer that could be completed or cancelled.
    NoTransfer,
    /// A call is being transferred already.
    TransferInProgress,
    /// Not an address of a STUN or TURN server, or a TURN server without user name and password.
    BadIceServer,
    /// There is no call that this could mean.
    NoSuchCall,
    /// The call is not in a state for this.
    WrongState,
    /// The CTI server cannot be reached now.
    CtiNotReady,
    /// That is not a CTI command.
    BadCtiCommand(CommandError),
    /// The line cannot be used from the browser.
    Line(LineProblem),
}

/// Why the user's line cannot be used from the browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineProblem {
    /// The server has not told the line yet.
    NotKnownYet,
    /// The user has no line.
    None,
    /// The line has no SIP password.
    NoPassword,
    /// The line is not set up for WebRTC.
    NotWebRtc,
}

/// Where the log-in stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Session {
    /// Nobody is logged in.
    LoggedOut {
        /// Why not, when it was tried or was lost.
        problem: Option<LoginProblem>,
    },
    /// The server is being asked.
    LoggingIn,
    /// Logged in.
    LoggedIn {
        /// Whether the CTI link is up at this moment.
        cti: CtiLink,
    },
}

/// The CTI link of a logged-in user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CtiLink {
    /// Up.
    Up,
    /// Being opened.
    Connecting,
    /// Lost; tried again at that moment.
    Waiting {
        /// When.
        until: Instant,
    },
}

/// Whether calls can come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Registration {
    /// The phone was not started, or was stopped.
    Stopped,
    /// Another tab of the person is the phone.
    Elsewhere,
    /// The line cannot be used; Init was tried.
    Unusable(LineProblem),
    /// The SIP websocket is being opened, or the registrar asked.
    Connecting,
    /// Calls can come.
    Registered {
        /// How long the registrar holds the contact unless refreshed.
        expires: Duration,
    },
    /// Calls cannot come.
    Unregistered {
        /// Why, in the server's or our English words.
        reason: String,
        /// The password was refused, or the account is not allowed: trying again will hardly help.
        permanent: bool,
        /// When the phone tries again of itself.
        retry_at: Option<Instant>,
    },
}

/// The user, as the server tells (`UserConfigUpdate`, `LineConfig`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct User {
    /// The login.
    pub login: String,
    /// The full name; the login until the server tells.
    pub full_name: String,
    /// The user's own number, once a phone event or the line told it.
    pub number: Option<String>,
}

/// All that a screen shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// Where the log-in stands.
    pub session: Session,
    /// Who is logged in.
    pub user: Option<User>,
    /// Whether calls can come.
    pub registration: Registration,
    /// The microphone could not be opened the last time.
    pub microphone: Option<MicrophoneProblem>,
    /// The camera could not be opened the last time.
    pub camera: Option<CameraProblem>,
    /// The phone status that the server tells (`PhoneStatusUpdate`), by its name.
    pub phone_status: Option<String>,
    /// The server has told a line: Init can be pressed.
    pub line_known: bool,
    /// Calls, oldest first, ended ones included until dismissed.
    pub calls: Vec<Call>,
    /// What others have left.
    pub inbox: Inbox,
}

/// What those who listen to the phone are told.
#[derive(Clone, Debug, PartialEq)]
pub enum Notice {
    /// The [`View`] changed.
    Changed,
    /// An event of the four groups.
    Event(Event),
    /// A CTI message came; secrets are masked in `payload`.
    Cti {
        /// Its `msgType`.
        msg_type: String,
        /// Its `ctiMessage`.
        payload: Value,
    },
    /// To be said to the CTI server by the page's own link, with its `claz`.
    ToCti(Value),
    /// A SIP message went or came; secrets are masked. Only while [`Debug::messages`] is on.
    Sip {
        /// It went; else it came.
        sent: bool,
        /// The message.
        text: String,
    },
    /// A message from the wire was dropped or tolerated.
    Diagnostic {
        /// Where from: `sip` or `cti`.
        source: &'static str,
        /// What was wrong, text from the wire included: show as text.
        text: String,
    },
}

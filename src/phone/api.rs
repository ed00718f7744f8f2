//! What can be asked of the phone, and what can be seen of it.

use std::time::Duration;

use serde_json::Value;

use super::call::{Call, CallKey, MicrophoneProblem};
use super::destination::DestinationError;
use super::event::Event;
pub use crate::cti::auth::LoginError as LoginProblem;
pub use crate::cti::message::command::CommandError;
use crate::secret::Secret;
use crate::time::Instant;

/// What a person or a page asks of the phone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Log in to the XUC server.
    LogIn {
        /// `host[:port]`, `http(s)://host[:port]`, or empty for the server of the page.
        server: String,
        /// The CTI login.
        login: String,
        /// Its password; forgotten as soon as the request is answered.
        password: Secret,
    },
    /// Log in again by the token that this tab kept (after a reload). Does nothing when there is none.
    Resume,
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
    },
    /// Answer that call, or the first one that rings.
    Answer(Option<CallKey>),
    /// Refuse that call, or the first one that rings.
    Reject(Option<CallKey>),
    /// End that call whatever its state, or the one there is.
    HangUp(Option<CallKey>),
    /// Take an ended call's card away.
    Dismiss(CallKey),
    /// Switch the microphone of that call, or of the one there is.
    SetMicrophone {
        /// Which call.
        call: Option<CallKey>,
        /// On or off.
        on: bool,
    },
    /// A CTI command as it is written on the wire, for the sample page: `{"command": "dial", …}`; `claz` is added.
    Cti(Value),
}

/// Why a command was not carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
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
    /// There is already a call; one at a time.
    CallInProgress,
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
    /// The phone status that the server tells (`PhoneStatusUpdate`), by its name.
    pub phone_status: Option<String>,
    /// The server has told a line: Init can be pressed.
    pub line_known: bool,
    /// Calls, oldest first, ended ones included until dismissed.
    pub calls: Vec<Call>,
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
    /// A message from the wire was dropped or tolerated.
    Diagnostic {
        /// Where from: `sip` or `cti`.
        source: &'static str,
        /// What was wrong, text from the wire included: show as text.
        text: String,
    },
}

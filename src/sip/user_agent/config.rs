//! What a user agent is told at its beginning, and what commands take and give back.

use std::fmt;
use std::time::Duration;

use crate::secret::Secret;
use crate::sip::header::Name;
use crate::sip::uri::Uri;

/// Who the user agent is and whom it talks to.
#[derive(Clone, Debug)]
pub struct Config {
    /// Our address of record: `sip:alice@example.org`.
    pub aor: Uri,
    /// The name in From.
    pub display_name: Option<String>,
    /// The Request-URI of REGISTER: `sip:example.org`.
    pub registrar: Uri,
    /// The user name for challenges.
    pub username: String,
    /// Its password.
    pub password: Secret,
    /// The User-Agent header field.
    pub user_agent: String,
    /// What the Via names (RFC 7118 §5.2).
    pub transport: Transport,
    /// Names this browser among the phones of the account, the same after a reload: `urn:uuid:…` (RFC 5626 §4.1). Makes
    /// an address of its own possible (RFC 5627); `None`: neither is asked for.
    pub instance: Option<String>,
    /// How long a registration should last; rounded down to seconds.
    pub expires: Duration,
}

/// How the messages travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// A websocket.
    Ws,
    /// A websocket over TLS.
    Wss,
}

/// A call to make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invite {
    /// Its Call-ID: from [`UserAgent::fresh_call_id`](super::UserAgent::fresh_call_id), never used before.
    pub call_id: String,
    /// Whom to call: from [`UserAgent::resolve`](super::UserAgent::resolve).
    pub target: Uri,
    /// Our session description; `None`: the other side has to offer.
    pub offer: Option<String>,
    /// Further header fields.
    pub headers: Vec<(Name, String)>,
}

/// Why a command was not carried out. Nothing was sent, nothing changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommandError {
    /// There is no such session, or it is over.
    UnknownSession,
    /// The session is not in a state for this.
    WrongState,
    /// The transport is closed.
    NotConnected,
    /// The status code is not of the class that this needs.
    WrongStatus,
}

impl fmt::Display for CommandError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::UnknownSession => "no such session",
            Self::WrongState => "the session is not in a state for this",
            Self::NotConnected => "the transport is closed",
            Self::WrongStatus => "a status code of another class is needed",
        })
    }
}

impl std::error::Error for CommandError {}

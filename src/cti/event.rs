//! What goes into the link and what comes out of it.

use std::fmt;

use super::auth::LoginError;
use super::message::Received;
use crate::secret::Secret;
use crate::time::{Deadline, Instant};

/// A fact about the outside world, handed to [`Link::handle`](super::link::Link::handle).
#[derive(Clone, PartialEq, Eq)]
pub enum Input {
    /// What became of a request; every request is answered by one of these, in seconds rather than minutes.
    Http {
        /// The request's [`HttpRequest::id`]. Outcomes of requests that nobody waits for any more are ignored.
        id: u32,
        /// What became of it.
        outcome: HttpOutcome,
    },
    /// The websocket is open.
    Opened,
    /// The websocket is gone, or could not be opened. Not expected after [`Output::Close`].
    Closed {
        /// The close code of RFC 6455 §7.4; 1006 when there was none.
        code: u16,
        /// The words that came with it.
        reason: String,
    },
    /// One text frame.
    Received(String),
    /// The machine has a network again.
    Online,
    /// What is open may be dead: the machine slept, or its network is gone.
    Doubt,
}

/// Tells no payload: passwords and tokens are in some.
impl fmt::Debug for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Http { id, outcome: HttpOutcome::Answer { status, body } } => {
                write!(f, "Http({id}, {status}, {} bytes)", body.len())
            }
            Self::Http { id, outcome: HttpOutcome::NoAnswer { reason } } => write!(f, "Http({id}, {reason})"),
            Self::Opened => f.write_str("Opened"),
            Self::Closed { code, reason } => write!(f, "Closed({code}, {reason})"),
            Self::Received(frame) => write!(f, "Received({} bytes)", frame.len()),
            Self::Online => f.write_str("Online"),
            Self::Doubt => f.write_str("Doubt"),
        }
    }
}

/// What became of a request.
#[derive(Clone, PartialEq, Eq)]
pub enum HttpOutcome {
    /// The server answered.
    Answer {
        /// The status code.
        status: u16,
        /// The body; empty when it is not text.
        body: String,
    },
    /// It did not: not reached, refused, too late, or withheld by the browser.
    NoAnswer {
        /// Why, in words for a person.
        reason: String,
    },
}

/// A REST request to be made.
#[derive(Clone, PartialEq, Eq)]
pub struct HttpRequest {
    /// Names it in [`Input::Http`]; never used twice.
    pub id: u32,
    /// `GET` or `POST`.
    pub method: &'static str,
    /// Where.
    pub url: String,
    /// Header fields, name and value.
    pub headers: Vec<(&'static str, String)>,
    /// The body; JSON.
    pub body: Option<String>,
}

/// Tells neither header fields nor body: the password and the token are in them.
impl fmt::Debug for HttpRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HttpRequest({}, {} {})", self.id, self.method, self.url)
    }
}

/// What the link wants done, or says; drained with [`Link::poll`](super::link::Link::poll).
#[derive(Clone, Debug, PartialEq)]
pub enum Output {
    /// Make this request. A later one replaces it: its outcome is not waited for any more.
    Http(HttpRequest),
    /// Open a websocket, without sub-protocol.
    Open {
        /// Where; the token is in it.
        url: Secret,
    },
    /// Send this as one text frame.
    Send(String),
    /// Close the websocket; nothing more is wanted of it.
    Close,
    /// Something happened.
    Event(Event),
    /// Nothing more to do until there is input or this moment has come; `None`: until there is input.
    Wait(Option<Deadline>),
}

/// What happened.
///
/// ```text
/// LoggingIn ─┬─> LoggedOn, Up ─> Lost ─> (Connecting ─> Lost)* ─> Connecting ─> Up ─> …
///            └─> LoginFailed                     └─> Ended
/// ```
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// The server is being asked.
    LoggingIn,
    /// The user is logged in: the CTI session is there for the first time. [`Event::Up`] follows.
    LoggedOn {
        /// The login, as the server writes it.
        login: String,
        /// By a token that was kept, not by password.
        resumed: bool,
    },
    /// The log-in failed. A token that was told before is worth nothing; a kept one neither.
    LoginFailed(LoginError),
    /// The token to keep, new or renewed. The one before it is not needed any more.
    Token(Secret),
    /// The link is up: commands can be sent. The line, the ICE servers and the current calls were asked for.
    Up,
    /// The link is not up. Also told when another attempt failed, and when the next one was moved.
    Lost {
        /// When it is tried again of itself.
        retry_at: Option<Instant>,
        /// Why, in English words; text from the wire may be in it.
        reason: String,
    },
    /// The link is being tried again.
    Connecting,
    /// The user is not logged in any more: the server does not accept the token. Forget it.
    Ended(LoginError),
    /// A message came.
    Message(Received),
    /// Something from the wire was dropped or tolerated.
    Diagnostic(String),
}

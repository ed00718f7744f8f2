//! The life cycle of the "SIP stack", as the API calls the phone's way to the telephony server.
//!
//! ```text
//! NotInitialized ──────line──────> WaitingForIce ─IceConfig, or 2 s─> Starting ─> Started
//!     │  ^                            ^                                  │
//!     │  └────────────────────────────┼──────── failed, tried again ─────┘   stop ─> Stopped, from anywhere
//!     └─IceConfig─> WaitingForSip ─line┘
//! ```
//!
//! A state machine like the others: facts go in with the moment they happen, [`Stack::poll`] says what to do.
//! Reference: sections 5 to 7 and 11 of the `xc_webrtc` API.

use std::collections::VecDeque;
use std::time::Duration;

use crate::cti::message::command::Command as CtiCommand;
use crate::cti::message::{IceConfig, LineConfig};
use crate::phone::api::{LineProblem, Place};
use crate::phone::event::Event;
use crate::phone::line_problem;
use crate::time::Instant;

/// How long a start waits for `IceConfig`: a server of an old generation never sends it (D10).
const ICE_WITHIN: Duration = Duration::from_secs(2);

/// TURN passwords are renewed at half of their life, but not more often than this (D40).
const RENEWED_AT_MOST_EVERY: Duration = Duration::from_secs(30);

/// What `getSipStackStatus` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Nothing was started, or the start has failed: it can be started.
    NotInitialized,
    /// ICE servers are there, and no line: they came before it.
    WaitingForSip,
    /// A line is there, and its ICE servers were asked for.
    WaitingForIce,
    /// The SIP websocket is being opened.
    Starting,
    /// The SIP websocket was opened; what is lost afterwards is told by the registration.
    Started,
    /// By [`Stack::stop`].
    Stopped,
}

impl Status {
    /// As the API writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotInitialized => "NotInitialized",
            Self::WaitingForSip => "WaitingForSip",
            Self::WaitingForIce => "WaitingForIce",
            Self::Starting => "Starting",
            Self::Started => "Started",
            Self::Stopped => "Stopped",
        }
    }
}

/// What the stack wants done.
#[derive(Clone, Debug, PartialEq)]
pub enum Output {
    /// Ask the CTI server.
    Ask(CtiCommand),
    /// Start the phone.
    Start(Box<LineConfig>, Place),
    /// End the phone.
    Stop,
    /// The start has failed: tell the page why.
    Failed(LineProblem),
    /// For the log: a line that came too late is not used.
    Ignored,
}

/// See the module.
#[derive(Debug)]
pub struct Stack {
    status: Status,
    place: Place,
    /// The line that is to be started.
    line: Option<LineConfig>,
    /// A `LineConfig` that comes is meant for us.
    awaits_line: bool,
    /// The phone was started and not stopped since.
    runs: bool,
    ice_until: Option<Instant>,
    renew_at: Option<Instant>,
    outputs: VecDeque<Output>,
}

impl Default for Stack {
    fn default() -> Self {
        Self {
            status: Status::NotInitialized,
            place: Place::default(),
            line: None,
            awaits_line: false,
            runs: false,
            ice_until: None,
            renew_at: None,
            outputs: VecDeque::new(),
        }
    }
}

impl Stack {
    /// What `getSipStackStatus` says now.
    pub fn status(&self) -> Status {
        self.status
    }

    /// `init`: the line is asked for, and the stack started when it comes.
    pub fn init(&mut self, place: Place) {
        self.place = place;
        self.awaits_line = true;
        self.outputs.push_back(Output::Ask(CtiCommand::GetConfig { object_type: "line".into() }));
    }

    /// `initByLineConfig`: the stack is started for a line that the page holds (D7: after a stop, too), and for the
    /// next one that comes after a stop. `None`: what the page holds is no line.
    pub fn init_by_line(&mut self, place: Place, line: Option<LineConfig>, now: Instant) {
        self.awaits_line = true;
        match self.status {
            // It runs already, or will in a moment: nothing is started a second time.
            Status::Started | Status::Starting | Status::WaitingForIce => {}
            Status::NotInitialized | Status::WaitingForSip | Status::Stopped => {
                self.place = place;
                self.begin(line, now);
            }
        }
    }

    /// A `LineConfig` came.
    pub fn line_came(&mut self, line: Option<LineConfig>, now: Instant) {
        if !self.awaits_line {
            return;
        }
        match self.status {
            Status::NotInitialized | Status::WaitingForSip | Status::Stopped => {
                self.awaits_line = false;
                self.begin(line, now);
            }
            // Not started yet, so the newest is started (D13).
            Status::WaitingForIce => {
                if let Ok(line) = usable(line) {
                    self.line = Some(line);
                }
            }
            Status::Starting | Status::Started => self.outputs.push_back(Output::Ignored),
        }
    }

    /// Looks at the line before anything changes, so that one that cannot be used can be followed by another (D8).
    fn begin(&mut self, line: Option<LineConfig>, now: Instant) {
        match usable(line) {
            Ok(line) => self.line = Some(line),
            Err(problem) => {
                self.status = Status::NotInitialized;
                self.outputs.push_back(Output::Failed(problem));
                return;
            }
        }
        self.status = Status::WaitingForIce;
        self.ice_until = Some(now + ICE_WITHIN);
        self.outputs.push_back(Output::Ask(CtiCommand::GetIceConfig));
    }

    /// An `IceConfig` came, and was given to the phone.
    pub fn ice_came(&mut self, ice: &IceConfig, now: Instant) {
        if self.status == Status::Stopped {
            return;
        }
        self.renew_at = ice.turn_ttl.map(|ttl| now + (ttl / 2).max(RENEWED_AT_MOST_EVERY));
        // One that tries again of itself waits for no line.
        if self.status == Status::NotInitialized && !self.runs {
            self.status = Status::WaitingForSip;
        }
        self.go_on();
    }

    /// Waits no longer for ICE servers.
    fn go_on(&mut self) {
        self.ice_until = None;
        if self.status == Status::WaitingForIce
            && let Some(line) = self.line.take()
        {
            self.status = Status::Starting;
            self.runs = true;
            self.outputs.push_back(Output::Start(Box::new(line), self.place.clone()));
        }
    }

    /// The phone says something. Whether pages are to be told: between a stop and the next start only how calls end
    /// (D6), for a phone that leaves says more than the original did.
    pub fn heard(&mut self, event: &Event) -> bool {
        match event {
            Event::Started if self.runs => self.status = Status::Started,
            // It can be started for another line or place meanwhile; else the phone tries again (D12).
            Event::Failed { .. } if self.status == Status::Starting => self.status = Status::NotInitialized,
            Event::Started | Event::Failed { .. } | Event::Registered | Event::Unregistered { .. } => {}
            Event::Call { .. } | Event::DialFailed { .. } => return true,
        }
        self.runs
    }

    /// The phone did not even begin to start.
    pub fn refused(&mut self) {
        self.runs = false;
        self.status = Status::NotInitialized;
    }

    /// `stop`.
    pub fn stop(&mut self) {
        self.status = Status::Stopped;
        self.runs = false;
        self.line = None;
        self.ice_until = None;
        self.renew_at = None;
        self.outputs.push_back(Output::Stop);
    }

    /// When to call [`Self::timeout`].
    pub fn deadline(&self) -> Option<Instant> {
        match (self.ice_until, self.renew_at) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        }
    }

    /// Does what is due.
    pub fn timeout(&mut self, now: Instant) {
        if self.ice_until.is_some_and(|at| at <= now) {
            self.go_on();
        }
        if self.renew_at.is_some_and(|at| at <= now) {
            // Should no answer come.
            self.renew_at = Some(now + RENEWED_AT_MOST_EVERY);
            self.outputs.push_back(Output::Ask(CtiCommand::GetIceConfig));
        }
    }

    /// What to do next.
    pub fn poll(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }
}

/// A line that can be started, or why there is none. Pages decide by `webRtc` whether to come here; those that do,
/// mean it.
fn usable(line: Option<LineConfig>) -> Result<LineConfig, LineProblem> {
    let line = LineConfig { web_rtc: true, ..line.ok_or(LineProblem::NotKnownYet)? };
    line_problem(&line).map_or(Ok(line), Err)
}

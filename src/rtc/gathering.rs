//! How long to wait for ICE candidates before the description is sent.
//!
//! SIP sends all candidates in one description. The end of gathering comes 118 ms after its begin at the best, and
//! seconds after it when a STUN server is silent, while the addresses of the computer are all there within a few
//! milliseconds of the first. So a short quiet time ends the wait.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use wasm_bindgen::JsCast;
use web_sys::{RtcIceGatheringState, RtcPeerConnection, RtcPeerConnectionIceEvent};

use crate::browser::clock::{self, Alarm};
use crate::browser::listener::Listener;
use crate::browser::signal::Signal;
use crate::time::Instant;

/// No candidate for so long means that no more of that kind are to be expected.
const QUIET: Duration = Duration::from_millis(25);

/// The same where candidates were looked for as long as anything is waited for before the description is made, while it
/// rang: the browser has them ready, and tells them one right after the other.
const QUIET_WHEN_PREPARED: Duration = Duration::from_millis(10);

/// A STUN or TURN server that has not answered by now is not waited for. Its answer takes one round trip and one
/// repetition at most (RFC 8489 §6.2.1).
const PATIENCE: Duration = Duration::from_millis(500);

/// Without a single UDP candidate nobody could reach us, so the wait is longer: a computer that just woke up may need it.
const PATIENCE_WITHOUT_ANY: Duration = Duration::from_secs(3);

/// The wait, as a rule over moments. The end of gathering ends it whatever this says.
#[derive(Clone, Debug)]
pub struct Wait {
    /// Whether STUN or TURN servers are being asked.
    servers: bool,
    since: Instant,
    quiet: Duration,
    /// The last candidate that was waited for: any without servers, one that a server told with them.
    last_wanted: Option<Instant>,
    any: bool,
}

impl Wait {
    /// A wait that begins at `now`, for candidates that were looked for since `begun`.
    pub fn new(servers: bool, begun: Instant, now: Instant) -> Self {
        let is_prepared = begun + PATIENCE <= now;
        let quiet = if is_prepared { QUIET_WHEN_PREPARED } else { QUIET };
        Self { servers, since: now, quiet, last_wanted: None, any: false }
    }

    /// A candidate came, as its line of text (RFC 8839 §5.1).
    pub fn candidate(&mut self, line: &str, now: Instant) {
        // An empty line is the end of one generation. SIP servers speak UDP; a browser that is slow to open its UDP
        // sockets tells its TCP addresses first, and a description with only these has the default destination
        // 0.0.0.0, which Asterisk takes for hold (RFC 2543 §B.5).
        if !is_udp(line) {
            return;
        }
        self.any = true;
        let kind = line.split_ascii_whitespace().skip_while(|word| *word != "typ").nth(1);
        if !self.servers || matches!(kind, Some("srflx" | "relay")) {
            self.last_wanted = Some(now);
        }
    }

    /// When the wait is over, unless another candidate or the end comes before.
    pub fn until(&self) -> Instant {
        let patience = if self.any { PATIENCE } else { PATIENCE_WITHOUT_ANY };
        let longest = self.since + patience;
        self.last_wanted.map_or(longest, |last| longest.min(last + self.quiet))
    }
}

/// Whether the transport of a candidate, the third word of its line, is UDP (RFC 8839 §5.1).
fn is_udp(line: &str) -> bool {
    line.split_ascii_whitespace().nth(2).is_some_and(|transport| transport.eq_ignore_ascii_case("udp"))
}

/// One gathering under way, watched until this is dropped.
pub(super) struct Gathering {
    connection: RtcPeerConnection,
    over: Signal,
    watch: Rc<Watch>,
    _listeners: [Listener; 2],
}

struct Watch {
    wait: RefCell<Wait>,
    alarm: Alarm,
}

impl Gathering {
    /// Watches the candidates of the description that is about to be set. `made`: when the connection was.
    pub(super) fn watch(connection: &RtcPeerConnection, servers: bool, made: Instant) -> Self {
        let now = clock::now();
        // Only the first description has what was looked for before.
        let begun = if connection.local_description().is_some() { now } else { made };
        let over = Signal::default();
        let alarm = Alarm::new({
            let over = over.clone();
            move || over.raise()
        });
        let watch = Rc::new(Watch { wait: RefCell::new(Wait::new(servers, begun, now)), alarm });
        let listeners = [
            Listener::new(connection, "icecandidate", {
                let watch = watch.clone();
                move |event| {
                    let candidate = event.unchecked_ref::<RtcPeerConnectionIceEvent>().candidate();
                    if let Some(candidate) = candidate {
                        watch.candidate(&candidate.candidate());
                    }
                }
            }),
            Listener::new(connection, "icegatheringstatechange", {
                let (connection, over) = (connection.clone(), over.clone());
                move |_| {
                    if is_complete(&connection) {
                        over.raise();
                    }
                }
            }),
        ];
        Self { connection: connection.clone(), over, watch, _listeners: listeners }
    }

    /// Waits, once the description is set, until it is worth sending.
    pub(super) async fn settled(&self) {
        let so_far = self.connection.local_description().map(|description| description.sdp());
        let so_far = so_far.unwrap_or_default();
        // A repeated offer keeps its transports, so their candidates are all there and none will be told. One that looks
        // for a path anew has none yet, whatever the browser still says of the last gathering.
        if is_complete(&self.connection) && so_far.contains("\na=candidate:") {
            return;
        }
        for line in so_far.lines().filter(|line| line.starts_with("a=candidate:")) {
            self.watch.wait.borrow_mut().candidate(line, clock::now());
        }
        self.watch.arm();
        self.over.raised().await;
    }
}

impl Watch {
    fn candidate(&self, line: &str) {
        self.wait.borrow_mut().candidate(line, clock::now());
        self.arm();
    }

    fn arm(&self) {
        self.alarm.set(Some(self.wait.borrow().until()));
    }
}

fn is_complete(connection: &RtcPeerConnection) -> bool {
    connection.ice_gathering_state() == RtcIceGatheringState::Complete
}

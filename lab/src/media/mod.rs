//! The media of calls, ended at the lab: one task, one str0m instance and its own UDP sockets for each leg.
//!
//! A leg is told what to do by its [`Handle`] and tells by [`Report`] what came of it. Session descriptions from
//! the wire are read inside the leg's own task: one that upsets str0m ends that leg and nothing else.

mod dtmf;
mod frame;
mod leg;
mod loss;
mod negotiation;
mod recording;
mod sending;
mod timeline;
mod wire;

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use str0m::crypto::{CryptoProvider, from_feature_flags};
use str0m::{RtcConfig, config::DtlsCert};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use frame::Frame;
use leg::Command;

pub use negotiation::Wish;
pub use recording::{MUSIC, RINGING, Recording, TONE};
pub use str0m::media::{Direction, MediaKind};

/// One side's media; never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LegId(pub u64);

/// What a leg tells.
#[derive(Debug)]
pub struct Report {
    /// Which leg.
    pub leg: LegId,
    /// What happened.
    pub event: Event,
}

/// What happened to a leg.
#[derive(Debug)]
pub enum Event {
    /// The offer that was asked for.
    Offer(String),
    /// The answer to an offer.
    Answer(String),
    /// The phone's answer to our offer was taken.
    Accepted,
    /// A session description could not be used.
    Refused(String),
    /// The phone's media is connected: ICE and DTLS are done.
    Connected,
    /// The phone sent a DTMF digit (RFC 4733).
    Digit(char),
    /// The leg is of no more use.
    Broken(String),
}

/// What becomes of what the phone sends, and what it hears.
#[derive(Debug)]
pub enum Program {
    /// Nothing is sent.
    Silence,
    /// The phone hears itself.
    Echo,
    /// The phone hears this.
    Play(Recording),
    /// The phone hears the sounds of these keys, once.
    Keys(String),
    /// The phone hears the other leg and is heard by it.
    Bridge(Handle),
}

/// Opens legs.
pub struct Media {
    ips: Vec<IpAddr>,
    crypto: Arc<CryptoProvider>,
    certificate: DtlsCert,
    reports: UnboundedSender<Report>,
}

impl Media {
    /// Media on these addresses of the machine; legs tell what happens to `reports`.
    ///
    /// # Errors
    ///
    /// When no certificate can be made.
    pub fn new(ips: Vec<IpAddr>, reports: UnboundedSender<Report>) -> Result<Self, MediaError> {
        let crypto = Arc::new(from_feature_flags());
        let certificate = crypto
            .dtls_provider
            .generate_certificate()
            .ok_or_else(|| MediaError("no DTLS certificate could be made".into()))?;
        Ok(Self { ips, crypto, certificate, reports })
    }

    /// Opens a leg.
    pub fn open(&self, id: LegId) -> Handle {
        let (commands, received) = unbounded_channel();
        let counters = Arc::new(Counters::default());
        let handle = Handle { commands, counters: counters.clone() };
        let (config, ips, reports) = (self.config(), self.ips.clone(), self.reports.clone());
        tokio::spawn(async move {
            // A task of its own, so that a panic in it is seen here.
            let work = tokio::spawn(leg::run(id, config, ips, received, reports.clone(), counters));
            let problem = match work.await {
                Ok(Ok(())) => return,
                Ok(Err(error)) => error.to_string(),
                Err(panic) => panic.to_string(),
            };
            // Nobody listens any more when the lab is shutting down.
            let _ = reports.send(Report { leg: id, event: Event::Broken(problem) });
        });
        handle
    }

    /// ICE lite: the lab's addresses are reachable, so the phone does the checking. One audio codec that all
    /// browsers have, DTMF, and two video codecs.
    fn config(&self) -> RtcConfig {
        let mut config = RtcConfig::new()
            .set_crypto_provider(self.crypto.clone())
            .set_dtls_cert(self.certificate.clone())
            .set_ice_lite(true)
            .clear_codecs()
            .enable_opus(true, false)
            .enable_vp8(true)
            .enable_h264(true);
        dtmf::add_telephone_events(config.codec_config());
        config
    }
}

/// The way to talk to a leg. The leg ends when its last handle is dropped.
#[derive(Clone)]
pub struct Handle {
    commands: UnboundedSender<Command>,
    counters: Arc<Counters>,
}

impl Handle {
    /// Asks for an offer of these kinds of media; [`Event::Offer`] follows.
    pub fn offer(&self, kinds: Vec<MediaKind>) {
        self.tell(Command::Offer(kinds));
    }

    /// Asks for an offer for an established session; [`Event::Offer`] follows.
    pub fn reoffer(&self, wish: Wish) {
        self.tell(Command::Reoffer(wish));
    }

    /// Our offer was refused.
    pub fn roll_back(&self) {
        self.tell(Command::Rollback);
    }

    /// The last answer goes to the phone with this direction, as the lab sees it.
    pub fn limit(&self, kind: MediaKind, direction: Direction) {
        self.tell(Command::Limit(kind, direction));
    }

    /// Hands over the phone's offer; [`Event::Answer`] or [`Event::Refused`] follows.
    pub fn answer(&self, offer: &str) {
        self.tell(Command::Answer(offer.to_owned()));
    }

    /// Hands over the phone's answer; [`Event::Accepted`] or [`Event::Refused`] follows.
    pub fn accept(&self, answer: &str) {
        self.tell(Command::Accept(answer.to_owned()));
    }

    /// Loses what goes by the present path; by all paths `but_relays`, where that is so.
    pub fn break_path(&self, but_relays: bool) {
        self.tell(Command::Break { but_relays });
    }

    /// Changes what the phone hears.
    pub fn play(&self, program: Program) {
        self.tell(Command::Play(program));
    }

    /// Loses so many of a hundred packets of what goes to the phone.
    pub fn lose(&self, of_hundred: u8) {
        self.tell(Command::Lose(of_hundred));
    }

    /// Sends a digit to the phone (RFC 4733). What is no key is not sent.
    pub fn dial(&self, key: char) {
        if let Some(digit) = dtmf::digit(key) {
            self.tell(Command::Digit(digit));
        }
    }

    /// How many frames came from the phone and went to it so far.
    pub fn frames(&self) -> Frames {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Frames {
            audio_received: read(&self.counters.audio_received),
            audio_sent: read(&self.counters.audio_sent),
            video_received: read(&self.counters.video_received),
            video_sent: read(&self.counters.video_sent),
        }
    }

    fn forward(&self, frame: Frame) {
        self.tell(Command::Send(frame));
    }

    fn tell(&self, command: Command) {
        // A leg that is gone has said so by `Event::Broken`.
        let _ = self.commands.send(command);
    }
}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Handle")
    }
}

/// How many frames came from a phone and went to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frames {
    /// Sound from the phone.
    pub audio_received: u64,
    /// Sound to the phone.
    pub audio_sent: u64,
    /// Pictures from the phone.
    pub video_received: u64,
    /// Pictures to the phone.
    pub video_sent: u64,
}

#[derive(Debug, Default)]
struct Counters {
    audio_received: AtomicU64,
    audio_sent: AtomicU64,
    video_received: AtomicU64,
    video_sent: AtomicU64,
}

/// Media cannot be had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MediaError(pub(crate) String);

impl fmt::Display for MediaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for MediaError {}

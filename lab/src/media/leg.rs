//! One leg: drives a str0m instance, hears what the phone says, does what it is told.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use str0m::media::{Direction, KeyframeRequestKind, MediaKind, Mid, TelephoneEvent};
use str0m::net::{Protocol, Receive};
use str0m::{Candidate, Input, Output, Rtc, RtcConfig};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};
use tokio::time::{Instant, Interval, sleep_until};

use super::dtmf::{self, Dialler, Listener};
use super::frame::Frame;
use super::loss::Loss;
use super::negotiation::{Offered, Wish};
use super::recording::Player;
use super::timeline::Timeline;
use super::wire::{Datagram, Wire};
use super::{Counters, Event, LegId, MediaError, Program, Report};

/// What a leg is told.
#[derive(Debug)]
pub(super) enum Command {
    Offer(Vec<MediaKind>),
    Reoffer(Wish),
    Rollback,
    Answer(String),
    Accept(String),
    Limit(MediaKind, Direction),
    Play(Program),
    Send(Frame),
    Digit(TelephoneEvent),
    Lose(u8),
    Refresh(KeyframeRequestKind),
    Break { but_relays: bool },
}

/// Serves one leg until its last handle is dropped.
///
/// # Errors
///
/// When no socket can be bound.
pub(super) async fn run(
    id: LegId,
    config: RtcConfig,
    ips: Vec<IpAddr>,
    mut commands: UnboundedReceiver<Command>,
    reports: UnboundedSender<Report>,
    counters: Arc<Counters>,
) -> Result<(), MediaError> {
    let wire =
        Wire::bind(&ips).await.map_err(|error| MediaError(format!("media cannot be received: {error}")))?;
    let mut leg = Leg::new(id, config, wire, reports, counters);
    loop {
        let deadline = leg.drain();
        tokio::select! {
            command = commands.recv() => match command {
                Some(command) => leg.obey(command),
                None => break,
            },
            Some(datagram) = leg.wire.receive() => leg.receive(&datagram),
            () = tick(leg.player.as_mut().map(|(clock, _)| clock)) => leg.send_recorded(),
            () = sleep_until(deadline) => leg.time_passed(),
        }
    }
    leg.close();
    Ok(())
}

/// The next tick of a clock that may not be there.
async fn tick(clock: Option<&mut Interval>) {
    match clock {
        Some(clock) => {
            clock.tick().await;
        }
        None => std::future::pending().await,
    }
}

/// What of the network between us and the phone is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Broken {
    /// The present path.
    Path,
    /// All that does not go by way of a TURN server.
    AllButRelays,
}

/// Whether a description names addresses of TURN servers alone.
fn is_relayed(sdp: &str) -> bool {
    let mut candidates = sdp.lines().filter(|line| line.starts_with("a=candidate:")).peekable();
    candidates.peek().is_some() && candidates.all(|candidate| candidate.contains(" typ relay"))
}

pub(super) struct Leg {
    id: LegId,
    pub(super) rtc: Rtc,
    wire: Wire,
    /// The phone's media was connected: ICE and DTLS were done.
    connected: bool,
    /// What goes by the present path is lost, as a test asked for.
    broken: Option<Broken>,
    /// The ICE credentials (RFC 8839 §5.4) that the phone has for the present path.
    ufrag: Option<String>,
    /// Our offer that waits for its answer.
    pub(super) offered: Option<Offered>,
    pub(super) media: Vec<(MediaKind, Mid)>,
    pub(super) program: Program,
    pub(super) player: Option<(Interval, Player)>,
    pub(super) sound: Timeline,
    pub(super) picture: Timeline,
    listener: Listener,
    pub(super) dialler: Dialler,
    loss: Loss,
    reports: UnboundedSender<Report>,
    pub(super) counters: Arc<Counters>,
}

impl Leg {
    fn new(
        id: LegId,
        config: RtcConfig,
        wire: Wire,
        reports: UnboundedSender<Report>,
        counters: Arc<Counters>,
    ) -> Self {
        let mut rtc = config.build(Instant::now().into_std());
        for address in wire.addresses() {
            // An address that str0m refuses (an unspecified one) is of no use to the phone either.
            if let Ok(candidate) = Candidate::host(address, Protocol::Udp) {
                rtc.add_local_candidate(candidate);
            }
        }
        Self {
            id,
            rtc,
            wire,
            connected: false,
            broken: None,
            ufrag: None,
            offered: None,
            media: Vec::new(),
            program: Program::Silence,
            player: None,
            sound: Timeline::default(),
            picture: Timeline::default(),
            listener: Listener::default(),
            dialler: Dialler::default(),
            loss: Loss::default(),
            reports,
            counters,
        }
    }

    /// Takes all that str0m has to say; gives the moment at which it wants to be called again.
    fn drain(&mut self) -> Instant {
        self.send_digits();
        loop {
            match self.rtc.poll_output() {
                Ok(Output::Timeout(at)) => {
                    let at = Instant::from_std(at);
                    return self.dialler.deadline().map_or(at, |digit| digit.min(at));
                }
                Ok(Output::Transmit(_)) if self.broken.is_some() => {}
                Ok(Output::Transmit(datagram)) if self.loss.takes(&datagram.contents) => {}
                Ok(Output::Transmit(datagram)) => {
                    self.wire.send(datagram.source, datagram.destination, &datagram.contents);
                }
                Ok(Output::Event(event)) => self.happened(event),
                Err(error) => {
                    self.rtc.disconnect();
                    self.report(Event::Broken(error.to_string()));
                }
            }
        }
    }

    fn happened(&mut self, event: str0m::Event) {
        match event {
            str0m::Event::Connected => {
                self.connected = true;
                self.report(Event::Connected);
            }
            str0m::Event::MediaData(media) => self.heard(Frame::of(media)),
            str0m::Event::KeyframeRequest(request) => match &self.program {
                Program::Echo => self.refresh(request.kind),
                Program::Bridge(other) => other.tell(Command::Refresh(request.kind)),
                Program::Silence | Program::Play(_) | Program::Keys(_) => {}
            },
            // A lost ICE connection may come back, and the call's end is for SIP to say: neither ends the leg.
            _ => {}
        }
    }

    fn heard(&mut self, frame: Frame) {
        match frame.digit {
            Some(report) => {
                if !self.listener.ends(report, frame.time) {
                    return;
                }
                if let Some(key) = dtmf::key(report.event) {
                    self.report(Event::Digit(key));
                }
            }
            None if frame.kind().is_audio() => count(&self.counters.audio_received),
            None => count(&self.counters.video_received),
        }
        match &self.program {
            Program::Echo => self.send(frame),
            Program::Bridge(other) => other.forward(frame),
            Program::Silence | Program::Play(_) | Program::Keys(_) => {}
        }
    }

    fn obey(&mut self, command: Command) {
        match command {
            Command::Offer(kinds) => self.offer(&kinds),
            Command::Reoffer(wish) => self.reoffer(wish),
            Command::Rollback => self.roll_back(),
            Command::Answer(offer) => match self.answer(&offer) {
                Ok(answer) => self.report(Event::Answer(answer)),
                Err(problem) => self.report(Event::Refused(problem)),
            },
            Command::Accept(answer) => match self.accept(&answer) {
                Ok(()) => self.report(Event::Accepted),
                Err(problem) => self.report(Event::Refused(problem)),
            },
            Command::Limit(kind, direction) => self.limit(kind, direction),
            Command::Play(program) => self.play(program),
            // One that was on its way when the program changed would disturb the new one.
            Command::Send(frame) if matches!(self.program, Program::Bridge(_)) => self.send(frame),
            Command::Send(_) => {}
            Command::Lose(of_hundred) => self.loss = Loss::new(of_hundred),
            Command::Digit(digit) => self.dialler.push(digit),
            Command::Refresh(kind) => self.refresh(kind),
            Command::Break { but_relays: false } => self.broken = Some(Broken::Path),
            Command::Break { but_relays: true } => self.broken = Some(Broken::AllButRelays),
        }
    }

    /// The medium of that kind that is in use: a refused or ended one cannot be used again (RFC 3264 §8.2).
    pub(super) fn mid(&self, kind: MediaKind) -> Option<Mid> {
        let usable = |mid: &Mid| self.rtc.media(*mid).is_some_and(|media| !media.disabled());
        self.media.iter().filter(|(its, _)| *its == kind).map(|(_, mid)| *mid).find(usable)
    }

    /// The medium of that kind by which something can be sent. str0m would keep what comes before the phone's media is
    /// connected, and send it all at once.
    pub(super) fn mid_to_send(&self, kind: MediaKind) -> Option<Mid> {
        self.mid(kind).filter(|_| self.connected)
    }

    fn receive(&mut self, datagram: &Datagram) {
        if self.broken.is_some() {
            return;
        }
        let Ok(contents) = datagram.contents.as_slice().try_into() else { return };
        let receive = Receive {
            proto: Protocol::Udp,
            source: datagram.source,
            destination: datagram.destination,
            contents,
        };
        // A datagram that str0m cannot use may have come from anyone: it is dropped and the leg goes on.
        let _ = self.rtc.handle_input(Input::Receive(Instant::now().into_std(), receive));
    }

    /// Another path is looked for when the phone has other credentials than before.
    pub(super) fn follow_path(&mut self, sdp: &str) {
        let ufrag =
            sdp.lines().find_map(|line| line.trim_end().strip_prefix("a=ice-ufrag:")).map(str::to_owned);
        if self.ufrag != ufrag {
            self.ufrag = ufrag;
            self.broken = self.broken.filter(|broken| *broken == Broken::AllButRelays && !is_relayed(sdp));
        }
    }

    fn time_passed(&mut self) {
        if let Err(error) = self.rtc.handle_input(Input::Timeout(Instant::now().into_std())) {
            self.rtc.disconnect();
            self.report(Event::Broken(error.to_string()));
        }
    }

    /// Says goodbye to the phone's media.
    fn close(&mut self) {
        if self.rtc.close().is_ok() {
            self.drain();
        }
    }

    pub(super) fn report(&self, event: Event) {
        // Nobody listens any more when the lab is shutting down.
        let _ = self.reports.send(Report { leg: self.id, event });
    }
}

/// Counts one more.
pub(super) fn count(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}

//! One leg: drives a str0m instance, and does with the media what the [`Program`] says.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use str0m::change::{SdpAnswer, SdpOffer, SdpPendingOffer};
use str0m::format::{Codec, CodecConfig, CodecExtra, FormatParams, PayloadParams};
use str0m::media::{
    Direction, Frequency, KeyframeRequestKind, MediaData, MediaKind, MediaTime, Mid, TelephoneEvent,
};
use str0m::net::{Protocol, Receive};
use str0m::{Candidate, Input, Output, Rtc, RtcConfig};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};
use tokio::time::{Instant, Interval, MissedTickBehavior, interval, sleep_until};

use super::tone::{FRAME_TIME, Tone};
use super::wire::{Datagram, Wire};
use super::{Counters, Event, LegId, MediaError, Program, Report};

/// The payload type of DTMF that Chromium and Firefox offer beside Opus.
const TELEPHONE_EVENT_PT: u8 = 126;
const DIGITS: &[u8; 16] = b"0123456789*#ABCD";

/// What a leg is told.
#[derive(Debug)]
pub(super) enum Command {
    Offer(Vec<MediaKind>),
    Answer(String),
    Accept(String),
    Play(Program),
    Send(Frame),
    Refresh(KeyframeRequestKind),
}

/// A piece of media on its way from one leg to another.
#[derive(Debug)]
pub(super) struct Frame {
    params: PayloadParams,
    received_at: Instant,
    time: MediaTime,
    data: Arc<[u8]>,
    digit: Option<TelephoneEvent>,
}

impl Frame {
    fn of(media: MediaData) -> Self {
        let digit = match media.codec_extra {
            CodecExtra::Tele(event) => Some(event),
            _ => None,
        };
        Self {
            params: media.params,
            received_at: Instant::from_std(media.network_time),
            time: media.time,
            data: media.data,
            digit,
        }
    }

    fn kind(&self) -> MediaKind {
        self.params.spec().codec.kind()
    }
}

/// Adds DTMF to what is negotiated.
pub(super) fn add_telephone_events(codecs: &mut CodecConfig) {
    let format = FormatParams { telephone_event_max: Some(16), ..FormatParams::default() };
    let rate = Frequency::FORTY_EIGHT_KHZ;
    codecs.add_config(TELEPHONE_EVENT_PT.into(), None, Codec::Tele, rate, None, format);
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
            () = tick(leg.tone.as_mut().map(|(clock, _)| clock)) => leg.send_tone(),
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

struct Leg {
    id: LegId,
    rtc: Rtc,
    wire: Wire,
    /// Our offer that waits for its answer.
    offered: Option<SdpPendingOffer>,
    media: Vec<(MediaKind, Mid)>,
    program: Program,
    tone: Option<(Interval, Tone)>,
    reports: UnboundedSender<Report>,
    counters: Arc<Counters>,
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
            offered: None,
            media: Vec::new(),
            program: Program::Silence,
            tone: None,
            reports,
            counters,
        }
    }

    /// Takes all that str0m has to say; gives the moment at which it wants to be called again.
    fn drain(&mut self) -> Instant {
        loop {
            match self.rtc.poll_output() {
                Ok(Output::Timeout(at)) => return Instant::from_std(at),
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
            str0m::Event::Connected => self.report(Event::Connected),
            str0m::Event::MediaAdded(added) => self.media.push((added.kind, added.mid)),
            str0m::Event::MediaData(media) => self.heard(Frame::of(media)),
            str0m::Event::KeyframeRequest(request) => match &self.program {
                Program::Echo => self.refresh(request.kind),
                Program::Bridge(other) => other.tell(Command::Refresh(request.kind)),
                Program::Silence | Program::Tone => {}
            },
            // A lost ICE connection may come back, and the call's end is for SIP to say: neither ends the leg.
            _ => {}
        }
    }

    fn heard(&mut self, frame: Frame) {
        match frame.digit {
            Some(digit) if digit.end => {
                if let Some(&digit) = DIGITS.get(usize::from(digit.event)) {
                    self.report(Event::Digit(char::from(digit)));
                }
            }
            // The reports before the last one of a digit say nothing more.
            Some(_) => return,
            None if frame.kind().is_audio() => {
                self.counters.received.fetch_add(1, Ordering::Relaxed);
            }
            None => {}
        }
        match &self.program {
            Program::Echo => self.send(frame),
            Program::Bridge(other) => other.forward(frame),
            Program::Silence | Program::Tone => {}
        }
    }

    fn obey(&mut self, command: Command) {
        match command {
            Command::Offer(kinds) => self.offer(&kinds),
            Command::Answer(offer) => match self.answer(&offer) {
                Ok(answer) => self.report(Event::Answer(answer)),
                Err(problem) => self.report(Event::Refused(problem)),
            },
            Command::Accept(answer) => match self.accept(&answer) {
                Ok(()) => self.report(Event::Accepted),
                Err(problem) => self.report(Event::Refused(problem)),
            },
            Command::Play(program) => self.play(program),
            Command::Send(frame) => self.send(frame),
            Command::Refresh(kind) => self.refresh(kind),
        }
    }

    fn offer(&mut self, kinds: &[MediaKind]) {
        let mut change = self.rtc.sdp_api();
        for &kind in kinds {
            let mid = change.add_media(kind, Direction::SendRecv, None, None, None);
            self.media.push((kind, mid));
        }
        match change.apply() {
            Some((offer, pending)) => {
                self.offered = Some(pending);
                self.report(Event::Offer(offer.to_sdp_string()));
            }
            None => self.report(Event::Refused("there is nothing to offer".into())),
        }
    }

    fn answer(&mut self, offer: &str) -> Result<String, String> {
        let offer = SdpOffer::from_sdp_string(offer).map_err(|error| error.to_string())?;
        let answer = self.rtc.sdp_api().accept_offer(offer).map_err(|error| error.to_string())?;
        Ok(answer.to_sdp_string())
    }

    fn accept(&mut self, answer: &str) -> Result<(), String> {
        let answer = SdpAnswer::from_sdp_string(answer).map_err(|error| error.to_string())?;
        let pending = self.offered.take().ok_or("no offer waits for an answer")?;
        self.rtc.sdp_api().accept_answer(pending, answer).map_err(|error| error.to_string())
    }

    fn play(&mut self, program: Program) {
        self.tone = matches!(program, Program::Tone).then(|| {
            let mut clock = interval(FRAME_TIME);
            // A late frame is followed by the ones missed, so that the tone keeps its pace.
            clock.set_missed_tick_behavior(MissedTickBehavior::Burst);
            (clock, Tone::default())
        });
        self.program = program;
    }

    fn send_tone(&mut self) {
        // The tone's clock runs on while the phone's media is not connected yet: it has no beginning to miss.
        let Some((_, tone)) = &mut self.tone else { return };
        let (time, data) = tone.next_frame();
        let Some(writer) = self.mid(MediaKind::Audio).and_then(|mid| self.rtc.writer(mid)) else { return };
        let Some(pt) = writer.payload_params().find(|params| params.spec().codec == Codec::Opus) else {
            return;
        };
        let pt = pt.pt();
        if writer.write(pt, Instant::now().into_std(), time, data).is_ok() {
            self.counters.sent.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Sends a frame as it is, under the payload type that this phone has for it. What this phone has no codec
    /// for, or does not want to hear (hold), is left out.
    fn send(&mut self, frame: Frame) {
        let Some(writer) = self.mid(frame.kind()).and_then(|mid| self.rtc.writer(mid)) else { return };
        let at = frame.received_at.into_std();
        let sent = match frame.digit {
            Some(digit) => {
                let Some(opus) = writer.payload_params().find(|params| params.spec().codec == Codec::Opus)
                else {
                    return;
                };
                let pt = opus.pt();
                writer.telephone_event(digit).write(pt, at, frame.time, Vec::new())
            }
            None => {
                let Some(pt) = writer.match_params(frame.params) else { return };
                writer.write(pt, at, frame.time, frame.data)
            }
        };
        if sent.is_ok() && frame.digit.is_none() && frame.params.spec().codec.is_audio() {
            self.counters.sent.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Asks the phone for a whole picture, because who sees it asked for one.
    fn refresh(&mut self, kind: KeyframeRequestKind) {
        if let Some(mut writer) = self.mid(MediaKind::Video).and_then(|mid| self.rtc.writer(mid)) {
            // Refused while the phone sends no video: then there is no picture to ask for.
            let _ = writer.request_keyframe(None, kind);
        }
    }

    fn mid(&self, kind: MediaKind) -> Option<Mid> {
        self.media.iter().find(|(its, _)| *its == kind).map(|(_, mid)| *mid)
    }

    fn receive(&mut self, datagram: &Datagram) {
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

    fn report(&self, event: Event) {
        // Nobody listens any more when the lab is shutting down.
        let _ = self.reports.send(Report { leg: self.id, event });
    }
}

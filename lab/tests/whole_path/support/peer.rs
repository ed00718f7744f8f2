//! The media of a phone: a full ICE agent that sends one payload every 20 ms and keeps what comes back.

use std::collections::VecDeque;
use std::sync::Arc;

use str0m::change::{SdpAnswer, SdpOffer, SdpPendingOffer};
use str0m::format::{Codec, CodecExtra, FormatParams};
pub use str0m::media::Direction;
use str0m::media::{Frequency, MediaKind, MediaTime, Mid, TelephoneEvent};
use str0m::net::{Protocol, Receive};
use str0m::{Candidate, Event, Input, Output, Rtc};
use tokio::net::UdpSocket;
use tokio::time::{Duration, Instant, interval, sleep_until};

use super::soon;

/// In the order of their events (RFC 4733 §3.2).
const KEYS: &str = "0123456789*#ABCD";

pub struct Peer {
    rtc: Rtc,
    socket: UdpSocket,
    mid: Option<Mid>,
    pending: Option<SdpPendingOffer>,
    payload: Vec<u8>,
    sent: u64,
    connected: bool,
    dialling: VecDeque<u8>,
    dial_at: Instant,
    digits: String,
    digit_began: Option<MediaTime>,
    /// What was heard, frame by frame.
    pub heard: Vec<Arc<[u8]>>,
}

impl Peer {
    /// A peer that will send this payload.
    pub async fn saying(payload: &str) -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let crypto = Arc::new(str0m::crypto::from_feature_flags());
        let mut config = Rtc::builder().set_crypto_provider(crypto).clear_codecs().enable_opus(true, false);
        let tones = FormatParams { telephone_event_max: Some(16), ..FormatParams::default() };
        let rate = Frequency::FORTY_EIGHT_KHZ;
        config.codec_config().add_config(110.into(), None, Codec::Tele, rate, None, tones);
        let mut rtc = config.build(Instant::now().into_std());
        rtc.add_local_candidate(Candidate::host(socket.local_addr().unwrap(), Protocol::Udp).unwrap());
        Self {
            rtc,
            socket,
            mid: None,
            pending: None,
            payload: payload.into(),
            sent: 0,
            connected: false,
            dialling: VecDeque::new(),
            dial_at: Instant::now(),
            digits: String::new(),
            digit_began: None,
            heard: Vec::new(),
        }
    }

    /// The first offer, and then offers that hold the call.
    pub fn offer(&mut self) -> String {
        self.offer_sound(if self.mid.is_none() { Direction::SendRecv } else { Direction::SendOnly })
    }

    /// An offer that says of the sound what was said last.
    pub fn offer_again(&mut self) -> String {
        let mid = self.mid.unwrap();
        // str0m makes an offer only of changes: turned away and back is one.
        self.rtc.sdp_api().set_direction(mid, Direction::Inactive);
        self.offer_sound(Direction::SendRecv)
    }

    /// An offer with this direction for the sound.
    pub fn offer_sound(&mut self, direction: Direction) -> String {
        let mut change = self.rtc.sdp_api();
        match self.mid {
            None => self.mid = Some(change.add_media(MediaKind::Audio, direction, None, None, None)),
            Some(mid) => change.set_direction(mid, direction),
        }
        let (offer, pending) = change.apply().unwrap();
        self.pending = Some(pending);
        offer.to_sdp_string()
    }

    pub fn accept(&mut self, answer: &str) {
        let answer = SdpAnswer::from_sdp_string(answer).unwrap();
        self.rtc.sdp_api().accept_answer(self.pending.take().unwrap(), answer).unwrap();
    }

    pub fn answer(&mut self, offer: &str) -> String {
        let offer = SdpOffer::from_sdp_string(offer).unwrap();
        self.rtc.sdp_api().accept_offer(offer).unwrap().to_sdp_string()
    }

    /// Talks until `wanted` was heard several times in a row, and forgets it all.
    pub async fn hears(&mut self, what: &str, wanted: impl Fn(&[u8]) -> bool) {
        let hear = async {
            loop {
                self.talk(10).await;
                if self.heard.drain(..).all(|frame| wanted(&frame)) {
                    return;
                }
            }
        };
        soon(what, hear).await;
    }

    /// Both talk until each has heard what the other says, and nothing else any more.
    pub async fn understand_each_other(one: &mut Self, other: &mut Self) {
        let (from_one, from_other) = (one.payload.clone(), other.payload.clone());
        let understand = async {
            while !one.understood(&from_other) || !other.understood(&from_one) {
                one.heard.clear();
                other.heard.clear();
                Self::hear_each_other(one, other, 10).await;
            }
        };
        soon("the other's voice", understand).await;
    }

    fn understood(&self, voice: &[u8]) -> bool {
        self.heard.len() >= 10 && self.heard.iter().all(|frame| **frame == *voice)
    }

    /// Talks until its media is connected.
    pub async fn is_connected(&mut self) {
        soon("media", self.talk_until(|peer| peer.connected)).await;
    }

    /// Sends digits as sound events, as fast as that goes.
    pub async fn dial(&mut self, digits: &str) {
        self.dialling.extend(digits.chars().map(|digit| KEYS.find(digit).unwrap() as u8));
        let dialled = |peer: &Self| peer.dialling.is_empty() && peer.dial_at <= Instant::now();
        soon("the digits to be sent", self.talk_until(dialled)).await;
    }

    /// Talks until these digits were heard.
    pub async fn hears_digits(&mut self, digits: &str) {
        soon("digits", self.talk_until(|peer| peer.digits == digits)).await;
    }

    /// Talks until it is not waited for any more.
    pub async fn talk_on(&mut self) {
        self.talk_until(|_| false).await;
    }

    /// Talks until so many frames were heard in all.
    pub async fn hear(&mut self, frames: usize) {
        soon("sound", self.talk(frames)).await;
    }

    /// Both talk until each has heard so many frames in all.
    pub async fn hear_each_other(one: &mut Self, other: &mut Self, frames: usize) {
        tokio::select! {
            () = one.hear(frames) => {}
            () = other.talk(usize::MAX) => {}
        }
        tokio::select! {
            () = other.hear(frames) => {}
            () = one.talk(usize::MAX) => {}
        }
    }

    async fn talk(&mut self, frames: usize) {
        self.talk_until(|peer| peer.heard.len() >= frames).await;
    }

    async fn talk_until(&mut self, done: impl Fn(&Self) -> bool) {
        let mut clock = interval(Duration::from_millis(20));
        let mut buffer = vec![0; 2000];
        while !done(self) {
            let deadline = self.drain();
            tokio::select! {
                Ok((length, source)) = self.socket.recv_from(&mut buffer) => {
                    let destination = self.socket.local_addr().unwrap();
                    let contents = buffer[..length].try_into().unwrap();
                    let receive = Receive { proto: Protocol::Udp, source, destination, contents };
                    self.rtc.handle_input(Input::Receive(Instant::now().into_std(), receive)).unwrap();
                }
                _ = clock.tick() => self.say(),
                () = sleep_until(deadline) => {
                    self.rtc.handle_input(Input::Timeout(Instant::now().into_std())).unwrap();
                }
            }
        }
    }

    fn say(&mut self) {
        let Some(writer) = self.mid.and_then(|mid| self.rtc.writer(mid)) else { return };
        let pt = writer.payload_params().find(|params| params.spec().codec == Codec::Opus).unwrap().pt();
        let time = MediaTime::new(self.sent * 960, Frequency::FORTY_EIGHT_KHZ);
        self.sent += 1;
        let now = Instant::now();
        let digit = (now >= self.dial_at).then(|| self.dialling.pop_front()).flatten();
        let writer = match digit {
            Some(event) => {
                let duration = Duration::from_millis(60);
                self.dial_at = now + duration + Duration::from_millis(60);
                writer.telephone_event(TelephoneEvent { event, end: true, volume: 10, duration })
            }
            None => writer,
        };
        // Not while the call is held.
        let _ = writer.write(pt, now.into_std(), time, self.payload.clone());
    }

    fn drain(&mut self) -> Instant {
        loop {
            match self.rtc.poll_output().unwrap() {
                Output::Timeout(at) => return Instant::from_std(at),
                Output::Transmit(datagram) => {
                    let _ = self.socket.try_send_to(&datagram.contents, datagram.destination);
                }
                Output::Event(Event::MediaAdded(added)) => self.mid = Some(added.mid),
                Output::Event(Event::Connected) => self.connected = true,
                Output::Event(Event::MediaData(media)) => match media.codec_extra {
                    CodecExtra::Tele(digit) if digit.end && self.digit_began != Some(media.time) => {
                        self.digit_began = Some(media.time);
                        self.digits.push(KEYS.chars().nth(digit.event.into()).unwrap());
                    }
                    CodecExtra::Tele(_) => {}
                    _ => self.heard.push(media.data),
                },
                Output::Event(_) => {}
            }
        }
    }
}

//! Offers and answers of a leg (RFC 3264).

use str0m::change::{SdpAnswer, SdpOffer, SdpPendingOffer};
use str0m::media::{Direction, MediaKind, Mid};
use xc_webrtc::sip::sdp::{self, Description};

use super::Event;
use super::leg::Leg;

/// What the lab wants of an established leg.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wish {
    /// The phone is on hold: it is to hear and not to be heard.
    pub held: bool,
    /// There is video.
    pub video: bool,
}

/// Our offer that waits for its answer.
pub(super) struct Offered {
    pending: SdpPendingOffer,
    /// How things were before: str0m turns directions when they are offered, not when they are agreed.
    before: Vec<(Mid, Direction)>,
}

impl Leg {
    /// The first offer.
    pub(super) fn offer(&mut self, kinds: &[MediaKind]) {
        let mut change = self.rtc.sdp_api();
        for &kind in kinds {
            let mid = change.add_media(kind, Direction::SendRecv, None, None, None);
            self.media.push((kind, mid));
        }
        match change.apply() {
            Some((offer, pending)) => {
                self.offered = Some(Offered { pending, before: Vec::new() });
                self.report(Event::Offer(offer.to_sdp_string()));
            }
            None => self.report(Event::Refused("there is nothing to offer".into())),
        }
    }

    /// An offer for an established session, also one that changes nothing.
    pub(super) fn reoffer(&mut self, wish: Wish) {
        self.roll_back();
        let Some(audio) = self.mid(MediaKind::Audio) else {
            return self.report(Event::Refused("there is no sound to offer".into()));
        };
        let video = self.mid(MediaKind::Video);
        let before: Vec<_> = [Some(audio), video]
            .into_iter()
            .flatten()
            .filter_map(|mid| Some((mid, self.direction(mid)?)))
            .collect();
        let mut change = self.rtc.sdp_api();
        // str0m makes an offer only of changes: turned away and back is one.
        change.set_direction(audio, Direction::SendOnly);
        change.set_direction(audio, Direction::SendRecv);
        if wish.held {
            change.set_direction(audio, Direction::SendOnly);
        }
        match (video, wish.video) {
            (Some(mid), true) => change.set_direction(mid, Direction::SendRecv),
            (Some(mid), false) => change.set_direction(mid, Direction::Inactive),
            (None, true) => {
                let mid = change.add_media(MediaKind::Video, Direction::SendRecv, None, None, None);
                self.media.push((MediaKind::Video, mid));
            }
            (None, false) => {}
        }
        match change.apply() {
            Some((offer, pending)) => {
                self.offered = Some(Offered { pending, before });
                self.report(Event::Offer(offer.to_sdp_string()));
            }
            None => self.report(Event::Refused("there is nothing to offer".into())),
        }
    }

    /// Our offer was refused: all stays as it was.
    pub(super) fn roll_back(&mut self) {
        let Some(Offered { before, .. }) = self.offered.take() else { return };
        for (mid, direction) in before {
            self.turn(mid, direction);
        }
    }

    pub(super) fn answer(&mut self, offer: &str) -> Result<String, String> {
        self.follow_path(offer);
        let read = SdpOffer::from_sdp_string(offer).map_err(|error| error.to_string())?;
        let answer = self.rtc.sdp_api().accept_offer(read).map_err(|error| error.to_string())?;
        self.offered = None;
        self.learn_media(offer);
        Ok(answer.to_sdp_string())
    }

    /// Learns the names of what was offered. str0m tells of them only once the phone's media is connected, and a call may
    /// be put on hold before that.
    fn learn_media(&mut self, offer: &str) {
        for media in Description::parse(offer).media {
            let kind = match media.kind {
                sdp::MediaKind::Audio => MediaKind::Audio,
                sdp::MediaKind::Video => MediaKind::Video,
                sdp::MediaKind::Other(_) => continue,
            };
            if let Some(mid) = media.mid.map(Mid::from)
                && !self.media.contains(&(kind, mid))
            {
                self.media.push((kind, mid));
            }
        }
    }

    pub(super) fn accept(&mut self, answer: &str) -> Result<(), String> {
        self.follow_path(answer);
        let answer = SdpAnswer::from_sdp_string(answer).map_err(|error| error.to_string())?;
        let Offered { pending, .. } = self.offered.take().ok_or("no offer waits for an answer")?;
        self.rtc.sdp_api().accept_answer(pending, answer).map_err(|error| error.to_string())
    }

    /// The answer that was made is sent with this direction in place of the one in it.
    pub(super) fn limit(&mut self, kind: MediaKind, direction: Direction) {
        if let Some(mid) = self.mid(kind) {
            self.turn(mid, direction);
        }
    }

    fn direction(&self, mid: Mid) -> Option<Direction> {
        self.rtc.media(mid).map(|media| media.direction())
    }

    fn turn(&mut self, mid: Mid, direction: Direction) {
        // It turns at once; the offer that would tell the phone of it is not made.
        self.rtc.sdp_api().set_direction(mid, direction);
    }
}

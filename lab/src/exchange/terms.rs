//! What the lab and a phone have agreed on in their session descriptions, and what the lab would like it to be.

use super::Exchange;
use super::call::{Call, CallId, End, Side, Stage};
use super::dialplan::Destination;
use super::leg::Leg;
use super::offer;
use crate::media::{LegId, MUSIC, Program, RINGING, TONE, Wish};

/// What is agreed with one phone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    /// The phone takes no sound: its user holds the call.
    pub holds: bool,
    /// The phone shows or sees a picture.
    pub video: bool,
    /// The phone knows that it is on hold: the lab takes no sound from it.
    pub held: bool,
    /// The phone was offered video and did not take it.
    pub no_video: bool,
    /// What the phone would not have at all.
    pub refused: Option<Wish>,
}

impl Terms {
    /// The phone has said this, in an offer or an answer.
    pub fn told_by_phone(&mut self, description: &str) {
        self.holds = offer::holds(description);
        self.video = offer::has_video(description);
    }

    /// The phone has taken our offer with this answer.
    pub fn granted(&mut self, wish: Wish, answer: &str) {
        self.told_by_phone(answer);
        self.held = wish.held;
        self.no_video = wish.video && !self.video;
        self.video &= wish.video;
        self.refused = None;
    }

    /// The phone has refused our offer.
    pub fn denied(&mut self, wish: Wish) {
        if wish.video && !self.video {
            self.no_video = true;
        } else {
            self.refused = Some(wish);
        }
    }
}

/// What a phone hears.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Hears {
    /// Nothing.
    #[default]
    Nothing,
    /// Itself.
    Echo,
    /// A tone of 1 kHz.
    Tone,
    /// Music: it is on hold.
    Music,
    /// That it rings at the other end.
    Ringing,
    /// The other end.
    Other(LegId),
}

impl Exchange {
    /// What there is at one end: the phone that is in the call.
    pub(super) fn phone_at(&self, end: &End) -> Option<&Leg> {
        end.legs.first().and_then(|leg| self.legs.get(leg))
    }

    /// Whether somebody holds the call at that end.
    pub(super) fn is_held_by(&self, end: &End) -> bool {
        end.holds || self.phone_at(end).is_some_and(|leg| leg.terms.holds)
    }

    /// What the lab would like to agree on with a phone: what the other end makes of the call.
    pub(super) fn wish(&self, id: LegId) -> Wish {
        let Some(leg) = self.legs.get(&id) else { return Wish { held: false, video: false } };
        let Terms { held, video, no_video, .. } = leg.terms;
        let Some(call) = leg.call.and_then(|call| self.calls.get(&call)) else { return Wish { held, video } };
        let other = call.end(leg.side.other());
        Wish {
            held: match call.stage {
                Stage::Talking if self.faults.keep_holds => held,
                Stage::Talking => self.is_held_by(other),
                Stage::Summoning | Stage::Ringing => false,
            },
            video: match (call.stage, self.phone_at(other)) {
                (Stage::Talking, Some(other)) => other.terms.video && !no_video,
                (Stage::Summoning | Stage::Ringing, _) | (_, None) => video,
            },
        }
    }

    /// Lets both ends hear what they should.
    pub(super) fn let_hear(&mut self, id: CallId) {
        let Some(call) = self.calls.get(&id) else { return };
        let heard = Call::SIDES.map(|side| {
            let leg = call.end(side).legs.first().copied();
            (leg, self.heard_by(call, side))
        });
        for (leg, hears) in heard {
            if let Some(leg) = leg {
                self.play(leg, hears);
            }
        }
    }

    fn heard_by(&self, call: &Call, side: Side) -> Hears {
        let (own, other) = (call.end(side), call.end(side.other()));
        match call.stage {
            _ if self.is_held_by(own) => Hears::Nothing,
            Stage::Summoning => Hears::Nothing,
            Stage::Ringing => Hears::Ringing,
            Stage::Talking if self.is_held_by(other) => Hears::Music,
            Stage::Talking => match (self.phone_at(other), side) {
                (Some(other), _) => Hears::Other(other.id),
                (None, Side::Callee) => Hears::Tone,
                (None, Side::Caller) => match Destination::of(&other.number, &self.directory) {
                    Destination::Echo => Hears::Echo,
                    Destination::Tone => Hears::Tone,
                    Destination::Digits
                    | Destination::Ringing
                    | Destination::Account(_)
                    | Destination::Refused(_) => Hears::Nothing,
                },
            },
        }
    }

    fn play(&mut self, id: LegId, hears: Hears) {
        let other = match hears {
            Hears::Other(other) => self.legs.get(&other).map(|leg| leg.media.clone()),
            _ => None,
        };
        let Some(leg) = self.legs.get_mut(&id) else { return };
        if std::mem::replace(&mut leg.hears, hears) == hears {
            return;
        }
        leg.media.play(match (hears, other) {
            (Hears::Echo, _) => Program::Echo,
            (Hears::Tone, _) => Program::Play(TONE),
            (Hears::Music, _) => Program::Play(MUSIC),
            (Hears::Ringing, _) => Program::Play(RINGING),
            (Hears::Other(_), Some(other)) => Program::Bridge(other),
            (Hears::Nothing | Hears::Other(_), _) => Program::Silence,
        });
    }
}

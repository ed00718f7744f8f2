//! What the person at a phone does, at once and later.

use xc_webrtc::phone::api::{Command, DtmfMethod};
use xc_webrtc::phone::call::{CallKey, MicrophoneProblem};
use xc_webrtc::time::Instant;

use super::{Input, MediaEvent, Phone};
use crate::simulation::world::Wish;
use crate::support::millis;

/// What a person may do; to which call, their seed decides.
#[derive(Clone, Copy, Debug)]
pub enum Act {
    Dial(&'static str),
    DialVideo(&'static str),
    Answer,
    Reject,
    HangUp,
    ToggleHold,
    Hold(bool),
    Conference,
    Attended(&'static str),
    Complete,
    CancelTransfer,
    Direct(&'static str),
    Tones,
    Mute,
    Camera(bool),
    Video(bool),
    Awake,
    Stop,
    Start,
}

/// What comes later of itself.
#[derive(Clone, Copy, Debug)]
pub(super) enum Todo {
    Answer(CallKey),
    Reject(CallKey),
    /// The description that the media is making is there.
    Describe(CallKey),
    CtiRefuses,
}

impl Phone {
    /// Does something; what does not fit is refused and changes nothing.
    pub fn act(&mut self, act: Act, now: Instant) {
        let destination = |number: &str| number.to_owned();
        let call = self.some_call();
        let command = match act {
            Act::Start => return self.start(now),
            Act::Awake => return self.input(Input::Awake, now),
            Act::Stop => Command::Stop,
            Act::Dial(number) => Command::Dial { destination: destination(number), video: false },
            Act::DialVideo(number) => Command::Dial { destination: destination(number), video: true },
            Act::Answer => Command::Answer { call: None, video: false },
            Act::Reject => Command::Reject(None),
            Act::HangUp => Command::HangUp(call),
            Act::ToggleHold => Command::ToggleHold(call),
            Act::Hold(on) => match call {
                Some(call) => Command::SetHold { call, on },
                None => return,
            },
            Act::Conference => Command::Conference,
            Act::Attended(number) => Command::AttendedTransfer { call, destination: destination(number) },
            Act::Complete => Command::CompleteTransfer,
            Act::CancelTransfer => Command::CancelTransfer,
            Act::Direct(number) => Command::DirectTransfer { call, destination: destination(number) },
            Act::Tones => {
                self.command(Command::SetDtmfMethod(DtmfMethod::Info), now);
                Command::Dtmf { call, digits: "4,7".into() }
            }
            Act::Mute => Command::ToggleMicrophone(call),
            Act::Camera(on) => Command::SetCamera { call, on },
            Act::Video(on) => Command::SetVideo { call, on },
        };
        self.command(command, now);
    }

    pub(super) fn command(&mut self, command: Command, now: Instant) {
        let text = format!("* {command:?}");
        match self.core.command(command, now) {
            Ok(()) => self.wishes.push(Wish::Note(text)),
            Err(refusal) => self.wishes.push(Wish::Note(format!("{text}: {refusal:?}"))),
        }
        self.drain(now);
    }

    /// One of the calls, or none named.
    fn some_call(&mut self) -> Option<CallKey> {
        let live: Vec<CallKey> = self.live().iter().map(|call| call.key).collect();
        (!live.is_empty() && !self.chance.one_in(4)).then(|| self.chance.pick(&live))
    }

    /// Hangs that call up, which is over at once.
    pub fn hang_up(&mut self, key: CallKey, now: Instant) {
        self.command(Command::HangUp(Some(key)), now);
        if self.live().iter().any(|call| call.key == key) {
            self.broke(format!("{key:?} was hung up and is not over"));
        }
    }

    /// A call comes.
    pub(super) fn rings(&mut self, key: CallKey, now: Instant) {
        match self.chance.below(10) {
            0..=5 => self.later(0, 12_000, Todo::Answer(key), now),
            6 => self.later(0, 8000, Todo::Reject(key), now),
            // Nobody is there, or the script says what becomes of it.
            _ => {}
        }
    }

    pub(super) fn later(&mut self, least: u64, most: u64, todo: Todo, now: Instant) {
        let after = if self.obliging { millis(10) } else { self.chance.millis(least, most) };
        self.todo.push((now + after, todo));
    }

    pub(super) fn do_todo(&mut self, todo: Todo, now: Instant) {
        match todo {
            Todo::Answer(key) => self.command(Command::Answer { call: Some(key), video: false }, now),
            Todo::Reject(key) => self.command(Command::Reject(Some(key)), now),
            Todo::CtiRefuses => {
                self.core.page_cti(r#"{"msgType": "Error", "ctiMessage": {"Error": "no"}}"#, now);
                self.drain(now);
            }
            Todo::Describe(key) => self.describe(key, now),
        }
    }

    fn describe(&mut self, key: CallKey, now: Instant) {
        self.described += 1;
        let name = format!("{}-{}", self.number, self.described);
        let refused = !self.obliging && self.chance.one_in(60);
        let Some(media) = self.media.get_mut(&key).filter(|media| !media.closed) else { return };
        let event = if refused {
            media.gives_up();
            MediaEvent::NoMicrophone(MicrophoneProblem::Refused)
        } else {
            media.described(&name)
        };
        self.input(Input::Media { call: key, event }, now);
    }
}

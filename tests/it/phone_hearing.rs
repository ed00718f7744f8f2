//! Silence, packets that do not flow, microphones that go: what a call in which nothing is heard shows, and how soon.

use std::time::Duration;

use xc_webrtc::phone::api::Command;
use xc_webrtc::phone::call::{MicrophoneProblem, Trouble};
use xc_webrtc::phone::effect::{Input, MediaCommand, MediaEvent};
use xc_webrtc::phone::quality::Sample;
use xc_webrtc::sip::status::StatusCode;
use xc_webrtc::time::Instant;

use crate::support::phone_world::{RECVONLY, SENDONLY, SENDRECV, World};
use crate::support::secs;

/// A call that is sampled, and what goes on in it.
struct Talk {
    world: World,
    sample: Sample,
    comes: bool,
    goes: bool,
    /// What is heard, and what is said, is more than silence.
    heard: bool,
    spoken: bool,
}

impl Talk {
    fn new() -> Self {
        let at = Instant::from_origin(Duration::from_secs(1000));
        let sample = Sample { at, heard: Some(0), spoken: Some(0), ..Sample::default() };
        let world = World::in_call();
        let mut talk = Self { world, sample, comes: true, goes: true, heard: true, spoken: true };
        talk.passes(10);
        assert_eq!(talk.trouble(), None);
        talk
    }

    fn tell(&mut self, event: MediaEvent) {
        let call = self.world.key(0);
        self.world.input(Input::Media { call, event });
    }

    /// One second, as the browser counts it.
    fn second(&mut self) {
        let sample = &mut self.sample;
        sample.at += secs(1);
        sample.received += if self.comes { 50 } else { 0 };
        sample.sent += if self.goes { 50 } else { 0 };
        sample.heard = sample.heard.map(|energy| energy + if self.heard { 1_000_000 } else { 1 });
        sample.spoken = sample.spoken.map(|energy| energy + if self.spoken { 1_000_000 } else { 0 });
        let sample = sample.clone();
        self.tell(MediaEvent::Sampled(sample));
        self.world.pass(secs(1));
    }

    fn passes(&mut self, seconds: u32) {
        for _ in 0..seconds {
            self.second();
        }
    }

    fn trouble(&self) -> Option<Trouble> {
        self.world.call().trouble
    }

    /// The samples until that trouble is told.
    fn told(&mut self, trouble: Trouble) -> u32 {
        for sample in 1..=60 {
            self.second();
            if self.trouble() == Some(trouble) {
                return sample;
            }
            assert_eq!(self.trouble(), None);
        }
        panic!("{trouble:?} was never told");
    }

    fn holds(&mut self, answer: &str) {
        self.world.command(Command::ToggleHold(None)).unwrap();
        self.world.answer_invite(StatusCode::OK, Some(answer));
    }
}

#[test]
fn packets_that_stop_are_told_within_five_seconds_and_their_coming_back_at_once() {
    let mut talk = Talk::new();
    talk.comes = false;
    // The last packet may have come right after the sample before.
    assert_eq!(talk.told(Trouble::NothingComes), 3);
    talk.comes = true;
    talk.second();
    assert_eq!(talk.trouble(), None);
    talk.goes = false;
    assert_eq!(talk.told(Trouble::NothingGoes), 3);
}

#[test]
fn silence_while_packets_flow_is_told_within_five_seconds() {
    let mut talk = Talk::new();
    talk.heard = false;
    assert_eq!(talk.told(Trouble::SilentThere), 4);
    talk.heard = true;
    talk.second();
    assert_eq!(talk.trouble(), None);
    talk.spoken = false;
    assert_eq!(talk.told(Trouble::SilentHere), 4);
}

#[test]
fn of_several_troubles_the_gravest_is_told() {
    let mut talk = Talk::new();
    (talk.comes, talk.goes, talk.heard, talk.spoken) = (false, false, false, false);
    talk.passes(10);
    assert_eq!(talk.trouble(), Some(Trouble::NothingComes));
    talk.comes = true;
    talk.second();
    assert_eq!(talk.trouble(), Some(Trouble::NothingGoes));
}

#[test]
fn who_is_muted_is_not_told_to_be_silent() {
    let mut talk = Talk::new();
    talk.world.command(Command::SetMicrophone { call: None, on: false }).unwrap();
    talk.spoken = false;
    talk.passes(30);
    assert_eq!(talk.trouble(), None);
    talk.world.command(Command::SetMicrophone { call: None, on: true }).unwrap();
    assert_eq!(talk.told(Trouble::SilentHere), 4);
}

#[test]
fn on_hold_nothing_is_expected_and_afterwards_packets_within_two_seconds() {
    let mut talk = Talk::new();
    talk.holds(RECVONLY);
    (talk.comes, talk.goes, talk.heard, talk.spoken) = (false, false, false, false);
    talk.passes(60);
    assert_eq!(talk.trouble(), None);
    talk.holds(SENDRECV);
    talk.goes = true;
    talk.world.forget();
    assert_eq!(talk.told(Trouble::NothingComes), 2);
    // It is mended by a re-INVITE that looks for a path anew, once: silence may be all that the other side sends.
    let restart = MediaCommand::Restart { relayed: false };
    assert!(talk.world.told(talk.world.key(0), &restart));
    assert_eq!(talk.world.sent_words(), ["INVITE"]);
    talk.world.answer_invite(StatusCode::OK, Some(SENDRECV));
    talk.passes(30);
    assert_eq!((talk.trouble(), talk.world.sent_words().len()), (Some(Trouble::NothingComes), 2));
    // A talk that goes on as before the hold has nothing to tell.
    (talk.comes, talk.heard, talk.spoken) = (true, true, true);
    talk.passes(10);
    assert_eq!(talk.trouble(), None);
    talk.comes = false;
    assert_eq!(talk.told(Trouble::NothingComes), 3);
}

#[test]
fn a_hold_that_no_sample_saw_is_one() {
    let mut talk = Talk::new();
    talk.passes(5);
    talk.holds(RECVONLY);
    talk.holds(SENDRECV);
    talk.comes = false;
    assert!(talk.told(Trouble::NothingComes) <= 3);
    assert!(talk.world.told(talk.world.key(0), &MediaCommand::Restart { relayed: false }));
}

#[test]
fn a_hold_of_the_other_side_is_no_silence() {
    let mut world = World::ringing();
    world.command(Command::Answer { call: None, video: false }).unwrap();
    world.receive_ack("in-1");
    world.receive_offer("in-1", 2, SENDONLY);
    assert!(world.call().held_by_peer);
    let mut talk = Talk { world, ..Talk::new() };
    (talk.comes, talk.goes, talk.heard, talk.spoken) = (false, false, false, false);
    talk.passes(60);
    assert_eq!(talk.trouble(), None);
}

#[test]
fn a_browser_that_does_not_tell_the_energy_is_believed_to_hear() {
    let mut talk = Talk::new();
    (talk.sample.heard, talk.sample.spoken) = (None, None);
    talk.passes(30);
    assert_eq!(talk.trouble(), None);
}

#[test]
fn a_page_that_slept_is_not_told_of_what_it_did_not_see() {
    let mut talk = Talk::new();
    talk.comes = false;
    talk.passes(1);
    talk.sample.at += secs(600);
    talk.comes = true;
    talk.second();
    talk.comes = false;
    talk.passes(1);
    assert_eq!(talk.trouble(), None);
}

#[test]
fn a_new_stream_of_the_other_side_counts_from_nothing_and_is_no_trouble() {
    let mut talk = Talk::new();
    (talk.sample.received, talk.sample.heard) = (0, Some(0));
    for _ in 0..10 {
        talk.second();
        assert_eq!(talk.trouble(), None);
    }
}

#[test]
fn a_lost_microphone_is_told_and_does_not_end_the_call() {
    let mut talk = Talk::new();
    talk.tell(MediaEvent::Microphone(Err(MicrophoneProblem::Refused)));
    talk.spoken = false;
    talk.passes(10);
    assert_eq!(talk.trouble(), Some(Trouble::NoMicrophone));
    assert_eq!(talk.world.view().microphone, Some(MicrophoneProblem::Refused));
    assert!(talk.world.call().state.is_connected());
    talk.tell(MediaEvent::Microphone(Ok("Headset".into())));
    talk.spoken = true;
    talk.passes(10);
    assert_eq!((talk.trouble(), talk.world.view().microphone), (None, None));
    assert_eq!(talk.world.call().microphone.as_deref(), Some("Headset"));
    assert_eq!(talk.world.sent_words(), [""; 0], "nothing is negotiated for it");
}

#[test]
fn a_call_that_is_over_has_no_trouble() {
    let mut talk = Talk::new();
    talk.comes = false;
    talk.passes(10);
    talk.world.receive_from_callee("BYE", 1, "", "");
    assert_eq!(talk.trouble(), None);
    talk.second();
    assert_eq!(talk.trouble(), None);
}

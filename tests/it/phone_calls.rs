//! Calls as the phone tells them: what a person sees and what pages are told, from command to end.

use xc_webrtc::phone::api::{Command, Refusal};
use xc_webrtc::phone::call::{CallState, MicrophoneProblem, Outcome};
use xc_webrtc::phone::destination::DestinationError;
use xc_webrtc::phone::effect::{Input, MediaCommand, MediaEvent, Ring};
use xc_webrtc::sip::status::StatusCode;

use crate::support::phone_world::{OUR_SDP, THEIR_SDP, World};

fn dial(world: &mut World, destination: &str) -> Result<(), Refusal> {
    world.command(Command::Dial { destination: destination.into(), video: false })
}

fn outcome(world: &World) -> Outcome {
    match world.call().state {
        CallState::Ended { outcome, .. } => outcome,
        other => panic!("not ended but {other:?}"),
    }
}

#[test]
fn a_call_that_is_answered_is_told_from_establishing_to_terminated() {
    let mut world = World::ready();
    dial(&mut world, "10 02").unwrap();
    assert_eq!(world.call().state, CallState::Calling);
    world.answer_invite(StatusCode::RINGING, None);
    assert_eq!(world.call().state, CallState::Ringing { early_media: false });
    assert_eq!(world.ring, Ring::Ringback);
    world.answer_invite(StatusCode::OK, Some(THEIR_SDP));
    assert_eq!(world.ring, Ring::Silent);
    assert!(world.call().state.is_connected());
    world.input(Input::Media { call: world.call().key, event: MediaEvent::RemoteAudio });
    world.receive_bye();
    assert_eq!(outcome(&world), Outcome::HungUp { by_us: false });
    assert_eq!(
        world.events,
        [
            "outgoing Establishing",
            "outgoing Ringing: 1002",
            "outgoing Connected: 1002",
            "incoming RemoteMediaAdded",
            "outgoing Terminated: Call terminated",
        ]
    );
    assert_eq!(world.sent_words(), ["INVITE", "ACK", "200"]);
    assert!(matches!(world.media.last(), Some((_, MediaCommand::Close))));
}

#[test]
fn the_invite_carries_the_offer_and_the_media_gets_the_answer() {
    let mut world = World::ready();
    dial(&mut world, "1002").unwrap();
    let invite = world.sent[0].to_string();
    assert!(invite.starts_with("INVITE sip:1002@default SIP/2.0\r\n"), "{invite}");
    assert!(invite.ends_with(OUR_SDP), "{invite}");
    world.answer_invite(StatusCode::OK, Some(THEIR_SDP));
    let accept = MediaCommand::Accept { answer: THEIR_SDP.into() };
    assert!(world.media.iter().any(|(_, command)| *command == accept), "{:?}", world.media);
}

#[test]
fn early_media_is_heard_instead_of_a_ringback_of_our_own() {
    let mut world = World::ready();
    dial(&mut world, "1002").unwrap();
    world.answer_invite(StatusCode::SESSION_PROGRESS, Some(THEIR_SDP));
    assert_eq!(world.call().state, CallState::Ringing { early_media: true });
    assert_eq!(world.ring, Ring::Silent);
    let accept = MediaCommand::Accept { answer: THEIR_SDP.into() };
    assert!(world.media.iter().any(|(_, command)| *command == accept), "{:?}", world.media);
}

#[test]
fn refusals_are_told_in_the_users_words() {
    let cases = [
        (486, Outcome::Busy, "Busy Here"),
        (404, Outcome::NoSuchNumber, "Not Found"),
        (603, Outcome::Declined, "Decline"),
        (480, Outcome::NoAnswer, "Temporarily Unavailable"),
        (
            503,
            Outcome::Failed { status: Some(503), reason: "Service Unavailable".into() },
            "Service Unavailable",
        ),
    ];
    for (code, expected, reason) in cases {
        let mut world = World::ready();
        dial(&mut world, "1002").unwrap();
        world.answer_invite(StatusCode::new(code).unwrap(), None);
        assert_eq!(outcome(&world), expected);
        assert_eq!(
            world.events,
            ["outgoing Establishing".to_owned(), format!("outgoing Terminated: {reason}")]
        );
        assert_eq!(world.sent_words(), ["INVITE", "ACK"]);
    }
}

#[test]
fn giving_up_while_it_rings_sends_cancel_and_is_over_at_once() {
    let mut world = World::ready();
    dial(&mut world, "1002").unwrap();
    world.answer_invite(StatusCode::RINGING, None);
    world.command(Command::HangUp(None)).unwrap();
    assert_eq!(outcome(&world), Outcome::Cancelled);
    assert_eq!(world.ring, Ring::Silent);
    assert_eq!(world.sent_words(), ["INVITE", "CANCEL"]);
    world.answer_invite(StatusCode::REQUEST_TERMINATED, None);
    assert_eq!(world.sent_words(), ["INVITE", "CANCEL", "ACK"]);
    assert_eq!(world.events.iter().filter(|event| event.contains("Terminated")).count(), 1);
}

#[test]
fn an_answer_that_crosses_our_giving_up_is_hung_up_unseen() {
    let mut world = World::ready();
    dial(&mut world, "1002").unwrap();
    world.answer_invite(StatusCode::RINGING, None);
    world.command(Command::HangUp(None)).unwrap();
    world.answer_invite(StatusCode::OK, Some(THEIR_SDP));
    assert_eq!(world.sent_words(), ["INVITE", "CANCEL", "ACK", "BYE"]);
    assert_eq!(outcome(&world), Outcome::Cancelled);
    assert_eq!(world.events.iter().filter(|event| event.contains("Terminated")).count(), 1);
}

#[test]
fn giving_up_before_the_offer_is_made_sends_nothing() {
    let mut world = World::ready();
    world.media_waits = true;
    dial(&mut world, "1002").unwrap();
    assert_eq!(world.call().state, CallState::Preparing);
    world.command(Command::HangUp(None)).unwrap();
    world.media_is_ready();
    assert_eq!(world.sent_words(), [""; 0]);
    assert_eq!(world.events, ["outgoing Failed: Call cancelled"]);
}

#[test]
fn without_a_microphone_no_call_is_begun() {
    let mut world = World::ready();
    world.no_microphone = Some(MicrophoneProblem::Refused);
    dial(&mut world, "1002").unwrap();
    assert_eq!(world.sent_words(), [""; 0]);
    assert_eq!(world.events, ["outgoing Failed: Microphone refused"]);
    assert_eq!(outcome(&world), Outcome::Microphone(MicrophoneProblem::Refused));
    assert_eq!(world.view().microphone, Some(MicrophoneProblem::Refused));

    world.no_microphone = None;
    dial(&mut world, "1002").unwrap();
    assert_eq!(world.view().microphone, None);
    assert_eq!(world.call().state, CallState::Calling);
}

#[test]
fn what_cannot_be_dialled_is_refused_with_its_reason_and_told() {
    let mut world = World::ready();
    let refused = |error| Err(Refusal::Destination(error));
    assert_eq!(dial(&mut world, " "), refused(DestinationError::Empty));
    assert_eq!(dial(&mut world, "bob"), refused(DestinationError::NotANumber));
    assert_eq!(dial(&mut world, &"1".repeat(300)), refused(DestinationError::TooLong));
    assert_eq!(dial(&mut world, "sip:bob"), refused(DestinationError::BrokenAddress));
    assert_eq!(
        world.events,
        [
            "outgoing Failed: The destination is empty",
            "outgoing Failed: The destination is not a number",
            "outgoing Failed: The destination is too long",
            "outgoing Failed: The destination is not a SIP address",
        ]
    );
    assert!(world.view().calls.is_empty());
}

#[test]
fn a_call_that_comes_rings_and_is_answered() {
    let mut world = World::ringing();
    assert_eq!(world.ring, Ring::Incoming);
    let call = world.call();
    assert_eq!((call.party.number.as_str(), call.party.name.as_deref()), ("1002", Some("Bob Lefèvre")));
    assert_eq!(call.sip_call_id, "in-1");
    world.command(Command::Answer { call: None, video: false }).unwrap();
    assert_eq!(world.ring, Ring::Silent);
    assert_eq!(world.sent_words(), ["100", "180", "200"]);
    assert!(world.sent[2].to_string().ends_with(OUR_SDP));
    assert_eq!(world.call().state, CallState::Answering);
    world.receive_ack("in-1");
    assert!(world.call().state.is_connected());
    world.receive_in_dialog("BYE", "in-1", 2);
    assert_eq!(outcome(&world), Outcome::HungUp { by_us: false });
    assert_eq!(
        world.events,
        ["incoming Setup: 1002", "incoming Connected: 1002", "incoming Terminated: Call terminated"]
    );
}

#[test]
fn a_call_that_was_handed_over_shows_who_has_it_now() {
    let mut world = World::ringing();
    world.command(Command::Answer { call: None, video: false }).unwrap();
    world.receive_ack("in-1");
    let mut told = |cseq, identity: &str| {
        let line = format!("P-Asserted-Identity: {identity}\r\n");
        world.receive_in_dialog_with("UPDATE", "in-1", cseq, &line, "");
        let party = world.call().party;
        (party.number, party.name)
    };
    let party = |number: &str, name: Option<&str>| (number.to_owned(), name.map(str::to_owned));
    assert_eq!(told(2, "\"Carol\" <sip:1003@default>"), party("1003", Some("Carol")));
    assert_eq!(told(3, "\"Carol Silva\" <sip:1003@default>"), party("1003", Some("Carol Silva")));
    assert_eq!(told(4, "<sip:1003@default>"), party("1003", Some("Carol Silva")));
    assert_eq!(told(5, "<sip:1004@default>"), party("1004", None));
    assert_eq!(told(6, "<sip:default>"), party("1004", None));
}

#[test]
fn an_invite_without_an_offer_gets_ours_and_its_answer_comes_in_the_ack() {
    let mut world = World::ready();
    world.receive_invite("in-1", None);
    world.command(Command::Answer { call: None, video: false }).unwrap();
    let commands: Vec<_> = world.media.iter().map(|(_, command)| command).collect();
    assert!(
        matches!(commands[..], [MediaCommand::Prepare { .. }, MediaCommand::Offer { .. }]),
        "{commands:?}"
    );
    assert!(world.sent[2].to_string().ends_with(OUR_SDP));
}

#[test]
fn a_call_that_comes_can_be_rejected_or_hung_up_alike() {
    for command in [Command::Reject(None), Command::HangUp(None)] {
        let mut world = World::ringing();
        world.command(command).unwrap();
        assert_eq!(outcome(&world), Outcome::Rejected);
        assert_eq!(world.ring, Ring::Silent);
        assert_eq!(world.sent_words().len(), 3, "{:?}", world.sent_words());
        assert_eq!(world.events, ["incoming Setup: 1002", "incoming Terminated: Call rejected"]);
    }
}

#[test]
fn a_caller_who_gives_up_is_a_missed_call() {
    let mut world = World::ringing();
    world.receive_cancel("in-1", None);
    assert_eq!(outcome(&world), Outcome::Missed);
    assert_eq!(world.ring, Ring::Silent);
    assert_eq!(world.sent_words(), ["100", "180", "200", "487"]);
}

#[test]
fn a_call_taken_by_another_phone_is_not_missed() {
    let mut world = World::ringing();
    world.receive_cancel("in-1", Some("SIP;cause=200;text=\"Call completed elsewhere\""));
    assert_eq!(outcome(&world), Outcome::AnsweredElsewhere);
}

#[test]
fn a_call_that_comes_rings_on_when_the_microphone_is_refused_and_can_be_answered_after_all() {
    let mut world = World::ringing();
    world.no_microphone = Some(MicrophoneProblem::Refused);
    world.command(Command::Answer { call: None, video: false }).unwrap();
    assert_eq!(world.call().state, CallState::Offered);
    assert_eq!(world.ring, Ring::Incoming);
    assert_eq!(world.view().microphone, Some(MicrophoneProblem::Refused));
    world.no_microphone = None;
    world.command(Command::Answer { call: None, video: false }).unwrap();
    assert_eq!(world.sent_words(), ["100", "180", "200"]);
}

#[test]
fn hanging_up_a_connected_call_sends_bye() {
    let mut world = World::in_call();
    world.command(Command::HangUp(None)).unwrap();
    assert_eq!(world.sent_words(), ["BYE"]);
    assert_eq!(outcome(&world), Outcome::HungUp { by_us: true });
    assert_eq!(world.events, ["outgoing Terminated: Call terminated"]);
}

#[test]
fn mute_is_kept_and_told_to_the_media() {
    let mut world = World::in_call();
    world.command(Command::SetMicrophone { call: None, on: false }).unwrap();
    assert!(world.call().muted);
    assert_eq!(world.media, [(world.call().key, MediaCommand::Microphone { on: false })]);
    world.command(Command::SetMicrophone { call: Some(world.call().key), on: true }).unwrap();
    assert!(!world.call().muted);
}

#[test]
fn an_ended_call_keeps_its_card_until_dismissed_or_the_next_one() {
    let mut world = World::in_call();
    world.command(Command::HangUp(None)).unwrap();
    let key = world.call().key;
    dial(&mut world, "1003").unwrap();
    assert_ne!(world.call().key, key);
    world.command(Command::HangUp(None)).unwrap();
    world.command(Command::Dismiss(world.call().key)).unwrap();
    assert!(world.view().calls.is_empty());
}

#[test]
fn commands_that_mean_no_call_are_refused_with_a_reason() {
    let mut world = World::ready();
    assert_eq!(world.command(Command::Answer { call: None, video: false }), Err(Refusal::NoSuchCall));
    assert_eq!(world.command(Command::Reject(None)), Err(Refusal::NoSuchCall));
    assert_eq!(world.command(Command::HangUp(None)), Err(Refusal::NoSuchCall));
    let mute = Command::SetMicrophone { call: None, on: false };
    assert_eq!(world.command(mute), Err(Refusal::NoSuchCall));
    let mut world = World::in_call();
    let key = world.call().key;
    assert_eq!(world.command(Command::Answer { call: Some(key), video: false }), Err(Refusal::WrongState));
    assert_eq!(world.command(Command::Dismiss(key)), Err(Refusal::WrongState));
}

#[test]
fn without_any_path_no_call_is_begun_and_none_is_answered() {
    for incoming in [false, true] {
        let mut world = World::ready();
        world.media_waits = true;
        if incoming {
            world.receive_invite("in-1", Some(THEIR_SDP));
            world.command(Command::Answer { call: None, video: false }).unwrap();
        } else {
            dial(&mut world, "1002").unwrap();
        }
        world.forget();
        world.input(Input::Media { call: world.call().key, event: MediaEvent::Failed });
        let told = if incoming { "incoming Terminated" } else { "outgoing Failed" };
        assert_eq!(world.events, [format!("{told}: No audio path to the other side was found")]);
        let refused: &[&str] = if incoming { &["603"] } else { &[] };
        assert_eq!(world.sent_words(), refused);
        assert!(matches!(outcome(&world), Outcome::Failed { status: None, .. }));
    }
}

#[test]
fn media_without_a_path_ends_the_call_on_both_sides() {
    let mut world = World::in_call();
    world.input(Input::Media { call: world.call().key, event: MediaEvent::Failed });
    assert_eq!(world.sent_words(), ["BYE"]);
    assert!(matches!(outcome(&world), Outcome::Failed { .. }));
}

//! Transfers, attended and direct, by the CTI server; by REFER the person sees the same.

use serde_json::json;
use xc_webrtc::phone::api::{Command, Refusal, TransferMethod};
use xc_webrtc::phone::call::{CallState, Hold, Outcome, TransferStep};
use xc_webrtc::sip::status::StatusCode;

use crate::support::phone_world::{RECVONLY, THEIR_SDP, World};
use crate::support::secs;

/// The server wants the call answered by itself.
pub const AUTO_ANSWER: &str = "Alert-Info: xivo-autoanswer\r\n";

/// Hand the call to 1003, after talking to them.
pub fn attended() -> Command {
    Command::AttendedTransfer { call: None, destination: "1003".into() }
}

/// Hand the call to 1003.
pub fn direct() -> Command {
    Command::DirectTransfer { call: None, destination: "1003".into() }
}

/// The call's transfer, as the card shows it.
pub fn step(world: &World) -> Option<TransferStep> {
    let transfer = world.view().calls[0].transfer.clone()?;
    assert_eq!(transfer.destination, "1003");
    Some(transfer.step)
}

/// How the calls that are over ended.
pub fn outcomes(world: &World) -> Vec<Outcome> {
    let outcome = |state| match state {
        CallState::Ended { outcome, .. } => Some(outcome),
        _ => None,
    };
    world.view().calls.into_iter().filter_map(|call| outcome(call.state)).collect()
}

/// Consulting, the consultation made by the CTI server.
fn consulting_by_cti() -> World {
    let mut world = World::in_call();
    world.command(attended()).unwrap();
    assert_eq!(step(&world), Some(TransferStep::Holding));
    assert_eq!(world.cti, [json!(null); 0]);
    world.answer_invite(StatusCode::OK, Some(RECVONLY));
    assert_eq!(world.cti, [json!({"claz": "web", "command": "attendedTransfer", "destination": "1003"})]);
    assert_eq!(step(&world), Some(TransferStep::Consulting));
    world.receive_invite_with("consult", Some(THEIR_SDP), AUTO_ANSWER);
    world.receive_ack("consult");
    assert_eq!(world.view().calls[1].consults_for, Some(world.key(0)));
    assert_eq!(world.holds(), [Hold::Held, Hold::Active]);
    world.forget();
    world
}

/// The CTI server says that it does not do what it was asked for.
pub fn error() -> serde_json::Value {
    json!({"msgType": "Error", "ctiMessage": {"Error": "this number does not exist"}})
}

#[test]
fn the_cti_server_completes_an_attended_transfer() {
    let mut world = consulting_by_cti();
    world.command(Command::CompleteTransfer).unwrap();
    assert_eq!(world.cti, [json!({"claz": "web", "command": "completeTransfer"})]);
    assert_eq!(step(&world), Some(TransferStep::Completing));
    world.receive_in_dialog("BYE", "consult", 2);
    world.receive_from_callee("BYE", 1, "", "");
    assert_eq!(outcomes(&world), [Outcome::Transferred, Outcome::Transferred]);
    assert_eq!(
        world.events,
        ["incoming Terminated: Call transferred", "outgoing Terminated: Call transferred"]
    );
    world.command(Command::Dial { destination: "1004".into(), video: false }).unwrap();
    assert_eq!(world.command(Command::CompleteTransfer), Err(Refusal::NoTransfer));
}

#[test]
fn cancelling_brings_the_person_back_to_the_call() {
    let mut world = consulting_by_cti();
    world.command(Command::CancelTransfer).unwrap();
    assert_eq!(world.cti, [json!({"claz": "web", "command": "cancelTransfer"})]);
    world.receive_in_dialog("BYE", "consult", 2);
    assert_eq!(world.holds()[0], Hold::Resuming);
    assert_eq!(step(&world), None);
    assert_eq!(outcomes(&world), [Outcome::HungUp { by_us: true }]);
    assert_eq!(world.events, ["incoming Terminated: Call terminated"]);
}

#[test]
fn a_server_that_does_not_end_the_cancelled_consultation_has_it_ended_by_us() {
    let mut world = consulting_by_cti();
    world.command(Command::CancelTransfer).unwrap();
    world.pass(secs(5));
    assert_eq!(world.sent_words(), ["BYE", "INVITE"]);
    assert_eq!(world.holds()[0], Hold::Resuming);
}

#[test]
fn cancelling_before_the_server_has_called_ends_it_at_once() {
    let mut world = World::in_call();
    world.command(attended()).unwrap();
    world.answer_invite(StatusCode::OK, Some(RECVONLY));
    world.command(Command::CancelTransfer).unwrap();
    assert_eq!(step(&world), None);
    assert_eq!(world.call().hold, Hold::Resuming);
    assert_eq!(world.command(Command::CancelTransfer), Err(Refusal::NoTransfer));
}

#[test]
fn a_consultation_that_ends_by_itself_leaves_the_call_on_hold() {
    let mut world = consulting_by_cti();
    world.receive_in_dialog("BYE", "consult", 2);
    assert_eq!(world.holds()[0], Hold::Held);
    assert_eq!(step(&world), None);
    assert_eq!(
        world.events,
        ["incoming Terminated: Call terminated", "outgoing TransferFailed: Call terminated"]
    );
}

#[test]
fn a_caller_who_leaves_during_the_consultation_leaves_a_call_of_its_own() {
    let mut world = consulting_by_cti();
    world.receive_from_callee("BYE", 1, "", "");
    assert_eq!(outcomes(&world), [Outcome::HungUp { by_us: false }]);
    let consultation = &world.view().calls[1];
    assert!(consultation.state.is_connected());
    assert_eq!(consultation.consults_for, None);
    assert_eq!(world.command(Command::CompleteTransfer), Err(Refusal::NoTransfer));
}

#[test]
fn the_place_of_the_consultation_is_kept() {
    for method in [TransferMethod::Cti, TransferMethod::Refer] {
        let mut world = World::in_call();
        world.command(Command::SetTransferMethod(method)).unwrap();
        world.command(attended()).unwrap();
        world.receive_invite("other", Some(THEIR_SDP));
        assert_eq!(world.sent_words(), ["INVITE", "100", "486"]);
        let dial = Command::Dial { destination: "1004".into(), video: false };
        assert_eq!(world.command(dial), Err(Refusal::TooManyCalls));
    }
}

#[test]
fn a_server_that_never_calls_back_is_told() {
    let mut world = World::in_call();
    world.command(attended()).unwrap();
    world.answer_invite(StatusCode::OK, Some(RECVONLY));
    world.pass(secs(31));
    assert_eq!(step(&world), None);
    assert_eq!(
        world.events,
        ["outgoing Hold", "outgoing TransferFailed: The server did not transfer the call"]
    );
}

#[test]
fn the_cti_server_makes_a_direct_transfer() {
    let mut world = World::in_call();
    world.command(direct()).unwrap();
    assert_eq!(world.cti, [json!({"claz": "web", "command": "directTransfer", "destination": "1003"})]);
    assert_eq!(step(&world), Some(TransferStep::Referring));
    assert_eq!(world.command(direct()), Err(Refusal::TransferInProgress));
    world.receive_from_callee("BYE", 1, "", "");
    assert_eq!(outcomes(&world), [Outcome::Transferred]);
    assert_eq!(world.events, ["outgoing Terminated: Call transferred"]);
}

#[test]
fn a_transfer_that_the_cti_server_has_begun_is_its_own_to_the_end() {
    let failed = "outgoing TransferFailed: this number does not exist";
    let mut world = consulting_by_cti();
    world.receive_cti(error());
    assert_eq!(world.events, [""; 0], "nothing was asked of it");
    world.command(Command::CompleteTransfer).unwrap();
    world.receive_cti(error());
    assert_eq!(step(&world), Some(TransferStep::Consulting));
    assert_eq!(world.events, [failed]);
    world.command(Command::CancelTransfer).unwrap();
    world.receive_cti(error());
    assert_eq!(world.sent_words(), ["BYE", "INVITE"], "the consultation is ended, the call resumed");

    let mut world = World::in_call();
    let event = |id: &str| {
        let told = json!({"eventType": "EventEstablished", "linkedId": "1", "userData": {"SIPCALLID": id}});
        json!({"msgType": "PhoneEvent", "ctiMessage": told})
    };
    let ours = event(&world.call().sip_call_id);
    world.receive_cti(ours.clone());
    world.command(direct()).unwrap();
    world.receive_cti(event("another call"));
    world.receive_cti(ours);
    world.receive_cti(error());
    assert_eq!((step(&world), world.events.as_slice()), (None, [failed.to_owned()].as_slice()));
    assert_eq!(world.sent_words(), [""; 0]);
}

#[test]
fn a_direct_transfer_that_nobody_carries_out_is_told_and_the_call_goes_on() {
    let mut world = World::in_call();
    world.command(direct()).unwrap();
    world.pass(secs(30));
    assert_eq!(step(&world), None);
    assert_eq!(world.events, ["outgoing TransferFailed: The server did not transfer the call"]);
    assert!(world.call().state.is_connected());
}

#[test]
fn a_transfer_needs_a_call_and_room_and_a_number() {
    let mut world = World::ready();
    assert_eq!(world.command(attended()), Err(Refusal::NoSuchCall));
    assert_eq!(world.command(direct()), Err(Refusal::NoSuchCall));
    let mut world = World::in_two_calls();
    assert_eq!(world.command(attended()), Err(Refusal::TooManyCalls));
    let nowhere = Command::AttendedTransfer { call: None, destination: "x y".into() };
    assert!(matches!(world.command(nowhere), Err(Refusal::Destination(_))));
    assert_eq!(world.command(Command::CompleteTransfer), Err(Refusal::NoTransfer));
    assert_eq!(world.command(Command::CancelTransfer), Err(Refusal::NoTransfer));
}

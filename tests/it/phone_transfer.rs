//! Transfers, attended and direct, by the CTI server and by REFER: the person sees the same.

use serde_json::json;
use xc_webrtc::phone::api::{Command, Refusal, TransferMethod};
use xc_webrtc::phone::call::{CallState, Hold, Outcome, TransferStep};
use xc_webrtc::sip::header::Name;
use xc_webrtc::sip::method::Method;
use xc_webrtc::sip::status::StatusCode;

use crate::support::phone_world::{RECVONLY, THEIR_SDP, World};
use crate::support::secs;

const AUTO_ANSWER: &str = "Alert-Info: xivo-autoanswer\r\n";

fn attended() -> Command {
    Command::AttendedTransfer { call: None, destination: "1003".into() }
}

fn direct() -> Command {
    Command::DirectTransfer { call: None, destination: "1003".into() }
}

/// The call's transfer, as the card shows it.
fn step(world: &World) -> Option<TransferStep> {
    let transfer = world.view().calls[0].transfer.clone()?;
    assert_eq!(transfer.destination, "1003");
    Some(transfer.step)
}

fn outcomes(world: &World) -> Vec<Outcome> {
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

/// Consulting, the consultation made by us.
fn consulting_by_refer() -> World {
    let mut world = World::in_call();
    world.command(Command::SetTransferMethod(TransferMethod::Refer)).unwrap();
    world.command(attended()).unwrap();
    world.answer_invite(StatusCode::OK, Some(RECVONLY));
    assert_eq!(step(&world), Some(TransferStep::Consulting));
    assert_eq!(world.view().calls[1].consults_for, Some(world.key(0)));
    assert_eq!(world.sent_words(), ["INVITE", "ACK", "INVITE"]);
    world.answer_invite(StatusCode::OK, Some(THEIR_SDP));
    world.forget();
    world
}

/// The other side tells how the call goes that a REFER of ours made.
fn notify(world: &mut World, state: &str, status_line: &str) {
    let lines = format!("Event: refer\r\nSubscription-State: {state}\r\nContent-Type: message/sipfrag\r\n");
    world.notifications += 1;
    let cseq = world.notifications;
    world.receive_from_callee("NOTIFY", cseq, &lines, &format!("{status_line}\r\n"));
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
fn refer_with_replaces_completes_an_attended_transfer() {
    let mut world = consulting_by_refer();
    world.command(Command::CompleteTransfer).unwrap();
    let refer = world.last_request(&Method::Refer);
    let replaces = refer.headers.refer_to().unwrap().replaces.unwrap();
    assert_eq!(replaces.call_id, world.view().calls[1].sip_call_id);
    assert_eq!(replaces.to_tag, "bob-tag");
    assert_eq!(refer.headers.call_id().unwrap(), world.view().calls[0].sip_call_id);
    world.answer_last(&Method::Refer, StatusCode::ACCEPTED, &[]);
    notify(&mut world, "active;expires=60", "SIP/2.0 100 Trying");
    assert_eq!(step(&world), Some(TransferStep::Completing));
    notify(&mut world, "terminated;reason=noresource", "SIP/2.0 200 OK");
    assert_eq!(outcomes(&world), [Outcome::Transferred, Outcome::Transferred]);
    assert_eq!(world.sent_words(), ["REFER", "200", "200", "BYE", "BYE"]);
}

#[test]
fn a_refer_that_is_refused_or_fails_leaves_both_calls() {
    let mut world = consulting_by_refer();
    world.command(Command::CompleteTransfer).unwrap();
    world.answer_last(&Method::Refer, StatusCode::METHOD_NOT_ALLOWED, &[]);
    assert_eq!(step(&world), Some(TransferStep::Consulting));
    world.command(Command::CompleteTransfer).unwrap();
    world.answer_last(&Method::Refer, StatusCode::ACCEPTED, &[]);
    notify(&mut world, "terminated", "SIP/2.0 486 Busy Here");
    assert_eq!(step(&world), Some(TransferStep::Consulting));
    assert_eq!(
        world.events,
        ["outgoing TransferFailed: Method Not Allowed", "outgoing TransferFailed: Busy Here"]
    );
    world.command(Command::CancelTransfer).unwrap();
    assert_eq!(world.holds()[0], Hold::Resuming);
    assert_eq!(outcomes(&world), [Outcome::HungUp { by_us: true }]);
}

#[test]
fn a_consultation_that_is_busy_ends_the_transfer_and_leaves_the_call_on_hold() {
    let mut world = World::in_call();
    world.command(Command::SetTransferMethod(TransferMethod::Refer)).unwrap();
    world.command(attended()).unwrap();
    world.answer_invite(StatusCode::OK, Some(RECVONLY));
    assert_eq!(world.command(Command::CompleteTransfer), Err(Refusal::WrongState), "nobody has answered");
    world.answer_invite(StatusCode::BUSY_HERE, None);
    assert_eq!(step(&world), None);
    assert_eq!(world.holds()[0], Hold::Held);
    assert_eq!(world.events.last().unwrap(), "outgoing TransferFailed: Busy Here");
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
fn what_the_cti_server_refuses_is_told_in_its_words() {
    let error = || json!({"msgType": "Error", "ctiMessage": {"Error": "this number does not exist"}});
    let failed = "outgoing TransferFailed: this number does not exist";
    let mut world = World::in_call();
    world.command(direct()).unwrap();
    world.receive_cti(error());
    assert_eq!((step(&world), world.events.as_slice()), (None, [failed.to_owned()].as_slice()));

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
fn refer_makes_a_direct_transfer() {
    let mut world = World::in_call();
    world.command(Command::SetTransferMethod(TransferMethod::Refer)).unwrap();
    world.command(direct()).unwrap();
    let refer = world.last_request(&Method::Refer);
    assert_eq!(refer.headers.get(&Name::REFER_TO), Some("<sip:1003@default>"));
    assert_eq!(refer.headers.get(&Name::REFERRED_BY), Some("<sip:alice@default>"));
    world.answer_last(&Method::Refer, StatusCode::ACCEPTED, &[]);
    notify(&mut world, "active", "SIP/2.0 180 Ringing");
    notify(&mut world, "terminated", "SIP/2.0 200 OK");
    assert_eq!(outcomes(&world), [Outcome::Transferred]);
    assert_eq!(world.sent_words(), ["REFER", "200", "200", "BYE"]);
    assert_eq!(world.cti, [json!(null); 0]);
}

#[test]
fn a_destination_that_refuses_a_direct_transfer_leaves_the_call() {
    let mut world = World::in_call();
    world.command(Command::SetTransferMethod(TransferMethod::Refer)).unwrap();
    for (state, line, reason) in [
        ("terminated", "SIP/2.0 603 Decline", "Decline"),
        ("terminated", "SIP/2.0 404", "Not Found"),
        ("terminated", "SIP/2.0 100 Trying", "Nothing was told of the new call"),
    ] {
        world.command(direct()).unwrap();
        world.answer_last(&Method::Refer, StatusCode::ACCEPTED, &[]);
        notify(&mut world, state, line);
        assert_eq!(world.events.last().unwrap(), &format!("outgoing TransferFailed: {reason}"));
        assert!(world.call().state.is_connected());
    }
    world.forget();
    notify(&mut world, "active", "SIP/2.0 200 OK");
    assert_eq!(world.sent_words(), ["481"], "no REFER is out any more");
}

#[test]
fn a_call_that_is_not_the_current_one_is_transferred_by_refer() {
    let mut world = World::in_two_calls();
    let held = Command::DirectTransfer { call: Some(world.key(0)), destination: "1003".into() };
    world.command(held).unwrap();
    assert_eq!(world.sent_words(), ["REFER"]);
    assert_eq!(world.cti, [json!(null); 0]);
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

#[test]
fn without_the_cti_link_refer_does_it() {
    let mut world = World::in_call();
    world.cut_cti();
    world.forget();
    world.command(direct()).unwrap();
    assert_eq!(world.sent_words(), ["REFER"]);
}

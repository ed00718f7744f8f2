//! Transfers by REFER (RFC 3515, RFC 5589): chosen, or because the CTI server cannot be asked or does not do them.

use serde_json::json;
use xc_webrtc::phone::api::{Command, Refusal, TransferMethod};
use xc_webrtc::phone::call::{Hold, Outcome, TransferStep};
use xc_webrtc::sip::header::Name;
use xc_webrtc::sip::method::Method;
use xc_webrtc::sip::status::StatusCode;

use crate::phone_transfer::{AUTO_ANSWER, attended, direct, error, outcomes, step};
use crate::support::phone_world::{RECVONLY, THEIR_SDP, World};
use crate::support::secs;

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

/// Found by the simulation of whole phones.
#[test]
fn who_takes_the_call_back_before_it_is_on_hold_talks_to_one_at_a_time() {
    let mut world = World::in_call();
    world.command(Command::SetTransferMethod(TransferMethod::Refer)).unwrap();
    world.command(attended()).unwrap();
    world.command(Command::SetHold { call: world.key(0), on: false }).unwrap();
    assert_eq!(world.sent_words(), ["INVITE", "INVITE"], "the hold, and the consultation");
    world.answer_invite(StatusCode::OK, Some(THEIR_SDP));
    assert_eq!(world.holds(), [Hold::Active, Hold::Holding]);
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

/// The other side has agreed to call the destination, where it rings.
fn referring() -> World {
    let mut world = World::in_call();
    world.command(Command::SetTransferMethod(TransferMethod::Refer)).unwrap();
    world.command(direct()).unwrap();
    world.answer_last(&Method::Refer, StatusCode::ACCEPTED, &[]);
    notify(&mut world, "active;expires=180", "SIP/2.0 180 Ringing");
    world.forget();
    world
}

#[test]
fn who_gets_the_call_may_take_time_to_answer() {
    let mut world = referring();
    world.pass(secs(170));
    assert_eq!(step(&world), Some(TransferStep::Referring));
    notify(&mut world, "terminated;reason=noresource", "SIP/2.0 200 OK");
    assert_eq!(outcomes(&world), [Outcome::Transferred]);
    assert!(world.has_sent(&Method::Bye));
}

#[test]
fn a_lost_connection_does_not_end_what_the_other_side_has_begun() {
    let mut world = referring();
    world.cut_sip();
    world.pass(secs(6));
    world.answer_invite(StatusCode::OK, Some(THEIR_SDP));
    assert_eq!(world.events.iter().filter(|event| event.contains("TransferFailed")).count(), 0);
    notify(&mut world, "terminated;reason=noresource", "SIP/2.0 200 OK");
    assert_eq!(outcomes(&world), [Outcome::Transferred]);
}

#[test]
fn who_tells_nothing_is_not_waited_for_any_more_and_can_be_asked_again() {
    let mut world = referring();
    world.pass(secs(201));
    assert_eq!(step(&world), None);
    assert_eq!(world.events, ["outgoing TransferFailed: The server did not transfer the call"]);
    world.command(direct()).unwrap();
    assert_eq!(world.sent_words(), ["REFER"]);
}

#[test]
fn a_direct_transfer_that_the_cti_server_does_not_do_goes_on_by_refer() {
    let mut world = World::in_call();
    world.command(direct()).unwrap();
    assert_eq!(world.sent_words(), [""; 0]);
    world.receive_cti(error());
    assert_eq!(world.sent_words(), ["REFER"]);
    assert_eq!(step(&world), Some(TransferStep::Referring));
    world.receive_cti(error());
    assert_eq!(world.sent_words(), ["REFER"], "it is not asked any more");
    world.answer_last(&Method::Refer, StatusCode::ACCEPTED, &[]);
    notify(&mut world, "terminated", "SIP/2.0 200 OK");
    assert_eq!(outcomes(&world), [Outcome::Transferred]);
    assert_eq!(world.events, ["outgoing Terminated: Call transferred"]);
}

#[test]
fn an_attended_transfer_that_the_cti_server_does_not_do_goes_on_by_a_call_of_our_own() {
    let mut world = World::in_call();
    world.command(attended()).unwrap();
    world.receive_cti(error());
    assert_eq!(step(&world), Some(TransferStep::Holding), "nothing was asked of it yet");
    world.answer_invite(StatusCode::OK, Some(RECVONLY));
    assert_eq!(world.cti.len(), 1);
    world.receive_cti(error());
    assert_eq!(world.sent_words(), ["INVITE", "ACK", "INVITE"]);
    world.receive_invite_with("late", Some(THEIR_SDP), AUTO_ANSWER);
    assert_eq!(world.sent_words()[3..], ["100", "486"], "the consultation has its place");
    world.answer_invite(StatusCode::OK, Some(THEIR_SDP));
    assert_eq!(world.view().calls[1].consults_for, Some(world.key(0)));
    assert_eq!(step(&world), Some(TransferStep::Consulting));

    world.command(Command::CompleteTransfer).unwrap();
    let refer = world.last_request(&Method::Refer);
    assert!(refer.headers.refer_to().unwrap().replaces.is_some());
    world.answer_last(&Method::Refer, StatusCode::ACCEPTED, &[]);
    notify(&mut world, "terminated", "SIP/2.0 200 OK");
    assert_eq!(outcomes(&world), [Outcome::Transferred, Outcome::Transferred]);
    assert_eq!(world.cti.len(), 1);
}

#[test]
fn a_cti_link_that_is_lost_during_the_hold_is_not_needed() {
    let mut world = World::in_call();
    world.command(attended()).unwrap();
    world.cut_cti();
    world.answer_invite(StatusCode::OK, Some(RECVONLY));
    assert_eq!(world.sent_words(), ["INVITE", "ACK", "INVITE"]);
    assert_eq!(step(&world), Some(TransferStep::Consulting));
}

#[test]
fn what_neither_way_leads_to_is_told_in_the_words_of_the_last() {
    let mut world = World::in_call();
    world.command(direct()).unwrap();
    world.receive_cti(error());
    world.answer_last(&Method::Refer, StatusCode::NOT_FOUND, &[]);
    assert_eq!(
        (step(&world), world.events.as_slice()),
        (None, ["outgoing TransferFailed: Not Found".to_owned()].as_slice())
    );
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
fn without_the_cti_link_refer_does_it() {
    let mut world = World::in_call();
    world.cut_cti();
    world.forget();
    world.command(direct()).unwrap();
    assert_eq!(world.sent_words(), ["REFER"]);
}

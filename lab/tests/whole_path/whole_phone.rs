//! The phone's core in the lab, from command to card: what the page does, without the page.

use xc_lab::Lab;
use xc_webrtc::phone::api::{Command, TransferMethod};
use xc_webrtc::phone::call::{CallState, Hold, Outcome, TransferStep};

use crate::lab;
use crate::support::http::get;
use crate::support::whole::{Whole, until};

const ANSWER: Command = Command::Answer { call: None, video: false };

fn dial(number: &str) -> Command {
    Command::Dial { destination: number.into(), video: false }
}

/// Whether the phone's call in that place is connected, and how it is held.
fn holds(phone: &Whole, place: usize) -> Option<Hold> {
    let calls = phone.view().calls;
    calls.get(place).filter(|call| call.state.is_connected()).map(|call| call.hold)
}

fn rings(phone: &Whole) -> bool {
    phone.view().calls.iter().any(|call| call.state == CallState::Offered)
}

fn transferred(phone: &Whole) -> bool {
    let calls = phone.view().calls;
    let is_transferred =
        |state: &CallState| matches!(state, CallState::Ended { outcome: Outcome::Transferred, .. });
    !calls.is_empty() && calls.iter().all(|call| is_transferred(&call.state))
}

/// Alice talks to Bob; Carol has a phone.
async fn three(lab: &Lab) -> [Whole; 3] {
    let mut alice = Whole::ready(lab.address, "alice").await;
    let mut bob = Whole::ready(lab.address, "bob").await;
    let carol = Whole::ready(lab.address, "carol").await;
    alice.does(dial("1002")).await.unwrap();
    until("Bob's phone to ring", &mut [&mut alice, &mut bob], |phones| rings(phones[1])).await;
    bob.does(ANSWER).await.unwrap();
    let talking = |phones: &[&mut Whole]| phones.iter().all(|phone| holds(phone, 0).is_some());
    until("Alice and Bob to talk", &mut [&mut alice, &mut bob], talking).await;
    [alice, bob, carol]
}

#[tokio::test]
async fn a_second_call_holds_the_first_and_each_can_be_resumed() {
    let lab = lab().await;
    let [mut alice, mut bob, mut carol] = three(&lab).await;
    alice.does(dial("1003")).await.unwrap();
    let phones = &mut [&mut alice, &mut bob, &mut carol];
    until("Carol's phone to ring", phones, |phones| rings(phones[2])).await;
    assert!(bob.view().calls[0].held_by_peer, "Bob was put on hold before");
    carol.does(ANSWER).await.unwrap();
    let phones = &mut [&mut alice, &mut bob, &mut carol];
    until("Alice to talk to Carol", phones, |phones| holds(phones[0], 1).is_some()).await;
    let first = alice.view().calls[0].key;
    alice.does(Command::SetHold { call: first, on: false }).await.unwrap();
    let phones = &mut [&mut alice, &mut bob, &mut carol];
    let swapped = |phones: &[&mut Whole]| {
        (holds(phones[0], 0), holds(phones[0], 1)) == (Some(Hold::Active), Some(Hold::Held))
            && !phones[1].view().calls[0].held_by_peer
            && phones[2].view().calls[0].held_by_peer
    };
    until("Alice to be back with Bob", phones, swapped).await;
}

/// Alice talks to Carol, whom Bob is to be handed to.
async fn consulting(lab: &Lab, method: TransferMethod) -> [Whole; 3] {
    let [mut alice, mut bob, mut carol] = three(lab).await;
    alice.does(Command::SetTransferMethod(method)).await.unwrap();
    alice.does(Command::AttendedTransfer { call: None, destination: "1003".into() }).await.unwrap();
    let phones = &mut [&mut alice, &mut bob, &mut carol];
    until("Carol's phone to ring", phones, |phones| rings(phones[2])).await;
    carol.does(ANSWER).await.unwrap();
    let phones = &mut [&mut alice, &mut bob, &mut carol];
    let consults = |phones: &[&mut Whole]| {
        let call = &phones[0].view().calls[0];
        let consulting = call.transfer.as_ref().is_some_and(|it| it.step == TransferStep::Consulting);
        consulting && holds(phones[0], 1).is_some() && holds(phones[2], 0).is_some()
    };
    until("Alice to consult Carol", phones, consults).await;
    assert_eq!(alice.view().calls[1].consults_for, Some(alice.view().calls[0].key));
    [alice, bob, carol]
}

#[tokio::test]
async fn an_attended_transfer_joins_the_two_others_whichever_way_it_goes() {
    for method in [TransferMethod::Cti, TransferMethod::Refer] {
        let lab = lab().await;
        let [mut alice, mut bob, mut carol] = consulting(&lab, method).await;
        alice.does(Command::CompleteTransfer).await.unwrap();
        let phones = &mut [&mut alice, &mut bob, &mut carol];
        until("Alice to be out of it", phones, |phones| transferred(phones[0])).await;
        let phones = &mut [&mut alice, &mut bob, &mut carol];
        let joined = |phones: &[&mut Whole]| {
            phones[1..].iter().all(|phone| {
                let calls = phone.view().calls;
                calls.iter().any(|call| call.state.is_connected() && !call.held_by_peer)
            })
        };
        until("Bob and Carol to talk", phones, joined).await;
        let (_, calls) = get(lab.address, "/lab/calls").await;
        assert_eq!(calls.as_array().unwrap().len(), 1, "{method:?}: {calls}");
    }
}

#[tokio::test]
async fn a_cancelled_transfer_brings_alice_back_whichever_way_it_goes() {
    for method in [TransferMethod::Cti, TransferMethod::Refer] {
        let lab = lab().await;
        let [mut alice, mut bob, mut carol] = consulting(&lab, method).await;
        alice.does(Command::CancelTransfer).await.unwrap();
        let phones = &mut [&mut alice, &mut bob, &mut carol];
        let back = |phones: &[&mut Whole]| {
            holds(phones[0], 0) == Some(Hold::Active)
                && !phones[1].view().calls[0].held_by_peer
                && phones[2].view().calls.iter().all(|call| !call.state.is_live())
        };
        until("Alice to be back with Bob", phones, back).await;
        assert!(alice.view().calls[0].transfer.is_none());
    }
}

#[tokio::test]
async fn a_direct_transfer_takes_the_call_away_whichever_way_it_goes() {
    for method in [TransferMethod::Cti, TransferMethod::Refer] {
        let lab = lab().await;
        let [mut alice, mut bob, mut carol] = three(&lab).await;
        alice.does(Command::SetTransferMethod(method)).await.unwrap();
        alice.does(Command::DirectTransfer { call: None, destination: "1003".into() }).await.unwrap();
        let phones = &mut [&mut alice, &mut bob, &mut carol];
        until("Carol's phone to ring", phones, |phones| rings(phones[2])).await;
        carol.does(ANSWER).await.unwrap();
        let phones = &mut [&mut alice, &mut bob, &mut carol];
        until("Alice to be out of it", phones, |phones| {
            transferred(phones[0]) && holds(phones[2], 0).is_some()
        })
        .await;
        assert_eq!(get(lab.address, "/lab/calls").await.1.as_array().map(Vec::len), Some(1), "{method:?}");
    }
}

#[tokio::test]
async fn tones_without_a_media_stream_for_them_reach_the_lab_by_info() {
    let lab = lab().await;
    let mut alice = Whole::ready(lab.address, "alice").await;
    alice.does(dial("*60")).await.unwrap();
    until("the lab to answer", &mut [&mut alice], |phones| holds(phones[0], 0).is_some()).await;
    for digit in ["1", "2", "3#"] {
        alice.does(Command::Dtmf { call: None, digits: digit.into() }).await.unwrap();
    }
    until("the digits to have been read", &mut [&mut alice], |phones| {
        let calls = phones[0].view().calls;
        calls.iter().any(|call| call.attached.iter().any(|(_, value)| value == "123"))
    })
    .await;
}

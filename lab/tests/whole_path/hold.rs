//! Hold: who holds a call is not heard, the other side hears music and is told.

use serde_json::json;
use xc_lab::Lab;
use xc_webrtc::sip::header::Name;
use xc_webrtc::sip::method::Method;
use xc_webrtc::sip::status::StatusCode;

use crate::lab;
use crate::support::http::fault;
use crate::support::peer::{Direction, Peer};
use crate::support::phone::{Phone, ack};
use crate::support::talk::{Talk, talk_together};

/// Alice and Bob in a call, and what they say.
struct Two {
    alice: Phone,
    bob: Phone,
    alices: Peer,
    bobs: Peer,
    hers: Talk,
    his: Talk,
}

async fn two(lab: &Lab) -> Two {
    let mut alice = Phone::registered(lab.address, "alice").await;
    let mut bob = Phone::registered(lab.address, "bob").await;
    let (mut alices, mut bobs) = (Peer::saying("A").await, Peer::saying("B").await);
    let (hers, his) = talk_together((&mut alice, &mut alices), (&mut bob, &mut bobs), "1002").await;
    Peer::hear_each_other(&mut alices, &mut bobs, 3).await;
    for event in ["EventDialing", "EventEstablished"] {
        alice.cti.event(event).await;
    }
    bob.cti.event("EventEstablished").await;
    Two { alice, bob, alices, bobs, hers, his }
}

/// Whether this is not what anyone of us says: the lab's own sound.
fn music(frame: &[u8]) -> bool {
    frame.len() > 20
}

#[tokio::test]
async fn the_other_side_is_told_and_hears_music_until_the_call_is_resumed() {
    let lab = lab().await;
    let Two { mut alice, mut bob, mut alices, mut bobs, hers, .. } = two(&lab).await;

    let answer = alice.change(&hers, &alices.offer_sound(Direction::SendOnly)).await;
    assert!(answer.body.contains("a=recvonly"), "{}", answer.body);
    alices.accept(&answer.body);
    alice.cti.event("EventOnHold").await;
    let told = bob.takes_change(&mut bobs).await;
    assert!(told.body.contains("a=sendonly"), "{}", told.body);
    assert_eq!(told.headers.p_asserted_identity().unwrap().user(), "1001");
    bobs.hears("music", music).await;

    let answer = alice.change(&hers, &alices.offer_sound(Direction::SendRecv)).await;
    assert!(answer.body.contains("a=sendrecv"), "{}", answer.body);
    alices.accept(&answer.body);
    alice.cti.event("EventEstablished").await;
    let told = bob.takes_change(&mut bobs).await;
    assert!(told.body.contains("a=sendrecv"), "{}", told.body);
    Peer::understand_each_other(&mut alices, &mut bobs).await;
}

#[tokio::test]
async fn a_call_is_put_on_hold_before_its_media_is_connected() {
    let lab = lab().await;
    let mut alice = Phone::registered(lab.address, "alice").await;
    let mut bob = Phone::registered(lab.address, "bob").await;
    let (mut alices, mut bobs) = (Peer::saying("A").await, Peer::saying("B").await);
    let (_, his) = talk_together((&mut alice, &mut alices), (&mut bob, &mut bobs), "1002").await;
    // His is, hers is not.
    bobs.is_connected().await;
    for (direction, told_direction) in
        [(Direction::SendOnly, "a=sendonly"), (Direction::SendRecv, "a=sendrecv")]
    {
        let answer = bob.change(&his, &bobs.offer_sound(direction)).await;
        bobs.accept(&answer.body);
        let told = alice.takes_change(&mut alices).await;
        assert!(told.body.contains(told_direction), "{}", told.body);
    }
    Peer::hear_each_other(&mut alices, &mut bobs, 3).await;
}

#[tokio::test]
async fn who_takes_a_call_can_hold_it_too() {
    let lab = lab().await;
    let Two { mut alice, mut bob, mut alices, mut bobs, his, .. } = two(&lab).await;
    let answer = bob.change(&his, &bobs.offer_sound(Direction::Inactive)).await;
    assert!(answer.body.contains("a=inactive"), "{}", answer.body);
    bobs.accept(&answer.body);
    bob.cti.event("EventOnHold").await;
    assert!(alice.takes_change(&mut alices).await.body.contains("a=sendonly"));
    alices.hears("music", music).await;
}

#[tokio::test]
async fn both_can_hold_and_resume_one_after_the_other() {
    let lab = lab().await;
    let Two { mut alice, mut bob, mut alices, mut bobs, hers, his } = two(&lab).await;
    let answer = alice.change(&hers, &alices.offer_sound(Direction::SendOnly)).await;
    alices.accept(&answer.body);
    bob.takes_change(&mut bobs).await;
    let answer = bob.change(&his, &bobs.offer_sound(Direction::Inactive)).await;
    bobs.accept(&answer.body);
    // Alice's phone may know that it is on hold itself: she has hers to say who hears what.
    assert!(alice.takes_change(&mut alices).await.body.contains("a=sendonly"));
    // Alice resumes: she may be heard again, but by nobody yet.
    let answer = alice.change(&hers, &alices.offer_sound(Direction::SendRecv)).await;
    assert!(answer.body.contains("a=sendonly"), "{}", answer.body);
    alices.accept(&answer.body);
    alices.hears("music", music).await;
    let told = bob.request(Method::Invite).await;
    assert!(told.body.contains("a=sendrecv"));
    // Bob holds still.
    let still = bobs.answer(&told.body).replace("a=sendrecv", "a=sendonly");
    bob.answer(&told, StatusCode::OK, &still).await;
    bob.request(Method::Ack).await;
    let answer = bob.change(&his, &bobs.offer_again()).await;
    bobs.accept(&answer.body);
    assert!(alice.takes_change(&mut alices).await.body.contains("a=sendrecv"));
    Peer::understand_each_other(&mut alices, &mut bobs).await;
}

#[tokio::test]
async fn a_phone_that_refuses_to_be_told_hears_the_music_all_the_same() {
    let lab = lab().await;
    let Two { mut alice, mut bob, mut alices, mut bobs, hers, .. } = two(&lab).await;
    let answer = alice.change(&hers, &alices.offer_sound(Direction::SendOnly)).await;
    alices.accept(&answer.body);
    let told = bob.request(Method::Invite).await;
    bob.answer(&told, StatusCode::NOT_ACCEPTABLE_HERE, "").await;
    bob.request(Method::Ack).await;
    bobs.hears("music", music).await;
    let answer = alice.change(&hers, &alices.offer_sound(Direction::SendRecv)).await;
    alices.accept(&answer.body);
    Peer::understand_each_other(&mut alices, &mut bobs).await;
}

#[tokio::test]
async fn holds_can_be_kept_to_the_lab_as_an_asterisk_does() {
    let lab = lab().await;
    fault(lab.address, json!({ "what": "keep_holds", "on": true })).await;
    let Two { mut alice, mut bob, mut alices, mut bobs, hers, .. } = two(&lab).await;
    let answer = alice.change(&hers, &alices.offer_sound(Direction::SendOnly)).await;
    alices.accept(&answer.body);
    bobs.hears("music", music).await;
    assert_eq!(bob.frames_before_pong().await, 0);
}

#[tokio::test]
async fn a_re_invite_without_an_offer_gets_one() {
    let lab = lab().await;
    let Two { mut alice, mut alices, mut bobs, hers, .. } = two(&lab).await;
    let again = alice.inside(&hers, Method::Invite);
    alice.send(&again).await;
    let ok = alice.final_response().await;
    assert_eq!(ok.status, StatusCode::OK);
    let mut confirm = alice.inside(&hers, Method::Ack);
    confirm.headers.set(Name::CSEQ, again.headers.get(&Name::CSEQ).unwrap().replace("INVITE", "ACK"));
    confirm.body = alices.answer(&ok.body);
    alice.send(confirm).await;
    Peer::hear_each_other(&mut alices, &mut bobs, 20).await;
}

#[tokio::test]
async fn an_update_holds_as_a_re_invite_does() {
    let lab = lab().await;
    let Two { mut alice, mut bob, mut alices, mut bobs, hers, .. } = two(&lab).await;
    let mut update = alice.inside(&hers, Method::Update);
    update.body = alices.offer_sound(Direction::SendOnly);
    let ok = alice.ask(update).await.1;
    assert_eq!(ok.status, StatusCode::OK);
    alices.accept(&ok.body);
    alice.cti.event("EventOnHold").await;
    bob.takes_change(&mut bobs).await;
    // One without a description only says where the phone is now.
    let update = alice.inside(&hers, Method::Update);
    assert_eq!(alice.ask(update).await.1.status, StatusCode::OK);
}

#[tokio::test]
async fn a_planned_refusal_is_for_the_next_one_only() {
    let lab = lab().await;
    let Two { mut alice, mut alices, hers, .. } = two(&lab).await;
    fault(lab.address, json!({ "what": "refuse_reinvite", "status": 488, "user": "alice" })).await;
    let hold = alices.offer_sound(Direction::SendOnly);
    assert_eq!(alice.change(&hers, &hold).await.status, StatusCode::NOT_ACCEPTABLE_HERE);
    assert_eq!(alice.change(&hers, &hold).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_planned_crossing_is_491_for_both_and_then_again() {
    let lab = lab().await;
    let Two { mut alice, mut bob, mut alices, mut bobs, hers, .. } = two(&lab).await;
    fault(lab.address, json!({ "what": "cross_reinvite" })).await;
    let hold = alices.offer_sound(Direction::SendOnly);
    let mut again = alice.inside(&hers, Method::Invite);
    again.body.clone_from(&hold);
    alice.send(&again).await;
    let crossing = alice.request(Method::Invite).await;
    let pending = alice.response().await;
    assert_eq!(pending.status, StatusCode::REQUEST_PENDING);
    alice.send(ack(&again, &pending)).await;
    alice.answer(&crossing, StatusCode::REQUEST_PENDING, "").await;
    alice.request(Method::Ack).await;
    // The lab has nothing to say any more, and Alice's second attempt comes through.
    assert_eq!(alice.change(&hers, &hold).await.status, StatusCode::OK);
    bob.takes_change(&mut bobs).await;
}

#[tokio::test]
async fn a_hold_that_crosses_the_other_sides_is_told_when_the_way_is_free() {
    let lab = lab().await;
    let Two { mut alice, mut bob, mut alices, mut bobs, hers, his } = two(&lab).await;
    let answer = alice.change(&hers, &alices.offer_sound(Direction::SendOnly)).await;
    alices.accept(&answer.body);
    let told = bob.request(Method::Invite).await;
    // Bob holds at the same moment.
    let hold = bobs.offer_sound(Direction::SendOnly);
    assert_eq!(bob.change(&his, &hold).await.status, StatusCode::REQUEST_PENDING);
    bob.answer(&told, StatusCode::REQUEST_PENDING, "").await;
    bob.request(Method::Ack).await;
    let answer = bob.change(&his, &hold).await;
    assert!(answer.body.contains("a=inactive"), "{}", answer.body);
    alice.takes_change(&mut alices).await;
}

#[tokio::test]
async fn a_late_answer_is_the_right_one() {
    let lab = lab().await;
    let Two { mut alice, mut bob, mut alices, mut bobs, hers, .. } = two(&lab).await;
    fault(lab.address, json!({ "what": "delay_reinvite", "ms": 50, "user": "alice" })).await;
    let answer = alice.change(&hers, &alices.offer_sound(Direction::SendOnly)).await;
    assert!(answer.body.contains("a=recvonly"));
    bob.takes_change(&mut bobs).await;
}

//! Transfers: over CTI as XUC does them, and by REFER and Replaces as an Asterisk does.

use serde_json::json;
use xc_lab::Lab;
use xc_webrtc::sip::header::{Name, ReferTo, Replaces};
use xc_webrtc::sip::message::Request;
use xc_webrtc::sip::method::Method;
use xc_webrtc::sip::sipfrag;
use xc_webrtc::sip::status::StatusCode;
use xc_webrtc::sip::uri::{NameAddr, Uri};

use crate::lab;
use crate::support::http::get;
use crate::support::peer::{Direction, Peer};
use crate::support::phone::{Phone, ack};
use crate::support::talk::{Talk, talk_together};

/// Alice in a call with Bob, whom she holds; Carol has a phone.
struct Three {
    alice: Phone,
    bob: Phone,
    carol: Phone,
    alices: Peer,
    bobs: Peer,
    carols: Peer,
    hers: Talk,
}

async fn three(lab: &Lab) -> Three {
    let mut alice = Phone::registered(lab.address, "alice").await;
    let mut bob = Phone::registered(lab.address, "bob").await;
    let carol = Phone::registered(lab.address, "carol").await;
    let (mut alices, mut bobs) = (Peer::saying("A").await, Peer::saying("B").await);
    let (hers, _) = talk_together((&mut alice, &mut alices), (&mut bob, &mut bobs), "1002").await;
    let answer = alice.change(&hers, &alices.offer_sound(Direction::SendOnly)).await;
    alices.accept(&answer.body);
    bob.takes_change(&mut bobs).await;
    for event in ["EventDialing", "EventEstablished", "EventOnHold"] {
        alice.cti.event(event).await;
    }
    bob.cti.event("EventEstablished").await;
    Three { alice, bob, carol, alices, bobs, carols: Peer::saying("C").await, hers }
}

/// The next request, which must be this; it is answered with 200.
async fn takes(phone: &mut Phone, method: Method) -> Request {
    let request = phone.request(method).await;
    phone.send(request.reply(StatusCode::OK, None)).await;
    request
}

/// The next NOTIFY of a REFER: what the status is, and whether it is the last.
async fn notified(phone: &mut Phone) -> (StatusCode, bool) {
    let notify = takes(phone, Method::Notify).await;
    assert_eq!(notify.headers.get(&Name::EVENT), Some("refer"));
    assert_eq!(notify.headers.content_type(), Some("message/sipfrag"));
    let last = notify.headers.get(&Name::SUBSCRIPTION_STATE).unwrap().starts_with("terminated");
    (sipfrag::status(&notify.body).unwrap().0, last)
}

#[tokio::test]
async fn a_direct_transfer_moves_the_other_side() {
    let lab = lab().await;
    let Three { mut alice, mut bob, mut carol, mut bobs, mut carols, .. } = three(&lab).await;
    alice.cti.command(json!({ "command": "directTransfer", "destination": "1003" })).await;
    takes(&mut alice, Method::Bye).await;
    alice.cti.event("EventReleased").await;
    let incoming = carol.request(Method::Invite).await;
    assert_eq!(incoming.headers.from().unwrap().user(), "1002");
    // Bob is not on hold any more: he hears it ring.
    assert!(bob.takes_change(&mut bobs).await.body.contains("a=sendrecv"));
    bobs.hears("ringing", |frame| frame.len() > 20).await;
    let answer = carols.answer(&incoming.body);
    carol.answer(&incoming, StatusCode::OK, &answer).await;
    carol.request(Method::Ack).await;
    Peer::understand_each_other(&mut bobs, &mut carols).await;
    let established = bob.cti.event("EventEstablished").await;
    assert_eq!(
        (&established["otherDN"], &established["callDirection"]),
        (&json!("1003"), &json!("Incoming"))
    );
    assert_eq!(carol.cti.event("EventEstablished").await["otherDN"], "1002");
}

#[tokio::test]
async fn a_direct_transfer_that_fails_ends_the_call() {
    let lab = lab().await;
    let Three { mut alice, mut bob, .. } = three(&lab).await;
    alice.cti.command(json!({ "command": "directTransfer", "destination": "*57" })).await;
    takes(&mut alice, Method::Bye).await;
    takes(&mut bob, Method::Bye).await;
    bob.cti.event("EventReleased").await;
    assert_eq!(get(lab.address, "/lab/calls").await.1, json!([]));
}

/// Alice asks for a consultation with Carol, and both answer.
async fn consult(three: &mut Three) -> Talk {
    let Three { alice, carol, alices, carols, .. } = three;
    alice.cti.command(json!({ "command": "attendedTransfer", "destination": "1003" })).await;
    let summons = alice.request(Method::Invite).await;
    assert!(summons.headers.asks_auto_answer());
    *alices = Peer::saying("A2").await;
    let answer = alices.answer(&summons.body);
    let ok = alice.answer(&summons, StatusCode::OK, &answer).await;
    alice.request(Method::Ack).await;
    alice.cti.event("EventDialing").await;
    carol.takes_call(carols).await;
    let established = alice.cti.event("EventEstablished").await;
    assert_eq!(established["userData"]["SIPCALLID"], summons.headers.call_id().unwrap());
    Peer::understand_each_other(alices, carols).await;
    Talk::Theirs(summons, ok)
}

#[tokio::test]
async fn an_attended_transfer_is_completed() {
    let lab = lab().await;
    let mut three = three(&lab).await;
    consult(&mut three).await;
    let Three { mut alice, mut bob, mut carol, mut bobs, mut carols, .. } = three;
    alice.cti.command(json!({ "command": "completeTransfer" })).await;
    takes(&mut alice, Method::Bye).await;
    takes(&mut alice, Method::Bye).await;
    for _ in 0..2 {
        alice.cti.event("EventReleased").await;
    }
    assert!(bob.takes_change(&mut bobs).await.body.contains("a=sendrecv"));
    Peer::understand_each_other(&mut bobs, &mut carols).await;
    assert_eq!(bob.cti.event("EventEstablished").await["otherDN"], "1003");
    carol.cti.event("EventEstablished").await;
    assert_eq!(carol.cti.event("EventEstablished").await["otherDN"], "1002");
    let (_, calls) = get(lab.address, "/lab/calls").await;
    assert_eq!((calls.as_array().unwrap().len(), &calls[0]["stage"]), (1, &json!("talking")));
}

#[tokio::test]
async fn an_attended_transfer_is_cancelled_and_the_first_call_is_still_there() {
    let lab = lab().await;
    let mut three = three(&lab).await;
    consult(&mut three).await;
    let Three { mut alice, mut carol, hers, .. } = three;
    alice.cti.command(json!({ "command": "cancelTransfer" })).await;
    takes(&mut alice, Method::Bye).await;
    takes(&mut carol, Method::Bye).await;
    alice.cti.event("EventReleased").await;
    let options = alice.inside(&hers, Method::Options);
    assert_eq!(alice.ask(options).await.1.status, StatusCode::OK);
}

#[tokio::test]
async fn a_transfer_that_cannot_be_is_an_error_in_words() {
    let lab = lab().await;
    let mut alice = Phone::registered(lab.address, "alice").await;
    for (command, words) in [
        (json!({ "command": "directTransfer", "destination": "1003" }), "there is no call to transfer"),
        (json!({ "command": "attendedTransfer", "destination": "1003" }), "there is no call to transfer"),
        (json!({ "command": "completeTransfer" }), "there is no transfer to complete"),
        (json!({ "command": "cancelTransfer" }), "there is no transfer to cancel"),
    ] {
        alice.cti.command(command).await;
        assert_eq!(alice.cti.expect("Error").await["Error"], words);
    }
}

/// REFER in Alice's first call; gives the status.
async fn refer(alice: &mut Phone, hers: &Talk, to: &str) -> StatusCode {
    let mut refer = alice.inside(hers, Method::Refer);
    refer.headers.push(Name::REFER_TO, to);
    alice.ask(refer).await.1.status
}

#[tokio::test]
async fn refer_moves_the_other_side_and_tells_how_it_goes() {
    let lab = lab().await;
    let Three { mut alice, mut bob, mut carol, mut bobs, mut carols, hers, .. } = three(&lab).await;
    assert_eq!(refer(&mut alice, &hers, "<sip:1003@default>").await, StatusCode::ACCEPTED);
    assert_eq!(notified(&mut alice).await, (StatusCode::TRYING, false));
    let incoming = carol.request(Method::Invite).await;
    carol.answer(&incoming, StatusCode::RINGING, "").await;
    assert_eq!(notified(&mut alice).await, (StatusCode::RINGING, false));
    bob.takes_change(&mut bobs).await;
    let answer = carols.answer(&incoming.body);
    carol.answer(&incoming, StatusCode::OK, &answer).await;
    carol.request(Method::Ack).await;
    assert_eq!(notified(&mut alice).await, (StatusCode::OK, true));
    takes(&mut alice, Method::Bye).await;
    alice.cti.event("EventReleased").await;
    Peer::understand_each_other(&mut bobs, &mut carols).await;
}

#[tokio::test]
async fn refer_that_fails_gives_the_call_back() {
    let lab = lab().await;
    let Three { mut alice, mut bob, mut carol, mut alices, mut bobs, hers, .. } = three(&lab).await;
    assert_eq!(refer(&mut alice, &hers, "<sip:4711@default>").await, StatusCode::NOT_FOUND);
    assert_eq!(refer(&mut alice, &hers, "sip:").await, StatusCode::BAD_REQUEST);
    assert_eq!(refer(&mut alice, &hers, "<sip:1003@default>").await, StatusCode::ACCEPTED);
    assert_eq!(notified(&mut alice).await, (StatusCode::TRYING, false));
    let incoming = carol.request(Method::Invite).await;
    bob.takes_change(&mut bobs).await;
    carol.answer(&incoming, StatusCode::BUSY_HERE, "").await;
    assert_eq!(notified(&mut alice).await, (StatusCode::BUSY_HERE, true));
    // Alice holds Bob still, and can take him back.
    bob.takes_change(&mut bobs).await;
    let answer = alice.change(&hers, &alices.offer_sound(Direction::SendRecv)).await;
    alices.accept(&answer.body);
    bob.takes_change(&mut bobs).await;
    Peer::understand_each_other(&mut alices, &mut bobs).await;
}

#[tokio::test]
async fn refer_with_replaces_joins_two_calls() {
    let lab = lab().await;
    let Three { mut alice, mut bob, mut carol, mut bobs, mut carols, hers, .. } = three(&lab).await;
    let mut others = Peer::saying("A2").await;
    let (second, _) = talk_together((&mut alice, &mut others), (&mut carol, &mut carols), "1003").await;
    let to = ReferTo { target: Uri::sip(Some("1003"), "default"), replaces: Some(named(&second)) };
    assert_eq!(refer(&mut alice, &hers, &to.to_string()).await, StatusCode::ACCEPTED);
    assert_eq!(notified(&mut alice).await, (StatusCode::OK, true));
    takes(&mut alice, Method::Bye).await;
    takes(&mut alice, Method::Bye).await;
    bob.takes_change(&mut bobs).await;
    Peer::understand_each_other(&mut bobs, &mut carols).await;
    let unknown = Replaces { call_id: "nobody's".into(), ..named(&second) };
    let mut dave = Phone::registered(lab.address, "dave").await;
    let his = dave.talks_to("*55", &mut Peer::saying("D").await).await;
    let to = ReferTo { target: Uri::sip(Some("1003"), "default"), replaces: Some(unknown) };
    assert_eq!(refer(&mut dave, &his, &to.to_string()).await, StatusCode::NOT_FOUND);
}

/// The dialog as the lab is told of it.
fn named(talk: &Talk) -> Replaces {
    let (Talk::Ours(invite, ok) | Talk::Theirs(invite, ok)) = talk;
    let tag = |address: NameAddr| address.tag().unwrap().to_owned();
    let (from, to) = (tag(ok.headers.from().unwrap()), tag(ok.headers.to().unwrap()));
    let (to_tag, from_tag) = match talk {
        Talk::Ours(..) => (to, from),
        Talk::Theirs(..) => (from, to),
    };
    Replaces { call_id: invite.headers.call_id().unwrap().into(), to_tag, from_tag, early_only: false }
}

#[tokio::test]
async fn a_phone_takes_the_place_of_its_former_self() {
    let lab = lab().await;
    let Three { mut alice, mut bob, mut bobs, hers, .. } = three(&lab).await;
    // As after a reload: the websocket is another, and so are the media.
    let mut reloaded = Phone::of(lab.address, "alice").await;
    assert_eq!(reloaded.register(60).await.status, StatusCode::OK);
    let mut again = Peer::saying("A again").await;
    let (invite, ok) = reloaded.replace(&named(&hers), &again.offer()).await;
    assert_eq!(ok.status, StatusCode::OK);
    let confirm = reloaded.within(&invite, &ok, Method::Ack);
    reloaded.send(confirm).await;
    again.accept(&ok.body);
    takes(&mut alice, Method::Bye).await;
    bob.takes_change(&mut bobs).await;
    Peer::understand_each_other(&mut again, &mut bobs).await;
    let event = reloaded.cti.event("EventEstablished").await;
    assert_eq!(event["userData"]["SIPCALLID"], invite.headers.call_id().unwrap());
    // It is nobody's any more.
    let (invite, gone) = reloaded.replace(&named(&hers), &Peer::saying("").await.offer()).await;
    assert_eq!(gone.status, StatusCode::CALL_OR_TRANSACTION_DOES_NOT_EXIST);
    reloaded.send(ack(&invite, &gone)).await;
    let mut mallory = Phone::registered(lab.address, "dave").await;
    let others = mallory.replace(&named(&hers), &Peer::saying("").await.offer()).await.1;
    assert!(others.status.is_failure());
    assert_eq!(bob.frames_before_pong().await, 0);
}

//! INFO, REFER and NOTIFY inside a call, and INVITE with Replaces.

use xc_webrtc::sip::event::{Referral, SessionEvent, SessionId};
use xc_webrtc::sip::header::Name;
use xc_webrtc::sip::message::Request;
use xc_webrtc::sip::method::Method;
use xc_webrtc::sip::user_agent::CommandError;

use crate::support::peer::challenge;
use crate::support::{ANSWER, Bench, OFFER, Peer, With, answer, secs, status};

fn info(bench: &mut Bench, id: SessionId) -> Result<(), CommandError> {
    bench.command(|ua, now| ua.info(id, "application/dtmf-relay", "Signal=1\r\n", now))
}

fn refer(bench: &mut Bench, id: SessionId) -> Result<(), CommandError> {
    let carol = "sip:carol@example.org".parse().unwrap();
    bench.command(|ua, now| ua.refer(id, carol, now))
}

fn notify(peer: &mut Peer, state: &str, body: &str) -> Request {
    peer.request(Method::Notify)
        .with(Name::EVENT, "refer;id=2")
        .with(Name::SUBSCRIPTION_STATE, state)
        .body("message/sipfrag;version=2.0", body)
}

#[test]
fn an_info_goes_out_at_a_time_and_with_credentials_where_they_are_asked_for() {
    let mut bench = Bench::connected();
    let (id, _) = bench.in_call();
    info(&mut bench, id).unwrap();
    let first = bench.request(Method::Info);
    assert_eq!(first.headers.content_type(), Some("application/dtmf-relay"));
    assert_eq!(info(&mut bench, id), Err(CommandError::WrongState));
    bench.receive(challenge(&first, 407, "n1"));
    let again = bench.request(Method::Info);
    assert!(again.headers.get(&Name::PROXY_AUTHORIZATION).is_some());
    assert_eq!(again.body, "Signal=1\r\n");
    bench.receive(answer(&again, 200));
    assert_eq!(bench.session_event(), SessionEvent::InfoAnswered { status: Some(status(200)) });
    info(&mut bench, id).unwrap();
    bench.request(Method::Info);
    bench.pass(secs(32));
    assert_eq!(bench.session_event(), SessionEvent::InfoAnswered { status: None });
    info(&mut bench, id).unwrap();
    bench.request(Method::Info);
    bench.close();
    assert_eq!(bench.session_event(), SessionEvent::InfoAnswered { status: None });
    assert_eq!(info(&mut bench, id), Err(CommandError::NotConnected));
    bench.quiet();
}

#[test]
fn an_info_of_theirs_is_taken_when_it_has_tones_or_nothing() {
    let mut bench = Bench::connected();
    let (_, mut peer) = bench.in_received_call();
    bench.receive(peer.request(Method::Info));
    bench.response(200);
    bench.receive(peer.request(Method::Info).body("Application/DTMF-Relay", "Signal=1"));
    bench.response(200);
    bench.receive(peer.request(Method::Info).body("text/html", "<b>"));
    let refusal = bench.response(415);
    assert_eq!(refusal.headers.get(&Name::ACCEPT), Some("application/dtmf-relay, application/dtmf"));
    bench.quiet();
}

#[test]
fn a_refer_is_told_from_its_answer_to_the_last_notify() {
    let mut bench = Bench::connected();
    let (id, mut peer) = bench.in_call();
    refer(&mut bench, id).unwrap();
    let request = bench.request(Method::Refer);
    assert_eq!(request.headers.refer_to().unwrap().target.to_string(), "sip:carol@example.org");
    assert_eq!(request.headers.referred_by().unwrap().user(), "alice");
    assert!(request.headers.get(&Name::CONTACT).is_some(), "Asterisk answers 400 without");
    assert_eq!(refer(&mut bench, id), Err(CommandError::WrongState), "one at a time");
    bench.receive(answer(&request, 202));
    assert_eq!(bench.session_event(), SessionEvent::Referral(Referral::Accepted));
    bench.receive(notify(&mut peer, "active;expires=60", "SIP/2.0 180 Ringing\r\n"));
    bench.response(200);
    bench.quiet();
    bench.receive(notify(&mut peer, "terminated;reason=noresource", "SIP/2.0 200 OK\r\n"));
    bench.response(200);
    assert_eq!(bench.session_event(), SessionEvent::Referral(Referral::Succeeded));
    bench.receive(notify(&mut peer, "active", "SIP/2.0 200 OK\r\n"));
    bench.response(481);
    bench.quiet();
}

#[test]
fn a_notify_may_overtake_the_answer_to_its_refer() {
    let mut bench = Bench::connected();
    let (id, mut peer) = bench.in_call();
    refer(&mut bench, id).unwrap();
    let request = bench.request(Method::Refer);
    bench.receive(notify(&mut peer, "terminated", "SIP/2.0 200 OK\r\n"));
    bench.response(200);
    assert_eq!(bench.session_event(), SessionEvent::Referral(Referral::Succeeded));
    bench.receive(answer(&request, 202));
    assert_eq!(bench.session_event(), SessionEvent::Referral(Referral::Accepted));
    bench.quiet();
}

#[test]
fn a_refer_fails_by_refusal_by_silence_and_with_the_transport() {
    let mut bench = Bench::connected();
    let (id, mut peer) = bench.in_call();
    refer(&mut bench, id).unwrap();
    let request = bench.request(Method::Refer);
    bench.receive(answer(&request, 603));
    let failed = |event| match event {
        SessionEvent::Referral(Referral::Failed { status, .. }) => status.map(|status| status.code()),
        other => panic!("{other:?}"),
    };
    assert_eq!(failed(bench.session_event()), Some(603));
    refer(&mut bench, id).unwrap();
    bench.request(Method::Refer);
    bench.pass(secs(32));
    assert_eq!(failed(bench.session_event()), None);
    refer(&mut bench, id).unwrap();
    bench.request(Method::Refer);
    bench.receive(notify(&mut peer, "terminated;reason=giveup", "nonsense"));
    bench.response(200);
    assert_eq!(failed(bench.session_event()), None);
    refer(&mut bench, id).unwrap();
    bench.request(Method::Refer);
    bench.close();
    assert_eq!(failed(bench.session_event()), None);
    bench.quiet();
}

#[test]
fn a_notify_of_another_package_belongs_to_no_subscription_of_ours() {
    let mut bench = Bench::connected();
    let (id, mut peer) = bench.in_call();
    refer(&mut bench, id).unwrap();
    bench.request(Method::Refer);
    bench.receive(peer.request(Method::Notify).with(Name::EVENT, "message-summary"));
    bench.response(481);
    bench.receive(peer.request(Method::Notify));
    bench.response(481);
    bench.quiet();
}

#[test]
fn a_refer_to_a_session_names_its_dialog_from_the_other_side() {
    let mut bench = Bench::connected();
    let (first, _) = bench.in_call();
    let (second, consultation) = bench.call(Some(OFFER));
    let early = bench.command(|ua, now| ua.refer_to_session(first, second, now));
    assert_eq!(early, Err(CommandError::WrongState));
    bench.receive(answer(&consultation, 200).sdp(ANSWER));
    bench.session_event();
    bench.request(Method::Ack);
    bench.command(|ua, now| ua.refer_to_session(first, second, now)).unwrap();
    let refer_to = bench.request(Method::Refer).headers.refer_to().unwrap();
    let replaces = refer_to.replaces.unwrap();
    assert_eq!(refer_to.target.to_string(), "sip:bob@192.0.2.1:5060;transport=ws");
    assert_eq!(replaces.call_id, consultation.headers.call_id().unwrap());
    assert_eq!(replaces.to_tag, "bob-tag");
    assert_eq!(replaces.from_tag, consultation.headers.from().unwrap().tag().unwrap());
}

#[test]
fn an_invite_takes_the_place_of_an_established_call_alone() {
    let mut bench = Bench::connected();
    let (id, _) = bench.in_call();
    let (_, ringing) = bench.call(Some(OFFER));
    let call_id = ringing.headers.call_id().unwrap().to_owned();
    let tag = ringing.headers.from().unwrap().tag().unwrap().to_owned();
    let invite = |name: &str, replaces: &str| {
        Peer::caller(name).invite(Some(OFFER)).with(Name::REPLACES, replaces).with(Name::REQUIRE, "replaces")
    };
    for (name, replaces, code) in [
        ("a", format!("{call_id};to-tag={tag};from-tag=bob-tag"), 481),
        ("b", "unknown;to-tag=1;from-tag=2".to_owned(), 481),
        ("c", "unreadable".to_owned(), 400),
    ] {
        bench.receive(invite(name, &replaces));
        bench.response(code);
    }
    bench.receive(answer(&ringing, 200).sdp(ANSWER));
    bench.session_event();
    bench.request(Method::Ack);
    bench.receive(invite("d", &format!("{call_id};to-tag={tag};from-tag=bob-tag;early-only")));
    bench.response(486);
    bench.receive(invite("e", &format!("{call_id};to-tag={tag};from-tag=other")));
    bench.response(481);
    bench.receive(
        invite("f", &format!("{call_id};to-tag={tag};from-tag=bob-tag"))
            .with(Name::REPLACES, "x;to-tag=1;from-tag=2"),
    );
    bench.response(400);
    bench.receive(invite("g", &format!("{call_id};from-tag=bob-tag;to-tag={tag}")));
    bench.response(100);
    let (_, incoming) = bench.incoming();
    assert!(incoming.replaces.is_some_and(|replaced| replaced != id));
    bench.quiet();
}

//! Who is there, as the other side and its servers say it, during a call too (RFC 3325, RFC 3323, RFC 4916).

use xc_webrtc::sip::event::SessionEvent;
use xc_webrtc::sip::header::Name;
use xc_webrtc::sip::method::Method;

use crate::support::{ANSWER, Bench, OFFER, Peer, With, answer};

fn identity(bench: &mut Bench) -> String {
    match bench.session_event() {
        SessionEvent::Identity(identity) => identity.to_string(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn who_wants_to_be_unknown_is() {
    let mut bench = Bench::connected();
    for (at, (fields, known)) in [
        (vec![(Name::P_ASSERTED_IDENTITY, "<sip:1003@x>")], true),
        (vec![(Name::P_ASSERTED_IDENTITY, "<sip:1003@x>"), (Name::PRIVACY, "none")], true),
        (vec![(Name::P_ASSERTED_IDENTITY, "<sip:1003@x>"), (Name::PRIVACY, "critical;id")], false),
        (vec![(Name::P_ASSERTED_IDENTITY, "<sip:1003@x>"), (Name::PRIVACY, "User")], false),
        (vec![(Name::REMOTE_PARTY_ID, "<sip:1003@x>;party=calling;privacy=off;screen=yes")], true),
        (vec![(Name::REMOTE_PARTY_ID, "<sip:1003@x>;party=calling;privacy=full")], false),
    ]
    .into_iter()
    .enumerate()
    {
        let mut invite = Peer::caller(&format!("call-{at}")).invite(Some(OFFER));
        for (name, value) in &fields {
            invite = invite.with(name.clone(), value);
        }
        bench.receive(invite);
        bench.response(100);
        assert_eq!(bench.incoming().1.identity.is_some(), known, "{fields:?}");
    }
}

#[test]
fn the_answer_to_our_re_invite_may_say_who_is_there_now() {
    let mut bench = Bench::connected();
    let (id, _) = bench.in_call();
    bench.command(|ua, now| ua.reoffer(id, OFFER, now)).unwrap();
    let invite = bench.request(Method::Invite);
    bench.receive(answer(&invite, 200).sdp(ANSWER).with(Name::P_ASSERTED_IDENTITY, "\"Carol\" <sip:1003@x>"));
    bench.request(Method::Ack);
    assert_eq!(identity(&mut bench), "\"Carol\" <sip:1003@x>");
    assert!(matches!(bench.session_event(), SessionEvent::Answer { .. }));
}

#[test]
fn another_from_is_another_party_and_stays_it() {
    let mut bench = Bench::connected();
    let (id, mut peer) = bench.in_received_call();
    let update =
        peer.request(Method::Update).set(Name::FROM, "\"Carol\" <sip:carol@example.org>;tag=bob-tag");
    bench.receive(update);
    bench.response(200);
    assert!(identity(&mut bench).starts_with("\"Carol\" <sip:carol@example.org>"));
    let mut again = peer.request(Method::Update);
    again.headers.set(Name::FROM, "<sip:carol@example.org>;tag=bob-tag");
    bench.receive(again);
    bench.response(200);
    bench.quiet();
    bench.command(|ua, now| ua.hang_up(id, now)).unwrap();
    let bye = bench.request(Method::Bye);
    assert!(bye.headers.get(&Name::TO).unwrap().contains("sip:carol@example.org"));
    assert_eq!(bye.headers.tag(&Name::TO).as_deref(), Some("bob-tag"));
}

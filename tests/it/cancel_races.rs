//! CANCEL against everything that can cross it.

use xc_webrtc::sip::event::{EndedCause, SessionEvent};
use xc_webrtc::sip::header::Name;
use xc_webrtc::sip::method::Method;

use crate::support::peer::{answer_as, challenge};
use crate::support::{ANSWER, Bench, OFFER, answer, secs};

#[test]
fn a_ringing_call_is_cancelled() {
    let mut bench = Bench::connected();
    let (id, invite) = bench.call(Some(OFFER));
    bench.receive(answer(&invite, 180));
    bench.session_event();
    bench.command(|ua, now| ua.hang_up(id, now)).unwrap();
    let cancel = bench.request(Method::Cancel);
    assert_eq!(cancel.uri, invite.uri);
    assert_eq!(cancel.headers.vias(), invite.headers.vias());
    assert_eq!(cancel.headers.cseq().unwrap().number, invite.headers.cseq().unwrap().number);
    assert_eq!(cancel.headers.to(), invite.headers.to());
    assert_eq!(bench.ended_by(), EndedCause::LocalCancel);
    bench.receive(answer(&cancel, 200));
    bench.receive(answer(&invite, 487));
    bench.request(Method::Ack);
    bench.quiet();
    assert!(bench.ua.is_idle());
}

#[test]
fn a_cancel_before_any_answer_waits_for_the_first_provisional_one() {
    let mut bench = Bench::connected();
    let (id, invite) = bench.call(Some(OFFER));
    bench.command(|ua, now| ua.hang_up(id, now)).unwrap();
    assert_eq!(bench.ended_by(), EndedCause::LocalCancel);
    bench.quiet();
    bench.pass(secs(5));
    bench.quiet();
    bench.receive(answer(&invite, 100));
    let cancel = bench.request(Method::Cancel);
    bench.receive(answer(&invite, 180));
    // One CANCEL is enough.
    bench.quiet();
    bench.receive(answer(&cancel, 200));
    bench.receive(answer(&invite, 487));
    bench.request(Method::Ack);
    bench.over();
}

#[test]
fn a_cancel_that_waits_for_ever_is_forgotten_with_its_invite() {
    let mut bench = Bench::connected();
    let (id, _) = bench.call(Some(OFFER));
    bench.command(|ua, now| ua.hang_up(id, now)).unwrap();
    bench.ended();
    bench.over();
}

#[test]
fn a_200_that_crosses_the_cancel_is_acknowledged_and_ended() {
    let mut bench = Bench::connected();
    let (id, invite) = bench.call(Some(OFFER));
    bench.receive(answer(&invite, 180));
    bench.session_event();
    bench.command(|ua, now| ua.hang_up(id, now)).unwrap();
    let cancel = bench.request(Method::Cancel);
    bench.ended();
    let ok = answer(&invite, 200);
    bench.receive(&ok);
    let ack = bench.request(Method::Ack);
    let bye = bench.request(Method::Bye);
    assert_eq!(bye.headers.to().unwrap().tag(), Some("bob-tag"));
    bench.receive(answer(&cancel, 481));
    // A further copy is acknowledged, not ended again.
    bench.receive(&ok);
    assert_eq!(bench.request(Method::Ack), ack);
    bench.receive(answer(&bye, 200));
    bench.over();
}

#[test]
fn a_200_that_comes_instead_of_the_provisional_answer_is_acknowledged_and_ended() {
    let mut bench = Bench::connected();
    let (id, invite) = bench.call(Some(OFFER));
    bench.command(|ua, now| ua.hang_up(id, now)).unwrap();
    bench.ended();
    bench.receive(answer(&invite, 200));
    bench.request(Method::Ack);
    let bye = bench.request(Method::Bye);
    bench.receive(answer(&bye, 200));
    bench.over();
}

#[test]
fn every_fork_that_answers_after_the_cancel_is_ended() {
    let mut bench = Bench::connected();
    let (id, invite) = bench.call(Some(OFFER));
    bench.receive(answer_as(&invite, 180, "one"));
    bench.session_event();
    bench.command(|ua, now| ua.hang_up(id, now)).unwrap();
    bench.request(Method::Cancel);
    bench.ended();
    for tag in ["one", "two"] {
        bench.receive(answer_as(&invite, 200, tag));
        assert_eq!(bench.request(Method::Ack).headers.to().unwrap().tag(), Some(tag));
        let bye = bench.request(Method::Bye);
        bench.receive(answer_as(&bye, 200, tag));
    }
    bench.over();
}

#[test]
fn a_busy_that_crosses_the_cancel_ends_nothing_twice() {
    let mut bench = Bench::connected();
    let (id, invite) = bench.call(Some(OFFER));
    bench.receive(answer(&invite, 180));
    bench.session_event();
    bench.command(|ua, now| ua.hang_up(id, now)).unwrap();
    let cancel = bench.request(Method::Cancel);
    assert_eq!(bench.ended_by(), EndedCause::LocalCancel);
    bench.receive(answer(&invite, 486));
    bench.request(Method::Ack);
    bench.receive(answer(&cancel, 481));
    bench.over();
}

#[test]
fn a_challenge_that_crosses_the_cancel_is_not_met() {
    let mut bench = Bench::connected();
    let (id, invite) = bench.call(Some(OFFER));
    bench.command(|ua, now| ua.hang_up(id, now)).unwrap();
    bench.ended();
    bench.receive(challenge(&invite, 407, "p1"));
    bench.request(Method::Ack);
    bench.over();
}

#[test]
fn a_cancel_carries_no_credentials() {
    let mut bench = Bench::connected();
    let (id, first) = bench.call(Some(OFFER));
    bench.receive(challenge(&first, 407, "p1"));
    bench.request(Method::Ack);
    let second = bench.request(Method::Invite);
    bench.receive(answer(&second, 180));
    bench.session_event();
    bench.command(|ua, now| ua.hang_up(id, now)).unwrap();
    let cancel = bench.request(Method::Cancel);
    assert_eq!(cancel.headers.get(&Name::PROXY_AUTHORIZATION), None);
    assert_eq!(cancel.headers.vias(), second.headers.vias());
}

#[test]
fn an_invite_that_nobody_ends_after_the_cancel_is_forgotten() {
    let mut bench = Bench::connected();
    let (id, invite) = bench.call(Some(OFFER));
    bench.receive(answer(&invite, 180));
    bench.session_event();
    bench.command(|ua, now| ua.hang_up(id, now)).unwrap();
    let cancel = bench.request(Method::Cancel);
    bench.ended();
    bench.receive(answer(&cancel, 200));
    bench.over();
}

#[test]
fn our_200_crosses_the_callers_cancel() {
    let mut bench = Bench::connected();
    let (id, mut peer, invite) = bench.called(Some(OFFER));
    bench.command(|ua, now| ua.accept(id, ANSWER, now)).unwrap();
    let ok = bench.response(200);
    bench.receive(peer.beside(&invite, Method::Cancel));
    // RFC 3261 §9.2: a CANCEL has no effect on an INVITE that was answered.
    bench.response(200);
    bench.quiet();
    peer.learn(&ok);
    bench.receive(peer.ack(&invite));
    assert_eq!(bench.session_event(), SessionEvent::Confirmed { answer: None });
    bench.receive(peer.request(Method::Bye));
    bench.response(200);
    assert_eq!(bench.ended_by(), EndedCause::RemoteBye);
    bench.over();
}

#[test]
fn a_cancel_of_nothing_is_told_so() {
    let mut bench = Bench::connected();
    let (id, peer, invite) = bench.called(Some(OFFER));
    bench.command(|ua, now| ua.refuse(id, crate::support::status(486), now)).unwrap();
    bench.response(486);
    bench.ended();
    bench.receive(peer.beside(&invite, Method::Ack));
    bench.receive(peer.beside(&invite, Method::Cancel));
    bench.response(481);
    bench.over();
}

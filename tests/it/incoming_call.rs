//! Stories of calls to us: ringing, answering, refusing, the caller giving up.

use xc_webrtc::sip::event::{EndedCause, SessionEvent};
use xc_webrtc::sip::header::Name;
use xc_webrtc::sip::method::Method;
use xc_webrtc::sip::user_agent::CommandError;

use crate::support::{ANSWER, Bench, OFFER, Peer, With, answer, millis, secs, status};

#[test]
fn a_call_rings_is_answered_and_hung_up_by_the_caller() {
    let mut bench = Bench::connected();
    let mut peer = Peer::caller("bobs-call");
    let invite = peer
        .invite(Some(OFFER))
        .with(Name::P_ASSERTED_IDENTITY, "\"Bob B.\" <sip:1002@example.org>")
        .with(Name::ALERT_INFO, "xivo-autoanswer")
        .with(Name::RECORD_ROUTE, "<sip:proxy.example.org;lr>");
    bench.receive(&invite);
    let trying = bench.response(100);
    assert_eq!(trying.headers.to().unwrap().tag(), None);
    let (id, incoming) = bench.incoming();
    assert_eq!(incoming.call_id, "bobs-call");
    assert_eq!(incoming.from.display_name.as_deref(), Some("Bob"));
    assert_eq!(incoming.identity.as_ref().unwrap().user(), "1002");
    assert_eq!(incoming.offer.as_deref(), Some(OFFER));
    assert_eq!(incoming.headers.alert_info().next(), Some("xivo-autoanswer"));

    bench.command(|ua, now| ua.ring(id, now)).unwrap();
    let ringing = bench.response(180);
    assert!(ringing.headers.to().unwrap().tag().is_some());
    assert!(ringing.headers.get(&Name::CONTACT).is_some());

    bench.command(|ua, now| ua.accept(id, ANSWER, now)).unwrap();
    let ok = bench.response(200);
    assert_eq!(ok.body, ANSWER);
    assert_eq!(ok.headers.content_type(), Some("application/sdp"));
    assert_eq!(ok.headers.to(), ringing.headers.to());
    assert_eq!(ok.headers.get(&Name::RECORD_ROUTE), Some("<sip:proxy.example.org;lr>"));
    bench.quiet();
    peer.learn(&ok);
    bench.receive(peer.ack(&invite));
    assert_eq!(bench.session_event(), SessionEvent::Confirmed { answer: None });

    bench.receive(peer.request(Method::Bye).with(Name::REASON, "Q.850;cause=16;text=\"Normal\""));
    bench.response(200);
    let ended = bench.ended();
    assert_eq!(ended.cause, EndedCause::RemoteBye);
    assert_eq!(ended.reason.as_deref(), Some("Normal"));
    bench.over();
}

#[test]
fn our_requests_in_a_received_call_take_the_recorded_route() {
    let mut bench = Bench::connected();
    let mut peer = Peer::caller("bobs-call");
    let invite = peer
        .invite(Some(OFFER))
        .with(Name::RECORD_ROUTE, "<sip:near.example.org;lr>, <sip:far.example.org;lr>");
    bench.receive(&invite);
    bench.response(100);
    let (id, _) = bench.incoming();
    bench.command(|ua, now| ua.accept(id, ANSWER, now)).unwrap();
    peer.learn(&bench.response(200));
    bench.receive(peer.ack(&invite));
    bench.session_event();
    bench.command(|ua, now| ua.hang_up(id, now)).unwrap();
    let bye = bench.request(Method::Bye);
    let hosts: Vec<_> = bye.headers.route().unwrap().into_iter().map(|route| route.uri.host).collect();
    assert_eq!(hosts, ["near.example.org", "far.example.org"]);
    assert_eq!(bye.uri.to_string(), "sip:bob@192.0.2.1:5060;transport=ws");
    assert_eq!(bye.headers.to().unwrap().tag(), Some("bob-tag"));
}

#[test]
fn a_200_is_repeated_until_the_ack_comes() {
    let mut bench = Bench::connected();
    let (id, mut peer, invite) = bench.called(Some(OFFER));
    bench.command(|ua, now| ua.accept(id, ANSWER, now)).unwrap();
    let ok = bench.response(200);
    bench.pass(millis(499));
    bench.quiet();
    bench.pass(millis(1));
    assert_eq!(bench.response(200), ok);
    bench.pass(secs(1));
    assert_eq!(bench.response(200), ok);
    peer.learn(&ok);
    bench.receive(peer.ack(&invite));
    assert_eq!(bench.session_event(), SessionEvent::Confirmed { answer: None });
    // The ACK to a further copy is no news.
    bench.receive(peer.ack(&invite));
    bench.pass(secs(60));
    bench.quiet();
}

#[test]
fn a_200_that_is_never_acknowledged_ends_the_call_by_bye() {
    let mut bench = Bench::connected();
    let (id, ..) = bench.called(Some(OFFER));
    bench.command(|ua, now| ua.accept(id, ANSWER, now)).unwrap();
    for _ in 0..11 {
        bench.pass(secs(4));
    }
    // The first, and copies after 0.5, 1.5, 3.5, 7.5 … 31.5 seconds.
    for _ in 0..11 {
        bench.response(200);
    }
    let bye = bench.request(Method::Bye);
    assert_eq!(bench.ended_by(), EndedCause::TimedOut);
    bench.receive(answer(&bye, 200));
    bench.over();
}

#[test]
fn an_invite_without_offer_gets_ours_in_the_200_and_answers_in_the_ack() {
    let mut bench = Bench::connected();
    let mut peer = Peer::caller("bobs-call");
    let invite = peer.invite(None);
    bench.receive(&invite);
    bench.response(100);
    let (id, incoming) = bench.incoming();
    assert_eq!(incoming.offer, None);
    bench.command(|ua, now| ua.accept(id, OFFER, now)).unwrap();
    let ok = bench.response(200);
    assert_eq!(ok.body, OFFER);
    peer.learn(&ok);
    bench.receive(peer.ack(&invite).sdp(ANSWER));
    assert_eq!(bench.session_event(), SessionEvent::Confirmed { answer: Some(ANSWER.into()) });
}

#[test]
fn an_ack_without_the_answer_it_owes_ends_the_call() {
    let mut bench = Bench::connected();
    let (id, mut peer, invite) = bench.called(None);
    bench.command(|ua, now| ua.accept(id, OFFER, now)).unwrap();
    peer.learn(&bench.response(200));
    bench.receive(peer.ack(&invite));
    let bye = bench.request(Method::Bye);
    assert!(matches!(bench.ended_by(), EndedCause::Protocol(_)));
    bench.receive(answer(&bye, 200));
    bench.over();
}

#[test]
fn a_call_is_refused_with_the_status_given() {
    let mut bench = Bench::connected();
    let (id, peer, invite) = bench.called(Some(OFFER));
    assert_eq!(bench.command(|ua, now| ua.refuse(id, status(200), now)), Err(CommandError::WrongStatus));
    assert_eq!(bench.command(|ua, now| ua.progress(id, status(486), now)), Err(CommandError::WrongStatus));
    bench.command(|ua, now| ua.refuse(id, status(486), now)).unwrap();
    let refusal = bench.response(486);
    assert!(refusal.headers.to().unwrap().tag().is_some());
    assert_eq!(bench.ended_by(), EndedCause::LocalRefusal(status(486)));
    // The INVITE comes again before the refusal was seen.
    bench.receive(&invite);
    assert_eq!(bench.response(486), refusal);
    bench.receive(peer.beside(&invite, Method::Ack));
    bench.quiet();
    assert!(bench.ua.is_idle());
}

#[test]
fn hanging_up_a_ringing_call_declines_it() {
    let mut bench = Bench::connected();
    let (id, ..) = bench.called(Some(OFFER));
    bench.command(|ua, now| ua.hang_up(id, now)).unwrap();
    bench.response(603);
    assert_eq!(bench.ended_by(), EndedCause::LocalRefusal(status(603)));
    // Timer H: an ACK that never comes is not waited for without end.
    bench.over();
}

#[test]
fn the_caller_gives_up() {
    let mut bench = Bench::connected();
    let (id, peer, invite) = bench.called(Some(OFFER));
    bench.command(|ua, now| ua.ring(id, now)).unwrap();
    bench.response(180);
    bench.receive(peer.beside(&invite, Method::Cancel));
    bench.response(200);
    bench.response(487);
    assert_eq!(bench.ended_by(), EndedCause::RemoteCancel { answered_elsewhere: false });
    bench.receive(peer.beside(&invite, Method::Ack));
    bench.quiet();
    assert!(bench.ua.is_idle());
}

#[test]
fn another_phone_took_the_call() {
    for reason in ["SIP;cause=200;text=\"Call completed elsewhere\"", "Q.850;cause=26"] {
        let mut bench = Bench::connected();
        let (_, peer, invite) = bench.called(Some(OFFER));
        bench.receive(peer.beside(&invite, Method::Cancel).with(Name::REASON, reason));
        bench.response(200);
        bench.response(487);
        assert_eq!(bench.ended_by(), EndedCause::RemoteCancel { answered_elsewhere: true });
    }
}

#[test]
fn a_caller_may_give_up_by_bye_once_it_knows_our_tag() {
    let mut bench = Bench::connected();
    let (id, mut peer, _) = bench.called(Some(OFFER));
    bench.command(|ua, now| ua.ring(id, now)).unwrap();
    peer.learn(&bench.response(180));
    bench.receive(peer.request(Method::Bye));
    bench.response(200);
    bench.response(487);
    assert_eq!(bench.ended_by(), EndedCause::RemoteCancel { answered_elsewhere: false });
    bench.over();
}

#[test]
fn ringing_is_repeated_every_minute() {
    let mut bench = Bench::connected();
    let (id, ..) = bench.called(Some(OFFER));
    bench.command(|ua, now| ua.ring(id, now)).unwrap();
    let ringing = bench.response(180);
    for _ in 0..3 {
        bench.pass(secs(60));
        assert_eq!(bench.response(180), ringing);
    }
    bench.quiet();
}

#[test]
fn the_patience_that_the_invite_names_is_respected() {
    let mut bench = Bench::connected();
    let mut peer = Peer::caller("bobs-call");
    bench.receive(peer.invite(Some(OFFER)).with(Name::EXPIRES, "20"));
    bench.response(100);
    bench.incoming();
    bench.pass(secs(20));
    bench.response(487);
    assert_eq!(bench.ended_by(), EndedCause::RemoteCancel { answered_elsewhere: false });
    bench.over();
}

#[test]
fn a_repeated_invite_rings_once() {
    let mut bench = Bench::connected();
    let (id, _, invite) = bench.called(Some(OFFER));
    bench.receive(&invite);
    bench.response(100);
    bench.command(|ua, now| ua.ring(id, now)).unwrap();
    let ringing = bench.response(180);
    bench.receive(&invite);
    assert_eq!(bench.response(180), ringing);
    bench.command(|ua, now| ua.accept(id, ANSWER, now)).unwrap();
    bench.response(200);
    bench.receive(&invite);
    bench.quiet();
}

#[test]
fn the_same_invite_over_another_path_is_a_loop() {
    let mut bench = Bench::connected();
    let (_, _, invite) = bench.called(Some(OFFER));
    let via = "SIP/2.0/WSS other.example.org;branch=z9hG4bK-other";
    bench.receive(invite.set(Name::VIA, via));
    bench.response(482);
    bench.quiet();
}

#[test]
fn a_call_that_rings_does_not_survive_the_transport() {
    let mut bench = Bench::connected();
    let (id, ..) = bench.called(Some(OFFER));
    bench.close();
    assert_eq!(bench.ended_by(), EndedCause::TransportLost);
    assert_eq!(bench.command(|ua, now| ua.accept(id, ANSWER, now)), Err(CommandError::UnknownSession));
    bench.over();
}

#[test]
fn hanging_up_before_the_ack_waits_for_it() {
    let mut bench = Bench::connected();
    let (id, mut peer, invite) = bench.called(Some(OFFER));
    bench.command(|ua, now| ua.accept(id, ANSWER, now)).unwrap();
    let ok = bench.response(200);
    bench.command(|ua, now| ua.hang_up(id, now)).unwrap();
    assert_eq!(bench.ended_by(), EndedCause::LocalBye);
    bench.quiet();
    bench.pass(millis(500));
    assert_eq!(bench.response(200), ok);
    peer.learn(&ok);
    bench.receive(peer.ack(&invite));
    let bye = bench.request(Method::Bye);
    bench.receive(answer(&bye, 200));
    bench.over();
}

#[test]
fn several_calls_may_ring_and_the_seventeenth_hears_busy() {
    let mut bench = Bench::connected();
    for call in 0..16 {
        bench.receive(Peer::caller(&format!("call-{call}")).invite(Some(OFFER)));
        bench.response(100);
        bench.incoming();
    }
    bench.receive(Peer::caller("one-too-many").invite(Some(OFFER)));
    bench.response(486);
    bench.quiet();
}

//! Requests that are no call: capabilities, unknown methods and extensions, dialogs that are not there.

use xc_webrtc::sip::event::SessionEvent;
use xc_webrtc::sip::header::Name;
use xc_webrtc::sip::method::Method;

use crate::support::{ANSWER, Bench, OFFER, Peer, With, status};

#[test]
fn options_is_answered_with_what_we_can_do_inside_and_outside_of_calls() {
    let mut bench = Bench::connected();
    bench.receive(Peer::caller("probe").request(Method::Options));
    let outside = bench.response(200);
    let (_, mut peer) = bench.in_received_call();
    bench.receive(peer.request(Method::Options));
    for response in [outside, bench.response(200)] {
        let allowed: Vec<_> = response.headers.allow().collect();
        let carried_out = "INVITE ACK CANCEL BYE OPTIONS UPDATE PRACK INFO NOTIFY MESSAGE";
        assert_eq!(allowed, carried_out.split(' ').map(Method::from).collect::<Vec<_>>());
        assert_eq!(response.headers.get(&Name::ACCEPT), Some("application/sdp, text/plain"));
        assert_eq!(response.headers.get(&Name::SUPPORTED), Some("replaces, 100rel, timer"));
        assert!(response.headers.to().unwrap().tag().is_some());
    }
    bench.quiet();
}

#[test]
fn methods_that_are_not_carried_out_get_405_or_501_and_the_list_of_those_that_are() {
    let mut bench = Bench::connected();
    let (_, mut peer) = bench.in_received_call();
    let others = [Method::Refer, Method::Subscribe];
    for method in others.into_iter().chain([Method::Register, Method::Other("DANCE".into())]) {
        for request in [Peer::caller("stranger").request(method.clone()), peer.request(method)] {
            // RFC 3261 §21.5.2: what nobody knows is not implemented.
            let code = if matches!(request.method, Method::Other(_)) { 501 } else { 405 };
            bench.receive(request);
            let refusal = bench.response(code);
            assert!(refusal.headers.allow().any(|allowed| allowed == Method::Invite));
        }
    }
    bench.quiet();
}

#[test]
fn an_extension_that_is_required_and_unknown_is_named_in_the_refusal() {
    let mut bench = Bench::connected();
    let invite = Peer::caller("bobs-call").invite(Some(OFFER));
    bench.receive(invite.with(Name::REQUIRE, "path, precondition").with(Name::REQUIRE, "replaces, x"));
    assert_eq!(bench.response(420).headers.get(&Name::UNSUPPORTED), Some("path, precondition, x"));
    // What is only supported there is no matter.
    let invite = Peer::caller("bobs-other-call").invite(Some(OFFER));
    bench.receive(invite.with(Name::SUPPORTED, "path, precondition"));
    bench.response(100);
    bench.incoming();
}

#[test]
fn requests_inside_dialogs_that_are_not_there_get_481() {
    let mut bench = Bench::connected();
    let (_, mut peer) = bench.in_received_call();
    for method in [Method::Bye, Method::Invite, Method::Update, Method::Options] {
        // Another Call-ID, another tag of ours, another tag of theirs.
        bench.receive(peer.request(method.clone()).set(Name::CALL_ID, "another"));
        bench.response(481);
        bench.receive(peer.request(method.clone()).set(Name::TO, "<sip:alice@example.org>;tag=another"));
        bench.response(481);
        bench.receive(peer.request(method).set(Name::FROM, "<sip:bob@example.org>;tag=another"));
        bench.response(481);
    }
    // Without any dialog these have no meaning.
    for method in [Method::Bye, Method::Update, Method::Info] {
        bench.receive(Peer::caller("stranger").request(method));
        bench.response(481);
    }
    bench.quiet();
}

#[test]
fn an_ack_to_nothing_is_not_answered() {
    let mut bench = Bench::connected();
    let (_, mut peer) = bench.in_received_call();
    bench.receive(peer.request(Method::Ack));
    bench.receive(Peer::caller("stranger").request(Method::Ack));
    bench.quiet();
}

#[test]
fn a_cancel_of_another_invite_has_no_effect() {
    let mut bench = Bench::connected();
    let (id, peer, invite) = bench.called(Some(OFFER));
    let other = "SIP/2.0/WSS server.example.org;branch=z9hG4bK-other";
    bench.receive(peer.beside(&invite, Method::Cancel).set(Name::VIA, other));
    bench.response(481);
    bench.command(|ua, now| ua.accept(id, ANSWER, now)).unwrap();
    bench.response(200);
}

#[test]
fn a_body_that_is_no_session_description_is_refused_with_what_would_be_taken() {
    let mut bench = Bench::connected();
    let invite = Peer::caller("bobs-call").invite(None).body("multipart/mixed;boundary=x", "--x--");
    bench.receive(invite);
    assert_eq!(bench.response(415).headers.get(&Name::ACCEPT), Some("application/sdp"));
    let invite = Peer::caller("bobs-other-call").invite(None).body("Application/SDP; charset=utf-8", OFFER);
    bench.receive(invite);
    bench.response(100);
    let (_, incoming) = bench.incoming();
    assert_eq!(incoming.offer.as_deref(), Some(OFFER));
}

#[test]
fn a_peer_of_the_old_school_without_magic_cookie_and_tags_can_call() {
    let mut bench = Bench::connected();
    let mut peer = Peer::caller("old-call");
    let old = |request| With::set(request, Name::FROM, "<sip:old@example.org>");
    let invite = old(peer.invite(Some(OFFER))).set(Name::VIA, "SIP/2.0/WSS old.example.org");
    bench.receive(&invite);
    bench.response(100);
    let (id, _) = bench.incoming();
    bench.receive(&invite);
    bench.response(100);
    bench.command(|ua, now| ua.accept(id, ANSWER, now)).unwrap();
    peer.learn(&bench.response(200));
    bench.receive(old(peer.ack(&invite)));
    assert_eq!(bench.session_event(), SessionEvent::Confirmed { answer: None });
    bench.receive(old(peer.request(Method::Bye)));
    bench.response(200);
    bench.ended();
    bench.over();
}

#[test]
fn one_invite_can_be_refused_with_any_final_status() {
    for code in [300, 404, 486, 500, 603] {
        let mut bench = Bench::connected();
        let (id, ..) = bench.called(Some(OFFER));
        bench.command(|ua, now| ua.refuse(id, status(code), now)).unwrap();
        bench.response(code);
        bench.ended();
        bench.over();
    }
}

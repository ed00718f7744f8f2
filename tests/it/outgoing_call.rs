//! Stories of calls that we make: ringing, early media, answer, refusal, forks, no answer.

use xc_webrtc::sip::event::{EndedCause, SessionEvent};
use xc_webrtc::sip::header::Name;
use xc_webrtc::sip::method::Method;
use xc_webrtc::sip::user_agent::{CommandError, Invite};

use crate::support::peer::{answer_as, challenge};
use crate::support::{ANSWER, Bench, OFFER, Peer, With, answer, millis, secs, status};

#[test]
fn a_call_rings_is_answered_and_hung_up_by_us() {
    let mut bench = Bench::connected();
    let (id, invite) = bench.call(Some(OFFER));
    assert_eq!(invite.uri.to_string(), "sip:bob@example.org");
    assert_eq!(invite.body, OFFER);
    assert_eq!(invite.headers.content_type(), Some("application/sdp"));
    assert!(invite.headers.allow().any(|method| method == Method::Bye));
    assert!(invite.headers.get(&Name::CONTACT).unwrap().contains(".invalid;transport=ws>"));
    assert_eq!(invite.headers.to().unwrap().tag(), None);

    bench.receive(answer(&invite, 100));
    bench.quiet();
    bench.receive(answer(&invite, 180));
    let ringing = SessionEvent::Progress { status: status(180), answer: None, identity: None };
    assert_eq!(bench.session_event(), ringing);

    bench.receive(answer(&invite, 200).sdp(ANSWER));
    let ack = bench.request(Method::Ack);
    assert_eq!(ack.uri.to_string(), "sip:bob@192.0.2.1:5060;transport=ws");
    assert_eq!(ack.headers.cseq().unwrap().number, invite.headers.cseq().unwrap().number);
    assert_eq!(ack.headers.to().unwrap().tag(), Some("bob-tag"));
    assert_ne!(ack.headers.top_via(), invite.headers.top_via());
    assert_eq!(ack.body, "");
    let accepted = SessionEvent::Accepted { answer: Some(ANSWER.into()), offer: None, identity: None };
    assert_eq!(bench.session_event(), accepted);

    bench.command(|ua, now| ua.hang_up(id, now)).unwrap();
    let bye = bench.request(Method::Bye);
    assert_eq!(bye.uri, ack.uri);
    assert_eq!(bye.headers.cseq().unwrap().number, invite.headers.cseq().unwrap().number + 1);
    assert_eq!(bench.ended_by(), EndedCause::LocalBye);
    bench.receive(answer(&bye, 200));
    bench.over();
}

#[test]
fn early_media_is_passed_on_and_counts_when_the_200_has_none() {
    let mut bench = Bench::connected();
    let (_, invite) = bench.call(Some(OFFER));
    bench.receive(answer(&invite, 183).sdp(ANSWER));
    let progress =
        SessionEvent::Progress { status: status(183), answer: Some(ANSWER.into()), identity: None };
    assert_eq!(bench.session_event(), progress);
    bench.receive(answer(&invite, 200));
    bench.request(Method::Ack);
    let accepted = SessionEvent::Accepted { answer: Some(ANSWER.into()), offer: None, identity: None };
    assert_eq!(bench.session_event(), accepted);
}

#[test]
fn the_early_media_of_one_fork_only_is_heard() {
    let mut bench = Bench::connected();
    let (_, invite) = bench.call(Some(OFFER));
    let mut heard = Vec::new();
    for (tag, sdp) in [("one", "v=0 one"), ("two", "v=0 two"), ("one", "v=0 one")] {
        bench.receive(answer_as(&invite, 183, tag).sdp(sdp));
        match bench.session_event() {
            SessionEvent::Progress { answer, .. } => heard.push(answer),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(heard, [Some("v=0 one".into()), None, Some("v=0 one".into())]);
    bench.receive(answer_as(&invite, 200, "two"));
    bench.request(Method::Ack);
    let accepted = SessionEvent::Accepted { answer: Some("v=0 two".into()), offer: None, identity: None };
    assert_eq!(bench.session_event(), accepted);
}

#[test]
fn a_refusal_is_acknowledged_and_told_with_its_reason() {
    let mut bench = Bench::connected();
    for (code, header, reason) in [
        (486, None, "Busy Here"),
        (404, None, "Not Found"),
        (603, Some("Q.850;cause=21;text=\"Call rejected, really\""), "Call rejected, really"),
        (302, None, "Moved Temporarily"),
        (503, Some("Q.850;cause=34"), "Service Unavailable"),
    ] {
        let (_, invite) = bench.call(Some(OFFER));
        let mut refusal = answer(&invite, code);
        if let Some(header) = header {
            refusal = refusal.with(Name::REASON, header);
        }
        bench.receive(refusal);
        let ack = bench.request(Method::Ack);
        // RFC 3261 §17.1.1.3: the ACK to a refusal belongs to the transaction of the INVITE.
        assert_eq!(ack.headers.top_via(), invite.headers.top_via());
        assert_eq!(ack.uri, invite.uri);
        assert_eq!(ack.headers.to().unwrap().tag(), Some("bob-tag"));
        let ended = bench.ended();
        assert_eq!(ended.cause, EndedCause::Refused(status(code)));
        assert_eq!(ended.reason.as_deref(), Some(reason));
    }
    bench.over();
}

#[test]
fn challenges_of_proxy_and_callee_are_met_and_the_ack_carries_the_same_credentials() {
    let mut bench = Bench::connected();
    let (id, first) = bench.call(Some(OFFER));
    bench.receive(challenge(&first, 407, "p1"));
    bench.request(Method::Ack);
    let second = bench.request(Method::Invite);
    bench.receive(challenge(&second, 401, "n1"));
    bench.request(Method::Ack);
    let third = bench.request(Method::Invite);
    assert_eq!(third.body, OFFER);
    assert_eq!(third.headers.cseq().unwrap().number, first.headers.cseq().unwrap().number + 2);
    assert_eq!(third.headers.all(&Name::CONTACT).count(), 1);
    bench.receive(answer(&third, 200).sdp(ANSWER));
    let ack = bench.request(Method::Ack);
    for name in [Name::AUTHORIZATION, Name::PROXY_AUTHORIZATION] {
        assert!(ack.headers.get(&name).is_some());
        assert_eq!(ack.headers.get(&name), third.headers.get(&name));
    }
    assert!(matches!(bench.session_event(), SessionEvent::Accepted { .. }));
    // A BYE may be challenged like any other request.
    bench.command(|ua, now| ua.hang_up(id, now)).unwrap();
    bench.ended();
    let bye = bench.request(Method::Bye);
    bench.receive(challenge(&bye, 401, "n2"));
    let again = bench.request(Method::Bye);
    assert_eq!(again.headers.cseq().unwrap().number, bye.headers.cseq().unwrap().number + 1);
    bench.receive(answer(&again, 200));
    bench.over();
}

#[test]
fn a_challenge_after_credentials_ends_the_call() {
    let mut bench = Bench::connected();
    let (_, first) = bench.call(Some(OFFER));
    bench.receive(challenge(&first, 401, "n1"));
    bench.request(Method::Ack);
    let second = bench.request(Method::Invite);
    bench.receive(challenge(&second, 401, "n2"));
    bench.request(Method::Ack);
    assert_eq!(bench.ended_by(), EndedCause::Refused(status(401)));
    bench.over();
}

#[test]
fn an_invite_without_offer_takes_the_offer_of_the_200_and_answers_in_the_ack() {
    let mut bench = Bench::connected();
    let (id, invite) = bench.call(None);
    assert_eq!(invite.body, "");
    bench.receive(answer(&invite, 183).sdp("v=0 not an offer yet"));
    let progress = SessionEvent::Progress { status: status(183), answer: None, identity: None };
    assert_eq!(bench.session_event(), progress);
    let ok = answer(&invite, 200).sdp(OFFER);
    bench.receive(&ok);
    let accepted = SessionEvent::Accepted { answer: None, offer: Some(OFFER.into()), identity: None };
    assert_eq!(bench.session_event(), accepted);
    // The 200 is repeated while the answer is being made.
    bench.receive(&ok);
    bench.quiet();
    bench.command(|ua, now| ua.answer_offer(id, ANSWER, now)).unwrap();
    let ack = bench.request(Method::Ack);
    assert_eq!(ack.body, ANSWER);
    assert_eq!(ack.headers.content_type(), Some("application/sdp"));
    bench.receive(&ok);
    assert_eq!(bench.request(Method::Ack), ack);
    bench.quiet();
}

#[test]
fn an_offer_in_a_200_that_cannot_be_taken_is_acknowledged_and_ended() {
    let mut bench = Bench::connected();
    let (id, invite) = bench.call(None);
    bench.receive(answer(&invite, 200).sdp(OFFER));
    bench.session_event();
    bench.command(|ua, now| ua.refuse_offer(id, status(488), now)).unwrap();
    assert_eq!(bench.request(Method::Ack).body, "");
    let bye = bench.request(Method::Bye);
    assert_eq!(bench.ended_by(), EndedCause::LocalBye);
    bench.receive(answer(&bye, 200));
    bench.over();
}

#[test]
fn a_200_without_a_session_description_is_acknowledged_and_ended() {
    for offer in [Some(OFFER), None] {
        let mut bench = Bench::connected();
        let (_, invite) = bench.call(offer);
        bench.receive(answer(&invite, 200));
        bench.request(Method::Ack);
        let bye = bench.request(Method::Bye);
        assert!(matches!(bench.ended_by(), EndedCause::Protocol(_)));
        bench.receive(answer(&bye, 200));
        bench.over();
    }
}

#[test]
fn a_repeated_200_is_acknowledged_again_and_told_once() {
    let mut bench = Bench::connected();
    let (_, invite) = bench.call(Some(OFFER));
    let ok = answer(&invite, 200).sdp(ANSWER);
    bench.receive(&ok);
    let ack = bench.request(Method::Ack);
    bench.session_event();
    for _ in 0..3 {
        bench.pass(secs(1));
        bench.receive(&ok);
        assert_eq!(bench.request(Method::Ack), ack);
        bench.quiet();
    }
    // Timer M: later copies match nothing.
    bench.pass(secs(32));
    bench.receive(&ok);
    assert!(bench.diagnostic().contains("nothing that is outstanding"));
    bench.quiet();
}

#[test]
fn a_second_fork_that_answers_is_acknowledged_and_ended() {
    let mut bench = Bench::connected();
    let (_, invite) = bench.call(Some(OFFER));
    bench.receive(answer_as(&invite, 180, "one"));
    bench.receive(answer_as(&invite, 180, "two"));
    bench.session_event();
    bench.session_event();
    bench.receive(answer_as(&invite, 200, "one").sdp(ANSWER));
    assert_eq!(bench.request(Method::Ack).headers.to().unwrap().tag(), Some("one"));
    bench.session_event();
    let late = answer_as(&invite, 200, "two").sdp(ANSWER);
    bench.receive(&late);
    assert_eq!(bench.request(Method::Ack).headers.to().unwrap().tag(), Some("two"));
    let bye = bench.request(Method::Bye);
    assert_eq!(bye.headers.to().unwrap().tag(), Some("two"));
    bench.quiet();
    // Its 200 is repeated before it sees the ACK.
    bench.receive(&late);
    bench.request(Method::Ack);
    bench.receive(answer_as(&bye, 200, "two"));
    bench.quiet();
}

#[test]
fn a_callee_that_answers_many_times_is_not_answered_without_limit() {
    let mut bench = Bench::connected();
    let (_, invite) = bench.call(Some(OFFER));
    for fork in 0..1000 {
        bench.receive(answer_as(&invite, 200, &format!("fork-{fork}")).sdp(ANSWER));
    }
    let (sent, _) = bench.take_rest();
    assert!(sent.len() < 40, "{}", sent.len());
}

#[test]
fn the_route_of_the_200_is_taken_and_reversed() {
    let mut bench = Bench::connected();
    let (id, invite) = bench.call(Some(OFFER));
    let ok = answer(&invite, 200)
        .sdp(ANSWER)
        .with(Name::RECORD_ROUTE, "<sip:far.example.org;lr>, <sip:middle.example.org;lr>")
        .with(Name::RECORD_ROUTE, "<sip:near.example.org;lr>");
    bench.receive(ok);
    bench.session_event();
    bench.request(Method::Ack);
    bench.command(|ua, now| ua.hang_up(id, now)).unwrap();
    let bye = bench.request(Method::Bye);
    let hosts: Vec<_> = bye.headers.route().unwrap().into_iter().map(|route| route.uri.host).collect();
    assert_eq!(hosts, ["near.example.org", "middle.example.org", "far.example.org"]);
    assert_eq!(bye.uri.host, "192.0.2.1");
}

#[test]
fn a_strict_router_gets_itself_in_the_request_uri() {
    let mut bench = Bench::connected();
    let (id, invite) = bench.call(Some(OFFER));
    bench.receive(answer(&invite, 200).sdp(ANSWER).with(Name::RECORD_ROUTE, "<sip:strict.example.org>"));
    bench.session_event();
    bench.request(Method::Ack);
    bench.command(|ua, now| ua.hang_up(id, now)).unwrap();
    let bye = bench.request(Method::Bye);
    assert_eq!(bye.uri.host, "strict.example.org");
    assert_eq!(bye.headers.route().unwrap()[0].uri.host, "192.0.2.1");
}

#[test]
fn a_200_that_lacks_contact_and_mangles_from_and_route_still_makes_a_call() {
    let mut bench = Bench::connected();
    let (id, invite) = bench.call(Some(OFFER));
    let mut ok = answer(&invite, 200)
        .sdp(ANSWER)
        .set(Name::FROM, "<sip:mallory@example.org>;tag=other")
        .with(Name::RECORD_ROUTE, "what is this");
    ok.headers.remove(&Name::CONTACT);
    bench.receive(ok);
    let ack = bench.request(Method::Ack);
    assert_eq!(ack.uri, invite.uri);
    assert_eq!(ack.headers.from(), invite.headers.from());
    assert!(bench.diagnostic().contains("Record-Route"));
    bench.session_event();
    bench.command(|ua, now| ua.hang_up(id, now)).unwrap();
    assert_eq!(bench.request(Method::Bye).headers.from(), invite.headers.from());
}

#[test]
fn who_is_there_is_read_from_p_asserted_identity_else_from_remote_party_id() {
    for name in [Name::P_ASSERTED_IDENTITY, Name::REMOTE_PARTY_ID] {
        let mut bench = Bench::connected();
        let (_, invite) = bench.call(Some(OFFER));
        bench.receive(answer(&invite, 180).with(name, "\"Dr. Bob\" <sip:1002@example.org>"));
        match bench.session_event() {
            SessionEvent::Progress { identity: Some(identity), .. } => {
                assert_eq!(identity.display_name.as_deref(), Some("Dr. Bob"));
                assert_eq!(identity.user(), "1002");
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn no_answer_at_all_ends_the_call_after_32_seconds() {
    let mut bench = Bench::connected();
    bench.call(Some(OFFER));
    bench.pass(secs(32) - millis(1));
    bench.quiet();
    bench.pass(millis(1));
    assert_eq!(bench.ended_by(), EndedCause::TimedOut);
    bench.over();
}

#[test]
fn a_call_may_ring_for_an_hour() {
    let mut bench = Bench::connected();
    let (_, invite) = bench.call(Some(OFFER));
    bench.receive(answer(&invite, 180));
    bench.session_event();
    bench.pass(secs(3600));
    bench.quiet();
    bench.receive(answer(&invite, 200).sdp(ANSWER));
    bench.request(Method::Ack);
    assert!(matches!(bench.session_event(), SessionEvent::Accepted { .. }));
}

#[test]
fn a_call_without_a_transport_is_over_at_once() {
    let mut bench = Bench::new();
    bench.command(|ua, now| {
        let target = ua.resolve("bob").unwrap();
        ua.invite(Invite { call_id: "x".into(), target, offer: None, headers: Vec::new() }, now)
    });
    assert_eq!(bench.ended_by(), EndedCause::TransportLost);
    bench.over();
}

#[test]
fn a_call_that_rings_does_not_survive_the_transport() {
    let mut bench = Bench::connected();
    let (_, invite) = bench.call(Some(OFFER));
    bench.receive(answer(&invite, 180));
    bench.session_event();
    bench.close();
    assert_eq!(bench.ended_by(), EndedCause::TransportLost);
    bench.over();
}

#[test]
fn a_callee_may_end_an_early_dialog_by_bye() {
    let mut bench = Bench::connected();
    let (_, invite) = bench.call(Some(OFFER));
    bench.receive(answer(&invite, 180));
    bench.session_event();
    let bye = Peer::callee(&invite, "bob-tag").request(Method::Bye);
    bench.receive(&bye);
    bench.response(200);
    assert_eq!(bench.ended_by(), EndedCause::RemoteBye);
    let cancel = bench.request(Method::Cancel);
    bench.receive(answer(&cancel, 200));
    bench.receive(answer(&invite, 487));
    bench.request(Method::Ack);
    bench.over();
}

#[test]
fn further_header_fields_and_the_call_id_are_the_callers() {
    let mut bench = Bench::connected();
    bench.command(|ua, now| {
        let target = ua.resolve("*55").unwrap();
        let headers = vec![(Name::SUBJECT, "hello\r\nVia: not a line".to_owned())];
        ua.invite(Invite { call_id: "chosen".into(), target, offer: None, headers }, now)
    });
    let invite = bench.request(Method::Invite);
    assert_eq!(invite.headers.call_id(), Ok("chosen"));
    assert_eq!(invite.uri.to_string(), "sip:*55@example.org");
    assert_eq!(invite.headers.get(&Name::SUBJECT), Some("hello  Via: not a line"));
    assert_eq!(invite.headers.vias().unwrap().len(), 1);
}

#[test]
fn what_is_dialled_becomes_an_address_of_our_domain_unless_it_is_one() {
    let bench = Bench::new();
    let resolved = |dialled: &str| bench.ua.resolve(dialled).map(|uri| uri.to_string()).ok();
    assert_eq!(resolved("1002").as_deref(), Some("sip:1002@example.org"));
    assert_eq!(resolved("#31#0145").as_deref(), Some("sip:%2331%230145@example.org"));
    assert_eq!(resolved("sip:bob@elsewhere.org").as_deref(), Some("sip:bob@elsewhere.org"));
    assert_eq!(resolved("SIPS:bob@elsewhere.org").as_deref(), Some("sips:bob@elsewhere.org"));
    assert_eq!(resolved("sip:").as_deref(), None);
    assert_eq!(resolved("  ").as_deref(), None);
}

#[test]
fn commands_that_do_not_fit_change_nothing() {
    let mut bench = Bench::connected();
    let (id, invite) = bench.call(Some(OFFER));
    let wrong = Err(CommandError::WrongState);
    assert_eq!(bench.command(|ua, now| ua.ring(id, now)), wrong);
    assert_eq!(bench.command(|ua, now| ua.accept(id, ANSWER, now)), wrong);
    assert_eq!(bench.command(|ua, now| ua.refuse(id, status(486), now)), wrong);
    assert_eq!(bench.command(|ua, now| ua.answer_offer(id, ANSWER, now)), wrong);
    assert_eq!(bench.command(|ua, now| ua.refuse_offer(id, status(488), now)), wrong);
    assert_eq!(bench.command(|ua, now| ua.reoffer(id, OFFER, now)), wrong);
    bench.quiet();
    bench.receive(answer(&invite, 486));
    bench.request(Method::Ack);
    bench.ended();
    assert_eq!(bench.command(|ua, now| ua.hang_up(id, now)), Err(CommandError::UnknownSession));
    bench.over();
}

//! Stories inside an established call: re-INVITE both ways, glare, UPDATE, BYE, a lost transport, other requests.

use xc_webrtc::sip::event::{EndedCause, SessionEvent};
use xc_webrtc::sip::header::Name;
use xc_webrtc::sip::method::Method;
use xc_webrtc::sip::user_agent::CommandError;

use crate::support::pair::{Pair, Who};
use crate::support::peer::challenge;
use crate::support::{ANSWER, Bench, OFFER, Peer, With, answer, millis, secs, status};

#[test]
fn two_user_agents_call_each_other_and_either_hangs_up() {
    for who in [Who::Alice, Who::Bob] {
        let mut pair = Pair::new();
        let (alices, bobs) = pair.in_call();
        let own = if who == Who::Alice { alices } else { bobs };
        pair.does(who, |ua, now| ua.hang_up(own, now)).unwrap();
        pair.pass(secs(1));
        let mut causes = Vec::new();
        for side in [&mut pair.alice, &mut pair.bob] {
            match side.event() {
                (_, SessionEvent::Ended(ended)) => causes.push(ended.cause),
                other => panic!("{other:?}"),
            }
        }
        if who == Who::Bob {
            causes.reverse();
        }
        assert_eq!(causes, [EndedCause::LocalBye, EndedCause::RemoteBye]);
        pair.over();
    }
}

#[test]
fn both_hang_up_at_once() {
    let mut pair = Pair::new();
    let (alices, bobs) = pair.in_call();
    pair.does(Who::Alice, |ua, now| ua.hang_up(alices, now)).unwrap();
    pair.does(Who::Bob, |ua, now| ua.hang_up(bobs, now)).unwrap();
    pair.pass(secs(1));
    for side in [&mut pair.alice, &mut pair.bob] {
        assert!(
            matches!(side.event(), (_, SessionEvent::Ended(ended)) if ended.cause == EndedCause::LocalBye)
        );
    }
    pair.over();
}

#[test]
fn both_offer_a_change_at_once_and_one_of_them_tries_again() {
    let mut pair = Pair::new();
    let (alices, bobs) = pair.in_call();
    pair.does(Who::Alice, |ua, now| ua.reoffer(alices, "v=0 a2", now)).unwrap();
    pair.does(Who::Bob, |ua, now| ua.reoffer(bobs, "v=0 b2", now)).unwrap();
    pair.pass(secs(1));
    for side in [&mut pair.alice, &mut pair.bob] {
        match side.event() {
            (_, SessionEvent::OfferRefused { status, .. }) => assert_eq!(status.code(), 491),
            other => panic!("{other:?}"),
        }
    }
    pair.does(Who::Alice, |ua, now| ua.reoffer(alices, "v=0 a3", now)).unwrap();
    pair.pass(secs(1));
    let offer = SessionEvent::Offer { offer: Some("v=0 a3".into()), identity: None };
    assert_eq!(pair.bob.event(), (bobs, offer));
    pair.does(Who::Bob, |ua, now| ua.answer_offer(bobs, "v=0 b3", now)).unwrap();
    pair.pass(secs(1));
    assert_eq!(pair.alice.event(), (alices, SessionEvent::Answer { answer: "v=0 b3".into() }));
    pair.does(Who::Alice, |ua, now| ua.hang_up(alices, now)).unwrap();
    pair.pass(secs(1));
    pair.alice.event();
    pair.bob.event();
    pair.over();
}

#[test]
fn bye_crosses_a_re_invite() {
    let mut pair = Pair::new();
    let (alices, bobs) = pair.in_call();
    pair.does(Who::Alice, |ua, now| ua.reoffer(alices, "v=0 a2", now)).unwrap();
    pair.does(Who::Bob, |ua, now| ua.hang_up(bobs, now)).unwrap();
    pair.pass(secs(1));
    assert!(matches!(pair.alice.event(), (_, SessionEvent::Ended(_))));
    assert!(matches!(pair.bob.event(), (_, SessionEvent::Ended(_))));
    pair.over();
}

#[test]
fn hanging_up_after_a_re_invite_went_out_leaves_nothing_behind() {
    let mut pair = Pair::new();
    let (alices, bobs) = pair.in_call();
    pair.does(Who::Alice, |ua, now| ua.reoffer(alices, "v=0 a2", now)).unwrap();
    pair.pass(secs(1));
    assert!(matches!(pair.bob.event(), (_, SessionEvent::Offer { .. })));
    pair.does(Who::Alice, |ua, now| ua.hang_up(alices, now)).unwrap();
    pair.pass(secs(1));
    pair.alice.event();
    assert!(matches!(pair.bob.event(), (_, SessionEvent::Ended(_))));
    let answered = pair.does(Who::Bob, |ua, now| ua.answer_offer(bobs, "v=0", now));
    assert_eq!(answered, Err(CommandError::UnknownSession));
    pair.over();
}

#[test]
fn a_re_invite_that_nobody_ends_after_the_call_is_forgotten() {
    let mut bench = Bench::connected();
    let (id, mut peer) = bench.in_call();
    bench.command(|ua, now| ua.reoffer(id, OFFER, now)).unwrap();
    let invite = bench.request(Method::Invite);
    bench.receive(answer(&invite, 100));
    bench.receive(peer.request(Method::Bye));
    bench.response(200);
    assert_eq!(bench.ended_by(), EndedCause::RemoteBye);
    bench.over();
}

#[test]
fn a_re_invite_that_is_first_heard_of_after_the_call_is_forgotten_too() {
    let mut bench = Bench::connected();
    let (id, _) = bench.in_call();
    bench.command(|ua, now| ua.reoffer(id, OFFER, now)).unwrap();
    let reinvite = bench.request(Method::Invite);
    bench.command(|ua, now| ua.hang_up(id, now)).unwrap();
    bench.ended();
    let bye = bench.request(Method::Bye);
    bench.receive(answer(&reinvite, 180));
    bench.receive(answer(&bye, 200));
    bench.over();
}

/// RFC 3261 §15.1.2, also where the end is no BYE.
#[test]
fn a_re_invite_that_waits_for_our_word_is_answered_when_the_other_side_forgot_the_call() {
    for code in [481, 408] {
        let mut bench = Bench::connected();
        let (id, mut peer) = bench.in_call();
        bench.receive(peer.invite(Some(OFFER)));
        bench.response(100);
        bench.session_event();
        bench.command(|ua, now| ua.info(id, "text/plain", "x", now)).unwrap();
        let info = bench.request(Method::Info);
        bench.receive(answer(&info, code));
        bench.response(487);
        bench.take_rest();
        bench.pass(secs(40));
        bench.take_rest();
        assert!(bench.ua.is_idle(), "{code}");
    }
}

#[test]
fn a_200_to_our_re_invite_that_comes_after_the_end_is_acknowledged_only() {
    let mut bench = Bench::connected();
    let (id, _) = bench.in_call();
    bench.command(|ua, now| ua.reoffer(id, OFFER, now)).unwrap();
    let invite = bench.request(Method::Invite);
    bench.command(|ua, now| ua.hang_up(id, now)).unwrap();
    bench.ended();
    let bye = bench.request(Method::Bye);
    bench.receive(answer(&invite, 200).sdp(ANSWER));
    let ack = bench.request(Method::Ack);
    assert_eq!(ack.headers.cseq().unwrap().number, invite.headers.cseq().unwrap().number);
    bench.quiet();
    bench.receive(answer(&bye, 200));
    bench.over();
}

#[test]
fn our_re_invite_is_accepted() {
    let mut bench = Bench::connected();
    let (id, _) = bench.in_call();
    bench.command(|ua, now| ua.reoffer(id, "v=0 hold", now)).unwrap();
    let invite = bench.request(Method::Invite);
    assert_eq!(invite.body, "v=0 hold");
    assert_eq!(invite.uri.to_string(), "sip:bob@192.0.2.1:5060;transport=ws");
    assert_eq!(invite.headers.to().unwrap().tag(), Some("bob-tag"));
    assert!(invite.headers.get(&Name::CONTACT).is_some());
    let again = bench.command(|ua, now| ua.reoffer(id, "v=0", now));
    assert_eq!(again, Err(CommandError::WrongState));
    bench.receive(answer(&invite, 100));
    bench.quiet();
    let ok = answer(&invite, 200).sdp("v=0 held").set(Name::CONTACT, "<sip:moved@192.0.2.2>");
    bench.receive(&ok);
    let ack = bench.request(Method::Ack);
    assert_eq!(ack.headers.cseq().unwrap().number, invite.headers.cseq().unwrap().number);
    assert_eq!(ack.uri.to_string(), "sip:moved@192.0.2.2");
    assert_eq!(bench.session_event(), SessionEvent::Answer { answer: "v=0 held".into() });
    bench.receive(&ok);
    assert_eq!(bench.request(Method::Ack), ack);
    bench.command(|ua, now| ua.hang_up(id, now)).unwrap();
    assert_eq!(bench.request(Method::Bye).uri.to_string(), "sip:moved@192.0.2.2");
}

#[test]
fn our_re_invite_is_refused_and_the_call_goes_on() {
    let mut bench = Bench::connected();
    let (id, mut peer) = bench.in_call();
    for code in [488, 491, 503] {
        bench.command(|ua, now| ua.reoffer(id, OFFER, now)).unwrap();
        let invite = bench.request(Method::Invite);
        bench.receive(answer(&invite, code));
        bench.request(Method::Ack);
        match bench.session_event() {
            SessionEvent::OfferRefused { status, .. } => assert_eq!(status.code(), code),
            other => panic!("{other:?}"),
        }
    }
    bench.receive(peer.request(Method::Bye));
    bench.response(200);
    assert_eq!(bench.ended_by(), EndedCause::RemoteBye);
    bench.over();
}

#[test]
fn our_re_invite_is_challenged() {
    let mut bench = Bench::connected();
    let (id, _) = bench.in_call();
    bench.command(|ua, now| ua.reoffer(id, OFFER, now)).unwrap();
    let first = bench.request(Method::Invite);
    bench.receive(challenge(&first, 407, "p1"));
    bench.request(Method::Ack);
    let second = bench.request(Method::Invite);
    assert_eq!(second.headers.cseq().unwrap().number, first.headers.cseq().unwrap().number + 1);
    assert_eq!(second.body, OFFER);
    bench.receive(answer(&second, 200).sdp(ANSWER));
    let ack = bench.request(Method::Ack);
    assert_eq!(ack.headers.get(&Name::PROXY_AUTHORIZATION), second.headers.get(&Name::PROXY_AUTHORIZATION));
    assert_eq!(bench.session_event(), SessionEvent::Answer { answer: ANSWER.into() });
}

#[test]
fn a_re_invite_to_a_peer_that_forgot_the_call_ends_it() {
    for (code, cause) in [(481, EndedCause::Refused(status(481))), (408, EndedCause::TimedOut)] {
        let mut bench = Bench::connected();
        let (id, _) = bench.in_call();
        bench.command(|ua, now| ua.reoffer(id, OFFER, now)).unwrap();
        let invite = bench.request(Method::Invite);
        bench.receive(answer(&invite, code));
        bench.request(Method::Ack);
        if code == 408 {
            let bye = bench.request(Method::Bye);
            bench.receive(answer(&bye, 481));
        }
        assert_eq!(bench.ended_by(), cause);
        bench.over();
    }
}

#[test]
fn a_re_invite_without_any_answer_ends_the_call() {
    let mut bench = Bench::connected();
    let (id, _) = bench.in_call();
    bench.command(|ua, now| ua.reoffer(id, OFFER, now)).unwrap();
    bench.request(Method::Invite);
    bench.pass(secs(32));
    bench.request(Method::Bye);
    assert_eq!(bench.ended_by(), EndedCause::TimedOut);
    bench.over();
}

#[test]
fn their_re_invite_is_answered_and_our_200_repeated() {
    let mut bench = Bench::connected();
    let (id, mut peer) = bench.in_received_call();
    let invite = peer.invite(Some("v=0 hold")).with(Name::P_ASSERTED_IDENTITY, "\"Carol\" <sip:1003@x>");
    bench.receive(&invite);
    bench.response(100);
    match bench.session_event() {
        SessionEvent::Offer { offer, identity } => {
            assert_eq!(offer.as_deref(), Some("v=0 hold"));
            assert_eq!(identity.unwrap().display_name.as_deref(), Some("Carol"));
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(bench.command(|ua, now| ua.reoffer(id, OFFER, now)), Err(CommandError::WrongState));
    bench.command(|ua, now| ua.answer_offer(id, "v=0 held", now)).unwrap();
    let ok = bench.response(200);
    assert_eq!(ok.body, "v=0 held");
    bench.pass(secs(1));
    assert_eq!(bench.response(200), ok);
    bench.receive(peer.ack(&invite));
    bench.pass(secs(60));
    bench.quiet();
}

#[test]
fn their_re_invite_is_refused_and_the_call_goes_on() {
    let mut bench = Bench::connected();
    let (id, mut peer) = bench.in_received_call();
    let invite = peer.invite(Some(OFFER));
    bench.receive(&invite);
    bench.response(100);
    bench.session_event();
    assert_eq!(
        bench.command(|ua, now| ua.refuse_offer(id, status(200), now)),
        Err(CommandError::WrongStatus)
    );
    bench.command(|ua, now| ua.refuse_offer(id, status(488), now)).unwrap();
    bench.response(488);
    bench.receive(peer.beside(&invite, Method::Ack));
    bench.receive(peer.request(Method::Bye));
    bench.response(200);
    bench.ended();
    bench.over();
}

#[test]
fn their_re_invite_without_offer_asks_for_ours() {
    let mut bench = Bench::connected();
    let (id, mut peer) = bench.in_received_call();
    for answer in [Some("v=0 answered"), None] {
        let invite = peer.invite(None);
        bench.receive(&invite);
        bench.response(100);
        assert_eq!(bench.session_event(), SessionEvent::Offer { offer: None, identity: None });
        bench.command(|ua, now| ua.answer_offer(id, "v=0 ours", now)).unwrap();
        assert_eq!(bench.response(200).body, "v=0 ours");
        let ack = peer.ack(&invite);
        match answer {
            Some(answer) => {
                bench.receive(ack.sdp(answer));
                assert_eq!(bench.session_event(), SessionEvent::Answer { answer: answer.into() });
            }
            None => {
                bench.receive(ack);
                assert!(matches!(bench.session_event(), SessionEvent::OfferRefused { .. }));
            }
        }
    }
    bench.quiet();
}

#[test]
fn an_offer_is_refused_while_ours_is_open_and_while_theirs_is() {
    let mut bench = Bench::connected();
    let (id, mut peer) = bench.in_received_call();
    bench.command(|ua, now| ua.reoffer(id, OFFER, now)).unwrap();
    let ours = bench.request(Method::Invite);
    bench.receive(peer.invite(Some(OFFER)));
    bench.response(491);
    bench.receive(answer(&ours, 491));
    bench.request(Method::Ack);
    bench.session_event();
    bench.receive(peer.invite(Some(OFFER)));
    bench.response(100);
    bench.session_event();
    for _ in 0..2 {
        bench.receive(peer.invite(Some(OFFER)));
        let later = bench.response(500);
        assert!(later.headers.retry_after().unwrap().delay <= secs(10));
    }
    // And while our 200 waits for its ACK.
    bench.command(|ua, now| ua.answer_offer(id, ANSWER, now)).unwrap();
    bench.response(200);
    bench.receive(peer.invite(Some(OFFER)));
    bench.response(491);
    bench.quiet();
}

#[test]
fn their_re_invite_is_cancelled() {
    let mut bench = Bench::connected();
    let (id, mut peer) = bench.in_received_call();
    let invite = peer.invite(Some(OFFER));
    bench.receive(&invite);
    bench.response(100);
    bench.session_event();
    bench.receive(peer.beside(&invite, Method::Cancel));
    bench.response(200);
    bench.response(487);
    assert_eq!(bench.session_event(), SessionEvent::OfferWithdrawn);
    assert_eq!(bench.command(|ua, now| ua.answer_offer(id, ANSWER, now)), Err(CommandError::WrongState));
    bench.command(|ua, now| ua.reoffer(id, OFFER, now)).unwrap();
}

#[test]
fn bye_while_their_re_invite_waits_answers_both() {
    let mut bench = Bench::connected();
    let (_, mut peer) = bench.in_received_call();
    bench.receive(peer.invite(Some(OFFER)));
    bench.response(100);
    bench.session_event();
    bench.receive(peer.request(Method::Bye));
    bench.response(200);
    bench.response(487);
    assert_eq!(bench.ended_by(), EndedCause::RemoteBye);
    bench.over();
}

#[test]
fn an_update_without_offer_tells_who_is_there_now() {
    let mut bench = Bench::connected();
    let (_, mut peer) = bench.in_received_call();
    let update = peer.request(Method::Update);
    bench.receive(update.with(Name::P_ASSERTED_IDENTITY, "\"Carol\" <sip:1003@example.org>"));
    assert_eq!(bench.response(200).body, "");
    match bench.session_event() {
        SessionEvent::Identity(identity) => assert_eq!(identity.user(), "1003"),
        other => panic!("{other:?}"),
    }
    bench.receive(peer.request(Method::Update));
    bench.response(200);
    bench.quiet();
}

#[test]
fn an_update_with_an_offer_is_answered_without_an_ack() {
    let mut bench = Bench::connected();
    let (id, mut peer) = bench.in_received_call();
    bench.receive(peer.request(Method::Update).sdp("v=0 hold"));
    assert!(matches!(bench.session_event(), SessionEvent::Offer { offer: Some(_), .. }));
    bench.command(|ua, now| ua.answer_offer(id, "v=0 held", now)).unwrap();
    let ok = bench.response(200);
    assert_eq!(ok.body, "v=0 held");
    assert!(ok.headers.get(&Name::CONTACT).is_some());
    bench.pass(secs(5));
    bench.quiet();
    bench.command(|ua, now| ua.reoffer(id, OFFER, now)).unwrap();
    bench.request(Method::Invite);
    bench.receive(peer.request(Method::Update).sdp("v=0 hold"));
    bench.response(491);
}

#[test]
fn an_update_before_the_answer_may_say_who_is_there_but_not_offer() {
    let mut bench = Bench::connected();
    let (_, invite) = bench.call(Some(OFFER));
    bench.receive(answer(&invite, 180));
    bench.session_event();
    let mut callee = Peer::callee(&invite, "bob-tag");
    bench.receive(callee.request(Method::Update).with(Name::P_ASSERTED_IDENTITY, "<sip:1003@example.org>"));
    bench.response(200);
    assert!(matches!(bench.session_event(), SessionEvent::Identity(_)));
    bench.receive(callee.request(Method::Update).sdp(OFFER));
    bench.response(491);
    bench.receive(answer(&invite, 200).sdp(ANSWER));
    bench.request(Method::Ack);
    bench.session_event();
    // The dialog goes on counting where the early one stood.
    bench.receive(callee.request(Method::Bye).set(Name::CSEQ, "101 BYE"));
    bench.response(500);

    let mut bench = Bench::connected();
    let (id, mut caller, _) = bench.called(Some(OFFER));
    bench.command(|ua, now| ua.ring(id, now)).unwrap();
    caller.learn(&bench.response(180));
    bench.receive(caller.request(Method::Update).with(Name::P_ASSERTED_IDENTITY, "<sip:1003@example.org>"));
    bench.response(200);
    assert!(matches!(bench.session_event(), SessionEvent::Identity(_)));
    bench.receive(caller.request(Method::Update).sdp(OFFER));
    assert!(bench.response(500).headers.retry_after().is_some());
}

#[test]
fn an_established_call_outlives_the_transport_and_its_bye_waits_for_the_next() {
    let mut bench = Bench::connected();
    let (id, _) = bench.in_call();
    bench.close();
    bench.quiet();
    bench.pass(secs(60));
    assert_eq!(bench.command(|ua, now| ua.reoffer(id, OFFER, now)), Err(CommandError::NotConnected));
    bench.command(|ua, now| ua.hang_up(id, now)).unwrap();
    assert_eq!(bench.ended_by(), EndedCause::LocalBye);
    bench.quiet();
    bench.open();
    let bye = bench.request(Method::Bye);
    bench.receive(answer(&bye, 200));
    bench.over();
}

#[test]
fn a_bye_that_was_lost_with_the_transport_is_sent_again_with_a_higher_number() {
    let mut bench = Bench::connected();
    let (id, _) = bench.in_call();
    bench.command(|ua, now| ua.hang_up(id, now)).unwrap();
    bench.ended();
    let lost = bench.request(Method::Bye);
    bench.close();
    bench.open();
    let bye = bench.request(Method::Bye);
    assert_eq!(bye.headers.cseq().unwrap().number, lost.headers.cseq().unwrap().number + 1);
    bench.receive(answer(&bye, 481));
    bench.over();
}

#[test]
fn a_bye_that_does_not_reach_who_connects_again_is_sent_again() {
    for code in [408, 430, 480, 503, 504] {
        let mut bench = Bench::connected();
        let (id, _) = bench.in_call();
        bench.command(|ua, now| ua.hang_up(id, now)).unwrap();
        bench.ended();
        let lost = bench.request(Method::Bye);
        bench.receive(answer(&lost, code));
        bench.pass(millis(3999));
        bench.quiet();
        bench.pass(millis(1));
        let bye = bench.request(Method::Bye);
        assert_eq!(bye.headers.cseq().unwrap().number, lost.headers.cseq().unwrap().number + 1);
        bench.receive(answer(&bye, 200));
        bench.over();
    }
}

#[test]
fn who_stays_away_is_not_sent_a_bye_for_ever() {
    let mut bench = Bench::connected();
    let (id, mut peer) = bench.in_call();
    bench.command(|ua, now| ua.hang_up(id, now)).unwrap();
    bench.ended();
    for wait in [4, 8, 16, 32] {
        let bye = bench.request(Method::Bye);
        bench.receive(answer(&bye, 480));
        bench.pass(secs(wait));
    }
    // Who is back and asks for something hears that there is no such call.
    let bye = bench.request(Method::Bye);
    bench.receive(peer.request(Method::Update));
    bench.response(481);
    bench.receive(answer(&bye, 480));
    bench.over();
}

#[test]
fn a_bye_that_waits_for_who_is_away_outlives_the_transport_and_meets_theirs() {
    let mut bench = Bench::connected();
    let (id, mut peer) = bench.in_call();
    bench.command(|ua, now| ua.hang_up(id, now)).unwrap();
    bench.ended();
    let bye = bench.request(Method::Bye);
    bench.receive(answer(&bye, 480));
    bench.close();
    bench.open();
    let bye = bench.request(Method::Bye);
    bench.receive(answer(&bye, 480));
    bench.receive(peer.request(Method::Bye));
    bench.response(200);
    bench.over();
}

#[test]
fn an_offer_that_is_lost_with_the_transport_is_not_to_be_answered() {
    for method in [Method::Invite, Method::Update] {
        let mut bench = Bench::connected();
        let (id, mut peer) = bench.in_received_call();
        bench.receive(peer.request(method).sdp(OFFER));
        let _ = bench.take_rest();
        bench.close();
        assert_eq!(bench.session_event(), SessionEvent::OfferWithdrawn);
        bench.open();
        assert_eq!(bench.command(|ua, now| ua.answer_offer(id, ANSWER, now)), Err(CommandError::WrongState));
        bench.command(|ua, now| ua.reoffer(id, OFFER, now)).unwrap();
    }
}

#[test]
fn a_bye_does_not_wait_for_the_transport_for_ever() {
    let mut bench = Bench::connected();
    let (id, _) = bench.in_call();
    bench.close();
    bench.command(|ua, now| ua.hang_up(id, now)).unwrap();
    bench.ended();
    bench.pass(secs(300));
    bench.over();
}

#[test]
fn a_change_under_way_does_not_survive_the_transport_but_the_call_does() {
    let mut bench = Bench::connected();
    let (id, _) = bench.in_call();
    bench.command(|ua, now| ua.reoffer(id, OFFER, now)).unwrap();
    bench.request(Method::Invite);
    bench.close();
    assert!(
        matches!(bench.session_event(), SessionEvent::OfferRefused { status, .. } if status.code() == 503)
    );
    bench.open();
    bench.command(|ua, now| ua.reoffer(id, OFFER, now)).unwrap();
    let invite = bench.request(Method::Invite);
    bench.receive(answer(&invite, 200).sdp(ANSWER));
    bench.request(Method::Ack);
    assert!(matches!(bench.session_event(), SessionEvent::Answer { .. }));
}

#[test]
fn a_200_not_yet_acknowledged_is_repeated_over_the_next_transport() {
    let mut bench = Bench::connected();
    let (id, mut peer, invite) = bench.called(Some(OFFER));
    bench.command(|ua, now| ua.accept(id, ANSWER, now)).unwrap();
    let ok = bench.response(200);
    bench.close();
    bench.pass(secs(2));
    bench.quiet();
    bench.open();
    bench.pass(secs(2));
    assert_eq!(bench.response(200), ok);
    peer.learn(&ok);
    bench.receive(peer.ack(&invite));
    assert_eq!(bench.session_event(), SessionEvent::Confirmed { answer: None });
}

#[test]
fn requests_out_of_order_are_refused_and_gaps_are_not() {
    let mut bench = Bench::connected();
    let (_, mut peer) = bench.in_received_call();
    bench.receive(peer.request(Method::Options).set(Name::CSEQ, "500 OPTIONS"));
    bench.response(200);
    for cseq in ["500 BYE", "1 BYE"] {
        bench.receive(peer.request(Method::Bye).set(Name::CSEQ, cseq));
        bench.response(500);
    }
    bench.receive(peer.request(Method::Bye).set(Name::CSEQ, "2147483647 BYE"));
    bench.response(200);
    assert_eq!(bench.ended_by(), EndedCause::RemoteBye);
}

#[test]
fn a_change_with_a_body_that_is_no_session_description_is_refused() {
    let mut bench = Bench::connected();
    let (_, mut peer) = bench.in_received_call();
    for method in [Method::Invite, Method::Update] {
        bench.receive(peer.request(method).body("text/html", "<b>"));
        let refusal = bench.response(415);
        assert_eq!(refusal.headers.get(&Name::ACCEPT), Some("application/sdp"));
    }
    bench.quiet();
}

//! Provisional responses that are confirmed (RFC 3262), and what is asked in the early dialogs that they make
//! (RFC 3311 §5).

use xc_webrtc::sip::event::{EndedCause, SessionEvent, SessionId};
use xc_webrtc::sip::header::Name;
use xc_webrtc::sip::message::{Request, Response};
use xc_webrtc::sip::method::Method;
use xc_webrtc::sip::user_agent::CommandError;

use crate::support::peer::{answer_as, challenge};
use crate::support::{ANSWER, Bench, OFFER, Peer, With, answer, millis, secs, status};

fn reliable(invite: &Request, code: u16, tag: &str, number: u32) -> Response {
    let response = answer_as(invite, code, tag).with(Name::REQUIRE, "100rel");
    response.with(Name::RSEQ, &number.to_string())
}

fn rack(prack: &Request) -> &str {
    prack.headers.get(&Name::RACK).unwrap()
}

/// Bob calls and requires reliable provisional responses.
fn called(offer: Option<&str>) -> (Bench, SessionId, Peer, Request) {
    let mut bench = Bench::connected();
    let mut peer = Peer::caller("bobs-call");
    let invite = peer.invite(offer).with(Name::REQUIRE, "100rel");
    bench.receive(&invite);
    bench.response(100);
    let (id, _) = bench.incoming();
    (bench, id, peer, invite)
}

/// The same, and it rings: our 180.
fn ringing() -> (Bench, SessionId, Peer, Request, Response) {
    let (mut bench, id, peer, invite) = called(Some(OFFER));
    bench.command(|ua, now| ua.ring(id, now)).unwrap();
    let ringing = bench.response(180);
    (bench, id, peer, invite, ringing)
}

fn prack(peer: &mut Peer, invite: &Request, response: &Response) -> Request {
    peer.learn(response);
    let number = response.headers.get(&Name::RSEQ).unwrap();
    let rack = format!("{number} {}", invite.headers.get(&Name::CSEQ).unwrap());
    peer.request(Method::Prack).with(Name::RACK, &rack)
}

#[test]
fn each_reliable_response_is_confirmed_once_and_in_order() {
    let mut bench = Bench::connected();
    let (_, invite) = bench.call(Some(OFFER));
    assert!(invite.headers.lists(&Name::SUPPORTED, "100rel"));
    bench.receive(reliable(&invite, 183, "bob-tag", 776));
    let first = bench.request(Method::Prack);
    assert_eq!(rack(&first), "776 1 INVITE");
    assert_eq!(first.uri.to_string(), "sip:bob@192.0.2.1:5060;transport=ws");
    assert_eq!(first.headers.to().unwrap().tag(), Some("bob-tag"));
    bench.session_event();
    bench.receive(answer(&first, 200));
    // A copy, and one that overtook another: neither is news.
    bench.receive(reliable(&invite, 183, "bob-tag", 776));
    bench.receive(reliable(&invite, 180, "bob-tag", 778));
    bench.quiet();
    bench.receive(reliable(&invite, 182, "bob-tag", 777));
    assert_eq!(rack(&bench.request(Method::Prack)), "777 1 INVITE");
    bench.session_event();
    bench.receive(reliable(&invite, 180, "bob-tag", 778));
    let last = bench.request(Method::Prack);
    assert_eq!(rack(&last), "778 1 INVITE");
    assert_eq!(last.headers.cseq().unwrap().number, first.headers.cseq().unwrap().number + 2);
    bench.session_event();
    bench.quiet();
}

#[test]
fn each_fork_counts_for_itself() {
    let mut bench = Bench::connected();
    let (_, invite) = bench.call(Some(OFFER));
    for (tag, number) in [("one", 5), ("two", 900), ("one", 6), ("two", 901)] {
        bench.receive(reliable(&invite, 183, tag, number));
        let prack = bench.request(Method::Prack);
        assert_eq!(rack(&prack), format!("{number} 1 INVITE"));
        assert_eq!(prack.headers.to().unwrap().tag(), Some(tag));
        bench.session_event();
        bench.receive(answer_as(&prack, 200, tag));
    }
    bench.receive(answer_as(&invite, 200, "two").sdp(ANSWER));
    let ack = bench.request(Method::Ack);
    assert_eq!((ack.headers.to().unwrap().tag(), ack.headers.cseq().unwrap().number), (Some("two"), 1));
    assert!(matches!(bench.session_event(), SessionEvent::Accepted { .. }));
}

#[test]
fn a_prack_meets_challenges_and_its_end_ends_nothing() {
    let mut bench = Bench::connected();
    let (id, invite) = bench.call(Some(OFFER));
    bench.receive(reliable(&invite, 183, "bob-tag", 1));
    bench.session_event();
    let first = bench.request(Method::Prack);
    bench.receive(challenge(&first, 407, "n"));
    let second = bench.request(Method::Prack);
    assert!(second.headers.get(&Name::PROXY_AUTHORIZATION).is_some());
    assert_eq!(rack(&second), rack(&first));
    bench.receive(answer(&second, 481));
    bench.receive(reliable(&invite, 180, "bob-tag", 2));
    bench.session_event();
    let unanswered = bench.request(Method::Prack);
    bench.pass(secs(40));
    bench.quiet();
    bench.receive(reliable(&invite, 180, "bob-tag", 3));
    bench.session_event();
    let late = bench.request(Method::Prack);
    bench.receive(answer(&invite, 200).sdp(ANSWER));
    bench.request(Method::Ack);
    bench.session_event();
    bench.receive(challenge(&late, 407, "m"));
    let late = bench.request(Method::Prack);
    bench.receive(answer(&late, 200));
    bench.quiet();
    bench.command(|ua, now| ua.hang_up(id, now)).unwrap();
    let bye = bench.request(Method::Bye);
    assert!(bye.headers.cseq().unwrap().number > late.headers.cseq().unwrap().number);
    assert_ne!(unanswered, late);
}

#[test]
fn the_answer_to_a_prack_of_a_call_that_is_over_is_not_acknowledged() {
    let mut bench = Bench::connected();
    let (id, invite) = bench.call(Some(OFFER));
    bench.receive(reliable(&invite, 183, "bob-tag", 1));
    bench.session_event();
    let prack = bench.request(Method::Prack);
    bench.command(|ua, now| ua.hang_up(id, now)).unwrap();
    let cancel = bench.request(Method::Cancel);
    bench.ended();
    bench.receive(answer(&prack, 200));
    bench.receive(answer(&cancel, 200));
    bench.receive(answer(&invite, 487));
    bench.request(Method::Ack);
    bench.over();
}

#[test]
fn an_answer_in_a_reliable_response_stands_whatever_the_200_says() {
    let mut bench = Bench::connected();
    let (_, invite) = bench.call(Some(OFFER));
    bench.receive(reliable(&invite, 183, "bob-tag", 1).sdp(ANSWER));
    bench.request(Method::Prack);
    bench.session_event();
    bench.receive(answer(&invite, 200).sdp("v=0 another"));
    bench.request(Method::Ack);
    let accepted = SessionEvent::Accepted { answer: Some(ANSWER.into()), offer: None, identity: None };
    assert_eq!(bench.session_event(), accepted);
}

#[test]
fn an_offer_in_a_reliable_response_is_answered_in_the_prack() {
    let mut bench = Bench::connected();
    let (id, invite) = bench.call(None);
    bench.receive(reliable(&invite, 183, "bob-tag", 7).sdp(OFFER));
    assert!(matches!(bench.session_event(), SessionEvent::Progress { answer: None, .. }));
    assert_eq!(bench.session_event(), SessionEvent::Offer { offer: Some(OFFER.into()), identity: None });
    bench.quiet();
    bench.command(|ua, now| ua.answer_offer(id, ANSWER, now)).unwrap();
    let prack = bench.request(Method::Prack);
    assert_eq!((rack(&prack), prack.body.as_str()), ("7 1 INVITE", ANSWER));
    assert_eq!(bench.command(|ua, now| ua.answer_offer(id, ANSWER, now)), Err(CommandError::WrongState));
    bench.receive(answer(&prack, 200));
    bench.receive(answer(&invite, 200));
    assert_eq!(bench.request(Method::Ack).body, "");
    let accepted = SessionEvent::Accepted { answer: None, offer: None, identity: None };
    assert_eq!(bench.session_event(), accepted);
    bench.quiet();
}

#[test]
fn an_offer_in_a_reliable_response_that_cannot_be_taken_ends_the_call() {
    let mut bench = Bench::connected();
    let (id, invite) = bench.call(None);
    bench.receive(reliable(&invite, 183, "bob-tag", 7).sdp(OFFER));
    bench.session_event();
    bench.session_event();
    bench.command(|ua, now| ua.refuse_offer(id, status(488), now)).unwrap();
    bench.request(Method::Cancel);
    assert_eq!(bench.ended_by(), EndedCause::LocalCancel);
}

#[test]
fn an_early_update_may_offer_after_a_reliable_answer_and_waits_across_the_200() {
    for taken_first in [false, true] {
        let mut bench = Bench::connected();
        let (id, invite) = bench.call(Some(OFFER));
        let mut peer = Peer::callee(&invite, "bob-tag");
        bench.receive(reliable(&invite, 183, "bob-tag", 7).sdp(ANSWER));
        bench.session_event();
        let prack = bench.request(Method::Prack);
        bench.receive(answer(&prack, 200));
        let update = peer.request(Method::Update).sdp("v=0 early");
        bench.receive(update.with(Name::P_ASSERTED_IDENTITY, "\"Carol\" <sip:1003@x>"));
        match bench.session_event() {
            SessionEvent::Offer { offer, identity } => {
                assert_eq!(offer.as_deref(), Some("v=0 early"));
                assert_eq!(identity.unwrap().display_name.as_deref(), Some("Carol"));
            }
            other => panic!("{other:?}"),
        }
        // One at a time.
        bench.receive(peer.request(Method::Update).sdp("v=0 more"));
        assert!(bench.response(500).headers.retry_after().is_some());
        if taken_first {
            bench.receive(answer(&invite, 200));
            bench.request(Method::Ack);
            assert!(matches!(bench.session_event(), SessionEvent::Accepted { .. }));
        }
        bench.command(|ua, now| ua.answer_offer(id, "v=0 ours", now)).unwrap();
        assert_eq!(bench.response(200).body, "v=0 ours");
        bench.quiet();
    }
}

#[test]
fn an_early_update_that_waits_is_answered_when_the_call_ends() {
    for how in ["cancel", "busy", "199", "bye"] {
        let mut bench = Bench::connected();
        let (id, invite) = bench.call(Some(OFFER));
        let mut peer = Peer::callee(&invite, "bob-tag");
        bench.receive(reliable(&invite, 183, "bob-tag", 7).sdp(ANSWER));
        bench.session_event();
        let prack = bench.request(Method::Prack);
        bench.receive(answer(&prack, 200));
        bench.receive(peer.request(Method::Update).sdp("v=0 early"));
        bench.session_event();
        match how {
            "cancel" => bench.command(|ua, now| ua.hang_up(id, now)).unwrap(),
            "busy" => {
                bench.receive(answer(&invite, 486));
                bench.request(Method::Ack);
            }
            "199" => bench.receive(answer(&invite, 199)),
            _ => {
                bench.receive(peer.request(Method::Bye));
                bench.response(200);
            }
        }
        bench.response(487);
        if how == "199" {
            bench.receive(answer(&invite, 486));
            bench.request(Method::Ack);
        }
        bench.ended();
        if matches!(how, "cancel" | "bye") {
            let cancel = bench.request(Method::Cancel);
            bench.receive(answer(&cancel, 200));
            bench.receive(answer(&invite, 487));
            bench.request(Method::Ack);
        }
        bench.over();
    }
}

#[test]
fn ringing_is_repeated_until_it_is_confirmed() {
    let (mut bench, id, mut peer, invite, ringing) = ringing();
    assert!(ringing.headers.lists(&Name::REQUIRE, "100rel"));
    bench.pass(millis(499));
    bench.quiet();
    for seconds in [0, 1, 2, 4] {
        bench.pass(secs(seconds) + millis(1));
        assert_eq!(bench.response(180), ringing);
    }
    let mut wrong = prack(&mut peer, &invite, &ringing);
    wrong.headers.set(Name::RACK, "1 1 INVITE");
    bench.receive(wrong);
    bench.response(481);
    bench.receive(prack(&mut peer, &invite, &ringing));
    bench.response(200);
    bench.pass(secs(30));
    bench.quiet();
    // There is nothing to confirm any more.
    bench.receive(prack(&mut peer, &invite, &ringing));
    bench.response(481);
    bench.command(|ua, now| ua.accept(id, ANSWER, now)).unwrap();
    bench.response(200);
}

#[test]
fn a_further_response_waits_for_its_turn_and_counts_on() {
    let (mut bench, id, mut peer, invite, ringing) = ringing();
    bench.command(|ua, now| ua.progress(id, status(182), now)).unwrap();
    bench.quiet();
    bench.receive(prack(&mut peer, &invite, &ringing));
    bench.response(200);
    let queued = bench.response(182);
    let number = |response: &Response| response.headers.reliable().unwrap();
    assert_eq!(number(&queued), number(&ringing) + 1);
    bench.receive(prack(&mut peer, &invite, &queued));
    bench.response(200);
    // The reminder of a minute is one more.
    bench.pass(secs(60));
    assert_eq!(number(&bench.response(182)), number(&ringing) + 2);
}

#[test]
fn ringing_that_nobody_confirms_ends_the_call() {
    let (mut bench, id, _, invite) = called(Some(OFFER));
    bench.command(|ua, now| ua.ring(id, now)).unwrap();
    bench.pass(millis(31_900));
    bench.take_rest();
    bench.pass(millis(100));
    bench.response(504);
    assert_eq!(bench.ended_by(), EndedCause::TimedOut);
    bench.receive(Peer::caller("bobs-call").beside(&invite, Method::Ack));
    bench.over();
}

#[test]
fn a_confirmation_may_cross_our_200() {
    let (mut bench, id, mut peer, invite, ringing) = ringing();
    bench.command(|ua, now| ua.accept(id, ANSWER, now)).unwrap();
    bench.response(200);
    bench.receive(prack(&mut peer, &invite, &ringing));
    bench.response(200);
    let mut wrong = prack(&mut peer, &invite, &ringing);
    wrong.headers.set(Name::RACK, "x");
    bench.receive(wrong);
    bench.response(481);
    bench.receive(peer.ack(&invite));
    assert_eq!(bench.session_event(), SessionEvent::Confirmed { answer: None });
    bench.pass(secs(60));
    bench.quiet();
}

#[test]
fn without_an_offer_nothing_reliable_can_be_said_before_the_200() {
    let (mut bench, id, ..) = called(None);
    bench.command(|ua, now| ua.ring(id, now)).unwrap();
    bench.pass(secs(100));
    bench.quiet();
    bench.command(|ua, now| ua.accept(id, OFFER, now)).unwrap();
    assert_eq!(bench.response(200).body, OFFER);
}

#[test]
fn an_offer_in_a_prack_has_to_wait_for_our_answer() {
    let (mut bench, _, mut peer, invite, ringing) = ringing();
    bench.receive(prack(&mut peer, &invite, &ringing).sdp("v=0 more"));
    bench.response(488);
    // It is confirmed all the same.
    bench.pass(secs(30));
    bench.quiet();
}

#[test]
fn the_bye_of_who_answers_a_cancelled_call_has_a_number_that_no_prack_had() {
    let mut bench = Bench::connected();
    let (id, invite) = bench.call(Some(OFFER));
    bench.receive(reliable(&invite, 183, "bob-tag", 776));
    let prack = bench.request(Method::Prack);
    bench.session_event();
    bench.receive(answer(&prack, 200));
    bench.command(|ua, now| ua.hang_up(id, now)).unwrap();
    let cancel = bench.request(Method::Cancel);
    assert_eq!(bench.ended_by(), EndedCause::LocalCancel);
    bench.receive(answer(&invite, 200).sdp(ANSWER));
    bench.receive(answer(&cancel, 200));
    bench.request(Method::Ack);
    let bye = bench.request(Method::Bye);
    // Else the callee would refuse it with 500 and believe itself in a call (RFC 3261 §12.2.2).
    assert!(bye.headers.cseq().unwrap().number > prack.headers.cseq().unwrap().number);
    bench.receive(answer(&bye, 200));
    bench.over();
}

#[test]
fn a_prack_to_another_callee_than_who_took_the_call_is_not_asked_again() {
    let mut bench = Bench::connected();
    let (_, invite) = bench.call(Some(OFFER));
    bench.receive(reliable(&invite, 180, "other", 1));
    bench.session_event();
    let prack = bench.request(Method::Prack);
    bench.receive(answer(&invite, 200).sdp(ANSWER));
    bench.request(Method::Ack);
    bench.session_event();
    // Its number would be that of the dialog that was taken, which the other callee does not know.
    bench.receive(challenge(&prack, 407, "n"));
    bench.quiet();
}

//! Changes by UPDATE (RFC 3311), and what the answers to requests inside a call say of the call itself.

use xc_webrtc::sip::event::{EndedCause, Referral, SessionEvent};
use xc_webrtc::sip::header::Name;
use xc_webrtc::sip::method::Method;
use xc_webrtc::sip::user_agent::CommandError;

use crate::support::peer::{answer_as, challenge};
use crate::support::{ANSWER, Bench, OFFER, Peer, With, answer, status};

#[test]
fn our_update_with_an_offer_is_answered_without_an_ack() {
    let mut bench = Bench::connected();
    let (id, mut peer) = bench.in_call();
    bench.command(|ua, now| ua.update(id, "v=0 more", now)).unwrap();
    let update = bench.request(Method::Update);
    assert_eq!(update.body, "v=0 more");
    assert_eq!(bench.command(|ua, now| ua.reoffer(id, OFFER, now)), Err(CommandError::WrongState));
    // RFC 3311 §5.2: theirs meets ours.
    bench.receive(peer.request(Method::Update).sdp("v=0 theirs"));
    bench.response(491);
    bench.receive(challenge(&update, 407, "n"));
    let update = bench.request(Method::Update);
    bench.receive(answer(&update, 200).sdp(ANSWER).set(Name::CONTACT, "<sip:moved@192.0.2.2>"));
    assert_eq!(bench.session_event(), SessionEvent::Answer { answer: ANSWER.into() });
    bench.quiet();
    bench.command(|ua, now| ua.hang_up(id, now)).unwrap();
    assert_eq!(bench.request(Method::Bye).uri.to_string(), "sip:moved@192.0.2.2");
}

#[test]
fn our_update_that_is_refused_leaves_the_session_as_it_was() {
    let mut bench = Bench::connected();
    let (id, _) = bench.in_call();
    for (code, waits) in [(488, None), (500, Some(7)), (491, None)] {
        bench.command(|ua, now| ua.update(id, OFFER, now)).unwrap();
        let update = bench.request(Method::Update);
        bench.receive(answer(&update, code).with(Name::RETRY_AFTER, "7"));
        match bench.session_event() {
            SessionEvent::OfferRefused { status, retry_in, .. } => {
                assert_eq!(status.code(), code);
                let retry = retry_in.unwrap();
                if code == 491 {
                    // We made the Call-ID (RFC 3261 §14.1).
                    assert!(
                        (2100..=4000).contains(&retry.as_millis()) && retry.as_millis().is_multiple_of(10)
                    );
                } else if let Some(waits) = waits {
                    assert_eq!(retry.as_secs(), waits);
                }
            }
            other => panic!("{other:?}"),
        }
    }
    bench.quiet();
}

#[test]
fn who_did_not_make_the_call_id_tries_again_within_two_seconds() {
    let mut bench = Bench::connected();
    let (id, _) = bench.in_received_call();
    for _ in 0..20 {
        bench.command(|ua, now| ua.reoffer(id, OFFER, now)).unwrap();
        let invite = bench.request(Method::Invite);
        bench.receive(answer(&invite, 491));
        bench.request(Method::Ack);
        match bench.session_event() {
            SessionEvent::OfferRefused { retry_in: Some(retry), .. } => {
                assert!(retry.as_millis() <= 2000 && retry.as_millis().is_multiple_of(10), "{retry:?}");
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn an_update_overlapping_theirs_is_to_come_later() {
    let mut bench = Bench::connected();
    let (id, mut peer) = bench.in_received_call();
    bench.receive(peer.request(Method::Update).sdp("v=0 one"));
    bench.session_event();
    bench.receive(peer.request(Method::Update).sdp("v=0 two"));
    assert!(bench.response(500).headers.retry_after().unwrap().delay.as_secs() <= 10);
    bench.command(|ua, now| ua.refuse_offer(id, status(488), now)).unwrap();
    bench.response(488);
    bench.receive(peer.request(Method::Update).sdp("v=0 three"));
    bench.session_event();
}

#[test]
fn a_481_or_408_to_anything_in_a_call_ends_it() {
    for code in [481, 408] {
        for transfer in [false, true] {
            let mut bench = Bench::connected();
            let (id, _) = bench.in_call();
            let request = if transfer {
                let target = "sip:carol@example.org".parse().unwrap();
                bench.command(|ua, now| ua.refer(id, target, now)).unwrap();
                bench.request(Method::Refer)
            } else {
                bench.command(|ua, now| ua.info(id, "application/dtmf-relay", "Signal=1", now)).unwrap();
                bench.request(Method::Info)
            };
            bench.receive(answer(&request, code));
            match bench.session_event() {
                SessionEvent::InfoAnswered { status } => assert_eq!(status.unwrap().code(), code),
                SessionEvent::Referral(Referral::Failed { status, .. }) => {
                    assert_eq!(status.unwrap().code(), code)
                }
                other => panic!("{other:?}"),
            }
            if code == 408 {
                let bye = bench.request(Method::Bye);
                assert!(bye.headers.get(&Name::REASON).unwrap().starts_with("SIP;cause=408"));
                bench.receive(answer(&bye, 481));
                assert_eq!(bench.ended_by(), EndedCause::TimedOut);
            } else {
                assert_eq!(bench.ended_by(), EndedCause::Refused(status(481)));
            }
            bench.over();
        }
    }
}

#[test]
fn the_answer_to_a_request_of_a_call_that_is_over_is_not_acknowledged() {
    let mut bench = Bench::connected();
    let (id, mut peer) = bench.in_call();
    bench.command(|ua, now| ua.info(id, "application/dtmf-relay", "Signal=1", now)).unwrap();
    let info = bench.request(Method::Info);
    bench.receive(peer.request(Method::Bye));
    bench.response(200);
    assert_eq!(bench.ended_by(), EndedCause::RemoteBye);
    bench.receive(answer(&info, 200));
    bench.over();
}

#[test]
fn who_tells_nothing_of_a_refer_has_done_it() {
    for (code, field) in [(202, Some("false")), (204, None), (200, Some(" false;x"))] {
        let mut bench = Bench::connected();
        let (id, _) = bench.in_call();
        let target = "sip:carol@example.org".parse().unwrap();
        bench.command(|ua, now| ua.refer(id, target, now)).unwrap();
        let refer = bench.request(Method::Refer);
        let mut accepted = answer(&refer, code);
        if let Some(field) = field {
            accepted = accepted.with(Name::REFER_SUB, field);
        }
        bench.receive(accepted);
        assert_eq!(bench.session_event(), SessionEvent::Referral(Referral::Succeeded));
        bench.quiet();
    }
}

#[test]
fn a_callee_that_is_out_of_the_race_is_forgotten() {
    let mut bench = Bench::connected();
    let (_, invite) = bench.call(Some(OFFER));
    bench.receive(answer_as(&invite, 183, "one").sdp("v=0 one"));
    bench.session_event();
    bench.receive(answer_as(&invite, 199, "one"));
    bench.quiet();
    // Its early media is heard no more: another's may be (RFC 6228 §4).
    bench.receive(answer_as(&invite, 183, "two").sdp("v=0 two"));
    assert!(
        matches!(bench.session_event(), SessionEvent::Progress { answer: Some(answer), .. } if answer == "v=0 two")
    );
    bench.receive(Peer::callee(&invite, "one").request(Method::Update));
    bench.response(481);
}

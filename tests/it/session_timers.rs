//! A session whose other side is gone without a word ends by itself (RFC 4028).

use xc_webrtc::sip::event::{EndedCause, SessionEvent, SessionId};
use xc_webrtc::sip::header::Name;
use xc_webrtc::sip::message::Request;
use xc_webrtc::sip::method::Method;

use crate::support::peer::challenge;
use crate::support::{ANSWER, Bench, OFFER, Peer, With, answer, millis, secs};

/// A call of ours, taken by who answers Session-Expires like that and takes these methods.
fn in_call(expires: &str, allow: &str) -> (Bench, SessionId, Peer) {
    let mut bench = Bench::connected();
    let (id, invite) = bench.call(Some(OFFER));
    let ok = answer(&invite, 200).sdp(ANSWER).with(Name::ALLOW, allow);
    bench.receive(ok.with(Name::SESSION_EXPIRES, expires));
    bench.session_event();
    bench.request(Method::Ack);
    (bench, id, Peer::callee(&invite, "bob-tag"))
}

/// A call that comes with these header fields and is taken; our 200.
fn called(fields: &[(Name, &str)]) -> (Bench, Peer, xc_webrtc::sip::message::Response) {
    let mut bench = Bench::connected();
    let mut peer = Peer::caller("bobs-call");
    let mut invite = peer.invite(Some(OFFER));
    for (name, value) in fields {
        invite = invite.with(name.clone(), value);
    }
    bench.receive(&invite);
    bench.response(100);
    let (id, _) = bench.incoming();
    bench.command(|ua, now| ua.accept(id, ANSWER, now)).unwrap();
    let ok = bench.response(200);
    peer.learn(&ok);
    bench.receive(peer.ack(&invite));
    bench.session_event();
    (bench, peer, ok)
}

fn expires(request: &Request) -> Option<&str> {
    request.headers.get(&Name::SESSION_EXPIRES)
}

#[test]
fn our_call_asks_for_a_timer_and_is_refreshed_by_update_at_half_of_it() {
    let mut bench = Bench::connected();
    let (_, invite) = bench.call(Some(OFFER));
    assert_eq!(expires(&invite), Some("1800"));
    assert!(invite.headers.lists(&Name::SUPPORTED, "timer"));
    let (mut bench, ..) = in_call("200;refresher=uac", "INVITE, UPDATE");
    for _ in 0..5 {
        bench.pass(secs(99));
        bench.quiet();
        bench.pass(secs(1));
        let update = bench.request(Method::Update);
        assert_eq!(expires(&update), Some("200;refresher=uac"));
        assert!(update.headers.lists(&Name::SUPPORTED, "timer"));
        assert!(update.headers.get(&Name::CONTACT).is_some());
        assert_eq!(update.body, "");
        bench.receive(answer(&update, 200).with(Name::SESSION_EXPIRES, "200;refresher=uac"));
        bench.quiet();
    }
}

#[test]
fn who_does_not_take_update_gets_a_re_invite_with_what_we_had_offered() {
    let (mut bench, id, _) = in_call("200;refresher=uac", "INVITE, BYE");
    bench.pass(secs(100));
    let invite = bench.request(Method::Invite);
    assert_eq!((invite.body.as_str(), expires(&invite)), (OFFER, Some("200;refresher=uac")));
    bench.receive(answer(&invite, 200).sdp(ANSWER).with(Name::SESSION_EXPIRES, "200;refresher=uac"));
    bench.request(Method::Ack);
    // Nothing has changed: nobody is bothered with it.
    bench.quiet();
    // What was agreed on later is what is offered later; the offer that was refused is not.
    bench.command(|ua, now| ua.reoffer(id, "v=0 hold", now)).unwrap();
    let invite = bench.request(Method::Invite);
    bench.receive(answer(&invite, 200).sdp("v=0 held").with(Name::SESSION_EXPIRES, "200;refresher=uac"));
    bench.request(Method::Ack);
    bench.session_event();
    bench.command(|ua, now| ua.reoffer(id, "v=0 video", now)).unwrap();
    let invite = bench.request(Method::Invite);
    bench.receive(answer(&invite, 488));
    bench.request(Method::Ack);
    bench.session_event();
    bench.pass(secs(100));
    assert_eq!(bench.request(Method::Invite).body, "v=0 hold");
    bench.quiet();
}

#[test]
fn who_says_update_and_does_not_take_it_gets_a_re_invite() {
    let (mut bench, ..) = in_call("200;refresher=uac", "INVITE, UPDATE");
    bench.pass(secs(100));
    let update = bench.request(Method::Update);
    bench.receive(answer(&update, 501));
    bench.pass(secs(0));
    let invite = bench.request(Method::Invite);
    bench.receive(answer(&invite, 200).sdp(ANSWER));
    bench.request(Method::Ack);
    // Its 200 says nothing of a timer: there is none any more.
    bench.pass(secs(4000));
    bench.quiet();
}

#[test]
fn a_refresh_that_is_refused_is_tried_again_until_the_session_expires() {
    let (mut bench, ..) = in_call("90;refresher=uac", "INVITE");
    // Ten seconds later; what then is left of it is halved each time, down to a second.
    for wait in [45_000, 10_000, 2500, 1250, 1000] {
        bench.pass(millis(wait - 1));
        bench.quiet();
        bench.pass(millis(1));
        let invite = bench.request(Method::Invite);
        bench.receive(answer(&invite, 503));
        bench.request(Method::Ack);
    }
    // 30 s, a third of the interval, before its end.
    bench.pass(millis(250));
    let bye = bench.request(Method::Bye);
    assert_eq!(bye.headers.get(&Name::REASON), Some("SIP;cause=408;text=\"Session expired\""));
    let ended = bench.ended();
    assert_eq!((ended.cause, ended.reason.as_deref()), (EndedCause::TimedOut, Some("Session expired")));
    bench.receive(answer(&bye, 481));
    bench.over();
}

#[test]
fn a_refresh_that_is_put_off_beyond_the_end_of_the_session_is_made_before_it() {
    let (mut bench, ..) = in_call("90;refresher=uac", "INVITE, UPDATE");
    bench.pass(secs(45));
    let update = bench.request(Method::Update);
    bench.receive(answer(&update, 503).with(Name::RETRY_AFTER, "20"));
    bench.pass(millis(7500));
    let update = bench.request(Method::Update);
    bench.receive(answer(&update, 200).with(Name::SESSION_EXPIRES, "90;refresher=uac"));
    bench.pass(secs(44));
    bench.quiet();
}

#[test]
fn a_refresh_that_nobody_answers_or_knows_ends_the_session() {
    for code in [Some(481), Some(408), None] {
        let (mut bench, ..) = in_call("1800;refresher=uac", "UPDATE");
        bench.pass(secs(900));
        let update = bench.request(Method::Update);
        match code {
            Some(code) => bench.receive(answer(&update, code)),
            None => bench.pass(secs(32)),
        }
        if code != Some(481) {
            let bye = bench.request(Method::Bye);
            bench.receive(answer(&bye, 481));
        }
        bench.ended();
        bench.over();
    }
}

#[test]
fn a_refresh_meets_challenges_and_longer_intervals() {
    let (mut bench, ..) = in_call("1800;refresher=uac", "UPDATE");
    bench.pass(secs(900));
    let update = bench.request(Method::Update);
    bench.receive(challenge(&update, 407, "n"));
    let update = bench.request(Method::Update);
    assert!(update.headers.get(&Name::PROXY_AUTHORIZATION).is_some());
    bench.receive(answer(&update, 422).with(Name::MIN_SE, "3600"));
    let update = bench.request(Method::Update);
    assert_eq!(expires(&update), Some("3600;refresher=uac"));
    assert_eq!(update.headers.get(&Name::MIN_SE), Some("3600"));
    bench.receive(answer(&update, 200).with(Name::SESSION_EXPIRES, "3600;refresher=uac"));
    bench.pass(secs(1799));
    bench.quiet();
    bench.pass(secs(1));
    bench.request(Method::Update);
}

#[test]
fn a_refresh_that_meets_another_exchange_waits() {
    let (mut bench, id, mut peer) = in_call("200;refresher=uac", "UPDATE");
    bench.receive(peer.invite(Some("v=0 theirs")));
    bench.response(100);
    bench.session_event();
    bench.pass(secs(100));
    bench.quiet();
    bench.command(|ua, now| ua.refuse_offer(id, crate::support::status(488), now)).unwrap();
    bench.response(488);
    bench.pass(secs(10));
    bench.request(Method::Update);
}

#[test]
fn a_refresh_that_the_transport_took_with_it_is_made_again_over_the_next() {
    for allow in ["UPDATE", "INVITE"] {
        let (mut bench, ..) = in_call("200;refresher=uac", allow);
        bench.pass(secs(100));
        bench.request(if allow == "UPDATE" { Method::Update } else { Method::Invite });
        bench.close();
        bench.quiet();
        bench.pass(secs(3));
        bench.open();
        bench.pass(secs(10));
        bench.request(if allow == "UPDATE" { Method::Update } else { Method::Invite });
        bench.quiet();
    }
}

#[test]
fn a_session_that_the_other_side_does_not_refresh_ends_shortly_before_its_time() {
    let (mut bench, _, mut peer) = in_call("1800;refresher=uas", "UPDATE");
    bench.pass(secs(1767));
    bench.quiet();
    let refresh = peer.request(Method::Update).with(Name::SUPPORTED, "timer");
    bench.receive(refresh.with(Name::SESSION_EXPIRES, "1800;refresher=uac"));
    let ok = bench.response(200);
    assert_eq!(ok.headers.get(&Name::SESSION_EXPIRES), Some("1800;refresher=uac"));
    assert!(ok.headers.lists(&Name::REQUIRE, "timer"));
    bench.pass(secs(1767));
    bench.quiet();
    bench.pass(secs(1));
    bench.request(Method::Bye);
    assert_eq!(bench.ended_by(), EndedCause::TimedOut);
}

#[test]
fn without_a_word_of_the_other_side_there_is_no_timer() {
    let mut bench = Bench::connected();
    bench.in_call();
    bench.pass(secs(100_000));
    bench.quiet();
}

#[test]
fn a_caller_gets_the_timer_it_asks_for() {
    let timer = (Name::SUPPORTED, "timer");
    for (fields, granted, ours) in [
        (vec![timer.clone(), (Name::SESSION_EXPIRES, "1200")], Some("1200;refresher=uac"), false),
        (
            vec![timer.clone(), (Name::SESSION_EXPIRES, "1200;refresher=uas")],
            Some("1200;refresher=uas"),
            true,
        ),
        // Who does not know the extension cannot refresh: a proxy wants the timer.
        (vec![(Name::SESSION_EXPIRES, "1200;refresher=uac")], Some("1200;refresher=uas"), true),
        (vec![(Name::SESSION_EXPIRES, "10")], Some("90;refresher=uas"), true),
        (vec![timer, (Name::MIN_SE, "90")], None, false),
    ] {
        let (mut bench, _, ok) = called(&fields);
        assert_eq!(ok.headers.get(&Name::SESSION_EXPIRES), granted, "{fields:?}");
        let must_know = granted.is_some_and(|granted| granted.ends_with("uac"));
        assert_eq!(ok.headers.lists(&Name::REQUIRE, "timer"), must_know);
        bench.pass(secs(600));
        assert_eq!(!bench.take_rest().0.is_empty(), ours, "{fields:?}");
    }
}

#[test]
fn a_caller_that_asks_for_too_short_a_session_is_told_the_shortest() {
    let mut bench = Bench::connected();
    let mut peer = Peer::caller("bobs-call");
    let invite = peer.invite(Some(OFFER)).with(Name::SUPPORTED, "timer");
    bench.receive(invite.with(Name::SESSION_EXPIRES, "89"));
    assert_eq!(bench.response(422).headers.get(&Name::MIN_SE), Some("90"));
    bench.over();
    let (mut bench, mut peer, _) = called(&[]);
    let update = peer.request(Method::Update).with(Name::SUPPORTED, "timer");
    bench.receive(update.with(Name::SESSION_EXPIRES, "60"));
    bench.response(422);
    bench.quiet();
}

#[test]
fn a_422_is_met_as_often_as_it_asks_for_more() {
    let mut bench = Bench::connected();
    let (_, mut invite) = bench.call(Some(OFFER));
    for least in ["2000", "2500"] {
        bench.receive(answer(&invite, 422).with(Name::MIN_SE, least));
        bench.request(Method::Ack);
        let next = bench.request(Method::Invite);
        assert_eq!((expires(&next), next.headers.get(&Name::MIN_SE)), (Some(least), Some(least)));
        assert_eq!(next.headers.cseq().unwrap().number, invite.headers.cseq().unwrap().number + 1);
        assert_eq!(next.headers.call_id(), invite.headers.call_id());
        assert_eq!(next.body, OFFER);
        invite = next;
    }
    // Who wants what it was given will never have enough.
    bench.receive(answer(&invite, 422).with(Name::MIN_SE, "2500"));
    bench.request(Method::Ack);
    assert_eq!(bench.ended_by(), EndedCause::Refused(crate::support::status(422)));
    bench.over();
}

#[test]
fn hanging_up_a_session_with_a_timer_leaves_nothing_behind() {
    let (mut bench, id, _) = in_call("90;refresher=uac", "INVITE");
    bench.pass(secs(45));
    let invite = bench.request(Method::Invite);
    bench.command(|ua, now| ua.hang_up(id, now)).unwrap();
    let bye = bench.request(Method::Bye);
    bench.ended();
    bench.receive(answer(&bye, 200));
    bench.receive(answer(&invite, 487));
    bench.request(Method::Ack);
    bench.over();
}

#[test]
fn two_user_agents_keep_a_call_up_for_hours() {
    use crate::support::pair::{Pair, Who};
    let mut pair = Pair::new();
    let (alices, _) = pair.in_call();
    pair.pass(secs(5 * 3600));
    pair.does(Who::Alice, |ua, now| ua.hang_up(alices, now)).unwrap();
    pair.pass(secs(1));
    assert!(
        matches!(pair.alice.event(), (_, SessionEvent::Ended(ended)) if ended.cause == EndedCause::LocalBye)
    );
    assert!(
        matches!(pair.bob.event(), (_, SessionEvent::Ended(ended)) if ended.cause == EndedCause::RemoteBye)
    );
    pair.over();
}

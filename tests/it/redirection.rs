//! Where else a call goes (RFC 3261 §8.1.3.4, §21.3), and refusals that say more than their number.

use xc_webrtc::sip::event::{EndedCause, SessionEvent};
use xc_webrtc::sip::header::Name;
use xc_webrtc::sip::message::Request;
use xc_webrtc::sip::method::Method;
use xc_webrtc::sip::user_agent::Invite;

use crate::support::{ANSWER, Bench, OFFER, With, answer, status};

/// The next try: to whom.
fn next(bench: &mut Bench) -> (Request, String) {
    bench.request(Method::Ack);
    let invite = bench.request(Method::Invite);
    let uri = invite.uri.to_string();
    (invite, uri)
}

fn told(bench: &mut Bench) -> String {
    match bench.session_event() {
        SessionEvent::Identity(target) => target.to_string(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_contacts_are_tried_in_the_order_of_their_q() {
    let mut bench = Bench::connected();
    let (_, first) = bench.call(Some(OFFER));
    let contacts =
        "<sip:c@c.example.org>;q=0.25, \"Anna\" <sip:a@a.example.org>, <sip:b@b.example.org>;q=0.7";
    bench.receive(answer(&first, 302).set(Name::CONTACT, contacts));
    let (second, to) = next(&mut bench);
    assert_eq!(to, "sip:a@a.example.org");
    assert_eq!(told(&mut bench), "\"Anna\" <sip:a@a.example.org>");
    assert_eq!(second.headers.call_id(), first.headers.call_id());
    assert_eq!(second.headers.get(&Name::FROM), first.headers.get(&Name::FROM));
    assert_eq!(second.headers.get(&Name::TO), first.headers.get(&Name::TO));
    assert_eq!(second.headers.cseq().unwrap().number, 2);
    assert_ne!(second.headers.top_via(), first.headers.top_via());
    assert_eq!(second.body, OFFER);
    bench.receive(answer(&second, 480));
    let (third, to) = next(&mut bench);
    assert_eq!(to, "sip:b@b.example.org");
    told(&mut bench);
    bench.receive(answer(&third, 486));
    let (fourth, to) = next(&mut bench);
    assert_eq!(to, "sip:c@c.example.org");
    told(&mut bench);
    bench.receive(answer(&fourth, 200).sdp(ANSWER));
    bench.request(Method::Ack);
    assert!(matches!(bench.session_event(), SessionEvent::Accepted { .. }));
}

#[test]
fn the_last_refusal_counts_and_one_for_all_at_once() {
    for (code, more) in [(404, true), (603, false)] {
        let mut bench = Bench::connected();
        let (_, invite) = bench.call(Some(OFFER));
        bench.receive(answer(&invite, 300).set(Name::CONTACT, "<sip:a@x>, <sip:b@x>"));
        let (mut invite, _) = next(&mut bench);
        told(&mut bench);
        bench.receive(answer(&invite, code));
        if more {
            (invite, _) = next(&mut bench);
            told(&mut bench);
            bench.receive(answer(&invite, code));
        }
        bench.request(Method::Ack);
        assert_eq!(bench.ended_by(), EndedCause::Refused(status(code)));
        bench.over();
    }
}

#[test]
fn a_loop_is_not_gone_round_and_a_chain_has_an_end() {
    let mut bench = Bench::connected();
    let (_, mut invite) = bench.call(Some(OFFER));
    bench.receive(answer(&invite, 302).set(Name::CONTACT, "<sip:bob@EXAMPLE.org>"));
    bench.request(Method::Ack);
    assert_eq!(bench.ended_by(), EndedCause::Refused(status(302)));
    bench.over();
    (_, invite) = bench.call(Some(OFFER));
    let mut tries = 1;
    loop {
        bench.receive(answer(&invite, 302).set(Name::CONTACT, &format!("<sip:next{tries}@x>")));
        bench.request(Method::Ack);
        if tries == 6 {
            break;
        }
        invite = bench.request(Method::Invite);
        told(&mut bench);
        tries += 1;
    }
    assert_eq!(bench.ended_by(), EndedCause::Refused(status(302)));
    bench.over();
}

#[test]
fn what_is_no_address_of_a_phone_or_less_safe_is_not_called() {
    let mut bench = Bench::connected();
    let (_, invite) = bench.call(Some(OFFER));
    let contacts = "<tel:+3312345>, <https://evil.example/>, <mailto:x@y>, \
                    <sip:d@x;method=REFER?Replaces=a%3Bto-tag%3D1%3Bfrom-tag%3D2&Subject=x>";
    bench.receive(answer(&invite, 302).set(Name::CONTACT, contacts));
    let (invite, to) = next(&mut bench);
    // Nobody else says what our INVITE carries.
    assert_eq!(to, "sip:d@x");
    assert_eq!(invite.headers.get(&Name::REPLACES), None);
    told(&mut bench);
    bench.receive(answer(&invite, 480));
    bench.request(Method::Ack);
    bench.ended();
    bench.command(|ua, now| {
        let call_id = ua.fresh_call_id();
        let target = ua.resolve("sips:bob@example.org").unwrap();
        ua.invite(Invite { call_id, target, offer: Some(OFFER.into()), headers: Vec::new() }, now)
    });
    let invite = bench.request(Method::Invite);
    bench.receive(answer(&invite, 301).set(Name::CONTACT, "<sip:e@x>, <sips:f@x>;q=0.1"));
    assert_eq!(next(&mut bench).1, "sips:f@x");
}

#[test]
fn another_proxy_or_service_is_a_refusal_with_a_reason() {
    for (code, phrase) in [(305, "Use Proxy"), (380, "Alternative Service"), (302, "Moved Temporarily")] {
        let mut bench = Bench::connected();
        let (_, invite) = bench.call(Some(OFFER));
        let refusal = answer(&invite, code);
        let refusal = if code == 302 { refusal } else { refusal.set(Name::CONTACT, "<sip:p@x>") };
        bench.receive(refusal);
        bench.request(Method::Ack);
        let ended = bench.ended();
        assert_eq!((ended.cause, ended.reason.as_deref()), (EndedCause::Refused(status(code)), Some(phrase)));
        bench.over();
    }
}

#[test]
fn giving_up_after_a_redirection_cancels_the_try_that_is_out() {
    let mut bench = Bench::connected();
    let (id, invite) = bench.call(Some(OFFER));
    bench.receive(answer(&invite, 180));
    bench.session_event();
    bench.receive(answer(&invite, 302).set(Name::CONTACT, "<sip:a@x>"));
    let (second, _) = next(&mut bench);
    told(&mut bench);
    bench.receive(answer(&second, 180));
    bench.session_event();
    bench.command(|ua, now| ua.hang_up(id, now)).unwrap();
    let cancel = bench.request(Method::Cancel);
    assert_eq!(cancel.headers.vias(), second.headers.vias());
    bench.ended();
    bench.receive(answer(&cancel, 200));
    bench.receive(answer(&second, 487));
    bench.request(Method::Ack);
    bench.over();
}

#[test]
fn a_refusal_says_in_words_what_it_knows() {
    for (code, field, value, reason) in [
        (503, Name::RETRY_AFTER, "30", "Service Unavailable, try again in 30 s"),
        (486, Name::RETRY_AFTER, "3600 (at lunch);duration=60", "Busy Here, try again in 3600 s"),
        (600, Name::RETRY_AFTER, "5", "Busy Everywhere, try again in 5 s"),
        (488, Name::WARNING, "305 x \"No known codec\"", "No known codec"),
        (606, Name::WARNING, "370 x \"Insufficient bandwidth\"", "Insufficient bandwidth"),
        (480, Name::REASON, "Q.850;cause=20;text=\"Subscriber absent\"", "Subscriber absent"),
        (420, Name::UNSUPPORTED, "x", "Bad Extension"),
        (421, Name::REQUIRE, "x", "Extension Required"),
        (428, Name::DATE, "x", "Use Identity Header"),
    ] {
        let mut bench = Bench::connected();
        let (_, invite) = bench.call(Some(OFFER));
        bench.receive(answer(&invite, code).with(field, value));
        bench.request(Method::Ack);
        let ended = bench.ended();
        assert_eq!((ended.cause, ended.reason.as_deref()), (EndedCause::Refused(status(code)), Some(reason)));
        bench.over();
    }
}

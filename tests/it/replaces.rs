//! INVITE with Replaces (RFC 3891): whose place a call may take.

use xc_webrtc::sip::header::Name;
use xc_webrtc::sip::message::Request;
use xc_webrtc::sip::method::Method;

use crate::support::{ANSWER, Bench, OFFER, Peer, With, answer};

/// An INVITE that wants the place of the call of that INVITE of ours.
fn invite_instead_of(invite: &Request, name: &str, more: &str) -> Request {
    let call_id = invite.headers.call_id().unwrap();
    let tag = invite.headers.tag(&Name::FROM).unwrap();
    let replaces = format!("{call_id};to-tag={tag};from-tag=bob-tag{more}");
    Peer::caller(name).invite(Some(OFFER)).with(Name::REPLACES, &replaces)
}

#[test]
fn a_call_of_ours_that_rings_is_picked_up_by_who_takes_its_place() {
    for more in ["", ";early-only"] {
        let mut bench = Bench::connected();
        let (id, invite) = bench.call(Some(OFFER));
        bench.receive(answer(&invite, 180));
        bench.session_event();
        bench.receive(invite_instead_of(&invite, "pick-up", more));
        bench.response(100);
        let (new, incoming) = bench.incoming();
        assert_eq!(incoming.replaces, Some(id));
        bench.command(|ua, now| ua.accept(new, ANSWER, now)).unwrap();
        bench.response(200);
        bench.command(|ua, now| ua.make_way(id, now)).unwrap();
        // Whose phone rang has not missed a call.
        let reason = bench.request(Method::Cancel).headers.reasons().next().unwrap();
        assert_eq!((reason.protocol.as_str(), reason.cause), ("SIP", Some(200)));
    }
}

#[test]
fn the_place_of_a_call_that_is_over_is_declined() {
    let mut bench = Bench::connected();
    let (id, invite) = bench.call(Some(OFFER));
    bench.receive(answer(&invite, 200).sdp(ANSWER));
    bench.request(Method::Ack);
    bench.session_event();
    bench.command(|ua, now| ua.hang_up(id, now)).unwrap();
    let bye = bench.request(Method::Bye);
    bench.ended();
    bench.receive(invite_instead_of(&invite, "late", ""));
    bench.response(603);
    bench.receive(answer(&bye, 200));
    // Nothing is known of it any more.
    bench.receive(invite_instead_of(&invite, "later", ""));
    bench.response(481);
    bench.over();
}

#[test]
fn a_call_that_rings_here_is_not_ours_to_replace() {
    let mut bench = Bench::connected();
    let (id, _, invite) = bench.called(Some(OFFER));
    bench.command(|ua, now| ua.ring(id, now)).unwrap();
    let tag = bench.response(180).headers.tag(&Name::TO).unwrap();
    let replaces = format!("{};to-tag={tag};from-tag=bob-tag", invite.headers.call_id().unwrap());
    bench.receive(Peer::caller("other").invite(Some(OFFER)).with(Name::REPLACES, &replaces));
    bench.response(481);
}

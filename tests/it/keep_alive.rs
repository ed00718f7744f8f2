//! Stories of the flow to the server: pings, pongs, servers that know neither, and what silence means (RFC 5626 §4.4.1).

use std::time::Duration;

use xc_webrtc::sip::event::{RegistrationEvent, UnregisteredCause};
use xc_webrtc::sip::header::Name;
use xc_webrtc::sip::message::Response;
use xc_webrtc::sip::method::Method;

use crate::support::phone_world::World;
use crate::support::{Bench, With, answer, millis, secs};

const PING: &str = "\r\n\r\n";
const PONG: &str = "\r\n";

/// Registered for an hour, so that refreshes do not get in the way.
fn registered(with: impl FnOnce(Response) -> Response) -> Bench {
    let mut bench = Bench::connected();
    bench.command(|ua, now| ua.register(now));
    let register = bench.request(Method::Register);
    bench.receive(with(answer(&register, 200).with(Name::EXPIRES, "3600")));
    assert!(matches!(bench.registration_event(), RegistrationEvent::Registered { .. }));
    bench
}

/// Lets time pass until the next ping; how long that was, in seconds.
#[track_caller]
fn until_ping(bench: &mut Bench) -> u64 {
    let before = bench.now;
    for _ in 0..4000 {
        if let Some(ping) = bench.line_ends.pop() {
            assert_eq!(ping, PING);
            return bench.now.saturating_since(before).as_secs();
        }
        bench.pass(secs(1));
    }
    panic!("no ping in an hour");
}

#[track_caller]
fn flow_failed(bench: &mut Bench) {
    let RegistrationEvent::Unregistered(it) = bench.registration_event() else { panic!("the flow failed") };
    assert_eq!(it.cause, UnregisteredCause::TimedOut);
    assert!(!bench.ua.is_registered());
}

#[test]
fn pings_are_answered_and_the_round_trip_is_measured() {
    let mut bench = registered(|response| response);
    assert_eq!(bench.ua.round_trip(), None);
    for trip in [35, 120] {
        assert!((24..=31).contains(&until_ping(&mut bench)));
        bench.pass(millis(trip));
        bench.receive(PONG);
        let measured = bench.ua.round_trip().unwrap();
        // The bench noticed the ping at the next full second.
        assert!(measured >= millis(trip) && measured < millis(1000 + trip), "{measured:?}");
    }
    bench.quiet();
}

#[test]
fn after_a_pong_silence_means_that_the_flow_has_failed() {
    let mut bench = registered(|response| response);
    until_ping(&mut bench);
    bench.receive(PONG);
    until_ping(&mut bench);
    bench.pass(secs(8));
    bench.quiet();
    bench.pass(secs(2));
    flow_failed(&mut bench);
    // Who drives us closes the transport; over the next one all begins anew.
    bench.close();
    bench.take_rest();
    bench.pass(secs(600));
    assert_eq!(bench.line_ends, [""; 0]);
    bench.open();
    let register = bench.request(Method::Register);
    bench.receive(answer(&register, 200).with(Name::EXPIRES, "3600"));
    bench.registration_event();
    assert!((24..=31).contains(&until_ping(&mut bench)));
}

#[test]
fn a_flow_that_fails_while_we_leave_is_noticed_once() {
    let mut bench = registered(|response| response);
    until_ping(&mut bench);
    bench.receive(PONG);
    until_ping(&mut bench);
    bench.command(|ua, now| ua.unregister(now));
    bench.request(Method::Register);
    // The pong is missing, then the answer of the registrar; nobody is woken for the former again and again.
    bench.pass(secs(40));
    let RegistrationEvent::Unregistered(it) = bench.registration_event() else { panic!("we have left") };
    assert_eq!(it.cause, UnregisteredCause::Asked);
    bench.over();
}

#[test]
fn a_server_that_never_answers_pings_is_asked_by_options_when_nothing_else_comes() {
    let mut bench = registered(|response| response);
    until_ping(&mut bench);
    bench.pass(secs(100));
    bench.quiet();
    // A message is a sign of life, too.
    bench.receive("\n");
    bench.pass(secs(90));
    bench.quiet();
    bench.pass(secs(30));
    let options = bench.request(Method::Options);
    assert_eq!(options.uri.to_string(), "sip:example.org");
    assert_eq!(bench.line_ends, [""; 0]);
    bench.pass(millis(40));
    bench.receive(answer(&options, 404));
    assert!(bench.ua.round_trip().unwrap() >= millis(40));
    bench.quiet();
    bench.pass(secs(121));
    bench.request(Method::Options);
    bench.pass(secs(32));
    flow_failed(&mut bench);
}

#[test]
fn a_server_that_answers_neither_is_left_alone() {
    let mut bench = registered(|response| response);
    until_ping(&mut bench);
    bench.pass(secs(140));
    bench.request(Method::Options);
    bench.pass(secs(1200));
    assert_eq!(bench.line_ends, [""; 0]);
    bench.quiet();
    assert!(bench.ua.is_registered());
    bench.command(|ua, now| ua.probe(now));
    bench.quiet();
}

#[test]
fn a_server_that_names_a_time_gets_pings_in_time_and_is_taken_at_its_word() {
    let mut bench = registered(|response| response.with(Name::FLOW_TIMER, "60"));
    assert!((48..=61).contains(&until_ping(&mut bench)));
    bench.receive(PONG);
    assert!((48..=61).contains(&until_ping(&mut bench)));
    // It has said that it answers: once is enough.
    let mut bench = registered(|response| response.with(Name::FLOW_TIMER, "60"));
    until_ping(&mut bench);
    bench.pass(secs(10));
    flow_failed(&mut bench);
    // What no phone should do is not done.
    let mut bench = registered(|response| response.with(Name::FLOW_TIMER, "0"));
    assert!((12..=16).contains(&until_ping(&mut bench)));
    let mut bench = registered(|response| response.with(Name::FLOW_TIMER, "4000000000"));
    bench.pass(secs(1790));
    assert_eq!(bench.line_ends, [""; 0]);
}

#[test]
fn a_page_that_slept_asks_again_before_it_takes_silence_for_an_end() {
    let mut bench = registered(|response| response);
    until_ping(&mut bench);
    bench.receive(PONG);
    until_ping(&mut bench);
    // Frozen for ten minutes; the pong lies there unread.
    bench.now += Duration::from_secs(600);
    bench.command(|ua, now| ua.handle_timeout(now));
    bench.quiet();
    assert_eq!(bench.line_ends.pop().as_deref(), Some(PING));
    bench.receive(PONG);
    bench.pass(secs(11));
    assert!(bench.ua.is_registered());
}

#[test]
fn the_flow_can_be_probed_at_once_but_not_twice() {
    let mut bench = registered(|response| response);
    bench.command(|ua, now| ua.probe(now));
    bench.command(|ua, now| ua.probe(now));
    assert_eq!(bench.line_ends, [PING]);
    bench.receive(PONG);
    // Nobody is registered: nothing is kept alive.
    let mut bench = Bench::connected();
    bench.command(|ua, now| ua.probe(now));
    assert_eq!(bench.line_ends, [""; 0]);
    bench.over();
}

#[test]
fn pings_of_the_server_are_answered_and_other_line_ends_are_not() {
    let mut bench = Bench::connected();
    bench.receive(PING);
    assert_eq!(bench.line_ends, [PONG]);
    for other in [PONG, "", "\n\n", "\r\n\r\n\r\n"] {
        bench.receive(other);
    }
    assert_eq!(bench.line_ends, [PONG]);
    bench.over();
}

#[test]
fn the_phone_opens_another_websocket_when_the_flow_has_failed() {
    let mut world = World::in_call();
    world.pass(secs(25));
    world.receive(PONG);
    world.registrar_waits = true;
    world.pass(secs(120));
    // The refresh at 30 s would have been given up at 62 s; the ping was missed before.
    assert_eq!(world.events[0], "registration Unregistered: The server does not answer");
    assert!(world.sip_opened >= 2);
    assert!(world.call().state.is_connected());
}

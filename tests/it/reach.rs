//! Stories of the way to and from the phone: redirected registrations, the home server's route (RFC 3608), an address of
//! this very browser (RFC 5627), one flow for all (RFC 5626).

use xc_webrtc::sip::event::{RegistrationEvent, UnregisteredCause};
use xc_webrtc::sip::header::Name;
use xc_webrtc::sip::message::{Request, Response};
use xc_webrtc::sip::method::Method;
use xc_webrtc::sip::user_agent::Config;

use crate::support::peer::challenge;
use crate::support::{ANSWER, Bench, INSTANCE, OFFER, Peer, With, answer, config, secs};

fn asked() -> (Bench, Request) {
    let mut bench = Bench::connected();
    bench.command(|ua, now| ua.register(now));
    let register = bench.request(Method::Register);
    (bench, register)
}

/// Our contact as it was asked for.
fn contact(register: &Request) -> String {
    register.headers.contacts().unwrap().first().unwrap().uri.to_string()
}

/// Registered, with these header fields in the 200.
fn registered(with: impl FnOnce(Response, &str) -> Response) -> (Bench, Request) {
    let (mut bench, register) = asked();
    bench.receive(with(answer(&register, 200), &contact(&register)));
    assert!(matches!(bench.registration_event(), RegistrationEvent::Registered { .. }));
    (bench, register)
}

fn granted(bench: &mut Bench) -> u64 {
    match bench.registration_event() {
        RegistrationEvent::Registered { expires } => expires.as_secs(),
        other => panic!("expected a registration, got {other:?}"),
    }
}

fn routes(request: &Request) -> Vec<String> {
    request.headers.route().unwrap().iter().map(ToString::to_string).collect()
}

#[test]
fn a_browser_says_which_one_it_is_and_what_it_can_do() {
    let (mut bench, register) = asked();
    let contacts = register.headers.contacts().unwrap();
    let params = &contacts.first().unwrap().params;
    assert_eq!(params.get("+sip.instance"), Some(format!("<{INSTANCE}>").as_str()));
    assert_eq!(params.get("reg-id"), Some("1"));
    let supported: Vec<_> = register.headers.items(&Name::SUPPORTED).collect();
    assert_eq!(supported, ["path", "gruu", "outbound"]);
    // The same when it leaves, or the registrar would not know whom it means.
    bench.receive(answer(&register, 200));
    bench.command(|ua, now| ua.unregister(now));
    let leave = bench.request(Method::Register);
    assert_eq!(leave.headers.contacts().unwrap().first().unwrap().params.get("reg-id"), Some("1"));
}

#[test]
fn without_a_name_for_the_browser_nothing_is_asked_for_that_needs_one() {
    let mut bench = Bench::with(Config { instance: None, ..config("alice") });
    bench.open();
    bench.command(|ua, now| ua.register(now));
    let register = bench.request(Method::Register);
    assert_eq!(register.headers.get(&Name::SUPPORTED), Some("path"));
    let contacts = register.headers.contacts().unwrap();
    assert_eq!(contacts.first().unwrap().params.to_string(), ";expires=60");
}

#[test]
fn a_first_hop_without_outbound_is_asked_without_it() {
    let (mut bench, register) = asked();
    bench.receive(answer(&register, 439));
    let plain = bench.request(Method::Register);
    assert_eq!(plain.headers.get(&Name::SUPPORTED), Some("path, gruu"));
    assert!(!plain.headers.contacts().unwrap().first().unwrap().params.has("reg-id"));
    // Once: a server that says it of anything is refused as others are.
    bench.receive(answer(&plain, 439));
    let RegistrationEvent::Unregistered(it) = bench.registration_event() else { panic!("refused") };
    assert!(matches!(it.cause, UnregisteredCause::Refused { .. }));
}

#[test]
fn our_contact_is_found_by_its_instance_among_those_of_others() {
    let (mut bench, register) = asked();
    let listed = format!(
        "<sip:alice@198.51.100.1:4000>;expires=7;+sip.instance=\"<urn:uuid:other>\";reg-id=1, \
         <sip:alice@198.51.100.2:4000>;reg-id=1;+sip.instance=\"<{}>\";expires=120, \
         <sip:alice@198.51.100.3:4000>;expires=9",
        INSTANCE.to_uppercase()
    );
    bench.receive(answer(&register, 200).with(Name::CONTACT, &listed));
    assert_eq!(granted(&mut bench), 120);
}

#[test]
fn calls_go_by_the_route_of_the_home_server() {
    let (mut bench, _) = registered(|response, _| {
        response
            .with(Name::SERVICE_ROUTE, "<sip:edge.example.org;transport=ws;lr>, <sip:home.example.org;lr>")
            .with(Name::PATH, "<sip:edge.example.org;lr;ob>")
            .with("P-Associated-URI".parse().unwrap(), "<sip:alice@example.org>, <tel:+331234>")
    });
    let route = ["<sip:edge.example.org;transport=ws;lr>", "<sip:home.example.org;lr>"];
    let (_, invite) = bench.call(Some(OFFER));
    assert_eq!(routes(&invite), route);
    // Again with credentials: still once.
    bench.receive(challenge(&invite, 407, "n1"));
    assert_eq!(routes(&bench.request(Method::Ack)), route);
    let invite = bench.request(Method::Invite);
    assert_eq!(routes(&invite), route);
    // Inside the call the route is the call's.
    bench.receive(answer(&invite, 200).with(Name::RECORD_ROUTE, "<sip:p.example.org;lr>").sdp(ANSWER));
    assert_eq!(routes(&bench.request(Method::Ack)), ["<sip:p.example.org;lr>"]);
    bench.session_event();
    // The registration itself goes as before, and takes the route along when it ends.
    bench.pass(secs(30));
    let refresh = bench.request(Method::Register);
    assert_eq!(routes(&refresh), [""; 0]);
    bench.receive(answer(&refresh, 200));
    let (_, invite) = bench.call(Some(OFFER));
    assert_eq!(routes(&invite), [""; 0]);
}

#[test]
fn a_route_that_cannot_be_read_is_none() {
    let (mut bench, _) =
        registered(|response, _| response.with(Name::SERVICE_ROUTE, "<sip:edge.example.org;lr>, <x"));
    let (_, invite) = bench.call(Some(OFFER));
    assert_eq!(routes(&invite), [""; 0]);
}

#[test]
fn calls_name_the_address_that_the_registrar_made_for_this_browser() {
    let gruu = "sip:alice@example.org;gr=urn:uuid:00000000-0000-4000-8000-00000000a11c";
    let (mut bench, register) = registered(|response, contact| {
        response.with(
            Name::CONTACT,
            &format!("<{contact}>;expires=60;pub-gruu=\"{gruu}\";temp-gruu=\"sip:x@y;gr\""),
        )
    });
    let (_, invite) = bench.call(Some(OFFER));
    assert_eq!(contact(&invite), gruu);
    let mut caller = Peer::caller("in-1");
    let called = caller.invite(Some(OFFER));
    bench.receive(&called);
    bench.response(100);
    let (id, _) = bench.incoming();
    bench.command(|ua, now| ua.accept(id, ANSWER, now)).unwrap();
    let accepted = bench.response(200);
    assert_eq!(accepted.headers.contacts().unwrap().first().unwrap().uri.to_string(), gruu);
    // The registration keeps the flow's own.
    caller.learn(&accepted);
    bench.receive(caller.ack(&called));
    bench.session_event();
    bench.pass(secs(30));
    assert_eq!(contact(&bench.request(Method::Register)), contact(&register));
}

#[test]
fn with_outbound_later_requests_come_over_the_same_flow() {
    let (mut bench, register) = registered(|response, contact| {
        response.with(Name::REQUIRE, "outbound").with(Name::CONTACT, &format!("<{contact}>"))
    });
    let (_, invite) = bench.call(Some(OFFER));
    assert_eq!(contact(&invite), format!("{};ob", contact(&register)));
    // Without the transport there is no flow any more, and no word of the registrar's holds.
    bench.close();
    bench.take_rest();
    bench.open();
    bench.request(Method::Register);
    bench.request(Method::Cancel);
    let (_, invite) = bench.call(Some(OFFER));
    assert_eq!(contact(&invite), contact(&register));
}

#[test]
fn a_redirected_registration_follows_and_comes_back_when_it_is_refused() {
    let (mut bench, register) = asked();
    bench.receive(
        answer(&register, 302).with(Name::CONTACT, "<sip:other.example.org;transport=ws>;expires=60"),
    );
    let second = bench.request(Method::Register);
    assert_eq!(second.uri.to_string(), "sip:other.example.org;transport=ws");
    assert_eq!(second.headers.to(), register.headers.to());
    assert!(second.headers.cseq_number() > register.headers.cseq_number());
    bench.receive(answer(&second, 200));
    bench.registration_event();
    bench.pass(secs(30));
    let refresh = bench.request(Method::Register);
    assert_eq!(refresh.uri, second.uri);
    bench.receive(answer(&refresh, 503));
    bench.registration_event();
    bench.pass(secs(0));
    assert_eq!(bench.request(Method::Register).uri, register.uri);
}

#[test]
fn redirections_in_a_circle_or_to_nowhere_are_refusals() {
    let (mut bench, mut register) = asked();
    for _ in 0..4 {
        bench.receive(answer(&register, 301).with(Name::CONTACT, "<sip:example.org>"));
        register = bench.request(Method::Register);
    }
    bench.receive(answer(&register, 301).with(Name::CONTACT, "<sip:example.org>"));
    let RegistrationEvent::Unregistered(it) = bench.registration_event() else { panic!("refused") };
    assert!(matches!(it.cause, UnregisteredCause::Refused { .. }));
    assert_eq!(it.retry_in, Some(secs(20)));
    for contact in ["<mailto:alice@example.org>", "<tel:+331234>", ""] {
        let (mut bench, register) = asked();
        bench.receive(answer(&register, 302).with(Name::CONTACT, contact));
        assert!(matches!(bench.registration_event(), RegistrationEvent::Unregistered(_)));
        bench.quiet();
    }
}

//! A whole conversation where every address is one of IPv6 (RFC 5118, RFC 5954), and telephone numbers as URIs.

use xc_webrtc::sip::event::{RegistrationEvent, SessionEvent};
use xc_webrtc::sip::header::Name;
use xc_webrtc::sip::method::Method;
use xc_webrtc::sip::user_agent::Config;

use crate::support::peer::challenge;
use crate::support::{ANSWER, Bench, OFFER, Peer, With, answer, config};

const DOMAIN: &str = "[2001:db8::5]";

fn bench() -> Bench {
    let config = Config {
        aor: format!("sip:alice@{DOMAIN}").parse().unwrap(),
        registrar: format!("sip:{DOMAIN}:5060").parse().unwrap(),
        ..config("alice")
    };
    let mut bench = Bench::with(config);
    bench.open();
    bench
}

#[test]
fn a_domain_may_be_an_address() {
    let mut bench = bench();
    bench.command(|ua, now| ua.register(now));
    let register = bench.request(Method::Register);
    assert_eq!(register.uri.to_string(), "sip:[2001:db8::5]:5060");
    // What the server saw, with brackets and without (RFC 5118 §4.5).
    for received in ["[2001:db8::9:255]", "2001:db8::9:255"] {
        let via = format!("{};received={received};rport=4242", register.headers.get(&Name::VIA).unwrap());
        bench.receive(challenge(&register, 401, "n1").set(Name::VIA, &via));
    }
    let again = bench.request(Method::Register);
    assert_eq!(again.headers.credentials(&Name::AUTHORIZATION)[0].uri, "sip:[2001:db8::5]:5060");
    let contact = "<sip:alice@[2001:db8::9:255]:4242;transport=ws>;expires=60";
    bench.receive(answer(&again, 200).with(Name::CONTACT, contact));
    bench.take_rest();
    assert!(bench.ua.is_registered());
}

#[test]
fn a_call_goes_to_addresses_over_addresses() {
    let mut bench = bench();
    bench.command(|ua, now| ua.register(now));
    let register = bench.request(Method::Register);
    bench.receive(answer(&register, 200).with(Name::SERVICE_ROUTE, "<sip:[2001:db8::1]:8080;lr>"));
    assert!(matches!(bench.registration_event(), RegistrationEvent::Registered { .. }));
    let (_, invite) = bench.call(Some(OFFER));
    assert_eq!(invite.uri.to_string(), "sip:bob@[2001:db8::5]");
    assert_eq!(invite.headers.get(&Name::ROUTE), Some("<sip:[2001:db8::1]:8080;lr>"));
    let ok = answer(&invite, 200)
        .set(Name::CONTACT, "<sip:bob@[2001:db8::2]:5070;transport=ws>")
        .with(Name::RECORD_ROUTE, "<sip:[2001:db8::3];lr>, <sip:[2001:db8::1]:8080;lr>");
    bench.receive(ok.sdp(ANSWER));
    assert!(matches!(bench.session_event(), SessionEvent::Accepted { .. }));
    let ack = bench.request(Method::Ack);
    assert_eq!(ack.uri.to_string(), "sip:bob@[2001:db8::2]:5070;transport=ws");
    let routes: Vec<_> = ack.headers.all(&Name::ROUTE).collect();
    assert_eq!(routes, ["<sip:[2001:db8::1]:8080;lr>", "<sip:[2001:db8::3];lr>"]);
}

#[test]
fn a_caller_may_be_an_address() {
    let mut bench = bench();
    let mut peer = Peer::caller("v6");
    let via = "SIP/2.0/WSS [2001:db8::7]:5061;branch=z9hG4bKv6";
    let from = "<sip:bob@[2001:db8::7]>;tag=b";
    let invite = peer.invite(Some(OFFER)).set(Name::VIA, via).set(Name::FROM, from);
    bench.receive(&invite);
    assert_eq!(bench.response(100).headers.get(&Name::VIA), Some(via));
    let (_, incoming) = bench.incoming();
    assert_eq!(incoming.from.uri.host, "[2001:db8::7]");
    // A zone is nobody's business but the sender's; the call is not lost for it.
    bench.strict = false;
    let zone =
        peer.invite(Some(OFFER)).set(Name::FROM, "<sip:bob@[fe80::1%25eth0]>;tag=z").set(Name::CALL_ID, "z");
    bench.receive(zone);
    bench.response(100);
    assert!(bench.take_rest().1.iter().any(|event| format!("{event:?}").contains("Incoming")));
}

#[test]
fn a_telephone_number_is_called_at_our_server() {
    let bench = bench();
    let dialled = |text: &str| bench.ua.resolve(text).map(|uri| uri.to_string()).unwrap();
    assert_eq!(dialled("tel:+33-1-45(00)00.01;ext=5"), "sip:+33145000001@[2001:db8::5];user=phone");
    assert_eq!(dialled("TEL:1002"), "sip:1002@[2001:db8::5];user=phone");
    assert_eq!(dialled("1002"), "sip:1002@[2001:db8::5]");
}

//! Stories of the registration: challenge, refresh, refusal, server away.

use xc_webrtc::secret::Secret;
use xc_webrtc::sip::digest;
use xc_webrtc::sip::event::{RegistrationEvent, UnregisteredCause};
use xc_webrtc::sip::header::{Contacts, Name};
use xc_webrtc::sip::message::{Request, Response};
use xc_webrtc::sip::method::Method;

use crate::support::peer::challenge;
use crate::support::{Bench, PASSWORD, With, answer, secs, status};

/// A 200 as Asterisk gives it: our contact with the address it sees, and the time granted.
fn granted(register: &Request, seconds: u32) -> Response {
    let Ok(Contacts::List(contacts)) = register.headers.contacts() else { panic!("no contact") };
    let contact = format!("<{}>;expires={seconds}", contacts[0].uri);
    answer(register, 200).with(Name::CONTACT, &contact)
}

fn registered() -> Bench {
    let mut bench = Bench::connected();
    bench.command(|ua, now| ua.register(now));
    let register = bench.request(Method::Register);
    bench.receive(granted(&register, 60));
    assert_eq!(bench.registration_event(), RegistrationEvent::Registered { expires: secs(60) });
    bench
}

#[track_caller]
fn unregistered(bench: &mut Bench) -> (UnregisteredCause, Option<u64>) {
    match bench.registration_event() {
        RegistrationEvent::Unregistered(it) => (it.cause, it.retry_in.map(|delay| delay.as_secs())),
        other => panic!("expected the registration to be gone, got {other:?}"),
    }
}

#[track_caller]
fn has_right_password(request: &Request, name: &Name, nc: u32) {
    let credentials = &request.headers.credentials(name)[0];
    assert!(digest::verify(credentials, &request.method, &Secret::new(PASSWORD)));
    assert_eq!(credentials.uri, request.uri.to_string());
    assert_eq!(credentials.protection.as_ref().map(|it| it.nc), Some(nc));
}

#[test]
fn a_contact_is_registered_as_rfc_7118_wants_it() {
    let mut bench = Bench::connected();
    bench.command(|ua, now| ua.register(now));
    let register = bench.request(Method::Register);
    assert_eq!(register.uri.to_string(), "sip:example.org");
    let via = register.headers.top_via().unwrap();
    assert_eq!(via.transport, "WSS");
    assert!(via.host.ends_with(".invalid"));
    let contacts = register.headers.contacts().unwrap();
    let contact = contacts.first().unwrap();
    assert_eq!(contact.uri.host, via.host);
    assert_eq!(contact.uri.params.get("transport"), Some("ws"));
    assert_eq!(contact.expires(), Some(60));
    assert_eq!(register.headers.get(&Name::USER_AGENT), Some("xc-webrtc test"));
    assert_eq!(register.headers.max_forwards(), Some(70));
    assert_eq!(register.headers.from().unwrap().display_name.as_deref(), Some("alice"));
    assert!(!bench.ua.is_registered());
    bench.receive(granted(&register, 60));
    assert_eq!(bench.registration_event(), RegistrationEvent::Registered { expires: secs(60) });
    assert!(bench.ua.is_registered());
    bench.quiet();
}

#[test]
fn a_challenge_is_met_with_a_higher_cseq_and_a_new_branch() {
    let mut bench = Bench::connected();
    bench.command(|ua, now| ua.register(now));
    let first = bench.request(Method::Register);
    bench.receive(challenge(&first, 401, "n1"));
    let second = bench.request(Method::Register);
    has_right_password(&second, &Name::AUTHORIZATION, 1);
    assert_eq!(second.headers.cseq().unwrap().number, first.headers.cseq().unwrap().number + 1);
    assert_eq!(second.headers.call_id(), first.headers.call_id());
    assert_eq!(second.headers.from(), first.headers.from());
    assert_ne!(second.headers.top_via(), first.headers.top_via());
    assert_eq!(second.headers.vias().unwrap().len(), 1);
    bench.receive(granted(&second, 60));
    assert!(matches!(bench.registration_event(), RegistrationEvent::Registered { .. }));
}

#[test]
fn proxy_and_registrar_may_both_ask() {
    let mut bench = Bench::connected();
    bench.command(|ua, now| ua.register(now));
    let first = bench.request(Method::Register);
    bench.receive(challenge(&first, 407, "p1"));
    let second = bench.request(Method::Register);
    has_right_password(&second, &Name::PROXY_AUTHORIZATION, 1);
    bench.receive(challenge(&second, 401, "n1"));
    let third = bench.request(Method::Register);
    has_right_password(&third, &Name::PROXY_AUTHORIZATION, 2);
    has_right_password(&third, &Name::AUTHORIZATION, 1);
    bench.receive(granted(&third, 60));
    assert!(bench.ua.is_registered());
}

#[test]
fn a_refresh_comes_at_half_of_the_time_granted_and_counts_the_nonce() {
    let mut bench = Bench::connected();
    bench.command(|ua, now| ua.register(now));
    let first = bench.request(Method::Register);
    bench.receive(challenge(&first, 401, "n1"));
    let second = bench.request(Method::Register);
    bench.receive(granted(&second, 120));
    assert_eq!(bench.registration_event(), RegistrationEvent::Registered { expires: secs(120) });
    bench.pass(secs(59));
    bench.quiet();
    bench.pass(secs(1));
    let refresh = bench.request(Method::Register);
    has_right_password(&refresh, &Name::AUTHORIZATION, 2);
    assert!(bench.ua.is_registered());
    bench.receive(granted(&refresh, 60));
    // A refresh is no news.
    bench.quiet();
    bench.pass(secs(30));
    bench.request(Method::Register);
}

#[test]
fn a_stale_nonce_is_replaced_without_a_word() {
    let mut bench = Bench::connected();
    bench.command(|ua, now| ua.register(now));
    let first = bench.request(Method::Register);
    bench.receive(challenge(&first, 401, "n1"));
    let second = bench.request(Method::Register);
    bench.receive(granted(&second, 60));
    bench.registration_event();
    bench.pass(secs(30));
    let refresh = bench.request(Method::Register);
    let stale = "Digest realm=\"xivo\", nonce=\"n2\", algorithm=MD5, qop=\"auth\", stale=true";
    bench.receive(answer(&refresh, 401).with(Name::WWW_AUTHENTICATE, stale));
    let again = bench.request(Method::Register);
    has_right_password(&again, &Name::AUTHORIZATION, 1);
    assert_eq!(again.headers.credentials(&Name::AUTHORIZATION)[0].nonce, "n2");
    bench.receive(granted(&again, 60));
    bench.quiet();
}

#[test]
fn a_remembered_nonce_that_the_server_forgot_is_replaced_even_if_it_is_not_called_stale() {
    let mut bench = Bench::connected();
    bench.command(|ua, now| ua.register(now));
    let first = bench.request(Method::Register);
    bench.receive(challenge(&first, 401, "n1"));
    let second = bench.request(Method::Register);
    bench.receive(granted(&second, 60));
    bench.registration_event();
    bench.pass(secs(30));
    let refresh = bench.request(Method::Register);
    bench.receive(challenge(&refresh, 401, "n2"));
    has_right_password(&bench.request(Method::Register), &Name::AUTHORIZATION, 1);
}

#[test]
fn a_remembered_nonce_of_the_oldest_kind_of_challenge_may_be_forgotten_too() {
    let mut bench = Bench::connected();
    bench.command(|ua, now| ua.register(now));
    let plain = |nonce: &str| format!("Digest realm=\"xivo\", nonce=\"{nonce}\"");
    let first = bench.request(Method::Register);
    bench.receive(answer(&first, 401).with(Name::WWW_AUTHENTICATE, &plain("n1")));
    let second = bench.request(Method::Register);
    bench.receive(granted(&second, 60));
    bench.registration_event();
    bench.pass(secs(30));
    let refresh = bench.request(Method::Register);
    bench.receive(answer(&refresh, 401).with(Name::WWW_AUTHENTICATE, &plain("n2")));
    let again = bench.request(Method::Register);
    assert_eq!(again.headers.credentials(&Name::AUTHORIZATION)[0].nonce, "n2");
    bench.receive(answer(&again, 401).with(Name::WWW_AUTHENTICATE, &plain("n3")));
    assert_eq!(unregistered(&mut bench).0, UnregisteredCause::WrongCredentials);
}

#[test]
fn sha_256_is_preferred_to_md5() {
    let mut bench = Bench::connected();
    bench.command(|ua, now| ua.register(now));
    let first = bench.request(Method::Register);
    let sha = "Digest realm=\"xivo\", nonce=\"n1\", algorithm=SHA-256, qop=\"auth\"";
    bench.receive(challenge(&first, 401, "n1").with(Name::WWW_AUTHENTICATE, sha));
    let second = bench.request(Method::Register);
    has_right_password(&second, &Name::AUTHORIZATION, 1);
    let credentials = &second.headers.credentials(&Name::AUTHORIZATION)[0];
    assert_eq!(credentials.algorithm.as_ref().unwrap().to_string(), "SHA-256");
}

#[test]
fn a_second_challenge_means_wrong_credentials_and_slower_attempts() {
    let mut bench = Bench::connected();
    bench.command(|ua, now| ua.register(now));
    let mut delays = Vec::new();
    for attempt in 0..5 {
        let first = bench.request(Method::Register);
        bench.receive(challenge(&first, 401, &format!("a{attempt}")));
        let second = bench.request(Method::Register);
        bench.receive(challenge(&second, 401, &format!("b{attempt}")));
        let (cause, retry_in) = unregistered(&mut bench);
        assert_eq!(cause, UnregisteredCause::WrongCredentials);
        delays.push(retry_in.unwrap());
        bench.quiet();
        bench.pass(secs(*delays.last().unwrap()));
    }
    assert_eq!(delays, [20, 60, 120, 300, 300]);
}

#[test]
fn the_same_nonce_again_means_wrong_credentials_even_when_it_is_called_stale() {
    let mut bench = Bench::connected();
    bench.command(|ua, now| ua.register(now));
    let first = bench.request(Method::Register);
    let stale = "Digest realm=\"xivo\", nonce=\"n1\", qop=\"auth\", stale=true";
    bench.receive(answer(&first, 401).with(Name::WWW_AUTHENTICATE, stale));
    let second = bench.request(Method::Register);
    bench.receive(answer(&second, 401).with(Name::WWW_AUTHENTICATE, stale));
    assert_eq!(unregistered(&mut bench).0, UnregisteredCause::WrongCredentials);
}

#[test]
fn a_server_that_calls_every_nonce_stale_is_not_asked_for_ever() {
    let mut bench = Bench::connected();
    bench.command(|ua, now| ua.register(now));
    for attempt in 0..5 {
        let register = bench.request(Method::Register);
        let stale = format!("Digest realm=\"xivo\", nonce=\"n{attempt}\", qop=\"auth\", stale=true");
        bench.receive(answer(&register, 401).with(Name::WWW_AUTHENTICATE, &stale));
    }
    assert_eq!(unregistered(&mut bench).0, UnregisteredCause::WrongCredentials);
    bench.quiet();
}

#[test]
fn a_challenge_that_nobody_knows_is_a_refusal() {
    let mut bench = Bench::connected();
    bench.command(|ua, now| ua.register(now));
    let register = bench.request(Method::Register);
    bench.receive(answer(&register, 401).with(Name::WWW_AUTHENTICATE, "Negotiate abc"));
    let cause = unregistered(&mut bench).0;
    assert_eq!(cause, UnregisteredCause::Refused { status: status(401), reason: "Unauthorized".into() });
    bench.quiet();
}

#[test]
fn refusals_are_tried_again_after_0_20_40_60_and_60_seconds_and_success_starts_over() {
    let mut bench = Bench::connected();
    bench.command(|ua, now| ua.register(now));
    let mut delays = Vec::new();
    for _ in 0..5 {
        let register = bench.request(Method::Register);
        bench.receive(answer(&register, 503));
        let (cause, retry_in) = unregistered(&mut bench);
        let reason = "Service Unavailable".into();
        assert_eq!(cause, UnregisteredCause::Refused { status: status(503), reason });
        delays.push(retry_in.unwrap());
        bench.pass(secs(*delays.last().unwrap()));
    }
    assert_eq!(delays, [0, 20, 40, 60, 60]);
    let register = bench.request(Method::Register);
    bench.receive(granted(&register, 60));
    assert!(matches!(bench.registration_event(), RegistrationEvent::Registered { .. }));
    bench.pass(secs(30));
    let register = bench.request(Method::Register);
    bench.receive(answer(&register, 503));
    assert_eq!(unregistered(&mut bench).1, Some(0));
}

#[test]
fn an_account_that_is_not_allowed_is_tried_more_slowly() {
    let mut bench = Bench::connected();
    bench.command(|ua, now| ua.register(now));
    let mut delays = Vec::new();
    for code in [403, 404, 403] {
        let register = bench.request(Method::Register);
        bench.receive(answer(&register, code));
        delays.push(unregistered(&mut bench).1.unwrap());
        bench.pass(secs(*delays.last().unwrap()));
    }
    assert_eq!(delays, [20, 60, 120]);
}

#[test]
fn retry_after_is_respected_up_to_an_hour() {
    for (asked, waited) in [("90", 90), ("18000;duration=3600 (busy)", 3600)] {
        let mut bench = Bench::connected();
        bench.command(|ua, now| ua.register(now));
        let register = bench.request(Method::Register);
        bench.receive(answer(&register, 503).with(Name::RETRY_AFTER, asked));
        assert_eq!(unregistered(&mut bench).1, Some(waited));
        bench.pass(secs(waited - 1));
        bench.quiet();
        bench.pass(secs(1));
        bench.request(Method::Register);
    }
}

#[test]
fn a_registrar_that_wants_longer_registrations_gets_them() {
    let mut bench = Bench::connected();
    bench.command(|ua, now| ua.register(now));
    let register = bench.request(Method::Register);
    bench.receive(answer(&register, 423).with(Name::MIN_EXPIRES, "300"));
    let register = bench.request(Method::Register);
    assert_eq!(register.headers.expires(), Some(300));
    bench.receive(granted(&register, 300));
    assert_eq!(bench.registration_event(), RegistrationEvent::Registered { expires: secs(300) });
}

#[test]
fn a_423_that_asks_for_no_more_than_we_asked_is_a_refusal() {
    for least in ["60", "1", "4000000000", "x"] {
        let mut bench = Bench::connected();
        bench.command(|ua, now| ua.register(now));
        let register = bench.request(Method::Register);
        bench.receive(answer(&register, 423).with(Name::MIN_EXPIRES, least));
        assert!(matches!(unregistered(&mut bench).0, UnregisteredCause::Refused { .. }));
        bench.quiet();
    }
}

#[test]
fn the_time_granted_is_found_in_what_asterisk_makes_of_our_contact() {
    let mut bench = Bench::connected();
    bench.command(|ua, now| ua.register(now));
    let register = bench.request(Method::Register);
    let host = register.headers.top_via().unwrap().host;
    let contact = format!(
        "<sip:alice@192.0.2.7:4000;transport=ws>;expires=7, \
         <sip:alice@127.0.0.1:40112;transport=ws;x-ast-orig-host={host}:0>;expires=119"
    );
    bench.receive(answer(&register, 200).with(Name::CONTACT, &contact).with(Name::EXPIRES, "60"));
    assert_eq!(bench.registration_event(), RegistrationEvent::Registered { expires: secs(119) });
}

#[test]
fn a_registrar_that_grants_next_to_nothing_is_not_asked_all_the_time() {
    let mut bench = Bench::connected();
    bench.command(|ua, now| ua.register(now));
    let register = bench.request(Method::Register);
    bench.receive(granted(&register, 0));
    bench.registration_event();
    bench.pass(millis_before(5));
    bench.quiet();
    bench.pass(secs(1));
    bench.request(Method::Register);
}

fn millis_before(seconds: u64) -> std::time::Duration {
    secs(seconds) - crate::support::millis(1)
}

#[test]
fn no_answer_in_32_seconds_is_told_and_tried_again() {
    let mut bench = Bench::connected();
    bench.command(|ua, now| ua.register(now));
    bench.request(Method::Register);
    bench.pass(millis_before(32));
    bench.quiet();
    bench.pass(secs(1));
    // Who drives us opens another transport meanwhile; if not, this one is tried again.
    assert_eq!(unregistered(&mut bench), (UnregisteredCause::TimedOut, Some(20)));
    bench.pass(secs(20));
    bench.request(Method::Register);
}

#[test]
fn unregistering_takes_the_contact_away() {
    let mut bench = registered();
    bench.command(|ua, now| ua.unregister(now));
    let register = bench.request(Method::Register);
    assert_eq!(register.headers.expires(), Some(0));
    assert_eq!(register.headers.contacts().unwrap().first().unwrap().expires(), Some(0));
    bench.quiet();
    bench.receive(challenge(&register, 401, "n9"));
    let register = bench.request(Method::Register);
    has_right_password(&register, &Name::AUTHORIZATION, 1);
    bench.receive(answer(&register, 200));
    assert_eq!(unregistered(&mut bench), (UnregisteredCause::Asked, None));
    assert!(!bench.ua.is_registered());
    bench.over();
}

#[test]
fn unregistering_before_the_answer_waits_for_it() {
    let mut bench = Bench::connected();
    bench.command(|ua, now| ua.register(now));
    let register = bench.request(Method::Register);
    bench.command(|ua, now| ua.unregister(now));
    bench.quiet();
    bench.receive(granted(&register, 60));
    let leave = bench.request(Method::Register);
    assert_eq!(leave.headers.expires(), Some(0));
    bench.receive(answer(&leave, 200));
    assert_eq!(unregistered(&mut bench), (UnregisteredCause::Asked, None));
    bench.over();
}

#[test]
fn unregistering_during_a_refresh_takes_the_contact_away_even_when_the_refresh_is_refused() {
    for code in [200, 401, 503] {
        let mut bench = registered();
        bench.pass(secs(30));
        let refresh = bench.request(Method::Register);
        bench.command(|ua, now| ua.unregister(now));
        bench.receive(if code == 401 { challenge(&refresh, 401, "n2") } else { answer(&refresh, code) });
        let leave = bench.request(Method::Register);
        assert_eq!(leave.headers.expires(), Some(0));
        bench.receive(answer(&leave, 200));
        assert_eq!(unregistered(&mut bench), (UnregisteredCause::Asked, None));
        bench.over();
    }
}

#[test]
fn registering_again_while_the_contact_is_taken_away_does_both_in_order() {
    let mut bench = registered();
    bench.command(|ua, now| ua.unregister(now));
    let leave = bench.request(Method::Register);
    bench.command(|ua, now| ua.register(now));
    bench.quiet();
    bench.receive(answer(&leave, 200));
    assert_eq!(unregistered(&mut bench).0, UnregisteredCause::Asked);
    let register = bench.request(Method::Register);
    bench.receive(granted(&register, 60));
    assert!(matches!(bench.registration_event(), RegistrationEvent::Registered { .. }));
}

#[test]
fn unregistering_while_waiting_to_try_again_ends_the_attempts() {
    let mut bench = Bench::connected();
    bench.command(|ua, now| ua.register(now));
    for _ in 0..2 {
        let register = bench.request(Method::Register);
        bench.receive(answer(&register, 503));
        unregistered(&mut bench);
        bench.pass(secs(0));
    }
    bench.command(|ua, now| ua.unregister(now));
    assert_eq!(unregistered(&mut bench).0, UnregisteredCause::Asked);
    bench.over();
}

#[test]
fn what_is_wanted_before_the_transport_opens_is_done_when_it_does() {
    let mut bench = Bench::new();
    bench.command(|ua, now| ua.register(now));
    bench.quiet();
    bench.open();
    bench.request(Method::Register);
}

#[test]
fn a_lost_transport_is_told_and_repaired_at_the_next_opening() {
    let mut bench = registered();
    bench.close();
    let lost = UnregisteredCause::TransportLost { reason: "gone".into() };
    assert_eq!(unregistered(&mut bench), (lost.clone(), None));
    assert!(!bench.ua.is_registered());
    bench.pass(secs(600));
    bench.quiet();
    // The next attempt to connect fails too.
    bench.close();
    assert_eq!(unregistered(&mut bench).0, lost);
    bench.open();
    let register = bench.request(Method::Register);
    bench.receive(granted(&register, 60));
    assert!(matches!(bench.registration_event(), RegistrationEvent::Registered { .. }));
}

#[test]
fn a_refresh_that_is_refused_ends_the_registration() {
    let mut bench = registered();
    bench.pass(secs(30));
    let refresh = bench.request(Method::Register);
    bench.receive(answer(&refresh, 500));
    assert!(matches!(unregistered(&mut bench).0, UnregisteredCause::Refused { .. }));
    assert!(!bench.ua.is_registered());
}

#[test]
fn a_provisional_answer_changes_nothing() {
    let mut bench = Bench::connected();
    bench.command(|ua, now| ua.register(now));
    let register = bench.request(Method::Register);
    bench.receive(answer(&register, 100));
    bench.quiet();
    bench.receive(granted(&register, 60));
    assert!(bench.ua.is_registered());
}

//! Stories of challenges: whom the phone proves itself to, how often, and when it gives up (RFC 3261 §22, RFC 7616).

use xc_webrtc::secret::Secret;
use xc_webrtc::sip::digest;
use xc_webrtc::sip::event::{EndedCause, Event, RegistrationEvent, SessionEvent, UnregisteredCause};
use xc_webrtc::sip::header::{Challenge, Credentials, Name};
use xc_webrtc::sip::message::{Message, Request, Response};
use xc_webrtc::sip::method::Method;

use crate::support::peer::challenge;
use crate::support::{ANSWER, Bench, OFFER, PASSWORD, With, answer, secs, status};

fn asks(request: &Request, code: u16, name: Name, value: &str) -> Response {
    answer(request, code).with(name, &format!("Digest {value}"))
}

fn given(request: &Request, name: &Name) -> Vec<Credentials> {
    request.headers.credentials(name)
}

/// The credentials for that realm, which have to be right.
#[track_caller]
fn right(request: &Request, name: &Name, realm: &str) -> Credentials {
    let found = given(request, name).into_iter().find(|it| it.realm == realm);
    let credentials = found.unwrap_or_else(|| panic!("no credentials for {realm}"));
    assert!(digest::verify(&credentials, &request.method, &Secret::new(PASSWORD)));
    assert_eq!(credentials.uri, request.uri.to_string());
    credentials
}

fn nc(credentials: &Credentials) -> u32 {
    credentials.protection.as_ref().map_or(0, |it| it.nc)
}

fn registering() -> (Bench, Request) {
    let mut bench = Bench::connected();
    bench.command(|ua, now| ua.register(now));
    let register = bench.request(Method::Register);
    (bench, register)
}

#[test]
fn a_proxy_and_the_server_may_ask_in_one_response() {
    let (mut bench, first) = registering();
    let both = challenge(&first, 401, "n1").with(
        Name::PROXY_AUTHENTICATE,
        "Digest realm=\"edge\", nonce=\"p1\", algorithm=SHA-256, qop=\"auth\"",
    );
    bench.receive(both);
    let second = bench.request(Method::Register);
    right(&second, &Name::AUTHORIZATION, "xivo");
    assert_eq!(right(&second, &Name::PROXY_AUTHORIZATION, "edge").nonce, "p1");
    bench.receive(answer(&second, 200));
    assert!(bench.ua.is_registered());
}

#[test]
fn every_realm_gets_its_own_answer_and_keeps_its_own_count() {
    let (mut bench, first) = registering();
    bench.receive(asks(&first, 407, Name::PROXY_AUTHENTICATE, "realm=\"edge\", nonce=\"e1\", qop=\"auth\""));
    let second = bench.request(Method::Register);
    bench.receive(asks(&second, 407, Name::PROXY_AUTHENTICATE, "realm=\"core\", nonce=\"c1\", qop=\"auth\""));
    let third = bench.request(Method::Register);
    assert_eq!(nc(&right(&third, &Name::PROXY_AUTHORIZATION, "edge")), 2);
    assert_eq!(nc(&right(&third, &Name::PROXY_AUTHORIZATION, "core")), 1);
    bench.receive(challenge(&third, 401, "n1"));
    let fourth = bench.request(Method::Register);
    assert_eq!(nc(&right(&fourth, &Name::PROXY_AUTHORIZATION, "core")), 2);
    right(&fourth, &Name::AUTHORIZATION, "xivo");
    bench.receive(answer(&fourth, 200));
    assert!(bench.ua.is_registered());
    // A call carries them all at once.
    bench.registration_event();
    let (_, invite) = bench.call(Some(OFFER));
    assert_eq!(nc(&right(&invite, &Name::PROXY_AUTHORIZATION, "edge")), 4);
    assert_eq!(nc(&right(&invite, &Name::AUTHORIZATION, "xivo")), 2);
}

#[test]
fn of_several_challenges_of_a_realm_one_is_answered_and_unknown_ones_are_passed_over() {
    let (mut bench, first) = registering();
    let mut response = answer(&first, 401);
    for (realm, algorithm, nonce) in [
        ("a", "SHA-512-256", "1"),
        ("a", "MD5", "2"),
        ("a", "SHA-256-sess", "3"),
        ("a", "SHA-256", "4"),
        ("b", "SHA-512-256", "5"),
        ("c", "MD5-sess", "6"),
    ] {
        let value = format!("Digest realm={realm}, nonce={nonce}, algorithm={algorithm}, qop=\"auth\"");
        response = response.with(Name::WWW_AUTHENTICATE, &value);
    }
    bench.receive(response);
    let second = bench.request(Method::Register);
    let answered: Vec<_> =
        given(&second, &Name::AUTHORIZATION).into_iter().map(|it| (it.realm, it.nonce)).collect();
    // The strongest that is known, the first of them that the server names (RFC 8760 §2.4).
    assert_eq!(answered, [("a".into(), "3".into()), ("c".into(), "6".into())]);
    right(&second, &Name::AUTHORIZATION, "a");
    right(&second, &Name::AUTHORIZATION, "c");
}

#[test]
fn the_clients_nonce_stays_as_long_as_the_servers_does() {
    // The secret of a session is made of both, once (RFC 7616 §3.4.2).
    let (mut bench, first) = registering();
    let session = "realm=\"xivo\", nonce=\"n1\", algorithm=MD5-sess, qop=\"auth\"";
    bench.receive(asks(&first, 401, Name::WWW_AUTHENTICATE, session));
    let cnonce = |request| right(request, &Name::AUTHORIZATION, "xivo").protection.map(|it| it.cnonce);
    let second = bench.request(Method::Register);
    bench.receive(answer(&second, 200));
    bench.pass(secs(30));
    let third = bench.request(Method::Register);
    assert_eq!(cnonce(&third), cnonce(&second));
    bench.receive(asks(&third, 401, Name::WWW_AUTHENTICATE, &session.replace("n1", "n2")));
    assert_ne!(cnonce(&bench.request(Method::Register)), cnonce(&second));
}

#[test]
fn the_next_nonce_is_the_one_that_the_server_tells() {
    let (mut bench, first) = registering();
    bench.receive(challenge(&first, 401, "n1"));
    let second = bench.request(Method::Register);
    bench.receive(answer(&second, 200).with(Name::AUTHENTICATION_INFO, "qop=auth, nextnonce=\"n2\""));
    bench.registration_event();
    bench.pass(secs(30));
    let refresh = bench.request(Method::Register);
    let credentials = right(&refresh, &Name::AUTHORIZATION, "xivo");
    assert_eq!((credentials.nonce.as_str(), nc(&credentials)), ("n2", 1));
    // It was the server's idea; that it has forgotten it says nothing of the password.
    bench.receive(challenge(&refresh, 401, "n3"));
    let again = bench.request(Method::Register);
    assert_eq!(right(&again, &Name::AUTHORIZATION, "xivo").nonce, "n3");
    bench.receive(answer(&again, 200).with(Name::AUTHENTICATION_INFO, "nextnonce"));
    bench.quiet();
}

#[test]
fn the_body_is_hashed_where_the_server_offers_nothing_else() {
    let mut bench = Bench::connected();
    let (_, invite) = bench.call(Some(OFFER));
    let offer = "realm=\"xivo\", nonce=\"n1\", algorithm=SHA-256, qop=\"auth-int\"";
    bench.receive(asks(&invite, 401, Name::WWW_AUTHENTICATE, offer));
    bench.request(Method::Ack);
    let invite = bench.request(Method::Invite);
    let credentials = &given(&invite, &Name::AUTHORIZATION)[0];
    let password = Secret::new(PASSWORD);
    let login = digest::Login { username: "alice", password: &password };
    let asked = Challenge::parse(&format!("Digest {offer}")).unwrap();
    let cnonce = credentials.protection.as_ref().unwrap().cnonce.clone();
    let expected = |body| {
        let uri = invite.uri.to_string();
        let challenges = std::slice::from_ref(&asked);
        digest::authorize(challenges, login, &Method::Invite, &uri, body, &cnonce, 1).unwrap()
    };
    assert_eq!(*credentials, expected(OFFER));
    assert_ne!(*credentials, expected(ANSWER));
}

#[test]
fn the_name_is_hashed_where_the_server_takes_that() {
    let (mut bench, first) = registering();
    let offer = "realm=\"xivo\", nonce=\"n1\", algorithm=SHA-256, qop=\"auth\", userhash=true";
    bench.receive(asks(&first, 401, Name::WWW_AUTHENTICATE, offer));
    let second = bench.request(Method::Register);
    let mut credentials = given(&second, &Name::AUTHORIZATION).remove(0);
    assert!(credentials.userhash);
    assert_ne!(credentials.username, "alice");
    credentials.username = "alice".into();
    assert!(digest::verify(&credentials, &Method::Register, &Secret::new(PASSWORD)));
}

#[test]
fn one_wrong_realm_is_wrong_credentials_and_is_forgotten() {
    let (mut bench, first) = registering();
    bench.receive(challenge(&first, 401, "n1"));
    let second = bench.request(Method::Register);
    let again = challenge(&second, 401, "n2").with(Name::PROXY_AUTHENTICATE, "Digest realm=e, nonce=1");
    bench.receive(again);
    let RegistrationEvent::Unregistered(it) = bench.registration_event() else { panic!("refused") };
    assert_eq!(it.cause, UnregisteredCause::WrongCredentials);
    bench.pass(it.retry_in.unwrap());
    assert_eq!(given(&bench.request(Method::Register), &Name::AUTHORIZATION), []);
}

#[test]
fn realms_without_end_are_not_remembered_without_end() {
    let (mut bench, mut request) = registering();
    for round in 0..20 {
        let mut response = answer(&request, 401);
        for realm in 0..20 {
            let value = format!("Digest realm=\"{round}-{realm}\", nonce=\"n\"");
            response = response.with(Name::WWW_AUTHENTICATE, &value);
        }
        bench.receive(response);
        let (sent, events) = bench.take_rest();
        if let Some(RegistrationEvent::Unregistered(it)) = events.into_iter().find_map(|event| match event {
            Event::Registration(event) => Some(event),
            _ => None,
        }) {
            assert_eq!(it.cause, UnregisteredCause::WrongCredentials);
            assert!(round < 5);
            return;
        }
        let Some(Message::Request(next)) = sent.into_iter().next() else { panic!("sent again") };
        assert_eq!(given(&next, &Name::AUTHORIZATION).len(), 4);
        request = next;
    }
    panic!("asked for ever");
}

#[test]
fn a_call_that_only_unknown_algorithms_would_let_through_is_refused_with_what_the_server_said() {
    let mut bench = Bench::connected();
    let (_, invite) = bench.call(Some(OFFER));
    let offer = "realm=\"xivo\", nonce=\"n1\", algorithm=SHA-512-256, qop=\"auth\"";
    bench.receive(asks(&invite, 407, Name::PROXY_AUTHENTICATE, offer));
    bench.request(Method::Ack);
    assert_eq!(bench.ended_by(), EndedCause::Refused(status(407)));
    bench.over();
}

#[test]
fn requests_inside_a_call_are_challenged_and_answered_too() {
    let mut bench = Bench::connected();
    let (id, mut peer) = bench.in_call();
    bench.command(|ua, now| ua.info(id, "application/dtmf-relay", "Signal=1\r\n", now)).unwrap();
    let info = bench.request(Method::Info);
    bench.receive(challenge(&info, 407, "p1"));
    let again = bench.request(Method::Info);
    right(&again, &Name::PROXY_AUTHORIZATION, "xivo");
    bench.receive(answer(&again, 200));
    assert!(matches!(bench.session_event(), SessionEvent::InfoAnswered { .. }));
    bench.receive(peer.request(Method::Bye));
    bench.response(200);
}

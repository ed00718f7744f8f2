//! Properties of the SIP message layer: what is printed is read back, nothing that comes makes it panic or slow, and
//! no text can add a header field.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use xc_webrtc::sip::header::auth::{Algorithm, Hash, Protection};
use xc_webrtc::sip::header::{CSeq, Challenge, Credentials, Headers, Name, Via};
use xc_webrtc::sip::message::{Message, Request, Response};
use xc_webrtc::sip::method::Method;
use xc_webrtc::sip::params::Params;
use xc_webrtc::sip::parser::{self, ParseError, Parsed};
use xc_webrtc::sip::sdp::Description;
use xc_webrtc::sip::status::StatusCode;
use xc_webrtc::sip::uri::{NameAddr, Uri};

use crate::support::cost;

/// Text that may stand in a quoted string: anything but line ends and NUL.
const TEXT: &str = "[^\r\n\0]{0,20}";

const TOKEN: &str = "[a-zA-Z0-9.!%*_+`'~-]{1,12}";

fn methods() -> impl Strategy<Value = Method> {
    prop_oneof![
        Just(Method::Invite),
        Just(Method::Ack),
        Just(Method::Register),
        TOKEN.prop_map(|name| Method::from(name.as_str())),
    ]
}

fn hosts() -> impl Strategy<Value = String> {
    "[a-z0-9][a-zA-Z0-9._-]{0,20}|\\[[0-9a-f:.]{1,20}\\]"
}

fn params(values: &'static str) -> impl Strategy<Value = Params> {
    vec((TOKEN, option::of(values)), 0..4).prop_map(|list| {
        list.iter().fold(Params::new(), |params, (name, value)| params.with(name, value.as_deref()))
    })
}

prop_compose! {
    fn uris()(
        user in option::of("\\PC{0,12}"),
        host in hosts(),
        port in any::<Option<u16>>(),
        params in params("[a-zA-Z0-9.%:/&$-]{0,12}"),
        headers in option::of("[a-z=&%0-9]{0,12}"),
    ) -> Uri {
        Uri { port, params, headers, ..Uri::sip(user.as_deref(), &host) }
    }
}

prop_compose! {
    fn addresses()(
        name in option::of("[^\r\n\0]{1,20}"),
        uri in uris(),
        params in params(TEXT),
    ) -> NameAddr {
        NameAddr { display_name: name, uri, params }
    }
}

prop_compose! {
    fn vias()(transport in TOKEN, host in hosts(), port in any::<Option<u16>>(), params in params(TEXT)) -> Via {
        Via { transport, host, port, params }
    }
}

/// Header fields of any name with any value, after those that every message has.
fn headers() -> impl Strategy<Value = Headers> {
    let more = vec((TOKEN, any::<String>()), 0..6);
    (vias(), addresses(), addresses(), TOKEN, any::<u32>(), methods(), more).prop_map(
        |(via, from, to, call_id, number, method, more)| {
            let mut headers = Headers::new();
            headers.push(Name::VIA, via.to_string());
            headers.push(Name::FROM, from.to_string());
            headers.push(Name::TO, to.to_string());
            headers.push(Name::CALL_ID, call_id);
            headers.push(Name::CSEQ, CSeq { number, method }.to_string());
            for (name, value) in more {
                let name: Name = name.parse().expect("a token");
                if name != Name::CONTENT_LENGTH {
                    headers.push(name, value);
                }
            }
            headers
        },
    )
}

fn messages() -> impl Strategy<Value = Message> {
    let requests = (methods(), uris(), headers(), any::<String>())
        .prop_map(|(method, uri, headers, body)| Message::Request(Request { method, uri, headers, body }));
    let responses =
        (100..700_u16, TEXT, headers(), any::<String>()).prop_map(|(code, reason, headers, body)| {
            let status = StatusCode::new(code).expect("in range");
            Message::Response(Response { status, reason: reason.trim().to_owned(), headers, body })
        });
    prop_oneof![requests, responses]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn a_printed_message_is_read_back(message in messages()) {
        let Parsed { message: read, .. } = parser::parse(&message.to_string()).expect("our own");
        prop_assert_eq!(read, message);
    }

    #[test]
    fn a_printed_address_is_read_back(address in addresses()) {
        prop_assert_eq!(address.to_string().parse::<NameAddr>(), Ok(address));
    }

    #[test]
    fn a_list_of_addresses_is_read_back(list in vec(addresses(), 1..4)) {
        let mut headers = Headers::new();
        let printed: Vec<_> = list.iter().map(NameAddr::to_string).collect();
        headers.push(Name::ROUTE, printed.join(","));
        headers.push(Name::ROUTE, printed.join(" , "));
        prop_assert_eq!(headers.route(), Ok([list.clone(), list].concat()));
    }

    #[test]
    fn a_printed_uri_is_read_back_and_equivalent(uri in uris()) {
        let read: Uri = uri.to_string().parse().expect("our own");
        prop_assert!(read.equivalent(&uri));
        prop_assert_eq!(read, uri);
    }

    #[test]
    fn any_user_reaches_the_other_side(user in any::<String>()) {
        let read: Uri = Uri::sip(Some(&user), "x").to_string().parse().expect("our own");
        prop_assert_eq!(read.user_text(), user);
    }

    #[test]
    fn printed_hops_are_read_back(list in vec(vias(), 1..4)) {
        let mut headers = Headers::new();
        headers.push(Name::VIA, list.iter().map(Via::to_string).collect::<Vec<_>>().join(", "));
        prop_assert_eq!(headers.top_via(), Ok(list[0].clone()));
        prop_assert_eq!(headers.vias(), Ok(list));
    }

    #[test]
    fn printed_challenges_are_read_back(
        realm in TEXT,
        nonce in TEXT,
        opaque in option::of(TEXT),
        session in any::<bool>(),
        qop in vec("auth|auth-int|x", 0..3),
        (stale, userhash) in any::<(bool, bool)>(),
    ) {
        let algorithm = Some(Algorithm { hash: Hash::Sha256, session });
        let challenge = Challenge { realm, nonce, opaque, algorithm, qop, stale, userhash };
        prop_assert_eq!(Challenge::parse(&challenge.to_string()), Some(challenge));
    }

    #[test]
    fn printed_credentials_are_read_back(
        texts in [TEXT, TEXT, TEXT, TEXT],
        opaque in option::of(TEXT),
        protection in option::of((TEXT, any::<u32>())),
        userhash in any::<bool>(),
    ) {
        let [username, realm, nonce, uri] = texts;
        let response = "0f".repeat(16);
        let protection = protection.map(|(cnonce, nc)| Protection { qop: "auth".into(), cnonce, nc });
        let algorithm = None;
        let credentials =
            Credentials { username, userhash, realm, nonce, uri, response, algorithm, opaque, protection };
        prop_assert_eq!(Credentials::parse(&credentials.to_string()), Some(credentials));
    }

    /// Whatever is written where, the other side sees the fields that were meant and no other.
    #[test]
    fn no_text_adds_a_header_field(message in messages(), evil in "(a|\r|\n|\0|:|;|\"|<|>| |Via: x){0,12}") {
        let count = message.headers().len();
        let mut message = message;
        match &mut message {
            Message::Request(request) => {
                request.method = Method::Other(format!("X{evil}"));
                request.uri.user = Some(evil.clone());
                request.uri.params.set("p", evil.as_str());
                request.uri.headers = Some(evil.clone());
                request.headers.push(Name::SUBJECT, evil.as_str());
                request.headers.set(Name::USER_AGENT, evil);
            }
            Message::Response(response) => {
                response.reason = evil.clone();
                let mut to = response.headers.to().expect("there");
                to.display_name = Some(evil.clone());
                to.params.set(&evil, evil.as_str());
                response.headers.set(Name::TO, to.to_string());
                response.headers.push_front(Name::SUBJECT, evil.as_str());
                response.headers.set(Name::USER_AGENT, evil);
            }
        }
        // A generated field may have been the User-Agent already.
        let expected = message.headers().len();
        prop_assert!(expected <= count + 2);
        let read = parser::parse(&message.to_string()).expect("our own").message;
        prop_assert_eq!(read.headers(), message.headers());
    }

    #[test]
    fn nothing_makes_it_panic(text in any::<String>()) {
        read_everything(&text);
        read_everything(&format!("SIP/2.0 200 OK\r\n{text}"));
        read_everything(&format!("INVITE sip:{text} SIP/2.0\r\n{text}"));
    }

    /// A real message, somewhere in it something else.
    #[test]
    fn a_damaged_message_makes_no_harm(
        damages in vec((any::<prop::sample::Index>(), 0..40_usize, "(\"|<|>|;|,|:|=|\\\\|\r\n| |%|@|\\PC){0,4}"), 1..6),
    ) {
        let mut text: Vec<char> = INVITE.chars().collect();
        for (at, taken, put) in damages {
            let at = at.index(text.len());
            let end = (at + taken).min(text.len());
            text.splice(at..end, put.chars());
        }
        read_everything(&text.into_iter().collect::<String>());
    }
}

/// Reads all that there is to be read, and prints it: what was read once is read again the same.
fn read_everything(text: &str) {
    let _ = (text.parse::<Uri>(), NameAddr::lenient(text), text.parse::<Via>(), text.parse::<CSeq>());
    let _ = (Challenge::parse(text), Credentials::parse(text), Description::parse(text).has_video());
    let Ok(Parsed { message, .. }) = parser::parse(text) else { return };
    match parser::parse(&message.to_string()) {
        // What cannot be processed is not kept whole; nor is what is too long once compact names are printed in full.
        Ok(again) if again.refusal.is_some() => {}
        Ok(again) => assert_eq!(again.message, message),
        // Compact names are printed in full.
        Err(error) => assert_eq!(error, ParseError::HeaderTooLong),
    }
    let headers = message.headers();
    let _ =
        (headers.top_via(), headers.vias(), headers.from(), headers.to(), headers.call_id(), headers.cseq());
    let _ = (headers.contacts(), headers.route(), headers.record_route(), headers.p_asserted_identity());
    let _ = (headers.expires(), headers.min_expires(), headers.retry_after(), headers.max_forwards());
    let _ = (headers.allow().count(), headers.reasons().count(), headers.content_type());
    let _ = (headers.challenges(&Name::WWW_AUTHENTICATE), headers.credentials(&Name::AUTHORIZATION));
    if let Message::Request(request) = message {
        assert!(request.uri.equivalent(&request.uri));
        let reply = request.reply(StatusCode::OK, Some("t")).to_string();
        match parser::parse(&reply) {
            Ok(parsed) => assert!(parsed.message.headers().to().is_ok_and(|to| to.tag().is_some())),
            // A reply to a request that lacks what a response needs lacks it too.
            Err(error) => {
                assert!(error == ParseError::HeaderTooLong || request.check().is_err(), "{error}: {reply}")
            }
        }
    }
}

const INVITE: &str = include_str!("../data/sip/invite_from_asterisk.sip");

/// The worst that fits: were any of the work quadratic, these would take minutes.
#[test]
fn hostile_messages_take_no_longer_than_long_ones() {
    let fill = |unit: &str| unit.repeat((parser::LONGEST_HEADER - 600) / unit.len());
    let floods = [
        fill("X:\r\n"),
        fill("x\r\n"),
        fill("v:a\r\n"),
        fill("m:a\r\n"),
        fill("k:a\r\n"),
        format!("X: y\r\n{}", fill(" z\r\n")),
        format!("l: 1\r\n{}", fill(" 1\r\n")),
        format!("Via: SIP/2.0/WS a{}\r\n", fill(";b")),
        format!("Contact: <sip:a@b{}>\r\n", fill(";c=d")),
        format!("Contact: {}\r\n", fill("a,")),
        format!("Contact: {}\r\n", fill("\"\\\",")),
        format!("Contact: {}\r\n", fill("<,")),
        format!("Contact: {}\r\n", fill("<sip:a@b>,")),
        format!("Route: {}\r\n", fill("\"a\" <sip:a@\"b>;\",")),
        format!("Reason: {}\r\n", fill("\",")),
        format!("WWW-Authenticate: Digest {}\r\n", fill("a=\"b\",")),
        format!("Allow: {}\r\n", fill("\\\"<,")),
    ];
    let took = cost::time(|| floods.iter().for_each(|flood| read_flood(flood)));
    assert!(took.as_secs() < 20, "{took:?}");
}

fn read_flood(flood: &str) {
    // Before the fields that everybody has, so that these are looked for behind the flood.
    read_everything(&INVITE.replacen("\r\n", &format!("\r\n{flood}"), 1));
    read_everything(&format!("SIP/2.0 200 OK\r\n{flood}{}", INVITE.split_once("\r\n").expect("two lines").1));
    read_everything(&format!("INVITE sip:a@b{} SIP/2.0\r\n\r\n", flood.replace(['\r', '\n', ' '], ";")));
}

/// What a call costs before anything else happens; printed with `--nocapture`, the limit is for a debug build on a busy
/// machine.
#[test]
fn an_invite_is_read_in_no_time() {
    let each = cost::time(|| {
        for _ in 0..1000 {
            parser::parse(INVITE).expect("readable");
        }
    }) / 1000;
    println!("{} bytes in {each:?}", INVITE.len());
    assert!(each.as_millis() < 5, "{each:?}");
}

#[test]
fn the_invite_of_a_real_server_is_read_without_complaint() {
    let Parsed { message, diagnostics, refusal } = parser::parse(INVITE).expect("readable");
    assert_eq!(diagnostics, []);
    assert_eq!(refusal, None);
    let headers = message.headers();
    let caller = headers.p_asserted_identity().expect("there");
    assert_eq!(caller.display_name.as_deref(), Some("Zoé Doe, Sales"));
    assert_eq!(headers.allow().count(), 14);
    let Message::Request(request) = &message else { panic!("a request") };
    assert_eq!(request.check(), Ok(()));
    assert_eq!(Description::parse(&request.body).media[0].candidates.len(), 3);
    // Spelled otherwise only in the white space before the length.
    assert_eq!(message.to_string().replace("Content-Length: ", "Content-Length:  "), INVITE);
}

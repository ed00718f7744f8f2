//! RFC 4475 §3.1.1 and §3.2 to §3.4: what is well-formed, and what only the layers above the parser can judge.

use xc_webrtc::sip::header::{CSeq, Name};
use xc_webrtc::sip::message::Message;
use xc_webrtc::sip::method::Method;
use xc_webrtc::sip::sdp::Description;
use xc_webrtc::sip::uri::{NameAddr, Scheme, Uri};

use super::{Answered, Dropped, Read, Rings, frame, torture};
use crate::support::{ANSWER, Bench};

fn name(text: &str) -> Name {
    text.parse().unwrap()
}

fn branches(read: &Read) -> Vec<String> {
    read.message.headers().vias().unwrap().iter().map(|via| via.branch().to_owned()).collect()
}

/// The body is a session description with sound and pictures, read to its end.
#[track_caller]
fn is_offered(read: &Read) {
    let request = read.request();
    assert_eq!(request.headers.content_type(), Some("application/sdp"));
    let description = Description::parse(&request.body);
    let ports: Vec<_> = description.media.iter().map(|media| media.port).collect();
    assert_eq!(ports, [49217, 3227]);
    assert!(request.body.ends_with("a=rtpmap:31 LPC\r\n"));
}

torture! { "rfc4475":
    /// §3.1.1.1: a short tortuous INVITE. Its To has a tag: a call that is not there.
    wsinv => Answered(481), |read| {
        let read = read.unwrap();
        read.is_sound();
        is_offered(&read);
        let request = read.request();
        assert_eq!(request.uri.to_string(), "sip:vivekg@chair-dnrc.example.com;unknownparam");
        assert_eq!(read.from().display_name.as_deref(), Some("J Rosenberg \\\""));
        assert_eq!((read.from().tag(), read.to().tag()), (Some("98asjd8"), Some("1918181833n")));
        assert_eq!(request.headers.max_forwards(), Some(68));
        assert_eq!(request.headers.cseq(), Ok(CSeq { number: 9, method: Method::Invite }));
        assert_eq!(branches(&read), ["390skdjuw", "z9hG4bK9ikj8", "z9hG4bK30239"]);
        let hosts: Vec<_> = request.headers.vias().unwrap().into_iter().map(|via| via.host).collect();
        assert_eq!(hosts, ["192.0.2.2", "spindle.example.com", "192.168.255.111"]);
        assert_eq!(read.header(&Name::SUBJECT), "");
        assert_eq!(read.header(&name("NewFangledHeader")), "newfangled value continued newfangled value");
        assert_eq!(read.header(&name("UnknownHeaderWithUnusualValue")), ";;,,;;,;");
        let route = request.headers.route().unwrap();
        assert_eq!(route.len(), 1);
        assert_eq!(route[0].uri.params.get("unknownwith"), Some("value"));
        assert!(route[0].uri.params.has("lr") && route[0].uri.params.has("unknown-no-value"));
        let contacts = read.contacts();
        assert_eq!(contacts[0].display_name.as_deref(), Some("Quoted string \"\""));
        assert_eq!((contacts[0].params.get("newparam"), contacts[0].params.get("q")), (Some("newvalue"), Some("0.33")));
        assert!(contacts[0].params.has("secondparam"));
    };

    /// §3.1.1.2: a wide range of valid characters; a method that nobody knows.
    intmeth => Answered(501), |read| {
        let read = read.unwrap();
        read.is_sound();
        let method = "!interesting-Method0123456789_*+`.%indeed'~";
        let user = "1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*";
        let request = read.request();
        assert_eq!(request.method, Method::Other(method.into()));
        assert_eq!(request.uri.user.as_deref(), Some(user));
        assert_eq!(request.uri.password.as_deref(), Some("&it+has=1,weird!*pas$wo~d_too.(doesn't-it)"));
        assert_eq!(request.uri.host, "example.com");
        assert_eq!(branches(&read), ["z9hG4bK-.!%66*_+`'~"]);
        // A NUL would end the line for some; it is a space here.
        assert_eq!(read.to().display_name.as_deref(), Some("BEL:\u{7} NUL:  DEL:\u{7f}"));
        assert_eq!(read.to().user(), user);
        assert_eq!(read.from().display_name.as_deref(), Some("token1~` token2'+_ token3*%!.-"));
        assert_eq!(read.from().params.get("fromParam''~+*_!.-%"), Some("работающий"));
        assert_eq!(read.from().tag(), Some("_token~1'+`*%!-."));
        assert_eq!(read.header(&Name::CALL_ID), "intmeth.word%ZK-!.*_+'@word`~)(><:\\/\"][?}{");
        assert_eq!(request.headers.cseq().unwrap(), CSeq { number: 139_122_385, method: Method::Other(method.into()) });
        assert_eq!(request.headers.max_forwards(), Some(255));
        assert_eq!(read.header(&name("extensionHeader-!.%*+_`'~")), "\u{feff}大停電");
    };

    /// §3.1.1.3: escapes where they are escapes.
    esc01 => Rings, |read| {
        let read = read.unwrap();
        read.is_sound();
        is_offered(&read);
        assert_eq!(read.request().uri.user_text(), "sips:user@example.com");
        assert_eq!(read.request().uri.host, "example.net");
        assert!(read.to().uri.equivalent(&"sip:user@example.com".parse().unwrap()));
        assert_eq!(read.from().uri.user_text(), "I have spaces");
        let contact = &read.contacts()[0].uri;
        assert_eq!(contact.user_text(), "caller");
        let same = |text: &str| contact.equivalent(&text.parse::<Uri>().unwrap());
        assert!(same("sip:caller@host5.example.net;lr;name=value%2541"));
        assert!(!same("sip:caller@host5.example.net;lr;name=valueA"));
    };

    /// §3.1.1.4: an escaped NUL ends nothing.
    escnull => Answered(405), |read| {
        let read = read.unwrap();
        read.is_sound();
        for address in [read.from(), read.to()] {
            assert_eq!(address.uri.user_text(), "null-\0-null");
        }
        let contacts: Vec<_> = read.contacts().iter().map(|contact| contact.uri.user_text()).collect();
        assert_eq!(contacts, ["\0", "\0\0"]);
    };

    /// §3.1.1.5: `%` where it is no escape.
    esc02 => Answered(501), |read| {
        let read = read.unwrap();
        read.is_sound();
        assert_eq!(read.request().method, Method::Other("RE%47IST%45R".into()));
        for address in [read.from(), read.to()] {
            assert_eq!(address.display_name.as_deref(), Some("%Z%45"));
        }
        assert_eq!(branches(&read), ["z9hG4bK209%fzsnel234"]);
        let contacts: Vec<_> = read.contacts().iter().map(|contact| contact.user().to_owned()).collect();
        assert_eq!(contacts, ["alias1", "alias3"]);
        assert_eq!(read.header(&name("C%6Fntact")), "<sip:alias2@host2.example.com>");
    };

    /// §3.1.1.6: no white space between the display name and the bracket.
    lwsdisp => Answered(200), |read| {
        let read = read.unwrap();
        read.is_sound();
        assert_eq!(read.from().display_name.as_deref(), Some("caller"));
        assert_eq!((read.from().user(), read.from().tag()), ("caller", Some("323")));
    };

    /// §3.1.1.7: long values in header fields.
    longreq => Rings, |read| {
        let read = read.unwrap();
        read.is_sound();
        is_offered(&read);
        let to = read.to();
        assert_eq!(
            to.display_name,
            Some(format!("I have a user name of {} proportion", "extreme".repeat(10)))
        );
        assert_eq!(to.uri.port, Some(6000));
        assert_eq!(to.uri.params.get("unknownparam1"), Some(format!("very{}value", "long".repeat(20)).as_str()));
        assert_eq!(to.uri.params.get(&format!("longparam{}", "name".repeat(25))), Some("shortvalue"));
        assert!(to.uri.params.has(&format!("very{}ParameterNameWithNoValue", "long".repeat(25))));
        let from = read.from();
        assert_eq!(from.user(), "amazinglylongcallername".repeat(5));
        assert_eq!(from.tag(), Some(format!("12{}424", "982".repeat(50)).as_str()));
        assert!(from.params.has(&format!("unknownValueless{}", "paramname".repeat(10))));
        assert_eq!(read.header(&Name::CALL_ID), format!("longreq.one{}longcallid", "really".repeat(20)));
        let vias = read.request().headers.vias().unwrap();
        assert_eq!(vias.len(), 34);
        assert_eq!((vias[0].host.as_str(), vias[33].host.as_str()), ("sip33.example.com", "host.example.com"));
        assert_eq!(vias[33].branch(), format!("very{}branchvalue", "long".repeat(50)));
        assert_eq!(vias[33].params.get("received"), Some("192.0.2.5"));
    };

    /// §3.1.1.8: what comes after the body is no part of the message.
    dblreq => Answered(405), |read| {
        let read = read.unwrap();
        read.is_tolerated(&["Content-Length is not the length of the body: 0"]);
        assert_eq!(read.request().method, Method::Register);
        assert_eq!(read.request().body, "");
        assert_eq!(read.header(&Name::CALL_ID), "dblreq.0ha0isndaksdj99sdfafnl3lk233412");
    };

    /// §3.1.1.9: parameters in the user part.
    semiuri => Answered(200), |read| {
        let read = read.unwrap();
        read.is_sound();
        assert_eq!(read.request().uri.user_text(), "user;par=u@example.net");
        assert_eq!(read.request().uri.host, "example.com");
        assert!(read.request().uri.params.is_empty());
        assert_eq!(read.request().headers.items(&Name::ACCEPT).count(), 6);
    };

    /// §3.1.1.10: transports known and unknown.
    transports => Answered(200), |read| {
        let read = read.unwrap();
        read.is_sound();
        let vias = read.request().headers.vias().unwrap();
        let transports: Vec<_> = vias.iter().map(|via| via.transport.as_str()).collect();
        assert_eq!(transports, ["UDP", "SCTP", "TLS", "UNKNOWN", "TCP"]);
    };

    /// §3.1.1.11: a body that is no text. Its bytes are not kept, for a phone has no use for them.
    mpart01 => Answered(415), |read| {
        let read = read.unwrap();
        assert_eq!(read.request().method, Method::Message);
        assert_eq!(read.request().headers.content_type(), Some("multipart/mixed"));
        assert_eq!(read.from().tag(), Some("2fb0dcc9"));
        assert_eq!(read.request().headers.route().unwrap()[0].uri.port, Some(5080));
        assert!(read.request().body.starts_with("--7a9cbec02ceef655\r\nContent-Type: text/plain\r\n"));
        assert!(read.request().body.contains("\r\n\r\nHello\r\n"));
    };

    /// §3.1.1.12: a reason phrase in any script; an answer to nothing that was asked.
    unreason => Dropped("a response to nothing that is outstanding"), |read| {
        let read = read.unwrap();
        read.is_sound();
        assert_eq!(read.response().status.code(), 200);
        assert_eq!(read.response().reason, "= 2**3 * 5**2 но сто девяносто девять - простое");
        assert_eq!(read.response().body.len(), 154);
    };

    /// §3.1.1.13: no reason phrase.
    noreason => Dropped("a response to nothing that is outstanding"), |read| {
        let read = read.unwrap();
        read.is_sound();
        assert_eq!((read.response().status.code(), read.response().reason.as_str()), (100, ""));
        assert_eq!(read.contacts()[0].user(), "user");
    };

    /// §3.2.1: the cookie alone names no transaction.
    badbranch => Answered(200), |read| {
        let read = read.unwrap();
        read.is_sound();
        assert_eq!(branches(&read), ["z9hG4bK"]);
    };

    /// §3.3.1: neither Call-ID, From nor To.
    insuf => Answered(400), |read| {
        let read = read.unwrap();
        assert_eq!(read.refusal, Some(400));
        assert_eq!(read.told, ["a request that cannot be processed: no From"]);
        assert_eq!(branches(&read), ["z9hG4bKkdj.insuf"]);
        assert_eq!(read.request().body.len(), 152);
    };

    /// §3.3.2: a scheme that nobody knows in the Request-URI.
    unkscm => Answered(416), |read| {
        let read = read.unwrap();
        read.is_sound();
        assert_eq!(read.request().uri.scheme, Scheme::Other("nobodyknowsthisscheme".into()));
        assert_eq!(read.request().uri.host, "totallyopaquecontent");
    };

    /// §3.3.3: a scheme that is known, but not here.
    novelsc => Answered(416), |read| {
        let read = read.unwrap();
        read.is_sound();
        assert_eq!(read.request().uri.to_string(), "soap.beep://192.0.2.103:3002");
    };

    /// §3.3.4: schemes of all kinds in header fields.
    unksm2 => Answered(405), |read| {
        let read = read.unwrap();
        read.is_sound();
        assert_eq!(read.to().uri.to_string(), "isbn:2983792873");
        assert_eq!(read.from().uri.to_string(), "http://www.example.com");
        assert_eq!(read.from().tag(), Some("3234233"));
        assert_eq!(read.contacts()[0].uri.to_string(), "name:John_Smith");
    };

    /// §3.3.5: extensions that nobody supports. Which are named in the answer: the next test.
    bext01 => Answered(420), |read| {
        let read = read.unwrap();
        read.is_sound();
        let required: Vec<_> = read.request().headers.items(&Name::REQUIRE).collect();
        assert_eq!(required, ["nothingSupportsThis", "nothingSupportsThisEither"]);
    };

    /// §3.3.6: a body of an unknown type.
    invut => Answered(415), |read| {
        let read = read.unwrap();
        read.is_sound();
        assert_eq!(read.request().headers.content_type(), Some("application/unknownformat"));
        assert!(read.request().body.starts_with("<audio>\r\n"));
    };

    /// §3.3.7: credentials of an unknown kind are none.
    regaut01 => Answered(405), |read| {
        let read = read.unwrap();
        read.is_sound();
        assert_eq!(read.header(&Name::AUTHORIZATION), "NoOneKnowsThisScheme opaque-data=here");
        assert_eq!(read.request().headers.credentials(&Name::AUTHORIZATION), []);
    };

    /// §3.3.8: two values where there should be one.
    multi01 => Answered(400), |read| {
        let read = read.unwrap();
        assert_eq!(read.refusal, Some(400));
        assert_eq!(read.told.len(), 4);
        assert_eq!(read.header(&Name::CALL_ID), "multi01.98asdh@192.0.2.1");
        assert_eq!((read.from().tag(), read.to().user()), (Some("3413415"), "user"));
        assert_eq!(read.contacts().len(), 2);
    };

    /// §3.3.9: two lengths that contradict each other.
    mcl01 => Answered(400), |read| {
        let read = read.unwrap();
        assert_eq!(read.refusal, Some(400));
        assert_eq!(read.told, [
            "a field that should come once comes again: Content-Length: 5",
            "Content-Length is not the length of the body: 13",
        ]);
    };

    /// §3.3.10: a response that somebody else asked for.
    bcast => Dropped("a response with more than one Via"), |read| {
        let read = read.unwrap();
        read.is_sound();
        assert_eq!(branches(&read), ["z9hG4bK1324923", "z9hG4bK1saber23"]);
    };

    /// §3.3.11: no hop is left; there is none to go.
    zeromf => Answered(200), |read| {
        let read = read.unwrap();
        read.is_sound();
        assert_eq!(read.request().headers.max_forwards(), Some(0));
    };

    /// §3.3.12: a parameter of the contact.
    cparam01 => Answered(405), |read| {
        let read = read.unwrap();
        read.is_sound();
        let contact = &read.contacts()[0];
        assert_eq!(contact.user(), "+19725552222");
        assert!(contact.params.has("unknownparam") && contact.uri.params.is_empty());
    };

    /// §3.3.13: a parameter of the URI.
    cparam02 => Answered(405), |read| {
        let read = read.unwrap();
        read.is_sound();
        let contact = &read.contacts()[0];
        assert!(contact.uri.params.has("unknownparam") && contact.params.is_empty());
    };

    /// §3.3.14: a header field in the URI.
    regescrt => Answered(405), |read| {
        let read = read.unwrap();
        read.is_sound();
        let contact = &read.contacts()[0];
        assert_eq!(contact.uri.header("route").as_deref(), Some("<sip:sip.example.com>"));
        assert_eq!(contact.to_string(), "<sip:user@example.com?Route=%3Csip:sip.example.com%3E>");
    };

    /// §3.3.15: the caller takes no session description.
    sdp01 => Answered(406), |read| {
        let read = read.unwrap();
        read.is_sound();
        is_offered(&read);
    };

    /// §3.4.1: an INVITE of RFC 2543, with neither branch, From tag, Max-Forwards nor Content-Length.
    inv2543 => Rings, |read| {
        let read = read.unwrap();
        read.is_sound();
        assert_eq!(branches(&read), [""]);
        assert_eq!((read.from().tag(), read.from().user()), (None, "+13035551111"));
        assert_eq!(read.to().params.get("user"), Some("phone"));
        assert_eq!(read.request().headers.max_forwards(), None);
        assert_eq!(read.request().body.len(), 105);
        let route = read.request().headers.record_route().unwrap();
        assert_eq!(route[0].uri.params.get("maddr"), Some("ss1.example.com"));
    };
}

/// The call of §3.4.1 goes on as any other: accepted, acknowledged, and ended by the caller without a tag.
#[test]
fn a_call_of_rfc_2543_is_taken_and_ended() {
    let text = frame("rfc4475", "inv2543");
    let mut bench = Bench::connected();
    bench.strict = false;
    bench.receive(&text);
    bench.response(100);
    let (id, incoming) = bench.incoming();
    assert_eq!(incoming.from.tag(), None);
    bench.command(|ua, now| ua.accept(id, ANSWER, now)).unwrap();
    let ok = bench.response(200);
    let to = ok.headers.get(&Name::TO).unwrap().to_owned();
    let own_tag = ok.headers.to().unwrap().tag().map(str::to_owned);
    assert!(own_tag.is_some());
    for (method, number) in [("ACK", 56), ("BYE", 57)] {
        bench.receive(format!(
            "{method} sip:UserB@example.com SIP/2.0\r\nVia: SIP/2.0/UDP iftgw.example.com\r\n\
             From: <sip:+13035551111@ift.client.example.net;user=phone>\r\nTo: {to}\r\n\
             Call-ID: inv2543.1717@ift.client.example.com\r\nCSeq: {number} {method}\r\n\r\n"
        ));
    }
    bench.response(200);
    assert_eq!(bench.session_event(), xc_webrtc::sip::event::SessionEvent::Confirmed { answer: None });
    bench.ended();
    bench.over();
}

/// §3.3.5, §3.3.6, §3.1.1.2: the refusal says what would have been taken.
#[test]
fn refusals_say_what_would_be_taken() {
    let answer = |name: &str, code| {
        let mut bench = Bench::connected();
        bench.strict = false;
        bench.receive(frame("rfc4475", name));
        let response = bench.response(code);
        Message::Response(response)
    };
    let of = |message: &Message, name: Name| message.headers().get(&name).map(str::to_owned);
    let extension = answer("bext01", 420);
    assert_eq!(
        of(&extension, Name::UNSUPPORTED).as_deref(),
        Some("nothingSupportsThis, nothingSupportsThisEither")
    );
    assert_eq!(of(&answer("invut", 415), Name::ACCEPT).as_deref(), Some("application/sdp"));
    for (name, code) in [("intmeth", 501), ("esc02", 501), ("regaut01", 405)] {
        assert!(answer(name, code).headers().allow().any(|method| method == Method::Invite), "{name}");
    }
}

/// The names that people see of addresses as odd as those of §3.1.1.2.
#[test]
fn odd_addresses_are_printed_so_that_they_are_read_again() {
    let text = frame("rfc4475", "intmeth");
    let message = xc_webrtc::sip::parser::parse(&text).unwrap().message;
    for address in [message.headers().from().unwrap(), message.headers().to().unwrap()] {
        assert_eq!(address.to_string().parse::<NameAddr>(), Ok(address));
    }
}

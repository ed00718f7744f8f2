use super::diagnostic::MOST_DIAGNOSTICS;
use super::*;
use crate::sip::header::Name;
use crate::sip::method::Method;

/// An INVITE with these lines in place of, or after, the usual ones.
fn invite(lines: &[&str]) -> String {
    let mut text = String::from("INVITE sip:alice@x.invalid;transport=ws SIP/2.0\r\n");
    for line in lines {
        text.push_str(line);
        text.push_str("\r\n");
    }
    text.push_str("\r\n");
    text
}

const USUAL: [&str; 6] = [
    "Via: SIP/2.0/WS pbx;branch=z9hG4bK1",
    "From: \"Bob\" <sip:bob@pbx>;tag=f1",
    "To: <sip:alice@pbx>",
    "Call-ID: c1",
    "CSeq: 7 INVITE",
    "Contact: <sip:bob@192.0.2.1:5060>",
];

fn request(text: &str) -> (Request, Vec<String>) {
    let Parsed { message, diagnostics, .. } = parse(text).unwrap_or_else(|error| panic!("{error}: {text}"));
    let diagnostics = diagnostics.into_iter().map(|diagnostic| diagnostic.text).collect();
    match message {
        Message::Request(request) => (request, diagnostics),
        Message::Response(response) => panic!("a response: {response}"),
    }
}

/// What the text is worth when it is a request that cannot be processed.
fn refusal(text: &str) -> Option<u16> {
    let parsed = parse(text).unwrap_or_else(|error| panic!("{error}: {text}"));
    parsed.refusal.map(StatusCode::code)
}

fn response(text: &str) -> Response {
    match parse(text).unwrap_or_else(|error| panic!("{error}: {text}")).message {
        Message::Response(response) => response,
        Message::Request(request) => panic!("a request: {request}"),
    }
}

#[test]
fn a_request_is_read_without_complaint() {
    let (request, diagnostics) = request(&(invite(&USUAL) + "v=0\r\n"));
    assert_eq!(request.method, Method::Invite);
    assert_eq!(request.uri.to_string(), "sip:alice@x.invalid;transport=ws");
    assert_eq!(request.headers.len(), 6);
    assert_eq!(request.body, "v=0\r\n");
    assert_eq!(diagnostics, Vec::<String>::new());
    assert_eq!(request.check(), Ok(()));
}

#[test]
fn a_response_is_read_with_any_reason_phrase() {
    let read = |start: &str| {
        let text = invite(&USUAL).replacen("INVITE sip:alice@x.invalid;transport=ws SIP/2.0", start, 1);
        let response = response(&text);
        (response.status.code(), response.reason)
    };
    assert_eq!(read("SIP/2.0 486 Busy Here"), (486, "Busy Here".into()));
    assert_eq!(read("SIP/2.0 200"), (200, String::new()));
    assert_eq!(read("SIP/2.0 200 "), (200, String::new()));
    assert_eq!(read("sip/2.0  180\tÇa sonne"), (180, "Ça sonne".into()));
    // SIP.js#996: the call never failed, for the response was dropped.
    assert_eq!(read("SIP/2.0 480 Gone [call 5/2]"), (480, "Gone [call 5/2]".into()));
}

/// What the phones that others use drop: `features.md` knows the reports. Each line replaces the usual one of its
/// name.
#[test]
fn what_others_drop_is_read() {
    let altered = |line: &str| {
        let name = line.split(':').next().expect("a name");
        let lines: Vec<_> =
            USUAL.iter().filter(|usual| !usual.starts_with(name)).chain([&line]).copied().collect();
        let (request, diagnostics) = request(&invite(&lines));
        assert_eq!(diagnostics, Vec::<String>::new(), "{line}");
        request.headers
    };

    let digit_first = altered("Via: SIP/2.0/WS 0a1b2c3d4e5f:8088;branch=z9hG4bK1");
    assert_eq!(digit_first.top_via().map(|via| via.host), Ok("0a1b2c3d4e5f".into()));
    let digit_first = altered("Contact: <sip:bob@0a1b2c3d4e5f:5060>").contacts().expect("readable");
    assert_eq!(digit_first.first().map(|contact| contact.uri.host.as_str()), Some("0a1b2c3d4e5f"));

    let hash = altered("Contact: <sip:*21#0145@pbx;transport=ws>").contacts().expect("readable");
    assert_eq!(hash.first().map(|contact| contact.user()), Some("*21#0145"));
    assert_eq!(hash.first().map(ToString::to_string), Some("<sip:*21#0145@pbx;transport=ws>".into()));

    let quoted = altered("Contact: <sip:bob@pbx;x=\"a b\">").contacts().expect("readable");
    assert_eq!(quoted.first().and_then(|contact| contact.uri.params.get("x")), Some("a%20b"));

    let comma = altered("From: Doe, John <sip:john@pbx>;tag=f2").from().expect("readable");
    assert_eq!((comma.display_name.as_deref(), comma.tag()), (Some("Doe, John"), Some("f2")));
    let comma = altered("Contact: Doe, John <sip:john@pbx>").contacts().expect("readable");
    assert_eq!(comma.list().len(), 1);

    let empty = altered("From: \"\" <sip:bob@pbx>;tag=f3").from().expect("readable");
    assert_eq!((empty.display_name.as_deref(), empty.tag()), (None, Some("f3")));

    let script = altered("From: Zoé 日本 <sip:zoe@pbx>;tag=f4").from().expect("readable");
    assert_eq!(script.display_name.as_deref(), Some("Zoé 日本"));

    let v6 = altered("Via: SIP/2.0/WSS [2001:db8::1]:443;branch=z9hG4bK1;received=[2001:db8::2]");
    assert_eq!(v6.top_via().map(|via| (via.host, via.port)), Ok(("[2001:db8::1]".into(), Some(443))));
    let v6 = altered("Contact: <sip:bob@[2001:db8::1]:5060>").contacts().expect("readable");
    assert_eq!(v6.first().map(|contact| contact.uri.host.as_str()), Some("[2001:db8::1]"));
}

#[test]
fn lines_may_end_in_lf_alone() {
    let text = invite(&USUAL).replace("\r\n", "\n") + "v=0\n";
    let (read, diagnostics) = request(&text);
    assert_eq!(read.headers, request(&invite(&USUAL)).0.headers);
    assert_eq!(read.body, "v=0\n");
    assert_eq!(diagnostics, ["lines that end in LF alone"]);
}

#[test]
fn folded_lines_compact_names_and_white_space_are_read() {
    let (read, diagnostics) = request(&invite(&[
        "v: SIP/2.0/WS pbx;branch=z9hG4bK1",
        "FROM  : \"Bob\"\t<sip:bob@pbx>",
        "  ;tag=f1",
        "t\t:\t<sip:alice@pbx>  ",
        "i:c1",
        "cseq:",
        "\t7",
        " INVITE",
        "l: 4",
        "k: outbound,",
        "   replaces",
        "   ",
    ]));
    let (body, _) = request(&(invite(&["l: 4"]) + "v=0\n"));
    assert_eq!(body.body, "v=0\n");
    assert_eq!(diagnostics, ["Content-Length is not the length of the body: 4"]);
    assert_eq!(read.headers.from().expect("readable").tag(), Some("f1"));
    assert_eq!(read.headers.cseq().map(|cseq| cseq.number), Ok(7));
    assert_eq!(read.headers.get(&Name::SUPPORTED), Some("outbound, replaces"));
    assert_eq!(read.check(), Ok(()));
}

#[test]
fn a_body_is_as_long_as_the_frame_at_most() {
    for (lengths, body, complaints, refused) in [
        (&[][..], "v=é\r\n", 0, false),
        (&["Content-Length: 6"][..], "v=é\r\n", 0, false),
        (&["l: 006"][..], "v=é\r\n", 0, false),
        (&["Content-Length: 7"][..], "v=é\r\n", 1, false),
        (&["Content-Length: 4"][..], "v=é", 1, false),
        (&["Content-Length: 0"][..], "", 1, false),
        // Not between two characters.
        (&["Content-Length: 3"][..], "v=é\r\n", 1, false),
        (&["Content-Length: x"][..], "v=é\r\n", 1, true),
        (&["Content-Length: -1"][..], "v=é\r\n", 1, true),
        (&["Content-Length:"][..], "v=é\r\n", 1, true),
        (&["Content-Length: 4", "l: 4"][..], "v=é", 2, false),
        (&["Content-Length: 4", "l: 6"][..], "v=é", 2, true),
    ] {
        let lines: Vec<_> = USUAL.iter().chain(lengths).copied().collect();
        let text = invite(&lines) + "v=é\r\n";
        let (request, diagnostics) = request(&text);
        assert_eq!(request.body, body, "{lengths:?}");
        assert_eq!(diagnostics.len(), complaints, "{lengths:?}");
        assert_eq!(request.headers.get(&Name::CONTENT_LENGTH), None);
        assert_eq!(refusal(&text), refused.then_some(400), "{lengths:?}");
        // A response is taken as it is: without it the call would hang.
        let ok = text.replacen("INVITE sip:alice@x.invalid;transport=ws SIP/2.0", "SIP/2.0 200 OK", 1);
        assert_eq!(refusal(&ok), None);
        assert_eq!(response(&ok).body, body);
    }
}

#[test]
fn what_is_no_header_field_is_left_out_and_reported() {
    let (read, diagnostics) = request(&invite(&[
        " begins with white space",
        USUAL[0],
        "no colon here",
        " nor in its continuation",
        "na me: x",
        ": y",
        USUAL[1],
        USUAL[2],
        "To: <sip:second@pbx>",
        USUAL[3],
        USUAL[4],
        "Contact: <no uri>",
        "Route: <sip:p1;lr>, x",
    ]));
    assert_eq!(read.check(), Ok(()));
    assert_eq!(read.headers.to().expect("readable").user(), "alice");
    assert_eq!(read.headers.get(&Name::CONTACT), Some("<no uri>"));
    assert_eq!(
        diagnostics,
        [
            "a line that continues nothing:  begins with white space",
            "a line that is no header field: no colon here",
            "a line that continues nothing:  nor in its continuation",
            "a line that is no header field: na me: x",
            "a line that is no header field: : y",
            "a field that should come once comes again: To: <sip:second@pbx>",
            "kept as it came: unreadable Contact: <no uri>",
            "kept as it came: unreadable Route: x",
        ]
    );
}

#[test]
fn diagnostics_are_few_and_short() {
    let noise = vec!["é".repeat(500); 60];
    let noise: Vec<_> = USUAL.iter().copied().chain(noise.iter().map(String::as_str)).collect();
    let (_, diagnostics) = request(&invite(&noise));
    assert_eq!(diagnostics.len(), MOST_DIAGNOSTICS + 1);
    assert_eq!(diagnostics.last().map(String::as_str), Some("and 52 more"));
    assert!(diagnostics.iter().all(|text| text.chars().count() < 150));
}

#[test]
fn a_response_that_finds_no_transaction_is_dropped() {
    for (name, expected) in [
        ("Via", "no Via"),
        ("From", "no From"),
        ("To", "no To"),
        ("Call-ID", "no Call-ID"),
        ("CSeq", "no CSeq"),
    ] {
        let lines: Vec<_> = USUAL.iter().filter(|line| !line.starts_with(name)).copied().collect();
        let text =
            invite(&lines).replacen("INVITE sip:alice@x.invalid;transport=ws SIP/2.0", "SIP/2.0 200 OK", 1);
        assert_eq!(parse(&text).expect_err("dropped").to_string(), expected);
        // A request is kept: it can be answered with a 400.
        let (request, diagnostics) = request(&invite(&lines));
        assert_eq!(request.check().expect_err("reported").to_string(), expected);
        assert_eq!(refusal(&invite(&lines)), Some(400));
        assert_eq!(diagnostics, [format!("a request that cannot be processed: {expected}")]);
    }
}

#[test]
fn an_unreadable_start_line_names_its_fault() {
    for (line, problem) in [
        ("INVITE", "not of three parts"),
        ("INVITE sip:a@x", "not of three parts"),
        ("INVITE sip:a@x HTTP/1.1", "another version"),
        ("INV(ITE sip:a@x SIP/2.0", "broken method"),
        ("SIP/7.0 200 OK", "another version"),
        ("SIP/2.0 20 OK", "broken status code"),
        ("SIP/2.0 099 OK", "broken status code"),
        ("SIP/2.0 700 OK", "broken status code"),
        ("SIP/2.0 +20 OK", "broken status code"),
        ("SIP/2.0 4294967301 OK", "broken status code"),
        ("HTTP/1.1 200 OK", "broken method"),
    ] {
        let expected = ParseError::StartLine { problem, line: line.into() };
        assert_eq!(parse(&format!("{line}\r\n\r\n")), Err(expected), "{line}");
    }
    for (line, status) in [
        ("INVITE sip:a@x SIP/3.0", 505),
        ("INVITE a@x sip/20", 505),
        ("INVITE a@x SIP/2.0", 400),
        ("INVITE sip:a@x b SIP/2.0", 400),
        ("INVITE sip:2001:db8::1 SIP/2.0", 400),
    ] {
        let text = invite(&USUAL).replacen("INVITE sip:alice@x.invalid;transport=ws SIP/2.0", line, 1);
        assert_eq!(refusal(&text), Some(status), "{line}");
    }
    let (bracketed, _) = request("OPTIONS  <sip:a@x>  SIP/2.0\r\n\r\n");
    assert_eq!(bracketed.uri.to_string(), "sip:a@x");
}

#[test]
fn keep_alives_are_told_apart() {
    for text in ["\r\n", "\r\n\r\n", "\n", ""] {
        assert!(is_keep_alive(text));
        assert_eq!(parse(text), Err(ParseError::Empty));
    }
    assert!(!is_keep_alive("\r\nSIP/2.0 200 OK"));
    assert_eq!(request(&format!("\r\n\r\n{}", invite(&USUAL))).0.method, Method::Invite);
}

#[test]
fn too_much_is_refused() {
    let bytes = LONGEST_MESSAGE + 1;
    assert_eq!(parse(&"x".repeat(bytes)), Err(ParseError::MessageTooLong { bytes }));
    let long = format!("X-Long: {}", "x".repeat(LONGEST_HEADER));
    let many = vec!["X: y"; LONGEST_HEADER / 6];
    for text in [invite(&[&long]), invite(&many)] {
        assert_eq!(refusal(&text), Some(513));
        let ok = text.replacen("INVITE sip:alice@x.invalid;transport=ws SIP/2.0", "SIP/2.0 200 OK", 1);
        assert_eq!(parse(&ok), Err(ParseError::HeaderTooLong));
    }
    // The body may be longer than a header.
    let body = "x".repeat(LONGEST_HEADER * 2);
    assert_eq!(request(&(invite(&USUAL) + &body)).0.body.len(), body.len());
}

#[test]
fn a_header_that_just_ends_is_read() {
    let text = invite(&USUAL);
    let (read, diagnostics) = request(text.trim_end());
    assert_eq!(read.headers.len(), USUAL.len());
    assert_eq!(diagnostics, ["no empty line after the header"]);
}

use super::*;

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
    let Parsed { message, diagnostics } = parse(text).unwrap_or_else(|error| panic!("{error}: {text}"));
    let diagnostics = diagnostics.into_iter().map(|diagnostic| diagnostic.text).collect();
    match message {
        Message::Request(request) => (request, diagnostics),
        Message::Response(response) => panic!("a response: {response}"),
    }
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

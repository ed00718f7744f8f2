use super::*;

fn headers(fields: &[(&str, &str)]) -> Headers {
    let mut headers = Headers::new();
    for (name, value) in fields {
        headers.push(name.parse().expect("a token"), *value);
    }
    headers
}

#[test]
fn hops_come_from_every_line_in_order() {
    let headers = headers(&[
        ("v", "SIP/2.0/WS a;branch=\"z9hG4bK,1\", SIP/2.0/UDP b;branch=2"),
        ("Via", "SIP/2.0/TCP c;branch=3"),
    ]);
    let vias = headers.vias().expect("well formed");
    assert_eq!(vias.iter().map(Via::branch).collect::<Vec<_>>(), ["z9hG4bK,1", "2", "3"]);
    assert_eq!(headers.top_via().as_ref(), Ok(&vias[0]));
}

#[test]
fn what_is_missing_or_unreadable_is_named() {
    let none = Headers::new();
    assert_eq!(none.top_via(), Err(HeaderError::Missing(Name::VIA)));
    assert_eq!(none.from(), Err(HeaderError::Missing(Name::FROM)));
    assert_eq!(none.to(), Err(HeaderError::Missing(Name::TO)));
    assert_eq!(none.call_id(), Err(HeaderError::Missing(Name::CALL_ID)));
    assert_eq!(none.cseq(), Err(HeaderError::Missing(Name::CSEQ)));
    let broken = headers(&[("Via", "x"), ("Call-ID", ""), ("CSeq", "one"), ("Route", "x")]);
    assert_eq!(broken.top_via().unwrap_err().to_string(), "unreadable Via: x");
    assert_eq!(broken.call_id().unwrap_err().to_string(), "unreadable Call-ID: ");
    assert_eq!(broken.cseq().unwrap_err().to_string(), "unreadable CSeq: one");
    assert_eq!(broken.route().unwrap_err().to_string(), "unreadable Route: x");
}

#[test]
fn a_caller_with_an_unreadable_uri_still_has_a_tag() {
    let headers = headers(&[("From", "\"A\" <no uri>;tag=1"), ("To", "sip:b@x")]);
    assert_eq!(headers.from().expect("present").tag(), Some("1"));
    assert_eq!(headers.to().expect("present").tag(), None);
}

#[test]
fn the_first_readable_identity_counts() {
    let headers = headers(&[
        ("P-Asserted-Identity", "broken"),
        ("p-asserted-identity", "\"Cullen Jennings\" <sip:fluffy@cisco.com>, <tel:+14085264000>"),
    ]);
    let identity = headers.p_asserted_identity().expect("there is one");
    assert_eq!(identity.user(), "fluffy");
    assert_eq!(identity.display_name.as_deref(), Some("Cullen Jennings"));
}

#[test]
fn lists_and_numbers_are_read() {
    let headers = headers(&[
        ("Allow", "INVITE, ACK,,BYE"),
        ("Allow", "X"),
        ("k", "outbound , Replaces"),
        ("Content-Type", "application/sdp ; charset=utf-8"),
        ("Expires", " 3600"),
        ("Min-Expires", "99999999999"),
        ("Retry-After", "5 (busy)"),
        ("Max-Forwards", "-1"),
        ("Reason", "SIP;cause=200;text=\"a, b\", Q.850;cause=16"),
        ("Alert-Info", "<http://x/bell.wav>, info=external"),
    ]);
    let allowed = [Method::Invite, Method::Ack, Method::Bye, Method::Other("X".into())];
    assert_eq!(headers.allow().collect::<Vec<_>>(), allowed);
    assert!(headers.lists(&Name::SUPPORTED, "replaces"));
    assert!(!headers.lists(&Name::SUPPORTED, "100rel"));
    assert_eq!(headers.content_type(), Some("application/sdp"));
    assert_eq!(headers.expires(), Some(3600));
    assert_eq!(headers.min_expires(), Some(u32::MAX));
    assert_eq!(headers.retry_after().map(|retry| retry.delay.as_secs()), Some(5));
    assert_eq!(headers.max_forwards(), None);
    assert_eq!(headers.reasons().map(|reason| reason.cause).collect::<Vec<_>>(), [Some(200), Some(16)]);
    assert_eq!(headers.alert_info().collect::<Vec<_>>(), ["<http://x/bell.wav>, info=external"]);
}

use super::*;

fn uri(text: &str) -> Uri {
    text.parse().unwrap_or_else(|error| panic!("{error}"))
}

/// Reads and prints back the same.
fn same(text: &str) -> Uri {
    let read = uri(text);
    assert_eq!(read.to_string(), text);
    assert_eq!(uri(&read.to_string()), read);
    read
}

#[test]
fn every_part_is_read() {
    let read = same("sips:alice:secret@example.org:5061;transport=ws;lr?subject=x&priority=urgent");
    assert_eq!(read.scheme, Scheme::Sips);
    assert_eq!(read.user.as_deref(), Some("alice"));
    assert_eq!(read.password.as_deref(), Some("secret"));
    assert_eq!(read.host, "example.org");
    assert_eq!(read.port, Some(5061));
    assert_eq!(read.params.get("transport"), Some("ws"));
    assert!(read.params.has("lr"));
    assert_eq!(read.headers.as_deref(), Some("subject=x&priority=urgent"));
}

#[test]
fn hosts_of_every_kind_are_read() {
    assert_eq!(same("sip:example.org").host, "example.org");
    assert_eq!(same("sip:1002@192.0.2.1:5060").host, "192.0.2.1");
    let v6 = same("sip:[2001:db8::1]:5062;lr");
    assert_eq!((v6.host.as_str(), v6.port), ("[2001:db8::1]", Some(5062)));
    assert_eq!(same("sip:x@[::ffff:192.0.2.1]").port, None);
    assert_eq!(uri("SIP:bob@EXAMPLE.org: ").host, "EXAMPLE.org");
}

#[test]
fn a_host_label_may_begin_with_a_digit() {
    assert_eq!(same("sip:alice@0a1b2c3d4e5f:5060").host, "0a1b2c3d4e5f");
    assert_eq!(same("sip:alice@my_pbx").host, "my_pbx");
}

#[test]
fn a_hash_may_stand_in_the_user() {
    assert_eq!(same("sip:*21#0145@example.org").user.as_deref(), Some("*21#0145"));
}

#[test]
fn a_parameter_may_be_quoted() {
    let read = uri("sip:bob@example.org;x=\"a;b@c?d\";y=1;z=\"2\"");
    assert_eq!(read.params.get("x"), Some("a%3Bb%40c%3Fd"));
    assert_eq!(read.to_string(), "sip:bob@example.org;x=a%3Bb%40c%3Fd;y=1;z=2");
    assert_eq!(read.params.get("y"), Some("1"));
}

#[test]
fn a_quote_that_nothing_closes_is_a_sign_like_others() {
    assert_eq!(uri("sip:a\"b@example.org").to_string(), "sip:a%22b@example.org");
    assert_eq!(uri("sip:a\"\\\"b@example.org").to_string(), "sip:a%22%5C%22b@example.org");
}

#[test]
fn a_user_may_hold_semicolons_and_question_marks() {
    let read = same("sip:+1212;phone-context=x?y@example.org;user=phone");
    assert_eq!(read.user.as_deref(), Some("+1212;phone-context=x?y"));
    assert_eq!(read.params.get("user"), Some("phone"));
}

#[test]
fn telephone_numbers_and_strange_schemes_are_kept() {
    let tel = same("tel:+33145000001;phone-context=example.org");
    assert_eq!((tel.scheme, tel.user.as_deref()), (Scheme::Tel, Some("+33145000001")));
    let urn = same("urn:service:sos;x");
    assert_eq!((urn.scheme, urn.host.as_str()), (Scheme::Other("urn".into()), "service:sos;x"));
}

#[test]
fn what_is_no_uri_is_refused_with_the_reason() {
    for (text, problem) in [
        ("", "no scheme"),
        ("bob", "no scheme"),
        ("1:x", "no scheme"),
        ("sip:", "broken host"),
        ("sip:bob@", "broken host"),
        ("sip:a@b@c", "broken host"),
        ("sip:bob@ho st", "broken host"),
        ("sip:bob@[::1", "broken host"),
        ("sip:bob@host:99999", "broken port"),
        ("sip:bob@host:x", "broken port"),
        ("sip:2001:db8::1", "broken port"),
        ("sip:bob@[fe80::1%25eth0]", "broken host"),
        ("sip:bob@[fe80::1%eth0]:5060", "broken host"),
        ("sip:bob@[]", "broken host"),
        ("sip:bob@[host]", "broken host"),
    ] {
        assert_eq!(text.parse::<Uri>().map_err(|error| error.problem), Err(problem), "{text}");
    }
}

#[test]
fn nothing_escapes_from_a_printed_uri() {
    let mut uri = Uri::sip(Some("a\r\nVia: b@c>"), "host\r\nVia: x");
    uri.headers = Some("a=\r\n b".into());
    uri.params.set("p", "\r\nVia: y");
    let printed = uri.to_string();
    assert!(!printed.contains(['\r', '\n', '>']), "{printed}");
    assert!(printed.starts_with("sip:a%0D%0AVia%3A%20b%40c%3E@host"), "{printed}");
}

#[test]
fn escapes_are_read_for_people() {
    assert_eq!(Uri::sip(Some("*21#"), "x").to_string(), "sip:*21%23@x");
    assert_eq!(Uri::sip(Some("50% é"), "x").user_text(), "50% é");
    assert_eq!(uri("sip:a%zz%4@x").user_text(), "a%zz%4");
    assert_eq!(uri("sip:%ff@x").user_text(), "%ff");
    assert_eq!(uri("sip:x").user_text(), "");
}

/// The examples of RFC 3261 §19.1.4, and the rules that they leave out.
#[test]
fn equivalence_follows_the_rfc() {
    let equal = |one: &str, other: &str| {
        let result = uri(one).equivalent(&uri(other));
        assert_eq!(result, uri(other).equivalent(&uri(one)), "{one} {other}");
        result
    };
    for (one, other) in [
        ("sip:%61lice@atlanta.com;transport=TCP", "sip:alice@AtlanTa.CoM;Transport=tcp"),
        ("sip:carol@chicago.com", "sip:carol@chicago.com;newparam=5"),
        ("sip:carol@chicago.com", "sip:carol@chicago.com;security=on"),
        ("sip:carol@chicago.com;newparam=5", "sip:carol@chicago.com;security=on"),
        (
            "sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com",
            "sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com",
        ),
        (
            "sip:alice@atlanta.com?subject=project%20x&priority=urgent",
            "sip:alice@atlanta.com?priority=urgent&subject=project%20x",
        ),
        // RFC 5954 §4.2.
        ("sip:bob@[2001:db8::9:1]", "sip:bob@[2001:DB8:0:0:0:0:9:01]"),
        ("sip:bob@[::ffff:192.0.2.128]:5060", "sip:bob@[::FFFF:C000:280]:5060"),
        // RFC 3966 §4.
        ("tel:+1-201-555-0123", "tel:+12015550123"),
        ("tel:7042;phone-context=EXAMPLE.com", "tel:70.42;phone-context=example.com"),
    ] {
        assert!(equal(one, other), "{one} {other}");
    }
    for (one, other) in [
        ("SIP:ALICE@AtLanTa.CoM;Transport=udp", "sip:alice@AtLanTa.CoM;Transport=UDP"),
        ("sip:bob@biloxi.com", "sip:bob@biloxi.com:5060"),
        ("sip:bob@biloxi.com", "sip:bob@biloxi.com:6000;transport=tcp"),
        ("sip:carol@chicago.com", "sip:carol@chicago.com?Subject=next%20meeting"),
        ("sip:carol@chicago.com;security=on", "sip:carol@chicago.com;security=off"),
        ("sip:carol@chicago.com", "sips:carol@chicago.com"),
        ("sip:carol@chicago.com", "sip:carol@chicago.com;user=phone"),
        ("sip:carol@chicago.com", "sip:chicago.com"),
        ("sip:bob@[2001:db8::9:1]", "sip:bob@[2001:db8::9:2]"),
        ("sip:bob@[2001:db8::9:1]", "sip:bob@[2001:db8::9:1]:5060"),
        ("sip:+1-201-555-0123@x", "sip:+12015550123@x"),
        ("tel:+12015550123", "sip:+12015550123@x"),
    ] {
        assert!(!equal(one, other), "{one} {other}");
    }
}

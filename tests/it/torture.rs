//! Messages in the manner of RFC 4475 ("SIP torture test messages"): what is legal but strange is read, what is
//! broken is refused or kept with a word about it. The sections are those of the RFC.

use xc_webrtc::sip::header::Name;
use xc_webrtc::sip::message::{Message, Request};
use xc_webrtc::sip::method::Method;
use xc_webrtc::sip::parser::{self, ParseError};
use xc_webrtc::sip::uri::NameAddr;

/// The message with CRLF at its line ends, and what was tolerated.
fn read(text: &str) -> Result<(Message, Vec<String>), ParseError> {
    let parsed = parser::parse(&text.replace('\n', "\r\n"))?;
    Ok((parsed.message, parsed.diagnostics.into_iter().map(|diagnostic| diagnostic.text).collect()))
}

fn request(text: &str) -> (Request, Vec<String>) {
    match read(text).expect("readable") {
        (Message::Request(request), diagnostics) => (request, diagnostics),
        (Message::Response(response), _) => unreachable!("a response: {response}"),
    }
}

/// A request with this start line, From, and other lines.
fn built(start: &str, from: &str, more: &str) -> String {
    format!(
        "{start}\nVia: SIP/2.0/TCP host.example.com;branch=z9hG4bKt\nFrom: {from};tag=1\nTo: sip:b@example.com\n\
         Call-ID: t@h\nCSeq: 1 {}\n{more}\n",
        start.split(' ').next().unwrap_or_default()
    )
}

/// §3.1.1.1
#[test]
fn a_tortuous_invite_is_read() {
    let (request, diagnostics) = request(
        "INVITE sip:vivekg@chair-dnrc.example.com;unknownparam SIP/2.0\n\
         TO :\n sip:vivekg@chair-dnrc.example.com ;   tag    = 1918181833n\n\
         from   : \"J Rosenberg \\\\\\\"\"       <sip:jdrosen@example.com>\n  ;\n  tag = 98asjd8\n\
         MaX-fOrWaRdS: 0068\n\
         Call-ID: wsinv.ndaksdj@192.0.2.1\n\
         cseq: 0009\n  INVITE\n\
         Via  : SIP  /   2.0\n /UDP\n    192.0.2.2;branch=390skdjuw\n\
         s :\n\
         NewFangledHeader:   newfangled value\n continued newfangled value\n\
         UnknownHeaderWithUnusualValue: ;;,,;;,;\n\
         Content-Type: application/sdp\n\
         Route:\n <sip:services.example.com;lr;unknownwith=value;unknown-no-value>\n\
         v:  SIP  / 2.0  / TCP     spindle.example.com   ;\n  branch  =   z9hG4bK9ikj8  ,\n\
         \x20SIP  /    2.0   / UDP  192.168.255.111   ; branch=\n z9hG4bK30239\n\
         m:\"Quoted string \\\"\\\"\" <sip:jdrosen@example.com> ; newparam =\n      newvalue ;\n  secondparam ; q = 0.33\n\
         \n",
    );
    assert_eq!(diagnostics, Vec::<String>::new());
    assert_eq!(request.check(), Ok(()));
    let headers = &request.headers;
    let (from, to) = (headers.from().expect("there"), headers.to().expect("there"));
    assert_eq!(from.display_name.as_deref(), Some("J Rosenberg \\\""));
    assert_eq!((from.tag(), to.tag()), (Some("98asjd8"), Some("1918181833n")));
    assert_eq!(headers.max_forwards(), Some(68));
    assert_eq!(headers.cseq().map(|cseq| cseq.number), Ok(9));
    let branches: Vec<_> =
        headers.vias().expect("readable").iter().map(|via| via.branch().to_owned()).collect();
    assert_eq!(branches, ["390skdjuw", "z9hG4bK9ikj8", "z9hG4bK30239"]);
    assert_eq!(headers.get(&Name::SUBJECT), Some(""));
    let contacts = headers.contacts().expect("readable");
    assert_eq!(contacts.first().and_then(|contact| contact.params.get("q")), Some("0.33"));
    assert_eq!(headers.route().map(|route| route.len()), Ok(1));
    let own = "newfangledheader".parse().expect("a token");
    assert_eq!(headers.get(&own), Some("newfangled value continued newfangled value"));
}

/// §3.1.1.2: every character that a method, a user, a parameter may have.
#[test]
fn the_whole_alphabet_is_read() {
    let method = "!interesting-Method0123456789_*+`.%indeed'~";
    let uri = "sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*:&it+has=1,weird!*pas$wo~d_too.(doesn't-it)@example.com";
    let (request, diagnostics) = request(&built(&format!("{method} {uri} SIP/2.0"), "<sip:a@b>", ""));
    assert_eq!(diagnostics, Vec::<String>::new());
    assert_eq!(request.method, Method::Other(method.into()));
    assert_eq!(request.uri.user.as_deref(), Some("1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*"));
    assert_eq!(request.uri.to_string(), uri);
}

/// §3.1.1.3, §3.1.1.4, §3.1.1.9: escapes mean themselves, also that of NUL; so does a semicolon in a user part.
#[test]
fn escapes_and_semicolons_stay_what_they_are() {
    let start = "INVITE sip:sips%3Auser%40example.com@example.net SIP/2.0";
    let (escaped, _) = request(&built(start, "sip:I%20have%20spaces@example.net", ""));
    assert_eq!(escaped.uri.user_text(), "sips:user@example.com");
    assert_eq!(escaped.headers.from().expect("there").uri.user_text(), "I have spaces");
    let (null, _) = request(&built("REGISTER sip:null-%00-null@example.com SIP/2.0", "sip:null-%00@x", ""));
    assert_eq!(null.uri.to_string(), "sip:null-%00-null@example.com");
    let (semicolon, _) =
        request(&built("OPTIONS sip:user;par=u%40example.net@example.com SIP/2.0", "sip:a@b", ""));
    assert_eq!(semicolon.uri.user.as_deref(), Some("user;par=u%40example.net"));
    assert!(semicolon.uri.params.is_empty());
}

/// §3.1.1.6: no white space between a quoted display name and the bracket.
#[test]
fn a_name_may_touch_its_bracket() {
    let (request, _) =
        request(&built("OPTIONS sip:user@example.com SIP/2.0", "\"caller\"<sip:caller@x>", ""));
    assert_eq!(request.headers.from().map(|from| from.display_name), Ok(Some("caller".into())));
}

/// §3.1.1.12, §3.1.1.13: reason phrases in any script, or none.
#[test]
fn any_reason_phrase_is_read() {
    for (start, reason) in [
        ("SIP/2.0 200 = 2**3 * 5**2 но сто девяносто девять", "= 2**3 * 5**2 но сто девяносто девять"),
        ("SIP/2.0 100 ", ""),
    ] {
        let text = built(start, "sip:a@b", "").replace("CSeq: 1 SIP/2.0", "CSeq: 1 INVITE");
        let Ok((Message::Response(response), _)) = read(&text) else { panic!("{start}") };
        assert_eq!(response.reason, reason);
    }
}

/// §3.1.2.3, §3.1.2.4, §3.1.2.19: numbers that are none.
#[test]
fn broken_numbers_are_told() {
    let (negative, diagnostics) =
        request(&built("INVITE sip:user@example.com SIP/2.0", "sip:a@b", "Content-Length: -999\n"));
    assert_eq!(negative.body, "");
    assert_eq!(diagnostics, ["Content-Length is not the length of the body: -999"]);
    let text = built(
        "REGISTER sip:example.com SIP/2.0",
        "sip:a@b",
        "Expires: 10000000000000\nContact: <sip:u@h>;expires=280297596632815\n",
    );
    let (large, _) = request(&text.replace("CSeq: 1 ", "CSeq: 36893488147419103232 "));
    assert!(large.check().is_err());
    assert_eq!(large.headers.expires(), Some(u32::MAX));
    let contacts = large.headers.contacts().expect("readable");
    assert_eq!(contacts.first().and_then(NameAddr::expires), Some(u32::MAX));
    let big = built("SIP/2.0 4294967301 better not break the receiver", "sip:a@b", "");
    assert!(matches!(read(&big), Err(ParseError::StartLine { problem: "broken status code", .. })));
}

/// §3.1.2.6: quotes and brackets that are never closed. The RFC lets us refuse these; the tag is all that we need.
#[test]
fn what_is_never_closed_is_kept() {
    let (request, _) = request(&built(
        "INVITE sip:user@example.com SIP/2.0",
        "\"Bell, Alexander\" <sip:a.g.bell@example.com",
        "",
    ));
    let from = request.headers.from().expect("there");
    assert_eq!((from.user(), from.tag()), ("a.g.bell", Some("1")));
    let text = built("INVITE sip:user@example.com SIP/2.0", "sip:a@b", "")
        .replace("To: sip:b", "To: \"Mr. J. User <sip:j.user");
    let (request, _) = self::request(&text);
    assert_eq!(request.headers.to().map(|to| to.user().to_owned()), Ok("j.user".into()));
}

/// §3.1.2.7 to §3.1.2.9: a Request-URI in brackets, with white space in it, with more than one space after it.
#[test]
fn careless_start_lines_are_read_where_they_can_be() {
    let (bracketed, _) = request(&built("INVITE <sip:user@example.com> SIP/2.0", "sip:a@b", ""));
    assert_eq!(bracketed.uri.to_string(), "sip:user@example.com");
    let (spaced, _) = request(&built("INVITE sip:user@example.com   SIP/2.0", "sip:a@b", ""));
    assert_eq!(spaced.uri.to_string(), "sip:user@example.com");
    let (inside, _) = request(&built("INVITE sip:user@example.com; lr SIP/2.0", "sip:a@b", ""));
    assert_eq!(inside.uri.to_string(), "sip:user@example.com;lr");
}

/// §3.1.2.16, §3.1.2.17: another version; a CSeq that counts another method.
#[test]
fn what_cannot_be_processed_is_refused() {
    let version = built("OPTIONS sip:t.watson@example.org SIP/7.0", "sip:a@b", "");
    assert!(matches!(read(&version), Err(ParseError::StartLine { problem: "another version", .. })));
    let text = built("OPTIONS sip:user@example.com SIP/2.0", "sip:a@b", "").replace("1 OPTIONS", "8 INVITE");
    let (mismatch, diagnostics) = request(&text);
    assert!(mismatch.check().is_err());
    assert_eq!(diagnostics, ["a request that cannot be processed: unreadable CSeq: 8 INVITE"]);
}

/// §3.3.2 to §3.3.4: schemes that nobody knows are for the user agent to refuse, not for the parser.
#[test]
fn unknown_schemes_are_read() {
    for uri in ["nobodyKnowsThisScheme:totallyopaquecontent", "soap.beep://192.0.2.103:3002"] {
        let (request, diagnostics) =
            request(&built(&format!("OPTIONS {uri} SIP/2.0"), "<http://www.example.com>", ""));
        assert_eq!(request.uri.to_string().to_ascii_lowercase(), uri.to_ascii_lowercase());
        assert_eq!(diagnostics, Vec::<String>::new());
    }
}

/// §3.3.8: fields that should come once come again; the first counts.
#[test]
fn of_repeated_fields_the_first_counts() {
    let more = "CSeq: 8 INVITE\nFrom: sip:other.caller@example.net;tag=3\nTo: sip:other.user@example.com\nCall-ID: other\n";
    let (request, diagnostics) =
        request(&built("INVITE sip:user@example.com SIP/2.0", "sip:caller@example.com", more));
    assert_eq!(request.headers.from().map(|from| from.user().to_owned()), Ok("caller".into()));
    assert_eq!(request.headers.call_id(), Ok("t@h"));
    assert_eq!(diagnostics.len(), 4);
}

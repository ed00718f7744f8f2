//! RFC 4475 §3.1.2: what breaks the grammar.

use xc_webrtc::sip::header::Name;
use xc_webrtc::sip::method::Method;
use xc_webrtc::sip::parser::ParseError;
use xc_webrtc::sip::uri::NameAddr;

use super::{Answered, Dropped, Rings, torture};

torture! { "rfc4475":
    /// §3.1.2.1: separators without anything between them, in the Via that the answer goes by.
    badinv01 => Answered(400), |read| {
        let read = read.unwrap();
        assert_eq!(read.refusal, Some(400));
        assert_eq!(read.told, ["a request that cannot be processed: unreadable Via: ;"]);
        assert_eq!(read.contacts()[0].display_name.as_deref(), Some("Joe"));
    };

    /// §3.1.2.2: a length that is more than there is. Over UDP a part of the message would be lost and 400 the answer; a
    /// websocket loses none, so the frame says what there is (RFC 7118 §5).
    clerr => Rings, |read| {
        let read = read.unwrap();
        read.is_tolerated(&["Content-Length is not the length of the body: 9999"]);
        assert_eq!(read.request().body.len(), 154);
    };

    /// §3.1.2.3: a negative length.
    ncl => Answered(400), |read| {
        let read = read.unwrap();
        assert_eq!(read.refusal, Some(400));
        assert_eq!(read.told, ["Content-Length is not the length of the body: -999"]);
    };

    /// §3.1.2.4: numbers that are too large, the one of CSeq among them.
    scalar02 => Answered(400), |read| {
        let read = read.unwrap();
        assert_eq!(read.refusal, Some(400));
        assert_eq!(read.told, ["a request that cannot be processed: unreadable CSeq: 36893488147419103232 REGISTER"]);
        // Without that they would be borne (RFC 3261 §20.19).
        assert_eq!(read.request().headers.expires(), Some(u32::MAX));
        assert_eq!(read.contacts().first().and_then(NameAddr::expires), Some(u32::MAX));
        assert_eq!(read.request().headers.max_forwards(), Some(300));
    };

    /// §3.1.2.5: the same in a response, which is discarded.
    scalarlg => Dropped("unreadable CSeq: 9292394834772304023312 OPTIONS"), |read| {
        assert!(matches!(read.err(), Some(ParseError::Header(_))));
    };

    /// §3.1.2.6: a quote that is never closed; the bracket tells where the name ends.
    quotbal => Rings, |read| {
        let read = read.unwrap();
        read.is_tolerated(&[]);
        assert_eq!(read.to().display_name.as_deref(), Some("Mr. J. User"));
        assert_eq!(read.to().uri.to_string(), "sip:j.user@example.com");
    };

    /// §3.1.2.7: brackets around the Request-URI are no part of it.
    ltgtruri => Rings, |read| {
        let read = read.unwrap();
        read.is_tolerated(&[]);
        assert_eq!(read.request().uri.to_string(), "sip:user@example.com");
    };

    /// §3.1.2.8: white space in the Request-URI. The call that its To names is not there.
    lwsruri => Answered(481), |read| {
        let read = read.unwrap();
        read.is_tolerated(&[]);
        assert_eq!(read.request().uri.to_string(), "sip:user@example.com;lr");
        assert_eq!(read.to().tag(), Some("3xfe-9921883-z9f"));
        assert_eq!(read.request().headers.cseq_number(), Some(2_130_706_432));
    };

    /// §3.1.2.9: too many spaces in the start line.
    lwsstart => Rings, |read| {
        let read = read.unwrap();
        read.is_tolerated(&[]);
        assert_eq!(read.request().uri.to_string(), "sip:user@example.com");
    };

    /// §3.1.2.10: spaces at its end.
    trws => Answered(200), |read| {
        let read = read.unwrap();
        read.is_tolerated(&[]);
        assert_eq!(read.request().uri.user.as_deref(), Some("remote-target"));
    };

    /// §3.1.2.11: header fields in the Request-URI mean nothing.
    escruri => Rings, |read| {
        let read = read.unwrap();
        read.is_tolerated(&[]);
        assert_eq!(read.request().uri.headers.as_deref(), Some("Route=%3Csip:example.com%3E"));
        assert_eq!(read.header(&Name::ROUTE), "none");
    };

    /// §3.1.2.12: a date in another time zone is for those who read dates.
    baddate => Rings, |read| {
        let read = read.unwrap();
        read.is_tolerated(&[]);
        assert_eq!(read.header(&"Date".parse().unwrap()), "Fri, 01 Jan 2010 16:00:00 EST");
    };

    /// §3.1.2.13: a URI with header fields and without brackets.
    regbadct => Answered(405), |read| {
        let read = read.unwrap();
        read.is_tolerated(&[]);
        let contact = &read.contacts()[0];
        assert_eq!((contact.user(), contact.uri.host.as_str()), ("user", "example.com"));
        assert_eq!(contact.uri.header("Route").as_deref(), Some("<sip:sip.example.com>"));
    };

    /// §3.1.2.14: spaces between a URI and its brackets.
    badaspec => Answered(200), |read| {
        let read = read.unwrap();
        read.is_tolerated(&[]);
        assert_eq!(read.to().uri.to_string(), "sip:t.watson@example.org");
        assert_eq!(read.to().display_name.as_deref(), Some("Watson, Thomas"));
    };

    /// §3.1.2.15: display names that would need quotes.
    baddn => Answered(200), |read| {
        let read = read.unwrap();
        assert_eq!(read.refusal, None);
        assert_eq!(read.from().display_name.as_deref(), Some("Bell, Alexander"));
        assert_eq!((read.from().user(), read.from().tag()), ("a.g.bell", Some("43")));
        assert_eq!(read.to().display_name.as_deref(), Some("Watson, Thomas"));
    };

    /// §3.1.2.16: a version that is not ours.
    badvers => Answered(505), |read| {
        let read = read.unwrap();
        assert_eq!(read.refusal, Some(505));
        assert_eq!(read.request().method, Method::Options);
    };

    /// §3.1.2.17: CSeq counts another method.
    mismatch01 => Answered(400), |read| {
        let read = read.unwrap();
        assert_eq!(read.refusal, Some(400));
        assert_eq!(read.told, ["a request that cannot be processed: unreadable CSeq: 8 INVITE"]);
    };

    /// §3.1.2.18: and the method itself is unknown, which says more.
    mismatch02 => Answered(501), |read| {
        let read = read.unwrap();
        assert_eq!(read.refusal, Some(400));
        assert_eq!(read.request().method, Method::Other("NEWMETHOD".into()));
    };

    /// §3.1.2.19: a status that is none.
    bigcode => Dropped("start line (broken status code): SIP/2.0 4294967301 better not break the receiver"), |read| {
        assert!(matches!(read.err(), Some(ParseError::StartLine { problem: "broken status code", .. })));
    };

    /// In the archive, but not in the text: no version at all, so not SIP.
    test => Dropped("start line (not of three parts): INVITE sip:alan@jasomi.com"), |read| {
        assert!(matches!(read.err(), Some(ParseError::StartLine { problem: "not of three parts", .. })));
    };
}

//! RFC 5118 §4: IPv6 in every place where an address may stand.

use xc_webrtc::sip::sdp::Description;

use super::{Answered, Read, Rings, torture};

/// How the lines of the archive end.
const LINES: &str = "lines that end in LF alone";

/// Host and port of the first Via.
fn sent_by(read: &Read) -> (String, Option<u16>) {
    let via = read.message.headers().top_via().unwrap();
    (via.host, via.port)
}

fn host_and_port(read: &Read) -> (&str, Option<u16>) {
    (read.request().uri.host.as_str(), read.request().uri.port)
}

torture! { "rfc5118":
    /// §4.1: an address in its brackets.
    ipv6_good => Answered(405), |read| {
        let read = read.unwrap();
        read.is_tolerated(&[LINES]);
        assert_eq!(host_and_port(&read), ("[2001:db8::10]", None));
        assert_eq!(sent_by(&read), ("[2001:db8::9:1]".to_owned(), None));
        assert_eq!(read.contacts()[0].uri.host, "[2001:db8::1]");
    };

    /// §4.2: an address without them: where does it end?
    ipv6_bad => Answered(400), |read| {
        let read = read.unwrap();
        assert_eq!(read.refusal, Some(400));
        assert!(read.request().uri.is_unreadable());
    };

    /// §4.3: a port that slipped into the brackets is a part of the address.
    port_ambiguous => Answered(405), |read| {
        let read = read.unwrap();
        read.is_tolerated(&[LINES]);
        assert_eq!(host_and_port(&read), ("[2001:db8::10:5070]", None));
    };

    /// §4.4: a port where it belongs.
    port_unambiguous => Answered(405), |read| {
        let read = read.unwrap();
        read.is_tolerated(&[LINES]);
        assert_eq!(host_and_port(&read), ("[2001:db8::10]", Some(5070)));
    };

    /// §4.5: `received` with brackets; the call that is ended is not there.
    via_received_param_with_delim => Answered(481), |read| {
        let read = read.unwrap();
        read.is_tolerated(&[LINES]);
        let via = read.message.headers().top_via().unwrap();
        assert_eq!((via.params.get("received"), via.branch()), (Some("[2001:db8::9:255]"), "z9hG4bKas3-111"));
    };

    /// §4.5: and without.
    via_received_param_no_delim => Answered(200), |read| {
        let read = read.unwrap();
        read.is_tolerated(&[LINES]);
        let via = read.message.headers().top_via().unwrap();
        assert_eq!((via.params.get("received"), via.branch()), (Some("2001:db8::9:255"), "z9hG4bKas3"));
    };

    /// §4.6: addresses in the session description. Its length is not the one that the RFC says.
    ipv6_in_sdp => Rings, |read| {
        let read = read.unwrap();
        read.is_tolerated(&[LINES, "Content-Length is not the length of the body: 268"]);
        assert_eq!(read.to().uri.host, "[2001:db8::10]");
        let description = Description::parse(&read.request().body);
        assert_eq!(description.media.iter().map(|media| media.port).collect::<Vec<_>>(), [6000, 6024]);
        assert!(description.has_video() && !description.is_held_by_address());
    };

    /// §4.7: addresses of both kinds in one message.
    mult_ip_in_header => Answered(481), |read| {
        let read = read.unwrap();
        read.is_tolerated(&[LINES]);
        let vias = read.message.headers().vias().unwrap();
        let hosts: Vec<_> = vias.iter().map(|via| (via.host.as_str(), via.port)).collect();
        assert_eq!(hosts, [("[2001:db8::9:1]", Some(6050)), ("192.0.2.1", None), ("[2001:db8::9:255]", None)]);
        assert_eq!(vias[2].params.get("received"), Some("192.0.2.200"));
    };

    /// §4.8: and in one session description. Its length is wrong too.
    mult_ip_in_sdp => Rings, |read| {
        let read = read.unwrap();
        read.is_tolerated(&[LINES, "Content-Length is not the length of the body: 181"]);
        let description = Description::parse(&read.request().body);
        assert_eq!(description.media.iter().map(|media| media.port).collect::<Vec<_>>(), [22334, 6024]);
        assert!(description.media.iter().all(|media| !media.is_nowhere));
    };

    /// §4.9: addresses of the old kind within the new.
    ipv4_mapped_ipv6 => Rings, |read| {
        let read = read.unwrap();
        read.is_tolerated(&[LINES]);
        assert_eq!(sent_by(&read), ("[::ffff:192.0.2.10]".to_owned(), Some(19823)));
        assert_eq!(read.contacts()[0].display_name.as_deref(), Some("T. desk phone"));
        assert_eq!(read.contacts()[0].uri.host, "[::ffff:192.0.2.2]");
        assert!(read.request().body.ends_with("H263-1998/90000\n"));
    };

    /// §4.10: the colon too many that RFC 3261's own grammar allows.
    ipv6_bug_abnf_3_colons => Answered(200), |read| {
        let read = read.unwrap();
        read.is_tolerated(&["no empty line after the header", LINES]);
        assert_eq!(host_and_port(&read), ("[2001:db8:::192.0.2.1]", None));
        assert_eq!(read.to().uri.host, "[2001:db8:::192.0.2.1]");
    };

    /// §4.10: as it should be.
    ipv6_correct_abnf_2_colons => Answered(200), |read| {
        let read = read.unwrap();
        read.is_tolerated(&["no empty line after the header", LINES]);
        assert_eq!(host_and_port(&read), ("[2001:db8::192.0.2.1]", None));
    };
}

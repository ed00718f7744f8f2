//! However much comes, time grows no faster than what came, and what is kept has an end. Measured: work of `n`, `2n` and
//! `4n`, and the bytes that are held.

use std::time::Duration;

use xc_webrtc::cti::message::read;
use xc_webrtc::json::Value;
use xc_webrtc::sip::event::{Input, Output};
use xc_webrtc::sip::header::Name;
use xc_webrtc::sip::masked::masked;
use xc_webrtc::sip::message::Message;
use xc_webrtc::sip::method::Method;
use xc_webrtc::sip::parser::{self, LONGEST_HEADER, LONGEST_MESSAGE};
use xc_webrtc::sip::sdp::{Candidate, Description};
use xc_webrtc::sip::user_agent::{Invite, UserAgent};
use xc_webrtc::time::{Deadline, Instant};

use crate::fuzzed;
use crate::support::cost::{is_linear, kept, memory, time};
use crate::support::peer::answer_as;
use crate::support::{ANSWER, OFFER, Peer, With, config, secs};

/// Text in which something comes that many times.
type Repeated = fn(usize) -> String;

/// A request with these lines before those that everybody has.
fn request(lines: &str) -> String {
    format!(
        "OPTIONS sip:alice@x.invalid SIP/2.0\r\n{lines}Via: SIP/2.0/WS pbx;branch=z9hG4bK1\r\nFrom: <sip:bob@pbx>;tag=f1\r\n\
         To: <sip:alice@pbx>\r\nCall-ID: c1\r\nCSeq: 7 OPTIONS\r\nContact: <sip:bob@192.0.2.1>\r\n\r\n"
    )
}

/// Reads a message in all ways, answers and shows it.
fn read_all(text: &str) {
    fuzzed::parser::check(text.as_bytes());
}

#[test]
fn ten_thousand_of_anything_in_a_header_take_four_times_as_long_as_a_quarter() {
    let kinds: [(&str, Repeated); 9] = [
        ("header fields", |n| "a:b\r\n".repeat(n)),
        ("lines that are none", |n| "abcd\r\n".repeat(n)),
        ("folded lines", |n| format!("Subject: x\r\n{}", " y\r\n".repeat(n))),
        ("repeated fields", |n| "i:c1\r\n".repeat(n)),
        ("contradictory fields", |n| "i:c2\r\n".repeat(n)),
        ("parameters", |n| format!("Via: SIP/2.0/WS a{}\r\n", ";a=b".repeat(n))),
        ("parameters of an address", |n| format!("m: <sip:a@b{}>\r\n", ";a=b".repeat(n))),
        ("addresses", |n| format!("m: {}sip:a@b\r\n", "<a:>,".repeat(n))),
        ("quotes", |n| format!("m: {}\r\n", "\"\\\",".repeat(n))),
    ];
    for (what, lines) in kinds {
        assert!(lines(10_000).len() < LONGEST_HEADER, "{what}");
        is_linear(what, 2_500, |n| read_all(&request(&lines(n))));
    }
    // What is longer each is fewer.
    is_linear("Via values", 1_000, |n| read_all(&request(&format!("v: {}\r\n", "SIP/2.0/WS a,".repeat(n)))));
    is_linear("challenges", 500, |n| {
        read_all(&request(&"WWW-Authenticate: Digest realm=\"r\", nonce=\"n\"\r\n".repeat(n / 2)));
    });
}

#[test]
fn what_is_too_long_is_refused_before_it_is_read() {
    let vias = format!("Via: {}\r\n", "SIP/2.0/WS host.example.org;branch=z9hG4bK,".repeat(10_000));
    let quoted = format!("Subject: \"{}\"\r\n", "x".repeat(1 << 19));
    for lines in [vias, quoted, "X-Own: 1\r\n".repeat(10_000)] {
        let text = request(&lines);
        let mut refusal = None;
        let held = memory(|| refusal = parser::parse(&text).ok().and_then(|parsed| parsed.refusal));
        assert_eq!(refusal.map(|status| status.code()), Some(513));
        assert!(held < 8 * LONGEST_HEADER + text.len(), "{held} for {}", text.len());
    }
    let text = request(&format!("Subject: \"{}\"\r\n", "x".repeat(LONGEST_MESSAGE)));
    assert!(memory(|| assert!(parser::parse(&text).is_err())) < 1000);
}

#[test]
fn a_message_of_a_megabyte_is_held_once_beside_its_text() {
    let body = |n: usize| format!("{}{}", request(""), "x".repeat(n));
    is_linear("bytes of a body", LONGEST_MESSAGE / 5, |n| read_all(&body(n)));
    let text = body(LONGEST_MESSAGE - 1000);
    let held = memory(|| drop(parser::parse(&text)));
    assert!(held < text.len() + LONGEST_HEADER, "{held} for {}", text.len());
    // Header fields take more than their text: each a name and a value.
    let text = request(&"a:b\r\n".repeat(13_000));
    let held = memory(|| drop(parser::parse(&text)));
    assert!(held < 64 * text.len(), "{held} for {}", text.len());
}

#[test]
fn a_message_full_of_secrets_is_masked_in_one_pass() {
    for unit in ["token=x ", "response=\"x\"", "a=ice-pwd:x\r\n", "password=", "inline:|"] {
        is_linear(unit, 20_000, |n| assert!(masked(&unit.repeat(n)).len() < 40 * n));
    }
}

#[test]
fn a_session_description_of_ten_thousand_lines_is_read_in_one_pass() {
    let kinds: [(&str, &str); 5] = [
        ("lines", "a=x\r\n"),
        ("candidates", "a=candidate:1 1 udp 1 192.0.2.1 9 typ host\r\n"),
        ("media", "m=audio 9 RTP/AVP 0\r\n"),
        ("addresses", "c=IN IP4 0.0.0.0\r\n"),
        ("directions", "a=sendonly\r\n"),
    ];
    for (what, line) in kinds {
        let description = |n: usize| format!("v=0\r\nm=audio 9 RTP/AVP 0\r\n{}", line.repeat(n));
        is_linear(what, 10_000, |n| {
            let text = description(n);
            let description = Description::parse(&text);
            let candidates = description.media.iter().flat_map(|media| &media.candidates);
            assert!(candidates.filter(|text| Candidate::parse(text).is_some()).count() <= n);
            let _ = (description.has_video(), description.takes_video(), description.is_held_by_address());
        });
        let text = description(10_000);
        let held = memory(|| drop(Description::parse(&text)));
        assert!(held < 16 * text.len(), "{what}: {held} for {}", text.len());
    }
}

#[test]
fn json_is_read_in_one_pass_and_no_deeper_than_the_stack_bears() {
    for open in ["[", "{\"a\":", "[{\"a\":["] {
        let text = open.repeat(LONGEST_MESSAGE / open.len());
        assert!(memory(|| assert!(text.parse::<Value>().is_err())) < 1 << 20);
        let frame = format!("{{\"msgType\":\"PhoneEvent\",\"ctiMessage\":{text}");
        assert!(read(&frame).received.is_none());
    }
    let kinds: [(&str, Repeated); 5] = [
        ("numbers", |n| format!("[{}0]", "1,".repeat(n))),
        ("texts", |n| format!("[{}0]", "\"\\u00e9\\n\",".repeat(n))),
        ("names", |n| format!("{{{}\"a\":0}}", "\"a\":1,".repeat(n))),
        ("bytes of a text", |n| format!("\"{}\"", "x".repeat(n))),
        ("escapes", |n| format!("\"{}\"", "\\ud83d".repeat(n))),
    ];
    for (what, json) in kinds {
        is_linear(what, 20_000, |n| assert!(json(n).parse::<Value>().is_ok()));
    }
    let text = kinds[0].1(LONGEST_MESSAGE / 2 - 10);
    let held = memory(|| drop(text.parse::<Value>()));
    assert!(held < 128 * text.len(), "{held} for {}", text.len());
}

#[test]
fn cti_messages_are_read_in_one_pass_and_complained_of_a_few_times() {
    let kinds: [(&str, Repeated); 5] = [
        ("data of a call", |n| call_data(n, |at| format!("\"n{at}\":\"v\""))),
        ("the same data of a call", |n| call_data(n, |_| "\"n\":\"v\"".to_owned())),
        ("data that is none", |n| call_data(n, |at| format!("\"n{at}\":[]"))),
        ("calls", |n| calls(n, "{\"eventType\":\"EventRinging\",\"linkedId\":\"1\"}")),
        ("calls that are none", |n| calls(n, "7")),
    ];
    for (what, frame) in kinds {
        is_linear(what, 2_500, |n| {
            let frame = frame(n);
            assert!(frame.len() < LONGEST_MESSAGE);
            assert!(read(&frame).complaints.len() <= 8);
        });
    }
}

fn call_data(n: usize, member: impl Fn(usize) -> String) -> String {
    let members: Vec<_> = (0..n).map(member).collect();
    let data = members.join(",");
    format!(
        "{{\"msgType\":\"PhoneEvent\",\"ctiMessage\":{{\"eventType\":\"EventRinging\",\"userData\":{{{data}}}}}}}"
    )
}

fn calls(n: usize, call: &str) -> String {
    let events = vec![call; n].join(",");
    format!("{{\"msgType\":\"CurrentCallsPhoneEvents\",\"ctiMessage\":{{\"events\":[{events}]}}}}")
}

/// A user agent whose outputs nobody keeps.
struct Alone {
    ua: UserAgent,
    now: Instant,
    deadline: Option<Deadline>,
    /// The last request that it sent.
    last: Option<xc_webrtc::sip::message::Request>,
}

impl Alone {
    fn connected() -> Self {
        let ua = UserAgent::new(config("alice"), [7; 32]);
        let mut alone = Self { ua, now: Instant::from_origin(secs(1000)), deadline: None, last: None };
        alone.ua.handle(Input::Opened, alone.now);
        alone.drain();
        alone
    }

    fn receive(&mut self, message: &dyn std::fmt::Display) {
        self.ua.handle(Input::Received(message.to_string()), self.now);
        self.drain();
    }

    fn drain(&mut self) {
        loop {
            match self.ua.poll() {
                Output::Send(text) => {
                    if let Ok(Message::Request(request)) = parser::parse(&text).map(|parsed| parsed.message) {
                        self.last = Some(request);
                    }
                }
                Output::Event(_) => {}
                Output::Wait(deadline) => {
                    self.deadline = deadline;
                    return;
                }
            }
        }
    }

    fn call(&mut self) -> xc_webrtc::sip::message::Request {
        let call_id = self.ua.fresh_call_id();
        let target = self.ua.resolve("bob").unwrap();
        self.ua
            .invite(Invite { call_id, target, offer: Some(OFFER.to_owned()), headers: Vec::new() }, self.now);
        self.drain();
        self.last.clone().expect("an INVITE")
    }
}

/// What a hostile peer sends the `n`th time.
type Send = fn(&mut Alone, &xc_webrtc::sip::message::Request, usize);

/// Opens calls, dialogs and transactions without end. What the user agent holds after 10,000 is what it holds after 1,000,
/// and each takes as long as any other.
#[test]
fn a_peer_that_opens_ten_thousand_of_anything_is_held_to_a_few() {
    let kinds: [(&str, Send); 9] = [
        ("calls", |alone, _, n| {
            alone.receive(&Peer::caller(&format!("call-{n}")).invite(Some(OFFER)));
        }),
        ("calls that are cancelled", |alone, _, n| {
            let mut peer = Peer::caller(&format!("call-{n}"));
            let invite = peer.invite(Some(OFFER));
            alone.receive(&invite);
            alone.receive(&peer.beside(&invite, Method::Cancel));
        }),
        ("early dialogs", |alone, invite, n| {
            alone.receive(&answer_as(invite, 183, &format!("tag-{n}")).sdp(ANSWER))
        }),
        ("dialogs", |alone, invite, n| {
            alone.receive(&answer_as(invite, 200, &format!("tag-{n}")).sdp(ANSWER))
        }),
        ("requests outside", |alone, _, n| {
            alone.receive(&Peer::caller(&format!("call-{n}")).request(Method::Options));
        }),
        ("subscriptions", |alone, _, n| {
            let request = Peer::caller(&format!("call-{n}")).request(Method::Notify);
            alone.receive(
                &request.with(Name::EVENT, "message-summary").with(Name::SUBSCRIPTION_STATE, "active"),
            );
        }),
        ("responses to nothing", |alone, invite, n| {
            let via = format!("SIP/2.0/WSS a.invalid;branch=z9hG4bK{n}");
            alone.receive(&answer_as(invite, 200, "x").set(Name::VIA, &via));
        }),
        ("realms", |alone, invite, n| {
            let challenge = format!("Digest realm=\"r{n}\", nonce=\"n{n}\", qop=\"auth\"");
            let invite = alone.last.clone().unwrap_or_else(|| invite.clone());
            alone.receive(&answer_as(&invite, 401, "x").with(Name::WWW_AUTHENTICATE, &challenge));
        }),
        ("garbage", |alone, _, n| alone.receive(&format!("{n}"))),
    ];
    for (what, send) in kinds {
        let mut alone = Alone::connected();
        let invite = alone.call();
        let mut flood = |range: std::ops::Range<usize>| range.for_each(|at| send(&mut alone, &invite, at));
        let ((), after_thousand) = kept(|| flood(0..1_000));
        let (early, kept_early) = kept(|| time(|| flood(1_000..3_000)));
        let ((), kept_between) = kept(|| flood(3_000..8_000));
        let (late, kept_late) = kept(|| time(|| flood(8_000..10_000)));
        let more = kept_early + kept_between + kept_late;
        println!(
            "{what}: {after_thousand} bytes after 1,000, {more} more after 10,000; 2,000 in {early:?}, then {late:?}"
        );
        assert!(after_thousand < 2 << 20 && more < 20_000, "{what}: {after_thousand} bytes, then {more}");
        assert!(late < early.max(Duration::from_millis(20)) * 3, "{what}: {early:?}, then {late:?}");
        assert!(alone.deadline.is_some() || what != "calls");
    }
}

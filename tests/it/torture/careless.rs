//! Beyond the RFCs' messages: the same with something broken in them, and what servers are known to get wrong.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use xc_webrtc::sip::message::Message;
use xc_webrtc::sip::parser;

use super::messages;
use crate::fuzzed;
use crate::support::Bench;

/// What may stand anywhere by mistake.
const SLIPS: &str = "(\"|<|>|;|,|:|=|\\\\|\r\n|\n| |%|@|\\[|\\]|\\?|\0|0|99999999999|Via: |\\PC){0,4}";

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Any of the messages, at some places something else: read or not, it hurts nobody, and is answered once at most.
    #[test]
    fn a_damaged_torture_message_does_no_harm(
        which in any::<Index>(),
        damages in vec((any::<Index>(), 0..30_usize, SLIPS), 1..6),
    ) {
        let messages = messages();
        let (name, bytes) = which.get(&messages);
        let mut text: Vec<char> = String::from_utf8_lossy(bytes).chars().collect();
        for (at, taken, put) in damages {
            let at = at.index(text.len());
            let end = (at + taken).min(text.len());
            text.splice(at..end, put.chars());
            if text.is_empty() {
                break;
            }
        }
        let text: String = text.into_iter().collect();
        fuzzed::parser::check(text.as_bytes());
        let mut bench = Bench::connected();
        bench.strict = false;
        bench.receive(&text);
        let (sent, _) = bench.take_rest();
        prop_assert!(sent.len() + bench.unread.len() <= 1, "{name}: {sent:?}");
        prop_assert!(sent.iter().all(|message| matches!(message, Message::Response(_))), "{name}");
        bench.pass(std::time::Duration::from_secs(400));
    }
}

/// A request with this start line, From, and other lines.
fn built(start: &str, from: &str, more: &str) -> String {
    let method = start.split(' ').next().unwrap_or_default();
    format!(
        "{start}\r\nVia: SIP/2.0/TCP host.example.com;branch=z9hG4bKt\r\nFrom: {from};tag=1\r\nTo: sip:b@example.com\r\n\
         Call-ID: t@h\r\nCSeq: 1 {method}\r\n{more}\r\n"
    )
}

/// The bracket that is never closed ends before the parameters: the tag is what a call is found by.
#[test]
fn a_bracket_that_is_never_closed_hides_no_tag() {
    let text =
        built("INVITE sip:user@example.com SIP/2.0", "\"Bell, Alexander\" <sip:a.g.bell@example.com", "");
    let from = parser::parse(&text).unwrap().message.headers().from().unwrap();
    assert_eq!((from.user(), from.tag()), ("a.g.bell", Some("1")));
}

/// What contradicts itself in a response must not leave a call hanging; the same line twice is no contradiction.
#[test]
fn of_repeated_fields_in_a_response_the_first_counts() {
    let more = "From: sip:other@example.net;tag=3\r\nCall-ID: other\r\nContent-Length: 9\r\nl: x\r\n";
    let request = built("INVITE sip:user@example.com SIP/2.0", "sip:caller@example.com", more);
    assert_eq!(parser::parse(&request).unwrap().refusal.map(|status| status.code()), Some(400));
    let response = request.replace("INVITE sip:user@example.com SIP/2.0", "SIP/2.0 200 OK");
    let parsed = parser::parse(&response).unwrap();
    assert_eq!(parsed.refusal, None);
    assert_eq!(parsed.message.headers().from().unwrap().user(), "caller");
    assert_eq!(parsed.message.headers().call_id(), Ok("t@h"));
    let twice =
        built("INVITE sip:user@example.com SIP/2.0", "sip:a@b", "Call-ID:  t@h\r\nMax-Forwards: 1\r\n");
    let parsed = parser::parse(&twice).unwrap();
    assert_eq!((parsed.refusal, parsed.diagnostics.len()), (None, 1));
}

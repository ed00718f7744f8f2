//! The torture messages of RFC 4475 and RFC 5118 (`tests/data/torture/`): what is read of each, and what the user agent
//! makes of it.
//!
//! Where the RFC leaves a choice the lenient one is taken, unless it would mean to guess.

mod careless;
mod rfc4475;
mod rfc4475_invalid;
mod rfc5118;

use std::path::PathBuf;

use xc_webrtc::sip::event::{Event, SessionEvent};
use xc_webrtc::sip::header::Name;
use xc_webrtc::sip::message::{Message, Request, Response};
use xc_webrtc::sip::method::Method;
use xc_webrtc::sip::parser::{self, ParseError};
use xc_webrtc::sip::status::StatusCode;
use xc_webrtc::sip::uri::NameAddr;

use crate::support::{Bench, status};

/// What has to become of a message.
enum Outcome {
    /// The request is refused, or answered at once.
    Answered(u16),
    /// It rings.
    Rings,
    /// It is dropped, with this word.
    Dropped(&'static str),
}

use Outcome::{Answered, Dropped, Rings};

/// One test for each message: its file without `.dat`, `_` for `-`; what becomes of it; what is read of it.
macro_rules! torture {
    ($rfc:literal: $($(#[$doc:meta])* $name:ident => $outcome:expr, $check:expr;)*) => {
        $(
            $(#[$doc])*
            #[test]
            fn $name() {
                crate::torture::becomes($rfc, stringify!($name), &$outcome, &$check);
            }
        )*

        /// The messages that have a test here.
        pub const TESTED: &[&str] = &[$(stringify!($name)),*];
    };
}
pub(crate) use torture;

fn folder(rfc: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "tests/data/torture", rfc].iter().collect()
}

/// Every message as it came, by the name of its file.
pub fn messages() -> Vec<(String, Vec<u8>)> {
    let mut messages = Vec::new();
    for rfc in ["rfc4475", "rfc5118"] {
        for entry in std::fs::read_dir(folder(rfc)).unwrap() {
            let path = entry.unwrap().path();
            messages
                .push((path.file_stem().unwrap().to_str().unwrap().to_owned(), std::fs::read(path).unwrap()));
        }
    }
    messages.sort();
    messages
}

/// What was read of a message.
struct Read {
    message: Message,
    /// What was tolerated.
    told: Vec<String>,
    refusal: Option<u16>,
}

impl Read {
    #[track_caller]
    fn request(&self) -> &Request {
        match &self.message {
            Message::Request(request) => request,
            Message::Response(response) => panic!("a response: {response}"),
        }
    }

    #[track_caller]
    fn response(&self) -> &Response {
        match &self.message {
            Message::Response(response) => response,
            Message::Request(request) => panic!("a request: {request}"),
        }
    }

    fn header(&self, name: &Name) -> &str {
        self.message.headers().get(name).unwrap_or("none")
    }

    fn from(&self) -> NameAddr {
        self.message.headers().from().unwrap()
    }

    fn to(&self) -> NameAddr {
        self.message.headers().to().unwrap()
    }

    fn contacts(&self) -> Vec<NameAddr> {
        self.message.headers().contacts().unwrap().list().to_vec()
    }

    /// Nothing had to be tolerated.
    #[track_caller]
    fn is_sound(&self) {
        assert_eq!(self.told, Vec::<String>::new());
        assert_eq!(self.refusal, None);
    }

    /// Only this had to be tolerated.
    #[track_caller]
    fn is_tolerated(&self, told: &[&str]) {
        assert_eq!(self.told, told);
        assert_eq!(self.refusal, None);
    }
}

/// A frame of the websocket as the phone reads it: what is no UTF-8 is replaced.
fn frame(rfc: &str, name: &str) -> String {
    let bytes = std::fs::read(folder(rfc).join(format!("{}.dat", name.replace('_', "-")))).unwrap();
    String::from_utf8_lossy(&bytes).into_owned()
}

#[track_caller]
fn becomes(rfc: &str, name: &str, outcome: &Outcome, check: &dyn Fn(Result<Read, ParseError>)) {
    let text = frame(rfc, name);
    let read = parser::parse(&text).map(|parsed| Read {
        message: parsed.message,
        told: parsed.diagnostics.into_iter().map(|diagnostic| diagnostic.text).collect(),
        refusal: parsed.refusal.map(StatusCode::code),
    });
    check(read);
    let mut bench = Bench::connected();
    bench.strict = false;
    bench.receive(&text);
    meets(&mut bench, &text, outcome);
    bench.over();
}

#[track_caller]
fn meets(bench: &mut Bench, text: &str, outcome: &Outcome) {
    match outcome {
        Answered(code) => {
            let (sent, events) = bench.take_rest();
            let answers: Vec<u16> = sent.iter().filter_map(code_of).collect();
            assert!(answers == [*code] || (answers.is_empty() && bench.unread.len() == 1), "{sent:?}");
            assert!(events.iter().all(|event| matches!(event, Event::Diagnostic(_))), "{events:?}");
            if let [Message::Response(response)] = sent.as_slice() {
                goes_back(text, response);
            }
        }
        Rings => {
            let trying = bench.response(100);
            goes_back(text, &trying);
            let (_, events) = bench.take_rest();
            let id = events.iter().find_map(|event| match event {
                Event::Session { id, event: SessionEvent::Incoming(_) } => Some(*id),
                _ => None,
            });
            let id = id.expect("a call");
            bench.command(|ua, now| ua.ring(id, now)).unwrap();
            goes_back(text, &bench.response(180));
            bench.command(|ua, now| ua.refuse(id, status(486), now)).unwrap();
            let refusal = bench.response(486);
            goes_back(text, &refusal);
            bench.ended();
            // The ACK to it ends the transaction, by whatever name it has (RFC 3261 §17.2.3).
            let Message::Request(invite) = parser::parse(text).unwrap().message else { panic!("no request") };
            let mut ack = Request { method: Method::Ack, body: String::new(), ..invite };
            let number = ack.headers.cseq().unwrap().number;
            ack.headers.set(Name::CSEQ, format!("{number} ACK"));
            ack.headers.set(Name::TO, refusal.headers.get(&Name::TO).unwrap());
            bench.receive(ack);
            assert!(bench.ua.is_idle());
            bench.take_rest();
        }
        Dropped(why) => {
            let (sent, events) = bench.take_rest();
            assert_eq!(sent, []);
            let Some(Event::Diagnostic(last)) = events.last() else { panic!("{events:?}") };
            assert_eq!(last.text, format!("dropped: {why}"));
        }
    }
}

fn code_of(message: &Message) -> Option<u16> {
    match message {
        Message::Response(response) => Some(response.status.code()),
        Message::Request(_) => None,
    }
}

/// The response repeats what it has to of the request, as it came (RFC 3261 §8.2.6.2).
#[track_caller]
fn goes_back(text: &str, response: &Response) {
    let request = parser::parse(text).unwrap().message;
    let (asked, said) = (request.headers(), &response.headers);
    assert_eq!(asked.all(&Name::VIA).collect::<Vec<_>>(), said.all(&Name::VIA).collect::<Vec<_>>());
    for name in [Name::FROM, Name::CALL_ID, Name::CSEQ] {
        assert_eq!(said.all(&name).collect::<Vec<_>>(), asked.get(&name).into_iter().collect::<Vec<_>>());
    }
    let (to, answered) = (asked.to().unwrap(), said.to().unwrap());
    if to.tag().is_some() {
        assert_eq!(to.tag(), answered.tag());
    }
    assert!(answered.tag().is_some() || response.status == StatusCode::TRYING);
    assert_eq!((answered.uri, answered.display_name), (to.uri, to.display_name));
}

#[test]
fn every_message_has_its_test() {
    let mut tested = [rfc4475::TESTED, rfc4475_invalid::TESTED, rfc5118::TESTED].concat();
    tested.sort();
    let files: Vec<_> = messages().into_iter().map(|(name, _)| name.replace('-', "_")).collect();
    assert_eq!(tested, files);
    assert_eq!(tested.len(), 49 + 1 + 12);
}

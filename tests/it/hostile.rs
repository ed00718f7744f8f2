//! What a hostile or broken peer may send: nothing makes the user agent panic, grow without limit, or forget an end.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::sample::Index;
use xc_webrtc::sip::event::{Event, SessionEvent, SessionId};
use xc_webrtc::sip::header::Name;
use xc_webrtc::sip::message::{Message, Request};
use xc_webrtc::sip::method::Method;
use xc_webrtc::sip::user_agent::Invite;

use crate::support::peer::{answer_as, challenge};
use crate::support::{ANSWER, Bench, OFFER, Peer, With, answer, millis, secs, status};

#[test]
fn garbage_is_told_and_dropped() {
    let mut bench = Bench::connected();
    for garbage in [
        "hello",
        "<html>",
        "SIP/2.0 999 x\r\n\r\n",
        "INVITE\r\n\r\n",
        "\u{0}\u{1}\u{2}",
        "GET / HTTP/1.1\r\n\r\n",
    ] {
        bench.receive(garbage);
        assert!(bench.diagnostic().starts_with("dropped"), "{garbage:?}");
        bench.quiet();
    }
    for keep_alive in ["\r\n", "\r\n\r\n", ""] {
        bench.receive(keep_alive);
        bench.quiet();
    }
    bench.over();
}

#[test]
fn a_request_at_odds_with_itself_gets_400_and_one_without_a_way_back_nothing() {
    let mut bench = Bench::connected();
    bench.receive(Peer::caller("bobs-call").invite(Some(OFFER)).set(Name::CSEQ, "1 BYE"));
    bench.response(400);
    bench.take_rest();
    let mut ack = Peer::caller("bobs-call").request(Method::Ack);
    ack.headers.set(Name::CSEQ, "1 BYE");
    bench.receive(ack);
    let mut invite = Peer::caller("bobs-call").invite(Some(OFFER));
    invite.headers.remove(&Name::VIA);
    bench.receive(invite);
    let (sent, told) = bench.take_rest();
    assert_eq!(sent, []);
    // What these repeat lacks something, and so do they (RFC 4475 §3.3.1).
    bench.strict = false;
    for (at, name) in [Name::FROM, Name::TO, Name::CALL_ID, Name::CSEQ].into_iter().enumerate() {
        let mut invite = Peer::caller("bobs-call").invite(Some(OFFER));
        invite.headers.remove(&name);
        bench.receive(invite);
        assert_eq!(bench.unread.len(), at + 1, "{name}");
        assert!(bench.unread[at].starts_with("SIP/2.0 400 "), "{}", bench.unread[at]);
    }
    bench.take_rest();
    assert!(told.iter().all(|event| matches!(event, Event::Diagnostic(_))), "{told:?}");
    bench.over();
}

#[test]
fn responses_that_match_nothing_are_told_and_dropped() {
    let mut bench = Bench::connected();
    let (_, invite) = bench.call(Some(OFFER));
    let ok = answer(&invite, 200).sdp(ANSWER);
    let others = [
        ok.clone().set(Name::VIA, "SIP/2.0/WSS x.invalid;branch=z9hG4bKother"),
        ok.clone().set(Name::CSEQ, "1 BYE"),
        ok.clone().with(Name::VIA, "SIP/2.0/WSS y.invalid;branch=z9hG4bKy"),
    ];
    for response in others {
        bench.receive(response);
        assert!(bench.diagnostic().starts_with("dropped"));
    }
    bench.quiet();
    bench.receive(ok);
    bench.request(Method::Ack);
}

/// How much the user agent holds: the length of all of it, printed.
fn held(bench: &Bench) -> usize {
    format!("{:?}", bench.ua).len()
}

#[test]
fn a_flood_of_calls_is_refused_and_forgotten() {
    let mut bench = Bench::connected();
    let mut codes = BTreeMap::<u16, usize>::new();
    let mut sizes = Vec::new();
    for call in 0..300 {
        let peer_call = format!("flood-{call}");
        let mut peer = Peer::caller(&peer_call);
        let invite = peer.invite(Some(OFFER));
        bench.receive(&invite);
        bench.receive(peer.beside(&invite, Method::Cancel));
        let (sent, _) = bench.take_rest();
        for message in sent {
            if let Message::Response(response) = message
                && response.headers.cseq().unwrap().method == Method::Invite
            {
                *codes.entry(response.status.code()).or_default() += 1;
            }
        }
        sizes.push(held(&bench));
    }
    // The refusals that nobody acknowledges fill the table; then there is no more room.
    assert_eq!(codes[&487], 64);
    assert_eq!(codes[&503], 300 - 64);
    assert_eq!(sizes[299], sizes[100]);
    bench.pass(secs(33));
    bench.take_rest();
    assert!(bench.ua.is_idle());
    let (_, peer, invite) = bench.called(Some(OFFER));
    bench.receive(peer.beside(&invite, Method::Cancel));
    bench.response(200);
}

#[test]
fn a_callee_that_rings_as_a_thousand_is_not_remembered_as_a_thousand() {
    let mut bench = Bench::connected();
    let (_, invite) = bench.call(Some(OFFER));
    let mut sizes = Vec::new();
    for fork in 0..1000 {
        bench.receive(answer_as(&invite, 180, &format!("fork-{fork}")));
        bench.take_rest();
        sizes.push(held(&bench));
    }
    assert_eq!(sizes[999], sizes[100]);
}

#[test]
fn a_hostile_caller_name_stays_text() {
    let mut bench = Bench::connected();
    let name = "\"<img src=x onerror=alert(1)>\" <sip:bob@example.org>;tag=bob-tag";
    bench.receive(Peer::caller("bobs-call").invite(Some(OFFER)).set(Name::FROM, name));
    bench.response(100);
    let (_, incoming) = bench.incoming();
    assert_eq!(incoming.from.display_name.as_deref(), Some("<img src=x onerror=alert(1)>"));
}

#[test]
fn numbers_at_their_limits_are_borne() {
    let mut bench = Bench::connected();
    let mut peer = Peer::caller("bobs-call");
    let invite =
        peer.invite(Some(OFFER)).set(Name::CSEQ, "4294967295 INVITE").with(Name::EXPIRES, "4294967295");
    bench.receive(&invite);
    bench.response(100);
    let (id, _) = bench.incoming();
    bench.command(|ua, now| ua.accept(id, ANSWER, now)).unwrap();
    peer.learn(&bench.response(200));
    bench.receive(peer.ack(&invite));
    assert_eq!(bench.session_event(), SessionEvent::Confirmed { answer: None });
    bench.receive(peer.request(Method::Bye).set(Name::CSEQ, "4294967295 BYE"));
    bench.response(500);
}

/// One thing that happens, on this side or the other. Indexes choose among what there is at that moment.
#[derive(Clone, Debug)]
enum Step {
    Register,
    Unregister,
    Invite {
        offer: bool,
    },
    Ring(Index),
    Accept(Index),
    Refuse(Index, u16),
    HangUp(Index),
    AnswerOffer(Index),
    RefuseOffer(Index),
    Reoffer(Index),
    Info(Index),
    Refer(Index, Index),
    Pass(u64),
    Close,
    Open,
    /// The other side answers a request of ours.
    Respond {
        request: Index,
        code: u16,
        tag: u8,
        sdp: bool,
    },
    Challenge {
        request: Index,
        code: u16,
        nonce: u8,
    },
    /// The other side calls.
    Call {
        call: u8,
        offer: bool,
    },
    /// The other side sends a request in a dialog that our message named.
    Inside {
        message: Index,
        method: u8,
        cseq: u32,
        sdp: bool,
    },
    /// The other side cancels or acknowledges a call of its own.
    Beside {
        call: u8,
        ack: bool,
    },
    /// Something that passed before comes again, with some bytes changed.
    Echo {
        message: Index,
        changes: Vec<(Index, char)>,
    },
}

fn step() -> impl Strategy<Value = Step> {
    let index = any::<Index>;
    let code = prop::sample::select(vec![
        100, 180, 183, 200, 200, 200, 302, 401, 404, 408, 423, 481, 486, 487, 491, 503,
    ]);
    let own = prop_oneof![
        Just(Step::Register),
        Just(Step::Unregister),
        any::<bool>().prop_map(|offer| Step::Invite { offer }),
        index().prop_map(Step::Ring),
        index().prop_map(Step::Accept),
        (index(), 200..700u16).prop_map(|(id, code)| Step::Refuse(id, code)),
        index().prop_map(Step::HangUp),
        index().prop_map(Step::AnswerOffer),
        index().prop_map(Step::RefuseOffer),
        index().prop_map(Step::Reoffer),
        index().prop_map(Step::Info),
        (index(), index()).prop_map(|(of, to)| Step::Refer(of, to)),
    ];
    let outside = prop_oneof![
        4 => (0..40_000u64).prop_map(Step::Pass),
        1 => Just(Step::Close),
        2 => Just(Step::Open),
    ];
    let theirs = prop_oneof![
        6 => (index(), code, 0..3u8, any::<bool>())
            .prop_map(|(request, code, tag, sdp)| Step::Respond { request, code, tag, sdp }),
        1 => (index(), prop::sample::select(vec![401, 407]), 0..4u8)
            .prop_map(|(request, code, nonce)| Step::Challenge { request, code, nonce }),
        2 => (0..6u8, any::<bool>()).prop_map(|(call, offer)| Step::Call { call, offer }),
        4 => (index(), 0..8u8, 100..130u32, any::<bool>())
            .prop_map(|(message, method, cseq, sdp)| Step::Inside { message, method, cseq, sdp }),
        2 => (0..6u8, any::<bool>()).prop_map(|(call, ack)| Step::Beside { call, ack }),
        1 => (index(), prop::collection::vec((index(), any::<char>()), 0..4))
            .prop_map(|(message, changes)| Step::Echo { message, changes }),
    ];
    prop_oneof![3 => own, 1 => outside, 5 => theirs]
}

/// Plays steps and keeps account of every session.
struct Play {
    bench: Bench,
    /// Every session there was, and how many ends it was told.
    sessions: BTreeMap<SessionId, usize>,
    passed: Vec<Message>,
    calls: BTreeMap<u8, Request>,
}

impl Play {
    fn new() -> Self {
        let mut bench = Bench::connected();
        bench.strict = false;
        Self { bench, sessions: BTreeMap::new(), passed: Vec::new(), calls: BTreeMap::new() }
    }

    fn session(&self, index: Index) -> SessionId {
        let ids: Vec<_> = self.sessions.keys().copied().collect();
        if ids.is_empty() { SessionId(0) } else { *index.get(&ids) }
    }

    fn sent_request(&self, index: Index) -> Option<Request> {
        let is_request = |message: &&Message| matches!(message, Message::Request(_));
        let requests: Vec<_> = self.passed.iter().filter(is_request).collect();
        match (!requests.is_empty()).then(|| index.get(&requests)) {
            Some(Message::Request(request)) => Some(request.clone()),
            _ => None,
        }
    }

    /// Takes account of what came out.
    fn settle(&mut self) {
        let (sent, events) = self.bench.take_rest();
        for message in sent {
            if let Message::Request(request) = &message {
                assert!(request.check().is_ok());
            }
            self.passed.push(message);
        }
        for event in events {
            let Event::Session { id, event } = event else { continue };
            let ends = self.sessions.entry(id).or_default();
            assert_eq!(*ends, 0, "{event:?} after the end of {id:?}");
            if let SessionEvent::Ended(_) = event {
                *ends += 1;
            }
        }
    }

    fn play(&mut self, step: Step) {
        // The results of commands that do not fit are no matter here.
        let bench = &mut self.bench;
        match step {
            Step::Register => bench.command(|ua, now| ua.register(now)),
            Step::Unregister => bench.command(|ua, now| ua.unregister(now)),
            Step::Invite { offer } => {
                let id = bench.command(|ua, now| {
                    let call_id = ua.fresh_call_id();
                    let target = ua.resolve("bob").unwrap();
                    let offer = offer.then(|| OFFER.to_owned());
                    ua.invite(Invite { call_id, target, offer, headers: Vec::new() }, now)
                });
                assert_eq!(self.sessions.insert(id, 0), None);
            }
            Step::Ring(index) => self.command(index, |ua, id, now| ua.ring(id, now)),
            Step::Accept(index) => self.command(index, |ua, id, now| ua.accept(id, ANSWER, now)),
            Step::Refuse(index, code) => self.command(index, |ua, id, now| ua.refuse(id, status(code), now)),
            Step::HangUp(index) => self.command(index, |ua, id, now| ua.hang_up(id, now)),
            Step::AnswerOffer(index) => self.command(index, |ua, id, now| ua.answer_offer(id, ANSWER, now)),
            Step::RefuseOffer(index) => {
                self.command(index, |ua, id, now| ua.refuse_offer(id, status(488), now));
            }
            Step::Reoffer(index) => self.command(index, |ua, id, now| ua.reoffer(id, OFFER, now)),
            Step::Info(index) => self.command(index, |ua, id, now| ua.info(id, "text/plain", "x", now)),
            Step::Refer(index, to) => {
                let other = self.session(to);
                self.command(index, |ua, id, now| ua.refer_to_session(id, other, now));
            }
            Step::Pass(time) => bench.pass(millis(time)),
            Step::Close => bench.close(),
            Step::Open => bench.open(),
            Step::Respond { request, code, tag, sdp } => {
                if let Some(request) = self.sent_request(request) {
                    let response = answer_as(&request, code, &format!("tag-{tag}"));
                    self.receive(if sdp { response.sdp(ANSWER).into() } else { response.into() });
                }
            }
            Step::Challenge { request, code, nonce } => {
                if let Some(request) = self.sent_request(request) {
                    self.receive(challenge(&request, code, &format!("nonce-{nonce}")).into());
                }
            }
            Step::Call { call, offer } => {
                let invite = Peer::caller(&format!("call-{call}")).invite(offer.then_some(OFFER));
                self.calls.insert(call, invite.clone());
                self.receive(invite.into());
            }
            Step::Inside { message, method, cseq, sdp } => self.inside(message, method, cseq, sdp),
            Step::Beside { call, ack } => {
                if let Some(invite) = self.calls.get(&call) {
                    let method = if ack { Method::Ack } else { Method::Cancel };
                    let message = Peer::caller("").beside(invite, method);
                    self.receive(message.into());
                }
            }
            Step::Echo { message, changes } => {
                if !self.passed.is_empty() {
                    let mut text: Vec<char> = message.get(&self.passed).to_string().chars().collect();
                    for (at, c) in changes {
                        let at = at.index(text.len());
                        text[at] = c;
                    }
                    bench.receive(text.into_iter().collect::<String>());
                }
            }
        }
        self.settle();
    }

    fn command<R>(
        &mut self,
        index: Index,
        command: impl FnOnce(&mut xc_webrtc::sip::user_agent::UserAgent, SessionId, xc_webrtc::time::Instant) -> R,
    ) {
        let id = self.session(index);
        self.bench.command(|ua, now| command(ua, id, now));
    }

    fn receive(&mut self, message: Message) {
        self.bench.receive(&message);
        self.passed.push(message);
    }

    /// A request of the other side in the dialog that one of our messages stands in.
    fn inside(&mut self, index: Index, method: u8, cseq: u32, sdp: bool) {
        if self.passed.is_empty() {
            return;
        }
        let message = index.get(&self.passed);
        let (from, to) = match message {
            Message::Request(_) => (Name::TO, Name::FROM),
            Message::Response(_) => (Name::FROM, Name::TO),
        };
        let methods = ["INVITE", "ACK", "BYE", "UPDATE", "OPTIONS", "CANCEL", "INFO", "NOTIFY", "MESSAGE"];
        let method = Method::from(methods[usize::from(method)]);
        let headers = message.headers().clone();
        let mut request = Peer::caller("").request(method.clone());
        request.headers.set(Name::CALL_ID, headers.call_id().unwrap_or("none"));
        request.headers.set(Name::FROM, headers.get(&from).unwrap_or_default());
        request.headers.set(Name::TO, headers.get(&to).unwrap_or_default());
        request.headers.set(Name::CSEQ, format!("{cseq} {method}"));
        request
            .headers
            .set(Name::VIA, format!("SIP/2.0/WSS s.example.org;branch=z9hG4bK-in-{}", self.passed.len()));
        if method == Method::Notify {
            request.headers.set(Name::EVENT, "refer");
            let state = if sdp { "terminated" } else { "active" };
            request.headers.set(Name::SUBSCRIPTION_STATE, state);
        }
        self.receive(if sdp { request.sdp(OFFER).into() } else { request.into() });
    }

    /// Ends everything that is still going on, and lets enough time pass.
    fn end(mut self) {
        for id in self.sessions.keys().copied().collect::<Vec<_>>() {
            let ended = self.bench.command(|ua, now| ua.hang_up(id, now));
            assert_eq!(ended.is_ok(), self.sessions[&id] == 0, "{id:?}");
            self.settle();
        }
        self.bench.command(|ua, now| ua.unregister(now));
        // A BYE that waits for the transport waits five minutes, one without an answer 32 seconds.
        self.bench.pass(secs(400));
        self.settle();
        for (id, ends) in &self.sessions {
            assert_eq!(*ends, 1, "{id:?}");
        }
        self.bench.over();
        assert!(!self.bench.ua.is_registered());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_every_session_ends_once_and_nothing_is_left_behind(
        steps in prop::collection::vec(step(), 1..60)
    ) {
        let mut play = Play::new();
        for step in steps {
            play.play(step);
        }
        play.end();
    }
}

//! Two user agents joined by a wire that delivers in order, each direction as slowly as the test says.

use std::collections::VecDeque;
use std::time::Duration;

use xc_webrtc::sip::event::{Event, Input, Output, SessionEvent, SessionId};
use xc_webrtc::sip::user_agent::{Invite, UserAgent};
use xc_webrtc::time::{Deadline, Instant};

use super::{config, millis, secs, summary};

/// Alice and Bob.
pub struct Pair {
    pub alice: Side,
    pub bob: Side,
    pub now: Instant,
    /// How long a message travels.
    pub delay: Duration,
    ladder: Vec<String>,
}

/// One of them.
pub struct Side {
    pub ua: UserAgent,
    events: VecDeque<(SessionId, SessionEvent)>,
    /// What is on its way to this side, and when it arrives.
    arriving: VecDeque<(Instant, String)>,
    deadline: Option<Deadline>,
}

/// Which of them.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Who {
    Alice,
    Bob,
}

impl Pair {
    pub fn new() -> Self {
        let mut pair = Self {
            alice: Side::new("alice", 1),
            bob: Side::new("bob", 2),
            now: Instant::from_origin(secs(1000)),
            delay: millis(10),
            ladder: Vec::new(),
        };
        for who in [Who::Alice, Who::Bob] {
            pair.does(who, |ua, now| ua.handle(Input::Opened, now));
        }
        pair
    }

    pub fn side(&mut self, who: Who) -> &mut Side {
        match who {
            Who::Alice => &mut self.alice,
            Who::Bob => &mut self.bob,
        }
    }

    /// One of them does something.
    pub fn does<R>(&mut self, who: Who, act: impl FnOnce(&mut UserAgent, Instant) -> R) -> R {
        let (now, arrival) = (self.now, self.now + self.delay);
        let result = act(&mut self.side(who).ua, now);
        loop {
            match self.side(who).ua.poll() {
                Output::Send(text) => {
                    let arrow = if who == Who::Alice { "->" } else { "<-" };
                    self.ladder.push(format!("{now:?} {arrow} {}", summary(&text)));
                    let other = if who == Who::Alice { Who::Bob } else { Who::Alice };
                    self.side(other).arriving.push_back((arrival, text));
                }
                Output::Event(Event::Session { id, event }) => {
                    self.side(who).events.push_back((id, event));
                }
                Output::Event(other) => panic!("{other:?}"),
                Output::Wait(deadline) => {
                    self.side(who).deadline = deadline;
                    return result;
                }
            }
        }
    }

    /// Lets time pass.
    pub fn pass(&mut self, time: Duration) {
        let end = self.now + time;
        while let Some((at, who, text)) = self.next().filter(|(at, ..)| *at <= end) {
            self.now = self.now.max(at);
            match text {
                Some(text) => self.does(who, |ua, now| ua.handle(Input::Received(text), now)),
                None => self.does(who, |ua, now| ua.handle_timeout(now)),
            }
        }
        self.now = end;
    }

    fn next(&mut self) -> Option<(Instant, Who, Option<String>)> {
        let soonest = [Who::Alice, Who::Bob].into_iter().flat_map(|who| {
            let side = self.side(who);
            let arriving = side.arriving.front().map(|(at, _)| (*at, who, true));
            let due = side.deadline.map(|deadline| (deadline.at, who, false));
            [arriving, due]
        });
        let (at, who, arrives) = soonest.flatten().min_by_key(|(at, ..)| *at)?;
        let text = if arrives { self.side(who).arriving.pop_front().map(|(_, text)| text) } else { None };
        Some((at, who, text))
    }

    /// Alice calls Bob; he takes it.
    pub fn in_call(&mut self) -> (SessionId, SessionId) {
        let alices = self.does(Who::Alice, |ua, now| {
            let call_id = ua.fresh_call_id();
            let target = ua.resolve("bob").unwrap();
            ua.invite(Invite { call_id, target, offer: Some("v=0 a1".into()), headers: Vec::new() }, now)
        });
        self.pass(secs(1));
        let (bobs, incoming) = self.bob.event();
        assert!(matches!(incoming, SessionEvent::Incoming(_)), "{incoming:?}");
        self.does(Who::Bob, |ua, now| ua.accept(bobs, "v=0 b1", now)).unwrap();
        self.pass(secs(1));
        assert!(matches!(self.alice.event(), (_, SessionEvent::Accepted { .. })));
        assert!(matches!(self.bob.event(), (_, SessionEvent::Confirmed { .. })));
        (alices, bobs)
    }

    /// After a while nothing is left on either side.
    #[track_caller]
    pub fn over(&mut self) {
        self.pass(secs(40));
        for side in [&self.alice, &self.bob] {
            assert!(side.ua.is_idle());
            assert_eq!(side.events, []);
            assert_eq!(side.deadline, None);
        }
    }
}

impl Side {
    fn new(user: &str, seed: u8) -> Self {
        Self {
            ua: UserAgent::new(config(user), [seed; 32]),
            events: VecDeque::new(),
            arriving: VecDeque::new(),
            deadline: None,
        }
    }

    /// What was told next.
    pub fn event(&mut self) -> (SessionId, SessionEvent) {
        self.events.pop_front().expect("an event")
    }
}

impl Drop for Pair {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("{}", self.ladder.join("\n"));
        }
    }
}

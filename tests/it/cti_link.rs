//! The CTI link's stories: log-in, loss, silence, renewal, log-out, with a virtual clock.

use std::time::Duration;

use serde_json::json;
use xc_webrtc::cti::auth::{Client, LoginError};
use xc_webrtc::cti::event::{Event, HttpOutcome, Input, Output};
use xc_webrtc::cti::link::{Link, NotReady};
use xc_webrtc::cti::message::command::Command;
use xc_webrtc::cti::server::{PageOrigin, Server};
use xc_webrtc::secret::Secret;
use xc_webrtc::time::{Deadline, Instant};

/// A link, a clock, and what the link said since it was last asked.
struct Story {
    link: Link,
    now: Instant,
    deadline: Option<Deadline>,
    said: Vec<String>,
    /// The last request's number.
    request: u32,
    retry_at: Option<Instant>,
    /// When something was asked of the server: REST requests and websockets.
    asked: Vec<Instant>,
}

impl Story {
    fn new() -> Self {
        Self::seeded(7)
    }

    fn seeded(seed: u64) -> Self {
        Self {
            link: Link::new(seed),
            now: Instant::default(),
            deadline: None,
            said: vec![],
            request: 0,
            retry_at: None,
            asked: vec![],
        }
    }

    /// A link that is up, by password, its first words forgotten.
    fn up() -> Self {
        let mut story = Self::new();
        story.log_in();
        story.granted("a.b.c", 3600);
        story.input(Input::Opened);
        story.frame(r#"{"msgType":"LoggedOn"}"#);
        assert!(story.link.is_up());
        story.said.clear();
        story
    }

    fn server() -> Server {
        let page = PageOrigin { secure: true, host: "xivo.example.org".into() };
        Server::parse("", &page).expect("a server")
    }

    fn log_in(&mut self) {
        self.link.log_in(Self::server(), "mlopez", &Secret::new("s3cret"), &Client::default(), self.now);
        self.drain();
    }

    fn resume(&mut self) {
        self.link.resume(Self::server(), "mlopez", Secret::new("k.e.pt"), self.now);
        self.drain();
    }

    fn input(&mut self, input: Input) {
        self.link.handle(input, self.now);
        self.drain();
    }

    fn frame(&mut self, frame: &str) {
        self.input(Input::Received(frame.into()));
    }

    fn closed(&mut self) {
        self.input(Input::Closed { code: 1006, reason: String::new() });
    }

    /// The last request is answered.
    fn answer(&mut self, status: u16, body: &str) {
        let outcome = HttpOutcome::Answer { status, body: body.into() };
        self.input(Input::Http { id: self.request, outcome });
    }

    fn granted(&mut self, token: &str, ttl: u64) {
        self.answer(200, &json!({ "login": "mlopez", "token": token, "TTL": ttl }).to_string());
    }

    fn no_answer(&mut self) {
        let outcome = HttpOutcome::NoAnswer { reason: "connection refused".into() };
        self.input(Input::Http { id: self.request, outcome });
    }

    /// Lets time pass; whatever falls due on the way is done when it is due.
    fn pass(&mut self, time: Duration) {
        let end = self.now + time;
        while let Some(deadline) = self.deadline.filter(|deadline| deadline.at <= end) {
            let before = (self.deadline, self.said.len());
            self.now = self.now.max(deadline.at);
            self.link.handle_timeout(self.now);
            self.drain();
            assert!(before != (self.deadline, self.said.len()), "{} is due for ever", deadline.what());
        }
        self.now = end;
    }

    fn pass_secs(&mut self, secs: u64) {
        self.pass(Duration::from_secs(secs));
    }

    /// Lets time pass until the next attempt to reconnect.
    fn pass_until_retry(&mut self) {
        let retry_at = self.retry_at.expect("a lost link");
        self.pass(retry_at.saturating_since(self.now));
    }

    fn drain(&mut self) {
        loop {
            let said = match self.link.poll() {
                Output::Wait(deadline) => {
                    self.deadline = deadline;
                    return;
                }
                Output::Http(request) => {
                    self.request = request.id;
                    self.asked.push(self.now);
                    let what = request.url.rsplit('/').next().unwrap_or_default();
                    let token = request.headers.iter().find_map(|(_, value)| value.strip_prefix("Bearer "));
                    format!(
                        "{} {what} {}",
                        request.method,
                        token.or(request.body.as_deref()).unwrap_or_default()
                    )
                }
                Output::Open { url } => {
                    self.asked.push(self.now);
                    format!("open {}", url.expose())
                }
                Output::Send(frame) => match Command::from_frame(&frame) {
                    Ok(command) => format!("send {}", command.name()),
                    Err(error) => format!("send {frame}: {error}"),
                },
                Output::Close => "close".into(),
                Output::Event(event) => self.told(event),
            };
            self.said.push(said);
        }
    }

    fn told(&mut self, event: Event) -> String {
        match event {
            Event::LoggingIn | Event::Up | Event::Connecting => format!("{event:?}"),
            Event::LoggedOn { login, resumed } => {
                format!("LoggedOn {login}{}", if resumed { " resumed" } else { "" })
            }
            Event::LoginFailed(error) => format!("LoginFailed {error:?}"),
            Event::Ended(error) => format!("Ended {error:?}"),
            Event::Token(token) => format!("Token {}", token.expose()),
            Event::Lost { retry_at, reason } => {
                self.retry_at = retry_at;
                format!("Lost: {reason}")
            }
            Event::Message(received) => format!("Message {}", received.msg_type),
            Event::Diagnostic(text) => format!("Diagnostic {text}"),
        }
    }

    /// What the link said since it was last asked, heartbeats left out.
    fn said(&mut self) -> Vec<String> {
        let mut said = std::mem::take(&mut self.said);
        said.retain(|line| line != "send ping");
        said
    }

    fn says(&mut self, expected: &[&str]) {
        assert_eq!(self.said(), expected);
    }
}

const CTI: &str = "open wss://xivo.example.org/xuc/api/2.0/cti?token=";

#[test]
fn a_log_in_by_password_leads_to_a_link_that_asks_for_what_a_phone_needs() {
    let mut story = Story::new();
    story.log_in();
    story.says(&["LoggingIn", r#"POST login {"login":"mlopez","password":"s3cret"}"#]);
    assert_eq!(story.deadline, None);
    story.granted("a.b.c", 3600);
    story.says(&["Token a.b.c", &format!("{CTI}a.b.c")]);
    story.input(Input::Opened);
    story.says(&[]);
    story.frame(r#"{"msgType":"UserStatusUpdate","ctiMessage":{"status":"x"}}"#);
    story.says(&["Message UserStatusUpdate"]);
    assert!(!story.link.is_up());
    story.frame(r#"{"msgType":"LoggedOn","ctiMessage":{}}"#);
    story.says(&[
        "LoggedOn mlopez",
        "Up",
        "send getConfig",
        "send getIceConfig",
        "send getCurrentCallsPhoneEvents",
        "Message LoggedOn",
    ]);
    assert_eq!(story.link.token(), Some(&Secret::new("a.b.c")));
    assert_eq!(story.link.login(), Some("mlopez"));
}

#[test]
fn each_refusal_of_a_log_in_is_told_and_leaves_nothing_behind() {
    let refused = |code: &str| format!(r#"{{"error":"{code}","message":"words"}}"#);
    for (status, body, error) in [
        (401, refused("InvalidCredentials"), LoginError::WrongCredentials),
        (
            400,
            refused("InvalidJson"),
            LoginError::Refused { code: "InvalidJson".into(), message: "words".into() },
        ),
        (
            500,
            refused("UnhandledError"),
            LoginError::Refused { code: "UnhandledError".into(), message: "words".into() },
        ),
        (
            403,
            refused("UserNotFound"),
            LoginError::Refused { code: "UserNotFound".into(), message: "words".into() },
        ),
        (200, "<html>It works!</html>".into(), LoginError::NotXuc),
        (200, "null".into(), LoginError::NotXuc),
        (404, "Not found".into(), LoginError::NotXuc),
        (502, "<html>Bad gateway</html>".into(), LoginError::Unreachable),
    ] {
        let mut story = Story::new();
        story.log_in();
        story.said();
        story.answer(status, &body);
        story.says(&[&format!("LoginFailed {error:?}")]);
        assert_eq!((story.link.token(), story.deadline), (None, None));
    }
}

#[test]
fn a_server_that_is_not_reached_is_told() {
    let mut story = Story::new();
    story.log_in();
    story.said();
    story.no_answer();
    story.says(&["LoginFailed Unreachable"]);
}

#[test]
fn a_first_websocket_that_does_not_open_or_greet_fails_the_log_in() {
    let mut refused = Story::new();
    refused.log_in();
    refused.granted("a.b.c", 3600);
    refused.said();
    refused.closed();
    refused.says(&["LoginFailed NoSession"]);
    assert_eq!(refused.link.token(), None);

    let mut hanging = Story::new();
    hanging.log_in();
    hanging.granted("a.b.c", 3600);
    hanging.said();
    hanging.pass_secs(15);
    hanging.says(&["close", "LoginFailed NoSession"]);

    let mut silent = Story::new();
    silent.log_in();
    silent.granted("a.b.c", 3600);
    silent.input(Input::Opened);
    silent.said();
    silent.pass_secs(14);
    silent.says(&[]);
    silent.pass_secs(1);
    silent.says(&["close", "LoginFailed NoSession"]);
    assert_eq!(silent.deadline, None);
}

#[test]
fn a_session_that_the_server_cannot_build_fails_the_log_in() {
    let mut story = Story::new();
    story.log_in();
    story.granted("a.b.c", 3600);
    story.input(Input::Opened);
    story.said();
    story.frame(r#"{"msgType":"LoggedOnError","ctiMessage":{"Error":"loggedOnTimeout"}}"#);
    story.says(&["Message LoggedOnError", "close", "LoginFailed NoSession"]);
    story.closed();
    story.says(&[]);
}

#[test]
fn a_session_that_the_server_cannot_build_again_is_tried_again() {
    let mut story = Story::up();
    story.closed();
    story.pass_until_retry();
    story.granted("d.e.f", 3600);
    story.input(Input::Opened);
    story.said();
    story.frame(r#"{"msgType":"LoggedOnError","ctiMessage":{"Error":"loggedOnFailed"}}"#);
    story.says(&["Message LoggedOnError", "close", "Lost: the server opened no CTI session: loggedOnFailed"]);
    story.pass_until_retry();
    story.says(&["Connecting", "GET check d.e.f"]);
}

#[test]
fn a_silent_server_is_found_out_by_the_heartbeat() {
    let mut story = Story::up();
    story.pass_secs(15);
    assert_eq!(story.said, ["send ping"; 3]);
    story.frame("{}");
    story.pass_secs(15);
    story.says(&[]);
    story.pass_secs(5);
    story.says(&["close", "Lost: the CTI server is silent"]);
    assert!(!story.link.is_up());
}

#[test]
fn a_server_that_answers_pings_is_kept_for_hours() {
    let mut story = Story::up();
    for _ in 0..300 {
        story.pass_secs(5);
        story.frame(r#"{"claz":"pong"}"#);
    }
    story.says(&[]);
    assert!(story.link.is_up());
}

#[test]
fn a_lost_link_comes_back_with_a_renewed_token_and_asks_again() {
    let mut story = Story::up();
    story.input(Input::Closed { code: 1001, reason: "going away".into() });
    story.says(&["Lost: the CTI websocket was closed (1001: going away)"]);
    let wait = story.retry_at.expect("a moment").saturating_since(story.now);
    assert!(wait >= Duration::from_secs(1) && wait <= Duration::from_secs(5), "{wait:?}");
    story.pass_until_retry();
    story.says(&["Connecting", "GET check a.b.c"]);
    story.granted("d.e.f", 3600);
    story.says(&["Token d.e.f", &format!("{CTI}d.e.f")]);
    story.input(Input::Opened);
    story.frame(r#"{"msgType":"LoggedOn"}"#);
    story.says(&[
        "Up",
        "send getConfig",
        "send getIceConfig",
        "send getCurrentCallsPhoneEvents",
        "Message LoggedOn",
    ]);
}

#[test]
fn a_server_that_stays_away_is_tried_again_and_again() {
    let mut story = Story::up();
    story.closed();
    for _ in 0..20 {
        story.said();
        story.pass_until_retry();
        story.says(&["Connecting", "GET check a.b.c"]);
        story.no_answer();
        story.says(&["Lost: connection refused"]);
    }
    // Its proxy is back before it is: that says nothing about the token.
    for (status, body) in
        [(502, "<html>"), (429, r#"{"error":"slow down"}"#), (200, "<html>"), (404, "<html>")]
    {
        story.pass_until_retry();
        story.answer(status, body);
        assert!(story.said().last().is_some_and(|line| line.starts_with("Lost: ")), "{status}");
    }
}

#[test]
fn a_token_that_expired_meanwhile_ends_the_log_in() {
    let mut story = Story::up();
    story.closed();
    story.pass_until_retry();
    story.said();
    story.answer(401, r#"{"error":"TokenExpired","message":"expired"}"#);
    story.says(&["Ended Expired"]);
    assert_eq!((story.link.token(), story.deadline), (None, None));
}

#[test]
fn attempts_stay_within_what_the_edge_proxy_takes() {
    for seed in 0..20 {
        let mut story = Story::seeded(seed);
        story.log_in();
        story.granted("a.b.c", 3600);
        // A server that accepts, greets and drops, and a network that says each time that it is back: the worst case.
        while story.now < Instant::default() + Duration::from_secs(1800) {
            story.input(Input::Opened);
            story.frame(r#"{"msgType":"LoggedOn"}"#);
            story.closed();
            story.input(Input::Online);
            story.pass_until_retry();
            story.granted("a.b.c", 3600);
        }
        for window in story.asked.windows(21) {
            assert!(window[20].saturating_since(window[0]) > Duration::from_secs(60), "seed {seed}");
        }
    }
}

/// Loses and regains the link after it was up for that long, and says how long each loss waited.
fn waits_of_a_link_that_holds(secs: u64, losses: usize) -> Vec<Duration> {
    let mut story = Story::up();
    let mut waits = vec![];
    for _ in 0..losses {
        keep_alive(&mut story, secs);
        story.closed();
        waits.push(story.retry_at.expect("a moment").saturating_since(story.now));
        story.pass_until_retry();
        story.granted("d.e.f", 3600);
        story.input(Input::Opened);
        story.frame(r#"{"msgType":"LoggedOn"}"#);
    }
    waits
}

#[test]
fn a_link_that_holds_comes_back_soon_and_one_that_flaps_comes_back_late() {
    let sound = waits_of_a_link_that_holds(60, 20);
    assert!(sound.iter().all(|wait| *wait <= Duration::from_secs(5)), "{sound:?}");
    let flapping = waits_of_a_link_that_holds(30, 20);
    assert!(flapping.iter().any(|wait| *wait > Duration::from_secs(40)), "{flapping:?}");
}

#[test]
fn a_network_that_is_back_shortens_the_wait() {
    let mut story = Story::up();
    story.closed();
    for _ in 0..6 {
        story.pass_until_retry();
        story.no_answer();
    }
    story.said();
    // Let a minute pass without an attempt, so that only the drawn moment counts.
    let far = story.retry_at.expect("a moment");
    story.input(Input::Online);
    let soon = story.retry_at.expect("a moment");
    assert!(soon <= far && soon.saturating_since(story.now) <= Duration::from_secs(5));
    story.pass_until_retry();
    assert!(story.said().ends_with(&["Connecting".into(), "GET check a.b.c".into()]));
    story.input(Input::Online);
    story.says(&[]);
}

#[test]
fn the_token_is_renewed_at_half_of_its_life() {
    let mut story = Story::up();
    keep_alive(&mut story, 1795);
    story.says(&[]);
    keep_alive(&mut story, 5);
    story.says(&["GET check a.b.c"]);
    story.granted("d.e.f", 600);
    story.says(&["Token d.e.f"]);
    assert!(story.link.is_up());
    keep_alive(&mut story, 300);
    story.says(&["GET check d.e.f"]);
}

#[test]
fn a_renewal_that_is_not_answered_is_asked_again_while_the_link_stays_up() {
    let mut story = Story::up();
    keep_alive(&mut story, 1800);
    story.said();
    story.no_answer();
    keep_alive(&mut story, 25);
    story.says(&[]);
    keep_alive(&mut story, 5);
    story.says(&["GET check a.b.c"]);
}

#[test]
fn a_renewal_without_a_life_is_believed_to_hold_as_long_as_the_one_before() {
    let mut story = Story::up();
    keep_alive(&mut story, 1800);
    story.granted("d.e.f", 600);
    keep_alive(&mut story, 300);
    story.answer(200, r#"{"token":"g.h.i"}"#);
    story.said();
    keep_alive(&mut story, 295);
    story.says(&[]);
    keep_alive(&mut story, 5);
    story.says(&["GET check g.h.i"]);
}

#[test]
fn a_renewal_that_is_refused_ends_the_log_in() {
    let mut story = Story::up();
    keep_alive(&mut story, 1800);
    story.said();
    story.answer(400, r#"{"error":"TokenExpired"}"#);
    story.says(&["close", "Ended Expired"]);
}

#[test]
fn a_renewal_that_is_answered_after_the_link_was_lost_still_counts() {
    let mut story = Story::up();
    keep_alive(&mut story, 1800);
    story.closed();
    story.said();
    story.granted("d.e.f", 3600);
    story.says(&["Token d.e.f"]);
    story.pass_until_retry();
    story.says(&["Connecting", "GET check d.e.f"]);
}

#[test]
fn a_check_that_was_asked_again_is_only_answered_once() {
    let mut story = Story::up();
    keep_alive(&mut story, 1800);
    let renewal = story.request;
    story.closed();
    story.pass_until_retry();
    story.said();
    let outcome = HttpOutcome::Answer { status: 401, body: r#"{"error":"TokenExpired"}"#.into() };
    story.input(Input::Http { id: renewal, outcome });
    story.says(&[]);
    story.granted("d.e.f", 3600);
    story.says(&["Token d.e.f", &format!("{CTI}d.e.f")]);
}

#[test]
fn the_turn_password_is_renewed_at_half_of_its_life() {
    let mut story = Story::up();
    let ice = |ttl: u32| {
        json!({ "msgType": "IceConfig", "ctiMessage": { "turnConfig": { "urls": ["turn:x"], "ttl": ttl } } })
            .to_string()
    };
    story.frame(&ice(600));
    story.said();
    keep_alive(&mut story, 295);
    story.says(&[]);
    keep_alive(&mut story, 5);
    story.says(&["send getIceConfig"]);
    keep_alive(&mut story, 30);
    story.says(&["send getIceConfig"]);
    // A life of a second would mean a renewal without pause.
    story.frame(&ice(1));
    story.said();
    keep_alive(&mut story, 25);
    story.says(&[]);
    story.frame(r#"{"msgType":"IceConfig","ctiMessage":{}}"#);
    story.said();
    keep_alive(&mut story, 600);
    story.says(&[]);
}

#[test]
fn a_reload_resumes_by_the_token_that_was_kept() {
    let mut story = Story::new();
    story.resume();
    story.says(&["LoggingIn", "GET check k.e.pt"]);
    story.granted("d.e.f", 3600);
    story.says(&["Token d.e.f", &format!("{CTI}d.e.f")]);
    story.input(Input::Opened);
    story.frame(r#"{"msgType":"LoggedOn"}"#);
    assert_eq!(story.said()[..2], ["LoggedOn mlopez resumed", "Up"]);
}

#[test]
fn a_reload_with_a_dead_token_asks_for_the_password() {
    let mut story = Story::new();
    story.resume();
    story.said();
    story.answer(401, r#"{"error":"TokenExpired","message":""}"#);
    story.says(&["LoginFailed Expired"]);
    story.link.resume(Story::server(), "mlopez", Secret::new("broken\r\ntoken"), story.now);
    story.drain();
    story.says(&["LoggingIn", "LoginFailed Expired"]);
    assert_eq!(story.link.token(), None);
}

#[test]
fn a_reload_while_the_server_is_away_waits_for_it() {
    let mut story = Story::new();
    story.resume();
    story.no_answer();
    story.pass_until_retry();
    story.granted("d.e.f", 3600);
    story.said();
    story.closed();
    story.says(&["Lost: the CTI websocket was closed (1006)"]);
    story.pass_until_retry();
    // The token was found good a moment ago: it is not to blame.
    story.says(&["Connecting", &format!("{CTI}d.e.f")]);
    story.input(Input::Opened);
    story.frame(r#"{"msgType":"LoggedOn"}"#);
    assert!(story.said().contains(&"LoggedOn mlopez resumed".to_owned()));
}

#[test]
fn log_out_at_every_point_leaves_nothing_under_way() {
    let opened = |story: &mut Story| story.input(Input::Opened);
    let logged_on = |story: &mut Story| story.frame(r#"{"msgType":"LoggedOn"}"#);
    let steps: [&dyn Fn(&mut Story); 8] = [
        &|_| {},
        &|story| story.log_in(),
        &|story| story.granted("a.b.c", 3600),
        &opened,
        &logged_on,
        &|story| story.closed(),
        &|story| story.pass_until_retry(),
        &|story| story.granted("d.e.f", 3600),
    ];
    for steps_taken in 1..=steps.len() {
        let mut story = Story::new();
        steps[..steps_taken].iter().for_each(|step| step(&mut story));
        let socket = matches!(steps_taken, 3..=5 | 8);
        story.said();
        story.link.log_out(story.now);
        story.drain();
        assert_eq!(story.said(), if socket { vec!["close"] } else { vec![] }, "after {steps_taken} steps");
        assert_eq!((story.link.token(), story.deadline, story.link.is_up()), (None, None, false));
        // Whatever is late is ignored.
        story.granted("x.y.z", 3600);
        story.input(Input::Opened);
        story.frame(r#"{"msgType":"LoggedOn"}"#);
        story.closed();
        story.input(Input::Online);
        story.pass_secs(3600);
        story.says(&[]);
    }
}

#[test]
fn late_answers_of_an_earlier_log_in_are_ignored() {
    let mut story = Story::new();
    story.log_in();
    let first = story.request;
    story.log_in();
    story.said();
    let outcome = HttpOutcome::Answer { status: 200, body: r#"{"token":"o.l.d"}"#.into() };
    story.input(Input::Http { id: first, outcome: outcome.clone() });
    story.says(&[]);
    story.granted("a.b.c", 3600);
    story.says(&["Token a.b.c", &format!("{CTI}a.b.c")]);
    story.input(Input::Http { id: first, outcome });
    story.says(&[]);
}

#[test]
fn another_log_in_replaces_the_one_that_is_up() {
    let mut story = Story::up();
    story.log_in();
    assert_eq!(story.said()[..2], ["close", "LoggingIn"]);
    assert_eq!(story.link.token(), None);
}

#[test]
fn malformed_and_oversize_frames_are_told_and_the_link_goes_on() {
    let mut story = Story::up();
    for frame in ["<html>", "null", &"x".repeat(2 << 20), &"[".repeat(100_000)] {
        story.frame(frame);
        let said = story.said();
        assert!(said.len() == 1 && said[0].starts_with("Diagnostic "), "{said:?}");
    }
    story.frame(r#"{"msgType":"PhoneEvent","ctiMessage":["<img onerror=x>"]}"#);
    assert_eq!(story.said().len(), 2, "told, and passed on as data");
    story.frame(r#"{"msgType":"Unheard"}"#);
    story.says(&["Message Unheard"]);
    assert!(story.link.is_up());
}

#[test]
fn commands_are_sent_when_the_link_is_up_and_refused_when_it_is_not() {
    let hangup = Command::Hangup { unique_id: None };
    let mut story = Story::new();
    assert_eq!(story.link.send(&hangup, story.now), Err(NotReady));
    story.log_in();
    story.granted("a.b.c", 3600);
    story.input(Input::Opened);
    assert_eq!(story.link.send(&hangup, story.now), Err(NotReady), "the server has not spoken");
    let mut story = Story::up();
    assert_eq!(story.link.send(&hangup, story.now), Ok(()));
    story.drain();
    story.says(&["send hangup"]);
    story.closed();
    assert_eq!(story.link.send(&hangup, story.now), Err(NotReady));
}

#[test]
fn no_secret_is_in_what_is_printed_for_a_log() {
    let mut link = Link::new(7);
    link.log_in(Story::server(), "mlopez", &Secret::new("s3cret"), &Client::default(), Instant::default());
    let mut printed = String::new();
    let body = r#"{"login":"mlopez","token":"a.b.c"}"#.to_owned();
    let granted = Input::Http { id: 1, outcome: HttpOutcome::Answer { status: 200, body } };
    let line = r#"{"msgType":"LineConfig","ctiMessage":{"password":"q7Wv1z"}}"#.to_owned();
    for input in [granted, Input::Opened, Input::Received(line), Input::Online] {
        printed += &format!("{input:?}");
        link.handle(input, Instant::default());
        loop {
            let output = link.poll();
            printed += &format!("{output:?}");
            if matches!(output, Output::Wait(_)) {
                break;
            }
        }
        printed += &format!("{link:?}");
    }
    for secret in ["s3cret", "a.b.c", "q7Wv1z"] {
        assert!(!printed.contains(secret), "{secret} in {printed}");
    }
}

/// Lets time pass with a server that answers pings.
fn keep_alive(story: &mut Story, secs: u64) {
    for _ in 0..secs / 5 {
        story.pass_secs(5);
        story.frame("{}");
    }
}

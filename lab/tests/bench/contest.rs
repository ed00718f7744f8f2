//! What each stack is timed at: registering, calling, being called.

use std::net::UdpSocket;
use std::rc::Rc;

use serde_json::{Value, json};

use crate::ami::Ami;
use crate::report::Report;
use crate::support::browser::{Browser, Setup};
use crate::support::people::{Borrowed, Person};
use crate::support::settings::setting;
use crate::support::stage::Stage;
use crate::{ASTERISK, Extent, Stack, site};

/// Gives back what it hears.
pub const ECHO: &str = "600";

/// A tone.
const TONE: &str = "601";

/// How long it rings before somebody answers, in milliseconds: what can be prepared meanwhile is.
const RINGING: u32 = 1_000;

/// A page with one of the stacks.
pub struct Contestant {
    browser: Rc<Browser>,
    stack: Stack,
    pub person: Borrowed,
}

impl Contestant {
    /// In a browser of its own.
    pub async fn new(stage: &Stage, stack: Stack) -> Self {
        // Of its own, and not the stage's, who would have nobody left after three rounds.
        let person = ASTERISK.borrow().await;
        let browser = stage.browser(Setup::default()).await;
        let contestant = Self { browser, stack, person };
        contestant.open().await;
        contestant
    }

    /// Loads the page, anew.
    async fn open(&self) {
        self.browser.open_address(&format!("{}/bench/phone.html", site::address().await)).await;
    }

    pub fn browser(&self) -> &Browser {
        &self.browser
    }

    /// What a function of `measure.js` measures of the phone.
    pub async fn measure(&self, what: &str, given: Value) -> Value {
        let script = "const phone = await import(given.script); \
                      return measured[given.what](...given.takesPhone ? [phone] : [], ...given.given)";
        let takes_phone = !matches!(what, "requests" | "left");
        let given =
            json!({ "script": self.stack.script(), "what": what, "takesPhone": takes_phone, "given": given });
        self.browser.run(script, given).await.json().clone()
    }

    /// Registers, by way of those STUN servers.
    pub async fn register(&self, ice: Value) -> Value {
        let Person { login, password, .. } = &*self.person;
        let server = setting("XC_ASTERISK_WS");
        let options =
            json!({ "server": server, "login": login, "password": password, "video": false, "ice": ice });
        self.measure("registers", json!([options])).await
    }
}

/// One turn of one stack.
pub async fn turn(stage: &Stage, stack: Stack, extent: &Extent, report: &mut Report) {
    let contestant = Contestant::new(stage, stack).await;
    let mut note = |name, measured: &Value| report.add(name, stack, measured);
    note("register", &contestant.register(json!([])).await["registered"]);

    // The first call of a browser opens its devices for the first time: it is not timed.
    contestant.measure("calls", json!([ECHO])).await;
    for _ in 0..extent.calls {
        let call = contestant.measure("calls", json!([ECHO])).await;
        note("dial-invite", &call["invite"]);
        note("dial-established", &call["established"]);
        note("dial-rtp", &call["heard"]);
        note("blocked", &call["blocked"]);
    }

    let mut ami = Ami::connect().await;
    for _ in 0..extent.calls {
        let called = async {
            ami.call(&contestant.person.login, "\"Outside\" <0145>", TONE).await;
        };
        let (answer, ()) = tokio::join!(contestant.measure("answers", json!([RINGING])), called);
        note("answer-200", &answer["answer"]);
        note("answer-rtp", &answer["flows"]);
        note("blocked", &answer["blocked"]);
    }

    note("requests", &contestant.measure("requests", json!([extent.messages])).await["busy"]);

    // Others wait for it so long that a try is enough.
    if extent.is_quick() && stack != Stack::Ours {
        return contestant.browser.quit().await;
    }
    // Nobody reads what is sent there.
    let silent = UdpSocket::bind(("127.0.0.1", 0)).expect("a port is free");
    let stun = format!("stun:{}", silent.local_addr().expect("it has an address"));
    contestant.open().await;
    contestant.register(json!([{ "urls": [stun] }])).await;
    let call = contestant.measure("calls", json!([ECHO])).await;
    note("dial-invite-stun", &call["invite"]);
    contestant.browser.quit().await;
}

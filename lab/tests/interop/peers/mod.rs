//! Other people's phones as the other party: SIP.js and JsSIP, each in a Chromium of its own and straight at Asterisk.

mod site;
mod stories;

use std::ops::Deref;
use std::rc::Rc;

use serde_json::{Value, json};

use crate::ASTERISK;
use crate::support::browser::{Browser, Setup};
use crate::support::people::Person;
use crate::support::settings::setting;
use crate::support::stage::Stage;

/// Whose stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stack {
    SipJs,
    JsSip,
}

impl Stack {
    const fn script(self) -> &'static str {
        match self {
            Self::SipJs => "/sipjs.mjs",
            Self::JsSip => "/jssip.mjs",
        }
    }
}

/// Somebody with such a phone.
pub struct Peer {
    browser: Rc<Browser>,
    stack: Stack,
    pub person: Person,
}

impl Peer {
    /// Registered and ready, with that tone (Hz) at the microphone, and with its camera where calls have pictures.
    pub async fn ready(stage: &Stage, stack: Stack, tone: u32, video: bool) -> Self {
        let person = stage.person(&ASTERISK).await;
        let browser = stage.browser(Setup { tone, ..Setup::default() }).await;
        browser.open_address(&format!("{}/peer.html", site::address().await)).await;
        let peer = Self { browser, stack, person };
        let Person { login, password, .. } = &peer.person;
        let server = setting("XC_ASTERISK_WS");
        let options = json!({ "server": server, "login": login, "password": password, "video": video });
        peer.does("register", options).await;
        peer.shows_state("ready").await;
        peer
    }

    /// Has the phone do something; `given` is its argument.
    pub async fn does(&self, what: &str, given: Value) {
        let script = "const phone = await import(given.script); await phone[given.what](given.given)";
        let given = json!({ "script": self.stack.script(), "what": what, "given": given });
        self.browser.run(script, given).await;
    }

    /// Waits until the phone says that it is in that state.
    pub async fn shows_state(&self, state: &str) {
        self.browser.sees(state).await;
    }
}

impl Deref for Peer {
    type Target = Browser;

    fn deref(&self) -> &Browser {
        &self.browser
    }
}

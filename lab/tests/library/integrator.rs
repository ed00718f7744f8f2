//! A page of an integrator, and who is logged in there.

use std::rc::Rc;

use serde_json::{Value, json};

use crate::LAB;
use crate::door::Door;
use crate::support::browser::{Browser, Setup};
use crate::support::people::Person;
use crate::support::stage::Stage;

/// A page is open once its scripts have run; modules may do so behind its `load`. One whose request was lost leaves no
/// trace in the page but this.
const HAS_ITS_SCRIPTS: &str = "
    while (!window.happens && performance.now() < 20_000)
        await new Promise(requestAnimationFrame);
    if (!window.happens)
        throw new Error('watch.js has not run; loaded were: ' + JSON.stringify(performance.getEntriesByType('resource')
            .map(({ name, responseStatus, transferSize }) => [name, responseStatus, transferSize])));";

/// A page in a browser of its own.
pub struct Page {
    browser: Rc<Browser>,
    /// Who uses it.
    pub person: Person,
}

impl Stage {
    /// Someone at a page of `lab/tests/library/pages`, not logged in, with that tone (Hz) at the microphone.
    pub async fn integrator(&self, path: &str, tone: u32) -> Page {
        self.integrator_with(path, Setup { tone, ..Setup::default() }).await
    }

    /// The same in a browser of that kind.
    pub async fn integrator_with(&self, path: &str, setup: Setup) -> Page {
        let page = self.page(path, setup).await;
        page.run(HAS_ITS_SCRIPTS).await;
        page
    }

    /// Someone at the page of `examples`, not logged in, with that tone (Hz) at the microphone.
    pub async fn example(&self, tone: u32) -> Page {
        self.page("/plain.html", Setup { tone, ..Setup::default() }).await
    }

    async fn page(&self, path: &str, setup: Setup) -> Page {
        let person = self.person(&LAB).await;
        Door::new().end_calls_of(&person).await;
        let browser = self.browser(setup).await;
        browser.open(&format!("{path}?as={}", person.login)).await;
        Page { browser, person }
    }

    /// Someone at the page with our own `Cti`, ready for calls.
    pub async fn ready(&self, tone: u32) -> Page {
        self.ready_with(Setup { tone, ..Setup::default() }).await
    }

    /// The same in a browser of that kind.
    pub async fn ready_with(&self, setup: Setup) -> Page {
        let page = self.integrator_with("/own.html", setup).await;
        page.run("await ready_for_calls(given.me)").await;
        page
    }
}

impl Page {
    /// At the page that the browser shows.
    pub fn of(browser: Rc<Browser>, person: Person) -> Self {
        Self { browser, person }
    }

    /// Runs the body of an async function in the page. `given.me` is the login, `given.other` what the story gives.
    pub async fn run_with(&self, script: &str, other: Value) -> Value {
        let given = json!({ "me": self.person.login, "number": self.person.number, "other": other });
        self.browser.run(script, given).await.json().clone()
    }

    /// The same without anything given.
    pub async fn run(&self, script: &str) -> Value {
        self.run_with(script, Value::Null).await
    }

    /// The browser.
    pub fn browser(&self) -> &Browser {
        &self.browser
    }
}

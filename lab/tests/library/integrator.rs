//! A page of an integrator, and who is logged in there.

use std::rc::Rc;

use serde_json::{Value, json};

use crate::LAB;
use crate::support::browser::{Browser, Setup};
use crate::support::people::Person;
use crate::support::stage::Stage;

/// A page in a browser of its own.
pub struct Page {
    browser: Rc<Browser>,
    /// Who uses it.
    pub person: Person,
}

impl Stage {
    /// Someone at a page of `lab/tests/library/pages`, not logged in, with that tone (Hz) at the microphone.
    pub async fn integrator(&self, path: &str, tone: u32) -> Page {
        let person = self.person(&LAB).await;
        let browser = self.browser(Setup { tone, ..Setup::default() }).await;
        browser.open(&format!("{path}?as={}", person.login)).await;
        Page { browser, person }
    }

    /// Someone at the page with our own `Cti`, ready for calls.
    pub async fn ready(&self, tone: u32) -> Page {
        let page = self.integrator("/own.html", tone).await;
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

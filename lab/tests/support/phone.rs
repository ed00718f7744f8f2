//! A person at the phone.

use std::ops::Deref;
use std::rc::Rc;

use super::browser::{Browser, Setup};
use super::people::{People, Person};
use super::stage::Stage;

/// The region with the cards of calls.
pub const CALLS: &str = "Calls";

/// What the page shows when calls can come.
pub const READY: &str = "Ready for calls";

/// A browser with someone logged in.
pub struct Phone {
    browser: Rc<Browser>,
    /// Who.
    pub person: Person,
}

impl Stage {
    /// Someone of these people at the phone, ready for calls, with that tone (Hz) at the microphone.
    pub async fn phone(&self, people: &'static People, tone: u32) -> Phone {
        self.phone_with(people, Setup { tone, ..Setup::default() }).await
    }

    /// Like [`Stage::phone`], with a browser of that kind.
    pub async fn phone_with(&self, people: &'static People, setup: Setup) -> Phone {
        let phone = self.phone_at_login(people, setup).await;
        phone.logs_in().await;
        phone.sees(READY).await;
        phone
    }

    /// Someone of these people before the log-in form.
    pub async fn phone_at_login(&self, people: &'static People, setup: Setup) -> Phone {
        let person = self.person(people).await;
        let browser = self.browser(setup).await;
        browser.open("/").await;
        Phone { browser, person }
    }
}

/// How long nothing may be heard of who loads the page again, in milliseconds.
const LONGEST_GAP: u64 = 3000;

impl Phone {
    /// Fills the log-in form in and sends it.
    pub async fn log_in(&self, password: &str) {
        self.fill("Login", &self.person.login).await;
        self.fill("Password", password).await;
        self.press("Log in").await;
    }

    /// Logs in with the right password.
    pub async fn logs_in(&self) {
        self.log_in(&self.person.password).await;
    }

    /// Logs out by the menu.
    pub async fn logs_out(&self) {
        self.press("Settings").await;
        self.press("Log out").await;
    }

    /// Types a number and presses Call.
    pub async fn calls(&self, number: &str) {
        self.fill("Number", number).await;
        self.press("Call").await;
    }

    /// Calls and waits until it is answered.
    pub async fn talks_to(&self, number: &str) {
        self.calls(number).await;
        self.is_in_call().await;
    }

    /// Waits until the call is answered.
    pub async fn is_in_call(&self) {
        self.sees_in(CALLS, "In call").await;
    }

    /// Loads the page again while the other one hears its tone (Hz): the call is back, and no one was long without a
    /// word.
    pub async fn reloads_while_heard(&self, other: &Phone, tone: u32) {
        other.notes_gaps(tone).await;
        self.reload().await;
        self.is_in_call().await;
        self.sees_in(CALLS, &other.person.name).await;
        let gap = other.longest_gap(tone).await;
        println!("{} was away for {gap} ms", self.person.name);
        assert!(gap < LONGEST_GAP, "{gap} ms without a word");
    }

    /// Hangs up and waits for the word that it was done.
    pub async fn hangs_up(&self) {
        self.press_in(CALLS, "Hang up").await;
        self.sees_in(CALLS, "You hung up.").await;
    }
}

impl Deref for Phone {
    type Target = Browser;

    fn deref(&self) -> &Browser {
        &self.browser
    }
}

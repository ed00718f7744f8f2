//! A browser of its own for everyone in a story.

mod chromium;
mod firefox;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use std::{env, fs, process};

use serde_json::{Value, json};
use thirtyfour::error::WebDriverResult;
use thirtyfour::session::scriptret::ScriptRet;
use thirtyfour::{WebDriver, WebElement, WindowHandle};

use self::firefox::Geckodriver;
use super::settings;

/// Whose browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Chromium, and with it Chrome and Edge.
    Chromium,
    /// Firefox.
    Firefox,
}

/// Where its media goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Network {
    /// The loopback interface alone, which browsers have to be told to use; so has the lab of most stories.
    Loopback,
    /// Wherever browsers send it that nobody told anything.
    Desktop,
}

/// Which of the pages that xtask serves, each with a lab of its own behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Site {
    /// The one of most stories.
    Main,
    /// A lab as people start it.
    Desktop,
    /// A lab that learns nothing of the calls of the Asterisk behind it: it has no way to its manager interface.
    WithoutManager,
    /// A lab whose Asterisk is behind a Kamailio.
    BehindKamailio,
    /// None, until the story starts one.
    WithoutLab,
}

/// What kind of browser.
#[derive(Clone, Debug)]
pub struct Setup {
    /// Whose.
    pub kind: Kind,
    /// Where its media goes.
    pub network: Network,
    /// Which page it opens.
    pub site: Site,
    /// The tone (Hz) that its microphone hears.
    pub tone: u32,
    /// The language its user prefers.
    pub language: &'static str,
    /// What its user says to the question whether the page may use the microphone.
    pub microphone_allowed: bool,
    /// Whether there is a camera.
    pub camera: bool,
    /// Width and height of the page in CSS pixels.
    pub size: (u32, u32),
    /// Whether it slows the timers of a page down, to one a minute, that nobody has seen for ten seconds; else it does so
    /// after five minutes.
    pub throttles: bool,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            kind: Kind::Chromium,
            network: Network::Loopback,
            site: Site::Main,
            tone: 700,
            language: "en-GB",
            microphone_allowed: true,
            camera: true,
            size: (1280, 800),
            throttles: false,
        }
    }
}

/// A running browser.
pub struct Browser {
    driver: WebDriver,
    kind: Kind,
    page: String,
    downloads: PathBuf,
    _geckodriver: Option<Geckodriver>,
}

impl Browser {
    /// Starts one.
    pub async fn start(setup: Setup) -> Self {
        let downloads = downloads();
        let started = match setup.kind {
            Kind::Chromium => chromium::start(&setup, &downloads).await.map(|driver| (driver, None)),
            Kind::Firefox => {
                firefox::start(&setup, &downloads).await.map(|(driver, process)| (driver, Some(process)))
            }
        };
        let (driver, geckodriver) =
            started.unwrap_or_else(|cause| panic!("{:?} does not start: {cause}", setup.kind));
        // Scripts end by themselves with a better sentence; this is for those that cannot.
        driver.set_script_timeout(Duration::from_secs(90)).await.expect("every driver knows time-outs");
        let page = settings::page(setup.site);
        Self { driver, kind: setup.kind, page, downloads, _geckodriver: geckodriver }
    }

    /// The WebDriver session.
    pub fn driver(&self) -> &WebDriver {
        &self.driver
    }

    /// Goes to a path of the page.
    pub async fn open(&self, path: &str) {
        self.open_address(&format!("{}{path}", self.page)).await;
    }

    /// Goes to another page.
    pub async fn open_address(&self, address: &str) {
        let opened = self.driver.goto(address).await;
        opened.unwrap_or_else(|cause| panic!("{address} does not open: {cause}"));
    }

    /// Loads the page again, as by F5.
    pub async fn reload(&self) {
        self.driver.refresh().await.unwrap_or_else(|cause| panic!("the page does not reload: {cause}"));
    }

    /// Closes the page for good, as by the cross on its tab; the browser goes on with an empty one.
    pub async fn closes_its_page(&self) {
        let closed = async {
            let page = self.driver.window().await?;
            let other = self.driver.new_tab().await?;
            self.driver.switch_to_window(page).await?;
            self.driver.close_window().await?;
            self.driver.switch_to_window(other).await
        };
        closed.await.unwrap_or_else(|cause| panic!("the page does not close: {cause}"));
    }

    /// Puts the page in the background, behind another tab; tells which tab it is.
    pub async fn hides_its_page(&self) -> WindowHandle {
        let hidden = async {
            let page = self.driver.window().await?;
            let other = self.driver.new_tab().await?;
            self.driver.switch_to_window(other).await?;
            WebDriverResult::Ok(page)
        };
        hidden.await.unwrap_or_else(|cause| panic!("the page does not go into the background: {cause}"))
    }

    /// Puts the window away.
    pub async fn minimises_its_window(&self) {
        self.driver.minimize_window().await.unwrap_or_else(|cause| panic!("the window stays: {cause}"));
    }

    /// Turns to that tab.
    pub async fn turns_to(&self, page: WindowHandle) {
        self.driver.switch_to_window(page).await.unwrap_or_else(|cause| panic!("the tab is gone: {cause}"));
    }

    /// Opens another tab at a path of the page, beside this one; tells which the former is.
    pub async fn opens_beside(&self, path: &str) -> WindowHandle {
        let former = self.hides_its_page().await;
        self.open(path).await;
        former
    }

    /// Freezes the page as browsers do in the background, or lets it go on (Chromium).
    pub async fn freezes(&self, frozen: bool) {
        let state = json!({ "state": if frozen { "frozen" } else { "active" } });
        let done = self.driver.cdp().send_raw("Page.setWebLifecycleState", state).await;
        done.unwrap_or_else(|cause| panic!("the page does not freeze or thaw: {cause}"));
    }

    /// Runs the body of an async function, whose argument is called `given`. What it throws is the story's failure.
    pub async fn run(&self, script: &str, given: Value) -> ScriptRet {
        // What the script gives to `end` is its answer. A thrown error goes that way too, as the driver's own way of
        // telling it buries the text.
        let whole = format!(
            "const [given, end] = arguments;
             const story = async () => {{ {script} }};
             story().then(answer => end([true, answer ?? null]), error => end([false, String(error.message ?? error)]));"
        );
        let answer = self.driver.execute_async(whole, vec![given]).await;
        let answer = answer.unwrap_or_else(|cause| panic!("the page does not answer a script: {cause}"));
        match answer.json().as_array().map(Vec::as_slice) {
            Some([Value::Bool(true), value]) => ScriptRet::new(self.driver.handle().clone(), value.clone()),
            Some([Value::Bool(false), Value::String(words)]) => panic!("{words}"),
            _ => panic!("a script answered {}", answer.json()),
        }
    }

    /// The words `roleOf` and `nameOf` of page scripts: what the accessibility tree says of an element.
    pub fn names(&self) -> &'static str {
        match self.kind {
            Kind::Chromium => chromium::NAMES,
            Kind::Firefox => firefox::NAMES,
        }
    }

    /// The word `readings` of page scripts: which frequencies come out of the loudspeaker.
    pub fn ears(&self) -> &'static str {
        match self.kind {
            Kind::Chromium => chromium::EARS,
            Kind::Firefox => firefox::EARS,
        }
    }

    /// Makes sure that an element which a script found by them is called so.
    pub async fn confirm(&self, element: &WebElement, role: &str, name: &str) {
        match self.kind {
            // Its scripts read the very tree.
            Kind::Chromium => {}
            Kind::Firefox => firefox::confirm(element, role, name).await,
        }
    }

    /// Saves what is on the screen, for whoever reads about the failure.
    pub async fn leave_picture(&self, path: &Path) {
        match self.driver.screenshot(path).await {
            Ok(()) => eprintln!("what the browser showed: {}", path.display()),
            Err(cause) => eprintln!("the browser gave no picture: {cause}"),
        }
    }

    /// Ends it.
    pub async fn quit(&self) {
        if let Err(cause) = self.driver.clone().quit().await {
            eprintln!("{:?} did not end: {cause}", self.kind);
        }
        // There is none unless something was saved.
        let _ = fs::remove_dir_all(&self.downloads);
    }
}

/// A folder for what a browser saves, which makes it when it does.
fn downloads() -> PathBuf {
    static LAST: AtomicU32 = AtomicU32::new(0);
    let number = LAST.fetch_add(1, Ordering::Relaxed);
    env::temp_dir().join(format!("xc-webrtc-downloads-{}-{number}", process::id()))
}

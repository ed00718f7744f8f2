//! A Chromium of its own for everyone in a story.

use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};
use thirtyfour::session::scriptret::ScriptRet;
use thirtyfour::{CapabilitiesHelper, ChromeCapabilities, ChromiumLikeCapabilities, WebDriver};

use super::{settings, tone};

/// Flags for real calls on one machine without a person at the screen.
const FLAGS: [&str; 11] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--use-fake-device-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-features=WebRtcHideLocalIpsWithMdns",
    "--allow-loopback-in-peer-connection",
];

/// Gives pages `element.computedRole` and `element.computedName`: what the accessibility tree says.
const NAMES: &str = "--enable-blink-features=ComputedAccessibilityInfo";

/// What kind of browser.
#[derive(Clone, Debug)]
pub struct Setup {
    /// The tone (Hz) that its microphone hears.
    pub tone: u32,
    /// The language its user prefers.
    pub language: &'static str,
    /// What its user says to the question whether the page may use the microphone.
    pub microphone_allowed: bool,
    /// Width and height of the page in CSS pixels.
    pub size: (u32, u32),
}

impl Default for Setup {
    fn default() -> Self {
        Self { tone: 700, language: "en-GB", microphone_allowed: true, size: (1280, 800) }
    }
}

/// A running browser.
pub struct Browser {
    driver: WebDriver,
}

impl Browser {
    /// Starts one.
    pub async fn start(setup: Setup) -> Self {
        let chromedriver = settings::setting("XC_CHROMEDRIVER");
        let driver = WebDriver::new(chromedriver, capabilities(&setup)).await;
        let driver = driver.unwrap_or_else(|cause| panic!("Chromium does not start: {cause}"));
        // Scripts end by themselves with a better sentence; this is for those that cannot.
        driver.set_script_timeout(Duration::from_secs(90)).await.expect("every driver knows time-outs");
        Self { driver }
    }

    /// The WebDriver session.
    pub fn driver(&self) -> &WebDriver {
        &self.driver
    }

    /// Goes to a path of the page.
    pub async fn open(&self, path: &str) {
        let address = format!("{}{path}", settings::page());
        let opened = self.driver.goto(address.as_str()).await;
        opened.unwrap_or_else(|cause| panic!("{address} does not open: {cause}"));
    }

    /// Loads the page again, as by F5.
    pub async fn reload(&self) {
        self.driver.refresh().await.unwrap_or_else(|cause| panic!("the page does not reload: {cause}"));
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
            eprintln!("Chromium did not end: {cause}");
        }
    }
}

fn capabilities(setup: &Setup) -> ChromeCapabilities {
    let mut capabilities = ChromeCapabilities::new();
    let microphone = format!("--use-file-for-fake-audio-capture={}", tone::file(setup.tone).display());
    let language = format!("--accept-lang={}", setup.language);
    let permission = match setup.microphone_allowed {
        true => "--use-fake-ui-for-media-stream",
        false => "--deny-permission-prompts",
    };
    for flag in FLAGS.into_iter().chain([NAMES, permission, &language, &microphone]) {
        capabilities.add_arg(flag).expect("a flag is a string");
    }
    let (width, height) = setup.size;
    // A window cannot be as narrow as a telephone's screen, an emulated screen can.
    let metrics =
        json!({ "width": width, "height": height, "pixelRatio": 1, "touch": false, "mobile": false });
    let screen = json!({ "deviceMetrics": metrics });
    capabilities.add_experimental_option("mobileEmulation", screen).expect("the screen is an object");
    capabilities.accept_insecure_certs(true).expect("a truth value");
    capabilities
}

//! Chromium, driven by the chromedriver that xtask started for all stories.

use std::path::Path;

use serde_json::json;
use thirtyfour::error::WebDriverResult;
use thirtyfour::{CapabilitiesHelper, ChromeCapabilities, ChromiumLikeCapabilities, WebDriver};

use super::{Network, Setup};
use crate::support::{settings, tone};

/// Without a person at the screen.
const UNATTENDED: [&str; 8] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--autoplay-policy=no-user-gesture-required",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
];

/// Media on the loopback interface.
const LOOPBACK: [&str; 2] =
    ["--disable-features=WebRtcHideLocalIpsWithMdns", "--allow-loopback-in-peer-connection"];

/// Gives pages `element.computedRole` and `element.computedName`: what the accessibility tree says.
const ACCESSIBILITY_TREE: &str = "--enable-blink-features=ComputedAccessibilityInfo";

/// The words `roleOf` and `nameOf` of page scripts.
pub const NAMES: &str =
    "const roleOf = element => element.computedRole; const nameOf = element => element.computedName;";

/// The word `readings` of page scripts.
pub const EARS: &str = include_str!("chromium_ears.js");

/// What chromedriver adds by itself, so that no page in the background is slowed down.
const UNTHROTTLED: &str = "disable-background-timer-throttling";

/// Slows the timers of hidden pages down soon: what comes after five minutes else.
const THROTTLED: &str = "--enable-features=IntensiveWakeUpThrottling:grace_period_seconds/10";

/// Starts one that saves its downloads there.
pub async fn start(setup: &Setup, downloads: &Path) -> WebDriverResult<WebDriver> {
    WebDriver::new(settings::setting("XC_CHROMEDRIVER"), capabilities(setup, downloads)).await
}

fn capabilities(setup: &Setup, downloads: &Path) -> ChromeCapabilities {
    let mut capabilities = ChromeCapabilities::new();
    let microphone = format!("--use-file-for-fake-audio-capture={}", tone::file(setup.tone).display());
    let language = format!("--accept-lang={}", setup.language);
    let permission = match setup.microphone_allowed {
        true => "--use-fake-ui-for-media-stream",
        false => "--deny-permission-prompts",
    };
    let devices = match setup.camera {
        true => "--use-fake-device-for-media-stream",
        false => "--use-fake-device-for-media-stream=device-count=0",
    };
    let network = match setup.network {
        Network::Loopback => &LOOPBACK[..],
        Network::Desktop => &[],
    };
    let throttled = setup.throttles.then_some(THROTTLED);
    let flags = UNATTENDED.iter().chain(network).copied().chain(throttled);
    for flag in flags.chain([ACCESSIBILITY_TREE, permission, devices, &language, &microphone]) {
        capabilities.add_arg(flag).expect("a flag is a string");
    }
    if setup.throttles {
        capabilities.add_exclude_switch(UNTHROTTLED).expect("a flag is a string");
    }
    let (width, height) = setup.size;
    // A window cannot be as narrow as a telephone's screen, an emulated screen can.
    let metrics =
        json!({ "width": width, "height": height, "pixelRatio": 1, "touch": false, "mobile": false });
    let screen = json!({ "deviceMetrics": metrics });
    capabilities.add_experimental_option("mobileEmulation", screen).expect("the screen is an object");
    let preferences = json!({ "download.default_directory": downloads });
    capabilities.add_experimental_option("prefs", preferences).expect("preferences are an object");
    capabilities.accept_insecure_certs(true).expect("a truth value");
    capabilities
}

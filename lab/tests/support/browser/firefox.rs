//! Firefox, each with a geckodriver of its own: one of these drives one browser.

use std::fs::File;
use std::path::Path;
use std::process::Stdio;

use reqwest::Method;
use thirtyfour::common::capabilities::firefox::FirefoxPreferences;
use thirtyfour::common::command::FormatRequestData;
use thirtyfour::error::WebDriverResult;
use thirtyfour::{
    CapabilitiesHelper, ElementId, FirefoxCapabilities, RequestData, SessionId, WebDriver, WebElement,
};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use super::{Network, Setup};
use crate::support::settings;

/// The words `roleOf` and `nameOf` of page scripts.
pub const NAMES: &str = include_str!("firefox_names.js");

/// The word `readings` of page scripts.
pub const EARS: &str = include_str!("firefox_ears.js");

/// A running geckodriver, killed when dropped.
pub struct Geckodriver {
    _process: Child,
}

/// Starts one that saves its downloads there.
pub async fn start(setup: &Setup, downloads: &Path) -> WebDriverResult<(WebDriver, Geckodriver)> {
    let (address, geckodriver) = geckodriver().await;
    let driver = WebDriver::new(address, capabilities(setup, downloads)).await?;
    Ok((driver, geckodriver))
}

/// Asks the driver, which has them from the accessibility tree, for the role and the name of an element.
pub async fn confirm(element: &WebElement, role: &str, name: &str) {
    let computed = async |what| {
        let asked = Computed { element: element.element_id(), what };
        element.handle().cmd(asked).await.ok()?.value::<String>().ok()
    };
    // The page may have taken the element away meanwhile; who wants to touch it learns that.
    let Some(real_name) = computed("computedlabel").await else { return };
    assert_eq!(real_name, name, "the name that Firefox tells");
    let Some(real_role) = computed("computedrole").await else { return };
    // HTML-AAM has no role for a password field, nor for what unfolds: there each browser has its own or none.
    let has_none = role.is_empty() || real_role.is_empty();
    assert!(has_none || real_role == role, "{name:?} is a {real_role} to Firefox");
}

/// "Get Computed Role" and "Get Computed Label" of WebDriver.
#[derive(Debug)]
struct Computed {
    element: ElementId,
    what: &'static str,
}

impl FormatRequestData for Computed {
    fn format_request(&self, session: &SessionId) -> RequestData {
        let Self { element, what } = self;
        RequestData::new(Method::GET, format!("/session/{session}/element/{element}/{what}"))
    }
}

/// A geckodriver and its address.
async fn geckodriver() -> (String, Geckodriver) {
    let mut command = Command::new("geckodriver");
    // Firefox talks there of everything, errors in pages among it.
    let log = settings::folder().join("firefox.log");
    let log = File::options().append(true).create(true).open(&log);
    let log = log.unwrap_or_else(|cause| panic!("the log of Firefox cannot be written: {cause}"));
    command.args(["--port", "0"]).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log).kill_on_drop(true);
    let mut process = command.spawn().unwrap_or_else(|cause| panic!("geckodriver does not start: {cause}"));
    let mut lines = BufReader::new(process.stdout.take().expect("it is piped")).lines();
    let address = loop {
        let line = lines.next_line().await.expect("what geckodriver prints is text");
        let line = line.expect("geckodriver says where it listens");
        if let Some((_, address)) = line.split_once("Listening on ") {
            break format!("http://{address}");
        }
    };
    // It goes on printing, and would stop at a full pipe.
    tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
    (address, Geckodriver { _process: process })
}

fn capabilities(setup: &Setup, downloads: &Path) -> FirefoxCapabilities {
    let mut capabilities = FirefoxCapabilities::new();
    let (width, height) = setup.size;
    for argument in ["-headless", "-width", &width.to_string(), "-height", &height.to_string()] {
        capabilities.add_arg(argument).expect("an argument is a string");
    }
    capabilities.set_firefox_binary(&settings::setting("XC_FIREFOX")).expect("a path is a string");
    capabilities.set_preferences(preferences(setup, downloads)).expect("preferences are an object");
    capabilities.accept_insecure_certs(true).expect("a truth value");
    capabilities
}

fn preferences(setup: &Setup, downloads: &Path) -> FirefoxPreferences {
    let mut preferences = FirefoxPreferences::new();
    let mut set = |name, value: serde_json::Value| {
        preferences.set(name, value).expect("a preference is a value");
    };
    set("media.navigator.streams.fake", true.into());
    set("media.navigator.audio.fake_frequency", setup.tone.into());
    // What a person chooses for all pages: 1 is "allow", 2 is "block".
    set("permissions.default.microphone", if setup.microphone_allowed { 1 } else { 2 }.into());
    set("permissions.default.camera", 1.into());
    set("intl.accept_languages", setup.language.into());
    // 2 is "the folder named here".
    set("browser.download.folderList", 2.into());
    set("browser.download.dir", downloads.to_string_lossy().into());
    match setup.network {
        // Else it neither offers nor takes 127.0.0.1.
        Network::Loopback => set("media.peerconnection.ice.loopback", true.into()),
        Network::Desktop => {}
    }
    preferences
}

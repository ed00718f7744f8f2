//! Calls that take no other way than over a TURN server: a real coturn.

use serde_json::json;

use crate::ASTERISK;
use crate::support::browser::{Setup, Site};
use crate::support::phone::READY;
use crate::support::sample::{SETTINGS, WEBRTC, WEBRTC_EVENTS};
use crate::support::settings::setting;
use crate::support::stage::story;

/// Behind the address of the page: it uses nothing but relays then.
const RELAY: &str = "?relay";

#[tokio::test]
async fn the_server_names_the_relay_that_a_call_goes_by() {
    story(async |stage| {
        let setup = Setup { site: Site::WithoutManager, ..Setup::default() };
        let phone = stage.phone_at_login(&ASTERISK, setup).await;
        phone.open(&format!("/{RELAY}")).await;
        phone.logs_in().await;
        phone.sees(READY).await;
        phone.talks_to("600").await;
        phone.hears(700).await;
        phone.hangs_up().await;
    })
    .await;
}

#[tokio::test]
async fn the_page_names_the_relay_that_a_call_goes_by() {
    story(async |stage| {
        let phone = stage.at_sample_page_with(&ASTERISK, RELAY).await;
        let server = json!([{ "urls": setting("XC_TURN_URL"), "username": "bob", "credential": "second" }]);
        phone.fill_in(SETTINGS, "ICE servers (JSON list)", &server.to_string()).await;
        phone.press_in(SETTINGS, "Set").await;
        phone.reaches("600").await;
        phone.hears(700).await;
        phone.press_in(WEBRTC, "Hang up").await;
        phone.sees_in(WEBRTC_EVENTS, "Terminated").await;
    })
    .await;
}

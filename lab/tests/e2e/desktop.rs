//! Browsers with no settings for calls on one machine, and a lab as people start it.

use crate::DESKTOP_LAB;
use crate::support::browser::{Kind, Network, Setup, Site};
use crate::support::stage::story;

#[tokio::test]
async fn chromium_as_it_comes_hears_itself() {
    hears_itself(Kind::Chromium).await;
}

#[tokio::test]
async fn firefox_as_it_comes_hears_itself() {
    hears_itself(Kind::Firefox).await;
}

async fn hears_itself(kind: Kind) {
    story(async |stage| {
        let setup = Setup { kind, network: Network::Desktop, site: Site::Desktop, ..Setup::default() };
        let phone = stage.phone_with(&DESKTOP_LAB, setup).await;
        phone.talks_to("*55").await;
        phone.hears(700).await;
        phone.hangs_up().await;
    })
    .await;
}

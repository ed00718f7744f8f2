//! The library on a real Asterisk; the lab does what XUC does.

use std::sync::LazyLock;

use serde_json::json;

use crate::integrator::Page;
use crate::support::browser::Setup;
use crate::support::people::People;
use crate::support::settings::setting;
use crate::support::stage::{Stage, story};

/// The accounts that xtask gave the Asterisk.
static ASTERISK: LazyLock<People> = LazyLock::new(|| People::everybody(|_| setting("XC_ASTERISK_PASSWORD")));

/// Someone with an account there at the page with our own `Cti`, ready for calls.
async fn ready(stage: &Stage) -> Page {
    let person = stage.person(&ASTERISK).await;
    let browser = stage.browser(Setup { tone: 700, ..Setup::default() }).await;
    let address = format!("{}/own.html", setting("XC_ASTERISK_PAGE_URL"));
    browser.driver().goto(&address).await.unwrap_or_else(|cause| panic!("{address} does not open: {cause}"));
    let password = person.password.clone();
    let page = Page::of(browser, person);
    page.run_with(
        "await Cti.login('', given.me, given.other);
         xc_webrtc.init(given.me);
         await happens('registration Registered');",
        json!(password),
    )
    .await;
    page
}

#[tokio::test]
async fn a_call_is_made_heard_held_resumed_and_ended() {
    story(async |stage| {
        let page = ready(stage).await;
        page.run("xc_webrtc.dial('600'); await happens('outgoing Connected');").await;
        page.browser().hears(700).await;
        let told = page
            .run(
                "const hold = xc_webrtc.hold();
                 await happens('outgoing Hold');
                 const resume = xc_webrtc.hold();
                 await happens('outgoing Resume');
                 const digit = xc_webrtc.dtmf(1);
                 xc_webrtc.hangup();
                 await happens('outgoing Terminated');
                 return [hold, resume, digit, xc_webrtc.calls().length, errors];",
            )
            .await;
        assert_eq!(told, json!([true, true, true, 0, []]));
    })
    .await;
}

#[tokio::test]
async fn a_busy_number_and_one_that_does_not_exist_are_told() {
    story(async |stage| {
        let page = ready(stage).await;
        let told = page
            .run(
                "const reasons = [];
                 for (const number of ['603', '9999']) {
                   const from = seen.length;
                   xc_webrtc.dial(number);
                   reasons.push(seen[await happens('outgoing Terminated', from)].event.data.reason);
                 }
                 return reasons;",
            )
            .await;
        assert!(
            told.as_array().unwrap().iter().all(|reason| reason.as_str().is_some_and(|it| !it.is_empty())),
            "{told}"
        );
        assert_ne!(told[0], told[1]);
    })
    .await;
}

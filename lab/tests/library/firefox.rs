//! The library in Firefox.

use serde_json::json;

use crate::door::Door;
use crate::support::browser::{Kind, Setup};
use crate::support::stage::story;

fn firefox() -> Setup {
    Setup { kind: Kind::Firefox, tone: 700, ..Setup::default() }
}

#[tokio::test]
async fn it_logs_in_calls_holds_sends_a_tone_and_hangs_up() {
    story(async |stage| {
        let page = stage.ready_with(firefox()).await;
        page.run("xc_webrtc.dial('*55'); await happens('outgoing Connected');").await;
        page.browser().hears(700).await;
        let told = page
            .run(
                "const held = await held_and_resumed('outgoing');
                 const digit = xc_webrtc.dtmf(5);
                 const stats = (await xc_webrtc.getStats()).size > 0;
                 xc_webrtc.hangup();
                 await happens('outgoing Terminated');
                 return [...held, digit, stats, xc_webrtc.calls(), errors];",
            )
            .await;
        assert_eq!(told, json!([true, true, true, true, [], []]));
    })
    .await;
}

#[tokio::test]
async fn it_is_called_with_a_cti_of_the_page_s_own() {
    story(async |stage| {
        let page = stage.integrator_with("/theirs.html", firefox()).await;
        page.run("await theirs_ready_for_calls(given.me);").await;
        Door::new().call(&page.person, "0145", "Outside").await;
        page.run("await happens('incoming Setup'); xc_webrtc.answer(); await happens('incoming Connected');")
            .await;
        page.browser().hears(1000).await;
        let told = page.run("Cti.hangup(); await happens('incoming Terminated'); return errors;").await;
        assert_eq!(told, json!([]));
    })
    .await;
}

#[tokio::test]
async fn as_a_module_it_stops_and_starts_again() {
    story(async |stage| {
        let page = stage.integrator_with("/module.html", firefox()).await;
        let told = page
            .run(
                "while (!window.happens) await new Promise(requestAnimationFrame);
                 await ready_for_calls(given.me);
                 xc_webrtc.stop();
                 const from = seen.length;
                 xc_webrtc.init(given.me);
                 await happens('registration Registered', from);
                 return [xc_webrtc.getSipStackStatus(), errors];",
            )
            .await;
        assert_eq!(told, json!(["Started", []]));
    })
    .await;
}

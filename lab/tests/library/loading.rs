//! The script before its program is there, loaded twice, as a module, and where the program is missing.

use serde_json::json;

use crate::support::stage::story;

#[tokio::test]
async fn calls_made_before_the_program_is_there_are_not_lost() {
    story(async |stage| {
        let page = stage.integrator("/early.html", 700).await;
        let told = page.run("await happens('registration Registered'); return early").await;
        let expected = json!({
            "status": "NotInitialized", "answer": false, "hold": false, "dtmf": false, "calls": [], "dial": true,
            "init": true, "media": null, "exists": false, "step": 20, "underscores": "a-b",
        });
        assert_eq!(told, expected);
        let seen = page.run("return seen.map(({ topic, event }) => `${topic} ${event.type}`)").await;
        // Dialled before there was a line.
        assert_eq!(seen, json!(["outgoing Failed", "general Started", "registration Registered"]));
    })
    .await;
}

#[tokio::test]
async fn loaded_twice_it_stays_what_it_is() {
    story(async |stage| {
        let page = stage.integrator("/twice.html", 700).await;
        page.run("await ready_for_calls(given.me)").await;
        let seen = page.run("return [seen.length, errors]").await;
        assert_eq!(seen, json!([2, []]));
    })
    .await;
}

#[tokio::test]
async fn as_a_module_it_is_the_same() {
    story(async |stage| {
        let page = stage.integrator("/module.html", 700).await;
        let told = page
            .run(
                "await ready;
                 await ready_for_calls(given.me);
                 xc_webrtc.dial('*55');
                 await happens('outgoing Connected');
                 return [named === xc_webrtc, errors];",
            )
            .await;
        assert_eq!(told, json!([true, []]));
    })
    .await;
}

#[tokio::test]
async fn a_program_that_cannot_be_loaded_is_told() {
    story(async |stage| {
        let page = stage.integrator("/alone.html", 700).await;
        let told = page
            .run(
                "const at = await happens('general Failed');
                 const promise = await xc_webrtc.ready.then(() => 'ready', () => 'rejected');
                 return [seen[at].event.data.reason.startsWith('The library could not be loaded'), promise,
                   xc_webrtc.getSipStackStatus()];",
            )
            .await;
        assert_eq!(told, json!([true, "rejected", "NotInitialized"]));
    })
    .await;
}

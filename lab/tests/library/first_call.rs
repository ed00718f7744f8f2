//! From the script tag to a call.

use serde_json::json;

use crate::support::stage::story;

#[tokio::test]
async fn a_page_with_one_script_calls_and_hears() {
    story(async |stage| {
        let page = stage.ready(700).await;
        let id = page
            .run(
                "const id = xc_webrtc.dial('*55');
                 await happens('outgoing Connected');
                 return id;",
            )
            .await;
        assert!(id.as_str().is_some_and(|id| !id.is_empty()), "{id}");
        page.browser().hears(700).await;
        let seen = page
            .run(
                "xc_webrtc.hangup();
                 await happens('outgoing Terminated');
                 return { seen, errors };",
            )
            .await;
        assert_eq!(seen["errors"], json!([]), "the CSP of the sample configuration holds");
        let lines: Vec<String> = seen["seen"]
            .as_array()
            .unwrap()
            .iter()
            .map(|seen| {
                format!("{} {}", seen["topic"].as_str().unwrap(), seen["event"]["type"].as_str().unwrap())
            })
            .collect();
        let expected = ["general Started", "registration Registered", "outgoing Establishing"];
        assert_eq!(lines[..3], expected);
        assert!(lines.contains(&"incoming RemoteMediaAdded".into()), "{lines:?}");
    })
    .await;
}

#[tokio::test]
async fn a_page_with_its_own_cti_calls() {
    story(async |stage| {
        let page = stage.integrator("/theirs.html", 700).await;
        page.run(
            "const token = await their_log_in(given.me);
             xc_webrtc.init('Someone', true, location.port, token, 'audio_remote', location.hostname);
             await happens('registration Registered');
             xc_webrtc.dial('*55');
             await happens('outgoing Connected');",
        )
        .await;
        page.browser().hears(700).await;
        let asked = page.run("return Cti.sent.map(message => message.command)").await;
        assert_eq!(asked, json!(["getConfig", "getIceConfig"]));
    })
    .await;
}

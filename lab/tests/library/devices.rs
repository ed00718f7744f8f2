//! Microphone, camera, loudspeaker and ICE servers that a page chooses.

use serde_json::json;

use crate::support::browser::Setup;
use crate::support::stage::story;

#[tokio::test]
async fn ice_servers_and_devices_are_those_that_the_page_chose() {
    story(async |stage| {
        let page = stage.integrator("/own.html", 700).await;
        let told = page
            .run(
                "xc_webrtc.setIceUrls([{ url: 'stun:127.0.0.1:9' }]);
                 await xc_webrtc.ready;
                 const chosen = xc_webrtc.getIceUrls();
                 xc_webrtc.setIceUrls([{ urls: 'http://no' }]);
                 const kept = xc_webrtc.getIceUrls();
                 xc_webrtc.disableICE();
                 const none = xc_webrtc.getIceUrls();
                 await ready_for_calls(given.me);
                 // The names of devices are known once one was allowed.
                 (await navigator.mediaDevices.getUserMedia({ audio: true, video: true }))
                   .getTracks().forEach(track => track.stop());
                 const devices = await navigator.mediaDevices.enumerateDevices();
                 const last = wanted => devices.filter(({ kind }) => kind === wanted).at(-1).deviceId;
                 const [microphone, camera] = [last('audioinput'), last('videoinput')];
                 xc_webrtc.setDevices({ microphone, camera, speaker: 'default' });
                 const id = xc_webrtc.dial('*55', true);
                 await happens('outgoing Connected');
                 const senders = xc_webrtc.getCurrentRTCPeerConnection(id).getSenders();
                 const used = senders.map(({ track }) => track.getSettings().deviceId);
                 return [chosen, kept, none, microphone !== '' && camera !== '', used.includes(microphone),
                   used.includes(camera)];",
            )
            .await;
        let chosen = json!([{ "urls": ["stun:127.0.0.1:9"] }]);
        assert_eq!(told, json!([chosen, chosen, [], true, true, true]));
    })
    .await;
}

#[tokio::test]
async fn without_a_camera_and_with_devices_that_are_not_there_a_call_is_heard() {
    story(async |stage| {
        let page = stage.ready_with(Setup { tone: 700, camera: false, ..Setup::default() }).await;
        page.run(
            "xc_webrtc.setDevices({ microphone: 'left-at-home', camera: 'none', speaker: 'sold' });
             xc_webrtc.dial('*55');
             await happens('outgoing Connected');",
        )
        .await;
        page.browser().hears(700).await;
        let told = page
            .run(
                "xc_webrtc.hangup();
                 const ended = await happens('outgoing Terminated');
                 xc_webrtc.setDevices({ microphone: null, camera: null, speaker: null });
                 const id = xc_webrtc.dial('*55', true);
                 await happens('outgoing Connected', ended);
                 return [xc_webrtc.getMediaTypeBySipCallId(id), errors];",
            )
            .await;
        assert_eq!(told, json!(["audio", []]));
    })
    .await;
}

//! What the original does wrong with calls (D1 to D5, D22 to D27, D34 to D39 of the API reference), done right, as pages
//! see it. Those that no page is needed for are told in `tests/it/defects_calls.rs`.

use serde_json::json;

use crate::support::stage::story;

#[tokio::test]
async fn d1_an_automatic_answer_has_a_name_and_a_call_id() {
    story(async |stage| {
        let page = stage.ready(700).await;
        let event = page
            .run(
                "Cti.dial('*55');
                 const at = await happens('incoming AutoAnswered');
                 return { event: seen[at].event, constant: xc_webrtc.Incoming.AUTO_ANSWERED };",
            )
            .await;
        assert_eq!(event["constant"], "AutoAnswered");
        assert!(
            event["event"]["sipCallId"].is_string() && event["event"]["data"]["caller"].is_string(),
            "{event}"
        );
    })
    .await;
}

#[tokio::test]
async fn d3_every_event_of_a_call_says_which_call() {
    story(async |stage| {
        let page = stage.ready(700).await;
        let told = page
            .run(
                "const id = xc_webrtc.dial('*55');
                 await happens('outgoing Connected');
                 xc_webrtc.hangup(id);
                 await happens('outgoing Terminated');
                 return { id, ids: seen.slice(2).map(({ event }) => event.sipCallId) };",
            )
            .await;
        let ids = told["ids"].as_array().unwrap();
        assert!(ids.len() >= 3 && ids.iter().all(|id| *id == told["id"]), "{told}");
    })
    .await;
}

#[tokio::test]
async fn d4_the_page_s_own_element_is_used_and_stays() {
    story(async |stage| {
        let page = stage.ready(700).await;
        let elements = page
            .run(
                "const element = document.createElement('audio');
                 element.id = 'audio_remote';
                 document.body.append(element);
                 xc_webrtc.dial('*55');
                 await happens('outgoing Connected');
                 await happens('incoming RemoteMediaAdded');
                 const during = [document.querySelectorAll('audio').length, element.srcObject !== null];
                 xc_webrtc.hangup();
                 await happens('outgoing Terminated');
                 return [during, element.isConnected, element.srcObject === null];",
            )
            .await;
        assert_eq!(elements, json!([[1, true], true, true]));
    })
    .await;
}

#[tokio::test]
async fn d5_a_hold_that_could_mean_two_calls_says_so() {
    story(async |stage| {
        let page = stage.ready(700).await;
        let told = page
            .run(
                "xc_webrtc.dial('*55');
                 await happens('outgoing Connected');
                 const second = xc_webrtc.dial('*60');
                 await happens('outgoing Connected', await happens('outgoing Connected') + 1);
                 const one = xc_webrtc.hold();
                 await happens('outgoing Hold', await happens('outgoing Hold') + 1);
                 const none = xc_webrtc.hold();
                 return [one, none, seen.at(-1).topic, seen.at(-1).event.type, seen.at(-1).event.data.reason];",
            )
            .await;
        assert_eq!(told, json!([true, false, "general", "HoldFailed", "More than one call could be meant"]));
    })
    .await;
}

#[tokio::test]
async fn d22_stream_handlers_get_their_stream_and_go_with_the_call() {
    story(async |stage| {
        let page = stage.ready(700).await;
        let told = page
            .run(
                "const given = [];
                 const id = xc_webrtc.dial('*55');
                 const remove = xc_webrtc.setRemoteStreamHandler(stream => given.push(['remote', stream]), id);
                 xc_webrtc.setLocalStreamHandler(stream => given.push(['local', stream]), id);
                 await happens('outgoing Connected');
                 await happens('incoming RemoteMediaAdded');
                 const sides = new Set(given.map(([side, stream]) => `${side} ${stream instanceof MediaStream}`));
                 const late = [];
                 xc_webrtc.setRemoteStreamHandler(stream => late.push(stream), id);
                 xc_webrtc.hangup();
                 await happens('outgoing Terminated');
                 const ended = xc_webrtc.setRemoteStreamHandler(stream => late.push(stream), id);
                 return [[...sides].sort(), late.length, typeof remove(), typeof ended];",
            )
            .await;
        assert_eq!(told, json!([["local true", "remote true"], 1, "function", "function"]));
    })
    .await;
}

#[tokio::test]
async fn d25_calls_can_be_ended_refused_muted_and_listed() {
    story(async |stage| {
        let page = stage.ready(700).await;
        let told = page
            .run(
                "const id = xc_webrtc.dial('*55');
                 await happens('outgoing Connected');
                 const { direction, state, party, media, muted, connectedAt } = xc_webrtc.calls()[0];
                 const off = xc_webrtc.setMicrophone(false, id) && xc_webrtc.calls()[0].muted;
                 const stays = xc_webrtc.setMicrophone(false) && xc_webrtc.calls()[0].muted;
                 const on = xc_webrtc.toggleMicrophone(id) && !xc_webrtc.calls()[0].muted;
                 const young = Math.abs(Date.now() - connectedAt) < 30_000;
                 const stats = (await xc_webrtc.getStats(id)).size > 0;
                 const refused = [xc_webrtc.reject(), xc_webrtc.reject(id), xc_webrtc.hangup('nobody')];
                 return [direction, state, party.number, media, muted, off, stays, on, young, stats, refused,
                   xc_webrtc.hangup(id), xc_webrtc.calls().length];",
            )
            .await;
        let expected = json!([
            "outgoing",
            "connected",
            "*55",
            "audio",
            false,
            true,
            true,
            true,
            true,
            true,
            [false, false, false],
            true,
            0
        ]);
        assert_eq!(told, expected);
    })
    .await;
}

#[tokio::test]
async fn d27_a_call_with_pictures_has_pictures() {
    story(async |stage| {
        let page = stage.ready(700).await;
        let told = page
            .run(
                "const id = xc_webrtc.dial('*55', true);
                 await happens('outgoing Connected');
                 return [xc_webrtc.getMediaTypeBySipCallId(id), xc_webrtc.mediaType.AUDIOVIDEO];",
            )
            .await;
        assert_eq!(told, json!(["audio/video", "audio/video"]));
    })
    .await;
}

#[tokio::test]
async fn d34_a_dial_that_fails_says_why() {
    story(async |stage| {
        let page = stage.integrator("/own.html", 700).await;
        let told = page
            .run(
                "const early = xc_webrtc.dial('1002');
                 await happens('outgoing Failed');
                 const late = xc_webrtc.dial('');
                 return [early ?? null, late ?? null, seen.map(({ event }) => event.data.reason)];",
            )
            .await;
        assert_eq!(told, json!([null, null, ["The phone was not started", "The destination is empty"]]));
    })
    .await;
}

#[tokio::test]
async fn d37_tones_are_taken_as_texts_and_numbers_and_nothing_else() {
    story(async |stage| {
        let page = stage.ready(700).await;
        let told = page
            .run(
                "const before = xc_webrtc.dtmf('1');
                 xc_webrtc.dial('*55');
                 await happens('outgoing Connected');
                 const good = ['0', '9', '*', '#', 'A', 'd', 5].map(digit => xc_webrtc.dtmf(digit));
                 const bad = ['', '12', ',', 'x', ' ', null, undefined, 12, {}].map(digit => xc_webrtc.dtmf(digit));
                 return [before, good.every(taken => taken === true), bad.every(taken => taken === false)];",
            )
            .await;
        assert_eq!(told, json!([false, true, true]));
    })
    .await;
}

#[tokio::test]
async fn d38_of_a_call_that_is_not_there_nothing_is_there() {
    story(async |stage| {
        let page = stage.ready(700).await;
        let told = page
            .run(
                "const nothing = [xc_webrtc.getCurrentRTCPeerConnection('x'), xc_webrtc.getMediaTypeBySipCallId('x'),
                   xc_webrtc.doesSessionExists('x')];
                 const id = xc_webrtc.dial('*55');
                 await happens('outgoing Connected');
                 return [nothing, xc_webrtc.getCurrentRTCPeerConnection(id) instanceof RTCPeerConnection,
                   xc_webrtc.getMediaTypeBySipCallId(id), xc_webrtc.doesSessionExists(id)];",
            )
            .await;
        assert_eq!(told, json!([[null, null, false], true, "audio", true]));
    })
    .await;
}

#[tokio::test]
async fn d39_the_audio_context_is_one_and_runs() {
    story(async |stage| {
        let page = stage.ready(700).await;
        let told = page
            .run(
                "const context = xc_webrtc.getAudioContext();
                 if (context.state !== 'running')
                   await new Promise(running => { context.onstatechange = running; });
                 const id = xc_webrtc.dial('*55');
                 await happens('outgoing Connected');
                 await happens('incoming RemoteMediaAdded');
                 const mixed = xc_webrtc.createAndGetMixedTrack(id, xc_webrtc.calls()[0]);
                 return [context === xc_webrtc.getAudioContext(), context.state, mixed.getAudioTracks().length];",
            )
            .await;
        assert_eq!(told, json!([true, "running", 1]));
    })
    .await;
}

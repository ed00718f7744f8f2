//! What the original does wrong from the script tag to `stop` (D6 to D8, D28 to D33, D43, D44 of the API reference), done
//! right, as pages see it. Those that no page is needed for are told in `tests/it/defects_life_cycle.rs`.

use serde_json::json;

use crate::support::stage::story;

#[tokio::test]
async fn d6_stop_leaves_nothing_behind() {
    story(async |stage| {
        let page = stage.ready(700).await;
        let left = page
            .run(
                "xc_webrtc.dial('*55');
                 await happens('incoming RemoteMediaAdded');
                 await happens('outgoing Connected');
                 xc_webrtc.stop();
                 await happens('outgoing Terminated');
                 return [xc_webrtc.calls(), document.querySelectorAll('audio').length, xc_webrtc.answer(),
                   xc_webrtc.hold(), xc_webrtc.dtmf('1'), xc_webrtc.getSipStackStatus()];",
            )
            .await;
        assert_eq!(left, json!([[], 0, false, false, false, "Stopped"]));
    })
    .await;
}

#[tokio::test]
async fn d7_init_by_line_config_starts_again_after_a_stop() {
    story(async |stage| {
        let page = stage.integrator("/own.html", 700).await;
        let told = page
            .run(
                "const line = new Promise(found => Cti.setHandler(Cti.MessageType.LINECONFIG, found));
                 const { token } = await Cti.login('', given.me, given.me);
                 const start = async () => xc_webrtc.initByLineConfig(
                   await line, 'Someone', true, location.port, token, undefined, location.hostname);
                 await start();
                 await happens('registration Registered');
                 const skipped = await start();
                 xc_webrtc.stop();
                 const from = seen.length;
                 await start();
                 await happens('registration Registered', from);
                 return [skipped, xc_webrtc.getSipStackStatus(), seen.slice(from).map(({ event }) => event.type)];",
            )
            .await;
        assert_eq!(told, json!(["The phone is started already: skipped", "Started", ["Started", "Registered"]]));
    })
    .await;
}

#[tokio::test]
async fn d8_and_d33_a_line_without_a_password_rejects_the_promise_and_blocks_nothing() {
    story(async |stage| {
        let page = stage.integrator("/own.html", 700).await;
        let told = page
            .run(
                "const line = new Promise(found => Cti.setHandler('LineConfig', found));
                 const { token } = await Cti.login('', given.me, given.me);
                 const start = lineCfg => xc_webrtc.initByLineConfig(
                   lineCfg, 'Someone', true, location.port, token, undefined, location.hostname);
                 const reasons = [];
                 for (const bad of [undefined, null, { ...await line, password: undefined }])
                   await start(bad).catch(error => reasons.push(error.message));
                 const status = xc_webrtc.getSipStackStatus();
                 const events = seen.map(({ topic, event }) => `${topic} ${event.type}: ${event.data.reason}`);
                 await start(await line);
                 return { reasons, events, status, now: xc_webrtc.getSipStackStatus(), errors };",
            )
            .await;
        let reasons = [
            "The line configuration has not arrived yet",
            "The line configuration has not arrived yet",
            "The line configuration has no password",
        ];
        assert_eq!(told["reasons"], json!(reasons));
        assert_eq!(told["events"], json!(reasons.map(|reason| format!("general Failed: {reason}"))));
        assert_eq!((&told["status"], &told["now"]), (&json!("NotInitialized"), &json!("Started")));
        assert_eq!(told["errors"], json!([]));
    })
    .await;
}

#[tokio::test]
async fn d28_a_token_that_was_not_given_is_not_in_the_address() {
    story(async |stage| {
        let page = stage.integrator("/theirs.html", 700).await;
        let told = page
            .run(
                "const urls = [];
                 const Real = WebSocket;
                 window.WebSocket = class extends Real {
                   constructor(...words) { super(...words); urls.push(words[0].split('//')[1].replace(/^[^/]*/, '')); }
                 };
                 const token = await their_log_in(given.me);
                 const start = (...words) => {
                   const from = seen.length;
                   xc_webrtc.init('Someone', true, location.port, ...words);
                   return Promise.race([happens('general Started', from), happens('general Failed', from)]);
                 };
                 await start(undefined, undefined, location.hostname);
                 xc_webrtc.stop();
                 await start(token, undefined, location.hostname);
                 return urls.slice(1).map(url => url.replace(token, 'TOKEN'));",
            )
            .await;
        assert_eq!(told[0], "/wssip");
        assert_eq!(told.as_array().unwrap().last().unwrap(), "/wssip?token=TOKEN");
    })
    .await;
}

#[tokio::test]
async fn d29_handlers_are_really_cleared() {
    story(async |stage| {
        let page = stage.integrator("/own.html", 700).await;
        let told = page
            .run(
                "let count = 0;
                 const handler = () => { count += 1; };
                 xc_webrtc.setHandler('outgoing', handler);
                 xc_webrtc.setHandler('outgoing', handler);
                 await xc_webrtc.ready;
                 xc_webrtc.dial('1');
                 const twice = count;
                 xc_webrtc.clearHandlers();
                 const remove = xc_webrtc.setHandler('outgoing', handler);
                 xc_webrtc.dial('1');
                 remove();
                 remove();
                 xc_webrtc.dial('1');
                 return [twice, count, seen.length];",
            )
            .await;
        assert_eq!(told, json!([2, 3, 1]));
    })
    .await;
}

#[tokio::test]
async fn d30_and_d31_a_handler_that_throws_is_logged_and_disturbs_nobody() {
    story(async |stage| {
        let page = stage.integrator("/own.html", 700).await;
        let told = page
            .run(
                "const lines = logged('error');
                 xc_webrtc.clearHandlers();
                 let count = 0;
                 xc_webrtc.setHandler('outgoing', event => { event.type = 'spoilt'; throw new Error('mine'); });
                 xc_webrtc.setHandler('outgoing', event => { count += event.type === 'Failed'; });
                 await xc_webrtc.ready;
                 xc_webrtc.dial('1');
                 xc_webrtc.dial('2');
                 return [count, lines.filter(line => line.includes('mine')).length];",
            )
            .await;
        assert_eq!(told, json!([2, 2]));
    })
    .await;
}

#[tokio::test]
async fn d32_a_logger_that_is_none_is_told_and_not_used() {
    story(async |stage| {
        let page = stage.integrator("/own.html", 700).await;
        let told = page
            .run(
                "const lines = [];
                 console.error = (...words) => lines.push(words[0]);
                 for (const bad of [undefined, null, {}, { log: 1, info: 1, warn: 1, error: 1 }])
                   xc_webrtc.setCustomLogger(bad);
                 return lines;",
            )
            .await;
        assert_eq!(told.as_array().unwrap().len(), 4, "{told}");
    })
    .await;
}

#[tokio::test]
async fn d43_a_level_given_before_init_is_remembered() {
    story(async |stage| {
        let page = stage.integrator("/own.html", 700).await;
        let told = page
            .run(
                "const lines = logged('info');
                 xc_webrtc.setDebug('info', true, false);
                 await ready_for_calls(given.me);
                 return lines.filter(line => line.startsWith('RE<<<'));",
            )
            .await;
        assert!(told.as_array().unwrap().len() >= 2, "{told}");
    })
    .await;
}

#[tokio::test]
async fn d44_no_other_library_is_needed() {
    story(async |stage| {
        let page = stage.ready(700).await;
        let told =
            page.run("return ['$', 'jQuery', 'SIPml', 'shotgun'].filter(name => name in window)").await;
        assert_eq!(told, json!([]));
    })
    .await;
}

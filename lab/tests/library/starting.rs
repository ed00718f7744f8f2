//! From `init` to `stop`: states, failures, who one is on the wire, what a page may do in the wrong order.

use serde_json::json;

use crate::support::stage::story;

#[tokio::test]
async fn a_start_that_fails_is_told_and_the_next_one_works() {
    story(async |stage| {
        let page = stage.integrator("/theirs.html", 700).await;
        let told = page
            .run(
                "const token = await their_log_in(given.me);
                 const init = port => xc_webrtc.init('Someone', true, port, token, undefined, location.hostname);
                 init(1);
                 const { event, status } = seen[await happens('general Failed')];
                 init(location.port);
                 await happens('registration Registered');
                 return [event.data.reason, status, xc_webrtc.getSipStackStatus()];",
            )
            .await;
        // The page's own CSP allows its server only, and the browser says nothing more of that.
        let reason = "the Content-Security-Policy of the page does not allow this address";
        assert_eq!(told, json!([reason, "NotInitialized", "Started"]));
    })
    .await;
}

#[tokio::test]
async fn a_wrong_sip_password_is_told_and_calls_are_refused() {
    story(async |stage| {
        let page = stage.integrator("/theirs.html", 700).await;
        let told = page
            .run(
                "const line = new Promise(found => Cti.setHandler('LineConfig', found));
                 const token = await their_log_in(given.me);
                 Cti.getConfig('line');
                 await xc_webrtc.initByLineConfig({ ...await line, password: 'wrong' }, 'Someone', true, location.port,
                   token, undefined, location.hostname);
                 const { event } = seen[await happens('registration Unregistered')];
                 const id = xc_webrtc.dial('*55');
                 const refused = seen[await happens('outgoing Failed')].event;
                 return [event.data.reason, id ?? null, refused.data.reason, xc_webrtc.getSipStackStatus()];",
            )
            .await;
        assert_eq!(told, json!(["Wrong SIP name or password", null, "The line is not registered", "Started"]));
    })
    .await;
}

#[tokio::test]
async fn servers_that_come_before_the_line_are_waited_with_and_each_state_has_its_name() {
    story(async |stage| {
        let page = stage.integrator("/theirs.html", 700).await;
        let told = page
            .run(
                "const found = new Promise(found => Cti.setHandler('LineConfig', found));
                 const token = await their_log_in(given.me);
                 Cti.getConfig('line');
                 const line = await found;
                 Cti.getConfig = Cti.getIceConfig = () => {};
                 const states = [];
                 const note = () => states.push(xc_webrtc.getSipStackStatus());
                 xc_webrtc.stop();
                 note();
                 xc_webrtc.injectTestDependencies(Cti, {});
                 note();
                 xc_webrtc.init('Someone', true, location.port, token, undefined, location.hostname);
                 Cti.publish('IceConfig', { stunConfig: null, turnConfig: null });
                 note();
                 Cti.publish('LineConfig', line);
                 note();
                 Cti.publish('IceConfig', {});
                 note();
                 await happens('registration Registered');
                 note();
                 return states;",
            )
            .await;
        let states = ["Stopped", "NotInitialized", "WaitingForSip", "WaitingForIce", "Starting", "Started"];
        assert_eq!(told, json!(states));
    })
    .await;
}

#[tokio::test]
async fn a_token_that_comes_after_the_stop_starts_nothing() {
    story(async |stage| {
        let page = stage.integrator("/theirs.html", 700).await;
        let told = page
            .run(
                "const token = await their_log_in(given.me);
                 const init = token => xc_webrtc.init('Someone', true, location.port, token, undefined, location.hostname);
                 let give;
                 init(() => new Promise(given => { give = given; }));
                 xc_webrtc.stop();
                 give(token);
                 await new Promise(requestAnimationFrame);
                 const after = [xc_webrtc.getSipStackStatus(), Cti.sent.length];
                 init(() => { throw new Error('no token today'); });
                 const { event } = seen[await happens('general Failed')];
                 init(async () => token);
                 await happens('registration Registered');
                 return [after, event.data.reason, errors];",
            )
            .await;
        assert_eq!(told, json!([["Stopped", 0], "no token today", []]));
    })
    .await;
}

#[tokio::test]
async fn the_line_and_the_program_are_named_on_the_wire() {
    story(async |stage| {
        let page = stage.integrator("/own.html", 700).await;
        let told = page
            .run(
                "const sent = [];
                 const { send } = WebSocket.prototype;
                 WebSocket.prototype.send = function (message) { sent.push(String(message)); send.call(this, message); };
                 window.appVersion = '2026.11';
                 await ready_for_calls(given.me);
                 const lines = sent.find(message => message.startsWith('REGISTER')).split('\\r\\n');
                 const field = name => lines.find(line => line.startsWith(`${name}: `))?.slice(name.length + 2);
                 return [field('User-Agent'), field('From').startsWith(`${given.me} <`)
                   || field('From').startsWith(`\"${given.me}\" <`), field('Expires') ?? field('Contact')];",
            )
            .await;
        assert_eq!((&told[0], &told[1]), (&json!("XiVO XC WebRTC 2026.11"), &json!(true)), "{told}");
        assert!(told[2].as_str().is_some_and(|expires| expires.contains("60")), "{told}");
    })
    .await;
}

#[tokio::test]
async fn handlers_are_logged_if_that_is_wanted() {
    story(async |stage| {
        let page = stage.integrator("/own.html", 700).await;
        let told = page
            .run(
                "const quiet = () => {};
                 const lines = logged('info');
                 xc_webrtc.setHandler('incoming', quiet);
                 xc_webrtc.setDebug('error', false, true);
                 xc_webrtc.setHandler('outgoing', quiet);
                 xc_webrtc.setDebug('error', false, false);
                 xc_webrtc.setHandler('general', quiet);
                 return lines;",
            )
            .await;
        assert_eq!(told, json!(["xc_webrtc: a handler of \"outgoing\""]));
    })
    .await;
}

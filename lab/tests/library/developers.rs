//! What pages need that show developers, or their own elements, what the phone does.

use serde_json::json;

use crate::support::stage::story;

#[tokio::test]
async fn a_page_is_told_the_calls_whenever_they_change() {
    story(async |stage| {
        let page = stage.ready(700).await;
        let told = page
            .run(
                "const told = [];
                 const remove = xc_webrtc.setCallsHandler(calls => told.push(calls));
                 const id = xc_webrtc.dial('*55');
                 await happens('outgoing Connected');
                 xc_webrtc.setMicrophone(false, id);
                 const muted = told.at(-1)[0].muted;
                 const same = JSON.stringify(told.at(-1)) === JSON.stringify(xc_webrtc.calls());
                 const twice = told.some((calls, at) => at && JSON.stringify(calls) === JSON.stringify(told[at - 1]));
                 remove();
                 const count = told.length;
                 xc_webrtc.hangup();
                 await happens('outgoing Terminated');
                 return [told[0][0].sipCallId === id, muted, same, twice, told.length === count];",
            )
            .await;
        assert_eq!(told, json!([true, true, true, false, true]));
    })
    .await;
}

#[tokio::test]
async fn sip_messages_are_told_to_who_asks_and_without_secrets() {
    story(async |stage| {
        let page = stage.integrator("/own.html", 700).await;
        let told = page
            .run(
                "const told = [];
                 const remove = xc_webrtc.setSipHandler(message => told.push(message));
                 await ready_for_calls(given.me);
                 remove();
                 const count = told.length;
                 xc_webrtc.dial('*55');
                 await happens('outgoing Connected');
                 const [asked, challenged, again, taken] = told.map(({ text }) => text.split('\\r\\n')[0]);
                 return [told.map(({ sent }) => sent).slice(0, 4), asked.startsWith('REGISTER '), asked === again,
                   challenged, taken, told[2].text.includes('response=\"***\"'),
                   told.some(({ text }) => text.includes(Cti.token)), told.length === count];",
            )
            .await;
        let expected = json!([
            [true, false, true, false],
            true,
            true,
            "SIP/2.0 401 Unauthorized",
            "SIP/2.0 200 OK",
            true,
            false,
            true
        ]);
        assert_eq!(told, expected);
    })
    .await;
}

#[tokio::test]
async fn a_call_is_put_on_hold_and_stays_so_when_it_is_asked_again() {
    story(async |stage| {
        let page = stage.ready(700).await;
        let told = page
            .run(
                "const id = xc_webrtc.dial('*55');
                 await happens('outgoing Connected');
                 const held = xc_webrtc.setHold(true, id);
                 await happens('outgoing Hold');
                 const again = xc_webrtc.setHold(true, id);
                 const { hold } = xc_webrtc.calls()[0];
                 xc_webrtc.setHold(false, id);
                 await happens('outgoing Resume');
                 return [held, again, hold, xc_webrtc.setHold(true), xc_webrtc.setHold(true, 'nobody')];",
            )
            .await;
        assert_eq!(told, json!([true, true, "held", false, false]));
    })
    .await;
}

#[tokio::test]
async fn pictures_are_shown_in_elements_that_came_later() {
    story(async |stage| {
        let page = stage.ready(700).await;
        let told = page
            .run(
                "const id = xc_webrtc.dial('*55', true);
                 const sees = new Promise(seen => xc_webrtc.setCallsHandler(([call]) => {
                   if (call?.videoReceiving && call.videoSending)
                     seen(call.media);
                 }));
                 const media = await sees;
                 document.body.innerHTML = '<video id=\"video-remote\" autoplay muted></video>';
                 const element = document.getElementById('video-remote');
                 const before = element.srcObject;
                 xc_webrtc.showPictures();
                 return [media, before, element.srcObject?.getVideoTracks().length];",
            )
            .await;
        assert_eq!(told, json!(["audio/video", null, 1]));
    })
    .await;
}

#[tokio::test]
async fn a_token_is_there_while_somebody_is_logged_in() {
    story(async |stage| {
        let page = stage.integrator("/own.html", 700).await;
        let told = page
            .run(
                "const before = Cti.token;
                 const client = { softwareType: 'webBrowser', applicationType: 'uc' };
                 const { token } = await Cti.login('', given.me, given.me, client);
                 const meanwhile = Cti.token === token;
                 Cti.close();
                 const left = Cti.token;
                 // A page that was loaded again goes on with it.
                 const url = `wss://${location.host}/xuc/api/2.0/cti?token=${token}`;
                 const { login } = await Cti.WebSocket.init(url, given.me);
                 return [before, token.length > 8, meanwhile, left, login === given.me, Cti.token === token];",
            )
            .await;
        assert_eq!(told, json!(["", true, true, "", true, true]));
    })
    .await;
}

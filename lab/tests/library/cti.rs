//! Pages with a `Cti` of their own, and pages that use ours.

use serde_json::json;

use crate::door::Door;
use crate::support::stage::story;

#[tokio::test]
async fn a_cti_that_is_loaded_after_the_library_is_used_too() {
    story(async |stage| {
        let page = stage.integrator("/late.html", 700).await;
        let told = page
            .run(
                "await theirs_ready_for_calls(given.me);
                 return Cti.sent.map(message => message.command);",
            )
            .await;
        assert_eq!(told, json!(["getConfig", "getIceConfig"]));
    })
    .await;
}

#[tokio::test]
async fn orders_of_the_server_come_by_the_page_s_cti_and_an_object_that_it_changes_is_read_in_time() {
    story(async |stage| {
        let page = stage.integrator("/theirs.html", 700).await;
        page.run("await theirs_ready_for_calls(given.me);").await;
        Door::new().call(&page.person, "0145", "Outside").await;
        let told = page
            .run(
                "await happens('incoming Setup');
                 const { sipCallId } = seen.at(-1).event;
                 const command = { command: 'Answer', sipCallId };
                 Cti.publish('WebRTCCmd', command);
                 command.command = 'Nonsense';
                 await happens('incoming Connected');
                 Cti.publish('WebRTCCmd', { command: 'ToggleMicrophone', sipCallId });
                 const muted = xc_webrtc.calls()[0].muted;
                 // A bus that calls twice what was subscribed twice.
                 const hold = { command: 'Hold' };
                 Cti.publish('WebRTCCmd', hold);
                 Cti.publish('WebRTCCmd', hold);
                 await happens('incoming Hold');
                 return [muted, xc_webrtc.calls()[0].hold, xc_webrtc.calls()[0].party.number];",
            )
            .await;
        assert_eq!(told, json!([true, "held", "0145"]));
    })
    .await;
}

#[tokio::test]
async fn transfers_go_through_the_page_s_cti() {
    story(async |stage| {
        let page = stage.integrator("/theirs.html", 700).await;
        let nothing = page
            .run(
                "await theirs_ready_for_calls(given.me);
                 return xc_webrtc.attendedTransfer('*56');",
            )
            .await;
        assert_eq!(nothing, false);
        Door::new().call(&page.person, "0145", "Outside").await;
        let told = page
            .run(
                "await happens('incoming Setup');
                 xc_webrtc.answer();
                 const first = await happens('incoming Connected');
                 xc_webrtc.attendedTransfer('*56');
                 await happens('incoming AutoAnswered');
                 await happens('incoming Connected', first + 1);
                 const commands = () => Cti.sent.map(message => message.command);
                 const begun = commands().at(-1);
                 xc_webrtc.cancelTransfer();
                 await happens('incoming Terminated');
                 return [begun, commands().at(-1)];",
            )
            .await;
        assert_eq!(told, json!(["attendedTransfer", "cancelTransfer"]));
    })
    .await;
}

#[tokio::test]
async fn two_inits_make_one_phone_and_a_stop_can_be_followed_by_another() {
    story(async |stage| {
        let page = stage.integrator("/theirs.html", 700).await;
        let told = page
            .run(
                "const token = await their_log_in(given.me);
                 const init = () =>
                   xc_webrtc.init('Someone', true, location.port, token, undefined, location.hostname);
                 init();
                 init();
                 await happens('registration Registered');
                 xc_webrtc.stop();
                 const from = seen.length;
                 init();
                 await happens('registration Registered', from);
                 return [seen.map(({ event, status }) => `${event.type} ${status}`), errors];",
            )
            .await;
        let expected = ["Started Started", "Registered Started", "Started Started", "Registered Started"];
        assert_eq!(told, json!([expected, []]));
    })
    .await;
}

#[tokio::test]
async fn a_wrong_password_rejects_the_log_in_and_the_right_one_then_works() {
    story(async |stage| {
        let page = stage.integrator("/own.html", 700).await;
        let told = page
            .run(
                "const link = [];
                 Cti.setHandler(Cti.MessageType.LINKSTATUSUPDATE, ({ status }) => link.push(status));
                 const wrong = await Cti.login('', given.me, 'no').catch(error => error.message);
                 const nowhere = await Cti.login('no host', given.me, 'x').catch(error => error.message);
                 const { login, token } = await Cti.login(location.origin, given.me, given.me);
                 return [wrong, nowhere, login === given.me, token === Cti.token, link.at(-1)];",
            )
            .await;
        let expected =
            json!(["wrong login or password", "The server's address cannot be read", true, true, "opened"]);
        assert_eq!(told, expected);
    })
    .await;
}

#[tokio::test]
async fn our_cti_sends_what_it_is_told_and_hands_out_what_comes() {
    story(async |stage| {
        let page = stage.integrator("/own.html", 700).await;
        let told = page
            .run(
                "const early = Cti.getConfig('line');
                 const answers = [];
                 const keep = payload => answers.push(payload);
                 // The same function twice is called once.
                 Cti.setHandler('LineConfig', keep);
                 Cti.setHandler('LineConfig', keep);
                 const { token } = await Cti.login('', given.me, given.me);
                 Cti.close();
                 const opened = await Cti.WebSocket.init(
                   `wss://${location.host}/xuc/api/2.0/cti?token=${token}`, given.me, given.number);
                 answers.length = 0;
                 const line = new Promise(found => Cti.setHandler('LineConfig', found));
                 const config = new Promise(found => Cti.setHandler('UserConfigUpdate',
                   update => update.dndEnabled && found(update)));
                 const sent = [Cti.sendCallback({ claz: 'web', command: 'getConfig', objectType: 'line' }),
                   Cti.dnd(true), Cti.sendCallback({ claz: 'ping' }), Cti.sendCallback({ no: 'command' })];
                 const { dndEnabled } = await config;
                 await line;
                 // The next story with this person is to be called.
                 const undone = new Promise(found => Cti.setHandler('UserConfigUpdate',
                   update => update.dndEnabled === false && found()));
                 Cti.dnd(false);
                 await undone;
                 Cti.unsetHandler('LineConfig', keep);
                 Cti.close();
                 const created = [Cti.WebsocketMessageFactory.createDial('2041'), Cti.changeUserStatus('x'),
                   Cti.WebsocketMessageFactory.createNaFwd('2', false)];
                 return [early, opened.login === given.me, sent, answers.length > 0,
                   typeof answers[0].password, dndEnabled, created, Cti.agentNumber === given.number];",
            )
            .await;
        let created = json!([
            { "claz": "web", "command": "dial", "destination": "2041" },
            false,
            { "claz": "web", "command": "naFwd", "destination": "2", "state": false },
        ]);
        assert_eq!(
            told,
            json!([false, true, [true, true, true, false], true, "string", true, created, true])
        );
    })
    .await;
}

#[tokio::test]
async fn a_lost_link_and_a_lost_websocket_come_back() {
    story(async |stage| {
        let page = stage.ready(700).await;
        page.run(
            "window.link = [];
             window.again = new Promise(found => Cti.setHandler('LinkStatusUpdate', ({ status }) => {
               link.push(status);
               if (status === 'opened') found();
             }));",
        )
        .await;
        let door = Door::new();
        door.drop_cti_sockets(&page.person).await;
        door.drop_sip_sockets(&page.person).await;
        let told = page
            .run(
                "const lost = await happens('registration Unregistered');
                 await happens('registration Registered', lost);
                 await again;
                 return link;",
            )
            .await;
        assert_eq!(told, json!(["closed", "opened"]));
    })
    .await;
}

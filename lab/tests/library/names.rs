//! Constants and answers, word for word as sections 1 and 2 of the API reference have them.

use serde_json::json;

use crate::support::stage::story;

#[tokio::test]
async fn the_constants_are_those_of_the_original_and_more() {
    story(async |stage| {
        let page = stage.integrator("/own.html", 700).await;
        let names = page
            .run(
                "const { MessageType, General, Registration, Incoming, Outgoing, mediaType } = xc_webrtc;
                 return { MessageType, General, Registration, Incoming, Outgoing, mediaType };",
            )
            .await;
        let original = json!({
            "MessageType": { "GENERAL": "general", "OUTGOING": "outgoing", "INCOMING": "incoming",
                "REGISTRATION": "registration" },
            "General": { "STARTED": "Started", "FAILED": "Failed" },
            "Registration": { "REGISTERED": "Registered", "UNREGISTERED": "Unregistered" },
            "Incoming": { "SETUP": "Setup", "RINGING": "Ringing", "REMOTE_MEDIA_ADDED": "RemoteMediaAdded",
                "CONNECTED": "Connected", "TERMINATED": "Terminated", "HOLD": "Hold", "RESUME": "Resume" },
            "Outgoing": { "ESTABLISHING": "Establishing", "RINGING": "Ringing", "CONNECTED": "Connected",
                "TERMINATED": "Terminated", "FAILED": "Failed", "HOLD": "Hold", "RESUME": "Resume" },
            "mediaType": { "AUDIO": "audio", "AUDIOVIDEO": "audio/video" },
        });
        for (table, names_of_table) in original.as_object().unwrap() {
            for (name, text) in names_of_table.as_object().unwrap() {
                assert_eq!(&names[table][name], text, "{table}.{name}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_call_that_comes_is_told_in_the_documented_order_and_shape() {
    story(async |stage| {
        let page = stage.ready(700).await;
        crate::door::Door::new().call(&page.person, "0145", "Outside").await;
        let told = page
            .run(
                "await happens('incoming Setup');
                 // At once, as in the handler: the state is there before the event.
                 const inHandler = seen.at(-1).calls[0].state;
                 const answered = xc_webrtc.answer();
                 await happens('incoming Connected');
                 xc_webrtc.hold();
                 await happens('incoming Hold');
                 const held = seen.at(-1).calls[0].hold;
                 xc_webrtc.hold();
                 await happens('incoming Resume');
                 xc_webrtc.hangup();
                 await happens('incoming Terminated');
                 const events = seen.slice(2).map(({ topic, event }) => [topic, event.type, event.data ?? null]);
                 return { inHandler, answered, held, events: events.filter(([, type]) => type !== 'RemoteMediaAdded'),
                   media: events.filter(([, type]) => type === 'RemoteMediaAdded').length > 0,
                   left: seen.at(-1).calls.length, version: /^[0-9]+[.][0-9]+[.][0-9]+$/.test(xc_webrtc.version) };",
            )
            .await;
        assert_eq!((&told["inHandler"], &told["answered"], &told["held"]), (&json!("offered"), &json!(true), &json!("held")));
        assert_eq!(
            told["events"],
            json!([
                ["incoming", "Setup", { "caller": "0145" }],
                ["incoming", "Connected", { "caller": "0145" }],
                ["incoming", "Hold", null],
                ["incoming", "Resume", null],
                ["incoming", "Terminated", { "reason": "Call terminated" }],
            ])
        );
        assert_eq!((&told["media"], &told["left"], &told["version"]), (&json!(true), &json!(0), &json!(true)));
    })
    .await;
}

#[tokio::test]
async fn two_calls_become_a_conference_that_is_held_as_one() {
    story(async |stage| {
        let page = stage.ready(700).await;
        let told = page
            .run(
                "const alone = xc_webrtc.conference();
                 xc_webrtc.dial('*55');
                 const first = await happens('outgoing Connected');
                 xc_webrtc.dial('*60');
                 await happens('outgoing Connected', first + 1);
                 const both = xc_webrtc.conference();
                 const at = await happens('outgoing ConferenceStarted');
                 await happens('outgoing ConferenceStarted', at + 1);
                 const from = seen.length;
                 const hold = xc_webrtc.hold();
                 await happens('outgoing Hold', await happens('outgoing Hold', from) + 1);
                 return [alone, both, hold === undefined, xc_webrtc.calls().map(call => [call.hold, call.inConference])];",
            )
            .await;
        assert_eq!(told, json!([false, true, true, [["held", true], ["held", true]]]));
    })
    .await;
}

#[tokio::test]
async fn a_call_that_comes_is_refused_or_given_up() {
    story(async |stage| {
        let page = stage.ready(700).await;
        let door = crate::door::Door::new();
        door.call(&page.person, "0145", "Outside").await;
        let told = page
            .run(
                "await happens('incoming Setup');
                 const { sipCallId } = seen.at(-1).event;
                 const refused = xc_webrtc.reject(sipCallId);
                 const { event } = seen[await happens('incoming Terminated')];
                 return [refused, event.data.reason, event.sipCallId === sipCallId, xc_webrtc.calls().length];",
            )
            .await;
        assert_eq!(told, json!([true, "Call rejected", true, 0]));
    })
    .await;
}

//! The developer's page.

use serde_json::json;
use thirtyfour::Key;

use crate::LAB;
use crate::door::Door;
use crate::support::browser::Setup;
use crate::support::phone::{CALLS, READY};
use crate::support::sample::{OFF, PHONE_EVENTS, WEBRTC, WEBRTC_EVENTS};
use crate::support::stage::story;

#[tokio::test]
async fn a_call_step_by_step_leaves_its_events_in_order() {
    story(async |stage| {
        let phone = stage.at_sample_page(&LAB).await;
        let callee = stage.phone(&LAB, 1300).await;
        phone.fill_in("WebRTC", "Destination", &callee.person.number).await;
        phone.press_in("WebRTC", "Dial").await;
        phone.sees_in(WEBRTC_EVENTS, "Ringing").await;
        callee.press_in(CALLS, "Answer").await;
        phone.sees_in(WEBRTC_EVENTS, "Connected").await;
        phone.hears(1300).await;
        phone.press_in("WebRTC", "Hang up").await;

        // The newest is on top.
        let whole_call = ["Terminated", "Connected", "Ringing", "Establishing", "Registered", "Started"];
        phone.sees_in_order(WEBRTC_EVENTS, &whole_call).await;
        phone.sees_in_order(PHONE_EVENTS, &["EventReleased", "EventEstablished", "EventDialing"]).await;
    })
    .await;
}

#[tokio::test]
async fn malformed_messages_are_shown_as_text_and_the_phone_goes_on() {
    story(async |stage| {
        let phone = stage.at_sample_page(&LAB).await;
        let door = Door::new();
        let sip = [
            "NOT SIP AT ALL <b>bold</b>\r\n\r\n".to_owned(),
            "INVITE sip:x SIP/2.0\r\nVia: rubbish\r\nCSeq: <i>first</i> INVITE\r\n\r\n".to_owned(),
            format!("OPTIONS sip:x SIP/2.0\r\nSubject: {}\r\n\r\n", "x".repeat(200_000)),
            "SIP/2.0 200 OK\r\nVia: SIP/2.0/WSS x.invalid;branch=z9hG4bKnobody\r\nCSeq: 1 INVITE\r\n\r\n"
                .to_owned(),
        ];
        for text in sip {
            door.send_sip(&phone.person, &text).await;
        }
        // The library's log, where it says what it dropped or tolerated.
        phone.sees_in(WEBRTC_EVENTS, "sip: ").await;

        let cti = [
            "{\"msgType\":".to_owned(),
            json!({ "msgType": "PhoneEvent", "ctiMessage": ["<u>no event</u>"] }).to_string(),
            json!({ "msgType": "LineConfig", "ctiMessage": "<u>no line</u>" }).to_string(),
            json!({ "msgType": "Sheet", "ctiMessage": "<u>a sheet</u>" }).to_string(),
        ];
        for text in cti {
            door.send_cti(&phone.person, &text).await;
        }
        phone.sees_in_order(PHONE_EVENTS, &["<u>a sheet</u>", "<u>no line</u>", "<u>no event</u>"]).await;
        phone.sees_in(WEBRTC_EVENTS, "Cti: a frame is not JSON").await;

        phone.fill_in("WebRTC", "Destination", "*55").await;
        phone.press_in("WebRTC", "Dial").await;
        phone.sees_in(WEBRTC_EVENTS, "Connected").await;
        phone.hears(700).await;
    })
    .await;
}

#[tokio::test]
async fn events_can_be_cleared() {
    story(async |stage| {
        let phone = stage.at_sample_page(&LAB).await;
        phone.press_in(WEBRTC_EVENTS, "Clear").await;
        phone.sees_in(WEBRTC_EVENTS, "Nothing yet.").await;
        phone.press("Stop").await;
        phone.sees_no_more(READY).await;
    })
    .await;
}

/// Presses every button of every row, and gives the rows that said nothing.
const PRESS_ALL: &str = "
    const silent = [];
    for (const row of document.querySelectorAll('main form:has(> code)')) {
        for (const button of row.querySelectorAll('button')) {
            button.click();
            await new Promise(requestAnimationFrame);
            const said = row.querySelector('output').textContent;
            if (said.trim() === '') silent.push(`${row.querySelector('code').textContent}, ${button.textContent}: ${said}`);
        }
    }
    return silent.join('; ');";

/// Ticks the box with that name.
const TICK: &str = "
    const label = [...document.querySelectorAll('label')].find(label => label.textContent.trim() === given.name);
    label.querySelector('input').click();";

/// Types into the filter of the WebRTC events, which is no plain text box.
const FILTER: &str = "
    const filter = document.querySelector('#webrtc-events input');
    filter.value = given.typed;
    filter.dispatchEvent(new Event('input'));";

/// Keeps what is written to the console.
const LISTEN: &str = "
    window.written = [];
    const info = console.info;
    console.info = (...words) => { window.written.push(words.join(' ')); info(...words); };";

#[tokio::test]
async fn every_method_says_what_came_of_it() {
    story(async |stage| {
        let phone = stage.phone_at_login(&LAB, Setup::default()).await;
        phone.open("/sample").await;
        phone.fill("softwareType", "webBrowser").await;
        phone.fill("applicationType", "uc").await;
        phone.logs_in().await;
        phone.sees("Logged on as").await;
        assert_eq!(phone.look(PRESS_ALL, json!({})).await, "", "without a call");
        // The line that was asked for on the way has started the phone.
        phone.press("Stop").await;
        phone.sees(OFF).await;
        phone.press("Init").await;
        phone.sees_in("WebRTC", "Registered · ").await;
        phone.fill_in("WebRTC", "Destination", "*55").await;
        phone.press_in("WebRTC", "Dial").await;
        phone.sees_in("WebRTC", "Connected · ").await;
        assert_eq!(phone.look(PRESS_ALL, json!({})).await, "", "in a call");
    })
    .await;
}

#[tokio::test]
async fn two_calls_are_in_sight_with_all_that_is_known_of_them() {
    story(async |stage| {
        let phone = stage.at_sample_page(&LAB).await;
        phone.fill_in("WebRTC", "Destination", "*55").await;
        phone.press_in("WebRTC", "Dial").await;
        phone.sees_in(CALLS, "In call").await;
        phone.press_in("WebRTC", "Dial").await;
        phone.sees_in(CALLS, "held").await;
        phone.press_in("WebRTC", "Dial").await;
        phone
            .sees_in(
                "WebRTC",
                "xc_webrtc.dial(\"*55\", false) → undefined · dial: There are two calls already",
            )
            .await;
        phone.press_in("WebRTC", "Conference").await;
        phone.sees_in_order(CALLS, &["inConference", "inConference"]).await;
        phone.sees_in("WebRTC", "ConferenceStarted").await;
        phone.press_in("WebRTC", "Stop").await;
        phone.sees_in_order(CALLS, &["Call ended", "Call ended"]).await;
        phone.press_in(CALLS, "Take away").await;
        phone.press_in(CALLS, "Take away").await;
        phone.sees_in(CALLS, "No call.").await;
    })
    .await;
}

#[tokio::test]
async fn the_log_and_sip_messages_are_shown_on_demand_without_secrets() {
    story(async |stage| {
        let phone = stage.at_sample_page(&LAB).await;
        phone.look(LISTEN, json!({})).await;
        for name in ["Events", "Handlers", "SIP messages"] {
            phone.look(TICK, json!({ "name": name })).await;
        }
        phone.press("Log").await;
        phone.press("Stop").await;
        phone.sees(OFF).await;
        phone.press_in(WEBRTC_EVENTS, "Clear").await;
        phone.press("Init").await;
        // The newest is on top.
        phone
            .sees_in_order(
                WEBRTC_EVENTS,
                &["Registered", "200 OK", "response=\"***\"", "401", "REGISTER sip:"],
            )
            .await;
        assert!(!phone.text().await.contains("token=e"), "a token is shown");
        let written = phone.look("return window.written.join('\\n')", json!({})).await;
        let written = written.as_str().unwrap_or_default();
        assert!(written.contains("RE<<< registration {\"type\":\"Registered\"}"), "{written}");

        phone.look(FILTER, json!({ "typed": "401 unauthorized" })).await;
        phone.sees_no_more("REGISTER sip:").await;
        phone.press_in(WEBRTC_EVENTS, "Save").await;
        phone.sees_in(WEBRTC_EVENTS, "Saved.").await;
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_read_is_refused_beside_its_row() {
    story(async |stage| {
        let phone = stage.at_sample_page(&LAB).await;
        phone.fill("ICE servers (JSON list)", "{").await;
        phone.press("Set").await;
        phone.sees("this is not a list of servers").await;
        let servers = r#"[{"urls": ["turn:192.0.2.1"], "username": "u", "credential": "s3cret"}]"#;
        phone.fill("ICE servers (JSON list)", servers).await;
        phone.press("Set").await;
        phone.sees_no_more("this is not a list of servers").await;
        phone.press("Get").await;
        phone.sees(r#"[{"urls":["turn:192.0.2.1"],"username":"u","credential":"•••"}]"#).await;
        phone.fill("Variables (JSON object)", "[1]").await;
        phone.fill_in("Phone (CTI)", "Destination", "1002").await;
        phone.press_in("Phone (CTI)", "Dial").await;
        phone.sees("variables: this is not a JSON object").await;
        phone.press("Subscribe").await;
        phone.sees("phoneNumbers is missing").await;
    })
    .await;
}

#[tokio::test]
async fn what_comes_of_a_promise_is_shown_in_its_row() {
    story(async |stage| {
        let phone = stage.at_sample_page(&LAB).await;
        phone.press_in(WEBRTC, "Statistics").await;
        phone.sees("xc_webrtc.getStats() → Promise").await;
        phone.sees("There is no such call").await;
        phone.reaches("*55").await;
        phone.press_in(WEBRTC, "Statistics").await;
        phone.sees("\"type\":\"outbound-rtp\"").await;
        phone.press_in(WEBRTC, "Start with a line").await;
        phone.sees("lineCfg is missing").await;
        phone.fill("Line (JSON object)", r#"{"id": "1"}"#).await;
        phone.press_in(WEBRTC, "Start with a line").await;
        phone.sees("The phone is started already: skipped").await;
        phone.fill("Devices (JSON object)", r#"{"microphone": null}"#).await;
        phone.press_in(WEBRTC, "Choose").await;
        phone.sees(r#"xc_webrtc.setDevices({"microphone":null}) → undefined"#).await;
    })
    .await;
}

#[tokio::test]
async fn after_a_reload_the_calls_there_are_are_told_and_can_be_ended() {
    story(async |stage| {
        let phone = stage.at_sample_page(&LAB).await;
        let door = Door::new();
        phone.fill_in("WebRTC", "Destination", "*55").await;
        phone.press_in("WebRTC", "Dial").await;
        phone.sees_in(WEBRTC_EVENTS, "Connected").await;
        let call_id = door.newest_sip_call_id_of(&phone.person).await;

        phone.reload().await;
        phone.sees(&format!("Logged on as {}", phone.person.login)).await;
        phone.sees_in(PHONE_EVENTS, "CurrentCallsPhoneEvents").await;
        phone.sees_in_order(PHONE_EVENTS, &["EventEstablished", "*55", &call_id]).await;
        phone.press_in("Phone (CTI)", "Hang up").await;
        phone.sees_in(PHONE_EVENTS, "EventReleased").await;
        door.until_without_calls(&phone.person).await;
    })
    .await;
}

#[tokio::test]
async fn a_forward_set_at_the_page_takes_calls_elsewhere_until_it_is_taken_back() {
    story(async |stage| {
        let phone = stage.at_sample_page(&LAB).await;
        let caller = stage.phone(&LAB, 1300).await;
        phone.fill("Forward always: to", "*56").await;
        phone.look(TICK, json!({ "name": "Forward always" })).await;
        phone.sees_in("User", "uncFwdEnabled yes").await;
        caller.talks_to(&phone.person.number).await;
        caller.hears(1000).await;
        caller.hangs_up().await;

        phone.look(TICK, json!({ "name": "Forward always" })).await;
        phone.sees_in("User", "uncFwdEnabled no").await;
        phone.look(TICK, json!({ "name": "Do not disturb" })).await;
        phone.sees_in("User", "dndEnabled yes").await;
        caller.calls(&phone.person.number).await;
        caller.sees_in(CALLS, "The other side is busy. Try again later.").await;
        phone.look(TICK, json!({ "name": "Do not disturb" })).await;
        phone.sees_in("User", "dndEnabled no").await;
    })
    .await;
}

#[tokio::test]
async fn the_ladder_draws_messages_on_one_clock_and_unfolds_them() {
    const LADDER: &str = "SIP ladder";
    story(async |stage| {
        let phone = stage.at_sample_page(&LAB).await;
        phone.sees_in(LADDER, "← LoggedOn").await;
        phone.look(TICK, json!({ "name": "SIP messages" })).await;
        phone.press("Log").await;
        phone.press("Stop").await;
        phone.sees(OFF).await;
        phone.press_in(LADDER, "Clear").await;
        phone.press("Init").await;
        phone
            .sees_in_order(
                LADDER,
                &["→ REGISTER", "← 401 Unauthorized (REGISTER) · ", " ms", "→ REGISTER (digest)", "← 200 OK"],
            )
            .await;
        let unfold = "const steps = () => [...document.querySelectorAll('summary')];
            const step = await until('a step', () => steps().find(step => step.innerText.includes('(digest)')), 30);
            step.focus();";
        phone.look(unfold, json!({})).await;
        phone.type_keys(Key::Enter + "").await;
        phone.sees_in(LADDER, "response=\"***\"").await;
        phone.fill_in("WebRTC", "Destination", "*55").await;
        phone.press_in("WebRTC", "Dial").await;
        phone
            .sees_in_order(
                LADDER,
                &["→ INVITE *55 (offer", "← 200 OK (INVITE, answer)", "→ ACK"],
            )
            .await;
        phone.sees_in(LADDER, "← PhoneEvent EventEstablished").await;
        phone.press_in("WebRTC", "Hang up").await;
        phone.sees_in(LADDER, "→ BYE").await;
    })
    .await;
}

/// Keeps in `window.heard` what another handler of the page hears.
const HEAR: &str = "
    window.heard = [];
    for (const topic of Object.values(xc_webrtc.MessageType))
        xc_webrtc.setHandler(topic, event => window.heard.push(JSON.stringify(event)));";

#[tokio::test]
async fn the_page_is_one_of_the_librarys_own_pages() {
    story(async |stage| {
        let phone = stage.at_sample_page(&LAB).await;
        phone.press_in(WEBRTC_EVENTS, "Clear").await;
        phone.look(HEAR, json!({})).await;
        phone.reaches("*55").await;
        let calls = phone
            .look("return xc_webrtc.calls().map(call => [call.party.number, call.state])", json!({}))
            .await;
        assert_eq!(calls, json!([["*55", "connected"]]));

        // What the page does not do itself, it hears of as it hears of all.
        phone.look("xc_webrtc.setMicrophone(false)", json!({})).await;
        phone.sees_in(CALLS, "muted").await;
        phone.look("xc_webrtc.hangup()", json!({})).await;
        phone.sees_in(WEBRTC_EVENTS, "Terminated").await;
        let heard = phone.look("return window.heard", json!({})).await;
        let heard: Vec<_> =
            heard.as_array().expect("a list").iter().filter_map(|event| event.as_str()).collect();
        assert!(heard.len() > 3, "{heard:?}");
        // The newest is on top.
        let shown: Vec<_> = heard.into_iter().rev().collect();
        phone.sees_in_order(WEBRTC_EVENTS, &shown).await;

        phone.press_in(WEBRTC, "Get").await;
        phone.sees_in(WEBRTC, "xc_webrtc.calls() → [] · ").await;
    })
    .await;
}

#[tokio::test]
async fn a_wrong_password_is_told_in_the_words_of_the_page() {
    story(async |stage| {
        let phone = stage.phone_at_login(&LAB, Setup::default()).await;
        phone.open("/sample").await;
        phone.fill("Login", &phone.person.login).await;
        phone.fill("Password", "wrong").await;
        phone.press("Log in").await;
        phone.sees("Wrong login or password.").await;
        phone.logs_in().await;
        phone.sees("Logged on as").await;
        phone.press("Log out").await;
        phone.sees("Logged out").await;
        phone.reload().await;
        phone.sees("Logged out").await;
    })
    .await;
}

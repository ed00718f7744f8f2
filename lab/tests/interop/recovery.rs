//! Networks and servers that go away in a call on a real Asterisk.

use reqwest::Client;
use serde_json::json;

use crate::ASTERISK;
use crate::ami::Ami;
use crate::support::people::Person;
use crate::support::phone::{CALLS, READY};
use crate::support::settings::setting;
use crate::support::stage::{story, story_alone};

/// Drops someone's SIP websocket between the page and Asterisk, without a closing handshake.
async fn cut(person: &Person) {
    let fault = json!({ "what": "drop_sip_sockets", "user": person.login });
    let answer =
        Client::new().post(format!("{}/lab/faults", setting("XC_LAB_URL"))).json(&fault).send().await;
    answer.and_then(reqwest::Response::error_for_status).expect("the lab plans the fault");
}

#[tokio::test]
async fn a_call_outlives_its_websocket_and_asterisk_finds_the_phone_by_the_new_one() {
    story(async |stage| {
        let caller = stage.phone(&ASTERISK, 700).await;
        let callee = stage.phone(&ASTERISK, 1300).await;
        caller.calls(&callee.person.number).await;
        callee.press_in(CALLS, "Answer").await;
        caller.is_in_call().await;
        for phone in [&caller, &callee] {
            tokio::join!(phone.sees_no_more(READY), cut(&phone.person));
            phone.sees(READY).await;
        }
        caller.hears(1300).await;
        callee.hears(700).await;

        // What Asterisk has to say in the call comes by the new websocket.
        caller.press_in(CALLS, "Hang up").await;
        callee.sees_in(CALLS, "The other side hung up.").await;
    })
    .await;
}

#[tokio::test]
async fn a_restart_of_asterisk_ends_its_calls_and_the_next_one_works() {
    story_alone(async |stage| {
        let phone = stage.phone(&ASTERISK, 700).await;
        phone.talks_to("600").await;
        phone.hears(700).await;
        let ami = Ami::connect().await;
        tokio::join!(phone.sees_no_more(READY), ami.restart());
        phone.sees_within(READY, 60).await;
        // It says goodbye before it goes.
        phone.sees_in(CALLS, "The other side hung up.").await;
        phone.talks_to("600").await;
        phone.hears(700).await;
        phone.hangs_up().await;
    })
    .await;
}

#[tokio::test]
async fn a_called_phone_stops_ringing_when_the_caller_who_lost_the_websocket_is_back() {
    story(async |stage| {
        let caller = stage.phone(&ASTERISK, 700).await;
        let callee = stage.phone(&ASTERISK, 1300).await;
        caller.calls(&callee.person.number).await;
        callee.sees_in(CALLS, "Answer").await;
        caller.sees_in(CALLS, "Ringing").await;
        tokio::join!(caller.sees_no_more(READY), cut(&caller.person));
        caller.sees(READY).await;
        callee.sees_in(CALLS, "You missed this call.").await;
    })
    .await;
}

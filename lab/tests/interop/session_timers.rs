//! Session timers (RFC 4028) with an Asterisk that wants one in every call, of the shortest interval that it takes.

use std::time::Duration;

use serde_json::json;
use xc_webrtc::sip::sdp::MediaDirection;

use crate::ASTERISK;
use crate::agent::{Agent, Server, answered, sdp};
use crate::ami::Ami;
use crate::support::browser::{Setup, Site};
use crate::support::people::Person;
use crate::support::phone::Phone;
use crate::support::sample::{SETTINGS, WEBRTC, WEBRTC_EVENTS};
use crate::support::settings::setting;
use crate::support::stage::story;

/// The region with all SIP messages of a page.
const LADDER: &str = "SIP ladder";

/// The label of a check box, found by what it says.
const TICK: &str =
    "[...document.querySelectorAll('label')].find(label => words(label.textContent) === given.name).click()";

/// Half of the interval has to pass before a session is refreshed.
const REFRESHED_WITHIN: Duration = Duration::from_secs(60);

/// The proxy asks for less than the phone does, who refreshes then.
#[tokio::test]
async fn a_call_of_ours_outlives_two_refreshes_with_its_audio() {
    story(async |stage| {
        let setup = Setup { site: Site::BehindKamailio, ..Setup::default() };
        let phone = stage.at_sample_page_in(&ASTERISK, setup, "").await;
        phone.reaches("600").await;
        phone.hears(700).await;
        two_refreshes(&phone).await;
        phone.hears(700).await;
        phone.press_in(WEBRTC, "Hang up").await;
        phone.sees_in(WEBRTC_EVENTS, "Terminated").await;
        // What is left of a phone behind the proxy Asterisk would go on calling for a minute.
        phone.press_in(WEBRTC, "Stop").await;
        Ami::connect().await.until_without_contacts(&phone.person.login).await;
    })
    .await;
}

#[tokio::test]
async fn a_call_of_the_server_outlives_two_refreshes_with_its_audio() {
    story(async |stage| {
        let phone = stage.at_sample_page(&ASTERISK).await;
        Ami::connect().await.call(&phone.person.login, "\"Claire Dubois\" <0145000001>", "600").await;
        phone.sees_in(WEBRTC_EVENTS, "Setup").await;
        phone.press_in(WEBRTC, "Answer").await;
        phone.hears(700).await;
        two_refreshes(&phone).await;
        phone.hears(700).await;
        phone.press_in(WEBRTC, "Hang up").await;
        phone.sees_in(WEBRTC_EVENTS, "Terminated").await;
    })
    .await;
}

/// Waits until the session was refreshed twice, by whoever does it.
async fn two_refreshes(phone: &Phone) {
    phone.look(TICK, json!({ "name": "SIP messages" })).await;
    phone.press_in(SETTINGS, "Log").await;
    let script = r#"
        const answered = () => text(given.ladder).match(/200 OK \((UPDATE|INVITE)/g)?.length ?? 0;
        await until(`refresh ${given.times}`, () => answered() >= given.times, given.seconds);
    "#;
    for times in [1, 2] {
        let given = json!({ "ladder": LADDER, "times": times, "seconds": REFRESHED_WITHIN.as_secs() });
        phone.look(script, given).await;
    }
}

#[tokio::test]
async fn a_call_on_hold_is_refreshed_and_stays_on_hold() {
    story(async |_| {
        let mut alice = Agent::registered().await;
        let (login, mut ami) = (alice.person.login.clone(), Ami::connect().await);
        let ((), call) = tokio::join!(ami.call(&login, "<0145000001>", "601"), alice.answers());
        alice.ua.reoffer(call, &sdp("inactive", "actpass"), alice.now()).unwrap();
        assert_eq!(alice.told(call, "the answer to a hold", answered).await, MediaDirection::Inactive);
        let refreshes = |agent: &Agent| agent.count("> UPDATE ") + agent.count("< UPDATE ");
        let before = refreshes(&alice);
        alice.comes_within(REFRESHED_WITHIN, "a refresh", |agent| refreshes(agent) > before).await;
        alice.ua.reoffer(call, &sdp("sendrecv", "actpass"), alice.now()).unwrap();
        assert_eq!(alice.told(call, "the answer to a resume", answered).await, MediaDirection::SendRecv);
        alice.hangs_up(call).await;
    })
    .await;
}

/// The one account whose sessions Asterisk wants longer than anybody asks for (`timers_min_se`).
fn who_wants_long_sessions() -> Person {
    Person {
        login: "patience".into(),
        password: setting("XC_ASTERISK_PASSWORD"),
        number: "1010".into(),
        name: "Patience Long".into(),
    }
}

#[tokio::test]
async fn a_session_interval_that_is_too_small_is_made_longer() {
    story(async |_| {
        let mut patience = Agent::of(who_wants_long_sessions(), Server::Asterisk).await;
        let call = patience.talks_to("601").await;
        assert_eq!(patience.count("< SIP/2.0 422"), 1);
        let asked = patience.wire.iter().rfind(|message| message.starts_with("> INVITE")).unwrap();
        assert!(asked.contains("Session-Expires: 2000\r\n") && asked.contains("Min-SE: 2000\r\n"), "{asked}");
        patience.hangs_up(call).await;
    })
    .await;
}

//! A websocket edge proxy between the phone and its registrar: a real Kamailio.

use std::time::Duration;

use serde_json::json;
use xc_webrtc::sip::event::{EndedCause, SessionEvent};

use crate::ASTERISK;
use crate::agent::{Agent, Server};
use crate::ami::Ami;
use crate::support::browser::{Setup, Site};
use crate::support::hearing::MUSIC;
use crate::support::patience;
use crate::support::phone::{CALLS, Phone, READY};
use crate::support::settings::setting;
use crate::support::stage::{Stage, story, story_alone};

async fn phone(stage: &Stage, tone: u32) -> Phone {
    let setup = Setup { site: Site::BehindKamailio, tone, ..Setup::default() };
    stage.phone_with(&ASTERISK, setup).await
}

/// Logs out. What is left of a phone behind the proxy Asterisk would go on calling for a minute.
async fn leaves(phone: &Phone) {
    phone.logs_out().await;
    Ami::connect().await.until_without_contacts(&phone.person.login).await;
}

#[tokio::test]
async fn the_echo_gives_the_own_voice_back() {
    story(async |stage| {
        let phone = phone(stage, 700).await;
        phone.talks_to("600").await;
        phone.hears(700).await;
        phone.hangs_up().await;
        leaves(&phone).await;
    })
    .await;
}

#[tokio::test]
async fn two_people_behind_the_proxy_talk_are_on_hold_and_hang_up() {
    story(async |stage| {
        let caller = phone(stage, 700).await;
        let callee = phone(stage, 1300).await;
        for hangs_up_first in [&caller, &callee] {
            caller.calls(&callee.person.number).await;
            callee.sees_in(CALLS, &caller.person.name).await;
            callee.press_in(CALLS, "Answer").await;
            callee.hears(700).await;
            caller.hears(1300).await;
            for (holds, hears, tone) in [(&caller, &callee, 700), (&callee, &caller, 1300)] {
                holds.press_in(CALLS, "Hold").await;
                hears.hears(MUSIC).await;
                holds.press_in(CALLS, "Resume").await;
                hears.hears(tone).await;
            }
            hangs_up_first.hangs_up().await;
            for phone in [&caller, &callee] {
                phone.sees(READY).await;
            }
        }
        leaves(&caller).await;
        leaves(&callee).await;
    })
    .await;
}

#[tokio::test]
async fn a_restart_of_the_proxy_is_survived() {
    story_alone(async |stage| {
        let phone = phone(stage, 700).await;
        phone.talks_to("600").await;
        phone.hears(700).await;
        tokio::join!(phone.sees_no_more(READY), restart());
        phone.sees_within(READY, 60).await;
        // The sound took its own way all the time.
        phone.hears(700).await;
        phone.hangs_up().await;

        Ami::connect().await.call(&phone.person.login, "<0145000001>", "601").await;
        phone.press_in(CALLS, "Answer").await;
        phone.hears(1004).await;
        phone.hangs_up().await;
        leaves(&phone).await;
    })
    .await;
}

#[tokio::test]
async fn who_is_in_a_call_is_found_by_the_new_way_after_a_restart_of_the_proxy() {
    story_alone(async |stage| {
        let caller = phone(stage, 700).await;
        let callee = phone(stage, 1300).await;
        caller.calls(&callee.person.number).await;
        callee.press_in(CALLS, "Answer").await;
        caller.hears(1300).await;
        tokio::join!(caller.sees_no_more(READY), callee.sees_no_more(READY), restart());
        for phone in [&caller, &callee] {
            phone.sees_within(READY, 60).await;
        }
        callee.hears(700).await;
        caller.press_in(CALLS, "Hold").await;
        callee.hears(MUSIC).await;
        caller.press_in(CALLS, "Resume").await;
        callee.hears(700).await;
        // What Asterisk has to say comes by the new websocket, through a proxy that knows nothing of the old one.
        caller.press_in(CALLS, "Hang up").await;
        callee.sees_in(CALLS, "The other side hung up.").await;
        let mut ami = Ami::connect().await;
        for phone in [&caller, &callee] {
            let login = &phone.person.login;
            let gone = async || ami.channels(login).await.is_empty().then_some(());
            patience::until("Asterisk has nothing of the call any more", 15, gone).await;
            leaves(phone).await;
        }
    })
    .await;
}

/// Ends Kamailio; whoever runs it starts it anew.
async fn restart() {
    let end = json!({ "jsonrpc": "2.0", "method": "core.kill", "id": 1 });
    let request = reqwest::Client::new().post(setting("XC_KAMAILIO_RPC")).body(end.to_string());
    request.send().await.expect("Kamailio answers");
}

#[tokio::test]
async fn requests_take_the_way_that_the_proxy_recorded() {
    story(async |_| {
        let mut alice = Agent::registered_with(Server::Kamailio).await;
        let call = alice.talks_to("601").await;
        let accepted = message(&alice, "< SIP/2.0 200", "INVITE");
        let ack = message(&alice, "> ACK", "ACK");
        // Two hops: the proxy's side towards the phone, and the one towards Asterisk.
        let mut recorded = fields(&accepted, "Record-Route");
        assert_eq!(recorded.len(), 2, "{accepted}");
        recorded.reverse();
        assert_eq!(fields(&ack, "Route"), recorded);
        alice.hangs_up(call).await;
        assert_eq!(fields(&message(&alice, "> BYE", "BYE"), "Route"), recorded);
        alice.leaves().await;
    })
    .await;
}

#[tokio::test]
async fn the_registrar_learns_the_flow_that_leads_to_the_phone() {
    story(async |_| {
        let mut alice = Agent::registered_with(Server::Kamailio).await;
        let (mut ami, login) = (Ami::connect().await, alice.person.login.clone());
        // Challenged by Asterisk, through the proxy.
        assert_eq!(alice.count("< SIP/2.0 401"), 1);
        let kept = ami.registrations(&login).await;
        assert!(kept.contains("transport=ws;lr;ob"), "no Path with a flow in it: {kept}");
        let ((), call) = tokio::join!(ami.call(&login, "<0145000001>", "601"), alice.answers());
        ami.hang_up(&login).await;
        assert_eq!(alice.is_over(call).await.cause, EndedCause::RemoteBye);
        alice.leaves().await;
        ami.until_without_contacts(&login).await;
    })
    .await;
}

#[tokio::test]
async fn the_proxy_answers_pings() {
    story(async |_| {
        let mut alice = Agent::registered_with(Server::Kamailio).await;
        let answered = |agent: &Agent| agent.ua.round_trip().is_some();
        alice.comes_within(Duration::from_secs(45), "a pong", answered).await;
        assert_eq!((alice.count("> \r\n\r\n"), alice.count("> OPTIONS")), (1, 0));
        alice.leaves().await;
    })
    .await;
}

#[tokio::test]
async fn of_two_who_are_called_at_once_one_takes_the_call() {
    story(async |_| {
        let mut alice = Agent::registered_with(Server::Kamailio).await;
        let mut bob = Agent::registered_with(Server::Kamailio).await;
        let mut carol = Agent::registered_with(Server::Kamailio).await;
        let call = alice.calls(&format!("fork-{}-{}", bob.person.number, carol.person.number));
        let ((of_bob, incoming), (of_carol, _), ()) =
            tokio::join!(bob.is_called(), carol.is_called(), alice.flush());
        for (agent, session) in [(&mut bob, of_bob), (&mut carol, of_carol)] {
            agent.ua.ring(session, agent.now()).unwrap();
            agent.flush().await;
            let rings = |event| matches!(event, SessionEvent::Progress { .. }).then_some(());
            alice.told(call, "that one of them rings", rings).await;
        }
        tokio::join!(bob.takes(of_bob, &incoming), alice.is_answered(call));
        let ended = carol.is_over(of_carol).await.cause;
        assert!(matches!(ended, EndedCause::RemoteCancel { .. }), "{ended:?}");
        bob.hangs_up(of_bob).await;
        assert_eq!(alice.is_over(call).await.cause, EndedCause::RemoteBye);
        for agent in [&mut alice, &mut bob, &mut carol] {
            agent.leaves().await;
        }
    })
    .await;
}

/// The last message that begins so and has that method in its CSeq.
fn message(agent: &Agent, beginning: &str, method: &str) -> String {
    let cseq = format!(" {method}\r\n");
    let found = agent.wire.iter().rfind(|message| message.starts_with(beginning) && message.contains(&cseq));
    found.unwrap_or_else(|| panic!("no {beginning}")).clone()
}

/// The values of a header field, one by one.
fn fields(message: &str, name: &str) -> Vec<String> {
    let values = message.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
    values.flat_map(|value| value.split(',')).map(|value| value.trim().to_owned()).collect()
}

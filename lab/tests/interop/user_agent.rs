//! The phone's own user agent against a real Asterisk, without a browser: changes inside a call, transfers by REFER.

use std::time::Duration;

use xc_webrtc::sip::event::SessionEvent;
use xc_webrtc::sip::header::Name;
use xc_webrtc::sip::sdp::MediaDirection;
use xc_webrtc::sip::status::StatusCode;

use crate::agent::{Agent, answered, sdp};
use crate::support::stage::story;

#[tokio::test]
async fn asterisk_lets_itself_be_held_and_resumed() {
    story(async |_| {
        let mut alice = Agent::registered().await;
        let call = alice.talks_to("601").await;
        for (ours, theirs) in [
            ("sendonly", MediaDirection::RecvOnly),
            ("sendrecv", MediaDirection::SendRecv),
            ("inactive", MediaDirection::Inactive),
        ] {
            alice.ua.reoffer(call, &sdp(ours, "actpass"), alice.now()).unwrap();
            assert_eq!(alice.told(call, "the answer to a re-INVITE", answered).await, theirs);
            alice.flush().await;
        }
        alice.hangs_up(call).await;
    })
    .await;
}

#[tokio::test]
async fn asterisk_takes_tones_by_info() {
    story(async |_| {
        let mut alice = Agent::registered().await;
        let call = alice.talks_to("602").await;
        for digit in "1234".chars() {
            let body = format!("Signal={digit}\r\nDuration=120\r\n");
            alice.ua.info(call, "application/dtmf-relay", &body, alice.now()).unwrap();
            let status = alice
                .told(call, "the answer to an INFO", |event| match event {
                    SessionEvent::InfoAnswered { status } => Some(status),
                    _ => None,
                })
                .await;
            assert_eq!(status, Some(StatusCode::OK));
        }
        alice.hangs_up(call).await;
    })
    .await;
}

#[tokio::test]
async fn asterisk_carries_a_direct_transfer_out() {
    story(async |_| {
        let (mut alice, mut bob) = (Agent::registered().await, Agent::registered().await);
        let (call, _) = alice.talks_to_person(&mut bob).await;
        let target = alice.ua.resolve("601").unwrap();
        alice.ua.refer(call, target, alice.now()).unwrap();
        assert_eq!(alice.refer_ends(call).await, Ok(()));
    })
    .await;
}

#[tokio::test]
async fn asterisk_joins_the_others_of_an_attended_transfer() {
    story(async |_| {
        let (mut alice, mut bob) = (Agent::registered().await, Agent::registered().await);
        let (call, _) = alice.talks_to_person(&mut bob).await;
        alice.ua.reoffer(call, &sdp("sendonly", "actpass"), alice.now()).unwrap();
        alice.told(call, "the answer to a hold", answered).await;
        let consultation = alice.talks_to("601").await;
        alice.ua.refer_to_session(call, consultation, alice.now()).unwrap();
        assert_eq!(alice.refer_ends(call).await, Ok(()));
    })
    .await;
}

#[tokio::test]
async fn a_transfer_to_nobody_is_told() {
    story(async |_| {
        let (mut alice, mut bob) = (Agent::registered().await, Agent::registered().await);
        let (call, _) = alice.talks_to_person(&mut bob).await;
        let target = alice.ua.resolve("4711").unwrap();
        alice.ua.refer(call, target, alice.now()).unwrap();
        let failed = alice.refer_ends(call).await.unwrap_err();
        assert_eq!(failed.map(StatusCode::code), Some(404));
    })
    .await;
}

#[tokio::test]
async fn asterisk_keeps_a_call_up_that_is_refreshed() {
    story(async |_| {
        let mut alice = Agent::registered().await;
        let call = alice.talks_to("601").await;
        for _ in 0..3 {
            // Half of the half hour that both agreed on.
            alice.skip(Duration::from_secs(900));
            alice.hears(200, "UPDATE").await;
        }
        alice.ua.reoffer(call, &sdp("sendonly", "actpass"), alice.now()).unwrap();
        assert_eq!(alice.told(call, "the answer to a re-INVITE", answered).await, MediaDirection::RecvOnly);
        alice.ua.hang_up(call, alice.now()).unwrap();
        alice.flush().await;
    })
    .await;
}

#[tokio::test]
async fn asterisk_is_confirmed_what_it_says_before_the_answer() {
    story(async |_| {
        let (mut alice, mut bob) = (Agent::registered().await, Agent::registered().await);
        let number = bob.person.number.clone();
        let required = vec![(Name::REQUIRE, "100rel".to_owned())];
        let call = alice.calls_with(&number, required);
        alice.flush().await;
        let (bobs, incoming) = bob.is_called().await;
        bob.ua.ring(bobs, bob.now()).unwrap();
        bob.flush().await;
        alice.hears(200, "PRACK").await;
        tokio::join!(alice.is_answered(call), bob.takes(bobs, &incoming));
        alice.ua.hang_up(call, alice.now()).unwrap();
        alice.flush().await;
    })
    .await;
}

#[tokio::test]
async fn asterisk_tells_who_is_there_after_a_transfer() {
    story(async |_| {
        let mut alice = Agent::registered().await;
        let (mut bob, mut carol) = (Agent::registered().await, Agent::registered().await);
        let number = bob.person.number.clone();
        let (call, bobs) = tokio::join!(alice.talks_to(&number), bob.answers());
        let number = carol.person.number.clone();
        tokio::join!(alice.shows(call, &number), bob.hands_over(bobs, &number), carol.answers());
        alice.ua.hang_up(call, alice.now()).unwrap();
        alice.flush().await;
    })
    .await;
}

/// Asterisk 22 passes pings over: that is not taken for an end, and it is asked by OPTIONS instead.
#[tokio::test]
async fn asterisk_gives_a_sign_of_life() {
    story(async |_| {
        let mut alice = Agent::registered().await;
        alice.ua.probe(alice.now());
        alice.flush().await;
        alice.skip(Duration::from_secs(10));
        alice.ua.probe(alice.now());
        alice.comes_to("an answer to OPTIONS", |agent| agent.ua.round_trip().is_some()).await;
        assert!(alice.ua.is_registered());
    })
    .await;
}

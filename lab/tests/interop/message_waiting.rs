//! Voice mail: Asterisk says how many messages wait without having been asked (RFC 3842).

use xc_webrtc::sip::event::Event;
use xc_webrtc::sip::message_summary::MessageSummary;

use crate::ASTERISK;
use crate::agent::Agent;
use crate::ami::Ami;
use crate::support::stage::story;

#[tokio::test]
async fn asterisk_says_how_many_messages_wait() {
    story(async |_| {
        let mut alice = Agent::registered().await;
        let mut ami = Ami::connect().await;
        for (told, expected) in [
            ("Voice-Message: 2/1 (0/0)", MessageSummary { waiting: true, new: 2, old: 1 }),
            ("Voice-Message: 0/3 (0/0)", MessageSummary { waiting: false, new: 0, old: 3 }),
        ] {
            ami.tell_messages(&alice.person.login, expected.waiting, told).await;
            let summary = |event| match event {
                Event::MessageWaiting(summary) => Some(summary),
                _ => None,
            };
            assert_eq!(alice.until("how many messages wait", summary).await, expected);
        }
        let sent = alice.wire.iter().rfind(|message| message.starts_with("> ")).unwrap();
        assert!(sent.starts_with("> SIP/2.0 200") && sent.contains(" NOTIFY\r\n"), "{sent}");
    })
    .await;
}

#[tokio::test]
async fn a_person_sees_that_messages_wait() {
    story(async |stage| {
        let phone = stage.phone(&ASTERISK, 700).await;
        let mut ami = Ami::connect().await;
        ami.tell_messages(&phone.person.login, true, "Voice-Message: 2/1 (0/0)").await;
        phone.sees("New voice messages: 2").await;
        ami.tell_messages(&phone.person.login, false, "Voice-Message: 0/3 (0/0)").await;
        phone.sees_no_more("New voice messages").await;
    })
    .await;
}

//! One account with two phones: both ring, one takes the call.

use xc_webrtc::sip::event::{EndedCause, SessionEvent};

use crate::agent::Agent;
use crate::support::stage::story;

/// In front of a number: all phones of that account ring.
const ALL_PHONES: &str = "8";

#[tokio::test]
async fn all_phones_of_an_account_ring_and_the_others_learn_who_took_it() {
    story(async |_| {
        let (mut alice, mut bob) = (Agent::registered().await, Agent::registered().await);
        let mut at_home = bob.another().await;
        let call = alice.calls(&format!("{ALL_PHONES}{}", bob.person.number));
        let ((at_work, incoming), (rings, _), ()) =
            tokio::join!(bob.is_called(), at_home.is_called(), alice.flush());
        tokio::join!(bob.takes(at_work, &incoming), alice.is_answered(call));
        let ended = at_home.is_over(rings).await;
        assert_eq!(ended.cause, EndedCause::RemoteCancel { answered_elsewhere: true }, "{ended:?}");
        bob.hangs_up(at_work).await;
        assert_eq!(alice.is_over(call).await.cause, EndedCause::RemoteBye);
    })
    .await;
}

#[tokio::test]
async fn who_gives_up_stops_all_phones() {
    story(async |_| {
        let (mut alice, mut bob) = (Agent::registered().await, Agent::registered().await);
        let mut at_home = bob.another().await;
        let call = alice.calls(&format!("{ALL_PHONES}{}", bob.person.number));
        let ((at_work, _), (at_table, _), ()) =
            tokio::join!(bob.is_called(), at_home.is_called(), alice.flush());
        for (agent, session) in [(&mut bob, at_work), (&mut at_home, at_table)] {
            agent.ua.ring(session, agent.now()).unwrap();
            agent.flush().await;
        }
        let rings = |event| matches!(event, SessionEvent::Progress { .. }).then_some(());
        alice.told(call, "that it rings", rings).await;
        alice.ua.hang_up(call, alice.now()).unwrap();
        alice.flush().await;
        for (agent, session) in [(&mut bob, at_work), (&mut at_home, at_table)] {
            let ended = agent.is_over(session).await;
            assert_eq!(ended.cause, EndedCause::RemoteCancel { answered_elsewhere: false }, "{ended:?}");
        }
    })
    .await;
}

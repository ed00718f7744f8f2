//! Both sides want to change the call at the same moment (RFC 3261 §14.1): each refuses the other with 491, waits its
//! own while, and in the end both have what they wanted.

use xc_webrtc::sip::event::SessionEvent;
use xc_webrtc::sip::sdp::{Description, MediaDirection};
use xc_webrtc::sip::status::StatusCode;

use crate::agent::{Agent, answered, sdp, sdp_with_video};
use crate::support::stage::story;

#[tokio::test]
async fn crossing_offers_are_both_refused_and_both_made_again() {
    story(async |_| {
        let (mut alice, mut bob) = (Agent::registered().await, Agent::registered().await);
        let (of_alice, of_bob) = alice.talks_to_person(&mut bob).await;

        // Bob shows a picture, so Asterisk offers Alice one. She has not seen that yet when she puts the call on hold.
        bob.ua.reoffer(of_bob, &sdp_with_video("sendrecv", "actpass"), bob.now()).unwrap();
        bob.told(of_bob, "the answer to a picture", answered).await;
        bob.flush().await;
        let theirs = loop {
            let message = alice.holds_back().await;
            if message.starts_with("INVITE ") {
                break message;
            }
            alice.sees(message);
            alice.flush().await;
        };
        alice.ua.reoffer(of_alice, &sdp("sendonly", "actpass"), alice.now()).unwrap();
        alice.flush().await;
        alice.sees(theirs);

        let retry_in = alice
            .told(of_alice, "the refusal of our offer", |event| match event {
                SessionEvent::OfferRefused { status, retry_in, .. } => {
                    assert_eq!(status, StatusCode::REQUEST_PENDING);
                    retry_in
                }
                _ => None,
            })
            .await;
        assert_eq!(alice.count("> SIP/2.0 491"), 1, "theirs is refused, too");
        let again = alice.now() + retry_in;

        // Asterisk makes its offer again by itself; ours is the phone's to make again.
        let offered = |event: SessionEvent| match event {
            SessionEvent::Offer { offer, .. } => offer,
            _ => None,
        };
        let offer = alice.told(of_alice, "their offer once more", offered).await;
        assert!(Description::parse(&offer).has_video(), "{offer}");
        alice.goes_on_until(again).await;
        alice.ua.reoffer(of_alice, &sdp_with_video("sendonly", "actpass"), alice.now()).unwrap();
        assert_eq!(alice.told(of_alice, "the answer to a hold", answered).await, MediaDirection::RecvOnly);
        alice.hangs_up(of_alice).await;
        bob.is_over(of_bob).await;
    })
    .await;
}

//! Digits: collected by *60, and on their way between people.

use serde_json::json;
use xc_lab::Lab;
use xc_webrtc::sip::header::Name;
use xc_webrtc::sip::method::Method;
use xc_webrtc::sip::status::StatusCode;

use crate::lab;
use crate::support::http::get;
use crate::support::peer::Peer;
use crate::support::phone::Phone;
use crate::support::talk::{Talk, talk_together};

/// INFO with a body of that type; gives the status.
async fn info(phone: &mut Phone, talk: &Talk, kind: &str, body: &str) -> StatusCode {
    let mut info = phone.inside(talk, Method::Info);
    info.headers.push(Name::CONTENT_TYPE, kind);
    info.body = body.to_owned();
    phone.ask(info).await.1.status
}

async fn digits_heard(lab: &Lab) -> String {
    get(lab.address, "/lab/calls").await.1[0]["caller"]["phones"][0]["digits"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn digits_by_sound_are_said_back_after_the_hash() {
    let lab = lab().await;
    let mut alice = Phone::registered(lab.address, "alice").await;
    let mut peer = Peer::saying("A").await;
    alice.talks_to("*60", &mut peer).await;
    peer.is_connected().await;
    peer.dial("1905*ABD#").await;
    // Sixteen sounds of a quarter of a second would be longer than this.
    peer.hears("the keys", |frame| frame.len() > 20).await;
    assert_eq!(digits_heard(&lab).await, "1905*ABD#");
    alice.cti.event("EventDialing").await;
    alice.cti.event("EventEstablished").await;
    let said = alice.cti.event("EventEstablished").await;
    assert_eq!(said["userData"]["USR_digits"], "1905*ABD");
}

#[tokio::test]
async fn digits_by_info_are_said_back_too() {
    let lab = lab().await;
    let mut alice = Phone::registered(lab.address, "alice").await;
    let talk = alice.talks_to("*60", &mut Peer::saying("A").await).await;
    for (kind, body) in [
        ("application/dtmf-relay", "Signal=4\r\nDuration=160\r\n"),
        ("application/dtmf", "2"),
        ("Application/DTMF-Relay;x=y", "Signal= #"),
    ] {
        assert_eq!(info(&mut alice, &talk, kind, body).await, StatusCode::OK);
    }
    alice.cti.event("EventDialing").await;
    alice.cti.event("EventEstablished").await;
    assert_eq!(alice.cti.event("EventEstablished").await["userData"]["USR_digits"], json!("42"));
    assert_eq!(info(&mut alice, &talk, "application/dtmf-relay", "Signal=E").await, StatusCode::BAD_REQUEST);
    assert_eq!(info(&mut alice, &talk, "text/plain", "5").await, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert_eq!(info(&mut alice, &talk, "text/plain", "").await, StatusCode::OK);
}

#[tokio::test]
async fn digits_between_people_go_on_to_the_other_side() {
    let lab = lab().await;
    let mut alice = Phone::registered(lab.address, "alice").await;
    let mut bob = Phone::registered(lab.address, "bob").await;
    let (mut alices, mut bobs) = (Peer::saying("A").await, Peer::saying("B").await);
    let (hers, _) = talk_together((&mut alice, &mut alices), (&mut bob, &mut bobs), "1002").await;
    Peer::hear_each_other(&mut alices, &mut bobs, 3).await;
    let typed = async {
        alices.dial("12").await;
        info(&mut alice, &hers, "application/dtmf-relay", "Signal=3").await;
        alices.talk_on().await
    };
    tokio::select! {
        () = typed => {}
        () = bobs.hears_digits("123") => {}
    }
}

//! Broken connections and a hostile name.

use crate::LAB;
use crate::door::Door;
use crate::support::phone::{CALLS, READY};
use crate::support::stage::story;

#[tokio::test]
async fn a_lost_registration_comes_back_by_itself() {
    story(async |stage| {
        let phone = stage.phone(&LAB, 700).await;
        let door = Door::new();
        tokio::join!(phone.sees_no_more(READY), door.drop_sip_sockets(&phone.person));
        phone.sees(READY).await;
        phone.talks_to("*55").await;
        phone.hears(700).await;
    })
    .await;
}

#[tokio::test]
async fn a_lost_connection_does_not_end_the_call() {
    story(async |stage| {
        let phone = stage.phone(&LAB, 700).await;
        let door = Door::new();
        phone.talks_to("*56").await;
        phone.hears(1000).await;
        tokio::join!(phone.sees_no_more(READY), door.drop_sip_sockets(&phone.person));
        phone.hears(1000).await;
        phone.sees(READY).await;
        phone.hears(1000).await;

        phone.hangs_up().await;
        door.until_without_calls(&phone.person).await;
    })
    .await;
}

#[tokio::test]
async fn a_lost_link_to_the_server_comes_back_by_itself() {
    story(async |stage| {
        let phone = stage.phone(&LAB, 700).await;
        let door = Door::new();
        tokio::join!(phone.sees("Server lost"), door.drop_cti_sockets(&phone.person));
        phone.sees(READY).await;
        phone.talks_to("*55").await;
    })
    .await;
}

#[tokio::test]
async fn an_ended_token_leads_back_to_the_form_with_the_reason() {
    story(async |stage| {
        let phone = stage.phone(&LAB, 700).await;
        let door = Door::new();
        door.expire_tokens(&phone.person).await;
        door.drop_cti_sockets(&phone.person).await;
        phone.sees("Your session has expired. Log in again.").await;
        phone.logs_in().await;
        phone.sees(READY).await;
    })
    .await;
}

#[tokio::test]
async fn markup_in_a_callers_name_is_shown_as_text() {
    const NAME: &str = "<img src=x onerror=\"document.title='run'\">";
    story(async |stage| {
        let phone = stage.phone(&LAB, 700).await;
        Door::new().call(&phone.person, "0145000001", NAME).await;
        phone.sees_in(CALLS, NAME).await;
        assert_ne!(phone.title().await, "run");
        phone.press_in(CALLS, "Answer").await;
        phone.hears(1000).await;
        phone.sees_in(CALLS, NAME).await;
        phone.hangs_up().await;
    })
    .await;
}

//! Registering with a real registrar.

use crate::ASTERISK;
use crate::ami::Ami;
use crate::support::browser::Setup;
use crate::support::page::Role;
use crate::support::phone::READY;
use crate::support::stage::{story, story_alone};

#[tokio::test]
async fn a_phone_registers_and_leaves() {
    story(async |stage| {
        let phone = stage.phone(&ASTERISK, 700).await;
        let mut ami = Ami::connect().await;
        let login = &phone.person.login;
        assert!(ami.contacts(login).await > 0, "the page says {READY:?}, Asterisk says otherwise");
        phone.logs_out().await;
        ami.until_without_contacts(login).await;
    })
    .await;
}

#[tokio::test]
async fn a_wrong_password_is_told_as_lasting() {
    story(async |stage| {
        let phone = stage.phone_at_login(&ASTERISK, Setup::default()).await;
        phone.log_in("wrong").await;
        phone.sees("Not registered").await;
        phone.press("Not registered").await;
        phone.sees("Trying again will hardly help").await;
        phone.sees_no(Role::Button, READY).await;
        assert_eq!(Ami::connect().await.contacts(&phone.person.login).await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_restart_of_asterisk_is_survived() {
    story_alone(async |stage| {
        let phone = stage.phone(&ASTERISK, 700).await;
        let ami = Ami::connect().await;
        tokio::join!(phone.sees_no_more(READY), ami.restart());
        phone.sees_within(READY, 60).await;
        assert!(Ami::connect().await.contacts(&phone.person.login).await > 0);
        phone.talks_to("600").await;
        phone.hears(700).await;
        phone.hangs_up().await;
    })
    .await;
}

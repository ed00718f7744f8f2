//! Logging in, staying logged in, logging out.

use crate::LAB;
use crate::door::Door;
use crate::support::browser::Setup;
use crate::support::page::Role;
use crate::support::phone::READY;
use crate::support::stage::story;

#[tokio::test]
async fn a_person_logs_in_and_is_ready_for_calls() {
    story(async |stage| {
        let phone = stage.phone(&LAB, 700).await;
        phone.sees(&phone.person.name).await;
        phone.sees_no(Role::Button, "Log in").await;
    })
    .await;
}

#[tokio::test]
async fn a_wrong_password_is_told_at_the_form_which_keeps_the_login_only() {
    story(async |stage| {
        let phone = stage.phone_at_login(&LAB, Setup::default()).await;
        phone.log_in("wrong").await;
        phone.sees("Wrong login or password. Check both and try again.").await;
        assert_eq!(phone.content("Login").await, phone.person.login);
        assert_eq!(phone.content("Password").await, "");

        phone.fill("Password", &phone.person.password).await;
        phone.press("Log in").await;
        phone.sees(READY).await;
        phone.sees_no_more("Wrong login or password").await;
    })
    .await;
}

#[tokio::test]
async fn an_empty_form_is_told_what_it_lacks() {
    story(async |stage| {
        let phone = stage.phone_at_login(&LAB, Setup::default()).await;
        phone.press("Log in").await;
        phone.sees("Type your login.").await;
        phone.fill("Login", &phone.person.login).await;
        phone.press("Log in").await;
        phone.sees("Type your password.").await;
    })
    .await;
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_told_at_the_form() {
    story(async |stage| {
        let phone = stage.phone_at_login(&LAB, Setup::default()).await;
        phone.unfolds("Advanced").await;
        // Nobody listens on the port for discarding.
        phone.fill("Server", "https://127.0.0.1:9").await;
        phone.logs_in().await;
        phone.sees("The server does not answer.").await;
        assert_eq!(phone.content("Server").await, "https://127.0.0.1:9");
        assert_eq!(phone.content("Password").await, "");
    })
    .await;
}

#[tokio::test]
async fn a_reloaded_page_is_still_logged_in() {
    story(async |stage| {
        let phone = stage.phone(&LAB, 700).await;
        phone.reload().await;
        phone.sees(READY).await;
        phone.sees(&phone.person.name).await;
    })
    .await;
}

#[tokio::test]
async fn logging_out_ends_the_registration() {
    story(async |stage| {
        let door = Door::new();
        let phone = stage.phone(&LAB, 700).await;
        assert!(door.is_registered(&phone.person).await, "the page says {READY:?}, the lab says otherwise");
        phone.logs_out().await;
        phone.sees_a(Role::Button, "Log in").await;
        door.until_unregistered(&phone.person).await;

        // And the next to open the page is not logged in.
        phone.reload().await;
        phone.sees_a(Role::Button, "Log in").await;
        phone.sees_no_more(&phone.person.name).await;
    })
    .await;
}

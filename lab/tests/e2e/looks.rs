//! Languages, keyboards, narrow screens.

use thirtyfour::Key;

use crate::LAB;
use crate::support::browser::Setup;
use crate::support::page::Role;
use crate::support::phone::{CALLS, READY};
use crate::support::stage::story;

#[tokio::test]
async fn a_french_browser_gets_a_french_page() {
    story(async |stage| {
        let setup = Setup { language: "fr-FR", ..Setup::default() };
        let phone = stage.phone_at_login(&LAB, setup).await;
        phone.fill("Identifiant", &phone.person.login).await;
        phone.fill("Mot de passe", "faux").await;
        phone.press("Se connecter").await;
        phone.sees("Identifiant ou mot de passe incorrect.").await;
        phone.fill("Mot de passe", &phone.person.password).await;
        phone.press("Se connecter").await;
        phone.sees("Prêt à recevoir").await;
        phone.fill("Numéro", "*55").await;
        phone.press("Appeler").await;
        phone.sees_in("Appels", "En ligne").await;
        phone.press_in("Appels", "Raccrocher").await;
        phone.sees_in("Appels", "Vous avez raccroché.").await;
    })
    .await;
}

#[tokio::test]
async fn the_keyboard_is_enough() {
    story(async |stage| {
        let phone = stage.phone_at_login(&LAB, Setup::default()).await;
        phone.tab_to(Role::TextBox, "Login").await;
        phone.type_keys(phone.person.login.as_str()).await;
        phone.tab_to(Role::TextBox, "Password").await;
        phone.type_keys(phone.person.password.clone() + Key::Enter).await;
        phone.sees(READY).await;

        phone.tab_to(Role::TextBox, "Number").await;
        phone.type_keys("*55".to_owned() + Key::Enter).await;
        phone.is_in_call().await;
        phone.press_control_and('m').await;
        phone.sees_pressed("Mute", true).await;
        phone.tab_to(Role::Button, "Hang up").await;
        phone.type_keys(Key::Enter + "").await;
        phone.sees_in(CALLS, "You hung up.").await;
    })
    .await;
}

#[tokio::test]
async fn a_key_answers() {
    story(async |stage| {
        let caller = stage.phone(&LAB, 700).await;
        let callee = stage.phone(&LAB, 1300).await;
        caller.calls(&callee.person.number).await;
        callee.sees_a(Role::Button, "Answer").await;
        callee.press_control_and(char::from(Key::Enter)).await;
        callee.is_in_call().await;
        callee.hears(700).await;
    })
    .await;
}

#[tokio::test]
async fn a_narrow_screen_needs_no_sideways_scrolling() {
    story(async |stage| {
        let setup = Setup { size: (390, 844), ..Setup::default() };
        let phone = stage.phone_at_login(&LAB, setup).await;
        assert_eq!(phone.sideways_scroll().await, 0, "the log-in form");
        phone.logs_in().await;
        phone.sees(READY).await;
        assert_eq!(phone.sideways_scroll().await, 0, "the phone");
        phone.talks_to("*55").await;
        assert_eq!(phone.sideways_scroll().await, 0, "a call");
        phone.hangs_up().await;
        phone.open("/sample").await;
        phone.sees("Logged on as").await;
        assert_eq!(phone.sideways_scroll().await, 0, "the sample page");
        phone.press("Init").await;
        phone.sees_in("WebRTC events", "Registered").await;
        assert_eq!(phone.sideways_scroll().await, 0, "the sample page with events");
    })
    .await;
}

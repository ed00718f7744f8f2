//! Languages, keyboards, narrow screens.

use serde_json::{Value, json};
use thirtyfour::Key;

use crate::LAB;
use crate::support::browser::{Browser, Setup};
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
async fn another_language_is_chosen_in_a_call() {
    story(async |stage| {
        let phone = stage.phone(&LAB, 700).await;
        phone.talks_to("*55").await;
        blocks(&phone, json!(["*fr*.txt"])).await;
        phone.press("Settings").await;
        phone.choose("Language", "Français").await;
        phone.sees("The words of this language could not be loaded.").await;
        blocks(&phone, json!([])).await;
        phone.choose("Language", "Français").await;
        phone.sees_in("Appels", "En ligne").await;
        phone.hears(700).await;
        phone.choose("Langue", "English").await;
        phone.sees_in(CALLS, "In call").await;
        phone.type_keys(Key::Escape + "").await;
        phone.hangs_up().await;
    })
    .await;
}

/// What the browser cannot load from now on.
async fn blocks(browser: &Browser, addresses: Value) {
    let tools = browser.driver().cdp();
    tools.send_raw("Network.enable", json!({})).await.expect("the tools look at the network");
    let blocked = json!({ "urls": addresses });
    tools.send_raw("Network.setBlockedURLs", blocked).await.expect("the tools block addresses");
}

#[tokio::test]
async fn the_keyboard_is_enough() {
    story(async |stage| {
        let phone = stage.phone_at_login(&LAB, Setup::default()).await;
        phone.sees_a(Role::TextBox, "Login").await;
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

#[tokio::test]
async fn the_time_of_a_call_goes_by_seconds() {
    story(async |stage| {
        let phone = stage.phone(&LAB, 700).await;
        phone
            .look(
                "globalThis.seen = []; new MutationObserver(() => seen.push(text(given.region)))
            .observe(document, { childList: true, characterData: true, subtree: true })",
                json!({ "region": CALLS }),
            )
            .await;
        phone.talks_to("*55").await;
        let script = "const seconds = ['00:00', '00:01', '00:02', '00:03', '00:04', '00:05', '00:06'];
            await until('the last second', () => seen.some(words => words.includes(seconds.at(-1))), 30);
            return seconds.filter(second => !seen.some(words => words.includes(second)))";
        let left_out = phone.look(script, json!({})).await;
        // A browser that was busy for a second cannot have shown it.
        assert!(left_out.as_array().is_some_and(|seconds| seconds.len() <= 1), "left out: {left_out}");
        phone.hangs_up().await;
    })
    .await;
}

//! What the screen shows of a call that rings while nobody sees the page.

use serde_json::json;

use crate::LAB;
use crate::support::browser::{Browser, Setup};
use crate::support::page::Role;
use crate::support::stage::story;

const NOTIFY: &str = "Notify me when a call rings";

/// Keeps the notifications of the page, and whether they are gone, in sight.
const KEEP: &str = "
    globalThis.told = [];
    globalThis.Notification = class extends Notification {
        constructor(...given) {
            super(...given);
            told.push(this);
            this.addEventListener('close', () => this.gone = true);
        }
    };";

/// The address of the icon in the tab, without what follows the kind of its data.
async fn icon(browser: &Browser) -> String {
    let script = "return document.querySelector('link[rel=icon]').href.split(',')[0]";
    browser.look(script, json!({})).await.as_str().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn a_hidden_page_tells_of_a_call_by_a_notification_and_in_its_tab() {
    story(async |stage| {
        let caller = stage.phone(&LAB, 700).await;
        let callee = stage.phone(&LAB, 1300).await;
        let allowed = json!({ "permissions": ["notifications"] });
        callee.driver().cdp().send_raw("Browser.grantPermissions", allowed).await.unwrap();
        callee.press("Settings").await;
        callee.press_where(Role::CheckBox, NOTIFY, None).await;
        callee.run(KEEP, json!(null)).await;
        let own_icon = icon(&callee).await;

        let page = callee.driver().window().await.unwrap();
        let other = callee.driver().new_tab().await.unwrap();
        callee.driver().switch_to_window(other).await.unwrap();
        caller.calls(&callee.person.number).await;
        caller.sees("Ringing").await;
        callee.driver().switch_to_window(page).await.unwrap();
        let script = "await until('a notification', () => told.length === 1, 30); return [document.hidden, told[0].title]";
        let told = callee.look(script, json!({})).await;
        assert_eq!(told[1], format!("{} is calling", caller.person.name), "{told}");
        assert_eq!(icon(&callee).await, "data:image/svg+xml");
        assert!(callee.title().await.starts_with('●'));

        caller.press("Hang up").await;
        callee.look("await until('the notification gone', () => told[0].gone, 30)", json!({})).await;
        callee.sees("You missed this call.").await;
        assert_eq!(icon(&callee).await, own_icon);
    })
    .await;
}

#[tokio::test]
async fn nothing_is_asked_before_the_setting_is_and_a_refusal_is_told() {
    story(async |stage| {
        let setup = Setup { microphone_allowed: false, ..Setup::default() };
        let phone = stage.phone_with(&LAB, setup).await;
        phone.press("Settings").await;
        phone.press_where(Role::CheckBox, NOTIFY, None).await;
        phone.sees("The browser does not allow notifications.").await;
        let is_on = "return all(given)[0].checked";
        let wanted = json!({ "role": "checkbox", "name": NOTIFY });
        assert_eq!(phone.look(is_on, wanted).await, false);
    })
    .await;
}

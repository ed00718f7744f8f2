//! The page in the background: it is frozen, or its timers are slowed down.

use serde_json::json;

use crate::LAB;
use crate::door::Door;
use crate::support::browser::Setup;
use crate::support::phone::READY;
use crate::support::stage::story;

/// How long a registration holds in this story, in seconds.
const REGISTRATION: u32 = 10;

#[tokio::test]
async fn a_page_that_was_frozen_is_reachable_again_within_seconds() {
    story(async |stage| {
        let phone = stage.phone_at_login(&LAB, Setup::default()).await;
        let door = Door::new();
        door.shorten_registrations(&phone.person, REGISTRATION).await;
        phone.logs_in().await;
        phone.sees(READY).await;
        phone.freezes(true).await;
        door.until_unregistered(&phone.person).await;
        phone.freezes(false).await;
        // Chromium has closed the websockets, and tells the page so now.
        door.until_registered(&phone.person, 12).await;
        phone.sees(READY).await;
        door.shorten_registrations(&phone.person, 0).await;
        door.call(&phone.person, "0145000001", "Claire Dubois").await;
        phone.sees("Claire Dubois").await;
    })
    .await;
}

/// Counts the seconds, by a timer.
const COUNT: &str = "window.counted = { ticks: 0, began: performance.now(), hidden: document.hidden }; \
                     document.addEventListener('visibilitychange', () => { window.counted.hidden = true; }); \
                     setInterval(() => { window.counted.ticks += 1; }, 1000);";

/// How many seconds it counted, and how many there were.
const COUNTED: &str = "const { ticks, began, hidden } = window.counted; \
                       return { ticks, hidden, seconds: (performance.now() - began) / 1000 };";

/// `XC_REFRESHES=400` makes half an hour of it.
#[tokio::test]
async fn a_registration_holds_while_the_pages_timers_are_slowed_down() {
    let times =
        std::env::var("XC_REFRESHES").map_or(12, |times| times.parse().expect("XC_REFRESHES is a number"));
    story(async |stage| {
        let phone = stage.phone_at_login(&LAB, Setup { throttles: true, ..Setup::default() }).await;
        let door = Door::new();
        door.shorten_registrations(&phone.person, REGISTRATION).await;
        phone.logs_in().await;
        phone.sees(READY).await;
        phone.run(COUNT, json!({})).await;
        let page = phone.hides_its_page().await;
        // What becomes of a page that does nothing about it.
        phone.run(COUNT, json!({})).await;
        phone.minimises_its_window().await;
        door.until_refreshed(&phone.person, times, 20 * times).await;
        let empty = phone.run(COUNTED, json!({})).await.json().clone();
        phone.turns_to(page).await;
        let ours = phone.run(COUNTED, json!({})).await.json().clone();
        println!("{times} refreshes in time; timers of an empty page: {empty}, of this one: {ours}");
        let (ticks, seconds) = (empty["ticks"].as_f64(), empty["seconds"].as_f64());
        assert!(ticks < seconds.map(|seconds| seconds / 2.0), "nothing was slowed down: {empty}");
        assert_eq!(ours["hidden"], true, "it was seen all the time");

        door.shorten_registrations(&phone.person, 0).await;
        phone.sees(READY).await;
        door.call(&phone.person, "0145000001", "Claire Dubois").await;
        phone.sees("Claire Dubois").await;
    })
    .await;
}

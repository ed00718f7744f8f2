//! The pictures of the documents: log-in, call and sample page, on a desk and on a telephone, by day and by night.
//!
//! Run by `cargo xtask screenshot`, which starts all that and says where it is.
#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a picture that cannot be taken panics with the reason"
)]

#[path = "../support/mod.rs"]
mod support;

use std::path::Path;
use std::sync::LazyLock;

use serde_json::json;
use support::browser::{Browser, Setup};
use support::page::Role;
use support::people::{People, Person};
use support::phone::{CALLS, READY};
use support::settings::setting;
use support::stage::{Stage, story};

/// Who is in the pictures, and who calls her.
static ALICE: LazyLock<People> = LazyLock::new(|| one_of_the_lab("alice", "1001", "Alice Martin"));
static BOB: LazyLock<People> = LazyLock::new(|| one_of_the_lab("bob", "1002", "Bob Keller"));

/// Name and size in CSS pixels.
const SCREENS: [(&str, (u32, u32)); 2] = [("wide", (1280, 800)), ("narrow", (390, 844))];

/// As the media feature `prefers-color-scheme` has them.
const SCHEMES: [&str; 2] = ["light", "dark"];

/// The one person of that description; in the lab the password is the login.
fn one_of_the_lab(login: &str, number: &str, name: &str) -> People {
    let (login, number, name) = (login.to_string(), number.to_string(), name.to_string());
    People::new([Person { password: login.clone(), login, number, name }])
}

#[tokio::test]
async fn the_pictures_are_taken() {
    for (screen, size) in SCREENS {
        for scheme in SCHEMES {
            // A story each, for its people are free again when it is over.
            story(async |stage| take(stage, size, scheme, &format!("{screen}-{scheme}.png")).await).await;
        }
    }
}

async fn take(stage: &Stage, size: (u32, u32), scheme: &str, suffix: &str) {
    let phone = stage.phone_at_login(&ALICE, Setup { size, ..Setup::default() }).await;
    prefer(&phone, scheme).await;
    phone.sees_a(Role::Button, "Log in").await;
    save(&phone, &format!("log-in-{suffix}")).await;

    phone.logs_in().await;
    phone.sees(READY).await;
    let caller = stage.phone(&BOB, 1300).await;
    caller.calls(&phone.person.number).await;
    phone.sees_a(Role::Button, "Answer").await;
    save(&phone, &format!("ringing-{suffix}")).await;

    phone.press("Answer").await;
    phone.sees("00:03").await;
    save(&phone, &format!("call-{suffix}")).await;

    phone.press("Transfer").await;
    look(&phone, &format!("transfer-{suffix}")).await;
    phone.fill("Transfer to", "*55").await;
    phone.press("Consult first").await;
    phone.sees_a(Role::Button, "Complete transfer").await;
    phone.sees_in(CALLS, "In call").await;
    look(&phone, &format!("consultation-{suffix}")).await;
    phone.press("Cancel transfer").await;
    phone.sees_no(Role::Button, "Cancel transfer").await;
    phone.press("Close").await;
    phone.sees_no_more("On hold").await;
    phone.sees_no_more("Resuming…").await;
    phone.press("Keypad").await;
    look(&phone, &format!("keypad-{suffix}")).await;
    phone.press("Hold").await;
    phone.sees_in(CALLS, "On hold").await;
    phone.fill("Number", "*55").await;
    phone.press("Video call").await;
    phone.shows("video-remote").await;
    look(&phone, &format!("video-{suffix}")).await;
    phone.press("End video").await;
    phone.sees_no(Role::Button, "End video").await;
    look(&phone, &format!("two-calls-{suffix}")).await;
    phone.press("Settings").await;
    look(&phone, &format!("settings-{suffix}")).await;
}

/// A picture to look at only.
async fn look(browser: &Browser, name: &str) {
    save_in(browser, "XC_MORE_PICTURES", name).await;
}

/// Shows the page to a person who prefers that colour scheme.
async fn prefer(browser: &Browser, scheme: &str) {
    let features = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
    browser.driver().cdp().send_raw("Emulation.setEmulatedMedia", features).await.unwrap();
}

/// A picture of the documents.
async fn save(browser: &Browser, name: &str) {
    save_in(browser, "XC_PICTURES", name).await;
}

async fn save_in(browser: &Browser, folder: &str, name: &str) {
    // Out of the way of the caret and of transitions, so that two runs give the same picture.
    let still = "
        document.activeElement?.blur();
        const passing = document.getAnimations().filter(a => a.effect.getComputedTiming().endTime !== Infinity);
        await Promise.all(passing.map(a => a.finished.catch(() => {})));";
    browser.run(still, json!(null)).await;
    browser.driver().screenshot(&Path::new(&setting(folder)).join(name)).await.unwrap();
}

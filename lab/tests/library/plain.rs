//! `examples/plain.html`, as a person uses it.

use crate::support::stage::story;

#[tokio::test]
async fn the_example_logs_in_calls_and_hangs_up() {
    story(async |stage| {
        let page = stage.example(700).await;
        let (browser, login) = (page.browser(), page.person.login.clone());
        browser.fill("Login", &login).await;
        browser.fill("Password", "wrong").await;
        browser.press("Log in").await;
        browser.sees("wrong login or password").await;
        browser.fill("Password", &login).await;
        browser.press("Log in").await;
        browser.sees("Registered").await;
        browser.fill("Number", "*55").await;
        browser.press("Call").await;
        browser.hears(700).await;
        browser.press("Hang up").await;
        browser.sees("Terminated: Call terminated").await;
        let lines = include_str!("../../../examples/plain.html").lines().count()
            + include_str!("../../../examples/plain.js").lines().count();
        assert!(lines < 60, "{lines} lines");
    })
    .await;
}

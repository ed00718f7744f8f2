//! The library on a real Asterisk; the lab does what XUC does.

use std::sync::LazyLock;

use serde_json::json;

use crate::ami::Ami;
use crate::integrator::Page;
use crate::people::talk;
use crate::support::browser::{Kind, Setup};
use crate::support::hearing::MUSIC;
use crate::support::people::People;
use crate::support::settings::setting;
use crate::support::stage::{Stage, story};

/// The accounts that xtask gave the Asterisk.
static ASTERISK: LazyLock<People> = LazyLock::new(|| People::everybody(|_| setting("XC_ASTERISK_PASSWORD")));

/// Someone with an account there at that page, in a browser of that kind.
async fn at(stage: &Stage, page: &str, setup: Setup) -> Page {
    let person = stage.person(&ASTERISK).await;
    Ami::connect().await.end_calls_of(&person.login).await;
    let browser = stage.browser(setup).await;
    let address = format!("{}{page}", setting("XC_ASTERISK_PAGE_URL"));
    browser.driver().goto(&address).await.unwrap_or_else(|cause| panic!("{address} does not open: {cause}"));
    Page::of(browser, person)
}

/// Someone at the page with our own `Cti`, ready for calls, with a tone of 700 Hz at the microphone.
async fn ready(stage: &Stage) -> Page {
    ready_with(stage, Setup { tone: 700, ..Setup::default() }).await
}

async fn ready_with(stage: &Stage, setup: Setup) -> Page {
    let page = at(stage, "/own.html", setup).await;
    page.run_with(
        "await Cti.login('', given.me, given.other);
         xc_webrtc.init(given.me);
         await happens('registration Registered');",
        json!(page.person.password),
    )
    .await;
    page
}

/// Someone at the page with a `Cti` of its own, ready for calls; there `init` starts the phone again.
async fn ready_with_their_cti(stage: &Stage, tone: u32) -> Page {
    let page = at(stage, "/theirs.html", Setup { tone, ..Setup::default() }).await;
    page.run_with("await theirs_ready_for_calls(given.me, given.other);", json!(page.person.password)).await;
    page
}

/// Calls the echo, hears it, holds and resumes, and hangs up in that way.
async fn calls_holds_and_hangs_up(page: &Page, hang_up: &str) {
    page.run("xc_webrtc.dial('600'); await happens('outgoing Connected');").await;
    page.browser().hears(700).await;
    let rest = format!(
        "const held = await held_and_resumed('outgoing');
         {hang_up};
         await happens('outgoing Terminated');
         return [...held, xc_webrtc.calls(), errors];"
    );
    assert_eq!(page.run(&rest).await, json!([true, true, [], []]));
}

#[tokio::test]
async fn a_call_is_made_heard_held_resumed_and_ended() {
    story(async |stage| {
        let page = ready(stage).await;
        page.run("xc_webrtc.dial('600'); await happens('outgoing Connected');").await;
        page.browser().hears(700).await;
        let told = page
            .run(
                "const held = await held_and_resumed('outgoing');
                 const digit = xc_webrtc.dtmf(1);
                 xc_webrtc.hangup();
                 await happens('outgoing Terminated');
                 return [...held, digit, xc_webrtc.calls().length, errors];",
            )
            .await;
        assert_eq!(told, json!([true, true, true, 0, []]));
    })
    .await;
}

#[tokio::test]
async fn in_firefox_a_call_is_made_heard_held_resumed_and_ended() {
    story(async |stage| {
        let page = ready_with(stage, Setup { kind: Kind::Firefox, tone: 700, ..Setup::default() }).await;
        calls_holds_and_hangs_up(&page, "xc_webrtc.hangup()").await;
    })
    .await;
}

#[tokio::test]
async fn a_call_is_handed_over_after_asking() {
    story(async |stage| {
        let [agent, caller, third] = [
            ready(stage).await,
            ready_with(stage, Setup { tone: 1300, ..Setup::default() }).await,
            ready_with(stage, Setup { tone: 2300, ..Setup::default() }).await,
        ];
        talk(&caller, &agent).await;
        agent.browser().hears(1300).await;
        let asked = agent
            .run_with(
                "const asked = xc_webrtc.attendedTransfer(given.other);
                 await happens('incoming Hold');
                 return asked;",
                json!(third.person.number),
            )
            .await;
        assert_eq!(asked, true);
        third.run("await happens('incoming Setup'); xc_webrtc.answer();").await;
        third.browser().hears(700).await;
        caller.browser().hears(MUSIC).await;
        let told = agent
            .run(
                "const done = xc_webrtc.completeTransfer();
                 await happens('incoming Terminated', await happens('incoming Terminated') + 1);
                 return [done, errors];",
            )
            .await;
        assert_eq!(told, json!([true, []]));
        third.browser().hears(1300).await;
        caller.browser().hears(2300).await;
    })
    .await;
}

#[tokio::test]
async fn a_busy_number_and_one_that_does_not_exist_are_told() {
    story(async |stage| {
        let page = ready(stage).await;
        let told = page
            .run(
                "const reasons = [];
                 for (const number of ['603', '9999']) {
                   const from = seen.length;
                   xc_webrtc.dial(number);
                   reasons.push(seen[await happens('outgoing Terminated', from)].event.data.reason);
                 }
                 return reasons;",
            )
            .await;
        assert!(
            told.as_array().unwrap().iter().all(|reason| reason.as_str().is_some_and(|it| !it.is_empty())),
            "{told}"
        );
        assert_ne!(told[0], told[1]);
    })
    .await;
}

#[tokio::test]
async fn with_a_cti_of_the_page_s_own_a_call_is_made_held_and_ended() {
    story(async |stage| {
        let page = ready_with_their_cti(stage, 700).await;
        calls_holds_and_hangs_up(&page, "Cti.hangup()").await;
    })
    .await;
}

#[tokio::test]
async fn with_a_cti_of_the_page_s_own_digits_are_read_as_they_were_sent() {
    story(async |stage| {
        let page = ready_with_their_cti(stage, 700).await;
        let (mut ami, variable) = (Ami::connect().await, format!("DIGITS_OF_{}", page.person.number));
        ami.set_variable(&variable, "").await;
        page.run("xc_webrtc.dial('605'); await happens('outgoing Connected');").await;
        page.browser().hears(MUSIC).await;
        page.run(
            "for (const key of [1, '1', 9, '*', 'd', '#'])
               xc_webrtc.dtmf(key);
             await happens('outgoing Terminated');",
        )
        .await;
        assert_eq!(ami.variable(&variable).await, "119*D");
    })
    .await;
}

#[tokio::test]
async fn with_a_cti_of_the_page_s_own_a_call_comes_and_somebody_is_asked_during_it() {
    story(async |stage| {
        let (agent, caller) = (ready_with_their_cti(stage, 1300).await, ready(stage).await);
        caller.run_with("xc_webrtc.dial(given.other);", json!(agent.person.number)).await;
        agent
            .run("await happens('incoming Setup'); xc_webrtc.answer(); await happens('incoming Connected');")
            .await;
        caller.run("await happens('outgoing Connected');").await;
        caller.browser().hears(1300).await;
        agent
            .run(
                "const first = await happens('incoming Connected');
                 if (!xc_webrtc.attendedTransfer('600'))
                   throw new Error('it was refused');
                 await happens('incoming AutoAnswered');
                 await happens('incoming Connected', first + 1);",
            )
            .await;
        agent.browser().hears(1300).await;
        let told = agent
            .run(
                "const done = xc_webrtc.cancelTransfer();
                 await happens('incoming Terminated');
                 await happens('incoming Resume');
                 return [done, Cti.sent.slice(-2).map(({ command }) => command), errors];",
            )
            .await;
        assert_eq!(told, json!([true, ["attendedTransfer", "cancelTransfer"], []]));
        caller.browser().hears(1300).await;
    })
    .await;
}

#[tokio::test]
async fn with_a_cti_of_the_page_s_own_two_inits_make_one_phone_that_stops_and_starts_again() {
    story(async |stage| {
        let page = ready_with_their_cti(stage, 700).await;
        let told = page
            .run(
                "init();
                 xc_webrtc.dial('600');
                 await happens('outgoing Connected');
                 xc_webrtc.stop();
                 await happens('outgoing Terminated');
                 const stopped = xc_webrtc.getSipStackStatus();
                 const from = seen.length;
                 init();
                 init();
                 await happens('registration Registered', from);
                 xc_webrtc.dial('600');
                 await happens('outgoing Connected', from);
                 const starts = seen.filter(({ event }) => event.type === 'Started').length;
                 return [stopped, starts, xc_webrtc.calls().length, errors];",
            )
            .await;
        assert_eq!(told, json!(["Stopped", 2, 1, []]));
        page.browser().hears(700).await;
    })
    .await;
}

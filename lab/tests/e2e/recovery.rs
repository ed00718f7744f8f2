//! Networks that go away in a call: the call is kept, all is well again soon, and a call that is over is found out.

use std::time::Duration;

use serde_json::Value;
use tokio::time::Instant;

use crate::LAB;
use crate::door::Door;
use crate::support::browser::{Kind, Setup};
use crate::support::phone::{CALLS, Phone, READY};
use crate::support::stage::{Stage, story, story_alone};

/// What the card says of a call that the server does not know any more.
const ENDED_MEANWHILE: &str = "The call had ended while the connection was interrupted.";

async fn phone(stage: &Stage, kind: Kind) -> Phone {
    stage.phone_with(&LAB, Setup { kind, ..Setup::default() }).await
}

/// Has someone hear a tone.
async fn listening(stage: &Stage, kind: Kind) -> Phone {
    let phone = phone(stage, kind).await;
    phone.talks_to("*56").await;
    phone.hears(1000).await;
    phone
}

/// What the page does within some seconds by its own clock it has done by then on a busy machine too.
const SOON: Duration = Duration::from_secs(12);

#[tokio::test]
async fn twenty_cuts_of_the_websocket_cost_no_call() {
    cuts(Kind::Chromium, 20).await;
}

#[tokio::test]
async fn cuts_of_the_websocket_cost_no_call_in_firefox() {
    cuts(Kind::Firefox, 5).await;
}

async fn cuts(kind: Kind, how_many: usize) {
    story(async |stage| {
        let (phone, door) = (phone(stage, kind).await, Door::new());
        let (mut times, mut kept) = (Vec::new(), 0);
        for _ in 0..how_many {
            phone.talks_to("*56").await;
            phone.hears(1000).await;
            let cut = Instant::now();
            tokio::join!(phone.sees_no_more(READY), door.drop_sip_sockets(&phone.person));
            phone.sees(READY).await;
            times.push(cut.elapsed());
            phone.hears(1000).await;
            kept += door.calls_of(&phone.person).await;
            phone.hangs_up().await;
            door.until_without_calls(&phone.person).await;
            // Each cut is a first one: what comes after one cut after another is the back-off's to say.
            phone.reload().await;
            phone.sees(READY).await;
        }
        times.sort();
        let (median, worst) = (times[how_many / 2], times[how_many - 1]);
        println!(
            "{kind:?}: registered again after a cut: median {median:.1?}, worst {worst:.1?} of {how_many}"
        );
        println!("{kind:?}: calls kept: {kept} of {how_many}");
        assert_eq!(kept, how_many);
        assert!(worst < SOON, "{times:?}");
    })
    .await;
}

#[tokio::test]
async fn a_websocket_that_is_dead_without_having_been_closed_is_found_out_when_the_network_changes() {
    dead_websocket(Kind::Chromium).await;
}

#[tokio::test]
async fn a_websocket_that_is_dead_without_having_been_closed_is_found_out_when_the_network_changes_in_firefox()
 {
    dead_websocket(Kind::Firefox).await;
}

async fn dead_websocket(kind: Kind) {
    story(async |stage| {
        let (phone, door) = (listening(stage, kind).await, Door::new());
        door.silence_sip(&phone.person, true).await;
        let silent = Instant::now();
        phone.run("window.dispatchEvent(new Event('offline'))", Value::Null).await;
        phone.sees_no_more(READY).await;
        let found_out = silent.elapsed();
        door.silence_sip(&phone.person, false).await;
        phone.sees(READY).await;
        println!(
            "{kind:?}: a dead websocket was found out after {found_out:.1?}, mended after {:.1?}",
            silent.elapsed()
        );
        assert!(found_out < SOON, "{found_out:?}");
        phone.hears(1000).await;
        phone.hangs_up().await;
        door.until_without_calls(&phone.person).await;
    })
    .await;
}

#[tokio::test]
async fn a_media_path_that_dies_is_looked_for_anew_while_the_websocket_stays() {
    dead_path(Kind::Chromium).await;
}

#[tokio::test]
async fn a_media_path_that_dies_is_looked_for_anew_while_the_websocket_stays_in_firefox() {
    dead_path(Kind::Firefox).await;
}

async fn dead_path(kind: Kind) {
    story(async |stage| {
        let (phone, door) = (listening(stage, kind).await, Door::new());
        door.break_paths(&phone.person).await;
        let broken = Instant::now();
        phone.hears_nothing().await;
        phone.hears(1000).await;
        println!("{kind:?}: a dead media path was mended after {:.1?}", broken.elapsed());
        phone.sees(READY).await;
        phone.hangs_up().await;
        door.until_without_calls(&phone.person).await;
    })
    .await;
}

#[tokio::test]
async fn a_path_that_died_on_hold_is_found_out_and_mended_when_the_person_comes_back() {
    story(async |stage| {
        let (phone, door) = (listening(stage, Kind::Chromium).await, Door::new());
        phone.press_in(CALLS, "Hold").await;
        phone.hears_nothing().await;
        door.break_paths(&phone.person).await;
        phone.press_in(CALLS, "Resume").await;
        let resumed = Instant::now();
        phone.hears(1000).await;
        println!("heard again {:.1?} after the hold", resumed.elapsed());
        // Sooner than the browser finds the path dead by itself.
        assert!(resumed.elapsed() < SOON, "{:?}", resumed.elapsed());
        phone.hangs_up().await;
        door.until_without_calls(&phone.person).await;
    })
    .await;
}

#[tokio::test]
async fn a_call_that_the_server_has_forgotten_is_over_here_too_with_its_reason() {
    ghost(Kind::Chromium).await;
}

#[tokio::test]
async fn a_call_that_the_server_has_forgotten_is_over_here_too_with_its_reason_in_firefox() {
    ghost(Kind::Firefox).await;
}

async fn ghost(kind: Kind) {
    story(async |stage| {
        let phone = listening(stage, kind).await;
        Door::new().forget_calls(&phone.person).await;
        let forgotten = Instant::now();
        phone.sees_in(CALLS, ENDED_MEANWHILE).await;
        println!("{kind:?}: a ghost was found out after {:.1?}", forgotten.elapsed());
        phone.talks_to("*55").await;
        phone.hangs_up().await;
    })
    .await;
}

#[tokio::test]
async fn a_server_that_starts_again_has_its_phones_back_and_ended_calls_are_told() {
    story_alone(async |stage| {
        let (phone, door) = (listening(stage, Kind::Chromium).await, Door::new());
        let started = Instant::now();
        tokio::join!(phone.sees_no_more(READY), door.restart());
        phone.sees(READY).await;
        println!("registered again after a restart of the server: {:.1?}", started.elapsed());
        phone.sees_in(CALLS, ENDED_MEANWHILE).await;
        phone.talks_to("*56").await;
        phone.hears(1000).await;
        phone.hangs_up().await;
    })
    .await;
}

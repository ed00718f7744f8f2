//! Pictures from one browser to the other, through Asterisk.

use crate::ASTERISK;
use crate::support::phone::CALLS;
use crate::support::stage::story;

#[tokio::test]
async fn two_people_see_and_hear_each_other() {
    story(async |stage| {
        let caller = stage.phone(&ASTERISK, 700).await;
        let callee = stage.phone(&ASTERISK, 1300).await;
        caller.fill("Number", &callee.person.number).await;
        caller.press("Video call").await;
        callee.press_in(CALLS, "Answer with video").await;
        caller.is_in_call().await;
        for phone in [&caller, &callee] {
            phone.shows("video-local").await;
            phone.shows("video-remote").await;
        }
        caller.hears(1300).await;
        callee.hears(700).await;
        caller.hangs_up().await;
    })
    .await;
}

//! Pictures from one browser to the other, through Asterisk.

use crate::ASTERISK;
use crate::support::stage::story;
use crate::support::two::Two;

#[tokio::test]
async fn two_people_see_and_hear_each_other() {
    story(async |stage| {
        let two = Two::ready(stage, &ASTERISK).await;
        two.see_each_other().await;
        two.part().await;
    })
    .await;
}

#[tokio::test]
async fn pictures_are_added_to_a_talk_and_taken_away_again() {
    story(async |stage| {
        let two = Two::ready(stage, &ASTERISK).await;
        two.talk().await;
        two.add_pictures().await;
        two.take_pictures_away().await;
        two.part().await;
    })
    .await;
}

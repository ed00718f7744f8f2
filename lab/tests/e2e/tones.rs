//! The digits that a person sends in a call.

use crate::LAB;
use crate::support::phone::CALLS;
use crate::support::stage::story;

/// What the lab does with the digits that it collected.
const SAID_BACK: &str = "digits";

#[tokio::test]
async fn digits_typed_on_the_keyboard_arrive_as_they_were_typed() {
    story(async |stage| {
        let phone = stage.phone(&LAB, 700).await;
        phone.talks_to("*60").await;
        phone.press_in(CALLS, "Keypad").await;
        phone.type_keys("0123456789*#").await;
        phone.sees_in_order(CALLS, &[SAID_BACK, "0123456789*"]).await;
        phone.hangs_up().await;
    })
    .await;
}

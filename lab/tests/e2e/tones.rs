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

#[tokio::test]
async fn a_pasted_number_is_sent_as_tones_with_its_pauses() {
    story(async |stage| {
        let phone = stage.phone(&LAB, 700).await;
        phone.fill("Number", "12 34,,(5)#").await;
        phone.press_control_and('a').await;
        phone.press_control_and('x').await;
        phone.talks_to("*60").await;

        phone.press_in(CALLS, "Keypad").await;
        phone.press_control_and('v').await;
        phone.sees_in(CALLS, "1234,,5#").await;
        phone.sees_in_order(CALLS, &[SAID_BACK, "12345"]).await;

        phone.fill("Number", "my secret").await;
        phone.press_control_and('a').await;
        phone.press_control_and('x').await;
        phone.press_in(CALLS, "Mute").await;
        phone.press_control_and('v').await;
        phone.sees_in(CALLS, "Only 0–9, *, #, A–D and a comma for a pause can be sent.").await;
        phone.hangs_up().await;
    })
    .await;
}

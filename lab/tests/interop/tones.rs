//! The digits that Asterisk reads, as an announcement that asks for a number does.

use crate::ASTERISK;
use crate::ami::Ami;
use crate::support::hearing::MUSIC;
use crate::support::phone::CALLS;
use crate::support::sample::{SETTINGS, WEBRTC};
use crate::support::stage::story;

/// Asterisk plays its music there until the first digit, reads digits until `#`, and hangs up. It drops the first packets
/// of a call until it trusts their source (`strictrtp`), and a digit with them: who hears the music is heard.
pub const READER: &str = "605";

#[tokio::test]
async fn digits_typed_fast_are_read_as_they_were_typed() {
    story(async |stage| {
        let phone = stage.phone(&ASTERISK, 700).await;
        let mut reader = Reader::of(&phone.person.number).await;
        phone.talks_to(READER).await;
        phone.hears(MUSIC).await;
        phone.press_in(CALLS, "Keypad").await;
        phone.type_keys("0011223344556789*ABCD#").await;
        assert_eq!(reader.digits().await, "0011223344556789*ABCD");
        phone.sees_in(CALLS, "The other side hung up.").await;
    })
    .await;
}

#[tokio::test]
async fn digits_are_read_from_info() {
    story(async |stage| {
        let phone = stage.at_sample_page(&ASTERISK).await;
        let mut reader = Reader::of(&phone.person.number).await;
        phone.press_in(SETTINGS, "INFO").await;
        phone.reaches(READER).await;
        phone.hears(MUSIC).await;
        phone.fill_in(WEBRTC, "Digits", "98765543210*#").await;
        phone.press_in(WEBRTC, "Send").await;
        assert_eq!(reader.digits().await, "98765543210*");
    })
    .await;
}

/// What Asterisk has read from one caller.
pub struct Reader {
    ami: Ami,
    variable: String,
}

impl Reader {
    /// Nothing yet from who calls from that number.
    pub async fn of(number: &str) -> Self {
        let (mut ami, variable) = (Ami::connect().await, format!("DIGITS_OF_{number}"));
        ami.set_variable(&variable, "").await;
        Self { ami, variable }
    }

    /// The digits, once they are all there.
    pub async fn digits(&mut self) -> String {
        self.ami.variable(&self.variable).await
    }
}

//! A developer at the sample page.

use super::browser::Setup;
use super::people::People;
use super::phone::Phone;
use super::stage::Stage;

/// The region with the methods of the phone in the browser.
pub const WEBRTC: &str = "WebRTC";

/// The region with what calls are made like from now on.
pub const SETTINGS: &str = "Settings (WebRTC)";

/// What the page says of a phone that was stopped: no event tells it.
pub const OFF: &str = "Phone off";

/// The pane with what the phone in the browser says.
pub const WEBRTC_EVENTS: &str = "WebRTC events";

/// The pane with what the CTI server says.
pub const PHONE_EVENTS: &str = "Phone events";

impl Stage {
    /// Someone of these people at the sample page, whose phone is started.
    pub async fn at_sample_page(&self, people: &'static People) -> Phone {
        self.at_sample_page_with(people, "").await
    }

    /// The same, with something behind the address of the page.
    pub async fn at_sample_page_with(&self, people: &'static People, options: &str) -> Phone {
        self.at_sample_page_in(people, Setup::default(), options).await
    }

    /// The same in a browser of that kind.
    pub async fn at_sample_page_in(&self, people: &'static People, setup: Setup, options: &str) -> Phone {
        let phone = self.phone_at_login(people, setup).await;
        phone.open(&format!("/sample{options}")).await;
        phone.starts_at_sample_page().await;
        phone
    }
}

impl Phone {
    /// Logs in at the sample page and starts the phone.
    pub async fn starts_at_sample_page(&self) {
        self.logs_in().await;
        self.sees(&format!("Logged on as {}", self.person.login)).await;
        self.press_in(WEBRTC, "Init").await;
        self.sees_in_order(WEBRTC_EVENTS, &["Registered", "Started"]).await;
    }

    /// Dials at the sample page, and waits until it is answered.
    pub async fn reaches(&self, number: &str) {
        self.fill_in(WEBRTC, "Destination", number).await;
        self.press_in(WEBRTC, "Dial").await;
        self.sees_in(WEBRTC_EVENTS, "Connected").await;
    }
}

//! The sample page: what a developer needs to see the phone at work.

use stylers_macro::style_sheet;

use super::bench::Bench;
use super::calls_panel::CallsPanel;
use super::events_pane::EventsPane;
use super::ladder::Ladder;
use super::login_panel::LoginPanel;
use super::phone_panel::PhonePanel;
use super::settings_panel::SettingsPanel;
use super::status_pills::StatusPills;
use super::user_panel::UserPanel;
use super::webrtc_panel::WebRtcPanel;
use crate::ui::announcer::Announcer;
use crate::ui::keys_list::KeysList;
use crate::ui::settings_menu::SettingsMenu;
use crate::ui::shapes::*;
use crate::ui::state::Ui;
use crate::ui::video::Video;

/// Methods on the left, events on the right.
#[component]
pub fn SamplePage() -> impl IntoView {
    let class = style_sheet!("./style/sample_page.css");
    let ui = Ui::current();
    let texts = ui.texts();
    let t = ui.sample_texts();
    let Bench { phone_events, webrtc_events, ladder, .. } = Bench::current();
    let status = move || ui.view(|view| view.phone_status.clone()).unwrap_or_else(|| "–".to_owned());

    view! { class = class,
        <header class="bar">
            <h1 class="product">{t.title}</h1>
            <a class="link" href="/">{texts.to_agent}</a>
            <span class="grow"></span>
            <div class="pills">
                <StatusPills />
            </div>
            <SettingsMenu other_page=("/", texts.to_agent) />
        </header>
        <main class="page">
            <div class="column">
                <section class="card" aria-labelledby="login-heading">
                    <h2 class="title" id="login-heading">{t.cti_login}</h2>
                    <LoginPanel />
                </section>
                <section class="card" aria-labelledby="user-heading">
                    <h2 class="title" id="user-heading">{t.user}</h2>
                    <UserPanel />
                </section>
                <section class="card" aria-labelledby="webrtc-heading">
                    <h2 class="title" id="webrtc-heading">{t.webrtc}</h2>
                    <WebRtcPanel />
                </section>
                <section class="card" aria-labelledby="settings-heading">
                    <h2 class="title" id="settings-heading">{t.settings}</h2>
                    <SettingsPanel />
                </section>
                <section class="card" aria-labelledby="phone-heading">
                    <h2 class="title">
                        <span id="phone-heading">{t.phone}</span>
                        <span class="status">{t.phone_status} " " <b>{move || status()}</b></span>
                    </h2>
                    <PhonePanel />
                </section>
            </div>
            <div class="watched">
                <section class="card" aria-labelledby="calls-heading">
                    <h2 class="title" id="calls-heading">{t.calls_title}</h2>
                    <CallsPanel />
                </section>
                <Video />
                <EventsPane title=t.webrtc_events id="webrtc-events" pane=webrtc_events />
                <Ladder pane=ladder />
                <EventsPane title=t.phone_events id="phone-events" pane=phone_events />
            </div>
        </main>
        <KeysList />
        <Announcer product=t.title />
    }
}

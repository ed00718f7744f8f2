//! The agent's phone.

use stylers_macro::style_sheet;

use super::announcer::Announcer;
use super::call_list::CallList;
use super::devices;
use super::dial_panel::{DialPanel, NUMBER};
use super::focus;
use super::inbox::Inbox;
use super::keys_list::KeysList;
use super::login::Login;
use super::recent::Recent;
use super::shapes::*;
use super::state::Ui;
use super::top_bar::TopBar;

/// The log-in, then the phone.
#[component]
pub fn AgentPage() -> impl IntoView {
    let class = style_sheet!("./style/agent_page.css");
    let ui = Ui::current();
    devices::use_remembered(ui);
    // The button that had the focus is gone with the form, or with the phone.
    let mut before = ui.logged_in.get_untracked();
    watch(move || {
        let logged_in = ui.logged_in.get();
        if before != logged_in && focus::is_roomy() {
            next_frame(move || {
                focus::focus(if logged_in { NUMBER } else { "login" });
            });
        }
        before = logged_in;
    });
    view! {
        <TopBar />
        {move || {
                if ui.logged_in.get() {
                    view! { class = class,
                        <main class="phone">
                            <div class="calls"><CallList /></div>
                            <div class="dial"><DialPanel /></div>
                            <div class="recent"><Inbox /><Recent /></div>
                        </main>
                    }
                    .into_any()
                } else {
                    view! { class = class,
                        <main class="door">
                            <div class="card"><Login /></div>
                        </main>
                    }
                    .into_any()
                }
        }}
        <KeysList />
        <Announcer product=ui.texts().product />
    }
}

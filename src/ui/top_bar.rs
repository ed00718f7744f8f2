//! The bar over the agent's page.

use leptos::prelude::*;
use stylers_macro::style_sheet;

use super::badge::Badge;
use super::icons::{Icon, icon};
use super::readiness_pill::ReadinessPill;
use super::settings_menu::SettingsMenu;
use super::state::Ui;

/// The mark, whether calls can come, who is logged in, the settings.
#[component]
pub fn TopBar() -> impl IntoView {
    let class = style_sheet!("./style/top_bar.css");
    let ui = Ui::current();
    let t = ui.texts();
    let user = Memo::new(move |_| ui.view(|view| view.user.clone()).unwrap_or_default());
    let party = Memo::new(move |_| user.with(|user| (Some(user.full_name.clone()), user.login.clone())));
    let name = Signal::derive(move || user.with(|user| user.full_name.clone()));
    let number = Signal::derive(move || user.with(|user| user.number.clone().unwrap_or_default()));
    let who = move || {
        ui.logged_in.get().then(|| {
            view! { class = class,
                <ReadinessPill />
                <div class="user">
                    <Badge party=party />
                    <p class="names">
                        <b class="name">{name}</b>
                        <span class="number">{number}</span>
                    </p>
                </div>
            }
        })
    };
    view! { class = class,
        <header class="bar">
            <span class="mark">{icon(Icon::Phone)}</span>
            <h1 class="product">{t.product}</h1>
            {who}
            <SettingsMenu other_page=("/sample", t.to_sample) />
        </header>
    }
}

//! The bar over the agent's page.

use stylers_macro::style_sheet;

use super::badge::Badge;
use super::format;
use super::icons::{Icon, icon};
use super::readiness_pill::ReadinessPill;
use super::settings_menu::SettingsMenu;
use super::shapes::*;
use super::state::Ui;

/// The mark, whether calls can come, who is logged in, the settings.
#[component]
pub fn TopBar() -> impl IntoView {
    let class = style_sheet!("./style/top_bar.css");
    let ui = Ui::current();
    let t = ui.texts();
    let user = move || ui.view(|view| view.user.clone()).unwrap_or_default();
    let initials = Callback::new(move |()| {
        let user = user();
        format::initials(Some(&user.full_name), &user.login)
    });
    view! { class = class,
        <header class="bar">
            <span class="mark">{icon(Icon::Phone)}</span>
            <h1 class="product">{t.product}</h1>
            {move || {
                maybe(ui.logged_in.get().then(|| {
                    view! { class = class,
                        <ReadinessPill />
                        <div class="user">
                            <Badge initials=initials />
                            <p class="names">
                                <b class="name">{move || user().full_name}</b>
                                <span class="number">{move || user().number.unwrap_or_default()}</span>
                            </p>
                        </div>
                    }
                    .into_any()
                }))
            }}
            <SettingsMenu other_page=("/sample/", t.to_sample) devices=true />
        </header>
    }
}

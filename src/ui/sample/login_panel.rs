//! The CTI login of the sample page.

use stylers_macro::style_sheet;

use crate::phone::api::Command;
use crate::ui::button::Button;
use crate::ui::login::Login;
use crate::ui::shapes::*;
use crate::ui::state::Ui;

/// The form; then who is logged on, with the token masked.
#[component]
pub fn LoginPanel() -> impl IntoView {
    let class = style_sheet!("./style/login_panel.css");
    let ui = Ui::current();
    let texts = ui.texts();
    let t = ui.sample_texts();
    view! { class = class,
        <div class="panel">
            {move || {
                    if ui.logged_in.get() {
                        let login =
                            ui.view_now(|view| view.user.as_ref().map(|user| user.login.clone()).unwrap_or_default());
                        // Leaving without a log-in is no mistake that the person should read about.
                        let log_out = move |()| drop(ui.command(Command::LogOut));
                        view! { class = class,
                            <p>{(t.logged_on)(&login)}</p>
                            <p class="token">{t.token} " " <code aria-label=t.token_hidden>"••••••••"</code></p>
                            <Button label=texts.log_out press=log_out />
                        }
                        .into_any()
                    } else {
                        view! { <Login /> }.into_any()
                    }
            }}
        </div>
    }
}

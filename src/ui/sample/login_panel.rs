//! The CTI login of the sample page.

use stylers_macro::style_sheet;

use crate::phone::api::{Client, Command};
use crate::ui::button::Button;
use crate::ui::field::Field;
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
    // Outside of what is drawn anew: after a log-out it is still there.
    let [software_type, application_type] = [(); 2].map(|()| RwSignal::new(String::new()));
    let client = Callback::new(move |()| Client {
        software_type: software_type.get_untracked().trim().to_owned(),
        application_type: application_type.get_untracked().trim().to_owned(),
    });
    view! { class = class,
        <div class="panel">
            {move || {
                    if ui.logged_in.get() {
                        let login =
                            ui.view_now(|view| view.user.as_ref().map(|user| user.login.clone()).unwrap_or_default());
                        // Leaving without a log-in is no mistake that the person should read about.
                        let log_out = move |()| _ = ui.command(Command::LogOut);
                        view! { class = class,
                            <p>{(t.logged_on)(&login)}</p>
                            <p class="token">{t.token} " " <code aria-label=t.token_hidden>"••••••••"</code></p>
                            <Button label=texts.log_out press=log_out />
                        }
                        .into_any()
                    } else {
                        view! { class = class,
                            <Login client=client />
                            <div class="client">
                                <Field label="softwareType" id="software-type" value=software_type />
                                <Field label="applicationType" id="application-type" value=application_type />
                            </div>
                        }
                        .into_any()
                    }
            }}
        </div>
    }
}

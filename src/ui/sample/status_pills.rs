//! Where log-in, registration and calls stand, at a glance.

use stylers_macro::style_sheet;

use crate::phone::api::{CtiLink, Session};
use crate::ui::readiness::{Readiness, Tone};
use crate::ui::shapes::*;
use crate::ui::state::Ui;

/// Three pills.
#[component]
pub fn StatusPills() -> impl IntoView {
    let class = style_sheet!("./style/status_pills.css");
    let ui = Ui::current();
    let texts = ui.texts();
    let t = ui.sample_texts();
    let cti = move || {
        ui.view(|view| match view.session {
            Session::LoggedIn { cti: CtiLink::Up } => (Tone::Good, t.cti_up),
            Session::LoggedIn { cti: CtiLink::Connecting | CtiLink::Waiting { .. } } | Session::LoggingIn => {
                (Tone::Warn, t.cti_connecting)
            }
            Session::LoggedOut { .. } => (Tone::Bad, t.logged_out),
        })
    };
    let line = move || {
        let readiness = ui.view(Readiness::of);
        (readiness.tone(), readiness.word(texts))
    };
    let calls =
        move || (t.calls)(ui.view(|view| view.calls.iter().filter(|call| call.state.is_live()).count()));
    view! { class = class,
        <div class="pills" role="status">
            <span class="pill" data-tone=move || cti().0.as_str()>{move || cti().1.to_owned()}</span>
            <span class="pill" data-tone=move || line().0.as_str()>{move || line().1.to_owned()}</span>
            <span class="pill" data-tone="plain">{move || calls()}</span>
        </div>
    }
}

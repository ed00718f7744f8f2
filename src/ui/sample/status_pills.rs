//! Where log-in, registration and calls stand, at a glance.

use leptos::prelude::*;
use stylers_macro::style_sheet;

use crate::phone::api::{CtiLink, Session};
use crate::ui::readiness::{Readiness, Tone};
use crate::ui::state::Ui;

/// Three pills.
#[component]
pub fn StatusPills() -> impl IntoView {
    let class = style_sheet!("./style/status_pills.css");
    let ui = Ui::current();
    let texts = ui.texts();
    let t = &texts.sample;
    let cti = Memo::new(move |_| {
        ui.view(|view| match view.session {
            Session::LoggedIn { cti: CtiLink::Up } => (Tone::Good, t.cti_up),
            Session::LoggedIn { cti: CtiLink::Connecting | CtiLink::Waiting { .. } } | Session::LoggingIn => {
                (Tone::Warn, t.cti_connecting)
            }
            Session::LoggedOut { .. } => (Tone::Bad, t.logged_out),
        })
    });
    let line = Memo::new(move |_| {
        let readiness = ui.view(Readiness::of);
        (readiness.tone(), readiness.word(texts))
    });
    let calls = Signal::derive(move || {
        (t.calls)(ui.calls.with(|calls| calls.iter().filter(|call| call.state.is_live()).count()))
    });
    let pill = move |shown: Memo<(Tone, &'static str)>| {
        view! { class = class,
            <span class="pill" data-tone=Signal::derive(move || shown.get().0.as_str())>
                {Signal::derive(move || shown.get().1)}
            </span>
        }
    };
    view! { class = class,
        <div class="pills" role="status">
            {pill(cti)}
            {pill(line)}
            <span class="pill" data-tone="plain">{calls}</span>
        </div>
    }
}

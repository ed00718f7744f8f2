//! Two live regions: what screen readers say when calls change. The tab's title follows too.

use leptos::prelude::*;

use super::announce::{changes, title};
use super::state::Ui;
use crate::browser::page;
use crate::phone::call::Call;

/// Says what happens to calls, and keeps the tab's title.
#[component]
pub fn Announcer(
    /// What the title says when there is no call.
    product: &'static str,
) -> impl IntoView {
    let ui = Ui::current();
    let texts = ui.texts();
    let polite = RwSignal::new(String::new());
    let urgent = RwSignal::new(String::new());
    Effect::new(move |before: Option<Vec<Call>>| {
        let calls = ui.calls.get();
        // Calls that were there before the page was drawn (anew, in another language) are no news.
        for said in changes(before.as_deref().unwrap_or(&calls), &calls, texts) {
            if said.urgent { urgent } else { polite }.set(said.text);
        }
        page::set_title(&title(&calls, product, texts));
        calls
    });
    view! {
        <div class="unseen" role="status" aria-live="polite">{polite}</div>
        <div class="unseen" role="alert" aria-live="assertive">{urgent}</div>
    }
}

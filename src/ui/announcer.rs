//! Two live regions: what screen readers say when calls change. The tab's title follows too.

use super::announce::{changes, title};
use super::shapes::*;
use super::state::Ui;
use crate::browser::page;

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
    // Calls that were there before the page was drawn (anew, in another language) are no news.
    let mut before = ui.view_now(|view| view.calls.clone());
    watch(move || {
        let calls = ui.view(|view| view.calls.clone());
        for said in changes(&before, &calls, texts) {
            if said.urgent { urgent } else { polite }.set(said.text);
        }
        page::set_title(&title(&calls, product, texts));
        before = calls;
    });
    view! {
        <div class="unseen" role="status" aria-live="polite">{move || polite.get()}</div>
        <div class="unseen" role="alert" aria-live="assertive">{move || urgent.get()}</div>
    }
}

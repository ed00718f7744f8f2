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
        let mut both = [String::new(), String::new()];
        for said in changes(&before, &calls, texts) {
            let words = &mut both[usize::from(said.urgent)];
            if !words.is_empty() {
                words.push_str(". ");
            }
            words.push_str(&said.text);
        }
        for (words, region) in both.into_iter().zip([polite, urgent]) {
            if !words.is_empty() {
                region.set(words);
            }
        }
        page::set_title(&title(&calls, product, texts));
        before = calls;
    });
    view! {
        <div class="unseen" role="status" aria-live="polite">{move || polite.get()}</div>
        <div class="unseen" role="alert" aria-live="assertive">{move || urgent.get()}</div>
    }
}

//! Two live regions: what screen readers say when calls change. The tab's title and icon follow too, and the system
//! tells of a call that rings while nobody sees the page.

use super::announce::{changes, ringing, title, who};
use super::icons::Icon;
use super::shapes::*;
use super::state::Ui;
use crate::browser::notification::Notification;
use crate::browser::page::{self, TabIcon};
use crate::phone::call::{Call, CallKey};

/// What is around the picture of a call on the icon of a tab.
const AROUND: [&str; 2] = [
    "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24'><circle cx='12' cy='12' r='12' \
     fill='%2315803d'/><path transform='translate(4 4)scale(.67)' fill='none' stroke='%23fff' stroke-width='3' d='",
    "'/></svg>",
];

/// What the screen shows outside of the page while a call rings; gone when this is dropped.
struct Alarm {
    of: CallKey,
    _icon: Option<TabIcon>,
    _notification: Option<Notification>,
}

impl Alarm {
    fn of(call: &Call, ui: Ui) -> Self {
        let unseen = untrack(|| ui.preferences().notify) && !page::is_visible();
        let texts = ui.texts();
        let words = unseen.then(|| texts.said.title_incoming.with(&[&who(&call.party, texts)]));
        Self {
            of: call.key,
            _icon: TabIcon::show(&[AROUND[0], Icon::Phone.path(), AROUND[1]].concat()),
            _notification: words.and_then(|words| Notification::show(&words)),
        }
    }
}

/// Says what happens to calls, in the page and outside of it.
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
    let mut alarm: Option<Alarm> = None;
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
        let rings = ringing(&calls);
        if alarm.as_ref().map(|alarm| alarm.of) != rings.map(|call| call.key) {
            // What is there goes first: it brings the page's own icon back.
            drop(alarm.take());
            alarm = rings.map(|call| Alarm::of(call, ui));
        }
        before = calls;
    });
    view! {
        <div class="unseen" role="status" aria-live="polite">{move || polite.get()}</div>
        <div class="unseen" role="alert" aria-live="assertive">{move || urgent.get()}</div>
    }
}

//! The ladder: which SIP and CTI messages went and came, on one clock.

use stylers_macro::style_sheet;

use super::log::Log;
use super::pane::Pane;
use crate::ui::button::Button;
use crate::ui::shapes::*;
use crate::ui::state::Ui;

/// Steps from top to bottom, the newest in sight; each unfolds to its message.
#[component]
pub fn Ladder(
    /// What it shows: of each line the group, the label and the message.
    pane: Pane,
) -> impl IntoView {
    let class = style_sheet!("./style/ladder.css");
    let t = Ui::current().sample_texts();
    let ids = move || {
        let mut ids = pane.drawn();
        ids.reverse();
        ids
    };
    let step = move |id| {
        let line = pane.with_now(|log| log.line(id).cloned()).unwrap_or_default();
        let way = if line.group == "sip out" { "→" } else { "←" };
        view! { class = class,
            <details class="step" data-group=line.group>
                <summary class="summary">
                    <span class="time">{line.time}</span>
                    <span class="lane">{[way, " ", &line.kind].concat()}</span>
                </summary>
                <pre class="message">{line.data}</pre>
            </details>
        }
        .into_any()
    };
    let is_empty = move || pane.with(Log::count) == 0;
    let clear = move |()| pane.clear();
    view! { class = class,
        <section class="ladder" id="sip-ladder" aria-label=t.ladder>
            <h2 class="title">
                <span class="words">{t.ladder}</span>
                <Button label=t.clear press=clear />
            </h2>
            <div class="ends">
                <span class="end">{t.this_phone}</span>
                <span class="end">{t.server}</span>
            </div>
            <div
                class="scroll"
                tabindex="0"
                role="group"
                aria-label=t.ladder
                on:scroll=on(move |event| pane.scrolled(&event))
            >
                <div class="steps">
                    {keyed(ids, step)}
                    <p class="none" hidden=move || !is_empty()>{t.ladder_hint}</p>
                </div>
            </div>
        </section>
    }
}

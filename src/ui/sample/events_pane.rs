//! A pane of events: time, group, type, data; filter, copy, clear.

use leptos::task::spawn_local;
use stylers_macro::style_sheet;

use super::pane::Pane;
use crate::browser::clipboard;
use crate::ui::button::Button;
use crate::ui::shapes::*;
use crate::ui::state::Ui;

/// How many lines are drawn at most; the filter and the copy reach all.
const DRAWN: usize = 200;

/// Lines as text, newest first.
#[component]
pub fn EventsPane(
    /// Its heading.
    title: &'static str,
    /// The element's id.
    id: &'static str,
    /// What it shows.
    pane: Pane,
) -> impl IntoView {
    let class = style_sheet!("./style/events_pane.css");
    let t = Ui::current().sample_texts();
    let filter = RwSignal::new(String::new());
    let copied = RwSignal::new(String::new());

    let ids = move || -> Vec<u64> {
        filter.with(|filter| pane.with(|log| log.matching(filter).take(DRAWN).map(|line| line.id).collect()))
    };
    let row = move |id| {
        let line = untrack(|| pane.with(|log| log.line(id).cloned())).unwrap_or_default();
        view! { class = class,
            <tr class="row">
                <td class="time">{line.time}</td>
                <td class="group" data-group=line.group>{line.group}</td>
                <td class="kind">{line.kind}</td>
                <td class="data">{line.data}</td>
            </tr>
        }
        .into_any()
    };
    let count = move || {
        let matching = filter.with(|filter| pane.with(|log| log.matching(filter).count()));
        match matching {
            0 => t.no_events.to_owned(),
            _ if matching <= DRAWN => String::new(),
            _ => (t.shown)(DRAWN, matching),
        }
    };
    let copy = move |()| {
        let text = untrack(|| filter.with(|filter| pane.with(|log| log.text(filter))));
        spawn_local(async move {
            let said = if clipboard::copy(&text).await { t.copied } else { t.copy_failed };
            copied.set(said.to_owned());
        });
    };
    let clear = move |()| {
        copied.set(String::new());
        pane.clear();
    };

    view! { class = class,
        <section class="pane" id=id aria-label=title>
            <h2 class="title">{title}</h2>
            <div class="tools">
                <input
                    class="filter"
                    type="search"
                    placeholder=t.filter
                    aria-label=t.filter
                    prop:value=move || filter.get()
                    on:input=on(move |event| filter.set(event_target_value(&event)))
                />
                <Button label=t.copy press=copy />
                <Button label=t.clear press=clear />
            </div>
            <p class="said" role="status">{move || copied.get()}</p>
            <div class="scroll" tabindex="0" role="group" aria-label=title>
                <table class="table">
                    <thead>
                        <tr>
                            <th class="head" scope="col">{t.time}</th>
                            <th class="head" scope="col">{t.group}</th>
                            <th class="head" scope="col">{t.kind}</th>
                            <th class="head" scope="col">{t.data}</th>
                        </tr>
                    </thead>
                    <tbody>{keyed(ids, row)}</tbody>
                </table>
                <p class="none">{move || count()}</p>
            </div>
        </section>
    }
}

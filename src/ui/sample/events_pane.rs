//! A pane of events: time, group, type, data; filter, copy, clear.

use leptos::prelude::*;
use leptos::task::spawn_local;
use stylers_macro::style_sheet;

use super::log::Line;
use super::pane::Pane;
use crate::browser::clipboard;
use crate::ui::button::Button;
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
    let t = &Ui::current().texts().sample;
    let filter = RwSignal::new(String::new());
    let copied = RwSignal::new("");

    let drawn = Memo::new(move |_| {
        let filter = filter.get();
        pane.with(|log| log.matching(&filter).take(DRAWN).cloned().collect::<Vec<Line>>())
    });
    let count = Signal::derive(move || {
        let matching = pane.with(|log| log.matching(&filter.get()).count());
        let drawn = drawn.with(Vec::len);
        if drawn < matching { (t.shown)(drawn, matching) } else { String::new() }
    });
    let copy = move |()| {
        let text = pane.with(|log| log.text(&filter.get_untracked()));
        spawn_local(async move {
            copied.set(if clipboard::copy(&text).await { t.copied } else { t.copy_failed });
        });
    };
    let clear = move |()| {
        copied.set("");
        pane.clear();
    };
    let row = move |line: Line| {
        view! { class = class,
            <tr class="row">
                <td class="time">{line.time}</td>
                <td class="group" data-group=line.group>{line.group}</td>
                <td class="kind">{line.kind}</td>
                <td class="data">{line.data}</td>
            </tr>
        }
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
                    prop:value=filter
                    on:input=move |event| filter.set(event_target_value(&event))
                />
                <Button label=t.copy press=copy />
                <Button label=t.clear press=clear />
            </div>
            <p class="said" role="status">{copied}</p>
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
                    <tbody>
                        <For each=move || drawn.get() key=|line| line.id children=row />
                    </tbody>
                </table>
                <p class="none" hidden=move || !drawn.with(Vec::is_empty)>{t.no_events}</p>
                <p class="none">{count}</p>
            </div>
        </section>
    }
}

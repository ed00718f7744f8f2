//! A pane of events: time, group, type, data; filter, copy, save, clear.

use leptos::task::spawn_local;
use stylers_macro::style_sheet;

use super::log::Log;
use super::pane::Pane;
use crate::browser::{clipboard, download};
use crate::ui::button::Button;
use crate::ui::shapes::*;
use crate::ui::state::Ui;

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
    let said = RwSignal::new(String::new());

    let row = move |id| {
        let line = pane.with_now(|log| log.line(id).cloned()).unwrap_or_default();
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
    let count = move || match pane.with(Log::count) {
        0 => t.no_events.to_owned(),
        matching if matching <= pane.most() => String::new(),
        matching => (t.shown)(pane.most(), matching),
    };
    let copy = move |()| {
        let text = pane.with_now(Log::text);
        spawn_local(async move {
            let done = if clipboard::copy(&text).await { t.copied } else { t.copy_failed };
            said.set(done.to_owned());
        });
    };
    let save = move |()| {
        let saved = download::save(&format!("{id}.txt"), &pane.with_now(Log::text));
        said.set(if saved { t.saved } else { t.save_failed }.to_owned());
    };
    let clear = move |()| {
        said.set(String::new());
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
                    prop:value=move || pane.filter()
                    on:input=on(move |event| pane.set_filter(event_target_value(&event)))
                />
                <Button label=t.copy press=copy />
                <Button label=t.save press=save />
                <Button label=t.clear press=clear />
            </div>
            <p class="said" role="status">{move || said.get()}</p>
            <div
                class="scroll"
                tabindex="0"
                role="group"
                aria-label=title
                on:scroll=on(move |event| pane.scrolled(&event))
            >
                <table class="table">
                    <thead class="top">
                        <tr class="heads">
                            <th class="head" scope="col">{t.time}</th>
                            <th class="head" scope="col">{t.group}</th>
                            <th class="head" scope="col">{t.kind}</th>
                            <th class="head" scope="col">{t.data}</th>
                        </tr>
                    </thead>
                    <tbody class="body">{keyed(move || pane.drawn(), row)}</tbody>
                </table>
                <p class="none">{move || count()}</p>
            </div>
        </section>
    }
}

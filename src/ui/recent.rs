//! The list of past calls.

use leptos::prelude::*;
use stylers_macro::style_sheet;

use super::announce::who;
use super::badge::Badge;
use super::icons::{Icon, icon};
use super::past::Past;
use super::state::Ui;

/// A list in memory: who, which way, how long, when; and a button that calls again. Not there while it is empty.
#[component]
pub fn Recent() -> impl IntoView {
    let class = style_sheet!("./style/recent.css");
    let ui = Ui::current();
    let texts = ui.texts();
    let past = ui.past;

    let line = move |call: Past| {
        let name = who(&call.party, texts);
        let missed = call.was_missed();
        let mut about = texts.past_call(call.direction, &call.outcome).to_owned();
        if !call.lasted.is_empty() {
            about.push_str(" · ");
            about.push_str(&call.lasted);
        }
        let label = format!("{} {name}", texts.call.again);
        let party = (call.party.name.clone(), call.party.number.clone());
        let number = call.party.number;
        let again = (!number.is_empty()).then(|| {
            let press = move |_| {
                ui.dial(number.clone());
            };
            view! { class = class,
                <button class="again" type="button" aria-label=label on:click=press>{icon(Icon::Phone)}</button>
            }
        });
        view! { class = class,
            <li class="line">
                <Badge party=Signal::stored(party) />
                <div class="who">
                    <b class="name" data-missed=missed.to_string()>{name}</b>
                    <span class="about">{about}</span>
                </div>
                <span class="at">{call.at}</span>
                {again}
            </li>
        }
    };

    view! { class = class,
        <section class="recent" aria-labelledby="recent-title" hidden=move || past.with(Vec::is_empty)>
            <h2 class="title" id="recent-title">{texts.call.recent}</h2>
            <ul class="list">
                <For each=move || past.get() key=|call| call.key children=line />
            </ul>
        </section>
    }
}

//! The list of past calls.

use stylers_macro::style_sheet;

use super::announce::who;
use super::badge::Badge;
use super::format;
use super::icons::{Icon, icon};
use super::past::Past;
use super::shapes::*;
use super::state::Ui;

/// A list in memory: who, which way, how long, when; and a button that calls again. Not there while it is empty.
#[component]
pub fn Recent() -> impl IntoView {
    let class = style_sheet!("./style/recent.css");
    let ui = Ui::current();
    let texts = ui.texts();
    let line = move |call: Past| {
        let missed = call.was_missed().to_string();
        let name = who(&call.party, texts);
        let mut about = texts.past_call(call.direction, &call.outcome).to_owned();
        if !call.lasted.is_empty() {
            about.push_str(" · ");
            about.push_str(&call.lasted);
        }
        let label = format!("{} {name}", texts.call.again);
        let initials = format::initials(call.party.name.as_deref(), &call.party.number);
        let number = call.again;
        let again = (!number.is_empty()).then(|| {
            let press = on(move |_| {
                ui.dial(number.clone());
            });
            view! { class = class,
                <button class="again" type="button" aria-label=label on:click=press>
                    {icon(Icon::Phone)}
                </button>
            }
            .into_any()
        });
        view! { class = class,
            <li class="line">
                <Badge initials=Callback::new(move |()| initials.clone()) />
                <div class="who">
                    <b class="name" data-missed=missed>{name}</b>
                    <span class="about">{about}</span>
                </div>
                <span class="at">{call.at}</span>
                {maybe(again)}
            </li>
        }
        .into_any()
    };
    let keys = move || ui.past(|past| past.iter().map(|call| call.key.0.into()).collect());
    let draw = move |key| {
        let of_key = |call: &&Past| u64::from(call.key.0) == key;
        maybe(untrack(|| ui.past(|past| past.iter().find(of_key).cloned())).map(line))
    };
    view! { class = class,
        <section class="recent" aria-labelledby="recent-title" hidden=move || ui.past(<[Past]>::is_empty)>
            <h2 class="title" id="recent-title">{texts.call.recent}</h2>
            <ul class="list">{keyed(keys, draw)}</ul>
        </section>
    }
}

//! What others have left: voice mail that waits, and written messages.

use stylers_macro::style_sheet;

use super::announce::who;
use super::shapes::*;
use super::state::Ui;
use crate::phone::api::Command;
use crate::phone::inbox::Written;

/// A line for the voice mail and one for each message, which is shown as text whatever it is. Not there while all is empty.
#[component]
pub fn Inbox() -> impl IntoView {
    let class = style_sheet!("./style/inbox.css");
    let ui = Ui::current();
    let texts = ui.texts();
    let mail = move || {
        ui.view(|view| match view.inbox.voice_mail {
            mail if !mail.waiting => String::new(),
            mail if mail.new == 0 => texts.inbox.some.to_owned(),
            mail => texts.inbox.new.with(&[&mail.new.to_string()]),
        })
    };
    let is_empty = move || ui.view(|view| !view.inbox.voice_mail.waiting && view.inbox.messages.is_empty());
    let line = move |message: Written| {
        let name = who(&message.from, texts);
        let label = texts.inbox.dismiss.with(&[&name]);
        let dismiss = on(move |_| {
            let _ = ui.ask(Command::DismissMessage(message.key));
        });
        view! { class = class,
            <li class="line">
                <p class="words"><b class="name">{name}</b>{message.text}</p>
                <button class="dismiss" type="button" aria-label=label on:click=dismiss>"×"</button>
            </li>
        }
        .into_any()
    };
    let keys = move || ui.view(|view| view.inbox.messages.iter().map(|it| it.key.into()).collect());
    let draw = move |key| {
        let of_key = |it: &&Written| u64::from(it.key) == key;
        maybe(untrack(|| ui.view(|view| view.inbox.messages.iter().find(of_key).cloned())).map(line))
    };
    view! { class = class,
        <section class="inbox" role="status" aria-label=texts.inbox.title hidden=is_empty>
            <p class="mail">{mail}</p>
            <ul class="list">{keyed(keys, draw)}</ul>
        </section>
    }
}

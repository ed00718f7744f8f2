//! One call.

use leptos::prelude::*;
use stylers_macro::style_sheet;

use super::announce::who;
use super::badge::Badge;
use super::button::{Button, Look};
use super::format;
use super::icons::Icon;
use super::state::Ui;
use super::texts::Texts;
use crate::phone::api::Command;
use crate::phone::call::{Call, CallState};
use crate::time::Instant;

/// Which buttons a card has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// Answer, decline.
    Rings,
    /// Mute, hang up.
    GoesOn,
    /// Call again, close.
    Over,
}

impl Phase {
    fn of(state: &CallState) -> Self {
        match state {
            CallState::Offered => Self::Rings,
            CallState::Preparing
            | CallState::Calling
            | CallState::Ringing { .. }
            | CallState::Answering
            | CallState::Connected { .. } => Self::GoesOn,
            CallState::Ended { .. } => Self::Over,
        }
    }

    /// Its name in `data-phase`.
    const fn as_str(self) -> &'static str {
        match self {
            Self::Rings => "rings",
            Self::GoesOn => "goes-on",
            Self::Over => "over",
        }
    }
}

/// Who, where it stands, since when, and what can be done.
#[component]
pub fn CallCard(
    /// The call as it is when the card appears; the card follows it from then on.
    call: Call,
) -> impl IntoView {
    let class = style_sheet!("./style/call_card.css");
    let ui = Ui::current();
    let texts = ui.texts();
    let key = call.key;
    // A call that is gone keeps its last face until its card is gone as well.
    let call = Memo::new(move |last: Option<&Call>| {
        ui.call(key).or_else(|| last.cloned()).unwrap_or_else(|| call.clone())
    });
    let phase = Memo::new(move |_| call.with(|call| Phase::of(&call.state)));
    let party = Memo::new(move |_| call.with(|call| (call.party.name.clone(), call.party.number.clone())));
    let name = Memo::new(move |_| call.with(|call| who(&call.party, texts)));
    let about = Signal::derive(move || call.with(|call| about(call, texts)));
    let state = Signal::derive(move || call.with(|call| texts.call_state(&call.state)));
    let muted = Signal::derive(move || call.with(|call| call.muted && call.state.is_live()));
    let time = Signal::derive(move || call.with(|call| time(&call.state, ui.now.get())));
    let outcome = Signal::derive(move || call.with(|call| outcome(&call.state, texts)));
    let attached = move || {
        let pairs = call.with(|call| call.attached.clone());
        let lines = pairs.into_iter().map(|(name, value)| {
            view! { class = class,
                <div class="pair">
                    <dt class="term">{name}</dt>
                    <dd class="value">{value}</dd>
                </div>
            }
        });
        lines.collect_view()
    };
    let title = format!("call-{}-title", key.0);
    let titled_by = title.clone();

    view! { class = class,
        <article
            class="card"
            id=card_id(key.0)
            tabindex="-1"
            aria-labelledby=titled_by
            data-phase=Signal::derive(move || phase.get().as_str())
        >
            <header class="head">
                <Badge party=party large=true />
                <div class="who">
                    <p class="tags">
                        <span class="tag">{state}</span>
                        <span class="tag" data-tone="warn" hidden=move || !muted.get()>{texts.state.muted}</span>
                    </p>
                    <h3 class="name" id=title>{name}</h3>
                    <p class="about">{about}</p>
                </div>
                <span class="time" role="timer">{time}</span>
            </header>
            <p class="outcome">{outcome}</p>
            <dl class="attached">{attached}</dl>
            <div class="acts">
                {move || match phase.get() {
                    Phase::Rings => ringing_buttons(ui, call),
                    Phase::GoesOn => live_buttons(ui, call, muted),
                    Phase::Over => ended_buttons(ui, call),
                }}
            </div>
        </article>
    }
}

/// The id of a card's element.
pub fn card_id(key: u32) -> String {
    format!("call-{key}")
}

fn ringing_buttons(ui: Ui, call: Memo<Call>) -> AnyView {
    let t = &ui.texts().call;
    let key = move || Some(call.with_untracked(|call| call.key));
    view! {
        <Button
            label=t.answer
            picture=Icon::Phone
            look=Look::Call
            tall=true
            press=move |()| ui.ask_of_call(Command::Answer(key()))
        />
        <Button
            label=t.decline
            picture=Icon::HangUp
            look=Look::End
            tall=true
            press=move |()| ui.ask_of_call(Command::Reject(key()))
        />
    }
    .into_any()
}

fn live_buttons(ui: Ui, call: Memo<Call>, muted: Signal<bool>) -> AnyView {
    let t = &ui.texts().call;
    let key = move || Some(call.with_untracked(|call| call.key));
    let switch = move |()| {
        let on = call.with_untracked(|call| call.muted);
        ui.ask_of_call(Command::SetMicrophone { call: key(), on });
    };
    view! {
        <Button label=t.mute picture=Icon::Microphone tall=true pressed=muted press=switch />
        <Button
            label=t.hang_up
            picture=Icon::HangUp
            look=Look::End
            tall=true
            press=move |()| ui.ask_of_call(Command::HangUp(key()))
        />
    }
    .into_any()
}

fn ended_buttons(ui: Ui, call: Memo<Call>) -> AnyView {
    let texts = ui.texts();
    let close = move |()| ui.ask_of_call(Command::Dismiss(call.with_untracked(|call| call.key)));
    let again = move |()| {
        let (key, number) = call.with_untracked(|call| (call.key, call.party.number.clone()));
        if ui.dial(number) {
            ui.ask_of_call(Command::Dismiss(key));
        }
    };
    // A caller who hides the number cannot be called.
    let can_call = !call.with_untracked(|call| call.party.number.is_empty());
    view! {
        {can_call.then(|| view! { <Button label=texts.call.again picture=Icon::Phone press=again /> })}
        <Button label=texts.close press=close />
    }
    .into_any()
}

/// The line under the name: the number where the name is not it, and the queue.
fn about(call: &Call, texts: &'static Texts) -> String {
    let number = format::number(&call.party.number);
    let mut parts = Vec::new();
    if number != who(&call.party, texts) {
        parts.push(number);
    }
    parts.extend(call.queue.as_deref().map(texts.call.queue));
    parts.retain(|part| !part.is_empty());
    parts.join(" · ")
}

/// The running time of a talk, or how long it was.
fn time(state: &CallState, now: Instant) -> String {
    match state {
        CallState::Connected { since } => format::duration(now.saturating_since(*since)),
        CallState::Ended { lasted: Some(lasted), .. } => format::duration(*lasted),
        CallState::Ended { lasted: None, .. }
        | CallState::Preparing
        | CallState::Calling
        | CallState::Ringing { .. }
        | CallState::Offered
        | CallState::Answering => String::new(),
    }
}

/// How it ended.
fn outcome(state: &CallState, texts: &'static Texts) -> String {
    match state {
        CallState::Ended { outcome, .. } => texts.call_outcome(outcome).into_owned(),
        CallState::Preparing
        | CallState::Calling
        | CallState::Ringing { .. }
        | CallState::Offered
        | CallState::Answering
        | CallState::Connected { .. } => String::new(),
    }
}

//! One call.

use stylers_macro::style_sheet;

use super::announce::who;
use super::badge::Badge;
use super::button::{Button, Look};
use super::format;
use super::icons::Icon;
use super::shapes::*;
use super::state::Ui;
use super::texts::Texts;
use crate::phone::api::Command;
use crate::phone::call::{Call, CallKey, CallState};
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
    const fn of(rings: bool, goes_on: bool) -> Self {
        match (rings, goes_on) {
            (true, _) => Self::Rings,
            (false, true) => Self::GoesOn,
            (false, false) => Self::Over,
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
    /// Which call.
    key: CallKey,
) -> impl IntoView {
    let class = style_sheet!("./style/call_card.css");
    let ui = Ui::current();
    let texts = ui.texts();
    let rings = Memo::new(move |_| ui.call(key, |call| call.state.can_be_answered()));
    let goes_on = Memo::new(move |_| ui.call(key, |call| call.state.is_live()));
    let phase = move || Phase::of(rings.get(), goes_on.get());
    let initials = Callback::new(move |()| {
        ui.call(key, |call| format::initials(call.party.name.as_deref(), &call.party.number))
    });
    let is_muted = move || ui.call(key, |call| call.muted && call.state.is_live());
    let attached = move || ui.call(key, |call| (0..call.attached.len() as u64).collect());
    let pair = move |at: u64| {
        let read = move || ui.call(key, |call| call.attached.get(at as usize).cloned().unwrap_or_default());
        view! { class = class,
            <div class="pair">
                <dt class="term">{move || read().0}</dt>
                <dd class="value">{move || read().1}</dd>
            </div>
        }
        .into_any()
    };
    // Keyed, so that no button turns into another one under the finger.
    let buttons = keyed(
        move || vec![phase() as u64],
        move |_| match untrack(phase) {
            Phase::Rings => ringing_buttons(ui, key),
            Phase::GoesOn => live_buttons(ui, key, Callback::new(move |()| is_muted())),
            Phase::Over => ended_buttons(ui, key),
        },
    );
    let title = format!("{}-title", card_id(key));
    let titled_by = title.clone();

    view! { class = class,
        <article class="card" id=card_id(key) tabindex="-1" aria-labelledby=titled_by data-phase=move || phase().as_str()>
            <header class="head">
                <Badge initials=initials large=true />
                <div class="who">
                    <p class="tags">
                        <span class="tag">
                            {move || ui.call(key, |call| texts.call_state(&call.state).to_owned())}
                        </span>
                        <span class="tag" data-tone="warn" hidden=move || !is_muted()>{texts.state.muted}</span>
                    </p>
                    <h3 class="name" id=title>{move || ui.call(key, |call| who(&call.party, texts))}</h3>
                    <p class="about">{move || ui.call(key, |call| about(call, texts))}</p>
                </div>
                <span class="time" role="timer">{move || ui.call(key, |call| time(&call.state, ui.now()))}</span>
            </header>
            <p class="outcome">{move || ui.call(key, |call| outcome(&call.state, texts))}</p>
            <dl class="attached">{keyed(attached, pair)}</dl>
            <div class="acts">{buttons}</div>
        </article>
    }
}

/// The id of a card's element.
pub fn card_id(key: CallKey) -> String {
    format!("call-{}", key.0)
}

fn ringing_buttons(ui: Ui, key: CallKey) -> AnyView {
    let t = &ui.texts().call;
    let answer = move |()| ui.ask_of_call(Command::Answer { call: Some(key), video: false });
    let decline = move |()| ui.ask_of_call(Command::Reject(Some(key)));
    view! {
        <Button label=t.answer picture=Icon::Phone look=Look::Call tall=true press=answer />
        <Button label=t.decline picture=Icon::HangUp look=Look::End tall=true press=decline />
    }
    .into_any()
}

fn live_buttons(ui: Ui, key: CallKey, muted: Ask<bool>) -> AnyView {
    let t = &ui.texts().call;
    let switch = move |()| {
        let on = untrack(|| muted.run(()));
        ui.ask_of_call(Command::SetMicrophone { call: Some(key), on });
    };
    let hang_up = move |()| ui.ask_of_call(Command::HangUp(Some(key)));
    view! {
        <Button label=t.mute picture=Icon::Microphone tall=true pressed=muted press=switch />
        <Button label=t.hang_up picture=Icon::HangUp look=Look::End tall=true press=hang_up />
    }
    .into_any()
}

fn ended_buttons(ui: Ui, key: CallKey) -> AnyView {
    let texts = ui.texts();
    let number = untrack(|| ui.call(key, |call| call.party.number.clone()));
    // A caller who hides the number cannot be called.
    let again = (!number.is_empty()).then(|| {
        let press = move |()| {
            ui.dial(number.clone());
        };
        view! { <Button label=texts.call.again picture=Icon::Phone press=press /> }.into_any()
    });
    let close = move |()| ui.ask_of_call(Command::Dismiss(key));
    view! {
        {maybe(again)}
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

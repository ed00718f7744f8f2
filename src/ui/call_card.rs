//! One call.

use stylers_macro::style_sheet;

use super::announce::who;
use super::badge::Badge;
use super::call_acts::{self, Unfolded};
use super::format;
use super::keypad::Keypad;
use super::keys;
use super::possible::{self, Phase};
use super::quality::Quality;
use super::shapes::*;
use super::state::Ui;
use super::texts::Texts;
use super::transfer::{TransferForm, TransferSteps};
use crate::phone::api::View;
use crate::phone::call::{Call, CallKey, CallState, Hold};
use crate::time::Instant;

/// Who, where it stands, since when, and what can be done.
#[component]
pub fn CallCard(
    /// Which call.
    key: CallKey,
) -> impl IntoView {
    let class = style_sheet!("./style/call_card.css");
    let ui = Ui::current();
    let texts = ui.texts();
    let phase = move || ui.view(|view| phase_of(view, key));
    let unfolded = RwSignal::new(None);
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
            Phase::Rings => call_acts::ringing(ui, key),
            Phase::GoesOn => call_acts::going_on(ui, key, unfolded),
            Phase::Waits => call_acts::waiting(ui, key),
            Phase::Over => call_acts::over(ui, key),
        },
    );
    // What is unfolded folds up when it cannot be used any more.
    let shown = move || {
        let in_front = phase() == Phase::GoesOn;
        let consults = ui.call(key, |call| call.consults_for.is_some() || call.transfer.is_some());
        let no_tones = ui.call(key, |call| possible::not_active(call, texts));
        let call = ui.call(key, |call| Some(call.clone()));
        let no_transfer =
            call.is_none_or(|call| !ui.view(|view| possible::no_transfer(view, &call, texts)).is_empty());
        match unfolded.get().filter(|_| in_front) {
            _ if consults => vec![2],
            Some(Unfolded::Keypad) if no_tones.is_empty() => vec![0],
            Some(Unfolded::Transfer) if !no_transfer => vec![1],
            Some(_) | None => vec![],
        }
    };
    let part = move |part| match part {
        0 => view! { <Keypad key=key /> }.into_any(),
        1 => view! { <TransferForm key=key unfolded=unfolded /> }.into_any(),
        _ => view! { <TransferSteps key=key /> }.into_any(),
    };
    let fold = on(move |event: Event| {
        if keys::is_escape(&event) {
            unfolded.set(None);
        }
    });
    let held_by_peer = move || ui.call(key, |call| call.held_by_peer && call.state.is_live());
    let on_hold = move || ui.call(key, |call| call.hold != Hold::Active && call.state.is_live());
    let offered = move || ui.call(key, |call| call.video.offered && call.state.is_connected());
    let title = format!("{}-title", card_id(key));
    let titled_by = title.clone();

    view! { class = class,
        <article class="card" id=card_id(key) tabindex="-1" aria-labelledby=titled_by data-phase=move || phase().as_str() on:keydown=fold>
            <header class="head">
                <Badge initials=initials large=true />
                <div class="who">
                    <p class="tags">
                        <span class="tag" data-tone=move || if on_hold() { "warn" } else { "good" }>
                            {move || ui.call(key, |call| texts.call_standing(call).to_owned())}
                        </span>
                        <span class="tag" data-tone="warn" hidden=move || !held_by_peer()>
                            {texts.state.held_by_peer}
                        </span>
                        <span class="tag" data-tone="warn" hidden=move || !is_muted()>{texts.state.muted}</span>
                    </p>
                    <h3 class="name" id=title>{move || ui.call(key, |call| who(&call.party, texts))}</h3>
                    <p class="about">{move || ui.call(key, |call| about(call, texts))}</p>
                </div>
                <span class="time" role="timer">{move || ui.call(key, |call| time(&call.state, ui.now()))}</span>
            </header>
            <p class="outcome">{move || ui.call(key, |call| outcome(&call.state, texts))}</p>
            <p class="trouble">{move || ui.call(key, |call| trouble(call, texts).to_owned())}</p>
            <p class="about">{move || ui.call(key, |call| microphone(call, texts))}</p>
            <dl class="attached">{keyed(attached, pair)}</dl>
            <p class="offer" hidden=move || !offered()>{texts.call.video_offered}</p>
            <div class="acts">{buttons}</div>
            {keyed(shown, part)}
            <Quality key=key />
        </article>
    }
}

/// The id of a card's element.
pub fn card_id(key: CallKey) -> String {
    format!("call-{}", key.0)
}

/// What the card of that call is.
fn phase_of(view: &View, key: CallKey) -> Phase {
    let call = view.calls.iter().find(|call| call.key == key);
    call.map_or(Phase::Over, |call| Phase::of(&view.calls, call))
}

/// The line under the name: the number where the name is not it, who sent it on, and the queue.
fn about(call: &Call, texts: &'static Texts) -> String {
    let number = format::number(&call.party.number);
    let mut parts = Vec::new();
    if number != who(&call.party, texts) {
        parts.push(number);
    }
    parts.extend(call.forwarded_by.as_ref().map(|by| texts.call.forwarded_by.with(&[&who(by, texts)])));
    parts.extend(call.queue.as_deref().map(|queue| texts.call.queue.with(&[queue])));
    parts.retain(|part| !part.is_empty());
    parts.join(" · ")
}

/// What keeps the two sides from hearing each other.
fn trouble(call: &Call, texts: &'static Texts) -> &'static str {
    call.trouble.map_or("", |trouble| texts.trouble(trouble))
}

/// The microphone that took the place of another.
fn microphone(call: &Call, texts: &'static Texts) -> String {
    let name = call.microphone.as_deref().filter(|_| call.state.is_live());
    name.map(|name| texts.trouble.microphone.with(&[name])).unwrap_or_default()
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

//! The buttons of a call's card.

use super::act::{Act, always};
use super::button::{Button, Look};
use super::icons::Icon;
use super::possible;
use super::shapes::*;
use super::state::Ui;
use super::texts::Texts;
use crate::phone::api::Command;
use crate::phone::call::{Call, CallKey, Hold};

/// What is unfolded on a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfolded {
    /// The keys that send tones.
    Keypad,
    /// To whom the call is to be handed over.
    Transfer,
}

/// Of a call that rings: answer it, with or without pictures, or decline it.
pub fn ringing(ui: Ui, key: CallKey) -> AnyView {
    let t = &ui.texts().call;
    let answer = move |()| ui.ask_of_call(Command::Answer { call: Some(key), video: false });
    let show = move |()| ui.ask_of_call(Command::Answer { call: Some(key), video: true });
    let decline = move |()| ui.ask_of_call(Command::Reject(Some(key)));
    let offered = untrack(|| ui.call(key, |call| call.video.offered));
    let with_video = offered.then(|| {
        view! { <Act label=always(t.answer_video) picture=Icon::Camera look=Look::Call press=show /> }
            .into_any()
    });
    view! {
        <Act label=always(t.answer) picture=Icon::Phone look=Look::Call press=answer />
        {maybe(with_video)}
        <Act label=always(t.decline) picture=Icon::HangUp look=Look::End press=decline />
    }
    .into_any()
}

/// Of the call that goes on: all that can be done with a call.
pub fn going_on(ui: Ui, key: CallKey, unfolded: RwSignal<Option<Unfolded>>) -> AnyView {
    let texts = ui.texts();
    let t = &texts.call;
    let fact = move |read: fn(&Call) -> bool| Callback::new(move |()| ui.call(key, read));
    let reason = move |read: fn(&Call, &Texts) -> &'static str| {
        Callback::new(move |()| ui.call(key, |call| read(call, texts)))
    };
    let is_unfolded = move |part| Callback::new(move |()| unfolded.get() == Some(part));
    let unfold = move |part| {
        move |()| unfolded.update(|unfolded| *unfolded = Some(part).filter(|_| *unfolded != Some(part)))
    };
    let no_transfer = Callback::new(move |()| {
        let call = ui.call(key, |call| Some(call.clone()));
        call.map(|call| ui.view(|view| possible::no_transfer(view, &call, texts))).unwrap_or_default()
    });
    let hold_words = Callback::new(move |()| ui.call(key, |call| words_of_hold(call, texts)));
    let mute = move |()| switch_microphone(ui, key);
    let hold = move |()| switch_hold(ui, key);
    let camera = move |()| switch_camera(ui, key);
    let hang_up = move |()| ui.ask_of_call(Command::HangUp(Some(key)));
    view! {
        <Act label=always(t.mute) picture=Icon::Microphone pressed=fact(|call| call.muted) press=mute />
        <Act label=hold_words picture=Icon::Pause hindered=reason(possible::no_hold) press=hold />
        <Act
            label=always(t.keypad)
            picture=Icon::Keypad
            pressed=is_unfolded(Unfolded::Keypad)
            hindered=reason(possible::not_active)
            press=unfold(Unfolded::Keypad)
        />
        <Act
            label=always(t.transfer)
            picture=Icon::Transfer
            pressed=is_unfolded(Unfolded::Transfer)
            hindered=no_transfer
            press=unfold(Unfolded::Transfer)
        />
        <Act
            label=always(t.camera)
            picture=Icon::Camera
            pressed=fact(|call| call.video.sending)
            hindered=reason(possible::not_active)
            press=camera
        />
        <Act label=always(t.hang_up) picture=Icon::HangUp look=Look::End press=hang_up />
    }
    .into_any()
}

/// Of the other one of two calls: change over to it, join all, end it. In a conference it can only leave.
pub fn waiting(ui: Ui, key: CallKey) -> AnyView {
    let texts = ui.texts();
    let t = &texts.call;
    let parts = move || ui.call(key, |call| if call.in_conference { vec![2] } else { vec![0, 1, 2] });
    let hold_words = Callback::new(move |()| ui.call(key, |call| words_of_hold(call, texts)));
    let no_hold = Callback::new(move |()| ui.call(key, |call| possible::no_hold(call, texts)));
    let no_conference = Callback::new(move |()| ui.view(|view| possible::no_conference(view, texts)));
    let hold = move |()| switch_hold(ui, key);
    let join = move |()| ui.ask_of_call(Command::Conference);
    let hang_up = move |()| ui.ask_of_call(Command::HangUp(Some(key)));
    keyed(parts, move |part| {
        match part {
            0 => view! { <Act label=hold_words picture=Icon::Pause hindered=no_hold press=hold /> }.into_any(),
            1 => view! { <Act label=always(t.join) picture=Icon::Join look=Look::Main hindered=no_conference press=join /> }.into_any(),
            _ => view! { <Act label=always(t.hang_up) picture=Icon::HangUp look=Look::End press=hang_up /> }.into_any(),
        }
    })
}

/// Of a call that is over: call again, close the card.
pub fn over(ui: Ui, key: CallKey) -> AnyView {
    let texts = ui.texts();
    let number = untrack(|| ui.call(key, |call| call.again().to_owned()));
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

/// What the button does that holds and resumes: a conference as a whole.
fn words_of_hold(call: &Call, texts: &Texts) -> &'static str {
    let t = &texts.call;
    match (call.hold, call.in_conference) {
        (Hold::Active | Hold::Holding, false) => t.hold,
        (Hold::Held | Hold::Resuming, false) => t.resume,
        (Hold::Active | Hold::Holding, true) => t.hold_all,
        (Hold::Held | Hold::Resuming, true) => t.resume_all,
    }
}

/// Holds what is active, resumes what is on hold. Also asked for by a key.
pub fn switch_hold(ui: Ui, key: CallKey) {
    let is_active = |call: &Call| call.key == key && call.hold == Hold::Active;
    let on = ui.view_now(|view| view.calls.iter().any(is_active));
    ui.ask_of_call(Command::SetHold { call: key, on });
}

/// Mutes or unmutes: in a conference, for both.
pub fn switch_microphone(ui: Ui, key: CallKey) {
    let call = ui.view_now(|view| view.calls.iter().find(|call| call.key == key).cloned());
    if let Some(call) = call {
        let named = (!call.in_conference).then_some(key);
        ui.ask_of_call(Command::SetMicrophone { call: named, on: call.muted });
    }
}

/// Lets the other side see what the camera sees, or no longer.
pub fn switch_camera(ui: Ui, key: CallKey) {
    let on = !ui.view_now(|view| view.calls.iter().any(|call| call.key == key && call.video.sending));
    ui.ask_of_call(Command::SetCamera { call: Some(key), on });
}

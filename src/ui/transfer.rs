//! Handing a call over, on its card: to whom, then what is under way.

use stylers_macro::style_sheet;

use super::button::{Button, Look};
use super::call_acts::Unfolded;
use super::field::Field;
use super::possible;
use super::shapes::*;
use super::state::Ui;
use crate::phone::api::Command;
use crate::phone::call::{CallKey, TransferStep};

/// The id of the sentence that says why it was not begun.
const PROBLEM: &str = "transfer-problem";

/// The number, and the two ways: ask them first, or hand over at once.
#[component]
pub fn TransferForm(
    /// Which call.
    key: CallKey,
    /// Folds up when it is done.
    unfolded: RwSignal<Option<Unfolded>>,
) -> impl IntoView {
    let class = style_sheet!("./style/transfer.css");
    let ui = Ui::current();
    let texts = ui.texts();
    let t = &texts.call;
    let number = RwSignal::new(String::new());
    let problem = RwSignal::new(String::new());
    let ask = move |command| {
        let refused = ui.ask(command);
        let begun = refused.is_empty();
        problem.set(refused);
        if begun {
            unfolded.set(None);
        }
    };
    let consult = move || match ui.view_now(|view| possible::no_consultation(view, texts)) {
        "" => {
            let destination = number.get_untracked();
            ask(Command::AttendedTransfer { call: Some(key), destination });
        }
        reason => problem.set(reason.to_owned()),
    };
    let transfer = move |()| {
        let destination = number.get_untracked();
        ask(Command::DirectTransfer { call: Some(key), destination });
    };
    let submit = on(move |event| {
        event.prevent_default();
        consult();
    });
    let wrong = Callback::new(move |()| !problem.with(String::is_empty));
    view! { class = class,
        <form class="form" novalidate on:submit=submit>
            <Field label=t.transfer_to id="transfer-to" value=number explained_by=PROBLEM wrong=wrong />
            <div class="ways">
                <Button label=t.consult look=Look::Main submits=true />
                <Button label=t.transfer_now press=transfer />
            </div>
            <p class="problem" id=PROBLEM role="alert">{move || problem.get()}</p>
        </form>
    }
}

/// What is under way; on the call with the destination the ways to end it. Before there is one, on the call itself.
#[component]
pub fn TransferSteps(
    /// The call that is handed over, or the one with the destination.
    key: CallKey,
) -> impl IntoView {
    let class = style_sheet!("./style/transfer.css");
    let ui = Ui::current();
    let texts = ui.texts();
    let t = &texts.call;
    let consults = move || ui.call(key, |call| call.consults_for.is_some());
    let step = move || ui.call(key, |call| call.transfer.as_ref().map(|transfer| transfer.step));
    let sentence = move || {
        let under_way = ui.call(key, |call| call.transfer.as_ref().map(|transfer| texts.transfer(transfer)));
        under_way.unwrap_or_else(|| t.transfer_consultation.to_owned())
    };
    // The buttons are on one card only.
    let ways = move || {
        let is_met = ui.view(|view| view.calls.iter().any(|call| call.consults_for == Some(key)));
        let early = matches!(step(), Some(TransferStep::Holding | TransferStep::Consulting));
        match (consults(), early && !is_met) {
            (true, _) => vec![0, 1],
            (false, true) => vec![1],
            (false, false) => vec![],
        }
    };
    let complete = move |()| match ui.view_now(|view| possible::no_completion(view, key, texts)) {
        "" => ui.ask_of_call(Command::CompleteTransfer),
        reason => ui.call_problem.set(reason.to_owned()),
    };
    let cancel = move |()| ui.ask_of_call(Command::CancelTransfer);
    let way = move |way| match way {
        0 => view! { <Button label=t.complete_transfer look=Look::Main press=complete /> }.into_any(),
        _ => view! { <Button label=t.cancel_transfer press=cancel /> }.into_any(),
    };
    view! { class = class,
        <div class="steps">
            <p class="sentence">{sentence}</p>
            <div class="ways">{keyed(ways, way)}</div>
        </div>
    }
}

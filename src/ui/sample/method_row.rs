//! One method: its signature, its arguments, its buttons, its last result.

use leptos::children::ChildrenFn;
use stylers_macro::style_sheet;

use super::bench::{Answer, Bench};
use super::method_call::MethodCall;
use crate::ui::button::{Button, Look};
use crate::ui::shapes::*;
use crate::ui::state::Ui;

/// What pressing a button asks: methods, one after the other.
#[derive(Debug)]
pub struct Asked(Vec<MethodCall>);

impl From<MethodCall> for Asked {
    fn from(call: MethodCall) -> Self {
        Self(vec![call])
    }
}

impl From<Vec<MethodCall>> for Asked {
    fn from(calls: Vec<MethodCall>) -> Self {
        Self(calls)
    }
}

/// A button of a row.
#[derive(Clone, Copy)]
pub struct Action {
    label: &'static str,
    look: Look,
    /// Asked anew at each press, of what the fields hold then.
    ask: Callback<(), Asked>,
    /// The events and messages that tell what came of it.
    awaits: &'static [&'static str],
}

impl Action {
    /// One of several things.
    pub fn plain<A: Into<Asked>>(label: &'static str, ask: impl Fn() -> A + Send + Sync + 'static) -> Self {
        let ask = Callback::new(move |()| ask().into());
        Self { label, look: Look::Plain, ask, awaits: &[] }
    }

    /// The main thing.
    pub fn main<A: Into<Asked>>(label: &'static str, ask: impl Fn() -> A + Send + Sync + 'static) -> Self {
        Self { look: Look::Main, ..Self::plain(label, ask) }
    }

    /// Shows also the first of these events or messages that follows.
    pub fn until(self, awaits: &'static [&'static str]) -> Self {
        Self { awaits, ..self }
    }
}

/// Does what its buttons say, and shows in words what came of it and how long that took.
#[component]
pub fn MethodRow(
    /// The method's name and arguments, as a page would write them.
    signature: &'static str,
    /// Its buttons.
    actions: Vec<Action>,
    /// The fields of its arguments.
    #[prop(optional)]
    children: Option<ChildrenFn>,
) -> impl IntoView {
    let class = style_sheet!("./style/method_row.css");
    let ui = Ui::current();
    let bench = Bench::current();
    let t = ui.sample_texts();
    let accepted = RwSignal::new(true);
    let words = RwSignal::new(String::new());
    // What came of it later.
    let answer = RwSignal::new(String::new());
    let result = move || match (words.get(), answer.get()) {
        (words, answer) if answer.is_empty() => words,
        (words, answer) => format!("{words} · {answer}"),
    };
    let run = move |action: Action| {
        answer.set(String::new());
        for call in action.ask.run(()).0 {
            let begun = ui.moment();
            // Before it is asked: some answers come at once.
            bench.wait(action.awaits, begun, answer);
            let Answer { accepted: is_accepted, words: mut said, promise } = bench.ask(&call);
            said.push_str(" · ");
            said.push_str(&(t.took)(ui.moment().saturating_since(begun)));
            accepted.set(is_accepted);
            words.set(said);
            if let Some(promise) = promise {
                bench.follow_up(promise, begun, answer);
            }
            if !is_accepted {
                bench.forget(answer);
                break;
            }
        }
    };
    // Enter in a field does what the first button does.
    let first = actions.first().copied();
    let submit = on(move |event| {
        event.prevent_default();
        if let Some(first) = first {
            run(first);
        }
    });
    let buttons = actions.into_iter().enumerate().map(|(index, action)| {
        let Action { label, look, .. } = action;
        if index == 0 {
            view! { <Button label=label look=look submits=true /> }.into_any()
        } else {
            view! { <Button label=label look=look press=move |()| run(action) /> }.into_any()
        }
    });
    // A row that goes with a change of language waits no more.
    on_cleanup(move || bench.forget(answer));
    view! { class = class,
        <form class="row" novalidate on:submit=submit>
            <code class="signature">{signature}</code>
            {maybe(children.map(|children| {
                view! { class = class, <div class="fields">{children()}</div> }.into_any()
            }))}
            <div class="buttons">{several(buttons)}</div>
            <output class="result" data-accepted=move || accepted.get().to_string()>{move || result()}</output>
        </form>
    }
}
